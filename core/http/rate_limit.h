// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/headers.h"

#include <QString>
#include <optional>

namespace kb {

/// What the server tells of its rate limit. A hint, never a promise.
struct RateLimitState {
    QString policy;              ///< the policy's name, if it has one
    std::optional<qint64> limit; ///< requests per window
    std::optional<qint64> remaining;
    std::optional<qint64> resetSeconds; ///< until the window starts anew
    std::optional<qint64> retryAfterSeconds;
    bool resetGuessed = false; ///< seconds, epoch or epoch-ms was told apart by size
    QString source;            ///< the field it was read from
};

/// Reads Retry-After (seconds or date), RateLimit and RateLimit-Policy (structured fields), and the older
/// RateLimit-*, X-RateLimit-* and X-Rate-Limit-* triples. `nowMs` turns dates into seconds from now.
std::optional<RateLimitState> readRateLimit(const HeaderList& headers, qint64 nowMs);

/// The Unix time in milliseconds of an HTTP-date in any of its three forms (RFC 9110 §5.6.7).
std::optional<qint64> parseHttpDate(QByteArrayView text);
/// The same, with the time from which the two-digit year of the RFC 850 form is told.
std::optional<qint64> parseHttpDate(QByteArrayView text, qint64 nowMs);

} // namespace kb
