// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/variables.h"

namespace kb {

/// Reads the rows of a data file: a JSON array of objects, or CSV with a header line (RFC 4180). Each row
/// gives the variables of one iteration. Which it is shows in its first character. The error names the line.
Result<QList<VariableMap>> readDataFile(const QByteArray& text, const QString& fileName);

} // namespace kb
