// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QElapsedTimer>
#include <QHash>
#include <QString>

namespace kb::practice {

/// A fixed window of requests for each identity.
class RateLimiter {
public:
    struct State {
        bool allowed = true;
        int limit = 0; ///< 0: there is no limit
        int remaining = 0;
        int resetS = 0; ///< seconds until the window ends, rounded up
        int windowS = 0;
    };
    RateLimiter(int limit, int windowS);
    State take(const QString& identity); ///< counts one request

private:
    struct Window {
        qint64 startMs = 0;
        int used = 0;
    };
    int m_limit;
    int m_windowS;
    QElapsedTimer m_clock;
    QHash<QString, Window> m_windows;
};

} // namespace kb::practice
