// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"

namespace kb {

/// Groups what evaluate() found wrong by its cause, and names the cause in each result.
void groupDefects(RunRecord& record, const MatrixSettings& settings);
/// Waives what the settings say is borne, until the end of its last day; remarks what has no end, ran out or
/// fits nothing. `nowMs` in milliseconds since the epoch, UTC.
void applyWaivers(RunRecord& record, const MatrixSettings& settings, qint64 nowMs);
/// Remarks marks by hand whose operation the document does not have, unless the plan is a part of one.
void remarkMarks(RunRecord& record, const MatrixSettings& settings);

} // namespace kb
