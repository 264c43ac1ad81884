// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/workspace/api_description.h"

#include <functional>

namespace kb {

/// Gives the bytes of another file of the same document, by its path relative to the folder that the user
/// named, or that of the file. It must not leave that folder. An error becomes a note.
using DocumentReader = std::function<Result<QByteArray>(const QString& path)>;

/// Reads an OpenAPI 3.0, 3.1 or 3.2 document or a Swagger 2.0 one, in JSON or YAML. `file` is its name for
/// people and for reports. References within the document are followed, and to other files with `others`;
/// never to the network. The document is untrusted: it is read to a depth and size limit, and what is odd in
/// it becomes a note. An error where it is no such document at all. `home` is the document's own path as
/// `others` would name it, where it does not stand at the top of that folder.
Result<ApiDescription> readOpenApi(const QString& file, const QByteArray& text,
                                   const DocumentReader& others = {}, const QString& home = {});

/// Whether a document is named by an address rather than a file.
bool isDocumentAddress(const QString& place);
/// The address without what may be secret in it (user, query, fragment): for reports and files.
QString documentName(const QString& place);

} // namespace kb
