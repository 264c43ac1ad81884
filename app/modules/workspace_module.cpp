// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/workspace_store.h"

// The door of the module: workspaces on disk, owned by the caller.
extern "C" Q_DECL_EXPORT kb::WorkspaceStore* kbCreateWorkspaceStore() {
    return new kb::FileWorkspaceStore;
}
