// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_answer.h"
#include "core/auth/token_binding.h"

namespace kb {

/// What a token endpoint gave (RFC 6749 §5.1). Move-only, since it holds secrets.
struct TokenSet {
    Secret accessToken;
    Secret refreshToken; ///< empty if none came: an older one stays in use
    Secret idToken;
    QString tokenType;                      ///< "Bearer", "DPoP" or "N_A"
    QString issuedTokenType;                ///< of a token exchange (RFC 8693 §2.2.1)
    std::optional<qint64> lifetimeS;        ///< expires_in
    std::optional<qint64> refreshLifetimeS; ///< refresh_expires_in, which some servers add
    QStringList scopes;                     ///< as granted; as asked for if the server says nothing
    QStringList missingScopes;              ///< asked for and not granted
    qint64 issuedAtMs = 0;                  ///< trusted Unix time at which the answer was read
    QStringList findings;                   ///< a sentence each
};

/// What was asked for, to judge the answer by.
struct TokenExpectation {
    QStringList scopes;
    bool dpop = false;     ///< a proof was sent
    bool exchange = false; ///< token exchange: the token type may be N_A
};

/// Reads a token response. Names that differ from the standard's types are refused: a token that is not
/// understood may not be used (RFC 6749 §7.1). The redactor learns the tokens.
OAuthResult<TokenSet> readTokenResponse(const Response& response, const TokenExpectation& expected,
                                        const FlowContext& context);

/// RFC 8628 §3.2.
struct DeviceAuthorization {
    Secret deviceCode;
    QString userCode; ///< for the user to compare, also when a QR code is shown
    HttpUrl verificationUri;
    std::optional<HttpUrl> verificationUriComplete;
    qint64 lifetimeS = 0;
    qint64 intervalS = 5; ///< the standard's default
    QStringList findings;
};
OAuthResult<DeviceAuthorization> readDeviceAuthorization(const Response& response,
                                                         const FlowContext& context);

/// RFC 9126 §2.2.
struct PushedAuthorization {
    QString requestUri;
    qint64 lifetimeS = 0;
    QStringList findings = {};
};
/// Takes another success than 201 too, and says so: what was pushed is there all the same.
OAuthResult<PushedAuthorization> readPushedAuthorization(const Response& response,
                                                         const FlowContext& context);

/// RFC 7662 §2.2. Of an inactive token nothing else is kept.
struct Introspection {
    bool active = false;
    QStringList scopes;
    QString clientId, userName, tokenType, subject, issuer;
    QStringList audience;
    std::optional<qint64> expiresAt, issuedAt, notBefore; ///< Unix seconds
    TokenBinding binding;
    JsonValue all; ///< every member, in its order

    /// Whether the answer may still be relied on: at most a minute, never past the token's end (§4).
    bool isCurrent(qint64 readAtMs, qint64 nowMs) const;
};
OAuthResult<Introspection> readIntrospection(const Response& response, const FlowContext& context);

/// RFC 7009 §2.2: 200 also for a token the server does not know. A failure means that the token may still be
/// valid.
OAuthResult<void> readRevocation(const Response& response, const FlowContext& context);

} // namespace kb
