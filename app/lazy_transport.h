// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/transport.h"

#include <memory>

namespace kb {

/// The transport, whose module (with libcurl and all that it needs) is loaded at the first request: a third
/// of the libraries of a window that has sent nothing yet.
class LazyTransport final : public Transport {
public:
    std::unique_ptr<Transfer> send(Request request, TransportOptions options,
                                   TransferCallbacks callbacks) override;

private:
    std::unique_ptr<Transport> m_transport;
};

} // namespace kb
