// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenAPI 3.1 skeleton: what a workspace's requests say of an API, to be filled in by people.
#include "core/http/body_view.h"
#include "core/http/url_template.h"
#include "core/interchange/export_private.h"
#include "core/interchange/export_text.h"

#include <QSet>

namespace kb::exporting {

namespace {

/// The security scheme of a profile, and its name in the document.
std::pair<QString, JsonValue> schemeOf(const AuthScheme& scheme) {
    JsonObject made;
    if (const auto* key = std::get_if<ApiKeyScheme>(&scheme)) {
        const char* in = key->in == ApiKeyScheme::In::Query    ? "query"
                         : key->in == ApiKeyScheme::In::Cookie ? "cookie"
                                                               : "header";
        made.add(QStringLiteral("type"), "apiKey")
            .add(QStringLiteral("in"), in)
            .add(QStringLiteral("name"), key->name);
        return {QStringLiteral("apiKey"), made.value()};
    }
    if (const auto* oauth = std::get_if<OAuthScheme>(&scheme)) {
        JsonObject scopes;
        for (const QString& scope : oauth->scopes)
            scopes.add(scope, QString());
        const bool code = oauth->grant == OAuthGrant::AuthorizationCode;
        JsonObject flow;
        if (code) flow.add(QStringLiteral("authorizationUrl"), oauth->authorizationUrl);
        flow.add(QStringLiteral("tokenUrl"), oauth->tokenUrl).add(QStringLiteral("scopes"), scopes.value());
        made.add(QStringLiteral("type"), "oauth2")
            .add(QStringLiteral("flows"),
                 JsonObject()
                     .add(code                                   ? QStringLiteral("authorizationCode")
                          : oauth->grant == OAuthGrant::Password ? QStringLiteral("password")
                                                                 : QStringLiteral("clientCredentials"),
                          flow.value())
                     .value());
        return {QStringLiteral("oauth2"), made.value()};
    }
    const bool basic = std::holds_alternative<BasicScheme>(scheme);
    const bool digest = std::holds_alternative<DigestScheme>(scheme);
    const char* name = basic ? "basic" : digest ? "digest" : "bearer";
    made.add(QStringLiteral("type"), "http").add(QStringLiteral("scheme"), name);
    return {QLatin1String(name), made.value()};
}

class Document {
public:
    explicit Document(Source& source) : m_source(source) {}

    QByteArray text() {
        for (const TreeItem& item : m_source.items)
            add(item, QString());
        JsonObject paths;
        for (const QString& path : std::as_const(m_paths)) {
            JsonObject operations;
            for (const auto& [method, operation] : m_operations.value(path))
                operations.add(method, operation);
            paths.add(path, operations.value());
        }
        QList<JsonValue> servers;
        for (const QString& base : std::as_const(m_bases)) {
            const Result<QString> url = resolveVariables(base, m_source.variables);
            servers.append(JsonObject().add(QStringLiteral("url"), url ? *url : base).value());
        }
        JsonObject schemes;
        for (auto each = m_schemes.cbegin(); each != m_schemes.cend(); ++each)
            schemes.add(each.key(), each.value());
        JsonObject root;
        root.add(QStringLiteral("openapi"), "3.1.0")
            .add(QStringLiteral("info"), JsonObject()
                                             .add(QStringLiteral("title"), m_source.workspace.name)
                                             .add(QStringLiteral("version"), "0.1.0")
                                             .value())
            .add(QStringLiteral("servers"), jsonArray(std::move(servers)))
            .add(QStringLiteral("paths"), paths.value());
        if (!m_schemes.isEmpty())
            root.add(QStringLiteral("components"),
                     JsonObject().add(QStringLiteral("securitySchemes"), schemes.value()).value());
        return prettyJson(writeJson(root.value())) + '\n';
    }

private:
    void add(const TreeItem& item, const QString& tag) {
        if (item.kind == TreeItem::Kind::Request) return operation(item.request, tag);
        for (const TreeItem& child : item.children)
            add(child, tag.isEmpty() ? item.name : tag);
    }

    void operation(const RequestSpec& spec, const QString& tag) {
        const TemplateUrl url = templateUrl(spec.url);
        if (!m_bases.contains(url.base)) m_bases.append(url.base);
        const QString method = spec.method.toLower();
        static const QStringList known{QStringLiteral("get"),     QStringLiteral("put"),
                                       QStringLiteral("post"),    QStringLiteral("delete"),
                                       QStringLiteral("options"), QStringLiteral("head"),
                                       QStringLiteral("patch"),   QStringLiteral("trace")};
        if (!known.contains(method)) {
            m_source.notes.append(ExportText::tr("%1 is left out: the method %2 has no place there.")
                                      .arg(spec.name, spec.method));
            return;
        }
        QList<std::pair<QString, JsonValue>>& there = m_operations[url.path];
        if (!m_paths.contains(url.path)) m_paths.append(url.path);
        for (const auto& [name, value] : std::as_const(there))
            if (name == method) {
                m_source.notes.append(ExportText::tr("%1 is left out: %2 %3 is there already.")
                                          .arg(spec.name, spec.method, url.path));
                return;
            }
        JsonObject made;
        made.add(QStringLiteral("summary"), spec.name);
        if (!tag.isEmpty()) made.add(QStringLiteral("tags"), jsonTexts({tag}));
        if (const JsonValue parameters = this->parameters(spec, url); !parameters.items.isEmpty())
            made.add(QStringLiteral("parameters"), parameters);
        if (spec.body.kind != BodySpec::Kind::None) made.add(QStringLiteral("requestBody"), body(spec.body));
        JsonObject responses;
        responses.add(QStringLiteral("default"),
                      JsonObject().add(QStringLiteral("description"), QString()).value());
        made.add(QStringLiteral("responses"), responses.value());
        made.add(QStringLiteral("security"), security(spec));
        there.append({method, made.value()});
    }

    static JsonValue parameter(const char* in, const QString& name, const QString& example, bool required) {
        JsonObject made;
        made.add(QStringLiteral("name"), name).add(QStringLiteral("in"), in);
        if (required) made.add(QStringLiteral("required"), true);
        made.add(QStringLiteral("schema"), JsonObject().add(QStringLiteral("type"), "string").value());
        if (!example.isEmpty()) made.add(QStringLiteral("example"), example);
        return made.value();
    }

    static JsonValue parameters(const RequestSpec& spec, const TemplateUrl& url) {
        QList<JsonValue> all;
        QSet<QString> known;
        const auto once = [&](const char* in, const QString& name, const QString& example, bool required) {
            const QString mark = QLatin1String(in) + u' ' + name;
            if (known.contains(mark)) return;
            known.insert(mark);
            all.append(parameter(in, name, example, required));
        };
        for (const PathParameter& path : pathParameters(spec.url)) {
            QString example;
            for (const ParamRow& row : spec.params)
                if (row.in == ParamRow::In::Path && row.name == path.name) example = row.value;
            once("path", path.name, example, true);
        }
        for (const auto& [name, value] : url.query)
            once("query", formDecoded(name), formDecoded(value), false);
        for (const ParamRow& row : spec.params)
            if (row.in == ParamRow::In::Query) once("query", row.name, row.value, false);
        for (const HeaderRow& row : spec.headers) {
            const QString lower = row.name.toLower();
            if (lower != QLatin1String("accept") && lower != QLatin1String("content-type") &&
                lower != QLatin1String("authorization") && lower != QLatin1String("cookie"))
                once("header", row.name, row.value, false);
        }
        return jsonArray(std::move(all));
    }

    static JsonValue body(const BodySpec& body) {
        QString type = body.contentType.section(u';', 0, 0).trimmed();
        if (body.kind == BodySpec::Kind::Json) type = QStringLiteral("application/json");
        if (body.kind == BodySpec::Kind::Multipart) type = QStringLiteral("multipart/form-data");
        if (type.isEmpty())
            type = body.kind == BodySpec::Kind::File ? QStringLiteral("application/octet-stream")
                                                     : QStringLiteral("text/plain");
        JsonObject media;
        if (body.kind == BodySpec::Kind::Multipart) {
            JsonObject properties;
            for (const BodyPart& part : body.parts) {
                JsonObject schema;
                schema.add(QStringLiteral("type"), "string");
                if (part.isFile) schema.add(QStringLiteral("contentMediaType"), "application/octet-stream");
                properties.add(part.name, schema.value());
            }
            media.add(QStringLiteral("schema"), JsonObject()
                                                    .add(QStringLiteral("type"), "object")
                                                    .add(QStringLiteral("properties"), properties.value())
                                                    .value());
        } else if (body.kind != BodySpec::Kind::File) {
            const Result<JsonValue> json = type == QLatin1String("application/json")
                                               ? parseJson(body.text.toUtf8())
                                               : Result<JsonValue>(fail(ErrorCode::ParseError, QString()));
            media.add(QStringLiteral("example"), json ? *json : jsonText(body.text));
        }
        return JsonObject()
            .add(QStringLiteral("content"), JsonObject().add(type, media.value()).value())
            .value();
    }

    /// Empty: the request goes out as nobody.
    JsonValue security(const RequestSpec& spec) {
        const TokenProfile* profile = m_source.profileOf(spec);
        if (!profile) return jsonArray({});
        const auto* oauth = std::get_if<OAuthScheme>(&profile->scheme);
        JsonObject all; // what stands in one object is wanted together
        all.add(nameOf(profile->scheme), jsonTexts(oauth ? oauth->scopes : QStringList()));
        for (const ApiKeyScheme& key : profile->keys)
            all.add(nameOf(AuthScheme(key)), jsonTexts({}));
        return jsonArray({all.value()});
    }
    /// What the document calls the scheme.
    QString nameOf(const AuthScheme& held) {
        auto [name, scheme] = schemeOf(held);
        const QString wanted = name;
        for (int number = 2;
             m_schemes.contains(name) && writeJson(m_schemes.value(name)) != writeJson(scheme); ++number)
            name = wanted + QString::number(number);
        m_schemes.insert(name, scheme);
        return name;
    }

    Source& m_source;
    QStringList m_bases, m_paths;
    QMap<QString, QList<std::pair<QString, JsonValue>>> m_operations;
    QMap<QString, JsonValue> m_schemes;
};

} // namespace

Result<QByteArray> openApi(Source& source) {
    return Document(source).text();
}

} // namespace kb::exporting
