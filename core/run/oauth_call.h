// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/base/clock.h"
#include "core/run/exchange.h"

#include <QObject>

namespace kb {

/// One request to a server that gives tokens, sent again only where its flow (a proof of
/// possession) asks for it. Nothing is followed: such an endpoint takes secrets.
class OAuthCall final : public QObject {
public:
    struct Setup {
        Transport& transport;
        const TrustedTime& time;
        std::shared_ptr<Redactor> redactor;
        TransportOptions options;
        std::unique_ptr<AuthFlow> flow; ///< null: the request goes as it is
        /// Tells the redactor of what an answer holds before it is shown; null where names tell enough.
        std::function<void(const Response&)> learn;
    };
    using Done = std::function<void(Result<Response>, QList<Exchange>)>;
    /// Starts at once; `done` comes later, once, and not at all after the call's end.
    OAuthCall(Setup setup, const Request& request, const FlowContext& context, Done done);

private:
    void send(Request request, const QString& note);
    void answered(Result<TransportReply> reply);
    void finish(Result<Response> result);

    Setup m_setup;
    FlowContext m_context;
    Done m_done;
    Request m_request;
    QString m_note;
    QList<Exchange> m_exchanges;
    std::unique_ptr<Transfer> m_transfer;
};

} // namespace kb
