// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/opencollection.h"

namespace kb {

/// The YAML files of a workspace folder, and those that were left out with the reason.
struct FolderScan {
    QList<opencollection::File> files;
    QList<FileProblem> problems;
    QStringList leftovers; ///< files beside them that look like those of a save that was cut off
};

/// Reads every .yml file below `folder`. Hidden folders and node_modules are skipped, and so is what a link
/// leads to outside the folder.
FolderScan scanFolder(const QString& folder);
/// The same without reading the files: their texts are empty, and what cannot be read is no problem.
FolderScan listFolder(const QString& folder);

/// A file's bytes, or why not: too large, not readable.
Result<QByteArray> readFileBytes(const QString& file, const QString& shown);
/// The same for a file that must be within the folder, links followed; up to 100 MB.
Result<QByteArray> readFileWithin(const QString& folder, const QString& path);

} // namespace kb
