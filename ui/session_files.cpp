// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that edits the tree, undoes that, and takes over what other programs change.
#include "core/run/folder_watch.h"
#include "core/run/tree_edit.h"
#include "core/workspace/opencollection.h"
#include "ui/session.h"

#include <QPointer>

namespace kb {

static TreeItem* folderAt(QList<TreeItem>& items, const QString& path) {
    for (TreeItem& item : items) {
        if (item.path == path) return &item;
        if (TreeItem* found = path.startsWith(item.path + u'/') ? folderAt(item.children, path) : nullptr)
            return found;
    }
    return nullptr;
}

/// What was done already when it is pushed.
class Session::TreeCommand final : public QUndoCommand {
public:
    TreeCommand(Session& session, const QString& text, TreeChange change)
        : QUndoCommand(text), m_session(session), m_change(std::move(change)) {}
    void redo() override {
        if (std::exchange(m_done, true)) run(m_change);
    }
    void undo() override { run(m_change.reversed()); }

private:
    void run(const TreeChange& change) {
        const Result<void> applied = m_session.applyTree(change);
        if (applied) return;
        setObsolete(true);
        Q_EMIT m_session.message(applied.error().text());
    }
    Session& m_session;
    TreeChange m_change;
    bool m_done = false;
};

/// Of the workspace's own settings. By their meaning, not by the file's bytes: profiles in it may have
/// changed since.
class Session::DefaultsCommand final : public QUndoCommand {
public:
    DefaultsCommand(Session& session, RequestDefaults before, RequestDefaults after)
        : QUndoCommand(tr("Settings of %1").arg(session.workspace().name)),
          m_session(session),
          m_before(std::move(before)),
          m_after(std::move(after)) {}
    void redo() override {
        if (std::exchange(m_done, true)) run(m_before, m_after);
    }
    void undo() override { run(m_after, m_before); }

private:
    void run(const RequestDefaults& present, const RequestDefaults& wanted) {
        // What another program made of them since stays.
        const Result<void> applied =
            m_session.workspace().defaults == present
                ? m_session.applyDefaults(wanted)
                : fail(ErrorCode::Conflict, Session::tr("The workspace's settings have changed meanwhile."),
                       {}, Session::tr("Nothing was touched."));
        if (applied) return;
        setObsolete(true);
        Q_EMIT m_session.message(applied.error().text());
    }
    Session& m_session;
    RequestDefaults m_before, m_after;
    bool m_done = false;
};

Result<void> Session::applyDefaults(const RequestDefaults& defaults) {
    Workspace changed = m_workspace;
    changed.defaults = defaults;
    const Result<void> saved = m_services.workspaces.saveRoot(changed);
    if (!saved) return saved;
    m_workspace = std::move(changed);
    Q_EMIT requestsChanged();
    Q_EMIT environmentChanged();
    return {};
}

Result<void> Session::saveDefaults(const QString& path, const RequestDefaults& defaults) {
    if (path.isEmpty()) {
        const RequestDefaults before = m_workspace.defaults;
        const Result<void> saved = applyDefaults(defaults);
        if (saved && !(before == defaults)) m_undo.push(new DefaultsCommand(*this, before, defaults));
        return saved;
    }
    Workspace changed = m_workspace;
    TreeItem* folder = folderAt(changed.items, path);
    if (!folder) return fail(ErrorCode::NotFound, tr("The folder is gone."), path);
    folder->defaults = defaults;
    const Result<void> saved =
        recorded(tr("Settings of %1").arg(folder->name), path + QStringLiteral("/folder.yml"),
                 [&] { return m_services.workspaces.saveFolder(changed, *folder); });
    if (!saved) return saved;
    m_workspace = std::move(changed);
    Q_EMIT requestsChanged();
    Q_EMIT environmentChanged();
    return {};
}

QHash<QString, QByteArray> Session::filesNow() const {
    QHash<QString, QByteArray> all;
    for (const QString& path : m_services.workspaces.filesBelow(m_workspace, {})) {
        if (path == opencollection::rootFileName()) continue;
        if (const auto bytes = m_services.workspaces.fileBytes(m_workspace, path); bytes && *bytes)
            all.insert(path, **bytes);
    }
    return all;
}

void Session::recordImport(const QString& name, const QHash<QString, QByteArray>& before) {
    // An import makes and changes files, and removes none.
    TreeChange change;
    const QHash<QString, QByteArray> after = filesNow();
    for (auto file = after.cbegin(); file != after.cend(); ++file) {
        const auto had = before.constFind(file.key());
        if (had == before.cend())
            change.files.append({file.key(), std::nullopt, *file});
        else if (*had != *file)
            change.files.append({file.key(), *had, *file});
    }
    if (!change.files.isEmpty())
        m_undo.push(new TreeCommand(*this, tr("Import %1").arg(name), std::move(change)));
}

Result<void> Session::applyTree(const TreeChange& change) {
    if (const Result<void> applied = m_services.workspaces.apply(m_workspace, change.files); !applied)
        return applied;
    Result<Workspace> now = m_services.workspaces.load(m_workspace.folder);
    if (!now) return tl::unexpected(now.error());
    if (!change.moved.isEmpty()) Q_EMIT itemsMoved(change.moved);
    takeOver(std::move(*now));
    return {};
}

Result<void> Session::edit(const QString& text, const Result<TreeChange>& change) {
    if (!change) return tl::unexpected(change.error());
    if (change->files.isEmpty()) return {};
    if (const Result<void> applied = applyTree(*change); !applied) return applied;
    m_undo.push(new TreeCommand(*this, text, *change));
    return {};
}

Result<void> Session::recorded(const QString& text, const QString& path,
                               const std::function<Result<void>()>& save) {
    WorkspaceStore& store = m_services.workspaces;
    const auto before = store.fileBytes(m_workspace, path);
    if (const Result<void> saved = save(); !saved) return saved;
    const auto after = store.fileBytes(m_workspace, path);
    if (!before || !after || *before == *after) return {};
    TreeChange change;
    change.files.append({path, *before, *after});
    m_undo.push(new TreeCommand(*this, text, std::move(change)));
    return {};
}

static QString nameOf(const Workspace& workspace, const QStringList& paths) {
    const TreeItem* item = paths.size() == 1 ? workspace.find(paths.first()) : nullptr;
    return item ? item->name : Session::tr("%n item(s)", nullptr, static_cast<int>(paths.size()));
}

Result<void> Session::removeItems(const QStringList& paths) {
    return edit(tr("Delete %1").arg(nameOf(m_workspace, paths)),
                kb::removeItems(m_services.workspaces, m_workspace, paths));
}

Result<QStringList> Session::duplicateItems(const QStringList& paths) {
    const Result<TreeChange> change = kb::duplicateItems(m_services.workspaces, m_workspace, paths);
    return edit(tr("Duplicate %1").arg(nameOf(m_workspace, paths)), change).map([&] { return change->made; });
}

Result<void> Session::renameItem(const QString& path, const QString& name) {
    return edit(tr("Rename %1").arg(nameOf(m_workspace, {path})),
                kb::renameItem(m_services.workspaces, m_workspace, path, name));
}

Result<void> Session::moveItems(const QStringList& paths, const QString& folder,
                                const std::optional<QString>& before) {
    return edit(tr("Move %1").arg(nameOf(m_workspace, paths)),
                kb::moveItems(m_services.workspaces, m_workspace, paths, folder, before));
}

Result<QString> Session::makeFolder(const QString& folder, const QString& name) {
    const Result<TreeChange> change = kb::makeFolder(m_services.workspaces, m_workspace, folder, name);
    return edit(tr("New folder %1").arg(name), change).map([&] { return change->made.value(0); });
}

void Session::watchFolder() {
    if (!m_services.watch) return;
    const QPointer<Session> self(this);
    m_services.watch->watch(m_workspace.folder, [self] {
        if (self) self->refreshFromDisk();
    });
    watchDotEnvFiles();
}

void Session::watchDotEnvFiles() {
    if (!m_services.watch) return;
    QStringList paths;
    for (const Environment& environment : std::as_const(m_workspace.environments))
        if (!environment.dotEnvFile.isEmpty()) paths.append(environment.dotEnvFile);
    m_services.watch->alsoWatch(paths);
}

void Session::refreshFromDisk() {
    // An import writes many files itself, and reads them when it is done.
    if (m_workspace.folder.isEmpty() || m_import) return;
    if (!m_services.workspaces.changedOutside(m_workspace.folder)) return;
    Result<Workspace> now = m_services.workspaces.load(m_workspace.folder);
    if (now) {
        m_diskProblem.clear();
        takeOver(std::move(*now));
        return;
    }
    // In the middle of a branch switch, or broken by hand: what is here stays as it is until it can be read.
    const QString problem = now.error().text();
    if (problem == std::exchange(m_diskProblem, problem)) return;
    Q_EMIT message(tr("The workspace's files cannot be read again: %1").arg(problem));
}

void Session::takeOver(Workspace now) {
    const Workspace before = std::exchange(m_workspace, std::move(now));
    const bool profiles = before.profiles != m_workspace.profiles;
    if (!m_workspace.environment(m_environment))
        m_environment =
            m_workspace.environments.isEmpty() ? QString() : m_workspace.environments.first().name;
    if (profiles && m_tick.isActive()) loadStates();
    Q_EMIT itemsReplaced();
    Q_EMIT requestsChanged();
    Q_EMIT environmentChanged(); // folders give variables, too
    if (profiles) Q_EMIT profilesChanged();
    for (const FileProblem& problem : std::as_const(m_workspace.problems)) {
        const bool known = std::any_of(before.problems.cbegin(), before.problems.cend(),
                                       [&](const FileProblem& each) { return each.path == problem.path; });
        if (!known) Q_EMIT message(problem.path + QStringLiteral(": ") + problem.error.text());
    }
}

} // namespace kb
