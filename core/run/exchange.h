// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/redactor.h"
#include "core/run/transport.h"

#include <memory>

namespace kb {

/// One request and its answer, redacted and immutable. The raw body stays in memory beside it, for the eyes
/// only.
class Exchange {
public:
    /// The only way to make one out of a live exchange.
    Exchange(const Redactor& redactor, const Request& sent, const TransportReply& reply);

    const Request& sent() const { return m_sent; }          ///< redacted, with the fields the transport added
    const Response& response() const { return m_response; } ///< redacted
    const Timings& timings() const { return m_timings; }
    const ConnectionInfo& connection() const { return m_connection; }
    const QList<LoginLeg>& legs() const { return m_legs; } ///< of a login before the request; redacted
    qint64 startedMs() const { return m_startedMs; }
    bool echoedSecret() const { return m_echoed; } ///< the answer held the secret; it is masked
    /// The body as received, secrets and all. Never saved, logged or exported.
    const QByteArray& rawBody() const { return *m_rawBody; }
    /// Why this hop was sent: empty for the first, else the redirect's sentence.
    QString hopNote;

private:
    Request m_sent;
    Response m_response;
    Timings m_timings;
    ConnectionInfo m_connection;
    QList<LoginLeg> m_legs;
    qint64 m_startedMs = 0;
    bool m_echoed = false;
    std::shared_ptr<const QByteArray> m_rawBody;
};

} // namespace kb
