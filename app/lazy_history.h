// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/history_store.h"

#include <memory>

namespace kb {

/// The history, whose module (with SQLite) is loaded when the first exchange is stored or looked for.
class LazyHistory final : public HistoryStore {
public:
    explicit LazyHistory(QString file) : m_file(std::move(file)) {}
    Result<qint64> add(const HistoryRecord& record) override;
    Result<QList<HistoryEntry>> find(const HistoryQuery& query) override;
    Result<HistoryRecord> read(qint64 id) override;
    Result<QStringList> hosts() override;
    Result<void> pin(qint64 id, bool pinned) override;
    Result<void> remove(const QList<qint64>& ids) override;
    Result<void> clear() override;
    Result<void> trim(const HistoryLimits& limits, qint64 nowMs) override;
    Result<void> addRun(const QString& place, qint64 timeMs,
                        const std::function<std::optional<CellSight>()>& next) override;
    Result<QList<CellSight>> sightsOf(const QString& place, const QString& cell) override;
    Result<QHash<QString, QString>> lastOutcomes(const QString& place) override;
    Result<QSet<QString>> flappingCells(const QString& place) override;
    QString notice() const override { return m_store ? m_store->notice() : QString(); }

private:
    Result<HistoryStore*> load();
    QString m_file;
    std::unique_ptr<HistoryStore> m_store;
};

} // namespace kb
