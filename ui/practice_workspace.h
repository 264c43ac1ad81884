// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/workspace_store.h"

namespace kb {

/// Makes the workspace of the first start: the practice API's requests, and a profile for each identity it
/// mints. The profiles' tokens live in memory only, so the files name none.
Result<void> makePracticeWorkspace(WorkspaceStore& store, const QString& folder);

} // namespace kb
