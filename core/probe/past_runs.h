// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"
#include "core/run/history_store.h"

namespace kb {

/// Where runs belong together: the workspace, and where its API is. The name HistoryStore keeps them under.
QString matrixPlace(const QString& folder, const QString& baseUrl);

/// Keeps what a run saw of those cells of the plan (none named: of all); those that were not sent, or got no
/// answer, are left out.
Result<void> keepRun(HistoryStore& history, const QString& folder, const RunRecord& record,
                     const QList<int>& cells = {});

} // namespace kb
