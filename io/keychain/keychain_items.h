// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/handle.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>
#include <functional>

namespace kb {

/// One keychain item at a time, with a time-out and our own errors. Each call answers once, later.
class KeychainItems final : public Handle {
public:
    KeychainItems(QString service, int timeoutMs);
    ~KeychainItems() override;
    void get(const QString& key, std::function<void(Result<QByteArray>)> done);
    void put(const QString& key, const QByteArray& value, std::function<void(Result<void>)> done);
    void remove(const QString& key, std::function<void(Result<void>)> done);

private:
    class Call;
    QString m_service;
    int m_timeoutMs;
    std::unique_ptr<Call> m_call;
    std::unique_ptr<Call> m_past; ///< the one whose completion started the next
    void begin(std::unique_ptr<Call> call);
};

} // namespace kb
