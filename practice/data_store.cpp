// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/data_store.h"

namespace kb::practice {
namespace {

QJsonObject invoice(int number, int owner, int cents, const char* item, bool paid) {
    return {{QStringLiteral("invoice"), number},
            {QStringLiteral("owner"), owner},
            {QStringLiteral("amount_cents"), cents},
            {QStringLiteral("currency"), QStringLiteral("EUR")},
            {QStringLiteral("item"), QString::fromLatin1(item)},
            {QStringLiteral("paid"), paid}};
}

} // namespace

QJsonObject User::toJson() const {
    return {{QStringLiteral("id"), id},
            {QStringLiteral("name"), name},
            {QStringLiteral("email"), email},
            {QStringLiteral("role"), role},
            {QStringLiteral("plan"), plan}};
}

QByteArray User::etag() const {
    return '"' + QByteArray::number(id) + '-' + QByteArray::number(version) + '"';
}

DataStore::DataStore() {
    const auto put = [this](int id, const char* name, const char* email, const char* role, const char* plan) {
        m_users.insert(id, {id, 1, QString::fromLatin1(name), QString::fromLatin1(email),
                            QString::fromLatin1(role), QString::fromLatin1(plan)});
    };
    put(AdminUserId, "Ada Admin", "ada@practice.test", "admin", "premium");
    put(ReaderUserId, "Rita Reader", "rita@practice.test", "user", "premium");
    put(OtherReaderUserId, "Otto Other", "otto@practice.test", "user", "free");
    put(13579, "Vera Visitor", "vera@practice.test", "user", "free");
    m_invoices = {invoice(88, ReaderUserId, 4200, "Ladder", true),
                  invoice(91, ReaderUserId, 990, "Door hinges", false),
                  invoice(92, OtherReaderUserId, 1550, "Key blanks", true),
                  invoice(97, AdminUserId, 12000, "Safe", true)};
    m_webhooks.insert(1, QStringLiteral("https://hooks.practice.test/users"));
}

User* DataStore::user(int id) {
    const auto found = m_users.find(id);
    return found == m_users.end() ? nullptr : &*found;
}

const User* DataStore::user(int id) const {
    const auto found = m_users.constFind(id);
    return found == m_users.constEnd() ? nullptr : &*found;
}

User* DataStore::addUser(const QString& name, const QString& email, const QString& plan) {
    if (m_users.size() >= MaxObjects) return nullptr;
    const int id = m_nextUser++;
    return &*m_users.insert(id, {id, 1, name, email, QStringLiteral("user"), plan});
}

void DataStore::removeUser(int id) {
    m_users.remove(id);
    for (qsizetype i = m_invoices.size() - 1; i >= 0; --i)
        if (m_invoices.at(i).toObject().value(QLatin1String("owner")).toInt() == id) m_invoices.removeAt(i);
}

QJsonArray DataStore::invoicesOf(int userId) const {
    QJsonArray own;
    for (const QJsonValue& value : m_invoices)
        if (value.toObject().value(QLatin1String("owner")).toInt() == userId) own.append(value);
    return own;
}

int DataStore::addWebhook(const QString& url) {
    if (m_webhooks.size() >= MaxObjects) return 0;
    m_webhooks.insert(m_nextWebhook, url);
    return m_nextWebhook++;
}

bool DataStore::removeWebhook(int id) {
    return m_webhooks.remove(id) > 0;
}

} // namespace kb::practice
