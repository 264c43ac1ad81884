// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/token_binding.h"

#include "core/auth/crypto.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct TokenBindingText {
    Q_DECLARE_TR_FUNCTIONS(TokenBinding)
};

} // namespace

TokenBinding tokenBinding(const JsonValue& claims) {
    const JsonValue* confirmation = claims.find(u"cnf");
    if (!confirmation || !confirmation->isObject()) return {};
    return {confirmation->text(u"x5t#S256"), confirmation->text(u"jkt")};
}

QByteArray certificateThumbprint(const QByteArray& der) {
    return toBase64Url(viewOf(hashOf(Hash::Sha256, viewOf(der))));
}

QStringList bindingFindings(const TokenBinding& binding, const QByteArray& ownCertificate,
                            const QByteArray& ownKey) {
    QStringList findings;
    const QString certificate = QString::fromLatin1(ownCertificate);
    const QString key = QString::fromLatin1(ownKey);
    if (!binding.certificateThumbprint.isEmpty()) {
        if (certificate.isEmpty())
            findings.append(TokenBindingText::tr(
                "The token is bound to a client certificate, and the profile has none."));
        else if (binding.certificateThumbprint == certificate)
            findings.append(TokenBindingText::tr("The token is bound to the profile's client certificate."));
        else
            findings.append(
                TokenBindingText::tr("The token is bound to another client certificate than the profile's."));
    } else if (!certificate.isEmpty()) {
        findings.append(TokenBindingText::tr("The token is not bound to the client certificate."));
    }
    if (!binding.keyThumbprint.isEmpty()) {
        if (key.isEmpty())
            findings.append(TokenBindingText::tr("The token is bound to a key, and the profile has none."));
        else if (binding.keyThumbprint == key)
            findings.append(TokenBindingText::tr("The token is bound to the profile's key."));
        else
            findings.append(TokenBindingText::tr("The token is bound to another key than the profile's."));
    } else if (!key.isEmpty()) {
        findings.append(
            TokenBindingText::tr("The token is not bound to the key: whoever has it can use it."));
    }
    return findings;
}

} // namespace kb
