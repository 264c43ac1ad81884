// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_request.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct OAuthRequestText {
    Q_DECLARE_TR_FUNCTIONS(OAuthRequest)
};

/// RFC 6749 §3.3: visible ASCII without quote and backslash.
bool isScopeToken(const QString& scope) {
    return !scope.isEmpty() && std::all_of(scope.begin(), scope.end(), [](QChar c) {
        return c > u' ' && c <= u'~' && c != u'"' && c != u'\\';
    });
}

/// An absolute URI without fragment, as far as its shape tells (RFC 3986 §4.3).
bool isResource(const QString& text) {
    const qsizetype colon = text.indexOf(u':');
    if (colon <= 0 || colon + 1 == text.size()) return false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c <= u' ' || c > u'~' || c == u'#') return false;
        const bool letter = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
        const bool other = (c >= u'0' && c <= u'9') || c == u'+' || c == u'-' || c == u'.';
        if (i < colon && !letter && !(i > 0 && other)) return false;
    }
    return true;
}

tl::unexpected<Error> missing(const QString& what) {
    return fail(ErrorCode::SecretMissing, what, {},
                OAuthRequestText::tr("Log in again, or enter it in the profile."));
}

Result<void> needClientId(const OAuthClient& client) {
    if (!client.id.isEmpty()) return {};
    return fail(ErrorCode::InvalidInput, OAuthRequestText::tr("The client id is missing."), {},
                OAuthRequestText::tr("Enter it in the profile."));
}

/// Writes a grant's own parameters.
struct GrantWriter {
    FormBody& form;
    const OAuthClient& client;
    const TokenWish& wish;
    const FlowContext& context;

    Result<void> secret(const QByteArray& name, const Secret& value, const QString& ifMissing) const {
        if (value.isEmpty()) return missing(ifMissing);
        addSecretField(form, name, value, context);
        return {};
    }

    Result<void> operator()(const CodeGrant& grant) const {
        if (const Result<void> fine = needClientId(client); !fine) return fine;
        if (grant.verifier.isEmpty()) return missing(OAuthRequestText::tr("The code's verifier is missing."));
        form.add("grant_type", grantType(OAuthGrant::AuthorizationCode));
        form.add("redirect_uri", grant.redirectUri);
        addSecretField(form, "code_verifier", grant.verifier, context);
        return secret("code", grant.code, OAuthRequestText::tr("The authorization code is missing."));
    }
    Result<void> operator()(const ClientCredentialsGrant&) const {
        if (client.auth == ClientAuth::None)
            return fail(ErrorCode::InvalidInput,
                        OAuthRequestText::tr("Client credentials need a client that authenticates itself."),
                        {}, OAuthRequestText::tr("Choose a client authentication in the profile."));
        form.add("grant_type", grantType(OAuthGrant::ClientCredentials));
        return {};
    }
    Result<void> operator()(const RefreshGrant& grant) const {
        for (const QString& scope : wish.scopes) {
            if (grant.granted.isEmpty() || grant.granted.contains(scope)) continue;
            return fail(
                ErrorCode::InvalidInput,
                OAuthRequestText::tr("A refresh cannot ask for more than was granted: %1.").arg(scope), {},
                OAuthRequestText::tr("Log in again to ask for more scopes."));
        }
        form.add("grant_type", QStringLiteral("refresh_token"));
        return secret("refresh_token", grant.refreshToken,
                      OAuthRequestText::tr("There is no refresh token."));
    }
    Result<void> operator()(const DeviceGrant& grant) const {
        if (const Result<void> fine = needClientId(client); !fine) return fine;
        form.add("grant_type", grantType(OAuthGrant::DeviceCode));
        return secret("device_code", grant.deviceCode, OAuthRequestText::tr("The device code is missing."));
    }
    Result<void> operator()(const ExchangeGrant& grant) const {
        if (grant.subjectTokenType.isEmpty() || (grant.actorToken && grant.actorTokenType.isEmpty()))
            return fail(ErrorCode::InvalidInput, OAuthRequestText::tr("A token to exchange has no type."), {},
                        OAuthRequestText::tr("Name its type, such as %1.")
                            .arg(QStringLiteral("urn:ietf:params:oauth:token-type:access_token")));
        form.add("grant_type", grantType(OAuthGrant::TokenExchange));
        form.add("subject_token_type", grant.subjectTokenType);
        form.add("requested_token_type", grant.requestedTokenType);
        if (grant.actorToken) {
            form.add("actor_token_type", grant.actorTokenType);
            const Result<void> fine = secret("actor_token", *grant.actorToken,
                                             OAuthRequestText::tr("The actor's token is missing."));
            if (!fine) return fine;
        }
        return secret("subject_token", grant.subjectToken,
                      OAuthRequestText::tr("The token to exchange is missing."));
    }
    Result<void> operator()(const JwtBearerGrant& grant) const {
        form.add("grant_type", grantType(OAuthGrant::JwtBearer));
        return secret("assertion", grant.assertion, OAuthRequestText::tr("The assertion is missing."));
    }
    Result<void> operator()(const PasswordGrant& grant) const {
        form.add("grant_type", grantType(OAuthGrant::Password));
        form.add("username", grant.user);
        return secret("password", grant.password, OAuthRequestText::tr("The password is missing."));
    }
};

void addWish(FormBody& form, const TokenWish& wish) {
    form.add("scope", wish.scopes.join(u' '));
    form.addEach("resource", wish.resources);
    form.add("audience", wish.audience);
}

QString hintText(TokenHint hint) {
    return hint == TokenHint::AccessToken ? QStringLiteral("access_token") : QStringLiteral("refresh_token");
}

Result<Request> tokenPost(const HttpUrl& endpoint, const QString& name, const OAuthClient& client,
                          const Secret& token, TokenHint hint, const FlowContext& context) {
    if (token.isEmpty()) return missing(OAuthRequestText::tr("There is no token."));
    FormBody form;
    addSecretField(form, "token", token, context);
    form.add("token_type_hint", hintText(hint));
    return clientPost(endpoint, name, std::move(form), client, context);
}

} // namespace

QString grantType(OAuthGrant grant) {
    const auto urn = [](const char* name) -> QString {
        return QStringLiteral("urn:ietf:params:oauth:grant-type:") + QLatin1String(name);
    };
    switch (grant) {
    case OAuthGrant::AuthorizationCode:
        return QStringLiteral("authorization_code");
    case OAuthGrant::ClientCredentials:
        return QStringLiteral("client_credentials");
    case OAuthGrant::DeviceCode:
        return urn("device_code");
    case OAuthGrant::TokenExchange:
        return urn("token-exchange");
    case OAuthGrant::JwtBearer:
        return urn("jwt-bearer");
    case OAuthGrant::Password:
        break;
    }
    return QStringLiteral("password");
}

Result<void> checkWish(const TokenWish& wish) {
    for (const QString& scope : wish.scopes)
        if (!isScopeToken(scope))
            return fail(
                ErrorCode::InvalidInput, OAuthRequestText::tr("\"%1\" cannot be a scope.").arg(scope), {},
                OAuthRequestText::tr("Write scopes with spaces in between, without quotes and backslashes."));
    for (const QString& resource : wish.resources)
        if (!isResource(resource))
            return fail(ErrorCode::InvalidInput,
                        OAuthRequestText::tr("\"%1\" cannot be a resource.").arg(resource), {},
                        OAuthRequestText::tr(
                            "Write a whole address, such as https://api.example.com, without a # part."));
    return {};
}

Result<Request> tokenRequest(const HttpUrl& endpoint, const OAuthClient& client, const TokenGrant& grant,
                             const TokenWish& wish, const FlowContext& context) {
    if (const Result<void> fine = checkWish(wish); !fine) return tl::unexpected<Error>(fine.error());
    FormBody form;
    const Result<void> written = std::visit(GrantWriter{form, client, wish, context}, grant);
    if (!written) return tl::unexpected<Error>(written.error());
    TokenWish asked = wish;
    // Code and device code stand for scopes that were asked for before (RFC 6749 §4.1.3, RFC 8628 §3.4).
    if (std::holds_alternative<CodeGrant>(grant) || std::holds_alternative<DeviceGrant>(grant)) {
        asked.scopes.clear();
        asked.audience.clear();
    }
    addWish(form, asked);
    return clientPost(endpoint, OAuthRequestText::tr("token endpoint"), std::move(form), client, context);
}

Result<Request> revocationRequest(const HttpUrl& endpoint, const OAuthClient& client, const Secret& token,
                                  TokenHint hint, const FlowContext& context) {
    return tokenPost(endpoint, OAuthRequestText::tr("revocation endpoint"), client, token, hint, context);
}

Result<Request> introspectionRequest(const HttpUrl& endpoint, const OAuthClient& client, const Secret& token,
                                     TokenHint hint, const QString& serverIssuer, const QString& tokenIssuer,
                                     const FlowContext& context) {
    if (!serverIssuer.isEmpty() && !tokenIssuer.isEmpty() && serverIssuer != tokenIssuer)
        return fail(
            ErrorCode::OriginRefused,
            OAuthRequestText::tr("The token was issued by another server than the one to be asked about it."),
            tokenIssuer.left(200), OAuthRequestText::tr("Ask the token's own issuer."));
    return tokenPost(endpoint, OAuthRequestText::tr("introspection endpoint"), client, token, hint, context);
}

Result<Request> deviceAuthorizationRequest(const HttpUrl& endpoint, const OAuthClient& client,
                                           const TokenWish& wish, const FlowContext& context) {
    if (const Result<void> fine = checkWish(wish); !fine) return tl::unexpected<Error>(fine.error());
    if (const Result<void> fine = needClientId(client); !fine) return tl::unexpected<Error>(fine.error());
    FormBody form;
    addWish(form, wish);
    // The standard wants the client id here from clients that do not authenticate; oidc servers want it
    // always.
    form.add("client_id", client.id);
    return clientPost(endpoint, OAuthRequestText::tr("device authorization endpoint"), std::move(form),
                      client, context);
}

Result<Request> pushedAuthorizationRequest(const HttpUrl& endpoint, const OAuthClient& client,
                                           const QList<FormField>& parameters, const FlowContext& context) {
    FormBody form;
    for (const FormField& field : parameters) {
        if (field.first == QStringLiteral("request_uri"))
            return fail(ErrorCode::InvalidInput,
                        OAuthRequestText::tr("A pushed authorization request may not point at another one."),
                        QStringLiteral("request_uri"));
        form.add(field.first.toLatin1(), field.second);
    }
    return clientPost(endpoint, OAuthRequestText::tr("pushed authorization endpoint"), std::move(form),
                      client, context);
}

} // namespace kb
