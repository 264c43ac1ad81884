// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/certificate_row.h"

#include "ui/answer_format.h"
#include "ui/theme.h"

#include <QDateTime>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

namespace kb {

namespace {

constexpr qint64 largest = 1024 * 1024;

Result<Secret> bytesOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileError,
                    CertificateRow::tr("The file cannot be read: %1").arg(file.errorString()));
    if (file.size() > largest)
        return fail(ErrorCode::FileError, CertificateRow::tr("The file is too large for a certificate."));
    QByteArray bytes = file.readAll();
    return Secret::take(bytes);
}

} // namespace

CertificateRow::CertificateRow(QWidget* parent)
    : QWidget(parent),
      m_text(new QLabel(this)),
      m_choose(new QPushButton(tr("Choose file…"), this)),
      m_remove(new QPushButton(tr("Remove"), this)) {
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setAccessibleName(tr("Client certificate"));
    m_choose->setAccessibleName(tr("Choose the client certificate's file"));
    m_remove->setAccessibleName(tr("Remove the client certificate"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_text, 1);
    row->addWidget(m_choose);
    row->addWidget(m_remove);
    connect(m_choose, &QPushButton::clicked, this, &CertificateRow::choose);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        m_pem.wipe();
        m_pem = Secret();
        m_removed = !m_stored.isEmpty();
        show(m_removed ? tr("It is removed when you save.") : tr("None"), true);
        m_remove->setVisible(false);
        Q_EMIT changed();
    });
    setStored({}, {});
}

QString CertificateRow::text() const {
    return m_text->text();
}

void CertificateRow::show(const QString& text, bool good) {
    m_text->setText(text);
    QPalette colours = palette();
    if (!good) colours.setColor(QPalette::WindowText, theme().tone(Tone::Bad).text);
    m_text->setPalette(colours);
}

void CertificateRow::setStored(const QString& subject, const QString& expiry) {
    m_stored = subject;
    if (isChanged()) return;
    show(subject.isEmpty()  ? tr("None")
         : expiry.isEmpty() ? subject
                            : tr("%1, until %2").arg(subject, expiry),
         true);
    m_remove->setVisible(!subject.isEmpty());
}

void CertificateRow::choose() {
    auto* dialog = new QFileDialog(this, tr("Client certificate"), {},
                                   tr("Certificates (*.pem *.crt *.cer *.p12 *.pfx);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &CertificateRow::useFile);
    dialog->open();
}

void CertificateRow::useFile(const QString& path) {
    Result<Secret> file = bytesOf(path);
    if (!file) return show(file.error().text(), false);
    m_path = path;
    m_file = std::move(*file);
    m_key = Secret();
    read({});
}

void CertificateRow::read(const Secret& passphrase) {
    Result<ClientCertificate> certificate = readClientCertificate(m_file, m_key, passphrase);
    if (!certificate) {
        const Error& error = certificate.error();
        show(error.text(), false);
        if (error.code == ErrorCode::SecretMissing || !passphrase.isEmpty()) return askPassphrase(error.what);
        if (error.code == ErrorCode::NotFound && m_key.isEmpty()) askKeyFile();
        return;
    }
    m_pem = std::move(certificate->pem);
    m_file = Secret();
    m_key = Secret();
    m_removed = false;
    const QDateTime end = QDateTime::fromSecsSinceEpoch(certificate->facts.notAfter);
    const QString until = QLocale().toString(end.date(), QLocale::ShortFormat);
    const bool expired = end < QDateTime::currentDateTime();
    show(expired ? tr("%1, expired %2").arg(certificate->facts.subject, until)
                 : tr("%1, until %2").arg(certificate->facts.subject, until),
         !expired);
    m_remove->setVisible(true);
    Q_EMIT changed();
}

void CertificateRow::askPassphrase(const QString& why) {
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Client certificate"));
    dialog->setLabelText(why + u'\n' + tr("Passphrase of %1:").arg(QFileInfo(m_path).fileName()));
    dialog->setTextEchoMode(QLineEdit::Password);
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& typed) {
        QByteArray bytes = typed.toUtf8();
        const Secret passphrase = Secret::take(bytes);
        if (passphrase.isEmpty()) return;
        // Later: another question may follow, and this one is still being answered.
        auto held = std::make_shared<Secret>(passphrase.revealCopy());
        QMetaObject::invokeMethod(
            this, [this, held] { read(*held); }, Qt::QueuedConnection);
    });
    dialog->open();
}

void CertificateRow::askKeyFile() {
    auto* dialog = new QFileDialog(this, tr("Private key of the certificate"), QFileInfo(m_path).path(),
                                   tr("Keys (*.key *.pem);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        Result<Secret> key = bytesOf(path);
        if (!key) return show(key.error().text(), false);
        m_key = std::move(*key);
        QMetaObject::invokeMethod(
            this, [this] { read({}); }, Qt::QueuedConnection);
    });
    dialog->open();
}

} // namespace kb
