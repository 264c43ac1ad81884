// SPDX-License-Identifier: GPL-3.0-or-later
// The requests of an OpenAPI document.
#include "core/http/url_template.h"
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"

#include <QRegularExpression>

namespace kb::importing {

namespace {

/// A relative address seen from the document's (RFC 3986 §5.2.4); it may hold {{variables}}.
QString seenFrom(QString document, QString address) {
    document = document.section(u'#', 0, 0).section(u'?', 0, 0); // RFC 3986 §5.2.3: the base's path alone
    static const QRegularExpression origin(QStringLiteral("^https?://[^/]+"),
                                           QRegularExpression::CaseInsensitiveOption);
    const QString host = origin.match(document).captured();
    if (address.startsWith(QLatin1String("//"))) return document.section(u'/', 0, 0) + address;
    if (address.startsWith(u'/')) return host + address;
    QStringList folders = document.mid(host.size()).split(u'/');
    folders.removeLast();
    for (const QString& step : address.split(u'/')) {
        if (step == QLatin1String(".")) continue;
        if (step != QLatin1String(".."))
            folders.append(step);
        else if (folders.size() > 1)
            folders.removeLast();
    }
    address = folders.join(u'/');
    return host + (address.isEmpty() || address.startsWith(u'/') ? address : QString(u'/' + address));
}

constexpr int maxBases = 50; ///< servers of operations that become variables

class OpenApiDraft {
public:
    explicit OpenApiDraft(const ApiDescription& api) : m_api(api) {
        m_draft.format = QStringLiteral("openapi");
        m_draft.name = api.title;
        m_draft.api = api;
    }

    Draft make() {
        QStringList tags;
        QMap<QString, QList<DraftItem>> byTag;
        for (const ApiOperation& operation : m_api.operations) {
            DraftItem item;
            item.request = requestOf(operation);
            item.name = item.request.name;
            const QString tag = operation.tags.value(0);
            if (!tags.contains(tag)) tags.append(tag);
            byTag[tag].append(item);
        }
        for (const QString& tag : std::as_const(tags)) {
            if (tag.isEmpty()) {
                m_draft.items += byTag.value(tag);
                continue;
            }
            DraftItem folder;
            folder.isFolder = true;
            folder.name = tag;
            folder.children = byTag.value(tag);
            m_draft.items.append(folder);
        }
        environments();
        for (const ApiNote& note : m_api.notes)
            noteOnce(
                m_draft,
                note.place.line > 0
                    ? QStringLiteral("%1:%2: %3").arg(note.place.file).arg(note.place.line).arg(note.text)
                    : note.text);
        return std::move(m_draft);
    }

private:
    RequestSpec requestOf(const ApiOperation& operation) {
        RequestSpec spec;
        spec.method = operation.method;
        spec.name =
            operation.summary.isEmpty() ? operation.method + u' ' + operation.path : operation.summary;
        spec.url = baseOf(operation) + operation.path;
        QStringList cookies, optional;
        for (const ApiParameter& parameter : operation.parameters) {
            if (parameter.in == QLatin1String("path"))
                spec.params.append(
                    {ParamRow::In::Path, parameter.name, parameter.example, parameter.description, true});
            else if (parameter.in == QLatin1String("query"))
                addQuery(spec, parameter.name, parameter.example, parameter.required, parameter.description);
            else if (parameter.in == QLatin1String("querystring"))
                addQuery(spec, parameter.example, {}, parameter.required, parameter.description, false);
            else if (parameter.in == QLatin1String("header"))
                spec.headers.append(
                    {parameter.name, parameter.example, parameter.description, parameter.required});
            else if (parameter.in == QLatin1String("cookie"))
                (parameter.required ? cookies : optional).append(parameter.name + u'=' + parameter.example);
        }
        if (!cookies.isEmpty())
            spec.headers.append({QStringLiteral("Cookie"), cookies.join(QStringLiteral("; ")), {}, true});
        for (const QString& cookie : std::as_const(optional)) // a cookie is a credential here, on or off
            noteOnce(m_draft, ImportText::tr("%1 %2: the cookie %3 is optional and is left out.")
                                  .arg(operation.method, operation.path, cookie.section(u'=', 0, 0)));
        if (operation.bodyType.startsWith(QLatin1String("multipart/form-data"))) {
            spec.body.kind = BodySpec::Kind::Multipart;
            spec.body.parts = operation.bodyParts;
        } else if (!operation.bodyType.isEmpty()) {
            spec.body = textBody(operation.bodyExample, operation.bodyType);
        }
        return spec;
    }

    /// The address of a server, full where it can be.
    QString addressOf(const ApiServer& server, bool withVariables) {
        withVariables = withVariables && !server.pattern.isEmpty();
        QString url = withVariables ? server.pattern : server.url;
        if (withVariables)
            for (const ApiServerVariable& variable : server.variables)
                url.replace(u'{' + variable.name + u'}',
                            isName(variable.name)
                                ? QString(QStringLiteral("{{") + variable.name + QStringLiteral("}}"))
                                : variable.value);
        if (!url.contains(QLatin1String("://")) && !url.startsWith(QLatin1String("{{"))) {
            if (m_api.file.contains(QLatin1String("://")) && isDocumentAddress(m_api.file))
                url = seenFrom(m_api.file, url);
            else
                noteOnce(m_draft,
                         ImportText::tr("The server %1 is seen from the document's own address, which is not "
                                        "known: complete baseUrl in the environment.")
                             .arg(url.isEmpty() ? QStringLiteral("/") : url));
        }
        while (url.endsWith(u'/'))
            url.chop(1);
        return url;
    }

    static bool isName(const QString& name) {
        static const QRegularExpression word(QStringLiteral("^[A-Za-z_][\\w.\\-]*$"));
        return word.match(name).hasMatch() && name != QLatin1String("baseUrl");
    }

    /// An operation with servers of its own has a variable of its own. It is named by the address, so that it
    /// is the same when the document comes again.
    QString baseOf(const ApiOperation& operation) {
        if (operation.servers.isEmpty() || operation.servers == m_api.servers)
            return QStringLiteral("{{baseUrl}}");
        const QString address = addressOf(operation.servers.first(), false);
        if (operation.servers.size() > 1) tellOthers(operation, address);
        auto known = m_bases.constFind(address);
        if (known == m_bases.constEnd()) {
            if (m_bases.size() >= maxBases) return address;
            static const QRegularExpression scheme(QStringLiteral("^\\w+://")), other(QStringLiteral("\\W+"));
            const QString plain =
                QStringLiteral("baseUrl_") +
                QString(address).remove(scheme).replace(other, QStringLiteral("_")).left(60);
            QString name = plain;
            for (int number = 2; m_bases.values().contains(name); ++number)
                name = plain + u'_' + QString::number(number);
            known = m_bases.insert(address, name);
            m_draft.variables.append({name, address, true});
            noteOnce(m_draft, ImportText::tr("%1 %2 has a server of its own, %3: it is the variable %4.")
                                  .arg(operation.method, operation.path, address, name));
        }
        return QStringLiteral("{{") + *known + QStringLiteral("}}");
    }

    /// Of several servers of its own only the first can be the request's: said once for each list of them.
    void tellOthers(const ApiOperation& operation, const QString& taken) {
        QStringList others;
        for (const ApiServer& server : operation.servers.mid(1, maxBases))
            others.append(addressOf(server, false));
        const QString list = others.join(QStringLiteral(", "));
        if (m_told.contains(taken + u' ' + list)) return;
        m_told.insert(taken + u' ' + list);
        noteOnce(m_draft, ImportText::tr("%1 %2 has several servers of its own. The first, %3, is taken; the "
                                         "others are: %4.")
                              .arg(operation.method, operation.path, taken, list));
    }

    void environments() {
        QList<ApiServer> servers = m_api.servers;
        if (servers.isEmpty() && isDocumentAddress(m_api.file)) // "/" it is then (OpenAPI 3.1 §4.8.1.1)
            servers = {{QStringLiteral("/"), {}, QStringLiteral("/"), {}}};
        int number = 0;
        for (const ApiServer& server : std::as_const(servers)) {
            Environment environment;
            ++number;
            environment.name = !server.description.isEmpty() ? server.description.left(60)
                               : servers.size() == 1         ? QStringLiteral("Default")
                                                             : QStringLiteral("Server %1").arg(number);
            for (const ApiServerVariable& variable : server.variables) {
                if (!isName(variable.name)) continue;
                environment.variables.append({variable.name, variable.value, true});
                if (!variable.values.isEmpty())
                    noteOnce(m_draft, ImportText::tr("The variable %1 of the server %2 can be: %3.")
                                          .arg(variable.name, server.pattern,
                                               variable.values.mid(0, 30).join(QStringLiteral(", "))));
            }
            environment.variables.append({QStringLiteral("baseUrl"), addressOf(server, true), true});
            m_draft.environments.append(environment);
        }
        if (m_draft.environments.isEmpty())
            m_draft.variables.prepend({QStringLiteral("baseUrl"), QString(), true});
    }

    const ApiDescription& m_api;
    Draft m_draft;
    QSet<QString> m_told;           ///< lists of servers
    QMap<QString, QString> m_bases; ///< addresses that some operations have of their own, and their variables
};

} // namespace

Draft draftOf(const ApiDescription& api) {
    return OpenApiDraft(api).make();
}

} // namespace kb::importing
