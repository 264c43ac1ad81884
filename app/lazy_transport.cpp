// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lazy_transport.h"

#include "app/module.h"
#include "core/base/later.h"

namespace kb {

namespace {

/// A transfer that could not begin.
class NoTransfer final : public Transfer {
public:
    NoTransfer(Error error, std::function<void(Result<TransportReply>)> finished)
        : m_later([error = std::move(error), finished = std::move(finished)] {
              finished(tl::unexpected(error));
          }) {}
    void keepGoing(qint64) override {}
    void stop() override {}

private:
    Later m_later;
};

} // namespace

std::unique_ptr<Transfer> LazyTransport::send(Request request, TransportOptions options,
                                              TransferCallbacks callbacks) {
    if (!m_transport) {
        const Result<QFunctionPointer> create =
            moduleFunction(QStringLiteral("keybearer-network"), "kbCreateTransport");
        if (!create) return std::make_unique<NoTransfer>(create.error(), std::move(callbacks.finished));
        m_transport.reset(reinterpret_cast<Transport* (*)()>(*create)());
    }
    return m_transport->send(std::move(request), std::move(options), std::move(callbacks));
}

} // namespace kb
