// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/workspace/api_description.h"

namespace kb {

/// Reads an OpenAPI document from a file, and the files its references name within the same folder.
Result<ApiDescription> readApiFile(const QString& path);
/// Writes a file in one go: what was there before stays until the new one is whole.
Result<void> writeWholeFile(const QString& path, const QByteArray& bytes);

} // namespace kb
