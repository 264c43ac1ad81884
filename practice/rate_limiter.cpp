// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/rate_limiter.h"

namespace kb::practice {

RateLimiter::RateLimiter(int limit, int windowS) : m_limit(limit), m_windowS(windowS) {
    m_clock.start();
}

RateLimiter::State RateLimiter::take(const QString& identity) {
    State state;
    state.limit = m_limit;
    state.windowS = m_windowS;
    if (m_limit <= 0) return state;
    const qint64 now = m_clock.elapsed();
    const qint64 lengthMs = qint64{m_windowS} * 1000;
    auto found = m_windows.find(identity);
    if (found == m_windows.end() || now - found->startMs >= lengthMs)
        found = m_windows.insert(identity, {now, 0});
    state.allowed = found->used < m_limit;
    if (state.allowed) ++found->used;
    state.remaining = m_limit - found->used;
    state.resetS = static_cast<int>((found->startMs + lengthMs - now + 999) / 1000);
    return state;
}

} // namespace kb::practice
