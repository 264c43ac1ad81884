// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/inherit.h"

#include <algorithm>

namespace kb {

namespace {

bool sameName(const QString& a, const QString& b) {
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

/// Puts rows over others: one of a name that is there already takes its place.
template<class Row, class Same> void putOver(QList<Row>& rows, const QList<Row>& more, Same same) {
    for (const Row& row : more) {
        const auto at = std::find_if(rows.begin(), rows.end(),
                                     [&](const Row& each) { return same(each.name, row.name); });
        if (at != rows.end())
            *at = row;
        else
            rows.append(row);
    }
}

} // namespace

QList<RequestDefaults> defaultsAbove(const Workspace& workspace, const QString& path) {
    QList<RequestDefaults> all{workspace.defaults};
    for (qsizetype slash = path.indexOf(u'/'); slash >= 0; slash = path.indexOf(u'/', slash + 1))
        if (const TreeItem* folder = workspace.find(path.left(slash));
            folder && folder->kind == TreeItem::Kind::Folder)
            all.append(folder->defaults);
    return all;
}

QString inheritedProfile(const Workspace& workspace, const QString& path) {
    QString id;
    for (const RequestDefaults& defaults : defaultsAbove(workspace, path))
        if (!defaults.profileId.isEmpty()) id = defaults.profileId;
    return id == explicitlyAnonymous() ? QString() : id;
}

QList<HeaderRow> inheritedHeaders(const Workspace& workspace, const QString& path) {
    QList<HeaderRow> headers;
    for (const RequestDefaults& defaults : defaultsAbove(workspace, path)) {
        QList<HeaderRow> on;
        std::copy_if(defaults.headers.begin(), defaults.headers.end(), std::back_inserter(on),
                     [](const HeaderRow& row) { return row.enabled && !row.name.isEmpty(); });
        putOver(headers, on, sameName);
    }
    return headers;
}

QList<Variable> folderVariables(const Workspace& workspace, const QString& path) {
    QList<Variable> variables;
    const QList<RequestDefaults> above = defaultsAbove(workspace, path);
    for (const RequestDefaults& defaults : above.mid(1))
        for (const Variable& variable : defaults.variables)
            if (variable.enabled)
                putOver(variables, {variable}, [](const QString& a, const QString& b) { return a == b; });
    return variables;
}

QList<Variable> ownVariables(const Workspace& workspace, const RequestSpec& spec) {
    QList<Variable> variables = folderVariables(workspace, spec.id);
    for (const Variable& variable : spec.variables)
        if (variable.enabled)
            putOver(variables, {variable}, [](const QString& a, const QString& b) { return a == b; });
    return variables;
}

RequestSpec withInherited(const Workspace& workspace, const RequestSpec& spec) {
    RequestSpec whole = spec;
    if (spec.profileId.isEmpty())
        whole.profileId = inheritedProfile(workspace, spec.id);
    else if (spec.profileId == explicitlyAnonymous())
        whole.profileId.clear();
    QList<HeaderRow> headers;
    for (const HeaderRow& row : inheritedHeaders(workspace, spec.id)) {
        const bool own = std::any_of(spec.headers.begin(), spec.headers.end(), [&](const HeaderRow& each) {
            return each.enabled && sameName(each.name, row.name);
        });
        if (!own && !spec.settings.removedDefaultHeaders.contains(row.name, Qt::CaseInsensitive))
            headers.append(row);
    }
    whole.headers = headers + spec.headers;
    return whole;
}

} // namespace kb
