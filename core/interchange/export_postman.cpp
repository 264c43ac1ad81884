// SPDX-License-Identifier: GPL-3.0-or-later
// Postman collection 2.1. Variables stay variables; a secret is the variable {{KEYBEARER_SECRET_…}}.
#include "core/auth/further_keys.h"
#include "core/http/body_view.h"
#include "core/http/url_template.h"
#include "core/interchange/export_private.h"

#include <QRegularExpression>

namespace kb::exporting {

namespace {

JsonValue pair(const QString& name, const QString& value) {
    return JsonObject().add(QStringLiteral("key"), name).add(QStringLiteral("value"), value).value();
}

JsonValue authBlock(const char* type, const QList<std::pair<QString, QString>>& members) {
    QList<JsonValue> rows;
    for (const auto& [name, value] : members)
        rows.append(JsonObject()
                        .add(QStringLiteral("key"), name)
                        .add(QStringLiteral("value"), value)
                        .add(QStringLiteral("type"), "string")
                        .value());
    return JsonObject()
        .add(QStringLiteral("type"), type)
        .add(QLatin1String(type), jsonArray(std::move(rows)))
        .value();
}

class Writer {
public:
    explicit Writer(Source& source) : m_source(source) {}

    JsonValue items(const QList<TreeItem>& items) {
        QList<JsonValue> all;
        for (const TreeItem& item : items) {
            JsonObject made;
            made.add(QStringLiteral("name"), item.name);
            if (item.kind == TreeItem::Kind::Folder)
                made.add(QStringLiteral("item"), this->items(item.children));
            else
                made.add(QStringLiteral("request"), request(item.request));
            all.append(made.value());
        }
        return jsonArray(std::move(all));
    }

private:
    JsonValue request(const RequestSpec& spec) {
        QList<JsonValue> headers;
        for (const HeaderRow& row : spec.headers) {
            JsonObject header;
            header.add(QStringLiteral("key"), row.name).add(QStringLiteral("value"), row.value);
            if (!row.description.isEmpty()) header.add(QStringLiteral("description"), row.description);
            if (!row.enabled) header.add(QStringLiteral("disabled"), true);
            headers.append(header.value());
        }
        const bool typed = spec.body.kind == BodySpec::Kind::Text || spec.body.kind == BodySpec::Kind::File;
        if (typed && !spec.body.contentType.isEmpty() && !isForm(spec.body))
            headers.append(pair(QStringLiteral("Content-Type"), spec.body.contentType));
        // Postman's auth has room for one credential: keys beside it are fields like any other.
        const TokenProfile* profile = m_source.profileOf(spec);
        RequestSpec sent = spec;
        for (const ApiKeyScheme& key : profile ? profile->keys : QList<ApiKeyScheme>()) {
            const QString value =
                QStringLiteral("{{") + secretVariable(keyOwner(*profile, key)) + QStringLiteral("}}");
            if (key.in == ApiKeyScheme::In::Header) headers.append(pair(key.name, value));
            if (key.in == ApiKeyScheme::In::Cookie)
                headers.append(pair(QStringLiteral("Cookie"), key.name + u'=' + value));
            if (key.in == ApiKeyScheme::In::Query) {
                UrlParts parts = splitUrl(sent.url);
                parts.query.append({QString::fromLatin1(key.name.toUtf8().toPercentEncoding()), value});
                parts.hasQuery = true;
                sent.url = joinUrl(parts);
            }
        }
        JsonObject made;
        made.add(QStringLiteral("method"), spec.method)
            .add(QStringLiteral("header"), jsonArray(std::move(headers)));
        if (const std::optional<JsonValue> auth = this->auth(spec)) made.add(QStringLiteral("auth"), *auth);
        if (spec.body.kind != BodySpec::Kind::None) made.add(QStringLiteral("body"), body(spec.body));
        return made.add(QStringLiteral("url"), url(sent)).value();
    }

    /// A form that Postman's table of names and values would send again as it is. It escapes by rules of its
    /// own (a space becomes %20): what has to be escaped goes as it was written.
    static bool isForm(const BodySpec& body) {
        static const QRegularExpression plain(
            QStringLiteral("^[\\w.~{}-]+=[\\w.~{}-]*(&[\\w.~{}-]+=[\\w.~{}-]*)*$"));
        return body.contentType == QLatin1String("application/x-www-form-urlencoded") &&
               plain.match(body.text).hasMatch();
    }

    static JsonValue url(const RequestSpec& spec) {
        const TemplateUrl parts = templateUrl(spec.url);
        QList<JsonValue> query, variables;
        for (const auto& [name, value] : parts.query)
            query.append(pair(name, value));
        for (const ParamRow& row : spec.params) {
            if (row.in == ParamRow::In::Path)
                variables.append(pair(row.name, row.value));
            else if (!row.enabled)
                query.append(JsonObject()
                                 .add(QStringLiteral("key"), row.name)
                                 .add(QStringLiteral("value"), row.value)
                                 .add(QStringLiteral("disabled"), true)
                                 .value());
        }
        // Its path parameters are written :name.
        QString raw = spec.url;
        const QList<PathParameter> parameters = pathParameters(raw);
        for (qsizetype i = parameters.size(); i-- > 0;)
            raw.replace(parameters.at(i).start, parameters.at(i).length, u':' + parameters.at(i).name);
        const UrlParts split = splitUrl(raw);
        const qsizetype scheme = split.base.indexOf(QLatin1String("://"));
        const QString rest = scheme < 0 ? split.base : split.base.mid(scheme + 3);
        JsonObject made;
        made.add(QStringLiteral("raw"), raw);
        if (scheme >= 0) made.add(QStringLiteral("protocol"), split.base.left(scheme));
        const QString authority = rest.section(u'/', 0, 0);
        const QString port =
            authority.contains(QLatin1String("{{")) ? QString() : authority.section(u':', 1, 1);
        made.add(QStringLiteral("host"), jsonTexts(authority.contains(QLatin1String("{{"))
                                                       ? QStringList{authority}
                                                       : authority.section(u':', 0, 0).split(u'.')));
        if (!port.isEmpty()) made.add(QStringLiteral("port"), port);
        if (rest.contains(u'/'))
            made.add(QStringLiteral("path"), jsonTexts(rest.section(u'/', 1).split(u'/')));
        if (!query.isEmpty()) made.add(QStringLiteral("query"), jsonArray(std::move(query)));
        if (!variables.isEmpty()) made.add(QStringLiteral("variable"), jsonArray(std::move(variables)));
        return made.value();
    }

    static JsonValue body(const BodySpec& body) {
        JsonObject made;
        if (body.kind == BodySpec::Kind::Multipart) {
            QList<JsonValue> parts;
            for (const BodyPart& part : body.parts) {
                JsonObject row;
                row.add(QStringLiteral("key"), part.name)
                    .add(QStringLiteral("type"), part.isFile ? "file" : "text")
                    .add(part.isFile ? QStringLiteral("src") : QStringLiteral("value"), part.value);
                if (!part.contentType.isEmpty()) row.add(QStringLiteral("contentType"), part.contentType);
                if (!part.enabled) row.add(QStringLiteral("disabled"), true);
                parts.append(row.value());
            }
            return made.add(QStringLiteral("mode"), "formdata")
                .add(QStringLiteral("formdata"), jsonArray(std::move(parts)))
                .value();
        }
        if (body.kind == BodySpec::Kind::File)
            return made.add(QStringLiteral("mode"), "file")
                .add(QStringLiteral("file"), JsonObject().add(QStringLiteral("src"), body.text).value())
                .value();
        if (isForm(body)) {
            QList<JsonValue> fields;
            for (const QString& field : body.text.split(u'&', Qt::SkipEmptyParts))
                fields.append(pair(field.section(u'=', 0, 0), field.section(u'=', 1)));
            return made.add(QStringLiteral("mode"), "urlencoded")
                .add(QStringLiteral("urlencoded"), jsonArray(std::move(fields)))
                .value();
        }
        const char* language = body.kind == BodySpec::Kind::Json                         ? "json"
                               : body.contentType.contains(QLatin1String("xml"))         ? "xml"
                               : body.contentType.startsWith(QLatin1String("text/html")) ? "html"
                                                                                         : "text";
        return made.add(QStringLiteral("mode"), "raw")
            .add(QStringLiteral("raw"), body.text)
            .add(QStringLiteral("options"),
                 JsonObject()
                     .add(QStringLiteral("raw"),
                          JsonObject().add(QStringLiteral("language"), language).value())
                     .value())
            .value();
    }

    std::optional<JsonValue> auth(const RequestSpec& spec) {
        const TokenProfile* profile = m_source.profileOf(spec);
        if (!profile) return authBlock("noauth", {});
        const QString secret = QStringLiteral("{{") + secretVariable(profile->name) + QStringLiteral("}}");
        const AuthScheme& scheme = profile->scheme;
        if (const auto* basic = std::get_if<BasicScheme>(&scheme))
            return authBlock(
                "basic", {{QStringLiteral("username"), basic->user}, {QStringLiteral("password"), secret}});
        if (const auto* digest = std::get_if<DigestScheme>(&scheme))
            return authBlock(
                "digest", {{QStringLiteral("username"), digest->user}, {QStringLiteral("password"), secret}});
        if (const auto* key = std::get_if<ApiKeyScheme>(&scheme); key && key->in != ApiKeyScheme::In::Cookie)
            return authBlock("apikey", {{QStringLiteral("key"), key->name},
                                        {QStringLiteral("value"), secret},
                                        {QStringLiteral("in"), key->in == ApiKeyScheme::In::Query
                                                                   ? QStringLiteral("query")
                                                                   : QStringLiteral("header")}});
        if (const auto* aws = std::get_if<SigV4Scheme>(&scheme))
            return authBlock("awsv4", {{QStringLiteral("accessKey"), aws->accessKeyId},
                                       {QStringLiteral("secretKey"), secret},
                                       {QStringLiteral("region"), aws->region},
                                       {QStringLiteral("service"), aws->service}});
        if (const auto* oauth = std::get_if<OAuthScheme>(&scheme);
            oauth && oauth->grant == OAuthGrant::ClientCredentials)
            return authBlock("oauth2", {{QStringLiteral("grant_type"), QStringLiteral("client_credentials")},
                                        {QStringLiteral("accessTokenUrl"), oauth->tokenUrl},
                                        {QStringLiteral("clientId"), oauth->clientId},
                                        {QStringLiteral("clientSecret"), secret},
                                        {QStringLiteral("scope"), oauth->scopes.join(u' ')},
                                        {QStringLiteral("client_authentication"),
                                         oauth->clientAuth == ClientAuth::Post ? QStringLiteral("body")
                                                                               : QStringLiteral("header")}});
        if (std::holds_alternative<BearerScheme>(scheme) || std::holds_alternative<OAuthScheme>(scheme) ||
            std::holds_alternative<LoginScheme>(scheme) || std::holds_alternative<JwtScheme>(scheme)) {
            const auto* bearer = std::get_if<BearerScheme>(&scheme);
            if (bearer && bearer->prefix != QLatin1String("Bearer"))
                return authBlock("apikey", {{QStringLiteral("key"), QStringLiteral("Authorization")},
                                            {QStringLiteral("value"), bearer->prefix + u' ' + secret},
                                            {QStringLiteral("in"), QStringLiteral("header")}});
            return authBlock("bearer", {{QStringLiteral("token"), secret}});
        }
        m_source.notes.append(QStringLiteral("%1: %2").arg(spec.name, schemeName(scheme)));
        return std::nullopt;
    }

    Source& m_source;
};

} // namespace

Result<QByteArray> postman(Source& source) {
    QList<JsonValue> variables;
    for (auto each = source.variables.cbegin(); each != source.variables.cend(); ++each)
        variables.append(pair(each.key(), each.value()));
    const JsonValue collection =
        JsonObject()
            .add(QStringLiteral("info"),
                 JsonObject()
                     .add(QStringLiteral("name"), source.workspace.name)
                     .add(QStringLiteral("schema"),
                          "https://schema.getpostman.com/json/collection/v2.1.0/collection.json")
                     .value())
            .add(QStringLiteral("item"), Writer(source).items(source.items))
            .add(QStringLiteral("variable"), jsonArray(std::move(variables)))
            .value();
    return QByteArray(prettyJson(writeJson(collection)) + '\n');
}

} // namespace kb::exporting
