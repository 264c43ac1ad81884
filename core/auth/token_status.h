// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwt.h"
#include "core/auth/token_kind.h"

#include <optional>

namespace kb {

/// What is known of a token without showing it: kept in memory beside the profile, shown in lists and panels.
struct TokenFacts {
    TokenKind kind;
    QString masked;
    /// Of a bearer token, to tell one from another and nothing more: its kid, else the last four hexadecimal
    /// digits of its SHA-256.
    QString fingerprint;
    std::size_t size = 0;
    std::optional<DecodedJwt> jwt;
    QString unreadable;             ///< why a token that looks like a JWT could not be read; empty otherwise
    std::optional<double> issuedAt; ///< Unix seconds
    std::optional<double> notBefore;
    std::optional<double> expiresAt; ///< the JWT's exp, else the time the user set
    bool expirySetByUser = false;
    bool missing = false;        ///< an OAuth profile that has obtained no token yet
    bool madePerRequest = false; ///< a JWT is made for each request: what is kept is its key
    bool refreshable = false;    ///< a new token needs nobody
    QStringList grantedScopes;   ///< as the token endpoint said; a JWT says its own
    std::optional<double> refreshExpiresAt, clientSecretExpiresAt; ///< where the server told
    QString certificateSubject; ///< of the client certificate beside it; empty for none
    std::optional<double> certificateExpiresAt;
    /// To what a token that can be read is bound (cnf: RFC 8705 §3.1, RFC 9449 §6.1), a sentence each.
    QStringList binding;
    bool boundToOurs = false;  ///< to the certificate or the key that the profile has
    bool boundToOther = false; ///< to another than that
};
TokenFacts factsOf(std::string_view secret, bool bearer, std::optional<qint64> userExpiry);

enum class TokenState { Valid, DueSoon, Expired, NotYetValid, NoExpiryKnown, Unreadable, NoToken };

/// A token's state at a moment. Due soon: the last 20 % of its life; without a known start, the last 20 %
/// since `firstSeen`.
struct TokenStatus {
    TokenState state = TokenState::NoExpiryKnown;
    std::optional<double> secondsLeft;    ///< negative once expired
    std::optional<double> secondsToValid; ///< of NotYetValid
    double fractionLeft = 0;              ///< 0 to 1, for the bar; 0 when not known
};
TokenStatus statusAt(const TokenFacts& facts, double nowSeconds, double firstSeenSeconds);

/// "valid", "due-soon", "expired", "not-yet-valid", "no-expiry-known", "unreadable", "no-token".
QByteArray tokenStateName(TokenState state);
QString tokenStateText(TokenState state); ///< for people, translated
/// "12:41", "0:58", "3 h 05 min", "12 d"; "expired 3 d" for the past. The empty text when no expiry is known.
QString timeLeftText(const TokenStatus& status);

} // namespace kb
