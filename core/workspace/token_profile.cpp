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
        QString operator()(const LoginScheme&) const { return QStringLiteral("login"); }
        QString operator()(const ClientCertificateScheme&) const {
            return QStringLiteral("client-certificate");
        }
    };
    return std::visit(Names{}, scheme);
}

bool isGrant(const AuthScheme& scheme) {
    return std::holds_alternative<OAuthScheme>(scheme) || std::holds_alternative<LoginScheme>(scheme);
}

RenewalWish renewalWish(const AuthScheme& scheme) {
    if (const auto* oauth = std::get_if<OAuthScheme>(&scheme))
        return {oauth->refreshAhead, oauth->refreshOn401, oauth->refreshLeewayS};
    if (const auto* login = std::get_if<LoginScheme>(&scheme))
        return {login->refreshAhead, login->refreshOn401, login->refreshLeewayS};
    return {};
}

bool obtainsAlone(const AuthScheme& scheme) {
    const auto* oauth = std::get_if<OAuthScheme>(&scheme);
    if (!oauth) return std::holds_alternative<LoginScheme>(scheme);
    return oauth->grant != OAuthGrant::AuthorizationCode && oauth->grant != OAuthGrant::DeviceCode;
}

} // namespace kb
