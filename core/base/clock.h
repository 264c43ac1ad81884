// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QtGlobal>

namespace kb {

/// The clock port. Tests put in one they can turn.
class Clock {
public:
    virtual ~Clock() = default;
    virtual qint64 wallMs() const = 0; ///< Unix time in milliseconds, as the system believes it
    virtual qint64
    bootMs() const = 0; ///< milliseconds that never jump and go on counting while the machine sleeps
};

/// CLOCK_REALTIME and CLOCK_BOOTTIME, or the platform's equals.
class SystemClock final : public Clock {
public:
    qint64 wallMs() const override;
    qint64 bootMs() const override;
};

/// Time that a jump of the system clock does not fool: it starts from the wall clock and goes on by the boot
/// clock. When the wall clock is moved, trusted time goes on evenly and jumpMs() tells by how much the two
/// disagree, until a server's Date sides with the new wall clock (RFC 9110 §6.6.1) or the user accepts it.
class TrustedTime {
public:
    explicit TrustedTime(const Clock& clock);
    qint64 nowMs() const;                    ///< trusted Unix time in milliseconds
    qint64 jumpMs() const;                   ///< wall clock minus trusted time; 0 while within two seconds
    void observeServerDate(qint64 serverMs); ///< takes the new wall clock on when the server agrees with it
    void acceptWallClock();

private:
    const Clock& m_clock;
    qint64 m_wallAnchor;
    qint64 m_bootAnchor;
};

} // namespace kb
