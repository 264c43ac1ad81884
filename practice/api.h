// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "practice/data_store.h"
#include "practice/rate_limiter.h"
#include "practice/routes.h"
#include "practice/token_office.h"

#include <functional>

namespace kb::practice {

/// One request on its way to a handler: the caller is known and allowed by then.
struct Call {
    const HttpRequest& request;
    const Route& route;
    Caller caller;
    QString id;       ///< of {id}; empty without one
    QJsonObject body; ///< of a route with a JSON body
};

/// The users-and-invoices API: a request value in, an answer value out. Lives in the server's thread.
class Api {
public:
    /// `otherOrigin` gives the base URL of the second listener, opening it when needed.
    Api(TokenOffice& tokens, const Defects& defects, const PracticeOptions& options, QString baseUrl,
        std::function<QString()> otherOrigin);
    HttpReply answer(const HttpRequest& request);

    HttpReply listUsers(const Call& call);
    HttpReply createUser(const Call& call);
    HttpReply getUser(const Call& call);
    HttpReply updateUser(const Call& call);
    HttpReply deleteUser(const Call& call);
    HttpReply listInvoices(const Call& call);
    HttpReply search(const Call& call);
    HttpReply whoAmI(const Call& call);
    HttpReply stats(const Call& call);
    HttpReply changeRole(const Call& call);
    HttpReply listPlans(const Call& call);
    HttpReply exportBilling(const Call& call);
    HttpReply listWebhooks(const Call& call);
    HttpReply createWebhook(const Call& call);
    HttpReply deleteWebhook(const Call& call);
    HttpReply revokeToken(const Call& call);
    HttpReply token(const Call& call);
    HttpReply health(const Call& call);
    HttpReply problemPage(const Call& call);
    HttpReply document(const Call& call);
    HttpReply keys(const Call& call);
    HttpReply metadata(const Call& call);

private:
    HttpReply routed(const HttpRequest& request);
    HttpReply guarded(const HttpRequest& request, const Route& route, const QString& id);
    HttpReply afterPermission(Call& call);
    tl::expected<Caller, HttpReply> authenticate(const HttpRequest& request, const Route& route) const;
    std::optional<HttpReply> refusePermission(const Call& call) const;
    std::optional<HttpReply> refuseObject(const Call& call) const;
    std::optional<HttpReply> throttle(const QString& identity, Fields& fields);
    std::optional<HttpReply> refusePrecondition(const Call& call, const User& user) const;
    HttpReply unauthorized(const char* problem, const QString& detail, const char* error) const;
    HttpReply problem(const char* name, const QString& detail, const QJsonObject& extra = {}) const;
    HttpReply twisted(HttpReply reply) const;
    void reflect(const HttpRequest& request, HttpReply& reply) const;

    TokenOffice& m_tokens;
    const Defects& m_defects;
    DataStore m_data;
    RateLimiter m_limiter;
    QString m_baseUrl;
    std::function<QString()> m_otherOrigin;
};

} // namespace kb::practice
