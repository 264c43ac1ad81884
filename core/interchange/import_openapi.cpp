// SPDX-License-Identifier: GPL-3.0-or-later
// The requests of an OpenAPI document.
#include "core/http/url_template.h"
#include "core/interchange/import_draft.h"

namespace kb::importing {

namespace {

RequestSpec requestOf(const ApiOperation& operation) {
    RequestSpec spec;
    spec.method = operation.method;
    spec.name = operation.summary.isEmpty() ? operation.method + u' ' + operation.path : operation.summary;
    spec.url = QStringLiteral("{{baseUrl}}") + operation.path;
    QStringList cookies;
    for (const ApiParameter& parameter : operation.parameters) {
        if (parameter.in == QLatin1String("path"))
            spec.params.append(
                {ParamRow::In::Path, parameter.name, parameter.example, parameter.description, true});
        else if (parameter.in == QLatin1String("query"))
            addQuery(spec, parameter.name, parameter.example, parameter.required, parameter.description);
        else if (parameter.in == QLatin1String("header"))
            spec.headers.append(
                {parameter.name, parameter.example, parameter.description, parameter.required});
        else if (parameter.required)
            cookies.append(parameter.name + u'=' + parameter.example);
    }
    if (!cookies.isEmpty())
        spec.headers.append({QStringLiteral("Cookie"), cookies.join(QStringLiteral("; ")), {}, true});
    if (operation.bodyType.startsWith(QLatin1String("multipart/form-data")))
        spec.body.kind = BodySpec::Kind::Multipart; // its parts are for the user to fill in
    else if (!operation.bodyType.isEmpty())
        spec.body = textBody(operation.bodyExample, operation.bodyType);
    return spec;
}

} // namespace

Draft draftOf(const ApiDescription& api) {
    Draft draft;
    draft.format = QStringLiteral("openapi");
    draft.name = api.title;
    draft.api = api;
    QStringList tags;
    QMap<QString, QList<DraftItem>> byTag;
    for (const ApiOperation& operation : api.operations) {
        DraftItem item;
        item.request = requestOf(operation);
        item.name = item.request.name;
        const QString tag = operation.tags.value(0);
        if (!tags.contains(tag)) tags.append(tag);
        byTag[tag].append(item);
    }
    for (const QString& tag : std::as_const(tags)) {
        if (tag.isEmpty()) {
            draft.items += byTag.value(tag);
            continue;
        }
        DraftItem folder;
        folder.isFolder = true;
        folder.name = tag;
        folder.children = byTag.value(tag);
        draft.items.append(folder);
    }
    int number = 0;
    for (const ApiServer& server : api.servers) {
        Environment environment;
        ++number;
        environment.name = !server.description.isEmpty() ? server.description.left(60)
                           : api.servers.size() == 1     ? QStringLiteral("Default")
                                                         : QStringLiteral("Server %1").arg(number);
        QString url = server.url;
        while (url.endsWith(u'/'))
            url.chop(1);
        environment.variables = {{QStringLiteral("baseUrl"), url, true}};
        draft.environments.append(environment);
    }
    if (draft.environments.isEmpty()) draft.variables = {{QStringLiteral("baseUrl"), QString(), true}};
    for (const ApiNote& note : api.notes)
        noteOnce(draft,
                 note.place.line > 0
                     ? QStringLiteral("%1:%2: %3").arg(note.place.file).arg(note.place.line).arg(note.text)
                     : note.text);
    return draft;
}

} // namespace kb::importing
