// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/transport.h"

#include <QHash>
#include <QString>
#include <memory>

namespace kb {

class CurlLane;

/// The transport on libcurl's multi interface, driven by the event loop of the thread it is used in.
///
/// Each lane has its own libcurl multi handle, so connections, TLS sessions and name look-ups are shared
/// within a lane and never between two. Path, query and field lines go out byte for byte. Nothing is
/// followed, stored or added except Host, Content-Length and what a proxy needs.
///
/// A kept connection may have been closed by the server just as the next request went out. libcurl then sends
/// the request once more on a new connection, provided not one byte had come back; Response::bodyNote says so
/// when the method is not idempotent.
///
/// A transfer may outlive the transport; it ends with its own handle.
class CurlTransport final : public Transport {
public:
    /// Answers with the proxy's URL for a target, or an empty text for none.
    using SystemProxy = std::function<QString(const QString& url)>;

    /// Without `systemProxy`, ProxySetting::Kind::System reads http_proxy, https_proxy, all_proxy and
    /// no_proxy.
    explicit CurlTransport(SystemProxy systemProxy = {});
    ~CurlTransport() override;

    std::unique_ptr<Transfer> send(Request request, TransportOptions options,
                                   TransferCallbacks callbacks) override;
    /// Forgets a lane, so that its idle connections close. Transfers under way in it go on.
    void closeLane(const QString& lane);

private:
    SystemProxy m_systemProxy;
    QHash<QString, std::shared_ptr<CurlLane>> m_lanes;
};

} // namespace kb
