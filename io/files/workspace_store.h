// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/workspace_store.h"

#include <QHash>

namespace kb {

/// Workspaces as OpenCollection folders on disk. It remembers what each file looked like when it was last
/// read or written here, and refuses to write over a file that has changed since. One thread at a time.
class FileWorkspaceStore final : public WorkspaceStore {
public:
    Result<Workspace> load(const QString& folder) override;
    Result<Workspace> create(const QString& folder, const QString& name) override;
    Result<void> saveRoot(const Workspace& workspace) override;
    Result<void> saveRequest(const Workspace& workspace, const TreeItem& request) override;
    Result<void> saveFolder(const Workspace& workspace, const TreeItem& folder) override;
    Result<void> saveEnvironment(const Workspace& workspace, const Environment& environment) override;
    /// Removes a request's file, or a folder's files. A file of a folder that could not be read stays.
    Result<void> removeItem(const Workspace& workspace, const QString& path) override;
    Result<void> removeEnvironment(const Workspace& workspace, const QString& environmentName) override;
    Result<QByteArray> readBodyFile(const QString& folder, const QString& path) override;
    Result<void> writeBeside(const Workspace& workspace, const QString& path,
                             const QByteArray& bytes) override;
    QString findFolder(const QString& start) const override;
    QStringList takenNames(const Workspace& workspace, const QString& folder) const override;
    QString freePath(const Workspace& workspace, const QString& folder, const QString& name) const override;
    Result<std::optional<QByteArray>> fileBytes(const Workspace& workspace, const QString& path) override;
    QStringList filesBelow(const Workspace& workspace, const QString& folder) const override;
    Result<void> apply(const Workspace& workspace, const QList<FileChange>& changes) override;
    bool changedOutside(const QString& folder) override;
    QString environmentPath(const Workspace& workspace, const QString& name) const override;

private:
    /// What tells without reading that a file is still the same.
    struct Stamp {
        qint64 size = -1;
        qint64 time = 0;      ///< of its last change, ms
        bool settled = false; ///< the change was long enough before, so that a later one shows in the time
    };
    struct Known {
        QByteArray digest;
        bool readable = true;
        QString environment = {}; ///< the name it gives its environment, of an environment file
        Stamp stamp = {};
    };
    static Stamp stampOf(const QString& file);
    Result<void> put(const Workspace& workspace, const QString& path, const std::optional<QByteArray>& bytes);
    void removeEmptyFolders(const Workspace& workspace, const QStringList& paths);

    void readDotEnvOf(Environment& environment, Workspace& workspace);
    QByteArray dotEnvDigest(const QString& folder, const QString& path); ///< null: there is no such file
    void noteDotEnv(const QString& folder, const QString& path);
    /// The file's present bytes (empty if there is none), if they are the ones we know; else a Conflict.
    Result<QByteArray> presentBytes(const QString& file, const QString& shown) const;
    Result<void> save(const Workspace& workspace, const QString& path, const QByteArray& text,
                      const QByteArray& previous);
    Result<QString> fileFor(const Workspace& workspace, const QString& path) const;
    Result<void> removeFile(const Workspace& workspace, const QString& path);

    QHash<QString, Known> m_known;       ///< by absolute path
    QHash<QString, QByteArray> m_dotEnv; ///< digests of the environments' .env files, by absolute path
};

} // namespace kb
