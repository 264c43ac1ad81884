// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "tests/core/run/run_fakes.h"

namespace kbtest {

/// Answers each request as a function says, a moment later.
class ApiTransport final : public Transport {
public:
    std::function<TransportReply(const Request&)> api;
    QList<Request> sent;
    QByteArray silentAt; ///< a path that is never answered
    QByteArray failAt;   ///< a path where the connection is lost
    std::unique_ptr<Transfer> send(Request request, TransportOptions, TransferCallbacks callbacks) override {
        struct Reply final : Transfer {
            void keepGoing(qint64) override {}
            void stop() override {}
            QTimer timer;
        };
        sent.append(request);
        auto transfer = std::make_unique<Reply>();
        transfer->timer.setSingleShot(true);
        QObject::connect(&transfer->timer, &QTimer::timeout, &transfer->timer,
                         [this, request, finished = callbacks.finished] {
                             if (!failAt.isEmpty() && request.url.path() == failAt)
                                 return finished(fail(ErrorCode::TimedOut, QStringLiteral("lost")));
                             finished(api(request));
                         });
        if (silentAt.isEmpty() || request.url.path() != silentAt) transfer->timer.start(0);
        return transfer;
    }
};

} // namespace kbtest
