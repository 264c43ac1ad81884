// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/workspace/auth_schemes.h"

namespace kb {

/// Refuses a scheme that could never be sent. `where` is the member's name as in the files ("clientId").
Result<void> checkScheme(const AuthScheme& scheme);

/// Refuses the field that is for the proxy alone, for a secret that goes to the API (RFC 9110 §11.7.2).
Result<void> checkNotForProxy(const QString& fieldName, const QString& where);

} // namespace kb
