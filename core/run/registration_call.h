// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/crypto.h"
#include "core/run/oauth_call.h"

#include <QTimer>

namespace kb {

/// One request to an endpoint that takes or gives secrets, with a redactor of its own.
class RegistrationCall final : public Handle {
public:
    using Answered = std::function<void(const Result<Response>&)>;
    RegistrationCall(Transport& transport, const Clock& clock, const ProxySetting& proxy,
                     const QString& caFile)
        : m_transport(transport), m_time(clock) {
        m_options.timeoutMs = timeoutMs;
        m_options.bodyLimit =
            largestOAuthAnswer + 1; // one more, so that an answer that is too large is seen to be
        m_options.lane = QStringLiteral("registration");
        m_options.proxy = proxy;
        m_options.caFile = caFile;
    }
    FlowContext context() { return {*m_redactor, m_time.nowMs(), randomBytes}; }
    Redactor& redactor() { return *m_redactor; }
    void send(const Request& request, Answered answered) {
        m_call = std::make_unique<OAuthCall>(
            OAuthCall::Setup{m_transport, m_time, m_redactor, m_options, {}, {}}, request, context(),
            [this, answered](const Result<Response>& response, const QList<Exchange>&) {
                // Posted, so that the call is not destroyed inside its own completion.
                later([this, answered, response] {
                    m_call.reset();
                    answered(response);
                });
            });
    }
    HandlePtr step; ///< what goes on before a request of this call

private:
    static constexpr int timeoutMs = 30'000;
    template<class Call> void later(Call call) { QTimer::singleShot(0, &m_guard, std::move(call)); }
    Transport& m_transport;
    TrustedTime m_time;
    TransportOptions m_options;
    std::shared_ptr<Redactor> m_redactor = std::make_shared<Redactor>();
    std::unique_ptr<OAuthCall> m_call;
    QObject m_guard; ///< its death is the silence a handle promises
};

} // namespace kb
