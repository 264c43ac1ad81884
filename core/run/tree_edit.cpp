// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/tree_edit.h"

#include "core/workspace/file_name.h"
#include "core/workspace/opencollection.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace oc = opencollection;

namespace {

struct TreeEditText {
    Q_DECLARE_TR_FUNCTIONS(TreeEdit)
};

QString lastPart(const QString& path) {
    return path.mid(path.lastIndexOf(u'/') + 1);
}
QString below(const QString& folder, const QString& name) {
    return folder.isEmpty() ? name : folder + u'/' + name;
}

tl::unexpected<Error> gone(const QString& path) {
    return fail(ErrorCode::NotFound, TreeEditText::tr("It is no longer in the workspace."), path);
}

/// Collects what happens to files; what is asked twice of one file becomes one change.
class Editor {
public:
    Editor(WorkspaceStore& store, const Workspace& workspace) : m_store(store), m_workspace(workspace) {}

    const QList<TreeItem>& children(const QString& folder) const {
        const TreeItem* item = folder.isEmpty() ? nullptr : m_workspace.find(folder);
        return item ? item->children : m_workspace.items;
    }
    /// Those that are there, each once, and none that lies within another one of them.
    Result<QList<const TreeItem*>> items(const QStringList& paths) const {
        QList<const TreeItem*> found;
        for (const QString& path : paths) {
            const bool within = std::any_of(paths.cbegin(), paths.cend(), [&](const QString& other) {
                return path.startsWith(other + u'/');
            });
            const TreeItem* item = m_workspace.find(path);
            if (!item) return gone(path);
            if (!within && !found.contains(item)) found.append(item);
        }
        return found;
    }
    /// The item's own file, which a folder may lack.
    static QString fileOf(const TreeItem& item, const QString& at) {
        return item.kind == TreeItem::Kind::Folder ? at + u'/' + oc::folderFileName() : at;
    }
    QStringList filesOf(const TreeItem& item) const {
        return item.kind == TreeItem::Kind::Request ? QStringList{item.path}
                                                    : m_store.filesBelow(m_workspace, item.path);
    }

    Result<FileChange*> file(const QString& path) {
        if (const auto at = m_files.find(path); at != m_files.end()) return &*at;
        const auto bytes = m_store.fileBytes(m_workspace, path);
        if (!bytes) return tl::unexpected(bytes.error());
        return &*m_files.insert(path, FileChange{path, *bytes, *bytes});
    }
    Result<void> copy(const QString& from, const QString& to) {
        const auto source = file(from);
        if (!source) return tl::unexpected(source.error());
        const std::optional<QByteArray> bytes = (*source)->after;
        return file(to).map([&](FileChange* target) { target->after = bytes; });
    }
    Result<void> drop(const QString& path) {
        return file(path).map([](FileChange* target) { target->after.reset(); });
    }
    /// Writes the item's name and place into its file, which stands at that path from now on.
    Result<void> write(TreeItem item, const QString& at) {
        item.path = at;
        item.request.id = at;
        item.request.name = item.name;
        const auto target = file(fileOf(item, at));
        if (!target) return tl::unexpected(target.error());
        const QByteArray present = (*target)->after.value_or(QByteArray());
        const auto text = item.kind == TreeItem::Kind::Folder ? oc::writeFolder(item, present)
                                                              : oc::writeRequest(item, present);
        if (!text) return tl::unexpected(text.error());
        (*target)->after = *text;
        return {};
    }
    QString freeName(const TreeItem& item, const QString& folder, const QString& wanted) {
        QStringList& taken = m_taken[folder];
        if (taken.isEmpty()) taken = m_store.takenNames(m_workspace, folder);
        const bool isFolder = item.kind == TreeItem::Kind::Folder;
        const QString end = isFolder ? QString() : wanted.right(4);
        const QString stem = isFolder ? wanted : wanted.chopped(4);
        QString name = wanted;
        for (int number = 2; taken.contains(name, Qt::CaseInsensitive); ++number)
            name = stem + u'-' + QString::number(number) + end;
        taken.append(name);
        return below(folder, name);
    }
    /// Its files at another place; the old ones stay.
    Result<void> copyFiles(const TreeItem& item, const QString& to) {
        for (const QString& path : filesOf(item))
            if (const auto copied = copy(path, to + path.mid(item.path.size())); !copied) return copied;
        return {};
    }

    TreeChange take() {
        // What is made comes first: a program that is killed in between leaves two, never none.
        for (const FileChange& each : std::as_const(m_files))
            if (each.after && each.before != each.after) change.files.append(each);
        for (const FileChange& each : std::as_const(m_files))
            if (!each.after && each.before) change.files.append(each);
        return std::move(change);
    }

    TreeChange change;

private:
    WorkspaceStore& m_store;
    const Workspace& m_workspace;
    QMap<QString, FileChange> m_files;
    QHash<QString, QStringList> m_taken;
};

/// The neighbours of one kind in their new order.
struct Row {
    TreeItem item; ///< with the order it has now
    QString at;    ///< where it stands in the end
    bool moved = false;
};

Result<void> renumber(Editor& editor, const QList<Row>& rows) {
    // Those without a number stand last, by name; they may stay so behind the last one that was put
    // somewhere.
    qsizetype numbered = 0;
    for (qsizetype i = 0; i < rows.size(); ++i)
        if (rows[i].moved || rows[i].item.order > 0) numbered = i + 1;
    QList<int> present;
    for (const Row& row : rows.first(numbered))
        present.append(row.item.order);
    const QList<int> wanted = numbersInOrder(present);
    for (qsizetype i = 0; i < numbered; ++i) {
        if (wanted[i] == rows[i].item.order) continue;
        TreeItem item = rows[i].item;
        item.order = wanted[i];
        if (const auto written = editor.write(item, rows[i].at); !written) return written;
    }
    return {};
}

Result<void> place(Editor& editor, TreeItem::Kind kind, const QList<Row>& moved, const QString& folder,
                   const std::optional<QString>& before) {
    QList<Row> rows;
    int last = 0;
    for (const TreeItem& item : editor.children(folder)) {
        const bool goes = std::any_of(moved.cbegin(), moved.cend(),
                                      [&](const Row& row) { return row.item.path == item.path; });
        if (item.kind != kind || goes) continue;
        rows.append({item, item.path, false});
        last = std::max(last, item.order);
    }
    if (!before) {
        if (last == 0) return {};
        for (const Row& row : moved) {
            TreeItem item = row.item;
            item.order = ++last;
            if (const auto written = editor.write(item, row.at); !written) return written;
        }
        return {};
    }
    const auto at =
        std::find_if(rows.cbegin(), rows.cend(), [&](const Row& row) { return row.item.path == *before; });
    qsizetype index = at - rows.cbegin();
    // Folders stand before requests: what is put before a folder is the first request.
    if (at == rows.cend() && kind == TreeItem::Kind::Request && !before->isEmpty()) {
        const auto& all = editor.children(folder);
        const bool isFolder = std::any_of(all.cbegin(), all.cend(), [&](const TreeItem& item) {
            return item.path == *before && item.kind == TreeItem::Kind::Folder;
        });
        if (isFolder) index = 0;
    }
    for (const Row& row : moved)
        rows.insert(index++, row);
    return renumber(editor, rows);
}

} // namespace

TreeChange TreeChange::reversed() const {
    TreeChange back;
    for (const FileChange& each : files) // what comes back first, then what goes
        if (each.before) back.files.append({each.path, each.after, each.before});
    for (const FileChange& each : files)
        if (!each.before) back.files.append({each.path, each.after, each.before});
    for (auto it = moved.cbegin(); it != moved.cend(); ++it)
        back.moved.insert(it.value(), it.key());
    return back;
}

QList<int> numbersInOrder(const QList<int>& present) {
    // A number may stay if there is room before it for all that stand there, and between it and the next one
    // that stays. So the longest run whose distance from its position never falls is what stays.
    const qsizetype count = present.size();
    QList<qsizetype> ends;                // of runs of each length, the end with the least distance
    QList<qsizetype> previous(count, -1); // in its run
    const auto distance = [&](qsizetype i) { return present[i] - static_cast<int>(i); };
    for (qsizetype i = 0; i < count; ++i) {
        if (present[i] < static_cast<int>(i) + 1) continue;
        const auto at = std::upper_bound(ends.begin(), ends.end(), i,
                                         [&](qsizetype a, qsizetype b) { return distance(a) < distance(b); });
        previous[i] = at == ends.begin() ? -1 : *(at - 1);
        if (at == ends.end())
            ends.append(i);
        else
            *at = i;
    }
    QList<int> numbers(count, 0);
    for (qsizetype i = ends.isEmpty() ? -1 : ends.last(); i >= 0; i = previous[i])
        numbers[i] = present[i];
    int last = 0;
    for (int& number : numbers)
        last = number = number > 0 ? number : last + 1;
    return numbers;
}

Result<TreeChange> moveItems(WorkspaceStore& store, const Workspace& workspace, const QStringList& paths,
                             const QString& folder, const std::optional<QString>& before) {
    Editor editor(store, workspace);
    const TreeItem* target = folder.isEmpty() ? nullptr : workspace.find(folder);
    if (!folder.isEmpty() && (!target || target->kind != TreeItem::Kind::Folder)) return gone(folder);
    const auto items = editor.items(paths);
    if (!items) return tl::unexpected(items.error());
    QList<Row> folders, requests;
    for (const TreeItem* item : *items) {
        if (folder == item->path || folder.startsWith(item->path + u'/'))
            return fail(ErrorCode::InvalidInput, TreeEditText::tr("A folder cannot be put into itself."),
                        item->path);
        QString at = item->path;
        if (parentOf(at) != folder) {
            at = editor.freeName(*item, folder, lastPart(item->path));
            if (const auto copied = editor.copyFiles(*item, at); !copied)
                return tl::unexpected(copied.error());
            for (const QString& path : editor.filesOf(*item))
                if (const auto dropped = editor.drop(path); !dropped) return tl::unexpected(dropped.error());
            editor.change.moved.insert(item->path, at);
        } else if (!before) {
            continue; // it is there
        }
        (item->kind == TreeItem::Kind::Folder ? folders : requests).append({*item, at, true});
    }
    for (const auto& [kind, rows] :
         {std::pair(TreeItem::Kind::Folder, folders), std::pair(TreeItem::Kind::Request, requests)}) {
        if (rows.isEmpty()) continue;
        if (const auto placed = place(editor, kind, rows, folder, before); !placed)
            return tl::unexpected(placed.error());
    }
    return editor.take();
}

Result<TreeChange> renameItem(WorkspaceStore& store, const Workspace& workspace, const QString& path,
                              const QString& name) {
    const TreeItem* item = workspace.find(path);
    if (!item) return gone(path);
    if (name.trimmed().isEmpty())
        return fail(ErrorCode::InvalidInput, TreeEditText::tr("The name is empty."), {},
                    TreeEditText::tr("Give it a name."));
    Editor editor(store, workspace);
    TreeItem renamed = *item;
    renamed.name = name.trimmed();
    return editor.write(renamed, path).map([&] { return editor.take(); });
}

Result<TreeChange> duplicateItems(WorkspaceStore& store, const Workspace& workspace,
                                  const QStringList& paths) {
    Editor editor(store, workspace);
    const auto items = editor.items(paths);
    if (!items) return tl::unexpected(items.error());
    QHash<QString, int> lastOrders;
    for (const TreeItem* item : *items) {
        const QString folder = parentOf(item->path);
        TreeItem copy = *item;
        copy.name = TreeEditText::tr("%1 copy").arg(item->name);
        QString wanted = requestFileStem(copy.name);
        if (item->kind == TreeItem::Kind::Request) wanted += QLatin1String(".yml");
        const QString at = editor.freeName(*item, folder, wanted);
        const QString group = QString::number(static_cast<int>(item->kind)) + folder;
        if (!lastOrders.contains(group))
            for (const TreeItem& each : editor.children(folder))
                if (each.kind == item->kind)
                    lastOrders[group] = std::max(lastOrders.value(group), each.order);
        if (lastOrders.value(group) > 0) copy.order = ++lastOrders[group];
        if (const auto copied = editor.copyFiles(*item, at); !copied) return tl::unexpected(copied.error());
        if (const auto written = editor.write(copy, at); !written) return tl::unexpected(written.error());
        editor.change.made.append(at);
    }
    return editor.take();
}

Result<TreeChange> removeItems(WorkspaceStore& store, const Workspace& workspace, const QStringList& paths) {
    Editor editor(store, workspace);
    const auto items = editor.items(paths);
    if (!items) return tl::unexpected(items.error());
    for (const TreeItem* item : *items)
        for (const QString& path : editor.filesOf(*item))
            if (const auto dropped = editor.drop(path); !dropped) return tl::unexpected(dropped.error());
    return editor.take();
}

Result<TreeChange> makeFolder(WorkspaceStore& store, const Workspace& workspace, const QString& folder,
                              const QString& name) {
    Editor editor(store, workspace);
    TreeItem item;
    item.kind = TreeItem::Kind::Folder;
    item.name = name.trimmed();
    if (item.name.isEmpty())
        return fail(ErrorCode::InvalidInput, TreeEditText::tr("The name is empty."), {},
                    TreeEditText::tr("Give it a name."));
    for (const TreeItem& each : editor.children(folder))
        if (each.kind == item.kind && each.order > 0) item.order = std::max(item.order, each.order + 1);
    const QString at = editor.freeName(item, folder, requestFileStem(item.name));
    editor.change.made.append(at);
    return editor.write(item, at).map([&] { return editor.take(); });
}

} // namespace kb
