// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/login_dialog.h"

#include "ui/theme.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

namespace {

constexpr int quietZone = 4; // modules of white around a QR code, as its standard asks
constexpr int modulePixels = 6;

} // namespace

LoginDialog::LoginDialog(const QString& text, const QString& url, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Log in"));
    setMinimumWidth(460);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    auto* words = new QLabel(text, this);
    words->setWordWrap(true);
    words->setTextFormat(Qt::PlainText);
    layout->addWidget(words);
    auto* row = new QHBoxLayout;
    auto* address = new QLineEdit(url, this);
    address->setReadOnly(true);
    address->setCursorPosition(0);
    address->setAccessibleName(tr("Address to log in at"));
    auto* copy = new QPushButton(tr("Copy address"), this);
    row->addWidget(address, 1);
    row->addWidget(copy);
    layout->addLayout(row);
    connect(copy, &QPushButton::clicked, this, [url] { QGuiApplication::clipboard()->setText(url); });
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Cancel)->setText(tr("Give up"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

LoginDialog* LoginDialog::forBrowser(const QString& url, bool opened, QWidget* parent) {
    return new LoginDialog(
        opened ? tr("Log in in the browser that has opened. This goes on by itself afterwards.")
               : tr("No browser could be started. Open this address in one on this machine."),
        url, parent);
}

LoginDialog* LoginDialog::forDevice(const QString& code, const QString& url, const QString& completeUrl,
                                    const QList<QByteArray>& qr, QWidget* parent) {
    auto* dialog = new LoginDialog(
        completeUrl.isEmpty()
            ? tr("Open this address on any device and enter the code.")
            : tr("Open this address on any device, or scan it. Go on only if the page shows the same code."),
        url, parent);
    dialog->addCode(code);
    dialog->addQr(qr);
    return dialog;
}

void LoginDialog::addCode(const QString& code) {
    auto* label = new QLabel(code, this);
    QFont big = theme().monospace();
    big.setPointSizeF(big.pointSizeF() * 2);
    label->setFont(big);
    label->setAlignment(Qt::AlignCenter);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(tr("Code: %1").arg(code));
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, label);
}

void LoginDialog::addQr(const QList<QByteArray>& qr) {
    if (qr.isEmpty()) return;
    const int side = static_cast<int>(qr.size()) + 2 * quietZone;
    QImage image(side, side, QImage::Format_RGB32);
    image.fill(Qt::white); // dark on light in a dark window too: scanners want it so
    for (int y = 0; y < qr.size(); ++y)
        for (int x = 0; x < qr[y].size(); ++x)
            if (qr[y][x]) image.setPixel(x + quietZone, y + quietZone, qRgb(0, 0, 0));
    auto* label = new QLabel(this);
    label->setPixmap(QPixmap::fromImage(image.scaled(side * modulePixels, side * modulePixels)));
    label->setAlignment(Qt::AlignCenter);
    label->setAccessibleName(tr("QR code of the address"));
    static_cast<QVBoxLayout*>(layout())->insertWidget(2, label);
}

} // namespace kb
