// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <string_view>

namespace kb {

/// What a pasted value looks like; a suggestion, never a verdict. All of it is decided offline by shape.
struct TokenKind {
    QString
        id; ///< "jwt", "jwe", "github-pat", "stripe-secret", "basic-credentials", "private-key", "opaque" …
    QString label; ///< for people
    QString note;  ///< what to know about it; may be empty
    bool isJwt = false;
    bool looksLive = false;  ///< a live secret by its prefix, e.g. sk_live_
    bool notASecret = false; ///< a publishable key, an account id
    QString suggestedHeader; ///< where it normally goes if not Authorization: Bearer
};
TokenKind detectTokenKind(std::string_view value);

/// What pasting changed: the scheme word, quotes and white space around the value are taken off.
struct CleanedToken {
    std::string_view value; ///< a part of the input
    QString removedScheme;  ///< "Bearer", "Basic", "Token" … or empty
    bool removedQuotes = false;
    bool removedSpace = false;
};
CleanedToken cleanPastedToken(std::string_view pasted);

/// The first characters and the last, the middle as dots: "eyJh••••f3Qw"; all dots when shorter than 16
/// bytes.
QString maskedToken(std::string_view value);

/// Characters a bearer token may not have (RFC 6750 §2.1 b64token): a sentence that names the first, or
/// empty.
QString bearerTokenProblem(std::string_view value);

} // namespace kb
