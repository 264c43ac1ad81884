// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "practice/http_values.h"

#include <QList>

namespace kb::practice {

class Api;
struct Call;

/// Who may use a route.
enum class Access {
    Open,     ///< credentials are not looked at
    Optional, ///< none is fine, a bad one is not
    Protected
};

/// One operation. The server serves what this table says, and /openapi.json is written from it.
struct Route {
    const char* method;
    const char* path; ///< a template as in OpenAPI: "/users/{id}"
    const char* operationId;
    const char* tag;
    const char* summary;
    Access access;
    const char* scope;   ///< needed scope, or nullptr
    const char* role;    ///< needed role, or nullptr
    const char* plan;    ///< needed plan, or nullptr
    bool takesApiKey;    ///< an API key does as well as a token
    bool ownObjectOnly;  ///< {id} must be the caller's own, unless an administrator calls
    const char* request; ///< name of the JSON body's schema, "form:Name" for a form, or nullptr
    int success;
    const char* response; ///< name of the answer's schema, "[]Name" for a list, or nullptr
    HttpReply (Api::*handler)(const Call&);

    bool hasId() const;
};

const QList<Route>& routes();

/// The route of a method and a path, and {id} if its template has one. When only the method does not fit,
/// `route` is null and `allowed` lists the methods that would.
struct RouteMatch {
    const Route* route = nullptr;
    QString id;
    QByteArray allowed;
};
RouteMatch matchRoute(const QByteArray& method, const QByteArray& path);

} // namespace kb::practice
