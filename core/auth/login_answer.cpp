// SPDX-License-Identifier: GPL-3.0-or-later
// What the answer to a login request holds.
#include "core/auth/crypto.h"
#include "core/auth/login_request.h"
#include "core/auth/wipe_json.h"
#include "core/base/json_pointer.h"
#include "core/http/body_view.h"
#include "core/http/rate_limit.h"

#include <QCoreApplication>
#include <QDateTime>
#include <cmath>

namespace kb {

namespace {

struct LoginAnswerText {
    Q_DECLARE_TR_FUNCTIONS(LoginAnswer)
};

constexpr qsizetype namesShown = 12;
/// Unix times from here on are milliseconds: as seconds they would lie beyond the year 5000.
constexpr double firstMilliseconds = 1e11;

struct Cookie {
    QByteArray name;
    QByteArray value;
    std::optional<qint64> lifetimeS;
};

/// One Set-Cookie field (RFC 6265 §5.2). Max-Age goes before Expires (§5.3).
std::optional<Cookie> readCookie(const QByteArray& field, qint64 nowMs) {
    const QList<QByteArray> parts = field.split(';');
    const qsizetype equals = parts[0].indexOf('=');
    if (equals < 1) return std::nullopt;
    Cookie cookie{parts[0].left(equals).trimmed(), parts[0].mid(equals + 1).trimmed(), {}};
    std::optional<qint64> maxAge;
    for (const QByteArray& part : parts.mid(1)) {
        const qsizetype at = part.indexOf('=');
        const QByteArray name = part.left(at).trimmed().toLower();
        const QByteArray value = at < 0 ? QByteArray() : part.mid(at + 1).trimmed();
        bool number = false;
        if (name == "max-age") {
            const qint64 seconds = value.toLongLong(&number);
            if (number) maxAge = std::clamp<qint64>(seconds, 0, 1'000'000'000'000);
        } else if (name == "expires") {
            if (const auto ms = parseHttpDate(value, nowMs))
                cookie.lifetimeS = std::max<qint64>(0, (*ms - nowMs) / 1000);
        }
    }
    if (maxAge) cookie.lifetimeS = maxAge;
    return cookie;
}

/// The values of an answer, by their places. Wiped when it goes.
class Answer {
public:
    Answer(const Response& response, qint64 nowMs) : m_response(response) {
        for (const QByteArray& field : response.headers.all("Set-Cookie")) {
            const std::optional<Cookie> cookie = readCookie(field, nowMs);
            if (!cookie) continue;
            // The last of a name is the one that a browser keeps.
            m_cookies.removeIf([&cookie](const Cookie& each) { return each.name == cookie->name; });
            m_cookies.append(*cookie);
        }
        if (response.body.size() > largestOAuthAnswer) return;
        Result<JsonValue> json = parseJson(bodyAsUtf8(response.headers, response.body));
        if (json) m_json = std::move(*json);
    }
    ~Answer() {
        if (m_json) wipeJson(*m_json);
    }
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;

    const JsonValue* at(const QString& pointer) const {
        return m_json ? jsonAt(*m_json, pointer).value : nullptr;
    }
    const Cookie* cookie(const QString& name) const {
        for (const Cookie& each : m_cookies)
            if (each.name == name.toUtf8()) return &each;
        return nullptr;
    }
    /// A text or a number as a secret; empty where there is none, and for anything else.
    Secret secret(AnswerPlace place, const QString& name) const {
        switch (place) {
        case AnswerPlace::Pointer: {
            const JsonValue* value = at(name);
            if (value && value->isNumber()) return Secret(viewOf(value->numberText));
            QByteArray bytes = value && value->isString() ? value->string.toUtf8() : QByteArray();
            return Secret::take(bytes);
        }
        case AnswerPlace::Header:
            return Secret(viewOf(m_response.headers.first(name.toUtf8()).value_or(QByteArray())));
        case AnswerPlace::Cookie:
            if (const Cookie* found = cookie(name)) return Secret(viewOf(found->value));
        }
        return {};
    }

    /// Why there is nothing at a place, and what there is instead.
    QString missing(AnswerPlace place, const QString& name, const Redactor& redactor) const;

private:
    const Response& m_response;
    QList<Cookie> m_cookies;
    std::optional<JsonValue> m_json;
};

QString listed(const QStringList& names, const Redactor& redactor) {
    QStringList shown;
    for (const QString& name : names.mid(0, namesShown))
        shown << serverText(name, redactor);
    if (names.size() > namesShown) shown << QStringLiteral("…");
    return shown.join(QStringLiteral(", "));
}

/// What a value is, in words that hold nothing of it.
QString described(const JsonValue& value, const Redactor& redactor) {
    switch (value.type) {
    case JsonValue::Type::Object: {
        QStringList names;
        for (const JsonValue::Member& member : value.members)
            names << member.first;
        return names.isEmpty() ? LoginAnswerText::tr("an object without members")
                               : LoginAnswerText::tr("an object with %1").arg(listed(names, redactor));
    }
    case JsonValue::Type::Array:
        return LoginAnswerText::tr("a list of %1").arg(value.items.size());
    case JsonValue::Type::String:
        return value.string.isEmpty() ? LoginAnswerText::tr("an empty text") : LoginAnswerText::tr("a text");
    case JsonValue::Type::Number:
        return LoginAnswerText::tr("a number");
    case JsonValue::Type::Bool:
        return LoginAnswerText::tr("true or false");
    case JsonValue::Type::Null:
        break;
    }
    return LoginAnswerText::tr("null");
}

QString Answer::missing(AnswerPlace place, const QString& name, const Redactor& redactor) const {
    if (place == AnswerPlace::Header) {
        QStringList names;
        for (const HeaderField& field : m_response.headers.fields)
            if (!names.contains(QString::fromLatin1(field.name))) names << QString::fromLatin1(field.name);
        return names.isEmpty()
                   ? LoginAnswerText::tr("The answer has no header %1, and no other either.").arg(name)
                   : LoginAnswerText::tr("The answer has no header %1. It has: %2.")
                         .arg(name, listed(names, redactor));
    }
    if (place == AnswerPlace::Cookie) {
        QStringList names;
        for (const Cookie& each : m_cookies)
            names << QString::fromLatin1(each.name);
        return names.isEmpty()
                   ? LoginAnswerText::tr("The answer does not set the cookie %1, and no other either.")
                         .arg(name)
                   : LoginAnswerText::tr("The answer does not set the cookie %1. It sets: %2.")
                         .arg(name, listed(names, redactor));
    }
    const QString where = name.isEmpty() ? LoginAnswerText::tr("the top") : name;
    if (!m_json) {
        switch (bodyKind(m_response.headers, m_response.body)) {
        case BodyKind::Html:
            return LoginAnswerText::tr("There is nothing at %1: the answer is an HTML page, not JSON.")
                .arg(where);
        case BodyKind::Empty:
            return LoginAnswerText::tr("There is nothing at %1: the answer has no body.").arg(where);
        default:
            return LoginAnswerText::tr("There is nothing at %1: the answer is not JSON.").arg(where);
        }
    }
    const JsonAt found = jsonAt(*m_json, name);
    if (found.value)
        return LoginAnswerText::tr("At %1 is %2, where a text should be.")
            .arg(where, described(*found.value, redactor));
    if (found.reached.isEmpty())
        return LoginAnswerText::tr("There is nothing at %1. The answer is %2.")
            .arg(where, described(*found.last, redactor));
    return LoginAnswerText::tr("There is nothing at %1. At %2 is %3.")
        .arg(where, found.reached, described(*found.last, redactor));
}

/// What the server says of a refusal, where it says it in one of the usual members.
QString reasonGiven(const Answer& answer, const Redactor& redactor) {
    for (const char* pointer : {"/error_description", "/message", "/detail", "/error/message", "/error",
                                "/title", "/errors/0/message", "/errors/0"}) {
        const JsonValue* value = answer.at(QLatin1String(pointer));
        if (value && value->isString() && !value->string.trimmed().isEmpty())
            return serverText(value->string, redactor);
    }
    return {};
}

OAuthFailure failure(OAuthFailure::Kind kind, const Response& response, const QString& what,
                     const QString& next, const FlowContext& context) {
    OAuthFailure out;
    out.kind = kind;
    out.status = response.status;
    out.error = Error{ErrorCode::ProtocolError, what, LoginAnswerText::tr("login"), next, -1};
    if (const auto limit = readRateLimit(response.headers, context.nowMs))
        out.retryAfterS = limit->retryAfterSeconds;
    return out;
}

QString statusText(int status) {
    const QString name = statusMeaning(status).name;
    return name.isEmpty() ? QString::number(status) : QStringLiteral("%1 %2").arg(status).arg(name);
}

std::optional<OAuthFailure> statusFailure(const Response& response, const LoginScheme& scheme,
                                          const Answer& answer, const FlowContext& context) {
    const int status = response.status;
    if (status >= 200 && status < 300) return std::nullopt;
    if (status >= 300 && status < 400) {
        // Logins of web pages answer in this way, and set their cookie along.
        const bool pointer = scheme.tokenFrom == AnswerPlace::Pointer;
        if (!pointer && !answer.secret(scheme.tokenFrom, scheme.tokenName).isEmpty()) return std::nullopt;
        const QString lacks =
            pointer ? QString()
                    : QLatin1Char(' ') + answer.missing(scheme.tokenFrom, scheme.tokenName, context.redactor);
        return failure(
            OAuthFailure::Kind::Redirected, response,
            LoginAnswerText::tr("The server wants to send the login on to another address (%1). It is not "
                                "followed, because it carries secrets.")
                    .arg(statusText(status)) +
                lacks,
            LoginAnswerText::tr("Set the final address in the profile."), context);
    }
    if (status >= 500 || status == 408 || status == 429)
        return failure(OAuthFailure::Kind::ServerDown, response,
                       LoginAnswerText::tr("The server cannot answer now (%1).").arg(statusText(status)),
                       LoginAnswerText::tr("Try again later."), context);
    const QString reason = reasonGiven(answer, context.redactor);
    OAuthFailure refused = failure(
        OAuthFailure::Kind::Refused, response,
        reason.isEmpty()
            ? LoginAnswerText::tr("The server refused the login (%1).").arg(statusText(status))
            : LoginAnswerText::tr("The server refused the login (%1): %2").arg(statusText(status), reason),
        status == 404 || status == 405
            ? LoginAnswerText::tr("Check the address and the method of the login.")
            : LoginAnswerText::tr("Check the user, the password and the body of the login."),
        context);
    refused.description = reason;
    return refused;
}

/// A text or a number in an answer, as a text.
QString plainAt(const Answer& answer, AnswerPlace place, const QString& name) {
    const Secret value = answer.secret(place, name);
    return QString::fromUtf8(value.reveal().data(), qsizetype(value.size())).trimmed();
}

/// Seconds from now, by the form the scheme says.
std::optional<qint64> lifetimeOf(const QString& text, ExpiryForm form, qint64 nowMs) {
    double seconds = 0;
    if (form == ExpiryForm::Iso) {
        QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
        if (!time.isValid()) return std::nullopt;
        if (time.timeSpec() == Qt::LocalTime) time.setTimeSpec(Qt::UTC); // a server without zone means UTC
        seconds = double(time.toMSecsSinceEpoch() - nowMs) / 1000;
    } else {
        bool fine = false;
        seconds = text.toDouble(&fine);
        if (!fine || !std::isfinite(seconds)) return std::nullopt;
        if (form == ExpiryForm::Unix) {
            if (seconds < firstMilliseconds) seconds *= 1000;
            seconds = (seconds - double(nowMs)) / 1000;
        } else if (seconds < 0) {
            return std::nullopt;
        }
    }
    if (seconds > 1e12) return std::nullopt;
    return qint64(std::max(0.0, seconds));
}

void readLifetime(TokenSet& tokens, const Answer& answer, const LoginScheme& scheme,
                  const FlowContext& context) {
    const auto ofCookie = [&answer](const QString& name) {
        const Cookie* cookie = answer.cookie(name);
        return cookie ? cookie->lifetimeS : std::nullopt;
    };
    if (scheme.expiryName.isEmpty()) {
        if (scheme.tokenFrom == AnswerPlace::Cookie) tokens.lifetimeS = ofCookie(scheme.tokenName);
    } else if (scheme.expiryFrom == AnswerPlace::Cookie) {
        tokens.lifetimeS = ofCookie(scheme.expiryName);
        if (!tokens.lifetimeS)
            tokens.findings
                << LoginAnswerText::tr("The cookie %1 says nothing of its end.").arg(scheme.expiryName);
    } else {
        const QString text = plainAt(answer, scheme.expiryFrom, scheme.expiryName);
        tokens.lifetimeS = lifetimeOf(text, scheme.expiryForm, context.nowMs);
        if (text.isEmpty())
            tokens.findings << LoginAnswerText::tr("The token's end is not known: %1")
                                   .arg(answer.missing(scheme.expiryFrom, scheme.expiryName,
                                                       context.redactor));
        else if (!tokens.lifetimeS)
            tokens.findings << LoginAnswerText::tr(
                                   "The token's end at %1 does not read as what the profile says it is.")
                                   .arg(scheme.expiryName);
        else if (*tokens.lifetimeS == 0)
            tokens.findings << LoginAnswerText::tr("By its answer the token has ended already.");
    }
    if (!tokens.lifetimeS && scheme.lifetimeS > 0) tokens.lifetimeS = scheme.lifetimeS;
}

} // namespace

OAuthResult<LoginTokens> readLoginAnswer(const Response& response, const LoginScheme& scheme,
                                         const FlowContext& context) {
    const Answer answer(response, context.nowMs);
    if (const auto failed = statusFailure(response, scheme, answer, context)) return passOn(*failed);
    LoginTokens out;
    TokenSet& tokens = out.tokens;
    tokens.issuedAtMs = context.nowMs;
    tokens.accessToken = answer.secret(scheme.tokenFrom, scheme.tokenName);
    if (tokens.accessToken.isEmpty()) {
        const QString why =
            response.body.size() > largestOAuthAnswer || response.bodyEnd == BodyEnd::LimitReached
                ? LoginAnswerText::tr("The server's answer is too large to be that of a login.")
            : response.bodyEnd != BodyEnd::Complete
                ? LoginAnswerText::tr("The server's answer was cut off.")
                : answer.missing(scheme.tokenFrom, scheme.tokenName, context.redactor);
        const QString reason = reasonGiven(answer, context.redactor);
        return passOn(failure(
            OAuthFailure::Kind::Unusable, response,
            reason.isEmpty()
                ? LoginAnswerText::tr("The login gave no token. %1").arg(why)
                : LoginAnswerText::tr("The login gave no token. %1 The server says: %2").arg(why, reason),
            LoginAnswerText::tr("Say in the profile where the answer has the token."), context));
    }
    if (scheme.sendAs == SendPlace::Bearer) tokens.tokenType = QStringLiteral("Bearer");
    context.redactor.addSecret(tokens.accessToken);
    if (!scheme.refreshName.isEmpty()) {
        tokens.refreshToken = answer.secret(scheme.refreshFrom, scheme.refreshName);
        context.redactor.addSecret(tokens.refreshToken);
        if (tokens.refreshToken.isEmpty())
            tokens.findings << LoginAnswerText::tr("No refresh token came: %1")
                                   .arg(answer.missing(scheme.refreshFrom, scheme.refreshName,
                                                       context.redactor));
        else if (const Cookie* cookie =
                     scheme.refreshFrom == AnswerPlace::Cookie ? answer.cookie(scheme.refreshName) : nullptr)
            tokens.refreshLifetimeS = cookie->lifetimeS;
    }
    if (!scheme.csrfName.isEmpty()) {
        out.csrf = answer.secret(scheme.csrfFrom, scheme.csrfName);
        context.redactor.addSecret(out.csrf);
        if (out.csrf.isEmpty())
            tokens.findings << LoginAnswerText::tr("No CSRF token came: %1")
                                   .arg(answer.missing(scheme.csrfFrom, scheme.csrfName, context.redactor));
    }
    readLifetime(tokens, answer, scheme, context);
    return out;
}

void learnLoginAnswer(const Response& response, const LoginScheme& scheme, Redactor& redactor) {
    const Answer answer(response, 0);
    const auto learn = [&](AnswerPlace place, const QString& name) {
        if (name.isEmpty() && place != AnswerPlace::Pointer) return;
        const Secret secret = answer.secret(place, name);
        if (!secret.isEmpty()) redactor.addSecret(secret);
    };
    learn(scheme.tokenFrom, scheme.tokenName);
    if (!scheme.refreshName.isEmpty()) learn(scheme.refreshFrom, scheme.refreshName);
    if (!scheme.csrfName.isEmpty()) learn(scheme.csrfFrom, scheme.csrfName);
}

} // namespace kb
