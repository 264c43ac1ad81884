// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/loopback_listener.h"

// The one door of the module: a loopback listener, owned by the caller.
extern "C" Q_DECL_EXPORT kb::RedirectListener* kbCreateRedirectListener() {
    return new kb::LoopbackListener;
}
