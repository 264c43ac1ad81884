// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/certificate_option.h"
#include "app/cli/cli_text.h"

#include "app/cli/context.h"
#include "core/auth/client_certificate.h"

#include <QFile>

namespace kb::cli {

namespace {

Result<Secret> fileBytes(const std::string& name) {
    const QString path = QString::fromStdString(name);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileError, CliText::tr("The file cannot be read: %1").arg(file.errorString()),
                    path);
    if (file.size() > 1024 * 1024)
        return fail(ErrorCode::FileError, CliText::tr("The file is too large for a certificate."), path);
    QByteArray bytes = file.readAll();
    return Secret::take(bytes);
}

} // namespace

Result<void> putCertificate(SecretRecord& record, const CertificateOption& option, bool inputIsTaken) {
    if (option.remove) record.parts.erase(clientCertificatePart());
    if (option.file.empty()) return {};
    const Result<Secret> file = fileBytes(option.file);
    if (!file) return tl::unexpected(file.error());
    Result<Secret> key = option.keyFile.empty() ? Result<Secret>(Secret()) : fileBytes(option.keyFile);
    if (!key) return tl::unexpected(key.error());
    Result<ClientCertificate> certificate = readClientCertificate(*file, *key, {});
    if (!certificate && certificate.error().code == ErrorCode::SecretMissing) {
        if (inputIsTaken)
            return fail(
                ErrorCode::SecretMissing, certificate.error().what, QStringLiteral("--client-cert"),
                CliText::tr(
                    "Give the certificate in a step of its own: profile set NAME --client-cert FILE."));
        const Result<Secret> passphrase = readSecretFromInput(CliText::tr("Passphrase of the certificate"));
        if (!passphrase) return tl::unexpected(passphrase.error());
        certificate = readClientCertificate(*file, *key, *passphrase);
    }
    if (!certificate) {
        Error error = certificate.error();
        if (error.where.isEmpty()) error.where = QString::fromStdString(option.file);
        return tl::unexpected(error);
    }
    record.parts.insert_or_assign(clientCertificatePart(), std::move(certificate->pem));
    return {};
}

} // namespace kb::cli
