// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/keychain_store.h"

// The one door of the module: a keychain store, owned by the caller.
extern "C" Q_DECL_EXPORT kb::SecretStore* kbCreateKeychainStore() {
    return new kb::KeychainStore;
}
