// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/default_paths.h"

#include <QStandardPaths>

namespace kb {

DefaultPaths defaultPaths() {
    const QString folder = QStringLiteral("/Keybearer");
    DefaultPaths paths;
    paths.configFolder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + folder;
    paths.dataFolder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + folder;
    paths.settingsFile = paths.configFolder + QLatin1String("/settings.ini");
    paths.practiceWorkspace = paths.dataFolder + QLatin1String("/practice");
    return paths;
}

} // namespace kb
