// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/module.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLibrary>

namespace kb {

namespace {

/// Beside the program as built and as installed; within the bundle on macOS; in the same folder on Windows.
QStringList ownFolders() {
    const QString bin = QCoreApplication::applicationDirPath();
    return {bin + QStringLiteral("/../lib/keybearer/"), bin + QStringLiteral("/../PlugIns/"), bin + u'/'};
}

} // namespace

QString helperProgram(const QString& name) {
#ifdef Q_OS_WIN
    const QString file = name + QStringLiteral(".exe");
#else
    const QString& file = name;
#endif
    const QStringList folders = ownFolders();
    for (const QString& folder : folders)
        if (QFileInfo::exists(folder + file)) return QFileInfo(folder + file).canonicalFilePath();
    return folders.first() + file;
}

Result<QFunctionPointer> moduleFunction(const QString& module, const char* symbol) {
    QString reason;
    for (const QString& folder : ownFolders()) {
        QLibrary library(folder + module);
        library.setLoadHints(QLibrary::PreventUnloadHint);
        if (const QFunctionPointer function = library.resolve(symbol)) return function;
        if (reason.isEmpty() || QFileInfo(folder).isDir()) reason = library.errorString();
    }
    return fail(
        ErrorCode::Internal,
        QCoreApplication::translate("Module", "A part of Keybearer could not be loaded: %1").arg(module),
        reason, QCoreApplication::translate("Module", "Install Keybearer again."));
}

} // namespace kb
