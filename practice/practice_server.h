// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/run/practice_control.h"

#include <QByteArray>
#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>

namespace kb {

/// How one start of the practice API behaves. Every lifetime is in seconds; a token lives at least one
/// second.
struct PracticeOptions {
    quint16 port = 0;          ///< 0: preferredPort
    quint16 preferredPort = 0; ///< where it is taken, and 0: any free one
    QSet<QString> defects;     ///< names of practiceDefects() that are on from the start
    int readerLifetimeS = 900;
    int otherReaderLifetimeS = 900;
    int adminLifetimeS = 75; ///< time left at the start; "issued" lies further back, so that it is due soon
    int apiKeyLifetimeS = 0; ///< 0: the key does not expire
    int accessTokenLifetimeS = 300; ///< of what the token endpoint hands out
    int refreshTokenLifetimeS = 3600;
    int rateLimitPerMinute = 120; ///< requests an identity may make in one window; 0: no limit
    int rateLimitWindowS = 60;
};

/// One identity minted at the start. The secret and the refresh token live in memory only and are never
/// logged.
struct PracticeIdentity {
    QString name; ///< "Reader", "Other reader", "Admin", "Expired reader", "Partner API key"
    QString kind; ///< "bearer" (a JWT, RS256) or "api-key" (field X-API-Key)
    QByteArray secret;
    QByteArray refreshToken; ///< empty for an API key
    QString userId;          ///< the user object it owns; empty when it owns none
    QString role;            ///< "user", "admin" or "partner"
    QString plan;            ///< "premium", "free" or empty
    QStringList scopes;
    qint64 issuedAtS = 0;  ///< Unix time
    qint64 expiresAtS = 0; ///< Unix time; 0 when it does not expire
};

/// The practice API: a small server with tokens, roles, refresh, rate limits and a switch per defect, on
/// 127.0.0.1 only, in a thread of its own. Keys, tokens and data are made anew at each start and are gone
/// after stop(). Any thread may call it, one call at a time. start() takes a few tenths of a second for the
/// key, so a window calls begin().
class PracticeServer final {
public:
    PracticeServer();
    ~PracticeServer();
    PracticeServer(const PracticeServer&) = delete;
    PracticeServer& operator=(const PracticeServer&) = delete;

    /// Listens, makes the keys and mints the tokens; returns when all are ready. A server that runs is
    /// stopped first. Errors: InvalidInput (an unknown defect, a lifetime below zero), ConnectFailed (the
    /// port is taken or forbidden).
    Result<void> start(const PracticeOptions& options = {});
    /// Listens and returns; keys and tokens are made in the server's thread, where early requests wait for
    /// them. `ready` comes once in the calling thread's event loop, and not after stop(). Errors as start().
    Result<void> begin(const PracticeOptions& options, std::function<void(Result<void>)> ready);
    /// Waits for a start that is under way.
    void stop();
    bool isRunning() const; ///< it listens
    bool isReady() const;   ///< its keys and tokens are made

    quint16 port() const;                       ///< 0 when stopped
    QString baseUrl() const;                    ///< "http://127.0.0.1:PORT"; empty when stopped
    QString clientId() const;                   ///< for the token endpoint
    QByteArray clientSecret() const;            ///< for the token endpoint; minted at each start
    QList<PracticeIdentity> identities() const; ///< empty until it is ready

    /// Switches a defect while the server runs; it holds from the next request on. Errors: NotFound.
    Result<void> setDefect(const QString& name, bool on);
    bool hasDefect(const QString& name) const;

private:
    Result<void> begin(const PracticeOptions& options, std::function<void(Result<void>)> ready,
                       Result<void>* made);
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Every defect there is, with one sentence each. All are off unless asked for.
QList<PracticeDefect> practiceDefects();

} // namespace kb
