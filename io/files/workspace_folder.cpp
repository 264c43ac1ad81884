// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/workspace_folder.h"

#include "core/workspace/opencollection.h"

#include <QDir>
#include <QFileInfo>

namespace kb {

QString nearestWorkspace(const QString& start) {
    QDir folder(QDir::cleanPath(QDir(start).absolutePath()));
    do {
        if (QFileInfo(folder.filePath(opencollection::rootFileName())).isFile()) return folder.absolutePath();
    } while (folder.cdUp());
    return {};
}

} // namespace kb
