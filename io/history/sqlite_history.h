// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/history_store.h"

#include <memory>

namespace kb {

/// History in one SQLite file with a write-ahead log: a process that is killed loses the exchange in flight
/// at the most. A damaged file is set aside under another name, and a new one begun. One thread.
class SqliteHistory final : public HistoryStore {
public:
    /// The file is opened, and made, at the first use.
    explicit SqliteHistory(QString file);
    ~SqliteHistory() override;

    Result<qint64> add(const HistoryRecord& record) override;
    Result<QList<HistoryEntry>> find(const HistoryQuery& query) override;
    Result<HistoryRecord> read(qint64 id) override;
    Result<QStringList> hosts() override;
    Result<void> pin(qint64 id, bool pinned) override;
    Result<void> remove(const QList<qint64>& ids) override;
    Result<void> clear() override;
    Result<void> trim(const HistoryLimits& limits, qint64 nowMs) override;
    QString notice() const override;
    Result<void> addRun(const QString& place, qint64 timeMs,
                        const std::function<std::optional<CellSight>()>& next) override;
    Result<QList<CellSight>> sightsOf(const QString& place, const QString& cell) override;
    Result<QHash<QString, QString>> lastOutcomes(const QString& place) override;
    Result<QSet<QString>> flappingCells(const QString& place) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace kb
