// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QStringList>
#include <functional>

namespace kb {

/// The port that tells that something below a folder may have changed. It only wakes: what has changed is the
/// WorkspaceStore's to say.
class FolderWatch {
public:
    virtual ~FolderWatch() = default;
    /// Watches this folder from now on in place of the one before; an empty one: none. `changed` is called
    /// later, once for changes that come together.
    virtual void watch(const QString& folder, std::function<void()> changed) = 0;
    /// Files of any name in that folder that count as well, as environments name them; in place of those
    /// before.
    virtual void alsoWatch(const QStringList& paths) = 0;
};

} // namespace kb
