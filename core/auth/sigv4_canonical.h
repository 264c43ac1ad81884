// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/message.h"

namespace kb {

/// The texts that AWS Signature Version 4 is computed over. They are for signing alone: what goes out stays
/// as it was typed.

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3.
QByteArray sigV4Encode(QByteArrayView bytes);
/// The path: each segment encoded once more, dot segments and empty segments taken out. For the service s3,
/// which does neither, the path's own octets encoded once ("+" is a space there).
QByteArray sigV4Path(const QByteArray& path, bool s3);
/// The query: names and values decoded ("+" is a space) and encoded anew, sorted by name, then by value.
QByteArray sigV4Query(const std::optional<QByteArray>& query);

struct SigV4Headers {
    QByteArray lines;       ///< "host:example.com\n…": lower case, sorted, trimmed, runs of spaces folded
    QByteArray signedNames; ///< "content-type;host;x-amz-date"
};
/// Repeated fields are joined with commas in their order.
SigV4Headers sigV4Headers(const QList<HeaderField>& fields);

QByteArray sigV4CanonicalRequest(const QByteArray& method, const QByteArray& path, const QByteArray& query,
                                 const SigV4Headers& headers, const QByteArray& payloadHash);

} // namespace kb
