// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/workspace_store.h"

#include <QHash>

namespace kb {

/// What an edit of the tree does to files, to be given to WorkspaceStore::apply(). The other way round it is
/// the edit's undoing.
struct TreeChange {
    QList<FileChange> files;
    QHash<QString, QString> moved; ///< requests and folders, from their old path to their new one
    QStringList made;              ///< requests and folders that are new

    TreeChange reversed() const;
};

/// Puts requests and folders into a folder (empty: the workspace's own). `before` is the neighbour they come
/// to stand before; empty: behind all; nullopt: anywhere, so that no file changes for the sake of order. As
/// few files as possible get another `seq`.
Result<TreeChange> moveItems(WorkspaceStore& store, const Workspace& workspace, const QStringList& paths,
                             const QString& folder, const std::optional<QString>& before);
/// Another name; the file keeps its own, so that its history stays.
Result<TreeChange> renameItem(WorkspaceStore& store, const Workspace& workspace, const QString& path,
                              const QString& name);
/// Copies beside the originals, folders with what is in them.
Result<TreeChange> duplicateItems(WorkspaceStore& store, const Workspace& workspace,
                                  const QStringList& paths);
/// Files in a folder that are none of ours, or that could not be read, stay.
Result<TreeChange> removeItems(WorkspaceStore& store, const Workspace& workspace, const QStringList& paths);
Result<TreeChange> makeFolder(WorkspaceStore& store, const Workspace& workspace, const QString& folder,
                              const QString& name);

/// The numbers to give to neighbours in this order, changing as few of them as possible: each greater than
/// the one before. 0 is none.
QList<int> numbersInOrder(const QList<int>& present);

} // namespace kb
