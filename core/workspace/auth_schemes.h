// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/login_scheme.h"

#include <QString>
#include <QStringList>
#include <variant>

namespace kb {

/// Authorization: <prefix> <secret> (RFC 6750 §2.1).
struct BearerScheme {
    QString prefix = QStringLiteral("Bearer");
    bool operator==(const BearerScheme&) const = default;
};

/// A key in a header, a query field or a cookie (OpenAPI apiKey).
struct ApiKeyScheme {
    enum class In { Header, Query, Cookie };
    In in = In::Header;
    QString name = QStringLiteral("X-API-Key");
    bool operator==(const ApiKeyScheme&) const = default;
};

/// User name here, password in the keychain (RFC 7617).
struct BasicScheme {
    QString user;
    bool latin1 = false; ///< ISO-8859-1 instead of UTF-8, for servers older than RFC 7617's charset
    bool operator==(const BasicScheme&) const = default;
};

/// HTTP Digest (RFC 7616): the server's challenge decides algorithm and qop. The password is in the keychain.
struct DigestScheme {
    QString user;
    bool operator==(const DigestScheme&) const = default;
};

/// A header of the user's own making: "{{secret}}" in the template stands for the secret ("Token
/// {{secret}}").
struct TemplateScheme {
    QString header = QStringLiteral("Authorization");
    QString format = QStringLiteral("Token {{secret}}");
    bool operator==(const TemplateScheme&) const = default;
};

/// AWS Signature Version 4. The secret access key is in the keychain, and a session token beside it as the
/// part "session_token".
struct SigV4Scheme {
    QString accessKeyId;
    QString region;
    QString service;
    bool presign = false;         ///< in the query (X-Amz-Signature) instead of the Authorization field
    int expiresS = 900;           ///< of a presigned URL, 1 to 604800
    bool unsignedPayload = false; ///< UNSIGNED-PAYLOAD, where the service allows it
    bool operator==(const SigV4Scheme&) const = default;
};

/// HTTP Message Signatures (RFC 9421). The key is in the keychain: PEM, JWK, or raw bytes for hmac-sha256.
struct HttpSignatureScheme {
    QString keyId;
    QString algorithm = QStringLiteral("ed25519"); ///< a name of RFC 9421 §6.2.2
    QString label = QStringLiteral("sig1");
    /// Component identifiers in their order, as in Signature-Input: "@method", "@target-uri",
    /// "content-digest", "@query-param;name=\"id\"".
    QStringList components = {QStringLiteral("@method"), QStringLiteral("@target-uri"),
                              QStringLiteral("content-digest")};
    int expiresS = 0; ///< 0: no expires parameter
    bool nonce = false;
    QString tag;
    bool operator==(const HttpSignatureScheme&) const = default;
};

/// A JWT made and signed for each request. The key is in the keychain: PEM, JWK, or a secret for HS*.
struct JwtScheme {
    QString algorithm = QStringLiteral("HS256");
    QString keyId;
    QString type = QStringLiteral("JWT"); ///< typ
    QString claims =
        QStringLiteral("{}"); ///< JSON with {{variables}}; iat, exp and jti are added unless given
    int lifetimeS = 300;
    QString prefix = QStringLiteral("Bearer");
    bool operator==(const JwtScheme&) const = default;
};

/// NTLM or Negotiate through the transport's own implementation (RFC 4559). NTLM's password is in the
/// keychain; Negotiate takes the desktop's Kerberos ticket.
struct NtlmScheme {
    bool negotiate = false;
    QString user; ///< "DOMAIN\\user" or "user"
    bool operator==(const NtlmScheme&) const = default;
};

/// A client certificate and nothing else. Any other scheme may have one beside its own credential: it is a
/// part of the record in the keychain.
struct ClientCertificateScheme {
    bool operator==(const ClientCertificateScheme&) const = default;
};

/// How an OAuth client proves who it is at the token endpoint (RFC 6749 §2.3, RFC 7523 §2.2, RFC 8705).
enum class ClientAuth { None, Basic, Post, PrivateKeyJwt, ClientSecretJwt, Mtls };
/// How a token is obtained.
enum class OAuthGrant {
    AuthorizationCode,
    ClientCredentials,
    DeviceCode,
    TokenExchange,
    JwtBearer,
    Password
};

/// OAuth 2. What is here may be shared; client secret, tokens and keys are parts of the record in the
/// keychain, and so are the endpoints the user confirmed.
struct OAuthScheme {
    OAuthGrant grant = OAuthGrant::ClientCredentials;
    ClientAuth clientAuth = ClientAuth::Basic;
    QString issuer; ///< for discovery (RFC 8414); empty where the endpoints are given
    QString authorizationUrl;
    QString tokenUrl;
    QString deviceUrl;
    QString revocationUrl;
    QString introspectionUrl;
    QString userinfoUrl;
    QString parUrl;
    QString clientId;
    QStringList scopes;
    QStringList resources; ///< RFC 8707
    QString audience;      ///< as some servers want it beside RFC 8707
    QString user;          ///< of the password grant
    QString redirectPath = QStringLiteral("/callback");
    QString assertionAlgorithm = QStringLiteral("RS256"); ///< of private_key_jwt and the JWT bearer grant
    QString assertionKeyId;
    bool assertionToTokenUrl = false; ///< its aud is the token endpoint, and not the issuer as it should be
    bool dpop = false;                ///< RFC 9449
    bool usePar = false;              ///< RFC 9126
    bool refreshAhead = true;         ///< refresh by itself before expiry
    bool refreshOn401 = true;         ///< one refresh and one resend after invalid_token
    int refreshLeewayS = 60;
    bool operator==(const OAuthScheme&) const = default;
};

using AuthScheme = std::variant<BearerScheme, ApiKeyScheme, BasicScheme, DigestScheme, TemplateScheme,
                                SigV4Scheme, HttpSignatureScheme, JwtScheme, NtlmScheme, OAuthScheme,
                                LoginScheme, ClientCertificateScheme>;

/// The name the command line and the files use: "bearer", "api-key", "basic", "digest", "template", "sigv4",
/// "http-signature", "jwt", "ntlm", "negotiate", "oauth2", "login", "client-certificate".
QString schemeName(const AuthScheme& scheme);
/// Whether its token is obtained from a server and renewed: OAuth 2 and a login of the API's own.
bool isGrant(const AuthScheme& scheme);
/// Whether and when such a token is renewed by itself. Of other schemes: never.
struct RenewalWish {
    bool ahead = false;
    bool on401 = false;
    int leewayS = 0;
};
RenewalWish renewalWish(const AuthScheme& scheme);
/// Whether a new token needs nobody: client credentials, an exchange, an assertion, a stored password.
bool obtainsAlone(const AuthScheme& scheme);

} // namespace kb
