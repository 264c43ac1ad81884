// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/message.h"

#include <QStringList>
#include <optional>

namespace kb {

/// The content codings of an answer in the order they were applied, in lower case, "identity" left out. No
/// value if one of them cannot be undone here, so that the body is to be shown as it came.
std::optional<QList<QByteArray>> contentCodings(const HeaderList& headers);

/// The field lines of a request as it went out. A Proxy-Authorization that is not among `asked` was made for
/// the proxy's password, so its value is left out.
HeaderList parseSentFields(QByteArrayView block, const HeaderList& asked);

/// Oddities of how a complete answer framed its body: lengths that contradict each other or the body, and
/// bodies that grew out of proportion when unpacked.
QStringList framingNotes(const Response& response, bool excess);

/// A byte count for people: "812 bytes", "50.0 kB", "1.2 MB" (powers of ten).
QString byteCount(qint64 bytes);

} // namespace kb
