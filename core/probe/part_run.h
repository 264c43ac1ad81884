// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"

namespace kb {

/// Puts what a run of some cells saw and found out into the record of the whole grid: `cells` says where each
/// of the part's cells is in it. The other cells keep what they rest on, the canaries of their own run among
/// it. The whole has to be evaluated anew.
void takeOver(RunRecord& whole, const RunRecord& part, const QList<int>& cells);

/// What the newest run saw of a profile's credential; null where none did.
const ProfileHealth* newestHealth(const RunRecord& record, const QString& profile);

} // namespace kb
