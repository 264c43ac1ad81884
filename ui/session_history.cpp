// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that remembers what was sent.
#include "core/run/history_store.h"
#include "ui/session.h"

namespace kb {

bool Session::keepsHistory() const {
    return m_services.history && m_services.settings.value(QStringLiteral("history/enabled"), true).toBool();
}

void Session::keepInHistory(const HistorySource& source, const RunResult& result) {
    if (keepsHistory() && !result.nothingSent)
        keepInHistory(historyRecord(source, result, m_services.clock.wallMs()));
}

void Session::keepInHistory(const HistoryRecord& record) {
    if (!keepsHistory()) return; // it may have been switched off during a run
    HistoryStore& history = *m_services.history;
    const Result<qint64> added = history.add(record);
    const QString notice = added ? history.notice() : added.error().text();
    if (notice != m_historyNotice && !notice.isEmpty())
        Q_EMIT message(notice); // once, not with every request
    m_historyNotice = notice;
    if (!added) return;
    if (++m_historyAdded % 100 == 1) {
        HistoryLimits limits;
        const Settings& settings = m_services.settings;
        limits.days = settings.value(QStringLiteral("history/days"), limits.days).toInt();
        limits.entries = settings.value(QStringLiteral("history/entries"), limits.entries).toInt();
        limits.bytes =
            1024 * 1024 *
            settings.value(QStringLiteral("history/megabytes"), limits.bytes / 1024 / 1024).toLongLong();
        (void)history.trim(limits, m_services.clock.wallMs()); // tried again with the next hundred
    }
    Q_EMIT historyChanged();
}

} // namespace kb
