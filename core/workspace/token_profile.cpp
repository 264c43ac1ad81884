// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/token_profile.h"

#include <utility>

namespace kb {

const ProfileBinding* TokenProfile::bindingFor(const QString& environment) const {
    const ProfileBinding* forAll = nullptr;
    for (const ProfileBinding& binding : bindings) {
        if (binding.environment.isEmpty()) {
            if (!forAll) forAll = &binding;
        } else if (binding.environment == environment) {
            return &binding;
        }
    }
    return forAll;
}

ProfileBinding* TokenProfile::bindingFor(const QString& environment) {
    const ProfileBinding* found = std::as_const(*this).bindingFor(environment);
    if (!found) return nullptr;
    const qsizetype index = found - bindings.constData();
    return &bindings[index]; // detaches a shared list, so the pointer above may not be used any more
}

QString schemeName(const AuthScheme& scheme) {
    struct Names {
        QString operator()(const BearerScheme&) const { return QStringLiteral("bearer"); }
        QString operator()(const ApiKeyScheme&) const { return QStringLiteral("api-key"); }
        QString operator()(const BasicScheme&) const { return QStringLiteral("basic"); }
        QString operator()(const DigestScheme&) const { return QStringLiteral("digest"); }
        QString operator()(const TemplateScheme&) const { return QStringLiteral("template"); }
        QString operator()(const SigV4Scheme&) const { return QStringLiteral("sigv4"); }
        QString operator()(const HttpSignatureScheme&) const { return QStringLiteral("http-signature"); }
        QString operator()(const JwtScheme&) const { return QStringLiteral("jwt"); }
        QString operator()(const NtlmScheme& ntlm) const {
            return ntlm.negotiate ? QStringLiteral("negotiate") : QStringLiteral("ntlm");
        }
        QString operator()(const OAuthScheme&) const { return QStringLiteral("oauth2"); }
    };
    return std::visit(Names{}, scheme);
}

} // namespace kb
