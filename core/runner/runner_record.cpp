// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runner/runner_record.h"
#include "core/runner/runner_text.h"

#include "core/auth/misplaced_token.h"
#include "core/http/url_template.h"
#include "core/workspace/inherit.h"

#include <QSet>
#include <algorithm>

namespace kb {

namespace {

void gather(const Workspace& workspace, const QList<TreeItem>& items, bool scripts, bool all,
            const QStringList& wanted, QSet<QString>& met, QList<RunnerRequest>& found) {
    for (const TreeItem& item : items) {
        const bool named = wanted.contains(item.path);
        if (named) met.insert(item.path);
        const bool hasScripts = scripts || item.hasScripts;
        if (item.kind == TreeItem::Kind::Folder)
            gather(workspace, item.children, hasScripts, all || named, wanted, met, found);
        else if (all || named)
            found.append({item.path, item.name, withInherited(workspace, item.request),
                          ownVariables(workspace, item.request), hasScripts});
    }
}

/// "users/", "./users" and "users" are one path; a request may be named without ".yml".
QString plainPath(const Workspace& workspace, QString path) {
    path.replace(u'\\', u'/');
    while (path.startsWith(QLatin1String("./")))
        path.remove(0, 2);
    while (path.endsWith(u'/'))
        path.chop(1);
    if (!workspace.find(path) && workspace.find(path + QStringLiteral(".yml")))
        path += QStringLiteral(".yml");
    return path;
}

} // namespace

QString stateName(RunnerEntry::State state) {
    switch (state) {
    case RunnerEntry::State::Passed:
        return QStringLiteral("passed");
    case RunnerEntry::State::Failed:
        return QStringLiteral("failed");
    case RunnerEntry::State::Error:
        return QStringLiteral("error");
    case RunnerEntry::State::Waiting:
    case RunnerEntry::State::Skipped:
        break;
    }
    return QStringLiteral("skipped");
}

QString shownAddress(const QString& url) {
    const QString dots(4, QChar(0x2022));
    UrlParts parts = splitUrl(url);
    for (QueryField& field : parts.query)
        if (!field.value.isEmpty() && variableUses(field.value).isEmpty() &&
            (isSecretName(field.name) || hasTokenShape(field.value)))
            field.value = dots;
    const qsizetype start = parts.base.indexOf(QLatin1String("://"));
    const qsizetype path = start < 0 ? -1 : parts.base.indexOf(u'/', start + 3);
    const qsizetype at =
        start < 0 ? -1 : parts.base.left(path < 0 ? parts.base.size() : path).lastIndexOf(u'@');
    if (at > 0) parts.base = parts.base.left(start + 3) + dots + parts.base.mid(at);
    static const Redactor shapes;
    return shapes.text(joinUrl(parts));
}

int RunnerRecord::count(RunnerEntry::State state) const {
    return int(std::count_if(entries.begin(), entries.end(),
                             [&](const RunnerEntry& entry) { return entry.state == state; }));
}

QMap<QString, std::pair<int, int>> RunnerRecord::answersByProfile() const {
    QMap<QString, std::pair<int, int>> all;
    for (const RunnerEntry& entry : entries) {
        if (entry.profile.isEmpty() || entry.status == 0) continue;
        auto& [answers, refused] = all[entry.profile];
        ++answers;
        refused += entry.status == 401 || entry.status == 403 ? 1 : 0;
    }
    return all;
}

int RunnerRecord::uncheckedCount() const {
    return int(std::count_if(entries.begin(), entries.end(),
                             [](const RunnerEntry& entry) { return entry.isUnchecked(); }));
}

int RunnerRecord::checkCount(bool passed) const {
    int count = 0;
    for (const RunnerEntry& entry : entries)
        for (const CheckResult& check : entry.checks)
            count += (check.state == CheckResult::State::Passed) == passed;
    return count;
}

QString RunnerRecord::scriptsNote() const {
    QStringList paths;
    for (const RunnerRequest& request : requests)
        if (request.hasScripts) paths.append(request.path);
    if (paths.isEmpty()) return {};
    const int count = int(paths.size());
    const QString more = count > 3 ? QStringLiteral(" …") : QString();
    return RunnerText::tr("%n request(s) have scripts, which are kept and not run: %1", nullptr, count)
        .arg(paths.mid(0, 3).join(QStringLiteral(", ")) + more);
}

bool RunnerRecord::isClean() const {
    return !entries.isEmpty() && count(RunnerEntry::State::Passed) == entries.size();
}

Result<QList<RunnerRequest>> requestsAt(const Workspace& workspace, const QStringList& paths) {
    QStringList wanted;
    bool all = paths.isEmpty();
    for (const QString& path : paths) {
        const QString plain = plainPath(workspace, path);
        if (plain.isEmpty() || plain == QLatin1String(".")) {
            all = true;
            continue;
        }
        if (!workspace.find(plain))
            return fail(
                ErrorCode::NotFound, RunnerText::tr("The workspace has no request or folder %1.").arg(path),
                workspace.folder, RunnerText::tr("Write its path as it is in the workspace's folder."));
        wanted.append(plain);
    }
    QSet<QString> met;
    QList<RunnerRequest> found;
    gather(workspace, workspace.items, workspace.hasScripts, all, wanted, met, found);
    if (found.isEmpty())
        return fail(ErrorCode::NotFound, RunnerText::tr("There is no request to send."), workspace.folder);
    return found;
}

} // namespace kb
