// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/file_open.h"

#include <QDir>
#include <QFileOpenEvent>
#include <QUrl>

namespace kb {

QString absolutePlace(const QString& argument) {
    const QUrl url(argument);
    const QString path = url.isLocalFile() ? url.toLocalFile() : argument;
    return QDir::cleanPath(QDir(path).absolutePath());
}

void FileOpenEvents::ready(std::function<void(const QString& path)> open) {
    m_open = std::move(open);
    for (const QString& path : std::exchange(m_waiting, {}))
        m_open(path);
}

bool FileOpenEvents::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::FileOpen) return QObject::eventFilter(watched, event);
    const QString file = static_cast<QFileOpenEvent*>(event)->file();
    if (file.isEmpty()) return false; // an address: not for us
    const QString path = absolutePlace(file);
    if (m_open)
        m_open(path);
    else
        m_waiting.append(path);
    return true;
}

} // namespace kb
