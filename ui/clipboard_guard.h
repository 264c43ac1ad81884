// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"

#include <QObject>
#include <QTimer>

namespace kb {

/// Puts a secret on the clipboard on an explicit command, and takes it off after 30 s if it is still there.
class ClipboardGuard final : public QObject {
    Q_OBJECT
public:
    static constexpr int seconds = 30;
    explicit ClipboardGuard(QObject* parent = nullptr);
    ~ClipboardGuard() override;
    void copy(const Secret& secret);
    int secondsLeft() const;
    void setSeconds(int after) { m_seconds = after; }
    void clearNow(); ///< if unchanged

Q_SIGNALS:
    void countdown(int secondsLeft); ///< each second; 0 when it is over

private:
    QTimer m_timer;
    int m_seconds = seconds;
    int m_left = 0;
    QByteArray m_salt;
    QByteArray m_digest; ///< of what was put there, so that the secret itself is not kept
};

} // namespace kb
