// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/one_instance.h"

#include "app/module.h"

#include <QCryptographicHash>
#include <QDir>
#include <QStandardPaths>

namespace kb {

namespace {

const QString moduleName = QStringLiteral("keybearer-instance");
constexpr qsizetype longestPath = 8192;

QString nameFor(const QString& configFolder) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(configFolder.toUtf8());
    for (const char* display : {"WAYLAND_DISPLAY", "DISPLAY"})
        hash.addData(QByteArray('\n' + qgetenv(display)));
    return QStringLiteral("keybearer-") + QString::fromLatin1(hash.result().toHex().left(16));
}

/// In the folder that only this user may enter; a pipe's name on Windows.
QString socketFor(const QString& configFolder) {
#ifdef Q_OS_WIN
    return nameFor(configFolder);
#else
    QString folder = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    if (folder.isEmpty()) folder = configFolder;
    return QDir(folder).filePath(nameFor(configFolder));
#endif
}

} // namespace

OneInstance::OneInstance(const QString& configFolder)
    : m_socket(socketFor(configFolder)),
      m_lock(QDir(configFolder).filePath(nameFor(configFolder) + QStringLiteral(".lock"))) {
    m_lock.setStaleLockTime(0); // a dead process' lock does not count; a living one's never ages
}

bool OneInstance::handOver(const QString& path) const {
    const Result<QFunctionPointer> function = moduleFunction(moduleName, "kbHandOver");
    return function && reinterpret_cast<bool (*)(const QString&, const QByteArray&, int)>(*function)(
                           m_socket, path.toUtf8(), 1500);
}

void OneInstance::serve(std::function<void(const QString& path)> open) {
    const Result<QFunctionPointer> function = moduleFunction(moduleName, "kbServeInstance");
    if (!function) return;
    const auto take = [open = std::move(open)](const QByteArray& message) {
        const QString path = QString::fromUtf8(message);
        if (message.size() <= longestPath && !path.contains(QChar(0)) &&
            (path.isEmpty() || QDir::isAbsolutePath(path)))
            open(path);
    };
    using Serve = QObject* (*)(const QString&, const std::function<void(const QByteArray&)>&, qsizetype);
    m_server.reset(reinterpret_cast<Serve>(*function)(m_socket, take, longestPath));
}

} // namespace kb
