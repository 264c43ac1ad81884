// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scheme_form_texts.h"

#include "core/auth/typed_secret.h"

#include <QCoreApplication>
#include <QHash>

namespace kb::schemeform {

namespace {

struct SchemeFormText {
    Q_DECLARE_TR_FUNCTIONS(SchemeForm)
};

} // namespace

QString label(const QByteArray& field) {
    // Made at each call: the language may have changed.
    const QHash<QByteArray, QString> labels = {
        {"user", SchemeFormText::tr("User")},
        {"prefix", SchemeFormText::tr("Scheme word")},
        {"header", SchemeFormText::tr("Header")},
        {"format", SchemeFormText::tr("Value")},
        {"accessKeyId", SchemeFormText::tr("Access key id")},
        {"region", SchemeFormText::tr("Region")},
        {"service", SchemeFormText::tr("Service")},
        {"presign", SchemeFormText::tr("Sign in the URL (presigned)")},
        {"expiresIn", SchemeFormText::tr("Good for")},
        {"unsignedPayload", SchemeFormText::tr("Leave the body out of the signature")},
        {"keyId", SchemeFormText::tr("Key id")},
        {"algorithm", SchemeFormText::tr("Algorithm")},
        {"label", SchemeFormText::tr("Label")},
        {"components", SchemeFormText::tr("Covered components")},
        {"nonce", SchemeFormText::tr("Add a nonce")},
        {"tag", SchemeFormText::tr("Tag")},
        {"type", SchemeFormText::tr("typ")},
        {"claims", SchemeFormText::tr("Claims (JSON)")},
        {"lifetime", SchemeFormText::tr("Lives for")},
        {"grant", SchemeFormText::tr("Grant")},
        {"clientAuth", SchemeFormText::tr("Client proves itself")},
        {"issuer", SchemeFormText::tr("Issuer")},
        {"authorizationUrl", SchemeFormText::tr("Authorization endpoint")},
        {"tokenUrl", SchemeFormText::tr("Token endpoint")},
        {"deviceUrl", SchemeFormText::tr("Device endpoint")},
        {"revocationUrl", SchemeFormText::tr("Revocation endpoint")},
        {"introspectionUrl", SchemeFormText::tr("Introspection endpoint")},
        {"userinfoUrl", SchemeFormText::tr("Userinfo endpoint")},
        {"parUrl", SchemeFormText::tr("Pushed request endpoint")},
        {"clientId", SchemeFormText::tr("Client id")},
        {"scopes", SchemeFormText::tr("Scopes")},
        {"resources", SchemeFormText::tr("Resources")},
        {"audience", SchemeFormText::tr("Audience")},
        {"redirectPath", SchemeFormText::tr("Redirect path")},
        {"assertionAlgorithm", SchemeFormText::tr("Assertion algorithm")},
        {"assertionKeyId", SchemeFormText::tr("Assertion key id")},
        {"assertionToTokenUrl", SchemeFormText::tr("Address assertions to the token endpoint (legacy)")},
        {"dpop", SchemeFormText::tr("Bind the token to a key (DPoP)")},
        {"par", SchemeFormText::tr("Push the authorization request")},
        {"refreshAhead", SchemeFormText::tr("Refresh before it expires")},
        {"refreshOn401", SchemeFormText::tr("Refresh once when it is refused")},
        {"refreshLeeway", SchemeFormText::tr("Refresh ahead by")},
        {"loginUrl", SchemeFormText::tr("Login address")},
        {"method", SchemeFormText::tr("Method")},
        {"contentType", SchemeFormText::tr("Content type")},
        {"body", SchemeFormText::tr("Body")},
        {"headers", SchemeFormText::tr("Header lines")},
        {"tokenFrom", SchemeFormText::tr("Token comes in")},
        {"tokenName", SchemeFormText::tr("Token's place")},
        {"sendAs", SchemeFormText::tr("Token goes in")},
        {"sendName", SchemeFormText::tr("Sent under the name")},
        {"expiryFrom", SchemeFormText::tr("Expiry comes in")},
        {"expiryName", SchemeFormText::tr("Expiry's place")},
        {"expiryForm", SchemeFormText::tr("Expiry is given as")},
        {"refreshFrom", SchemeFormText::tr("Refresh token comes in")},
        {"refreshName", SchemeFormText::tr("Refresh token's place")},
        {"refreshUrl", SchemeFormText::tr("Refresh address")},
        {"refreshMethod", SchemeFormText::tr("Refresh method")},
        {"refreshBody", SchemeFormText::tr("Refresh body")},
        {"csrfFrom", SchemeFormText::tr("CSRF token comes in")},
        {"csrfName", SchemeFormText::tr("CSRF token's place")},
        {"csrfHeader", SchemeFormText::tr("CSRF header")}};
    return labels.value(field, QString::fromLatin1(field));
}

QString example(const QByteArray& field) {
    if (field == "issuer") return QStringLiteral("https://id.example.com");
    if (field == "loginUrl") return QStringLiteral("https://api.example.com/login");
    if (field == "refreshUrl") return SchemeFormText::tr("Empty: log in again");
    if (field == "tokenName") return QStringLiteral("/data/token");
    if (field == "expiryName") return QStringLiteral("/data/expires_in");
    if (field == "refreshName") return QStringLiteral("/data/refresh_token");
    if (field.endsWith("Url")) return SchemeFormText::tr("From the issuer, or an address");
    if (field == "scopes") return QStringLiteral("openid users:read");
    if (field == "format") return QStringLiteral("Token {{secret}}");
    if (field == "region") return QStringLiteral("eu-central-1");
    if (field == "service") return QStringLiteral("execute-api");
    return {};
}

QString choice(const char* name) {
    const QHash<QByteArray, QString> texts = {
        {"authorization_code", SchemeFormText::tr("Login in the browser (authorization code, PKCE)")},
        {"client_credentials", SchemeFormText::tr("Client credentials")},
        {"device_code", SchemeFormText::tr("Login on another device (device code)")},
        {"token_exchange", SchemeFormText::tr("Token exchange")},
        {"jwt_bearer", SchemeFormText::tr("JWT assertion")},
        {"password", SchemeFormText::tr("Password (legacy, not recommended)")},
        {"none", SchemeFormText::tr("Not at all: a public client")},
        {"basic", SchemeFormText::tr("Secret in the Authorization header")},
        {"post", SchemeFormText::tr("Secret in the form")},
        {"private_key_jwt", SchemeFormText::tr("JWT signed with a private key")},
        {"client_secret_jwt", SchemeFormText::tr("JWT signed with the secret")},
        {"mtls", SchemeFormText::tr("Client certificate")},
        {"pointer", SchemeFormText::tr("The body, at a JSON pointer")},
        {"header", SchemeFormText::tr("A header")},
        {"cookie", SchemeFormText::tr("A cookie")},
        {"bearer", SchemeFormText::tr("The Authorization header")},
        {"seconds", SchemeFormText::tr("Seconds from now")},
        {"unix", SchemeFormText::tr("Unix time")},
        {"iso", SchemeFormText::tr("Date and time (ISO 8601)")}};
    return texts.value(name, QLatin1String(name));
}

bool isRelevant(const QByteArray& field, const OAuthScheme& scheme, bool more) {
    const bool browser = scheme.grant == OAuthGrant::AuthorizationCode;
    const bool assertion = scheme.clientAuth == ClientAuth::PrivateKeyJwt ||
                           scheme.clientAuth == ClientAuth::ClientSecretJwt ||
                           scheme.grant == OAuthGrant::JwtBearer;
    if (field == "authorizationUrl") return browser;
    if (field == "redirectPath" || field == "par" || field == "parUrl") return browser && more;
    if (field == "deviceUrl") return scheme.grant == OAuthGrant::DeviceCode;
    if (field == "user") return scheme.grant == OAuthGrant::Password || scheme.grant == OAuthGrant::JwtBearer;
    if (field == "assertionAlgorithm" || field == "assertionKeyId") return assertion;
    if (field == "assertionToTokenUrl") return assertion && (more || scheme.assertionToTokenUrl);
    static const QList<QByteArray> first = {"grant",    "clientAuth", "issuer",
                                            "tokenUrl", "clientId",   "scopes"};
    return more || first.contains(field);
}

bool isRelevant(const QByteArray& field, const LoginScheme& scheme, bool more) {
    const bool bearer = scheme.sendAs == SendPlace::Bearer;
    if (field == "sendName") return !bearer;
    if (field == "prefix") return bearer && more;
    if (field == "expiryForm") return more && scheme.expiryFrom != AnswerPlace::Cookie;
    static const QList<QByteArray> first = {"loginUrl", "user", "body", "tokenFrom", "tokenName", "sendAs"};
    return more || first.contains(field);
}

QString secretHint(const AuthScheme& scheme) {
    const QHash<QString, QString> parts = {
        {QStringLiteral("client_secret"), SchemeFormText::tr("Client secret")},
        {QStringLiteral("assertion_key"), SchemeFormText::tr("Signing key, PEM or JWK")},
        {QStringLiteral("subject_token"), SchemeFormText::tr("Token to exchange")},
        {QStringLiteral("password"), SchemeFormText::tr("User's password")},
        {QStringLiteral("session_token"), SchemeFormText::tr("session token, if any")}};
    QStringList words;
    if (std::holds_alternative<ClientCertificateScheme>(scheme)) return {}; // it has a row of its own
    for (const QString& part : typedSecretParts(scheme)) {
        if (!part.isEmpty()) {
            words << parts.value(part, part);
            continue;
        }
        if (std::holds_alternative<JwtScheme>(scheme) || std::holds_alternative<HttpSignatureScheme>(scheme))
            words << SchemeFormText::tr("Signing key: PEM, JWK or a shared secret");
        else if (std::holds_alternative<SigV4Scheme>(scheme))
            words << SchemeFormText::tr("Secret access key");
        else if (std::holds_alternative<TemplateScheme>(scheme))
            words << SchemeFormText::tr("Secret");
        else
            words << SchemeFormText::tr("Password");
    }
    if (words.size() < 2) return words.value(0);
    return SchemeFormText::tr("A line each: %1").arg(words.join(QStringLiteral(", ")));
}

} // namespace kb::schemeform
