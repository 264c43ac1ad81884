// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/grant_ports.h"

namespace kb {

/// Locks grants by a file each, in this user's runtime folder. A lock whose process has died counts no more.
class FileGrantLock final : public GrantLock {
public:
    /// Without a folder: "keybearer/locks" in the user's runtime folder, or where there is none in the data
    /// folder.
    explicit FileGrantLock(QString folder = {});
    HandlePtr acquire(const QString& grantId, int timeoutMs,
                      std::function<void(Result<HandlePtr>)> done) override;

private:
    QString m_folder;
};

} // namespace kb
