// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/past_runs.h"

#include <QDir>

namespace kb {

QString matrixPlace(const QString& folder, const QString& baseUrl) {
    return QString(QDir::cleanPath(QDir(folder).absolutePath()) + u'\n' + baseUrl);
}

Result<void> keepRun(HistoryStore& history, const QString& folder, const RunRecord& record,
                     const QList<int>& cells) {
    const qsizetype count = cells.isEmpty() ? record.results.size() : cells.size();
    qsizetype next = 0;
    return history.addRun(matrixPlace(folder, record.plan.baseUrl), record.startedMs,
                          [&]() -> std::optional<CellSight> {
                              while (next < count) {
                                  const qsizetype index = cells.isEmpty() ? next : cells.at(next);
                                  ++next;
                                  const CellResult& result = record.results.at(index);
                                  if (!result.seen.sent || result.seen.status == 0) continue;
                                  return CellSight{record.plan.cells.at(result.cell).id, record.startedMs,
                                                   outcomeName(result.outcome.outcome),
                                                   verdictName(result.judged.verdict), result.seen.status};
                              }
                              return std::nullopt;
                          });
}

} // namespace kb
