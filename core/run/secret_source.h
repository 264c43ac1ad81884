// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/workspace/environment.h"

namespace kb {

class SecretStore;
class Secret;

/// A secret variable, with where its value is.
struct SecretSource {
    SecretVariable variable;
    SecretStore* store = nullptr;
    bool trustFileOrigins = false; ///< the value comes from the process environment
};

/// Whether a value can be a secret variable's: 4 bytes or more, since less could not be masked in what is
/// shown, and nothing that reads as a {{variable}}.
Result<void> checkVariableSecret(const QString& name, const Secret& value);

} // namespace kb
