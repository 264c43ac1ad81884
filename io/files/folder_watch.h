// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/folder_watch.h"

#include <memory>

namespace kb {

/// Watches the folders and .yml files of a workspace, and further files that are named, through the system.
/// Where the system gives no word (a network drive, too many files), it stays silent.
class FileFolderWatch final : public FolderWatch {
public:
    FileFolderWatch();
    ~FileFolderWatch() override;
    void watch(const QString& folder, std::function<void()> changed) override;
    void alsoWatch(const QStringList& paths) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace kb
