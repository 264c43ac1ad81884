// SPDX-License-Identifier: GPL-3.0-or-later
// Users and their invoices.
#include "practice/api.h"

#include <QUrl>

namespace kb::practice {
namespace {

QJsonObject nameOnly(const User& user) {
    return {{QStringLiteral("id"), user.id}, {QStringLiteral("name"), user.name}};
}

HttpReply userReply(int status, const User& user) {
    HttpReply reply = jsonReply(status, user.toJson());
    reply.add("ETag", user.etag());
    return reply;
}

// The members a user can be made of; nothing when one is missing or of another type.
std::optional<User> userFrom(const QJsonObject& body) {
    const QJsonValue name = body.value(QLatin1String("name"));
    const QJsonValue email = body.value(QLatin1String("email"));
    const QJsonValue plan = body.value(QLatin1String("plan"));
    if (!name.isString() || name.toString().isEmpty() || !email.isString()) return std::nullopt;
    if (!plan.isUndefined() && plan.toString() != QLatin1String("free") &&
        plan.toString() != QLatin1String("premium"))
        return std::nullopt;
    User user;
    user.name = name.toString();
    user.email = email.toString();
    user.plan = plan.toString(QStringLiteral("free"));
    return user;
}

} // namespace

HttpReply Api::listUsers(const Call&) {
    QJsonArray list;
    for (const User& user : m_data.users())
        list.append(nameOnly(user));
    return jsonReply(200, list);
}

HttpReply Api::search(const Call& call) {
    const auto query = parseForm(call.request.query);
    const QString wanted = query ? formValue(*query, "q") : QString();
    if (wanted.isEmpty())
        return problem("invalid-request", QStringLiteral("The query parameter q is missing."));
    QJsonArray list;
    for (const User& user : m_data.users())
        if (user.name.contains(wanted, Qt::CaseInsensitive)) list.append(nameOnly(user));
    return jsonReply(200, list);
}

HttpReply Api::createUser(const Call& call) {
    const auto wanted = userFrom(call.body);
    if (!wanted)
        return problem("invalid-body", QStringLiteral("name and email are needed; plan is free or premium."));
    const User* made = m_data.addUser(wanted->name, wanted->email, wanted->plan);
    if (!made) return problem("conflict", QStringLiteral("There are 1000 users already."));
    HttpReply reply = userReply(201, *made);
    reply.add("Location", "/users/" + QByteArray::number(made->id));
    return reply;
}

HttpReply Api::getUser(const Call& call) {
    const User* user = m_data.user(call.id.toInt());
    if (!user) return problem("not-found", QStringLiteral("No user has this id."));
    return userReply(200, *user);
}

std::optional<HttpReply> Api::refusePrecondition(const Call& call, const User& user) const {
    const QList<QByteArray> wanted = call.request.values("If-Match");
    if (wanted.isEmpty()) return std::nullopt;
    for (const QByteArray& line : wanted)
        for (const QByteArray& tag : line.split(','))
            if (tag.trimmed() == "*" || tag.trimmed() == user.etag()) return std::nullopt;
    return problem("precondition-failed", QStringLiteral("The user has another ETag."));
}

HttpReply Api::updateUser(const Call& call) {
    User* user = m_data.user(call.id.toInt());
    if (!user) return problem("not-found", QStringLiteral("No user has this id."));
    const auto wanted = userFrom(call.body);
    if (!wanted)
        return problem("invalid-body", QStringLiteral("name and email are needed; plan is free or premium."));
    if (auto refused = refusePrecondition(call, *user)) return *refused;
    user->name = wanted->name;
    user->email = wanted->email;
    user->plan = wanted->plan;
    ++user->version;
    return userReply(200, *user);
}

HttpReply Api::deleteUser(const Call& call) {
    const User* user = m_data.user(call.id.toInt());
    if (!user) return problem("not-found", QStringLiteral("No user has this id."));
    if (auto refused = refusePrecondition(call, *user)) return *refused;
    m_data.removeUser(user->id);
    return {204, {}, {}, false};
}

HttpReply Api::changeRole(const Call& call) {
    User* user = m_data.user(call.id.toInt());
    if (!user) return problem("not-found", QStringLiteral("No user has this id."));
    const QString role = call.body.value(QLatin1String("role")).toString();
    if (role != QLatin1String("user") && role != QLatin1String("admin"))
        return problem("invalid-body", QStringLiteral("role is user or admin."));
    if (auto refused = refusePrecondition(call, *user)) return *refused;
    user->role = role;
    ++user->version;
    return userReply(200, *user);
}

HttpReply Api::listInvoices(const Call& call) {
    const int id = call.id.toInt();
    if (!m_data.user(id)) return problem("not-found", QStringLiteral("No user has this id."));
    return jsonReply(200, m_data.invoicesOf(id));
}

HttpReply Api::whoAmI(const Call& call) {
    return jsonReply(200, QJsonObject{{QStringLiteral("sub"), call.caller.subject},
                                      {QStringLiteral("role"), call.caller.role},
                                      {QStringLiteral("plan"), call.caller.plan},
                                      {QStringLiteral("scope"), call.caller.scopes.join(QLatin1Char(' '))}});
}

} // namespace kb::practice
