// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_response.h"
#include "core/workspace/login_scheme.h"

namespace kb {

/// Whether anything of the login asks for the secret.
bool usesSecret(const LoginScheme& scheme);
/// Whether anything of what renews the token carries the refresh token.
bool usesRefreshToken(const LoginScheme& scheme);

/// The login of a scheme whose variables are resolved. In the body the user name and the secret are written
/// as the content type wants it: escaped for JSON (RFC 8259 §7) and XML, form-encoded for a form, else as
/// they are. The redactor learns the secret in that form too. `secret` may be null where nothing asks for it.
Result<Request> loginRequest(const HttpUrl& url, const LoginScheme& scheme, const Secret* secret,
                             const QStringList& plainHttpOrigins, const FlowContext& context);
/// Likewise what renews the token.
Result<Request> loginRefreshRequest(const HttpUrl& url, const LoginScheme& scheme, const Secret& refreshToken,
                                    const QStringList& plainHttpOrigins, const FlowContext& context);

/// What a login gave. `csrf` is empty where the scheme knows no such token, or none came.
struct LoginTokens {
    TokenSet tokens;
    Secret csrf;
};
/// Reads the answer. A redirect counts as one where header or cookie give the token. Where the token is not
/// found, the error says where it was looked for and what is there instead: names, never values. Of the rest,
/// what is missing is a finding.
OAuthResult<LoginTokens> readLoginAnswer(const Response& response, const LoginScheme& scheme,
                                         const FlowContext& context);
/// Tells the redactor of the tokens in an answer, before it is shown.
void learnLoginAnswer(const Response& response, const LoginScheme& scheme, Redactor& redactor);

} // namespace kb
