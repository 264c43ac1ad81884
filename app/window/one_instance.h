// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QLockFile>
#include <QObject>
#include <functional>
#include <memory>

namespace kb {

/// One program for each user, settings folder and display: a later start hands what it was to open to the one
/// that runs. What is heard comes from another process of the same user, and is checked like any input.
class OneInstance final {
public:
    explicit OneInstance(const QString& configFolder);

    /// Whether nobody runs yet. Costs a lock file; the network module is not loaded for it.
    bool isFirst() { return m_lock.tryLock(0); }
    /// Gives a path to the one that runs; empty: it is only to come to the front. False where it does not
    /// answer within a second and a half: then one starts anyway.
    bool handOver(const QString& path) const;
    /// Listens. `open` gets absolute paths, or the empty text.
    void serve(std::function<void(const QString& path)> open);

private:
    QString m_socket;
    QLockFile m_lock;
    std::unique_ptr<QObject> m_server;
};

} // namespace kb
