// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QStringList>

namespace kb {

class Settings;

/// The folders of the workspaces that were opened, the newest first, at most ten. Only paths are kept.
/// Entries that are no absolute path (a settings file edited by hand) are left out.
QStringList recentWorkspaces(const Settings& settings);
/// Puts a folder first. The practice workspace has a menu entry of its own and is not listed.
void rememberWorkspace(Settings& settings, const QString& folder);
void forgetWorkspaces(Settings& settings);

} // namespace kb
