// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/workspace.h"

namespace kb {

/// What a request's profileId says where it is to be sent as nobody though its folder has a profile.
inline QString explicitlyAnonymous() {
    return QStringLiteral("anonymous");
}

/// What the workspace and the folders above a path give to a request there, the outermost first.
QList<RequestDefaults> defaultsAbove(const Workspace& workspace, const QString& path);
/// Who sends a request at that path that says nothing itself; empty: nobody.
QString inheritedProfile(const Workspace& workspace, const QString& path);
/// The header lines a request at that path inherits: of a name that several give, the innermost one's. Those
/// that are off there are left out.
QList<HeaderRow> inheritedHeaders(const Workspace& workspace, const QString& path);
/// The variables of its folders, the innermost wins. The workspace's own are not among them: environments win
/// over those.
QList<Variable> folderVariables(const Workspace& workspace, const QString& path);

/// The variables of its folders and its own, which win. Its place is its id.
QList<Variable> ownVariables(const Workspace& workspace, const RequestSpec& spec);

/// The request as it is sent: with the header lines it inherits, unless it has one of the name that is on or
/// leaves that name out, and with its folder's profile where it names none. Its place is its id; a request
/// that was never saved has the workspace's.
RequestSpec withInherited(const Workspace& workspace, const RequestSpec& spec);

} // namespace kb
