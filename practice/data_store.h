// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QJsonArray>
#include <QJsonObject>
#include <QMap>
#include <QString>

namespace kb::practice {

// The users that own the minted tokens.
inline constexpr int AdminUserId = 10001;
inline constexpr int ReaderUserId = 12345;
inline constexpr int OtherReaderUserId = 67890;

struct User {
    int id = 0;
    int version = 1; ///< counts the changes; the ETag is made of it
    QString name;
    QString email;
    QString role;
    QString plan;

    QJsonObject toJson() const;
    QByteArray etag() const;
};

/// The users, invoices and webhooks of one run. Every object is made up; all is gone when the server stops.
class DataStore {
public:
    static constexpr int MaxObjects = 1000;

    DataStore();
    const QMap<int, User>& users() const { return m_users; }
    User* user(int id);
    const User* user(int id) const;
    User* addUser(const QString& name, const QString& email, const QString& plan); ///< nullptr when full
    void removeUser(int id);
    QJsonArray invoicesOf(int userId) const;
    int invoiceCount() const { return static_cast<int>(m_invoices.size()); }
    const QMap<int, QString>& webhooks() const { return m_webhooks; }
    int addWebhook(const QString& url); ///< its id; 0 when full
    bool removeWebhook(int id);

private:
    QMap<int, User> m_users;
    QJsonArray m_invoices;
    QMap<int, QString> m_webhooks;
    int m_nextUser = 20001;
    int m_nextWebhook = 2;
};

} // namespace kb::practice
