// SPDX-License-Identifier: GPL-3.0-or-later
// The way of every request: route, credential, rate, permission, object, body, handler.
#include "practice/api.h"

#include <QDateTime>
#include <QJsonDocument>

namespace kb::practice {
namespace {

constexpr qsizetype MaxBodyBytes = 64 * 1024;
constexpr int ForcedRetryS = 2;

// RFC 6750 §3 allows no quote and no backslash in these.
QByteArray challenge(const char* error, const QString& description, const char* scope = nullptr) {
    QByteArray text = R"(Bearer realm="Practice API")";
    if (error)
        text += QByteArray(", error=\"") + error + "\", error_description=\"" + description.toLatin1() + '"';
    if (scope) text += QByteArray(", scope=\"") + scope + '"';
    return text;
}

bool hasTokenInQuery(const HttpRequest& request) {
    for (const QByteArray& pair : request.query.split('&'))
        if (pair.split('=').first() == "access_token") return true;
    return false;
}

bool hasTokenInForm(const HttpRequest& request) {
    if (request.mediaType() != "application/x-www-form-urlencoded") return false;
    for (const QByteArray& pair : request.body.split('&'))
        if (pair.split('=').first() == "access_token") return true;
    return false;
}

} // namespace

Api::Api(TokenOffice& tokens, const Defects& defects, const PracticeOptions& options, QString baseUrl,
         std::function<QString()> otherOrigin)
    : m_tokens(tokens),
      m_defects(defects),
      m_limiter(options.rateLimitPerMinute, options.rateLimitWindowS),
      m_baseUrl(std::move(baseUrl)),
      m_otherOrigin(std::move(otherOrigin)) {}

HttpReply Api::problem(const char* name, const QString& detail, const QJsonObject& extra) const {
    return problemReply(m_baseUrl, name, detail, extra);
}

HttpReply Api::unauthorized(const char* name, const QString& detail, const char* error) const {
    HttpReply reply = problem(name, detail);
    reply.add("WWW-Authenticate", challenge(error, detail));
    return reply;
}

HttpReply Api::answer(const HttpRequest& request) {
    HttpReply reply = routed(request);
    reply.add("Date", httpDate(QDateTime::currentSecsSinceEpoch()));
    reply.add("Server", "Keybearer-Practice");
    return reply;
}

HttpReply Api::routed(const HttpRequest& request) {
    if (request.body.size() > MaxBodyBytes)
        return problem("content-too-large", QStringLiteral("The body is larger than 64 kB."));
    const RouteMatch match = matchRoute(request.method, request.path);
    if (!match.route && match.allowed.isEmpty())
        return problem("not-found", QStringLiteral("No resource has this path."));
    if (!match.route) {
        HttpReply reply =
            request.method == "OPTIONS"
                ? HttpReply{204, {}, {}, false}
                : problem("method-not-allowed", QStringLiteral("This path takes other methods."));
        reply.add("Allow", match.allowed);
        return reply;
    }
    if (match.route->access == Access::Open) {
        const Call call{request, *match.route, {}, match.id, {}};
        return (this->*match.route->handler)(call);
    }
    return guarded(request, *match.route, match.id);
}

HttpReply Api::guarded(const HttpRequest& request, const Route& route, const QString& id) {
    if (m_defects.has(Defect::RedirectOtherOrigin)) {
        HttpReply reply;
        reply.status = 307;
        QByteArray target = m_otherOrigin().toLatin1() + request.path;
        if (!request.query.isEmpty()) target += '?' + request.query;
        reply.add("Location", target);
        return reply;
    }
    auto caller = authenticate(request, route);
    Fields rateFields;
    const QString identity =
        caller && caller->kind != Caller::Kind::Anonymous ? caller->subject : QStringLiteral("(anonymous)");
    HttpReply reply;
    if (auto throttled = throttle(identity, rateFields)) {
        reply = std::move(*throttled);
    } else if (!caller) {
        reply = std::move(caller.error());
    } else {
        Call call{request, route, std::move(*caller), id, {}};
        reply = afterPermission(call);
    }
    reply.add("Cache-Control", "no-store");
    reply.fields += rateFields;
    reply = twisted(std::move(reply));
    reflect(request, reply);
    return reply;
}

HttpReply Api::afterPermission(Call& call) {
    if (m_defects.has(Defect::DenyAfterDelete) && call.route.handler == &Api::deleteWebhook)
        m_data.removeWebhook(call.id.toInt());
    if (auto refused = refusePermission(call)) return *refused;
    if (auto refused = refuseObject(call)) return *refused;
    if (call.route.request && !QByteArray(call.route.request).startsWith("form:")) {
        if (call.request.mediaType() != "application/json")
            return problem("unsupported-media-type", QStringLiteral("The body must be application/json."));
        const QJsonDocument document = QJsonDocument::fromJson(call.request.body);
        if (!document.isObject())
            return problem("invalid-request", QStringLiteral("The body is not a JSON object."));
        call.body = document.object();
    }
    return (this->*call.route.handler)(call);
}

tl::expected<Caller, HttpReply> Api::authenticate(const HttpRequest& request, const Route& route) const {
    const auto refuse = [](HttpReply reply) { return tl::unexpected<HttpReply>(std::move(reply)); };
    const auto malformed = [&](const QString& detail) {
        return refuse(unauthorized("invalid-request", detail, "invalid_request"));
    };
    const QList<QByteArray> authorization = request.values("Authorization");
    const QList<QByteArray> keys = request.values(ApiKeyField);
    if (authorization.size() > 1 || keys.size() > 1)
        return malformed(QStringLiteral("A credential field comes more than once"));
    if (authorization.size() + keys.size() + hasTokenInQuery(request) + hasTokenInForm(request) > 1)
        return malformed(QStringLiteral("Send one credential in one way only"));
    if (hasTokenInQuery(request) || hasTokenInForm(request))
        return malformed(QStringLiteral("Tokens are taken from the Authorization field only"));

    if (!authorization.isEmpty()) {
        const QByteArray value = authorization.first().trimmed();
        const qsizetype space = value.indexOf(' ');
        if (value.left(qMax<qsizetype>(space, 0)).toLower() == "bearer" || value.toLower() == "bearer") {
            const QByteArray token = space < 0 ? QByteArray() : value.mid(space).trimmed();
            auto caller = m_tokens.bearer(token);
            if (caller) return *caller;
            return refuse(unauthorized(caller.error().problem, caller.error().description, "invalid_token"));
        }
    }
    if (!keys.isEmpty() && route.takesApiKey) {
        auto caller = m_tokens.apiKey(keys.first());
        if (caller) return *caller;
        return refuse(unauthorized(caller.error().problem, caller.error().description, nullptr));
    }
    if (route.access == Access::Optional && authorization.isEmpty() && keys.isEmpty()) return Caller{};
    // RFC 6750 §3.1: no error code when the request brought no bearer token.
    return refuse(unauthorized("missing-token",
                               route.takesApiKey ? QStringLiteral("Send a bearer token or an API key.")
                                                 : QStringLiteral("Send a bearer token."),
                               nullptr));
}

std::optional<HttpReply> Api::refusePermission(const Call& call) const {
    const Route& route = call.route;
    if (call.caller.kind != Caller::Kind::Bearer) return std::nullopt;
    if (route.scope && !m_defects.has(Defect::SkipScope) &&
        !call.caller.scopes.contains(QLatin1String(route.scope))) {
        const QString detail = QLatin1String("The operation needs the scope ") % QLatin1String(route.scope);
        HttpReply reply = problem("insufficient-scope", detail,
                                  {{QStringLiteral("required_scope"), QString::fromLatin1(route.scope)}});
        reply.add("WWW-Authenticate", challenge("insufficient_scope", detail, route.scope));
        return reply;
    }
    if (route.role && call.caller.role != QLatin1String(route.role))
        return problem("wrong-role",
                       QLatin1String("The operation needs the role ") % QLatin1String(route.role),
                       {{QStringLiteral("required_role"), QString::fromLatin1(route.role)}});
    if (route.plan && call.caller.plan != QLatin1String(route.plan))
        return problem("wrong-plan",
                       QLatin1String("The operation needs the plan ") % QLatin1String(route.plan),
                       {{QStringLiteral("required_plan"), QString::fromLatin1(route.plan)}});
    return std::nullopt;
}

std::optional<HttpReply> Api::refuseObject(const Call& call) const {
    if (!call.route.ownObjectOnly) return std::nullopt;
    if (call.caller.isAdmin() || call.id == call.caller.subject || m_defects.has(Defect::Bola))
        return std::nullopt;
    if (m_defects.has(Defect::ExistenceOracle) && !m_data.user(call.id.toInt()))
        return problem("not-found", QStringLiteral("No user has this id."));
    return problem("not-your-object", QStringLiteral("You may see your own user and invoices only."));
}

std::optional<HttpReply> Api::throttle(const QString& identity, Fields& fields) {
    const bool inSeconds = m_defects.has(Defect::RetryAfterSeconds);
    const bool asDate = m_defects.has(Defect::RetryAfterDate);
    const RateLimiter::State state = m_limiter.take(identity);
    if (state.limit > 0) {
        const auto number = [](int value) { return QByteArray::number(value); };
        fields.append(
            {"RateLimit-Policy", "\"default\";q=" + number(state.limit) + ";w=" + number(state.windowS)});
        fields.append(
            {"RateLimit", "\"default\";r=" + number(state.remaining) + ";t=" + number(state.resetS)});
        fields.append({"X-RateLimit-Limit", number(state.limit)});
        fields.append({"X-RateLimit-Remaining", number(state.remaining)});
        fields.append({"X-RateLimit-Reset", number(state.resetS)});
    }
    if (state.allowed && !inSeconds && !asDate) return std::nullopt;
    HttpReply reply = problem("too-many-requests", QStringLiteral("Wait before the next request."));
    const int waitS = state.allowed ? ForcedRetryS : state.resetS;
    reply.add("Retry-After",
              asDate ? httpDate(QDateTime::currentSecsSinceEpoch() + waitS) : QByteArray::number(waitS));
    return reply;
}

HttpReply Api::twisted(HttpReply reply) const {
    if (!reply.denies) return reply;
    if (m_defects.has(Defect::ErrorOnDeny))
        return problem("internal-error", QStringLiteral("The permission check failed."));
    if (m_defects.has(Defect::OkWithErrorBody)) {
        const QJsonObject told = QJsonDocument::fromJson(reply.body).object();
        HttpReply ok =
            jsonReply(200, QJsonObject{{QStringLiteral("error"), told.value(QLatin1String("title"))},
                                       {QStringLiteral("code"), reply.status}});
        return ok;
    }
    return reply;
}

void Api::reflect(const HttpRequest& request, HttpReply& reply) const {
    if (!m_defects.has(Defect::ReflectToken)) return;
    QList<QByteArray> sent = request.values("Authorization");
    if (sent.isEmpty()) sent = request.values(ApiKeyField);
    if (sent.isEmpty()) return;
    reply.add("X-Debug-Credential", sent.first());
    const QJsonObject echo{{QStringLiteral("received_credential"), QString::fromLatin1(sent.first())}};
    const QJsonDocument document = QJsonDocument::fromJson(reply.body);
    if (document.isArray()) {
        QJsonArray array = document.array();
        array.append(echo);
        reply.body = QJsonDocument(array).toJson(QJsonDocument::Compact);
    } else if (document.isObject()) {
        QJsonObject object = document.object();
        object.insert(QStringLiteral("received_credential"),
                      echo.value(QLatin1String("received_credential")));
        reply.body = QJsonDocument(object).toJson(QJsonDocument::Compact);
    }
}

} // namespace kb::practice
