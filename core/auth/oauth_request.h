// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_client.h"

#include <variant>

namespace kb {

/// A grant's word in grant_type (RFC 6749 §4.1.3 and so on), in metadata and in registrations.
QString grantType(OAuthGrant grant);

/// The grants, each with what it presents (borrowed for the call).
struct CodeGrant { ///< RFC 6749 §4.1.3, RFC 7636 §4.5
    const Secret& code;
    const Secret& verifier;
    QString redirectUri; ///< exactly as in the authorization request
};
struct ClientCredentialsGrant {}; ///< RFC 6749 §4.4
struct RefreshGrant {             ///< RFC 6749 §6
    const Secret& refreshToken;
    QStringList granted; ///< what the grant has; asking for more is refused here
};
struct DeviceGrant { ///< RFC 8628 §3.4
    const Secret& deviceCode;
};
struct ExchangeGrant { ///< RFC 8693 §2.1; the token types are URIs
    const Secret& subjectToken;
    QString subjectTokenType = QStringLiteral("urn:ietf:params:oauth:token-type:access_token");
    const Secret* actorToken = nullptr;
    QString actorTokenType = {};
    QString requestedTokenType = {}; ///< empty: the server's choice
};
struct JwtBearerGrant { ///< RFC 7523 §2.1
    const Secret& assertion;
};
struct PasswordGrant { ///< RFC 6749 §4.3; legacy, RFC 9700 §2.4 forbids it
    QString user;
    const Secret& password;
};
using TokenGrant = std::variant<CodeGrant, ClientCredentialsGrant, RefreshGrant, DeviceGrant, ExchangeGrant,
                                JwtBearerGrant, PasswordGrant>;

/// What is asked for.
struct TokenWish {
    QStringList scopes;
    QStringList resources; ///< absolute URIs without fragment (RFC 8707 §2), each its own parameter
    QString audience;
};
Result<void> checkWish(const TokenWish& wish);

/// A token request (RFC 6749 §3.2): POST, a form, each parameter once.
Result<Request> tokenRequest(const HttpUrl& endpoint, const OAuthClient& client, const TokenGrant& grant,
                             const TokenWish& wish, const FlowContext& context);

enum class TokenHint { AccessToken, RefreshToken };
/// RFC 7009 §2.1.
Result<Request> revocationRequest(const HttpUrl& endpoint, const OAuthClient& client, const Secret& token,
                                  TokenHint hint, const FlowContext& context);
/// RFC 7662 §2.1. Refused when both issuers are known and differ: another server would only learn the token.
Result<Request> introspectionRequest(const HttpUrl& endpoint, const OAuthClient& client, const Secret& token,
                                     TokenHint hint, const QString& serverIssuer, const QString& tokenIssuer,
                                     const FlowContext& context);
/// RFC 8628 §3.1.
Result<Request> deviceAuthorizationRequest(const HttpUrl& endpoint, const OAuthClient& client,
                                           const TokenWish& wish, const FlowContext& context);
/// RFC 9126 §2.1: the parameters of an authorization request, none of them request_uri.
Result<Request> pushedAuthorizationRequest(const HttpUrl& endpoint, const OAuthClient& client,
                                           const QList<FormField>& parameters, const FlowContext& context);

} // namespace kb
