// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>

namespace kb {

/// Writes a file the user named, in one go: what was there before stays until the new one is whole.
Result<void> saveFile(const QString& path, const QByteArray& bytes);

} // namespace kb
