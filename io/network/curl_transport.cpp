// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/curl_transport.h"

#include "io/network/curl_lane.h"
#include "io/network/curl_transfer.h"
#include "io/network/proxy_choice.h"

namespace kb {

CurlTransport::CurlTransport(SystemProxy systemProxy) : m_systemProxy(std::move(systemProxy)) {}

CurlTransport::~CurlTransport() = default;

std::unique_ptr<Transfer> CurlTransport::send(Request request, TransportOptions options,
                                              TransferCallbacks callbacks) {
    std::shared_ptr<CurlLane>& lane = m_lanes[options.lane];
    if (!lane) lane = CurlLane::make();
    Result<ProxyChoice> proxy = chooseProxy(options.proxy, request.url, m_systemProxy);
    auto transfer =
        std::make_unique<CurlTransfer>(lane, std::move(request), std::move(options), std::move(callbacks));
    transfer->start(std::move(proxy));
    return transfer;
}

void CurlTransport::closeLane(const QString& lane) {
    m_lanes.remove(lane);
}

} // namespace kb
