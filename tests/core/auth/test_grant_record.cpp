// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/grant_record.h"

#include "oauth_samples.h"

using namespace kb;

namespace {

constexpr qint64 now = 1'700'000'000'000;

TokenSet tokens(const char* access, const char* refresh = "", const char* id = "") {
    TokenSet set;
    set.accessToken = Secret(access);
    set.refreshToken = Secret(refresh);
    set.idToken = Secret(id);
    set.tokenType = QStringLiteral("Bearer");
    set.lifetimeS = 3600;
    set.scopes = {QStringLiteral("a"), QStringLiteral("b")};
    set.issuedAtMs = now;
    return set;
}

bool holds(const SecretRecord& record, const QString& part, const char* text) {
    const Secret* secret = record.part(part);
    return secret && secret->equals(Secret(text));
}

SecretRecord sample() {
    SecretRecord record;
    record.allowedOrigins = {QStringLiteral("https://api.example.com")};
    record.plainHttpOrigins = {QStringLiteral("http://keycloak:8080")};
    record.parts.emplace(grantpart::clientSecret, Secret("client-secret-1"));
    record.parts.emplace(grantpart::dpopKey, Secret("a key"));
    record.facts[QStringLiteral("token_url")] = QStringLiteral("https://as.example.com/token");
    record.facts[QStringLiteral("future_fact")] = QStringLiteral("kept");
    return record;
}

OAuthScheme scheme() {
    OAuthScheme s;
    s.issuer = QStringLiteral("https://as.example.com");
    s.clientId = QStringLiteral("c1");
    s.tokenUrl = QStringLiteral("https://as.example.com/own-token");
    return s;
}

} // namespace

class TestGrantRecord : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLoginIsKept() {
        SecretRecord record = sample();
        TokenSet set = tokens("access-1", "refresh-1", "id-1");
        set.refreshLifetimeS = 7200;
        putTokens(record, std::move(set), true);
        QVERIFY(record.secret.equals(Secret("access-1")));
        QVERIFY(holds(record, grantpart::refreshToken, "refresh-1"));
        QVERIFY(holds(record, grantpart::idToken, "id-1"));
        QCOMPARE(record.fact(QStringLiteral("token_type")), QStringLiteral("Bearer"));
        QCOMPARE(record.fact(QStringLiteral("scope")), QStringLiteral("a b"));
        QCOMPARE(record.fact(QStringLiteral("obtained_ms")), QStringLiteral("1700000000000"));
        QCOMPARE(record.fact(QStringLiteral("expires_ms")), QStringLiteral("1700003600000"));
        QCOMPARE(record.fact(QStringLiteral("refresh_expires_ms")), QStringLiteral("1700007200000"));
        // Everything else is as it was.
        QVERIFY(holds(record, grantpart::clientSecret, "client-secret-1"));
        QVERIFY(holds(record, grantpart::dpopKey, "a key"));
        QCOMPARE(record.fact(QStringLiteral("future_fact")), QStringLiteral("kept"));
        QCOMPARE(record.allowedOrigins, QStringList{"https://api.example.com"});
        QCOMPARE(record.plainHttpOrigins, QStringList{"http://keycloak:8080"});
    }

    void s5_8_aNewRefreshTokenReplacesTheOld() {
        SecretRecord record = sample();
        TokenSet first = tokens("access-1", "refresh-1", "id-1");
        first.refreshLifetimeS = 7200;
        putTokens(record, std::move(first), true);
        TokenSet bare = tokens("access-2");
        bare.scopes.clear();
        bare.lifetimeS.reset();
        bare.issuedAtMs = now + 1000;
        putTokens(record, std::move(bare), false);
        QVERIFY(record.secret.equals(Secret("access-2")));
        QVERIFY(holds(record, grantpart::refreshToken, "refresh-1")); // none came: it stays
        QVERIFY(holds(record, grantpart::idToken, "id-1"));
        QCOMPARE(record.fact(QStringLiteral("scope")), QStringLiteral("a b"));
        QCOMPARE(record.fact(QStringLiteral("refresh_expires_ms")), QStringLiteral("1700007200000"));
        QVERIFY(
            !record.facts.contains(QStringLiteral("expires_ms"))); // the old token's end is not the new one's
        putTokens(record, tokens("access-3", "refresh-3"), false);
        QVERIFY(holds(record, grantpart::refreshToken, "refresh-3"));
        QVERIFY(!record.facts.contains(QStringLiteral("refresh_expires_ms")));
        putTokens(record, tokens("access-4"), true); // another login: nothing of the old grant stays
        QVERIFY(!record.part(grantpart::refreshToken));
        QVERIFY(!record.part(grantpart::idToken));
        QVERIFY(holds(record, grantpart::clientSecret, "client-secret-1"));
    }

    void tokensAreForgotten() {
        SecretRecord record = sample();
        putTokens(record, tokens("access-1", "refresh-1", "id-1"), true);
        forgetTokens(record);
        QVERIFY(record.secret.isEmpty());
        const QByteArray bytes = encodeSecretRecord(record);
        for (const char* gone : {"access-1", "refresh-1", "id-1"})
            QVERIFY2(!bytes.contains(QByteArray(gone).toBase64()), gone);
        QVERIFY(holds(record, grantpart::clientSecret, "client-secret-1"));
        QCOMPARE(record.fact(QStringLiteral("token_url")), QStringLiteral("https://as.example.com/token"));
        QVERIFY(!grantSummary(record).hasAccessToken);
    }

    void survivesTheStore() {
        SecretRecord record = sample();
        putTokens(record, tokens("access-1", "refresh-1"), true);
        const auto back = decodeSecretRecord(encodeSecretRecord(record));
        QVERIFY(back);
        const GrantSummary summary = grantSummary(*back);
        QVERIFY(summary.hasAccessToken && summary.hasRefreshToken && summary.hasClientSecret &&
                !summary.hasIdToken);
        QCOMPARE(summary.scopes, (QStringList{"a", "b"}));
        QCOMPARE(*summary.obtainedMs, now);
        QCOMPARE(*summary.expiresMs, now + 3'600'000);
        QVERIFY(!summary.refreshExpiresMs && !summary.clientSecretExpiresMs);
        // A grant that waits for its first login has no token.
        const auto waiting = decodeSecretRecord(encodeSecretRecord(sample()));
        QVERIFY(waiting && !grantSummary(*waiting).hasAccessToken);
    }

    void factsForTheStateMachine() {
        SecretRecord record = sample();
        QVERIFY(!grantFacts(record).hasAccessToken);
        putTokens(record, tokens("access-1", "refresh-1"), true);
        const GrantFacts facts = grantFacts(record);
        QVERIFY(facts.hasAccessToken && facts.hasRefreshToken);
        QCOMPARE(*facts.lifetimeMs, 3'600'000);
        QCOMPARE(*facts.expiresMs, now + 3'600'000);
        QVERIFY(!facts.serverExpiresMs);
        // Without expires_in a JWT's own exp is the fallback.
        const QByteArray jwt =
            toBase64Url("{\"alg\":\"RS256\"}") + '.' + toBase64Url("{\"exp\":1700000100}") + ".c2ln";
        TokenSet set = tokens("x");
        set.accessToken = Secret(viewOf(jwt));
        set.lifetimeS.reset();
        putTokens(record, std::move(set), true);
        QCOMPARE(*grantFacts(record).serverExpiresMs, 1'700'000'100'000);
        record.facts[QStringLiteral("expires_ms")] = QStringLiteral("soon");
        QVERIFY(!grantFacts(record).expiresMs);
    }

    void s5_11_registrationIsKept() {
        SecretRecord record = sample();
        QVERIFY(!keptRegistration(record));
        ClientRegistration registration;
        registration.clientId = QStringLiteral("c2");
        registration.clientSecret = Secret("client-secret-2");
        registration.secretExpiresAt = 1'800'000'000;
        registration.accessToken = Secret("reg-token");
        registration.clientUri = urlOf(QStringLiteral("https://as.example.com/reg/c2?x=1"));
        putRegistration(record, std::move(registration));
        QVERIFY(holds(record, grantpart::clientSecret, "client-secret-2"));
        QCOMPARE(*grantSummary(record).clientSecretExpiresMs, 1'800'000'000'000);
        const auto kept = keptRegistration(record);
        QVERIFY(kept);
        QCOMPARE(kept->clientId, QStringLiteral("c2"));
        QVERIFY(kept->accessToken.equals(Secret("reg-token")));
        QVERIFY(kept->clientSecret.equals(Secret("client-secret-2")));
        QCOMPARE(kept->clientUri->text(), QByteArray("https://as.example.com/reg/c2?x=1"));
        QCOMPARE(*kept->secretExpiresAt, 1'800'000'000);
        ClientRegistration updated;
        updated.clientId = QStringLiteral("c2");
        putRegistration(record, std::move(updated)); // now a public client, address and token as before
        QVERIFY(!record.part(grantpart::clientSecret));
        QVERIFY(keptRegistration(record));
    }

    void theServerIsConfirmed() {
        ServerMetadata metadata;
        metadata.issuer = QStringLiteral("https://as.example.com");
        metadata.endpoints.token = urlOf(QStringLiteral("https://as.example.com/token"));
        metadata.endpoints.registration = urlOf(QStringLiteral("https://as.example.com/reg"));
        metadata.mtlsEndpoints.revocation = urlOf(QStringLiteral("https://mtls.example.com/r"));
        metadata.answersWithIssuer = true;
        auto server = proposedServer(scheme(), &metadata);
        QVERIFY(server);
        QCOMPARE(server->endpoints.token->text(),
                 QByteArray("https://as.example.com/own-token")); // the profile's
        QVERIFY(!server->endpoints.revocation);
        SecretRecord record = sample();
        confirmServer(record, *server);
        QVERIFY(*confirmedServer(record) == *server);
        QVERIFY(confirmedServer(record)->answersWithIssuer);
        QCOMPARE(record.fact(QStringLiteral("registration_url")),
                 QStringLiteral("https://as.example.com/reg"));
        OAuthScheme mtls = scheme();
        mtls.clientAuth = ClientAuth::Mtls;
        QCOMPARE(proposedServer(mtls, &metadata)->endpoints.revocation->text(),
                 QByteArray("https://mtls.example.com/r"));
        OAuthScheme bad = scheme();
        bad.deviceUrl = QStringLiteral("ftp://x");
        QCOMPARE(proposedServer(bad, nullptr).error().where, QStringLiteral("device_url"));
        record.facts[QStringLiteral("token_url")] = QStringLiteral("nonsense");
        QCOMPARE(confirmedServer(record).error().code, ErrorCode::SecretUnreadable);
    }

    void aPulledEditIsSeen() {
        SecretRecord record = sample();
        confirmServer(record, *proposedServer(scheme(), nullptr));
        QVERIFY(serverChanges(record, scheme()).isEmpty());
        OAuthScheme edited = scheme();
        edited.tokenUrl = QStringLiteral("https://evil.example/token");
        QCOMPARE(serverChanges(record, edited), QStringList{"token_url"});
        edited = scheme();
        edited.tokenUrl = QStringLiteral("HTTPS://AS.example.com:443/own-token");
        QVERIFY(serverChanges(record, edited).isEmpty()); // the same place
        edited.tokenUrl.clear();
        QVERIFY(serverChanges(record, edited).isEmpty()); // left to what was confirmed
        edited.issuer += u'/';
        edited.clientId = QStringLiteral("c2");
        edited.revocationUrl = QStringLiteral("https://evil.example/r");
        QCOMPARE(serverChanges(record, edited), (QStringList{"issuer", "client_id", "revocation_url"}));
        QVERIFY(!serverChanges(SecretRecord(), scheme()).isEmpty()); // nothing was confirmed yet
    }
};

QTEST_GUILESS_MAIN(TestGrantRecord)
#include "test_grant_record.moc"
