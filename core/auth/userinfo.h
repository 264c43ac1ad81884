// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/auth/oauth_response.h"

namespace kb {

/// What the server says of the user a token stands for (OpenID Connect Core §5.3).
struct Userinfo {
    JsonValue claims;     ///< every member, in its order
    bool asJwt = false;   ///< it came as a JWT, whose signature nobody has checked
    QStringList findings; ///< a sentence each
};

/// OpenID Connect Core §5.3.1: a GET with the access token in its header. A token bound to a key (RFC 9449)
/// goes with a proof that the caller's flow adds: then `accessToken` is null.
Result<Request> userinfoRequest(const HttpUrl& endpoint, const Secret* accessToken,
                                const QStringList& plainHttpOrigins, const FlowContext& context);

/// Whom the claims must be about, and, of a JWT, from and for. What is empty is not compared.
struct UserinfoExpectation {
    QString subject; ///< the id_token's
    QString issuer;
    QString clientId;
};

/// OpenID Connect Core §5.3.2: the claims, as JSON or as a JWT. Their `sub` must be there and be the expected
/// one; so must `iss` and `aud` of a JWT, where it has them. A refusal is told by its challenge (RFC 6750
/// §3).
OAuthResult<Userinfo> readUserinfo(const Response& response, const UserinfoExpectation& expected,
                                   const FlowContext& context);

} // namespace kb
