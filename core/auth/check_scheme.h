// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/workspace/auth_schemes.h"

namespace kb {

/// Refuses a scheme that could never be sent. `where` is the member's name as in the files ("clientId").
Result<void> checkScheme(const AuthScheme& scheme);

} // namespace kb
