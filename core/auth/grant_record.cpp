// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/grant_record.h"

#include "core/auth/jwt.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct GrantRecordText {
    Q_DECLARE_TR_FUNCTIONS(GrantRecord)
};

const QString tokenType = QStringLiteral("token_type");
const QString issuedTokenType = QStringLiteral("issued_token_type");
const QString scope = QStringLiteral("scope");
const QString obtainedMs = QStringLiteral("obtained_ms");
const QString expiresMs = QStringLiteral("expires_ms");
const QString refreshExpiresMs = QStringLiteral("refresh_expires_ms");
const QString clientSecretExpiresMs = QStringLiteral("client_secret_expires_ms");
const QString registrationUrl = QStringLiteral("registration_client_url");
const QString issuer = QStringLiteral("issuer");
const QString clientId = QStringLiteral("client_id");
const QString answersWithIssuer = QStringLiteral("answers_with_issuer");
const QString requiresPushed = QStringLiteral("requires_pushed_authorization");
const QString yes = QStringLiteral("1");

struct EndpointName {
    QString fact;
    std::optional<HttpUrl> OAuthEndpoints::*url;
    QString OAuthScheme::*text; ///< nullptr: only metadata names it
};

const QList<EndpointName>& endpointNames() {
    static const QList<EndpointName> names = {
        {QStringLiteral("authorization_url"), &OAuthEndpoints::authorization, &OAuthScheme::authorizationUrl},
        {QStringLiteral("token_url"), &OAuthEndpoints::token, &OAuthScheme::tokenUrl},
        {QStringLiteral("device_url"), &OAuthEndpoints::deviceAuthorization, &OAuthScheme::deviceUrl},
        {QStringLiteral("revocation_url"), &OAuthEndpoints::revocation, &OAuthScheme::revocationUrl},
        {QStringLiteral("introspection_url"), &OAuthEndpoints::introspection, &OAuthScheme::introspectionUrl},
        {QStringLiteral("userinfo_url"), &OAuthEndpoints::userinfo, &OAuthScheme::userinfoUrl},
        {QStringLiteral("par_url"), &OAuthEndpoints::pushedAuthorization, &OAuthScheme::parUrl},
        {QStringLiteral("registration_url"), &OAuthEndpoints::registration, nullptr},
        {QStringLiteral("refresh_url"), &OAuthEndpoints::refresh, nullptr}};
    return names;
}

void setFact(SecretRecord& record, const QString& name, const QString& value) {
    if (value.isEmpty())
        record.facts.remove(name);
    else
        record.facts[name] = value;
}

void setTime(SecretRecord& record, const QString& name, std::optional<qint64> ms) {
    setFact(record, name, ms ? QString::number(*ms) : QString());
}

std::optional<qint64> timeOf(const SecretRecord& record, const QString& name) {
    bool fine = false;
    const qint64 ms = record.fact(name).toLongLong(&fine);
    return fine ? std::optional<qint64>(ms) : std::nullopt;
}

bool hasPart(const SecretRecord& record, const QString& name) {
    const Secret* part = record.part(name);
    return part && !part->isEmpty();
}

/// Replaces a part; an empty one takes it out.
void setPart(SecretRecord& record, const QString& name, Secret secret) {
    if (secret.isEmpty())
        record.parts.erase(name);
    else
        record.parts.insert_or_assign(name, std::move(secret));
}

std::optional<qint64> ownExpiryMs(const Secret& token) {
    const Result<DecodedJwt> jwt = decodeJwt(token.reveal());
    if (!jwt || !jwt->expiresAt || *jwt->expiresAt < 0 || *jwt->expiresAt > 1e12) return std::nullopt;
    return qint64(*jwt->expiresAt * 1000);
}

/// Two spellings of one address are no change.
bool sameAddress(const QString& a, const QString& b) {
    const Result<HttpUrl> first = HttpUrl::parse(a);
    const Result<HttpUrl> second = HttpUrl::parse(b);
    return first && second ? *first == *second : a == b;
}

} // namespace

GrantSummary grantSummary(const SecretRecord& record) {
    GrantSummary summary;
    summary.hasAccessToken = !record.secret.isEmpty();
    summary.hasRefreshToken = hasPart(record, grantpart::refreshToken);
    summary.hasIdToken = hasPart(record, grantpart::idToken);
    summary.hasClientSecret = hasPart(record, grantpart::clientSecret);
    summary.tokenType = record.fact(tokenType);
    summary.scopes = record.fact(scope).split(u' ', Qt::SkipEmptyParts);
    summary.obtainedMs = timeOf(record, obtainedMs);
    summary.expiresMs = timeOf(record, expiresMs);
    summary.refreshExpiresMs = timeOf(record, refreshExpiresMs);
    summary.clientSecretExpiresMs = timeOf(record, clientSecretExpiresMs);
    summary.issuer = record.fact(issuer);
    summary.clientId = record.fact(clientId);
    return summary;
}

GrantFacts grantFacts(const SecretRecord& record) {
    GrantFacts facts;
    facts.hasAccessToken = !record.secret.isEmpty();
    facts.hasRefreshToken = hasPart(record, grantpart::refreshToken);
    facts.expiresMs = timeOf(record, expiresMs);
    const auto obtained = timeOf(record, obtainedMs);
    if (facts.expiresMs && obtained && *facts.expiresMs >= *obtained)
        facts.lifetimeMs = *facts.expiresMs - *obtained;
    if (!facts.expiresMs) facts.serverExpiresMs = ownExpiryMs(record.secret);
    return facts;
}

void putTokens(SecretRecord& record, TokenSet tokens, bool byLogin) {
    if (byLogin) forgetTokens(record);
    const bool newRefreshToken = !tokens.refreshToken.isEmpty();
    record.secret = std::move(tokens.accessToken);
    if (newRefreshToken) setPart(record, grantpart::refreshToken, std::move(tokens.refreshToken));
    if (!tokens.idToken.isEmpty()) setPart(record, grantpart::idToken, std::move(tokens.idToken));
    setFact(record, tokenType, tokens.tokenType);
    setFact(record, issuedTokenType, tokens.issuedTokenType);
    if (!tokens.scopes.isEmpty()) setFact(record, scope, tokens.scopes.join(u' '));
    setTime(record, obtainedMs, tokens.issuedAtMs);
    const auto endOf = [&tokens](std::optional<qint64> seconds) {
        return seconds ? std::optional<qint64>(tokens.issuedAtMs + *seconds * 1000) : std::nullopt;
    };
    setTime(record, expiresMs, endOf(tokens.lifetimeS));
    // What was known of an old refresh token's end says nothing of a new one's.
    if (newRefreshToken || tokens.refreshLifetimeS)
        setTime(record, refreshExpiresMs, endOf(tokens.refreshLifetimeS));
}

void forgetTokens(SecretRecord& record) {
    record.secret.wipe();
    record.parts.erase(grantpart::refreshToken);
    record.parts.erase(grantpart::idToken);
    record.parts.erase(grantpart::csrfToken);
    for (const QString& name : {tokenType, issuedTokenType, scope, obtainedMs, expiresMs, refreshExpiresMs})
        record.facts.remove(name);
}

void leaveForCopy(SecretRecord& record) {
    forgetTokens(record);
    record.parts.erase(grantpart::dpopKey);
    record.parts.erase(grantpart::registrationToken);
    record.facts.remove(registrationUrl);
}

void putRegistration(SecretRecord& record, ClientRegistration registration) {
    setFact(record, clientId, registration.clientId);
    setPart(record, grantpart::clientSecret, std::move(registration.clientSecret));
    setTime(record, clientSecretExpiresMs,
            registration.secretExpiresAt ? std::optional<qint64>(*registration.secretExpiresAt * 1000)
                                         : std::nullopt);
    // RFC 7592 §3: they come again only where the server changed them.
    if (!registration.accessToken.isEmpty())
        setPart(record, grantpart::registrationToken, std::move(registration.accessToken));
    if (registration.clientUri)
        setFact(record, registrationUrl, QString::fromLatin1(registration.clientUri->text()));
}

std::optional<ClientRegistration> keptRegistration(const SecretRecord& record) {
    const Secret* token = record.part(grantpart::registrationToken);
    const Result<HttpUrl> url = HttpUrl::parse(record.fact(registrationUrl));
    if (!token || !url) return std::nullopt;
    ClientRegistration registration;
    registration.clientId = record.fact(clientId);
    registration.accessToken = token->revealCopy();
    registration.clientUri = *url;
    if (const Secret* secret = record.part(grantpart::clientSecret))
        registration.clientSecret = secret->revealCopy();
    if (const auto expires = timeOf(record, clientSecretExpiresMs))
        registration.secretExpiresAt = *expires / 1000;
    return registration;
}

Result<GrantServer> proposedServer(const OAuthScheme& scheme, const ServerMetadata* metadata) {
    GrantServer server;
    server.issuer = scheme.issuer;
    server.clientId = scheme.clientId;
    if (metadata) {
        server.issuer = metadata->issuer;
        server.endpoints = metadata->endpointsFor(scheme.clientAuth);
        server.answersWithIssuer = metadata->answersWithIssuer;
        server.requiresPushedAuthorization = metadata->requiresPushedAuthorization;
    }
    for (const EndpointName& name : endpointNames()) {
        if (!name.text || (scheme.*name.text).isEmpty()) continue;
        const Result<HttpUrl> url = HttpUrl::parse(scheme.*name.text);
        if (!url)
            return fail(url.error().code, url.error().what, name.fact,
                        GrantRecordText::tr("Correct the address in the profile."), url.error().position);
        server.endpoints.*name.url = *url;
    }
    return server;
}

void confirmServer(SecretRecord& record, const GrantServer& server) {
    setFact(record, issuer, server.issuer);
    setFact(record, clientId, server.clientId);
    for (const EndpointName& name : endpointNames()) {
        const std::optional<HttpUrl>& url = server.endpoints.*name.url;
        setFact(record, name.fact, url ? QString::fromLatin1(url->text()) : QString());
    }
    setFact(record, answersWithIssuer, server.answersWithIssuer ? yes : QString());
    setFact(record, requiresPushed, server.requiresPushedAuthorization ? yes : QString());
}

Result<GrantServer> confirmedServer(const SecretRecord& record) {
    GrantServer server;
    server.issuer = record.fact(issuer);
    server.clientId = record.fact(clientId);
    for (const EndpointName& name : endpointNames()) {
        const QString text = record.fact(name.fact);
        if (text.isEmpty()) continue;
        const Result<HttpUrl> url = HttpUrl::parse(text);
        if (!url)
            return fail(ErrorCode::SecretUnreadable,
                        GrantRecordText::tr("An address kept with the secret does not read."), name.fact,
                        GrantRecordText::tr("Confirm the profile's addresses again."));
        server.endpoints.*name.url = *url;
    }
    server.answersWithIssuer = record.fact(answersWithIssuer) == yes;
    server.requiresPushedAuthorization = record.fact(requiresPushed) == yes;
    return server;
}

QStringList serverChanges(const SecretRecord& record, const OAuthScheme& scheme) {
    QStringList changes;
    if (!scheme.issuer.isEmpty() && scheme.issuer != record.fact(issuer)) changes.append(issuer);
    if (!scheme.clientId.isEmpty() && scheme.clientId != record.fact(clientId)) changes.append(clientId);
    for (const EndpointName& name : endpointNames()) {
        if (!name.text || (scheme.*name.text).isEmpty()) continue;
        if (!sameAddress(scheme.*name.text, record.fact(name.fact))) changes.append(name.fact);
    }
    return changes;
}

Result<GrantServer> proposedGrantServer(const AuthScheme& scheme) {
    if (const auto* oauth = std::get_if<OAuthScheme>(&scheme)) return proposedServer(*oauth, nullptr);
    GrantServer server;
    const auto* login = std::get_if<LoginScheme>(&scheme);
    if (!login) return server;
    const auto read = [](const QString& text, const QString& field) -> Result<std::optional<HttpUrl>> {
        if (text.isEmpty()) return std::nullopt;
        const Result<HttpUrl> url = HttpUrl::parse(text);
        if (url) return *url;
        return fail(url.error().code, url.error().what, field,
                    GrantRecordText::tr("Correct the address in the profile."), url.error().position);
    };
    const auto token = read(login->loginUrl, QStringLiteral("loginUrl"));
    if (!token) return tl::unexpected<Error>(token.error());
    const auto refresh = read(login->refreshUrl, QStringLiteral("refreshUrl"));
    if (!refresh) return tl::unexpected<Error>(refresh.error());
    server.endpoints.token = *token;
    server.endpoints.refresh = *refresh;
    return server;
}

QStringList grantServerChanges(const SecretRecord& record, const AuthScheme& scheme) {
    if (const auto* oauth = std::get_if<OAuthScheme>(&scheme)) return serverChanges(record, *oauth);
    const auto* login = std::get_if<LoginScheme>(&scheme);
    if (!login) return {};
    QStringList changes;
    for (const auto& [name, address] : {std::pair(QStringLiteral("token_url"), login->loginUrl),
                                        std::pair(QStringLiteral("refresh_url"), login->refreshUrl)})
        if (!sameAddress(address, record.fact(name))) changes.append(name);
    return changes;
}

} // namespace kb
