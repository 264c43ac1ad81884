// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rotate_dialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

RotateDialog::RotateDialog(const QString& profileName, const QString& lastGoodGet, QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(tr("Rotate a token"));
    auto* what =
        new QLabel(tr("The token of %1 is revoked at its server and wiped here, and a new one takes "
                      "its place wherever the profile is used. Then the server is asked what it says "
                      "of the old one.")
                       .arg(profileName),
                   this);
    what->setWordWrap(true);
    what->setTextFormat(Qt::PlainText);
    m_try = new QCheckBox(tr("&Also send one GET with the old token, before and after"), this);
    m_address = new QLineEdit(lastGoodGet, this);
    m_address->setAccessibleName(tr("Address for the old token"));
    m_address->setPlaceholderText(tr("https://api.example.com/me"));
    m_address->setMinimumWidth(380);
    auto* note =
        new QLabel(tr("It should be refused afterwards. The address must be one that the profile may "
                      "go to."),
                   this);
    note->setWordWrap(true);
    note->setProperty("muted", true);
    m_holders = new QLabel(this);
    m_holders->setWordWrap(true);
    m_holders->setTextFormat(Qt::PlainText);
    m_holders->hide();
    m_replace = new QCheckBox(tr("&Replace it there too"), this);
    m_replace->setToolTip(tr("The new token comes in its place. A profile with tokens of its own is left "
                             "without, and needs a login: two may not use one refresh token."));
    m_replace->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton* rotate = buttons->addButton(tr("Rotate"), QDialogButtonBox::AcceptRole);
    rotate->setDefault(true);
    const auto refresh = [this, rotate] {
        m_address->setEnabled(m_try->isChecked());
        rotate->setEnabled(!m_try->isChecked() || !m_address->text().trimmed().isEmpty());
    };
    connect(m_try, &QCheckBox::toggled, this, refresh);
    connect(m_address, &QLineEdit::textChanged, this, refresh);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    for (QWidget* each :
         std::initializer_list<QWidget*>{what, m_try, m_address, note, m_holders, m_replace, buttons})
        layout->addWidget(each);
    refresh();
}

void RotateDialog::setHolders(const QStringList& titles) {
    m_holders->setText(tr("The same token is also kept in: %1.").arg(titles.join(QStringLiteral(", "))));
    m_holders->setVisible(!titles.isEmpty());
    m_replace->setVisible(!titles.isEmpty());
}

bool RotateDialog::replacesElsewhere() const {
    return !m_replace->isHidden() && m_replace->isChecked();
}

QString RotateDialog::tryOldAt() const {
    return m_try->isChecked() ? m_address->text().trimmed() : QString();
}

} // namespace kb
