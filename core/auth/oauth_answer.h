// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/base/json.h"
#include "core/http/message.h"

#include <optional>

namespace kb {

/// Why an OAuth endpoint gave nothing to go on with.
struct OAuthFailure {
    enum class Kind {
        Refused,    ///< the server said so with an error code (RFC 6749 §5.2)
        ServerDown, ///< 5xx, 408 or 429: it may work later, nothing is lost
        Redirected, ///< an endpoint that takes secrets is not followed elsewhere
        Unreadable, ///< not the JSON the standard asks for
        Unusable    ///< read, but it may not be used, such as a token of an unknown type
    };
    Kind kind = Kind::Unreadable;
    QString code;        ///< the server's `error`; plain text
    QString description; ///< the server's `error_description`; plain text, never markup
    QString uri;         ///< the server's `error_uri`; plain text
    int status = 0;
    std::optional<qint64> retryAfterS;
    Error error; ///< the same for people
};
template<class T> using OAuthResult = tl::expected<T, OAuthFailure>;

inline tl::unexpected<OAuthFailure> passOn(const OAuthFailure& failure) {
    return tl::unexpected<OAuthFailure>(failure);
}

/// The largest answer an OAuth endpoint may give, in bytes.
constexpr qsizetype largestOAuthAnswer = 1024 * 1024;

/// Reads an answer that must be a JSON object: tolerates a wrong content type, refuses repeated member names.
/// `where` names the endpoint. The sentence for people tells an HTML page, an empty answer, one that was cut
/// off and one that is too large apart.
Result<JsonValue> readJsonAnswer(const Response& response, const QString& where);

/// The JSON object of an endpoint's answer, or its failure: redirects, OAuth errors (also under status 200,
/// as some servers send them), 5xx, anything that is no such object. What the server says is cut to a length
/// for people, freed of control characters and redacted.
OAuthResult<JsonValue> readOAuthAnswer(const Response& response, const QString& where,
                                       const FlowContext& context);

/// A failure of our own making about an answer that was read.
tl::unexpected<OAuthFailure> unusable(const Response& response, const QString& what, const QString& where,
                                      const QString& next = {});

/// Text of a server for people: at most 500 characters, control characters as spaces, secrets masked.
QString serverText(const QString& text, const Redactor& redactor);
/// Takes a string member out as a secret and leaves an empty one behind; empty if there is none.
Secret takeSecretMember(JsonValue& object, QStringView name);
/// A whole number of seconds from a number or, as some servers send it, a text of digits. `asText` tells of
/// the latter. Nothing for anything else, and for negative numbers.
std::optional<qint64> secondsMember(const JsonValue& object, QStringView name, bool* asText = nullptr);
/// The strings of an array, or of a text with spaces in between.
QStringList wordsMember(const JsonValue& object, QStringView name);

} // namespace kb
