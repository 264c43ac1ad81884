// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/headers.h"

#include <optional>

namespace kb {

/// What the server's clock says in an answer: its Date (RFC 9110 §6.6.1), Unix milliseconds. nullopt if there
/// is none, and where Age (RFC 9111 §5.1) tells that the answer was made earlier and kept on the way.
std::optional<qint64> serverTimeMs(const HeaderList& headers);

} // namespace kb
