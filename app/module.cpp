// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/module.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLibrary>

namespace kb {

Result<QFunctionPointer> moduleFunction(const QString& module, const char* symbol) {
    const QString bin = QCoreApplication::applicationDirPath();
    // Beside the program as built and as installed; within the bundle on macOS; in the same folder on
    // Windows.
    const QString folders[] = {bin + QStringLiteral("/../lib/keybearer/"),
                               bin + QStringLiteral("/../PlugIns/"), bin + QLatin1Char('/')};
    QString reason;
    for (const QString& folder : folders) {
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
