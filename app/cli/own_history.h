// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/history_store.h"

#include <functional>
#include <memory>

namespace kb::cli {

class Output;

/// This user's history, the one that the window shows. Nothing is opened before it is used.
std::unique_ptr<HistoryStore> ownHistory();

/// Whether what is sent from here is kept: the window's setting says so, or nobody ever said anything and
/// there is a history. A machine where the window was never used, such as one of CI, keeps none.
bool keepsHistory();
void setKeepsHistory(bool keep);

/// Keeps records one after the other; null where this user keeps no history.
std::function<void(const HistoryRecord&)> historyKeeper(const Output& out);

/// Keeps one finished run, if this user keeps a history. A history that cannot be written is a message and no
/// error: the answer is there.
void keepInHistory(const Output& out, const HistorySource& source, const RunResult& result, qint64 nowMs);

} // namespace kb::cli
