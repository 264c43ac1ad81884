// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <QtGlobal>
#include <chrono>
#include <cstdlib>

#if defined(Q_OS_WIN)
#include <windows.h>
#elif defined(Q_OS_DARWIN)
#include <mach/mach_time.h>
#else
#include <ctime>
#endif

namespace kb {

namespace {
/// A correction this small is the daily work of a time service, no jump.
constexpr qint64 toleratedMs = 2000;
/// A server's Date counts whole seconds and travelled through a network; server clocks are a little off, too.
constexpr qint64 agreementMs = 30'000;
} // namespace

qint64 SystemClock::wallMs() const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

qint64 SystemClock::bootMs() const {
    // std::chrono::steady_clock and QElapsedTimer stand still while the machine sleeps, so each system's own
    // call.
#if defined(Q_OS_WIN)
    return qint64(GetTickCount64());
#elif defined(Q_OS_DARWIN)
    mach_timebase_info_data_t base{};
    mach_timebase_info(&base);
    // Divide first: the product of ticks and numerator leaves 64 bits after some weeks on Apple silicon.
    const quint64 ticks = mach_continuous_time();
    const quint64 ticksPerMs = quint64(1'000'000) * base.denom / base.numer;
    return qint64(ticks / (ticksPerMs ? ticksPerMs : 1));
#else
    timespec now{};
#if defined(CLOCK_BOOTTIME)
    clock_gettime(CLOCK_BOOTTIME, &now);
#else
    clock_gettime(CLOCK_MONOTONIC, &now);
#endif
    return qint64(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
#endif
}

TrustedTime::TrustedTime(const Clock& clock)
    : m_clock(clock), m_wallAnchor(clock.wallMs()), m_bootAnchor(clock.bootMs()) {}

qint64 TrustedTime::nowMs() const {
    return m_wallAnchor + (m_clock.bootMs() - m_bootAnchor);
}

qint64 TrustedTime::jumpMs() const {
    const qint64 difference = m_clock.wallMs() - nowMs();
    return std::abs(difference) <= toleratedMs ? 0 : difference;
}

void TrustedTime::observeServerDate(qint64 serverMs) {
    if (jumpMs() == 0) return;
    const qint64 fromWall = std::abs(serverMs - m_clock.wallMs());
    const qint64 fromTrusted = std::abs(serverMs - nowMs());
    if (fromWall <= agreementMs && fromWall < fromTrusted) acceptWallClock();
}

void TrustedTime::acceptWallClock() {
    m_wallAnchor = m_clock.wallMs();
    m_bootAnchor = m_clock.bootMs();
}

} // namespace kb
