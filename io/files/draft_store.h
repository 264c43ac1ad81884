// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/draft_store.h"

#include <QLockFile>
#include <memory>

namespace kb {

/// Drafts as files that only this user may read, below a folder of this machine's data. Each program has a
/// lock file there; that nobody holds it tells that its program has ended.
class FileDraftStore final : public DraftStore {
public:
    explicit FileDraftStore(const QString& folder);
    ~FileDraftStore() override;
    Result<void> keep(const QString& workspaceFolder, const QString& id, const QByteArray& text) override;
    void drop(const QString& workspaceFolder, const QString& id) override;
    QList<Entry> entries(const QString& workspaceFolder) override;

private:
    bool begin(); ///< makes the folder and takes the lock, at the first draft
    QString folderOf(const QString& workspaceFolder) const;
    QString fileOf(const QString& workspaceFolder, const QString& id) const;

    QString m_folder;
    QString m_program; ///< what our files' names begin with
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace kb
