// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <optional>

namespace kb::cli {

/// A moment the user typed, as Unix seconds: Unix seconds, an ISO 8601 date or time (local without a zone),
/// "+15m",
/// "+8h", "+90d" from now; "never" is none.
Result<std::optional<qint64>> parseWhen(const QString& text, qint64 nowMs);

} // namespace kb::cli
