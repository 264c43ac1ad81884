// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_answer.h"

#include "core/auth/wipe_json.h"
#include "core/http/body_view.h"
#include "core/http/rate_limit.h"

#include <QCoreApplication>
#include <cmath>

namespace kb {

namespace {

struct OAuthAnswerText {
    Q_DECLARE_TR_FUNCTIONS(OAuthAnswer)
};

constexpr qsizetype longestServerText = 500;

QString statusText(const Response& response) {
    const QString name = statusMeaning(response.status).name;
    return name.isEmpty() ? QString::number(response.status)
                          : QStringLiteral("%1 %2").arg(response.status).arg(name);
}

bool isRedirect(int status) {
    return status >= 300 && status < 400;
}

bool mayWorkLater(int status) {
    return status >= 500 || status == 408 || status == 429;
}

/// Why the body is no JSON object, judged by what it looks like.
Error notJson(const Response& response, const QString& where) {
    Error error{ErrorCode::ParseError, {}, where, {}};
    const QString status = statusText(response);
    error.next = OAuthAnswerText::tr("Check the address; the raw answer shows what came.");
    switch (bodyKind(response.headers, response.body)) {
    case BodyKind::Html:
        error.what =
            OAuthAnswerText::tr("The server answered %1 with an HTML page instead of JSON.").arg(status);
        break;
    case BodyKind::Empty:
        error.what =
            OAuthAnswerText::tr("The server answered %1 with an empty body instead of JSON.").arg(status);
        break;
    default:
        error.what =
            OAuthAnswerText::tr("The server's answer (%1) is not the JSON object it should be.").arg(status);
    }
    return error;
}

OAuthFailure failureOf(OAuthFailure::Kind kind, const Response& response, Error error, qint64 nowMs) {
    OAuthFailure failure;
    failure.kind = kind;
    failure.status = response.status;
    failure.error = std::move(error);
    if (const auto limit = readRateLimit(response.headers, nowMs))
        failure.retryAfterS = limit->retryAfterSeconds;
    return failure;
}

QString meaningOf(const QString& code) {
    if (code == QStringLiteral("invalid_client"))
        return OAuthAnswerText::tr(
            "Check the client id, its secret or key, and the way the client authenticates.");
    if (code == QStringLiteral("invalid_grant"))
        return OAuthAnswerText::tr(
            "What was presented has expired, was revoked or was used before. Log in again.");
    if (code == QStringLiteral("invalid_scope"))
        return OAuthAnswerText::tr("Ask for scopes that the server knows and that this client may have.");
    if (code == QStringLiteral("invalid_target"))
        return OAuthAnswerText::tr("Check the resources and the audience that are asked for.");
    if (code == QStringLiteral("unauthorized_client") || code == QStringLiteral("unsupported_grant_type"))
        return OAuthAnswerText::tr("Choose a grant that the server allows for this client.");
    if (code == QStringLiteral("unsupported_token_type"))
        return OAuthAnswerText::tr("The server cannot do this with tokens of this kind.");
    if (code == QStringLiteral("use_dpop_nonce") || code == QStringLiteral("invalid_dpop_proof"))
        return OAuthAnswerText::tr("The server did not take the proof of possession.");
    return {};
}

OAuthFailure refusal(const Response& response, const JsonValue& object, const QString& where,
                     const FlowContext& context) {
    const bool later = mayWorkLater(response.status);
    OAuthFailure failure = failureOf(later ? OAuthFailure::Kind::ServerDown : OAuthFailure::Kind::Refused,
                                     response, Error{ErrorCode::ProtocolError, {}, where, {}}, context.nowMs);
    failure.code = serverText(object.text(u"error"), context.redactor);
    failure.description = serverText(object.text(u"error_description"), context.redactor);
    failure.uri = serverText(object.text(u"error_uri"), context.redactor);
    failure.error.what =
        failure.description.isEmpty()
            ? OAuthAnswerText::tr("The server refused: %1.").arg(failure.code)
            : OAuthAnswerText::tr("The server refused: %1 (%2).").arg(failure.code, failure.description);
    failure.error.next = later ? OAuthAnswerText::tr("Try again later.") : meaningOf(failure.code);
    return failure;
}

} // namespace

Result<JsonValue> readJsonAnswer(const Response& response, const QString& where) {
    if (response.body.size() > largestOAuthAnswer || response.bodyEnd == BodyEnd::LimitReached)
        return fail(ErrorCode::ParseError,
                    OAuthAnswerText::tr("The server's answer is too large to be what it should be."), where,
                    OAuthAnswerText::tr("Check the address."));
    Result<JsonValue> json = parseJson(bodyAsUtf8(response.headers, response.body));
    if (!json || !json->isObject()) {
        if (json) wipeJson(*json);
        // An object that was read whole is whole, also when the connection broke behind it.
        if (response.bodyEnd != BodyEnd::Complete)
            return fail(ErrorCode::ReceiveFailed, OAuthAnswerText::tr("The server's answer was cut off."),
                        where, OAuthAnswerText::tr("Try again."));
        return tl::unexpected<Error>(notJson(response, where));
    }
    if (json->hasDuplicateNames()) {
        wipeJson(*json);
        return fail(
            ErrorCode::ParseError,
            OAuthAnswerText::tr("The server's answer has a member twice, so that its meaning is not clear."),
            where, OAuthAnswerText::tr("Report it to those who run the server."));
    }
    return json;
}

OAuthResult<JsonValue> readOAuthAnswer(const Response& response, const QString& where,
                                       const FlowContext& context) {
    if (isRedirect(response.status)) {
        return tl::unexpected<OAuthFailure>(failureOf(
            OAuthFailure::Kind::Redirected, response,
            Error{ErrorCode::ProtocolError,
                  OAuthAnswerText::tr(
                      "The server wants to send the request on to another address (%1). It is not followed, "
                      "because it carries secrets.")
                      .arg(statusText(response)),
                  where, OAuthAnswerText::tr("Set the final address in the profile.")},
            context.nowMs));
    }
    Result<JsonValue> json = readJsonAnswer(response, where);
    if (json && !json->text(u"error").isEmpty()) {
        OAuthFailure failure = refusal(response, *json, where, context);
        wipeJson(*json);
        return passOn(failure);
    }
    if (response.status >= 200 && response.status < 300) {
        if (json) return std::move(*json);
        return tl::unexpected<OAuthFailure>(
            failureOf(OAuthFailure::Kind::Unreadable, response, json.error(), context.nowMs));
    }
    if (json) wipeJson(*json);
    if (mayWorkLater(response.status)) {
        return tl::unexpected<OAuthFailure>(failureOf(
            OAuthFailure::Kind::ServerDown, response,
            Error{ErrorCode::ProtocolError,
                  OAuthAnswerText::tr("The server cannot answer now (%1).").arg(statusText(response)), where,
                  OAuthAnswerText::tr("Try again later.")},
            context.nowMs));
    }
    const Error error =
        json ? Error{ErrorCode::ProtocolError,
                     OAuthAnswerText::tr("The server refused (%1) and gave no OAuth error code.")
                         .arg(statusText(response)),
                     where, OAuthAnswerText::tr("Check the address.")}
             : json.error();
    return tl::unexpected<OAuthFailure>(
        failureOf(OAuthFailure::Kind::Unreadable, response, error, context.nowMs));
}

tl::unexpected<OAuthFailure> unusable(const Response& response, const QString& what, const QString& where,
                                      const QString& next) {
    OAuthFailure failure;
    failure.kind = OAuthFailure::Kind::Unusable;
    failure.status = response.status;
    failure.error = Error{ErrorCode::ProtocolError, what, where, next};
    return tl::unexpected<OAuthFailure>(failure);
}

QString serverText(const QString& text, const Redactor& redactor) {
    QString plain = redactor.text(text);
    for (QChar& c : plain) {
        // Also what turns the reading direction: it could make one sentence look like another.
        if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format) c = u' ';
    }
    plain = plain.simplified();
    if (plain.size() > longestServerText) {
        plain.truncate(longestServerText);
        plain += QChar(0x2026);
    }
    return plain;
}

Secret takeSecretMember(JsonValue& object, QStringView name) {
    for (JsonValue::Member& member : object.members)
        if (member.first == name && member.second.isString()) return Secret::take(member.second.string);
    return {};
}

std::optional<qint64> secondsMember(const JsonValue& object, QStringView name, bool* asText) {
    const JsonValue* member = object.find(name);
    if (!member) return std::nullopt;
    double seconds = -1;
    if (member->isNumber()) {
        seconds = member->toDouble();
    } else if (member->isString()) {
        bool fine = false;
        seconds = member->string.toDouble(&fine);
        if (!fine) return std::nullopt;
        if (asText) *asText = true;
    }
    // The upper end keeps sums of milliseconds within 64 bits.
    if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e12) return std::nullopt;
    return qint64(seconds);
}

QStringList wordsMember(const JsonValue& object, QStringView name) {
    const JsonValue* member = object.find(name);
    if (!member) return {};
    if (member->isString()) return member->string.split(u' ', Qt::SkipEmptyParts);
    QStringList words;
    for (const JsonValue& item : member->items)
        if (item.isString()) words.append(item.string);
    return words;
}

} // namespace kb
