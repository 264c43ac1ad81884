// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scheme_form_texts.h"

#include "core/auth/typed_secret.h"

#include <QCoreApplication>
#include <QHash>

namespace kb::schemeform {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(SchemeForm)
};

} // namespace

QString label(const QByteArray& field) {
    // Made at each call: the language may have changed.
    const QHash<QByteArray, QString> labels = {
        {"user", Text::tr("User")},
        {"prefix", Text::tr("Scheme word")},
        {"header", Text::tr("Header")},
        {"format", Text::tr("Value")},
        {"accessKeyId", Text::tr("Access key id")},
        {"region", Text::tr("Region")},
        {"service", Text::tr("Service")},
        {"presign", Text::tr("Sign in the URL (presigned)")},
        {"expiresIn", Text::tr("Good for")},
        {"unsignedPayload", Text::tr("Leave the body out of the signature")},
        {"keyId", Text::tr("Key id")},
        {"algorithm", Text::tr("Algorithm")},
        {"label", Text::tr("Label")},
        {"components", Text::tr("Covered components")},
        {"nonce", Text::tr("Add a nonce")},
        {"tag", Text::tr("Tag")},
        {"type", Text::tr("typ")},
        {"claims", Text::tr("Claims (JSON)")},
        {"lifetime", Text::tr("Lives for")},
        {"grant", Text::tr("Grant")},
        {"clientAuth", Text::tr("Client proves itself")},
        {"issuer", Text::tr("Issuer")},
        {"authorizationUrl", Text::tr("Authorization endpoint")},
        {"tokenUrl", Text::tr("Token endpoint")},
        {"deviceUrl", Text::tr("Device endpoint")},
        {"revocationUrl", Text::tr("Revocation endpoint")},
        {"introspectionUrl", Text::tr("Introspection endpoint")},
        {"userinfoUrl", Text::tr("Userinfo endpoint")},
        {"parUrl", Text::tr("Pushed request endpoint")},
        {"clientId", Text::tr("Client id")},
        {"scopes", Text::tr("Scopes")},
        {"resources", Text::tr("Resources")},
        {"audience", Text::tr("Audience")},
        {"redirectPath", Text::tr("Redirect path")},
        {"assertionAlgorithm", Text::tr("Assertion algorithm")},
        {"assertionKeyId", Text::tr("Assertion key id")},
        {"dpop", Text::tr("Bind the token to a key (DPoP)")},
        {"par", Text::tr("Push the authorization request")},
        {"refreshAhead", Text::tr("Refresh before it expires")},
        {"refreshOn401", Text::tr("Refresh once when it is refused")},
        {"refreshLeeway", Text::tr("Refresh ahead by")},
        {"loginUrl", Text::tr("Login address")},
        {"method", Text::tr("Method")},
        {"contentType", Text::tr("Content type")},
        {"body", Text::tr("Body")},
        {"headers", Text::tr("Header lines")},
        {"tokenFrom", Text::tr("Token comes in")},
        {"tokenName", Text::tr("Token's place")},
        {"sendAs", Text::tr("Token goes in")},
        {"sendName", Text::tr("Sent under the name")},
        {"expiryFrom", Text::tr("Expiry comes in")},
        {"expiryName", Text::tr("Expiry's place")},
        {"expiryForm", Text::tr("Expiry is given as")},
        {"refreshFrom", Text::tr("Refresh token comes in")},
        {"refreshName", Text::tr("Refresh token's place")},
        {"refreshUrl", Text::tr("Refresh address")},
        {"refreshMethod", Text::tr("Refresh method")},
        {"refreshBody", Text::tr("Refresh body")},
        {"csrfFrom", Text::tr("CSRF token comes in")},
        {"csrfName", Text::tr("CSRF token's place")},
        {"csrfHeader", Text::tr("CSRF header")}};
    return labels.value(field, QString::fromLatin1(field));
}

QString example(const QByteArray& field) {
    if (field == "issuer") return QStringLiteral("https://id.example.com");
    if (field == "loginUrl") return QStringLiteral("https://api.example.com/login");
    if (field == "refreshUrl") return Text::tr("Empty: log in again");
    if (field == "tokenName") return QStringLiteral("/data/token");
    if (field == "expiryName") return QStringLiteral("/data/expires_in");
    if (field == "refreshName") return QStringLiteral("/data/refresh_token");
    if (field.endsWith("Url")) return Text::tr("From the issuer, or an address");
    if (field == "scopes") return QStringLiteral("openid users:read");
    if (field == "format") return QStringLiteral("Token {{secret}}");
    if (field == "region") return QStringLiteral("eu-central-1");
    if (field == "service") return QStringLiteral("execute-api");
    return {};
}

QString choice(const char* name) {
    const QHash<QByteArray, QString> texts = {
        {"authorization_code", Text::tr("Login in the browser (authorization code, PKCE)")},
        {"client_credentials", Text::tr("Client credentials")},
        {"device_code", Text::tr("Login on another device (device code)")},
        {"token_exchange", Text::tr("Token exchange")},
        {"jwt_bearer", Text::tr("JWT assertion")},
        {"password", Text::tr("Password (legacy, not recommended)")},
        {"none", Text::tr("Not at all: a public client")},
        {"basic", Text::tr("Secret in the Authorization header")},
        {"post", Text::tr("Secret in the form")},
        {"private_key_jwt", Text::tr("JWT signed with a private key")},
        {"client_secret_jwt", Text::tr("JWT signed with the secret")},
        {"mtls", Text::tr("Client certificate")},
        {"pointer", Text::tr("The body, at a JSON pointer")},
        {"header", Text::tr("A header")},
        {"cookie", Text::tr("A cookie")},
        {"bearer", Text::tr("The Authorization header")},
        {"seconds", Text::tr("Seconds from now")},
        {"unix", Text::tr("Unix time")},
        {"iso", Text::tr("Date and time (ISO 8601)")}};
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
        {QStringLiteral("client_secret"), Text::tr("Client secret")},
        {QStringLiteral("assertion_key"), Text::tr("Signing key, PEM or JWK")},
        {QStringLiteral("subject_token"), Text::tr("Token to exchange")},
        {QStringLiteral("password"), Text::tr("User's password")},
        {QStringLiteral("session_token"), Text::tr("session token, if any")}};
    QStringList words;
    if (std::holds_alternative<ClientCertificateScheme>(scheme)) return {}; // it has a row of its own
    for (const QString& part : typedSecretParts(scheme)) {
        if (!part.isEmpty()) {
            words << parts.value(part, part);
            continue;
        }
        if (std::holds_alternative<JwtScheme>(scheme) || std::holds_alternative<HttpSignatureScheme>(scheme))
            words << Text::tr("Signing key: PEM, JWK or a shared secret");
        else if (std::holds_alternative<SigV4Scheme>(scheme))
            words << Text::tr("Secret access key");
        else if (std::holds_alternative<TemplateScheme>(scheme))
            words << Text::tr("Secret");
        else
            words << Text::tr("Password");
    }
    if (words.size() < 2) return words.value(0);
    return Text::tr("A line each: %1").arg(words.join(QStringLiteral(", ")));
}

} // namespace kb::schemeform
