// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/handle.h"
#include "core/base/result.h"

#include <functional>

namespace kb {

constexpr int grantLockTimeoutMs = 60'000; ///< as long as a refresh under way may take

/// A grant's lock across windows and processes: who holds it may refresh or replace the grant's tokens.
/// Destroying the held handle gives it back.
class GrantLock {
public:
    virtual ~GrantLock() = default;
    /// Waits for the lock of a grant (the id of its SecretRef) for at most `timeoutMs`. ErrorCode::TimedOut
    /// when another holds it for longer.
    virtual HandlePtr acquire(const QString& grantId, int timeoutMs,
                              std::function<void(Result<HandlePtr>)> done) = 0;
};

/// A wait for the browser to come back from the authorization server (RFC 8252 §7.3). Destroying it closes
/// the port.
class RedirectWait : public Handle {
public:
    virtual QString redirectUri() const = 0; ///< "http://127.0.0.1:PORT/PATH"
};

/// Listens on the loopback addresses alone, at a port of the system's choice.
class RedirectListener {
public:
    virtual ~RedirectListener() = default;
    /// `arrived` gets the request target ("/callback?code=…") of each request on `path` and tells whether it
    /// was the one waited for; then the port closes. All others are answered with 404. `arrived` must not
    /// destroy the wait.
    virtual Result<std::unique_ptr<RedirectWait>> listen(const QString& path,
                                                         std::function<bool(const QByteArray&)> arrived) = 0;
};

/// Shows an address in the user's own browser (RFC 8252 §5), never in a view of ours.
class BrowserOpener {
public:
    virtual ~BrowserOpener() = default;
    virtual bool open(const QString& url) = 0; ///< false: no browser could be started
};

} // namespace kb
