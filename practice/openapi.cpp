// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/openapi.h"

#include "practice/routes.h"
#include "practice/token_office.h"

#include <QSet>
#include <initializer_list>
#include <utility>

namespace kb::practice {
namespace {

using Member = std::pair<const char*, QJsonValue>;

QJsonObject object(std::initializer_list<Member> members) {
    QJsonObject result;
    for (const auto& [name, value] : members)
        result.insert(QLatin1String(name), value);
    return result;
}

QJsonValue text(const char* value) {
    return QString::fromUtf8(value);
}

QJsonObject reference(const char* group, const QString& name) {
    return object(
        {{"$ref", QString(QLatin1String("#/components/") % QLatin1String(group) % QLatin1Char('/') % name)}});
}

QJsonObject typed(const char* type) {
    return object({{"type", text(type)}});
}

QJsonObject oneOf(std::initializer_list<const char*> values) {
    QJsonArray list;
    for (const char* value : values)
        list.append(text(value));
    return object({{"type", text("string")}, {"enum", list}});
}

// All members are required unless `required` says how many of the first are.
QJsonObject record(std::initializer_list<Member> members, int required = -1) {
    QJsonObject properties;
    QJsonArray needed;
    for (const auto& [name, schema] : members) {
        properties.insert(QLatin1String(name), schema);
        if (required < 0 || needed.size() < required) needed.append(text(name));
    }
    return object({{"type", text("object")}, {"properties", properties}, {"required", needed}});
}

QJsonObject schemas() {
    const QJsonObject string = typed("string");
    const QJsonObject integer = typed("integer");
    const QJsonObject plan = oneOf({"free", "premium"});
    const QJsonObject invoices =
        object({{"type", text("array")}, {"items", reference("schemas", QStringLiteral("Invoice"))}});
    return object({
        {"User",
         record({{"id", integer}, {"name", string}, {"email", string}, {"role", string}, {"plan", plan}})},
        {"UserName", record({{"id", integer}, {"name", string}})},
        {"NewUser", record({{"name", string}, {"email", string}, {"plan", plan}}, 2)},
        {"Role", record({{"role", oneOf({"user", "admin"})}})},
        {"Invoice", record({{"invoice", integer},
                            {"owner", integer},
                            {"amount_cents", integer},
                            {"currency", string},
                            {"item", string},
                            {"paid", typed("boolean")}})},
        {"Caller", record({{"sub", string}, {"role", string}, {"plan", string}, {"scope", string}})},
        {"Stats", record({{"users", integer}, {"invoices", integer}, {"webhooks", integer}})},
        {"Plan", record({{"name", plan}, {"monthly_cents", integer}})},
        {"Export", record({{"owner", string}, {"invoices", invoices}})},
        {"Webhook", record({{"id", integer}, {"url", string}})},
        {"NewWebhook", record({{"url", object({{"type", text("string")}, {"format", text("uri")}})}})},
        {"Revocation", record({{"token", string}, {"token_type_hint", string}}, 1)},
        {"TokenRequest", record({{"grant_type", oneOf({"client_credentials", "refresh_token"})},
                                 {"scope", string},
                                 {"refresh_token", string},
                                 {"resource", string},
                                 {"client_id", string},
                                 {"client_secret", string}},
                                1)},
        {"TokenResponse", record({{"access_token", string},
                                  {"token_type", string},
                                  {"expires_in", integer},
                                  {"scope", string},
                                  {"refresh_token", string}},
                                 4)},
        {"TokenError", record({{"error", string}, {"error_description", string}}, 1)},
        {"Health", record({{"status", string}})},
        {"Document", typed("object")},
        {"Problem", record({{"title", string},
                            {"status", integer},
                            {"detail", string},
                            {"type", object({{"type", text("string")}, {"format", text("uri-reference")}})},
                            {"trace", string}},
                           3)},
    });
}

QJsonObject content(const char* mediaType, const QJsonObject& schema) {
    return object({{mediaType, object({{"schema", schema}})}});
}

QJsonObject header(const char* description) {
    return object({{"description", text(description)}, {"schema", typed("string")}});
}

QJsonObject problemResponse(int status) {
    QJsonObject response = object(
        {{"content", content("application/problem+json", reference("schemas", QStringLiteral("Problem")))}});
    QJsonObject headers;
    const char* description = "The request cannot be carried out.";
    if (status == 401) {
        description = "No valid credential was sent.";
        headers.insert(QStringLiteral("WWW-Authenticate"),
                       header("What the server asks for (RFC 6750 section 3)."));
    } else if (status == 403) {
        description = "The credential is valid, but it may not do this.";
        headers.insert(QStringLiteral("WWW-Authenticate"), header("Names the scope, if a scope is missing."));
    } else if (status == 429) {
        description = "The identity used up its requests.";
        headers.insert(QStringLiteral("Retry-After"), header("Seconds, or a date."));
        headers.insert(QStringLiteral("RateLimit"), header("What is left, and when it is full again."));
    }
    response.insert(QStringLiteral("description"), text(description));
    if (!headers.isEmpty()) response.insert(QStringLiteral("headers"), headers);
    return response;
}

QString responseName(int status) {
    return QStringLiteral("Problem%1").arg(status);
}

QList<int> errorsOf(const Route& route) {
    QSet<int> statuses;
    const QByteArray method = route.method;
    if (route.access != Access::Open) statuses.unite({400, 401, 429});
    if (route.scope || route.role || route.plan || route.ownObjectOnly) statuses.insert(403);
    if (route.hasId()) statuses.insert(404);
    if (route.request) statuses.insert(413);
    if (route.request && !QByteArray(route.request).startsWith("form:")) statuses.unite({415, 422});
    if (method == "POST" && route.success == 201) statuses.insert(409);
    if (route.hasId() && method != "GET" && QByteArray(route.path).contains("/users/")) statuses.insert(412);
    QList<int> list(statuses.begin(), statuses.end());
    std::sort(list.begin(), list.end());
    return list;
}

QJsonArray securityOf(const Route& route) {
    const auto needs = [](const char* scheme, const char* word) {
        QJsonArray words;
        if (word) words.append(text(word));
        return object({{scheme, words}});
    };
    if (QByteArray(route.operationId) == "token") return {needs("client", nullptr)};
    if (route.access == Access::Open) return {};
    QJsonArray security;
    if (route.access == Access::Optional) security.append(QJsonObject{});
    if (route.scope)
        security.append(needs("oauth2", route.scope));
    else
        security.append(needs("bearer", route.role));
    if (route.takesApiKey) security.append(needs("apiKey", nullptr));
    return security;
}

QJsonObject responsesOf(const Route& route) {
    QJsonObject success = object({{"description", text("Done.")}});
    if (route.response) {
        const QString name = QString::fromLatin1(route.response);
        const bool isList = name.startsWith(QLatin1String("[]"));
        const QJsonObject one = reference("schemas", isList ? name.mid(2) : name);
        success.insert(
            QStringLiteral("content"),
            content("application/json", isList ? object({{"type", text("array")}, {"items", one}}) : one));
    }
    QJsonObject responses;
    responses.insert(QString::number(route.success), success);
    for (const int status : errorsOf(route))
        responses.insert(QString::number(status), reference("responses", responseName(status)));
    if (QByteArray(route.operationId) == "token")
        for (const char* status : {"400", "401"})
            responses.insert(
                QLatin1String(status),
                object({{"description", text("An error of RFC 6749 section 5.2.")},
                        {"content",
                         content("application/json", reference("schemas", QStringLiteral("TokenError")))}}));
    return responses;
}

QJsonArray parametersOf(const Route& route) {
    QJsonArray parameters;
    if (route.hasId()) {
        QJsonObject id = object({{"name", text("id")},
                                 {"in", text("path")},
                                 {"required", true},
                                 {"schema", typed(route.access == Access::Open ? "string" : "integer")}});
        // A name that there is: what gets 404 proves nothing.
        if (QByteArray(route.operationId) == "problem")
            id.insert(QStringLiteral("example"), QString::fromLatin1(problemKinds().first().name));
        parameters.append(id);
    }
    if (QByteArray(route.operationId) == "search")
        parameters.append(object(
            {{"name", text("q")}, {"in", text("query")}, {"required", true}, {"schema", typed("string")}}));
    return parameters;
}

QJsonObject operation(const Route& route) {
    QJsonObject result = object({{"operationId", text(route.operationId)},
                                 {"summary", text(route.summary)},
                                 {"tags", QJsonArray{text(route.tag)}},
                                 {"security", securityOf(route)},
                                 {"responses", responsesOf(route)}});
    const QJsonArray parameters = parametersOf(route);
    if (!parameters.isEmpty()) result.insert(QStringLiteral("parameters"), parameters);
    if (route.request) {
        const QString name = QString::fromLatin1(route.request);
        const bool isForm = name.startsWith(QLatin1String("form:"));
        result.insert(
            QStringLiteral("requestBody"),
            object({{"required", true},
                    {"content", content(isForm ? "application/x-www-form-urlencoded" : "application/json",
                                        reference("schemas", isForm ? name.mid(5) : name))}}));
    }
    QJsonObject claims;
    if (route.role) claims.insert(QStringLiteral("role"), text(route.role));
    if (route.plan) claims.insert(QStringLiteral("plan"), text(route.plan));
    if (!claims.isEmpty()) result.insert(QStringLiteral("x-required-claims"), claims);
    if (route.ownObjectOnly) // whoever has the role may have everybody's
        result.insert(QStringLiteral("x-own-objects-only"),
                      object({{"unless", object({{"role", text("admin")}})}}));
    return result;
}

QJsonObject securitySchemes(const QString& baseUrl) {
    QJsonObject scopes;
    for (const QString& scope : allScopes())
        scopes.insert(scope, QString(QLatin1String("Allows ") % scope % QLatin1Char('.')));
    const QString tokenUrl = baseUrl % QLatin1String("/oauth/token");
    const QJsonObject flow = object({{"tokenUrl", tokenUrl}, {"refreshUrl", tokenUrl}, {"scopes", scopes}});
    return object({
        {"oauth2", object({{"type", text("oauth2")}, {"flows", object({{"clientCredentials", flow}})}})},
        {"bearer", object({{"type", text("http")},
                           {"scheme", text("bearer")},
                           {"bearerFormat", text("JWT")},
                           {"description", text("Any valid token. Words listed beside it are roles.")}})},
        {"apiKey", object({{"type", text("apiKey")}, {"in", text("header")}, {"name", text(ApiKeyField)}})},
        {"client",
         object({{"type", text("http")},
                 {"scheme", text("basic")},
                 {"description", text("The client's id and secret; client_id and client_secret in the "
                                      "form do as well.")}})},
    });
}

} // namespace

QJsonObject openApiDocument(const QString& baseUrl) {
    QJsonObject paths;
    for (const Route& route : routes()) {
        const QString path = QString::fromLatin1(route.path);
        QJsonObject item = paths.value(path).toObject();
        item.insert(QString::fromLatin1(route.method).toLower(), operation(route));
        paths.insert(path, item);
    }
    QJsonObject responses;
    for (const int status : {400, 401, 403, 404, 409, 412, 413, 415, 422, 429})
        responses.insert(responseName(status), problemResponse(status));
    return object({
        {"openapi", text("3.1.0")},
        {"info",
         object({{"title", text("Practice API")},
                 {"version", text("1.0.0")},
                 {"description", text("Users and invoices to practise on. All data is made up and is gone "
                                      "when the server stops.")}})},
        {"servers", QJsonArray{object({{"url", baseUrl}})}},
        {"paths", paths},
        {"components", object({{"schemas", schemas()},
                               {"responses", responses},
                               {"securitySchemes", securitySchemes(baseUrl)}})},
    });
}

} // namespace kb::practice
