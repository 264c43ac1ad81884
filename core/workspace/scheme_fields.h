// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/auth_schemes.h"

#include <array>
#include <optional>

namespace kb {

/// The names that a choice has in files and on the command line, in the order of its enumeration.
inline constexpr std::array apiKeyPlaceNames = {"header", "query", "cookie"};
inline constexpr std::array clientAuthNames = {
    "none", "basic", "post", "private_key_jwt", "client_secret_jwt", "mtls"};
inline constexpr std::array grantNames = {"authorization_code", "client_credentials", "device_code",
                                          "token_exchange",     "jwt_bearer",         "password"};
inline constexpr std::array answerPlaceNames = {"pointer", "header", "cookie"};
inline constexpr std::array expiryFormNames = {"seconds", "unix", "iso"};
inline constexpr std::array sendPlaceNames = {"bearer", "header", "cookie"};

/// Calls `fields` for each member of a scheme with its name, so that the files, the command line and the
/// tests share one list. `Fields` has text, list, flag, number and choice; each gets name, member and default
/// value (choice: the names instead). The always… ones are written though they are the default.
template<class Fields> void visitFields(Fields& f, BearerScheme& s) {
    f.text("prefix", s.prefix, BearerScheme().prefix);
}
template<class Fields> void visitFields(Fields& f, ApiKeyScheme& s) {
    f.alwaysChoice("in", s.in, apiKeyPlaceNames);
    f.alwaysText("field", s.name, ApiKeyScheme().name);
}
template<class Fields> void visitFields(Fields& f, BasicScheme& s) {
    f.text("user", s.user, QString());
    f.flag("latin1", s.latin1, false);
}
template<class Fields> void visitFields(Fields& f, DigestScheme& s) {
    f.text("user", s.user, QString());
}
template<class Fields> void visitFields(Fields& f, TemplateScheme& s) {
    f.alwaysText("header", s.header, TemplateScheme().header);
    f.alwaysText("format", s.format, TemplateScheme().format);
}
template<class Fields> void visitFields(Fields& f, SigV4Scheme& s) {
    const SigV4Scheme d;
    f.text("accessKeyId", s.accessKeyId, QString());
    f.text("region", s.region, QString());
    f.text("service", s.service, QString());
    f.flag("presign", s.presign, d.presign);
    f.number("expiresIn", s.expiresS, d.expiresS);
    f.flag("unsignedPayload", s.unsignedPayload, d.unsignedPayload);
}
template<class Fields> void visitFields(Fields& f, HttpSignatureScheme& s) {
    const HttpSignatureScheme d;
    f.text("keyId", s.keyId, QString());
    f.text("algorithm", s.algorithm, d.algorithm);
    f.text("label", s.label, d.label);
    f.list("components", s.components, d.components);
    f.number("expiresIn", s.expiresS, d.expiresS);
    f.flag("nonce", s.nonce, d.nonce);
    f.text("tag", s.tag, QString());
}
template<class Fields> void visitFields(Fields& f, JwtScheme& s) {
    const JwtScheme d;
    f.text("algorithm", s.algorithm, d.algorithm);
    f.text("keyId", s.keyId, QString());
    f.text("type", s.type, d.type);
    f.text("claims", s.claims, d.claims);
    f.number("lifetime", s.lifetimeS, d.lifetimeS);
    f.text("prefix", s.prefix, d.prefix);
}
template<class Fields> void visitFields(Fields& f, NtlmScheme& s) {
    f.text("user", s.user, QString());
}
template<class Fields> void visitFields(Fields&, ClientCertificateScheme&) {}
template<class Fields> void visitFields(Fields& f, OAuthScheme& s) {
    const OAuthScheme d;
    f.alwaysChoice("grant", s.grant, grantNames);
    f.alwaysChoice("clientAuth", s.clientAuth, clientAuthNames);
    f.text("issuer", s.issuer, QString());
    f.text("authorizationUrl", s.authorizationUrl, QString());
    f.text("tokenUrl", s.tokenUrl, QString());
    f.text("deviceUrl", s.deviceUrl, QString());
    f.text("revocationUrl", s.revocationUrl, QString());
    f.text("introspectionUrl", s.introspectionUrl, QString());
    f.text("userinfoUrl", s.userinfoUrl, QString());
    f.text("parUrl", s.parUrl, QString());
    f.text("clientId", s.clientId, QString());
    f.list("scopes", s.scopes, QStringList());
    f.list("resources", s.resources, QStringList());
    f.text("audience", s.audience, QString());
    f.text("user", s.user, QString());
    f.text("redirectPath", s.redirectPath, d.redirectPath);
    f.text("assertionAlgorithm", s.assertionAlgorithm, d.assertionAlgorithm);
    f.text("assertionKeyId", s.assertionKeyId, QString());
    f.flag("assertionToTokenUrl", s.assertionToTokenUrl, d.assertionToTokenUrl);
    f.flag("dpop", s.dpop, d.dpop);
    f.flag("par", s.usePar, d.usePar);
    f.flag("refreshAhead", s.refreshAhead, d.refreshAhead);
    f.flag("refreshOn401", s.refreshOn401, d.refreshOn401);
    f.number("refreshLeeway", s.refreshLeewayS, d.refreshLeewayS);
}
template<class Fields> void visitFields(Fields& f, LoginScheme& s) {
    const LoginScheme d;
    f.text("loginUrl", s.loginUrl, QString());
    f.text("user", s.user, QString());
    f.text("method", s.method, d.method);
    f.text("contentType", s.contentType, d.contentType);
    f.text("body", s.body, d.body);
    f.list("headers", s.headers, QStringList());
    f.alwaysChoice("tokenFrom", s.tokenFrom, answerPlaceNames);
    f.alwaysText("tokenName", s.tokenName, d.tokenName);
    f.alwaysChoice("sendAs", s.sendAs, sendPlaceNames);
    f.text("sendName", s.sendName, QString());
    f.text("prefix", s.prefix, d.prefix);
    f.alwaysChoice("expiryFrom", s.expiryFrom, answerPlaceNames);
    f.text("expiryName", s.expiryName, QString());
    f.alwaysChoice("expiryForm", s.expiryForm, expiryFormNames);
    f.number("lifetime", s.lifetimeS, d.lifetimeS);
    f.alwaysChoice("refreshFrom", s.refreshFrom, answerPlaceNames);
    f.text("refreshName", s.refreshName, QString());
    f.text("refreshUrl", s.refreshUrl, QString());
    f.text("refreshMethod", s.refreshMethod, d.refreshMethod);
    f.text("refreshBody", s.refreshBody, d.refreshBody);
    f.alwaysChoice("csrfFrom", s.csrfFrom, answerPlaceNames);
    f.text("csrfName", s.csrfName, QString());
    f.text("csrfHeader", s.csrfHeader, d.csrfHeader);
    f.flag("refreshAhead", s.refreshAhead, d.refreshAhead);
    f.flag("refreshOn401", s.refreshOn401, d.refreshOn401);
    f.number("refreshLeeway", s.refreshLeewayS, d.refreshLeewayS);
}

/// A scheme of that name with its defaults; nullopt for an unknown name.
inline std::optional<AuthScheme> schemeNamed(const QString& name) {
    static const AuthScheme kinds[] = {BearerScheme{},           ApiKeyScheme{},   BasicScheme{},
                                       DigestScheme{},           TemplateScheme{}, SigV4Scheme{},
                                       HttpSignatureScheme{},    JwtScheme{},      NtlmScheme{},
                                       NtlmScheme{true, {}},     OAuthScheme{},    LoginScheme{},
                                       ClientCertificateScheme{}};
    for (const AuthScheme& kind : kinds)
        if (schemeName(kind) == name) return kind;
    return std::nullopt;
}

} // namespace kb
