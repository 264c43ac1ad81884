// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArrayView>

namespace kb {

/// The offset of the first byte that is not well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms,
/// nothing above U+10FFFF), or -1 when the whole text is.
qsizetype firstInvalidUtf8(QByteArrayView text);

} // namespace kb
