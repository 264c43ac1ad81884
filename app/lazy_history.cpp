// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lazy_history.h"

#include "app/module.h"

namespace kb {

Result<HistoryStore*> LazyHistory::load() {
    if (!m_store) {
        const Result<QFunctionPointer> create =
            moduleFunction(QStringLiteral("keybearer-history"), "kbCreateHistory");
        if (!create) return tl::unexpected(create.error());
        m_store.reset(reinterpret_cast<HistoryStore* (*)(const QString&)>(*create)(m_file));
    }
    return m_store.get();
}

Result<qint64> LazyHistory::add(const HistoryRecord& record) {
    return load().and_then([&](HistoryStore* store) { return store->add(record); });
}
Result<QList<HistoryEntry>> LazyHistory::find(const HistoryQuery& query) {
    return load().and_then([&](HistoryStore* store) { return store->find(query); });
}
Result<HistoryRecord> LazyHistory::read(qint64 id) {
    return load().and_then([&](HistoryStore* store) { return store->read(id); });
}
Result<QStringList> LazyHistory::hosts() {
    return load().and_then([](HistoryStore* store) { return store->hosts(); });
}
Result<void> LazyHistory::pin(qint64 id, bool pinned) {
    return load().and_then([&](HistoryStore* store) { return store->pin(id, pinned); });
}
Result<void> LazyHistory::remove(const QList<qint64>& ids) {
    return load().and_then([&](HistoryStore* store) { return store->remove(ids); });
}
Result<void> LazyHistory::clear() {
    return load().and_then([](HistoryStore* store) { return store->clear(); });
}
Result<void> LazyHistory::addRun(const QString& place, qint64 timeMs,
                                 const std::function<std::optional<CellSight>()>& next) {
    return load().and_then([&](HistoryStore* store) { return store->addRun(place, timeMs, next); });
}
Result<QList<CellSight>> LazyHistory::sightsOf(const QString& place, const QString& cell) {
    return load().and_then([&](HistoryStore* store) { return store->sightsOf(place, cell); });
}
Result<QHash<QString, QString>> LazyHistory::lastOutcomes(const QString& place) {
    return load().and_then([&](HistoryStore* store) { return store->lastOutcomes(place); });
}

Result<QSet<QString>> LazyHistory::flappingCells(const QString& place) {
    return load().and_then([&](HistoryStore* store) { return store->flappingCells(place); });
}
Result<void> LazyHistory::trim(const HistoryLimits& limits, qint64 nowMs) {
    return load().and_then([&](HistoryStore* store) { return store->trim(limits, nowMs); });
}

} // namespace kb
