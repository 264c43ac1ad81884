// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/curl_transport.h"

// The door of the module: a transport, owned by the caller.
extern "C" Q_DECL_EXPORT kb::Transport* kbCreateTransport() {
    return new kb::CurlTransport;
}
