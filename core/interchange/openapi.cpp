// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/openapi.h"
#include "core/interchange/openapi_text.h"

#include "core/http/headers.h"
#include "core/interchange/openapi_files.h"

#include <QRegularExpression>

namespace kb {

namespace {

using openapi::At;
using openapi::Files;

constexpr int maxOperations = 20000;

class Reader {
public:
    Reader(Files& files, const QString& file, bool swagger) : m_files(files), m_swagger(swagger) {
        m_api.file = file;
    }

    ApiDescription read(const QString& specification) {
        const At root = m_files.root();
        m_api.specification = specification;
        m_api.title = m_files.member(m_files.member(root, "info"), "title").text();
        m_api.servers = m_swagger ? swaggerServers(root) : servers(root);
        openapi::readSecuritySchemes(m_files, root, m_swagger, m_api);
        m_api.security = openapi::readSecurity(m_files, root, m_api);
        m_rootSecurity = placed(Files::plainMember(root, "security"));
        for (const auto& [path, item] : m_files.members(m_files.member(root, "paths")))
            if (path.startsWith(u'/')) readPath(path, item);
        openapi::lint(m_api, m_files);
        m_api.notes = m_files.notes();
        return std::move(m_api);
    }

private:
    ApiPlace placed(const At& at) const {
        ApiPlace place = at.place();
        if (place.file.isEmpty()) place.file = m_api.file;
        return place;
    }

    /// Each {variable} of a server's URL with its default in place.
    QList<ApiServer> servers(const At& owner) {
        QList<ApiServer> all;
        for (const auto& [index, at] : m_files.members(m_files.member(owner, "servers"))) {
            ApiServer server{m_files.member(at, "url").text(), m_files.member(at, "description").text()};
            server.pattern = server.url;
            QHash<QString, QString> defaults;
            for (const auto& [name, variable] : m_files.members(m_files.member(at, "variables"))) {
                ApiServerVariable one{name, m_files.member(variable, "default").text(), {}};
                for (const auto& [place, value] : m_files.members(m_files.member(variable, "enum")))
                    one.values.append(value.text());
                server.variables.append(one);
                defaults.insert(name, one.value);
            }
            server.url = filled(server.url, defaults);
            if (!server.url.isEmpty()) all.append(server);
        }
        return all;
    }

    /// In one pass: a default that names a variable is text, else a few lines would grow without bounds.
    static QString filled(const QString& url, const QHash<QString, QString>& defaults) {
        static const QRegularExpression variable(QStringLiteral("\\{([^{}]*)\\}"));
        constexpr qsizetype longest = 8192;
        QString text;
        qsizetype at = 0;
        for (auto each = variable.globalMatch(url); each.hasNext();) {
            if (text.size() > longest) return url;
            const QRegularExpressionMatch found = each.next();
            const auto known = defaults.constFind(found.captured(1));
            text += QStringView(url).mid(at, found.capturedStart() - at);
            text += known == defaults.cend() ? found.captured() : *known;
            at = found.capturedEnd();
        }
        return text + url.mid(at);
    }

    QList<ApiServer> swaggerServers(const At& root) {
        const QString host = m_files.member(root, "host").text();
        const QString base = m_files.member(root, "basePath").text();
        if (host.isEmpty()) return base.isEmpty() ? QList<ApiServer>() : QList<ApiServer>{{base, {}}};
        QStringList schemes;
        for (const auto& [index, scheme] : m_files.members(m_files.member(root, "schemes")))
            schemes.append(scheme.text());
        if (schemes.isEmpty()) schemes.append(QStringLiteral("https"));
        QList<ApiServer> all;
        for (const QString& scheme : schemes)
            all.append({scheme + QStringLiteral("://") + host + base, {}});
        return all;
    }

    void readPath(const QString& path, const At& item) {
        static const char* const methods[] = {"get",  "put",   "post",  "delete", "options",
                                              "head", "patch", "trace", "query"};
        for (const auto& member : m_files.members(item)) {
            const QString& name = member.first;
            const At& at = member.second;
            const bool known = std::any_of(std::begin(methods), std::end(methods),
                                           [&](const char* each) { return name == QLatin1String(each); });
            if (known && at.isMapping()) readOperation(name.toUpper(), path, item, at);
        }
        for (const auto& [name, at] : m_files.members(m_files.member(item, "additionalOperations"))) {
            if (!at.isMapping()) continue;
            if (isToken(name.toUtf8())) // RFC 9110 §9.1
                readOperation(name, path, item, at);
            else
                m_files.note(OpenApiText::tr("\"%1\" is no method; the operation of %2 is left out.")
                                 .arg(name.left(60), path),
                             placed(at));
        }
    }

    void readOperation(const QString& method, const QString& path, const At& item, const At& at) {
        if (m_api.operations.size() >= maxOperations) {
            if (!std::exchange(m_full, true))
                m_files.note(OpenApiText::tr("Only the first %1 operations are read.").arg(maxOperations),
                             placed(at));
            return;
        }
        ApiOperation operation;
        operation.method = method;
        operation.path = path;
        operation.operationId = m_files.member(at, "operationId").text();
        operation.summary = m_files.member(at, "summary").text();
        for (const auto& [index, tag] : m_files.members(m_files.member(at, "tags")))
            operation.tags.append(tag.text());
        operation.servers = servers(at);
        if (operation.servers.isEmpty()) operation.servers = servers(item);
        readParameters(m_files.member(item, "parameters"), operation);
        readParameters(m_files.member(at, "parameters"), operation);
        if (m_swagger)
            openapi::readSwaggerBody(m_files, item, at, operation);
        else
            openapi::readBody(m_files, at, operation);
        operation.security = openapi::readSecurity(m_files, at, m_api);
        for (const auto& [status, response] : m_files.members(m_files.member(at, "responses")))
            operation.responses.append(status);
        for (const auto& [claim, value] : m_files.members(m_files.member(at, "x-required-claims")))
            if (claim == QLatin1String("otherwise"))
                operation.claimsOtherwise = value.text();
            else
                operation.requiredClaims.append(claim + u'=' + value.text());
        const At own = m_files.member(at, "x-own-objects-only");
        operation.ownObjectsOnly = own.isTrue() || own.isMapping();
        for (const auto& [claim, value] : m_files.members(m_files.member(own, "unless")))
            operation.othersUnless.append(claim + u'=' + value.text());
        operation.place = placed(at);
        operation.securityPlace = operation.security        ? placed(Files::plainMember(at, "security"))
                                  : m_rootSecurity.line > 0 ? m_rootSecurity
                                                            : operation.place;
        m_api.operations.append(operation);
    }

    /// An operation's parameter replaces the path's of the same place and name.
    void readParameters(const At& list, ApiOperation& operation) {
        for (const auto& [index, at] : m_files.members(list)) {
            const QString in = m_files.member(at, "in").text();
            if (in == QLatin1String("body") || in == QLatin1String("formData")) continue;
            // Content and credentials are described elsewhere (OpenAPI 3.1 §4.8.12.2).
            const QString name = m_files.member(at, "name").text().toLower();
            if (in == QLatin1String("header") &&
                (name == QLatin1String("accept") || name == QLatin1String("content-type") ||
                 name == QLatin1String("authorization")))
                continue;
            const QList<ApiParameter> rows = openapi::readParameter(m_files, at, m_swagger);
            for (const ApiParameter& row : rows)
                operation.parameters.removeIf(
                    [&](const ApiParameter& old) { return old.in == row.in && old.name == row.name; });
            operation.parameters.append(rows);
        }
    }

    Files& m_files;
    bool m_swagger;
    ApiDescription m_api;
    ApiPlace m_rootSecurity;
    bool m_full = false; ///< there are more operations than are read
};

} // namespace

bool isDocumentAddress(const QString& place) {
    return place.startsWith(QLatin1String("http://"), Qt::CaseInsensitive) ||
           place.startsWith(QLatin1String("https://"), Qt::CaseInsensitive) ||
           place.startsWith(QLatin1String("{{"));
}

QString documentName(const QString& place) {
    if (!isDocumentAddress(place)) return place;
    static const QRegularExpression rest(QStringLiteral("[?#].*$"));
    static const QRegularExpression user(QStringLiteral("^(https?://)[^/]*@"),
                                         QRegularExpression::CaseInsensitiveOption);
    return QString(place).remove(rest).replace(user, QStringLiteral("\\1"));
}

Result<ApiDescription> readOpenApi(const QString& file, const QByteArray& text, const DocumentReader& others,
                                   const QString& home) {
    Files files(file, others, home);
    if (const Result<void> opened = files.open(text); !opened) return tl::unexpected(opened.error());
    const At root = files.root();
    const QString swagger = files.member(root, "swagger").text();
    const QString version = swagger.isEmpty() ? files.member(root, "openapi").text() : swagger;
    if (version.isEmpty())
        return fail(ErrorCode::ParseError, OpenApiText::tr("This is no OpenAPI document."), file,
                    OpenApiText::tr("It needs a member \"openapi\" (or \"swagger\") with its version."));
    static const QRegularExpression known(QStringLiteral("^(2\\.0|3\\.[0-2](\\.\\d+)?(-.*)?)$"));
    if (!known.match(version).hasMatch())
        return fail(ErrorCode::Unsupported, OpenApiText::tr("OpenAPI %1 is not known.").arg(version), file,
                    OpenApiText::tr("Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 can be read."));
    return Reader(files, file, !swagger.isEmpty()).read(version);
}

} // namespace kb
