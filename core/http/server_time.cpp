// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/server_time.h"

#include "core/http/rate_limit.h"

namespace kb {

std::optional<qint64> serverTimeMs(const HeaderList& headers) {
    const auto date = headers.first("Date");
    return date && !headers.contains("Age") ? parseHttpDate(*date) : std::nullopt;
}

} // namespace kb
