// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"

namespace kb {

/// Remarks what only shows when cells stand side by side: of a row, of a path's methods, of a collection.
void crossCheck(RunRecord& record);

} // namespace kb
