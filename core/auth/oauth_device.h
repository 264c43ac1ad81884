// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_response.h"

namespace kb {

/// When to ask for the token of a device login, and when to stop (RFC 8628 §3.5). Times are milliseconds of a
/// clock that goes on while the machine sleeps; they are given in, nothing waits here.
class DevicePoll {
public:
    enum class Action {
        Wait, ///< until nextMs()
        Ask,  ///< send the token request now; answered() or notAnswered() must follow
        Over  ///< error() says why, or the token has come
    };

    DevicePoll(const DeviceAuthorization& device, qint64 nowMs);

    /// What to do now. Asks once at a time.
    Action next(qint64 nowMs);
    qint64 nextMs() const; ///< when next() will say something else; of no meaning once it is over
    qint64 endMs() const { return m_endMs; }
    qint64 intervalMs() const { return m_intervalMs; }

    /// A token endpoint's answer: a failure's code decides. `authorization_pending` goes on, `slow_down` adds
    /// five seconds for good, a server that is down is asked less and less often, all else ends it.
    void answered(const OAuthFailure& failure, qint64 nowMs);
    void answered(const TokenSet& tokens);
    /// No answer came (time-out, no connection): asks less and less often.
    void notAnswered(qint64 nowMs);

    bool hasToken() const { return m_done; }
    const std::optional<Error>& error() const { return m_error; }

private:
    void backOff(qint64 nowMs, qint64 atLeastMs);
    void fail(const QString& what, const QString& next, ErrorCode code);
    qint64 m_intervalMs;
    qint64 m_delayMs; ///< the interval, longer while the server does not answer
    qint64 m_nextMs;
    qint64 m_endMs;
    bool m_asking = false;
    bool m_done = false;
    std::optional<Error> m_error;
};

} // namespace kb
