// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"

namespace kb {

/// Whether a text is a JSON pointer (RFC 6901 §3): empty, or begun by "/", each "~" followed by 0 or 1.
Result<void> checkJsonPointer(const QString& pointer);

/// Where a pointer leads in a document.
struct JsonAt {
    const JsonValue* value = nullptr; ///< nullptr: there is nothing
    const JsonValue* last = nullptr;  ///< the deepest value that was reached
    QString reached;                  ///< the pointer to that one
};
/// Follows a pointer (RFC 6901 §4). A name that is there twice leads nowhere, since its meaning is not clear;
/// a text that is no pointer does not either.
JsonAt jsonAt(const JsonValue& document, const QString& pointer);

} // namespace kb
