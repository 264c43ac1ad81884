// SPDX-License-Identifier: GPL-3.0-or-later
// What an operation does with a login of the API's own.
#include "core/run/grant_operation_private.h"
#include "core/run/grant_operation_text.h"

namespace kb {

namespace {

/// The server says no, and not that it cannot answer.
bool isRefusal(const OAuthFailure& failure) {
    return failure.kind == OAuthFailure::Kind::Refused;
}

} // namespace

void GrantOperation::Private::actOnLogin() {
    if (kind == Kind::Revoke || kind == Kind::Rotate || kind == Kind::Introspect || kind == Kind::Userinfo)
        return finish({ErrorCode::InvalidInput,
                       kind == Kind::Revoke || kind == Kind::Rotate
                           ? GrantText::tr("A login of the API's own has nowhere to revoke a token at.")
                           : GrantText::tr("A login of the API's own has nowhere to ask about a token."),
                       input.profile.name, GrantText::tr("Log in again for a new token."), -1});
    if (missing(server.endpoints.token, GrantText::tr("login address"))) return;
    const bool refreshes = kind == Kind::Renew && server.endpoints.refresh &&
                           outcome.record.part(grantpart::refreshToken) != nullptr;
    if (refreshes) return sendLoginRefresh();
    sendLogin(kind == Kind::Renew ? GrantText::tr("Obtained a new token.") : GrantText::tr("Logged in."));
}

void GrantOperation::Private::callLogin(const Result<Request>& request,
                                        std::function<void(OAuthResult<LoginTokens>)> got) {
    if (!request) return finish(request.error());
    call(
        *request, false,
        [this, got](const Response& response) { got(readLoginAnswer(response, *loginScheme, context())); },
        [got](const Error& error) {
            OAuthFailure noAnswer;
            noAnswer.kind = OAuthFailure::Kind::ServerDown;
            noAnswer.error = error;
            got(tl::unexpected<OAuthFailure>(noAnswer));
        });
}

void GrantOperation::Private::sendLogin(const QString& note) {
    const SecretRecord& record = outcome.record;
    callLogin(loginRequest(*server.endpoints.token, *loginScheme, record.part(grantpart::password),
                           record.plainHttpOrigins, context()),
              [this, note](OAuthResult<LoginTokens> tokens) { gotLogin(std::move(tokens), true, note); });
}

void GrantOperation::Private::sendLoginRefresh() {
    const SecretRecord& record = outcome.record;
    callLogin(
        loginRefreshRequest(*server.endpoints.refresh, *loginScheme, *record.part(grantpart::refreshToken),
                            record.plainHttpOrigins, context()),
        [this](OAuthResult<LoginTokens> tokens) {
            if (!tokens && isRefusal(tokens.error())) {
                // It is dead, and is not tried again, whatever comes of the login.
                outcome.record.parts.erase(grantpart::refreshToken);
                outcome.findings.append(
                    GrantText::tr("The refresh token was not taken: %1").arg(tokens.error().error.what));
                return save([this] { sendLogin(GrantText::tr("Logged in anew.")); });
            }
            // An answer to a refresh need not bring what stays as it is.
            if (tokens) tokens->tokens.findings.clear();
            gotLogin(std::move(tokens), false, GrantText::tr("Refreshed."));
        });
}

void GrantOperation::Private::gotLogin(OAuthResult<LoginTokens> tokens, bool byLogin, const QString& note) {
    if (!tokens) return fail(tokens.error());
    outcome.findings += tokens->tokens.findings;
    putTokens(outcome.record, std::move(tokens->tokens), byLogin);
    if (!tokens->csrf.isEmpty())
        outcome.record.parts.insert_or_assign(grantpart::csrfToken, std::move(tokens->csrf));
    outcome.note = note;
    // First the store, then everybody else: a new refresh token that is lost ends the grant.
    save([this] { finish(); });
}

} // namespace kb
