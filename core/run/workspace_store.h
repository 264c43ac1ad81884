// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/workspace.h"

#include <QByteArray>
#include <optional>

namespace kb {

/// One file of a workspace before and after a change; nullopt where there is no file.
struct FileChange {
    QString path;
    std::optional<QByteArray> before, after;
};

/// The port to workspaces on disk. Saves are atomic; a file changed by another program meanwhile is a
/// Conflict.
class WorkspaceStore {
public:
    virtual ~WorkspaceStore() = default;
    virtual Result<Workspace> load(const QString& folder) = 0;
    /// Makes the folder and an opencollection.yml if there is none; an existing one is loaded.
    virtual Result<Workspace> create(const QString& folder, const QString& name) = 0;
    virtual Result<void> saveRoot(const Workspace& workspace) = 0; ///< name and profiles
    virtual Result<void> saveRequest(const Workspace& workspace, const TreeItem& request) = 0;
    /// A folder's own file; its children are not looked at.
    virtual Result<void> saveFolder(const Workspace& workspace, const TreeItem& folder) = 0;
    virtual Result<void> saveEnvironment(const Workspace& workspace, const Environment& environment) = 0;
    /// Where an environment of that name is, or would be, saved.
    virtual QString environmentPath(const Workspace& workspace, const QString& name) const = 0;
    virtual Result<void> removeItem(const Workspace& workspace, const QString& path) = 0;
    virtual Result<void> removeEnvironment(const Workspace& workspace, const QString& environmentName) = 0;
    /// The bytes of a file that a request's body names. Nothing outside the folder is read, nor what a link
    /// leads to there.
    virtual Result<QByteArray> readBodyFile(const QString& folder, const QString& path) = 0;
    /// Writes a file that is no part of the collection, such as a baseline. Its path comes from the
    /// workspace's files, which are not trusted: nothing outside the folder is written, nor what a link leads
    /// to there.
    virtual Result<void> writeBeside(const Workspace& workspace, const QString& path,
                                     const QByteArray& bytes) = 0;
    /// The nearest folder at or above `start` with an opencollection.yml; empty if none.
    virtual QString findFolder(const QString& start) const = 0;
    /// The names that are taken in a folder of the workspace, on disk too: whatever it is, it is not ours.
    virtual QStringList takenNames(const Workspace& workspace, const QString& folder) const = 0;
    /// The present bytes of a file, nullopt if there is none. A Conflict if they are not those that were
    /// read.
    virtual Result<std::optional<QByteArray>> fileBytes(const Workspace& workspace, const QString& path) = 0;
    /// The files that were read from a folder and what is below it, in order.
    virtual QStringList filesBelow(const Workspace& workspace, const QString& folder) const = 0;
    /// Writes, makes and removes files: all of them or, if one cannot be, none. A file that is not as
    /// `before` says is a Conflict, and then nothing is touched.
    virtual Result<void> apply(const Workspace& workspace, const QList<FileChange>& changes) = 0;
    /// Whether another program changed, made or removed a file of the workspace since it was read or written.
    virtual bool changedOutside(const QString& folder) = 0;
    /// A free file path for a new request of that name in that folder of the workspace.
    virtual QString freePath(const Workspace& workspace, const QString& folder,
                             const QString& name) const = 0;
};

} // namespace kb
