// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"

namespace kb {

/// Overwrites every text of a JSON value that told of secrets.
void wipeJson(JsonValue& value);

} // namespace kb
