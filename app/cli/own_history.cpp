// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/own_history.h"

#include "app/cli/output.h"
#include "app/lazy_history.h"
#include "io/files/settings.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

namespace kb::cli {

namespace {

QString ownFile(QStandardPaths::StandardLocation place, const QString& name) {
    return QStandardPaths::writableLocation(place) + QStringLiteral("/keybearer/") + name;
}
QString historyFile() {
    return ownFile(QStandardPaths::GenericDataLocation, QStringLiteral("history.sqlite"));
}
QString settingsFile() {
    return ownFile(QStandardPaths::GenericConfigLocation, QStringLiteral("settings.ini"));
}
QString enabledKey() {
    return QStringLiteral("history/enabled");
}

} // namespace

std::unique_ptr<HistoryStore> ownHistory() {
    QDir().mkpath(QFileInfo(historyFile()).path());
    return std::make_unique<LazyHistory>(historyFile());
}

bool keepsHistory() {
    const bool present = QFile::exists(historyFile());
    if (!QFile::exists(settingsFile())) return present;
    return FileSettings(settingsFile()).value(enabledKey(), present).toBool();
}

void setKeepsHistory(bool keep) {
    QDir().mkpath(QFileInfo(settingsFile()).path());
    FileSettings(settingsFile()).setValue(enabledKey(), keep);
}

std::function<void(const HistoryRecord&)> historyKeeper(const Output& out) {
    if (!keepsHistory()) return {};
    return [&out, history = std::shared_ptr<HistoryStore>(ownHistory()),
            problem = std::make_shared<QString>()](const HistoryRecord& record) {
        const Result<qint64> added = history->add(record);
        const QString notice = added ? history->notice() : added.error().text();
        if (!notice.isEmpty() && notice != *problem) out.message(notice); // once, not with every request
        *problem = notice;
        if (!added || *added % 100 != 0) return;
        HistoryLimits limits;
        const FileSettings settings(settingsFile());
        limits.days = settings.value(QStringLiteral("history/days"), limits.days).toInt();
        limits.entries = settings.value(QStringLiteral("history/entries"), limits.entries).toInt();
        (void)history->trim(limits, record.entry.timeMs); // tried again with the next hundred
    };
}

void keepInHistory(const Output& out, const HistorySource& source, const RunResult& result, qint64 nowMs) {
    if (result.nothingSent) return;
    if (const auto keep = historyKeeper(out)) keep(historyRecord(source, result, nowMs));
}

} // namespace kb::cli
