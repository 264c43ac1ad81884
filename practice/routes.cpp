// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/routes.h"

#include "practice/api.h"

namespace kb::practice {

bool Route::hasId() const {
    return QByteArray(path).contains('{');
}

const QList<Route>& routes() {
    using enum Access;
    constexpr const char* no = nullptr;
    // clang-format off
    static const QList<Route> table{
        {"GET", "/users", "listUsers", "Users", "List users", Protected, "users:read", no, no, true, false, no, 200, "[]UserName", &Api::listUsers},
        {"POST", "/users", "createUser", "Users", "Create user", Protected, "users:write", no, no, false, false, "NewUser", 201, "User", &Api::createUser},
        {"GET", "/users/{id}", "getUser", "Users", "Get user", Protected, "users:read", no, no, false, true, no, 200, "User", &Api::getUser},
        {"PUT", "/users/{id}", "updateUser", "Users", "Update user", Protected, "users:write", no, no, false, true, "NewUser", 200, "User", &Api::updateUser},
        {"DELETE", "/users/{id}", "deleteUser", "Users", "Delete user", Protected, "users:delete", no, no, false, true, no, 204, no, &Api::deleteUser},
        {"GET", "/users/{id}/invoices", "listInvoices", "Users", "List a user's invoices", Protected, "invoices:read", no, no, false, true, no, 200, "[]Invoice", &Api::listInvoices},
        {"GET", "/search", "search", "Users", "Find users by name", Protected, "users:read", no, no, true, false, no, 200, "[]UserName", &Api::search},
        {"GET", "/me", "whoAmI", "Users", "Who am I", Protected, no, no, no, true, false, no, 200, "Caller", &Api::whoAmI},
        {"GET", "/admin/stats", "stats", "Admin", "Stats", Protected, no, "admin", no, false, false, no, 200, "Stats", &Api::stats},
        {"PATCH", "/admin/users/{id}/role", "changeRole", "Admin", "Change role", Protected, no, "admin", no, false, false, "Role", 200, "User", &Api::changeRole},
        {"GET", "/plans", "listPlans", "Billing", "List plans", Optional, no, no, no, true, false, no, 200, "[]Plan", &Api::listPlans},
        {"GET", "/billing/export", "exportBilling", "Billing", "Export billing", Protected, no, no, "premium", false, false, no, 200, "Export", &Api::exportBilling},
        {"GET", "/webhooks", "listWebhooks", "Webhooks", "List webhooks", Protected, no, "admin", no, false, false, no, 200, "[]Webhook", &Api::listWebhooks},
        {"POST", "/webhooks", "createWebhook", "Webhooks", "Create webhook", Protected, no, "admin", no, false, false, "NewWebhook", 201, "Webhook", &Api::createWebhook},
        {"DELETE", "/webhooks/{id}", "deleteWebhook", "Webhooks", "Delete webhook", Protected, no, "admin", no, false, false, no, 204, no, &Api::deleteWebhook},
        {"POST", "/tokens/revoke", "revokeToken", "Tokens", "Revoke a token", Protected, no, no, no, false, false, "form:Revocation", 200, no, &Api::revokeToken},
        {"POST", "/oauth/token", "token", "Tokens", "Get a token", Open, no, no, no, false, false, "form:TokenRequest", 200, "TokenResponse", &Api::token},
        {"GET", "/health", "health", "Service", "Health", Open, no, no, no, false, false, no, 200, "Health", &Api::health},
        {"GET", "/problems/{id}", "problem", "Service", "What a problem type means", Open, no, no, no, false, false, no, 200, "Problem", &Api::problemPage},
        {"GET", "/openapi.json", "document", "Service", "This document", Open, no, no, no, false, false, no, 200, "Document", &Api::document},
        {"GET", "/.well-known/jwks.json", "keys", "Service", "Public keys", Open, no, no, no, false, false, no, 200, "Document", &Api::keys},
        {"GET", "/.well-known/openid-configuration", "openidMetadata", "Service", "Issuer metadata", Open, no, no, no, false, false, no, 200, "Document", &Api::metadata},
        {"GET", "/.well-known/oauth-authorization-server", "oauthMetadata", "Service", "Issuer metadata", Open, no, no, no, false, false, no, 200, "Document", &Api::metadata},
    };
    // clang-format on
    return table;
}

RouteMatch matchRoute(const QByteArray& method, const QByteArray& path) {
    RouteMatch match;
    const QList<QByteArray> parts = path.split('/');
    // HEAD is GET without the body (RFC 9110 §9.3.2).
    const QByteArray wanted = method == "HEAD" ? QByteArray("GET") : method;
    QList<QByteArray> allowed;
    for (const Route& route : routes()) {
        const QList<QByteArray> pattern = QByteArray(route.path).split('/');
        bool fits = pattern.size() == parts.size();
        QString id;
        for (qsizetype i = 0; fits && i < parts.size(); ++i) {
            if (pattern[i].startsWith('{')) {
                fits = !parts[i].isEmpty();
                id = QString::fromUtf8(QByteArray::fromPercentEncoding(parts[i]));
            } else {
                fits = pattern[i] == parts[i];
            }
        }
        if (!fits) continue;
        if (wanted == route.method) {
            match.route = &route;
            match.id = id;
            return match;
        }
        allowed.append(route.method);
        if (qstrcmp(route.method, "GET") == 0) allowed.append("HEAD");
    }
    if (!allowed.isEmpty()) {
        allowed.append("OPTIONS");
        match.allowed = allowed.join(", ");
    }
    return match;
}

} // namespace kb::practice
