// SPDX-License-Identifier: GPL-3.0-or-later
// What an operation asks an authorization server for without the user: renewing, revoking, introspecting, who
// it is.
#include "core/auth/jwt.h"
#include "core/run/grant_operation_private.h"
#include "core/run/grant_operation_text.h"

namespace kb {

namespace {

/// Masks the secrets in every text of a value that is going to be shown.
void mask(JsonValue& value, const Redactor& redactor) {
    if (value.isString()) value.string = redactor.text(value.string);
    for (JsonValue& item : value.items)
        mask(item, redactor);
    for (JsonValue::Member& member : value.members) {
        member.first = redactor.text(member.first);
        mask(member.second, redactor);
    }
}

} // namespace

void GrantOperation::Private::requestToken(const TokenGrant& grant,
                                           std::function<void(OAuthResult<TokenSet>)> got,
                                           std::function<Result<void>(const FlowContext&)> prepare) {
    const auto* refresh = std::get_if<RefreshGrant>(&grant);
    // A refresh that names no scopes asks for what was granted (RFC 6749 §6); the wish of the login may be
    // more.
    const TokenWish wish{refresh ? QStringList() : scheme.scopes, scheme.resources, scheme.audience};
    const bool exchange = std::holds_alternative<ExchangeGrant>(grant);
    const QStringList expected = refresh ? refresh->granted : wish.scopes;
    callMade(
        [this, grant, wish, prepare](const FlowContext& now) -> Result<Request> {
            if (prepare)
                if (const Result<void> made = prepare(now); !made) return tl::unexpected(made.error());
            return tokenRequest(*server.endpoints.token, client, grant, wish, now);
        },
        [this, got, expected, exchange](const Response& response) {
            got(readTokenResponse(response, {expected, dpopKey != nullptr, exchange}, context()));
        },
        [got](const Error& error) {
            OAuthFailure noAnswer;
            noAnswer.kind = OAuthFailure::Kind::ServerDown;
            noAnswer.error = error;
            got(tl::unexpected<OAuthFailure>(noAnswer));
        });
}

void GrantOperation::Private::gotTokens(OAuthResult<TokenSet> tokens, bool byLogin, const QString& note) {
    if (!tokens) return fail(tokens.error());
    if (const Result<void> right = judgeIdToken(*tokens, byLogin); !right) return finish(right.error());
    outcome.note = note;
    const auto got = std::make_shared<TokenSet>(std::move(*tokens));
    verifyIdToken(got, byLogin, [this, got, byLogin] { keepTokens(std::move(*got), byLogin); });
}

void GrantOperation::Private::keepTokens(TokenSet tokens, bool byLogin) {
    outcome.findings += tokens.findings;
    if (!tokens.missingScopes.isEmpty())
        outcome.findings.append(GrantText::tr("The server did not grant: %1.")
                                    .arg(tokens.missingScopes.join(QStringLiteral(", "))));
    putTokens(outcome.record, std::move(tokens), byLogin);
    // First the store, then everybody else: a new refresh token that is lost ends the grant.
    save([this] { kind == Kind::Rotate ? afterTokens() : finish(); });
}

void GrantOperation::Private::renew() {
    const Secret* kept = outcome.record.part(grantpart::refreshToken);
    if (!kept) {
        if (obtainsAlone(scheme)) return obtainAlone();
        return finish({ErrorCode::LoginNeeded, GrantText::tr("There is no refresh token."),
                       input.profile.name, GrantText::tr("Log in again."), -1});
    }
    const QStringList granted = grantSummary(outcome.record).scopes;
    requestToken(RefreshGrant{*kept, granted}, [this](OAuthResult<TokenSet> tokens) {
        if (!tokens && tokens.error().code == QLatin1String("invalid_grant")) {
            // The refresh token is dead for good; whatever happens next, it is not tried again.
            failure = tokens.error();
            outcome.record.parts.erase(grantpart::refreshToken);
            if (obtainsAlone(scheme)) return obtainAlone();
            const QString why = failure->description.isEmpty() ? failure->code : failure->description;
            save([this, why] {
                finish({ErrorCode::LoginNeeded,
                        GrantText::tr("The server no longer takes the refresh token: %1").arg(why),
                        input.profile.name, GrantText::tr("Log in again."), -1});
            });
            return;
        }
        if (tokens) judgeRotation(*tokens);
        gotTokens(std::move(tokens), false, GrantText::tr("Refreshed."));
    });
}

/// RFC 9700 §4.14.2: nothing else shows that a refresh token of a client without a secret was stolen.
void GrantOperation::Private::judgeRotation(const TokenSet& tokens) {
    const Secret* before = outcome.record.part(grantpart::refreshToken);
    const bool bound = dpopKey && tokens.tokenType == QLatin1String("DPoP");
    if (scheme.clientAuth != ClientAuth::None || bound || !before) return;
    if (!tokens.refreshToken.isEmpty() && !tokens.refreshToken.equals(*before)) return;
    outcome.findings.append(GrantText::tr(
        "The server gave no new refresh token. Of a client without a secret it has to be good for one "
        "use, or be bound to a key (RFC 9700 §4.14.2): whoever copies it can use it unnoticed."));
}

void GrantOperation::Private::obtainAlone() {
    const auto got = [this](OAuthResult<TokenSet> tokens) {
        gotTokens(std::move(tokens), true, GrantText::tr("Obtained a new token."));
    };
    const SecretRecord& record = outcome.record;
    switch (scheme.grant) {
    case OAuthGrant::ClientCredentials:
        return requestToken(ClientCredentialsGrant{}, got);
    case OAuthGrant::TokenExchange: {
        const Secret* subject = record.part(grantpart::subjectToken);
        if (!subject)
            return finish({ErrorCode::SecretMissing, GrantText::tr("The token to exchange is missing."),
                           input.profile.name, GrantText::tr("Enter it in the profile."), -1});
        return requestToken(ExchangeGrant{*subject}, got);
    }
    case OAuthGrant::JwtBearer: {
        AssertionClaims claims;
        claims.issuer = client.id;
        claims.subject = scheme.user.isEmpty() ? client.id : scheme.user;
        claims.audience = client.assertionAudience;
        claims.scopes = scheme.scopes;
        return requestToken(
            JwtBearerGrant{grantAssertion}, got, [this, claims](const FlowContext& now) -> Result<void> {
                Result<Secret> made = makeAssertion(claims, scheme.assertionAlgorithm, scheme.assertionKeyId,
                                                    *assertionKey, now);
                if (!made) return tl::unexpected(made.error());
                grantAssertion = std::move(*made);
                return {};
            });
    }
    case OAuthGrant::Password: {
        const Secret* password = record.part(grantpart::password);
        if (!password)
            return finish({ErrorCode::SecretMissing, GrantText::tr("The user's password is missing."),
                           input.profile.name, GrantText::tr("Enter it in the profile."), -1});
        return requestToken(PasswordGrant{scheme.user, *password}, got);
    }
    case OAuthGrant::AuthorizationCode:
    case OAuthGrant::DeviceCode:
        break;
    }
    finish({ErrorCode::LoginNeeded, GrantText::tr("Only a login gives a new token."), input.profile.name,
            GrantText::tr("Log in."), -1});
}

void GrantOperation::Private::revoke(bool refreshToken) {
    const SecretRecord& record = outcome.record;
    const Secret* token = refreshToken ? record.part(grantpart::refreshToken) : &record.secret;
    if (!token || token->isEmpty()) {
        if (refreshToken) return revoke(false);
        return finish({ErrorCode::SecretMissing,
                       GrantText::tr("There is no token to revoke."),
                       input.profile.name,
                       {},
                       -1});
    }
    const auto make = [this, token, refreshToken](const FlowContext& now) {
        return revocationRequest(*server.endpoints.revocation, client, *token,
                                 refreshToken ? TokenHint::RefreshToken : TokenHint::AccessToken, now);
    };
    const auto answered = [this, refreshToken](const Response& response) {
        const OAuthResult<void> said = readRevocation(response, context());
        const bool more = refreshToken && !outcome.record.secret.isEmpty();
        // A server may not know how to revoke tokens it does not keep; the other one is still worth it.
        const bool unsupported = !said && said.error().code == QLatin1String("unsupported_token_type");
        if (!said && !unsupported) return revocationFailed([this, why = said.error()] { fail(why); });
        refreshRevoked = refreshRevoked || (refreshToken && said);
        if (unsupported)
            outcome.findings.append(
                refreshToken
                    ? GrantText::tr("The server cannot revoke this refresh token.")
                    : GrantText::tr("The server cannot revoke this access token: it stays valid until "
                                    "it expires."));
        if (more) return revoke(false);
        forgetTokens(outcome.record);
        outcome.note = GrantText::tr("Revoked, and taken out of the keychain.");
        save([this] {
            revoked = true;
            kind == Kind::Rotate ? obtainAfterOld() : finish();
        });
    };
    callMade(make, answered,
             [this](const Error& error) { revocationFailed([this, error] { finish(error); }); });
}

/// A refresh token that was revoked before is dead: what is kept must say so.
void GrantOperation::Private::revocationFailed(std::function<void()> tell) {
    if (!refreshRevoked) return tell();
    outcome.record.parts.erase(grantpart::refreshToken);
    save(std::move(tell));
}

void GrantOperation::Private::introspect() {
    const SecretRecord& record = outcome.record;
    if (record.secret.isEmpty())
        return finish({ErrorCode::SecretMissing, GrantText::tr("There is no token to ask about."),
                       input.profile.name, GrantText::tr("Log in first."), -1});
    const Result<DecodedJwt> jwt = decodeJwt(record.secret.reveal());
    const auto make = [this, issuer = jwt ? jwt->issuer : QString()](const FlowContext& now) {
        return introspectionRequest(*server.endpoints.introspection, client, outcome.record.secret,
                                    TokenHint::AccessToken, server.issuer, issuer, now);
    };
    callMade(make, [this](const Response& response) {
        OAuthResult<Introspection> read = readIntrospection(response, context());
        if (!read) return fail(read.error());
        outcome.introspection = std::move(*read);
        mask(outcome.introspection->all, *redactor);
        finish();
    });
}

void GrantOperation::Private::userinfo() {
    const SecretRecord& record = outcome.record;
    if (record.secret.isEmpty())
        return finish({ErrorCode::SecretMissing, GrantText::tr("There is no token to ask with."),
                       input.profile.name, GrantText::tr("Log in first."), -1});
    const bool bound =
        dpopKey && grantSummary(record).tokenType.compare(QLatin1String("DPoP"), Qt::CaseInsensitive) == 0;
    const Result<Request> request = userinfoRequest(
        *server.endpoints.userinfo, bound ? nullptr : &record.secret, record.plainHttpOrigins, context());
    if (!request) return finish(request.error());
    const Secret* kept = record.part(grantpart::idToken);
    const Result<DecodedJwt> idToken = kept ? decodeJwt(kept->reveal()) : Result<DecodedJwt>();
    const UserinfoExpectation expected{kept && idToken ? idToken->subject : QString(), server.issuer,
                                       client.id};
    call(
        *request, bound,
        [this, expected](const Response& response) {
            OAuthResult<Userinfo> read = readUserinfo(response, expected, context());
            if (!read) return fail(read.error());
            outcome.findings += read->findings;
            outcome.userinfo = std::move(*read);
            mask(outcome.userinfo->claims, *redactor);
            finish();
        },
        {}, bound ? &record.secret : nullptr);
}

} // namespace kb
