// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/history/sqlite_history.h"

// The door of the module: the history in that file, owned by the caller.
extern "C" Q_DECL_EXPORT kb::HistoryStore* kbCreateHistory(const QString& file) {
    return new kb::SqliteHistory(file);
}
