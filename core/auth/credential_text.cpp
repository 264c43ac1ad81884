// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/credential_text.h"
#include "core/auth/credentials_text.h"

#include "core/auth/base64url.h"

#include <algorithm>

namespace kb {

qsizetype firstControl(std::string_view text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    const auto found = std::find_if(text.begin(), text.end(), control);
    return found == text.end() ? -1 : found - text.begin();
}

Result<void> checkSecret(const Secret& secret) {
    if (secret.isEmpty()) {
        return fail(ErrorCode::InvalidInput, CredentialsText::tr("The profile's secret is empty."), {},
                    CredentialsText::tr("Enter the secret in the profile."));
    }
    const qsizetype at = firstControl(secret.reveal());
    if (at < 0) return {};
    return fail(ErrorCode::InvalidInput,
                CredentialsText::tr("The secret has %1 in it, which a request may not carry.")
                    .arg(characterName(secret.reveal()[std::size_t(at)])),
                CredentialsText::tr("character %1").arg(at + 1),
                CredentialsText::tr("Enter the secret again, without it."), at);
}

Secret composedPassword(const Secret& password) {
    QByteArray bytes(password.reveal().data(), qsizetype(password.size()));
    if (!QByteArrayView(bytes).isValidUtf8()) return Secret::take(bytes);
    QString text = QString::fromUtf8(bytes);
    QString normal = text.normalized(QString::NormalizationForm_C);
    wipeBytes(bytes);
    wipeText(text);
    return Secret::take(normal);
}

tl::unexpected<Error> credentialConflict(const QString& what, const QString& where) {
    return fail(ErrorCode::Conflict, what, where,
                CredentialsText::tr("Remove it from the request, or send without a profile."));
}

tl::unexpected<Error> fieldConflict(const QByteArray& name) {
    const QString shown = QString::fromLatin1(name);
    return credentialConflict(CredentialsText::tr("The request already has the field %1.").arg(shown), shown);
}

} // namespace kb
