// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_device.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct OAuthDeviceText {
    Q_DECLARE_TR_FUNCTIONS(OAuthDevice)
};

constexpr qint64 slowerMs = 5000;
constexpr qint64 longestDelayMs = 300'000;

} // namespace

DevicePoll::DevicePoll(const DeviceAuthorization& device, qint64 nowMs)
    : m_intervalMs(device.intervalS * 1000),
      m_delayMs(m_intervalMs),
      m_nextMs(nowMs + m_intervalMs),
      m_endMs(nowMs + device.lifetimeS * 1000) {}

DevicePoll::Action DevicePoll::next(qint64 nowMs) {
    if (m_done || m_error) return Action::Over;
    if (m_asking) return Action::Wait; // also past the end: the answer under way may be the token
    if (nowMs >= m_endMs) {
        fail(OAuthDeviceText::tr("The code expired before the login was confirmed."),
             OAuthDeviceText::tr("Begin the login again."), ErrorCode::TimedOut);
        return Action::Over;
    }
    if (nowMs < m_nextMs) return Action::Wait;
    m_asking = true;
    return Action::Ask;
}

qint64 DevicePoll::nextMs() const {
    return std::min(m_nextMs, m_endMs);
}

void DevicePoll::answered(const TokenSet&) {
    m_asking = false;
    m_done = true;
}

void DevicePoll::answered(const OAuthFailure& failure, qint64 nowMs) {
    m_asking = false;
    if (failure.code == QStringLiteral("slow_down")) m_intervalMs += slowerMs;
    if (failure.code == QStringLiteral("slow_down") ||
        failure.code == QStringLiteral("authorization_pending")) {
        m_delayMs = m_intervalMs;
        m_nextMs = nowMs + std::max(m_delayMs, failure.retryAfterS.value_or(0) * 1000);
        return;
    }
    if (failure.kind == OAuthFailure::Kind::ServerDown) {
        backOff(nowMs, failure.retryAfterS.value_or(0) * 1000);
        return;
    }
    if (failure.code == QStringLiteral("access_denied"))
        return fail(OAuthDeviceText::tr("The login was refused, by the user or by the server."),
                    OAuthDeviceText::tr("Begin the login again, and confirm it."), ErrorCode::Cancelled);
    if (failure.code == QStringLiteral("expired_token"))
        return fail(OAuthDeviceText::tr("The code expired before the login was confirmed."),
                    OAuthDeviceText::tr("Begin the login again."), ErrorCode::TimedOut);
    m_error = failure.error;
}

void DevicePoll::notAnswered(qint64 nowMs) {
    m_asking = false;
    backOff(nowMs, 0);
}

void DevicePoll::backOff(qint64 nowMs, qint64 atLeastMs) {
    m_delayMs = std::max(m_intervalMs, std::min(m_delayMs * 2, longestDelayMs));
    m_nextMs = nowMs + std::max(m_delayMs, atLeastMs);
}

void DevicePoll::fail(const QString& what, const QString& next, ErrorCode code) {
    m_error = Error{code, what, {}, next};
}

} // namespace kb
