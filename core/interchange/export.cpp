// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/export_private.h"
#include "core/interchange/export_text.h"

#include "core/http/url_template.h"
#include "core/interchange/export_clean.h"
#include "core/workspace/inherit.h"

namespace kb {

namespace {

using Writer = Result<QByteArray> (*)(exporting::Source&);
struct Format {
    const char* id;
    const char* extension;
    Writer writer;
};
constexpr Format formats[] = {{"postman", "json", exporting::postman},
                              {"openapi", "json", exporting::openApi},
                              {"har", "har", exporting::har},
                              {"opencollection", "yml", exporting::openCollection},
                              {"k6", "js", exporting::k6},
                              {"jmeter", "jmx", exporting::jmeter}};

QList<TreeItem> chosen(const QList<TreeItem>& items, const QStringList& paths, QStringList& found) {
    QList<TreeItem> all;
    for (const TreeItem& item : items) {
        if (paths.contains(item.path)) {
            found.append(item.path);
            all.append(item);
        } else if (item.kind == TreeItem::Kind::Folder) {
            TreeItem folder = item;
            folder.children = chosen(item.children, paths, found);
            if (!folder.children.isEmpty()) all.append(folder);
        }
    }
    return all;
}

void collect(const QList<TreeItem>& items, QList<const RequestSpec*>& out) {
    for (const TreeItem& item : items) {
        if (item.kind == TreeItem::Kind::Request) out.append(&item.request);
        collect(item.children, out);
    }
}

QString filledIn(const QString& text, const QList<Variable>& variables) {
    constexpr qsizetype longest = 1024 * 1024; // values that name each other could fill the memory
    QString out = text;
    for (int depth = 0; depth < 10 && out.size() < longest; ++depth) {
        const QString before = out;
        for (const Variable& variable : variables)
            if (out.size() < longest)
                out.replace(QStringLiteral("{{") + variable.name + QStringLiteral("}}"),
                            valueWithoutSecret(variable.name, variable.value));
        if (out == before) break;
    }
    return out;
}

/// Others do not know our folders: each request gets what its folders give it, their variables filled in.
void flatten(const Workspace& workspace, QList<TreeItem>& items) {
    for (TreeItem& item : items) {
        flatten(workspace, item.children);
        item.defaults = {};
        if (item.kind != TreeItem::Kind::Request) continue;
        RequestSpec spec = item.request;
        spec.id = item.path;
        spec = withInherited(workspace, spec);
        const QList<Variable> variables = ownVariables(workspace, spec);
        spec.url = filledIn(spec.url, variables);
        for (HeaderRow& row : spec.headers)
            row.value = filledIn(row.value, variables);
        for (ParamRow& row : spec.params)
            row.value = filledIn(row.value, variables);
        for (BodyPart& part : spec.body.parts)
            part.value = filledIn(part.value, variables);
        spec.body.text = filledIn(spec.body.text, variables);
        spec.id = item.request.id;
        spec.variables.clear();
        item.request = spec;
    }
}

/// One program a request.
Result<QByteArray> programs(const QString& target, exporting::Source& source) {
    QStringList all;
    for (const RequestSpec* spec : source.requests()) {
        const Result<SnippetRequest> request =
            snippetRequest(*spec, source.profileOf(*spec), source.variables);
        const Result<QString> code = request ? snippet(target, *request) : tl::unexpected(request.error());
        if (code)
            all.append(*code);
        else if (source.requests().size() == 1)
            return tl::unexpected(code.error());
        else
            source.notes.append(ExportText::tr("%1 is left out: %2").arg(spec->name, code.error().what));
    }
    return all.join(u'\n').toUtf8();
}

} // namespace

QStringList exportFormats() {
    QStringList all;
    for (const Format& format : formats)
        all.append(QLatin1String(format.id));
    for (const SnippetTarget& target : snippetTargets())
        all.append(target.id);
    return all;
}

QString exportExtension(const QString& id) {
    for (const Format& format : formats)
        if (id == QLatin1String(format.id)) return QLatin1String(format.extension);
    for (const SnippetTarget& target : snippetTargets())
        if (target.id == id) return target.extension;
    return {};
}

Result<Exported> exportRequests(const QString& format, const ExportInput& input) {
    Exported out;
    Workspace clean = input.workspace;
    if (!input.paths.isEmpty()) {
        QStringList found;
        clean.items = chosen(input.workspace.items, input.paths, found);
        for (const QString& path : input.paths)
            if (!found.contains(path))
                return fail(
                    ErrorCode::NotFound, ExportText::tr("There is no request or folder %1.").arg(path), path,
                    ExportText::tr("Name it by its path within the workspace, such as users/list.yml."));
    }
    flatten(input.workspace, clean.items);
    clean.items = withoutSecrets(clean.items, out.notes);
    clean.environments = withoutSecrets(clean.environments);
    for (Variable& variable : clean.defaults.variables)
        variable.value = valueWithoutSecret(variable.name, variable.value);
    exporting::Source source{
        clean, clean.items,
        withPlaceholders(variablesOf(clean, input.environment), secretVariablesOf(clean, input.environment)),
        out.notes};
    if (source.requests().isEmpty())
        return fail(ErrorCode::NotFound, ExportText::tr("The workspace has no request."),
                    input.workspace.folder);
    Result<QByteArray> text =
        fail(ErrorCode::InvalidInput, ExportText::tr("There is no format called %1.").arg(format), {},
             ExportText::tr("There are: %1.").arg(exportFormats().join(QStringLiteral(", "))));
    for (const Format& each : formats)
        if (format == QLatin1String(each.id)) text = each.writer(source);
    for (const SnippetTarget& target : snippetTargets())
        if (target.id == format) text = programs(format, source);
    if (!text) return tl::unexpected(text.error());
    out.text = *text;
    return out;
}

namespace exporting {

QList<const RequestSpec*> Source::requests() const {
    QList<const RequestSpec*> all;
    collect(items, all);
    return all;
}

TemplateUrl templateUrl(const QString& url) {
    TemplateUrl out;
    const UrlParts parts = splitUrl(url);
    for (const QueryField& field : parts.query)
        out.query.append({field.name, field.value});
    QString text = parts.base;
    const QList<PathParameter> parameters = pathParameters(text);
    for (qsizetype i = parameters.size(); i-- > 0;) {
        const PathParameter& parameter = parameters.at(i);
        text.replace(parameter.start, parameter.length, u'{' + parameter.name + u'}');
    }
    const qsizetype scheme = text.indexOf(QLatin1String("://"));
    const qsizetype slash = text.indexOf(u'/', scheme < 0 ? 0 : scheme + 3);
    out.base = slash < 0 ? text : text.left(slash);
    out.path = slash < 0 ? QStringLiteral("/") : text.mid(slash);
    return out;
}

} // namespace exporting

} // namespace kb
