// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/workspace.h"

#include <QByteArray>

namespace kb::opencollection {

/// A file's path relative to the workspace and its bytes.
struct File {
    QString path;
    QByteArray text;
};

/// The file that makes a folder a workspace: opencollection.yml.
inline QString rootFileName() {
    return QStringLiteral("opencollection.yml");
}
/// The file that says of a folder what its name on disk does not.
inline QString folderFileName() {
    return QStringLiteral("folder.yml");
}
/// Whether a path (relative to the workspace) is that of an environment file.
bool isEnvironmentPath(const QString& path);
/// The name an environment file gives its environment (its file name if it gives none); empty if it cannot be
/// read.
QString environmentName(const File& file);

/// Reads the files of an OpenCollection 1.0 folder: opencollection.yml, environments/*.yml, and a YAML file a
/// request. A broken request or environment file becomes a FileProblem with line and column; a broken
/// opencollection.yml is an error.
Result<Workspace> read(const QList<File>& files);

/// The bytes of one file after a change. `previous` is its present text (empty for a new file): what we do
/// not model stays in it, and nothing changes when the value did not. Texts that would hold a secret do not
/// exist here: a Workspace has none.
Result<QByteArray> writeRoot(const Workspace& workspace, const QByteArray& previous);
Result<QByteArray> writeRequest(const TreeItem& request, const QByteArray& previous);
/// Of a folder's own file: its name and its place among its neighbours.
Result<QByteArray> writeFolder(const TreeItem& folder, const QByteArray& previous);
Result<QByteArray> writeEnvironment(const Environment& environment, const QByteArray& previous);

} // namespace kb::opencollection
