// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

namespace kb {

/// A word as a POSIX shell takes it whole (POSIX.1 XCU §2.2.2): as it is where nothing in it is special, else
/// between single quotes.
QString shellQuoted(const QString& text);

} // namespace kb
