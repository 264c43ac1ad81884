// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArrayView>
#include <QString>

namespace kb {

/// The offset of the first byte that is not well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms,
/// nothing above U+10FFFF), or -1 when the whole text is.
qsizetype firstInvalidUtf8(QByteArrayView text);

/// The text with U+FFFD for each UTF-16 unit that XML 1.0 §2.2 has no place for: one such would make a whole
/// document unreadable.
QString xmlText(QString text);

} // namespace kb
