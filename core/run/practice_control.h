// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/result.h"

#include <QList>
#include <QStringList>
#include <functional>

namespace kb {

struct PracticeSettings {
    quint16 port = 0;          ///< 0: preferredPort
    quint16 preferredPort = 0; ///< where it is taken, and 0: any free one
    QStringList defects;
    int readerLifetimeS = 900;
    int adminLifetimeS = 75;
    int accessTokenLifetimeS = 300;
    int rateLimitPerMinute = 120;
};

struct PracticeToken {
    QString name; ///< "Reader", "Other reader", "Admin", "Expired reader", "Partner API key"
    QString kind; ///< "bearer" or "api-key"
    Secret secret;
};

struct PracticeDefect {
    QString name;
    QString description;
};

/// The port to the built-in practice API: a small server on loopback, off the window's thread.
class PracticeControl {
public:
    virtual ~PracticeControl() = default;
    /// Returns when keys and tokens are made, a few tenths of a second later.
    virtual Result<void> start(const PracticeSettings& settings) = 0;
    /// For a window: listens at once, so that baseUrl() is known, and makes keys and tokens in the server's
    /// own thread. Requests that come before wait there. `ready` comes later, in the calling thread, at most
    /// once, and not after stop(); takeTokens() hands out nothing before it.
    virtual Result<void> begin(const PracticeSettings& settings, std::function<void(Result<void>)> ready) = 0;
    virtual void stop() = 0;
    virtual bool isRunning() const = 0;
    virtual QString baseUrl() const = 0; ///< "http://127.0.0.1:PORT"
    virtual QList<PracticeDefect> defects() const = 0;
    virtual Result<void> setDefect(const QString& name, bool on) = 0;
    /// Hands over the tokens minted at this start, in memory only.
    virtual void takeTokens(const std::function<void(PracticeToken)>& each) = 0;
};

} // namespace kb
