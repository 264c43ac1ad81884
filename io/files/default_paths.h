// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

namespace kb {

/// Where this user's files lie when nothing else is said. None of these is made by asking.
struct DefaultPaths {
    QString configFolder;      ///< settings
    QString dataFolder;        ///< history, the practice workspace
    QString settingsFile;      ///< settings.ini in configFolder
    QString practiceWorkspace; ///< the workspace of the first start, in dataFolder
};

/// By the system's rules (XDG on Linux), in folders named "Keybearer", whatever the program's file is called.
DefaultPaths defaultPaths();

} // namespace kb
