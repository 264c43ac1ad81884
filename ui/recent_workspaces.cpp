// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recent_workspaces.h"

#include "core/base/settings.h"

#include <QDir>

namespace kb {

static constexpr qsizetype mostRecent = 10;

static QString recentKey() {
    return QStringLiteral("workspace/recent");
}

QStringList recentWorkspaces(const Settings& settings) {
    QStringList folders = settings.value(recentKey()).toStringList();
    folders.removeIf([](const QString& folder) { return !QDir::isAbsolutePath(folder); });
    folders.removeDuplicates();
    return folders.mid(0, mostRecent);
}

void rememberWorkspace(Settings& settings, const QString& folder) {
    const QString path = QDir::cleanPath(QDir(folder).absolutePath());
    if (path == settings.value(QStringLiteral("workspace/practice")).toString()) return;
    QStringList folders = recentWorkspaces(settings);
    folders.removeAll(path);
    folders.prepend(path);
    settings.setValue(recentKey(), folders.mid(0, mostRecent));
}

void forgetWorkspaces(Settings& settings) {
    settings.setValue(recentKey(), QVariant());
}

} // namespace kb
