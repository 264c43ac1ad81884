// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/variables.h"
#include "core/workspace/auth_schemes.h"

namespace kb {

/// The scheme with the {{variables}} of its texts replaced. "{{secret}}" of a header template stays: it is no
/// variable. Nor are the marks of a login's bodies and header lines.
Result<AuthScheme> resolveScheme(const AuthScheme& scheme, const VariableMap& variables);

} // namespace kb
