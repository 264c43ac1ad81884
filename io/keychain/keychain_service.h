// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"

namespace kb {

/// Asks the desktop whether there is a keychain service, which, and whether it is locked. QtKeychain cannot
/// tell.
HandlePtr probeKeychainService(std::function<void(StoreState)> done);

} // namespace kb
