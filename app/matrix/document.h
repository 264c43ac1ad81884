// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/interchange/import.h"

class QFile;

namespace kb {

/// What an open file holds, whole or, of one that is larger than any document may be, one byte too much.
QByteArray readDocument(QFile& file);
/// Reads an OpenAPI document from a file, and the files its references name within the same folder.
Result<ApiDescription> readApiFile(const QString& path);
/// The files of an import: one file, or a folder's collection files. What a link leads to outside the folder
/// is not read. Each reads what it refers to within that folder, a single file within its own.
Result<QList<ImportFile>> readImportFiles(const QString& path);
/// What an import of those files and folders would make, all together.
Result<Imported> readImport(const QStringList& paths);
/// Reads what an OpenAPI document refers to: within the folder, or within that of the file.
DocumentReader documentReader(const QString& path);
/// Writes a file in one go: what was there before stays until the new one is whole.
Result<void> writeWholeFile(const QString& path, const QByteArray& bytes);
using FileSink = std::function<void(const QByteArray&)>;
/// The same for what comes piece by piece.
Result<void> writeWholeFile(const QString& path, const std::function<void(const FileSink&)>& produce);

} // namespace kb
