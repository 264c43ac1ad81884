// SPDX-License-Identifier: GPL-3.0-or-later
// By whose key the id_token of a login is (OpenID Connect Core §3.1.3.7, 6 to 8).
#include "core/auth/base64url.h"
#include "core/auth/signing_key.h"
#include "core/base/json_make.h"
#include "tests/core/run/grant_bench.h"

using namespace kbtest;

namespace {

const char* const longSecret = "a client secret of at least thirty-two bytes";

/// A key of the issuer, named as it is in its set.
struct IssuerKey {
    QByteArray kid;
    SigningKey key = std::move(*SigningKey::generate(QStringLiteral("ES256")));

    QByteArray jwk(const QByteArray& more = {}) const {
        QByteArray text = writeJson(key.publicJwk());
        return text.insert(text.size() - 1, QByteArray(",\"kid\":\"" + kid + '"' + more));
    }
    QByteArray signs(const QByteArray& claims) const {
        const JsonValue header = parseJson(QByteArray("{\"kid\":\"" + kid + "\"}")).value();
        return *signCompact(QStringLiteral("ES256"), header, claims, key);
    }
};

QByteArray keySet(const QByteArrayList& keys) {
    return "{\"keys\":[" + keys.join(',') + "]}";
}

/// A login without a browser, at an issuer that has keys.
struct IdTokenBench : GrantBench {
    IdTokenBench() : GrantBench(300000, OAuthGrant::Password) {
        auto& scheme = std::get<OAuthScheme>(profile.scheme);
        scheme.issuer = QStringLiteral("https://id.acme.test");
        confirmServer(record(), *proposedServer(scheme, nullptr));
        record().parts.insert_or_assign(grantpart::password, Secret("the-password-1"));
    }
    QByteArray claims(const QByteArray& sub = "ada") const {
        return "{\"iss\":\"https://id.acme.test\",\"sub\":\"" + sub +
               "\",\"aud\":\"app\",\"iat\":" + QByteArray::number(clock.wall / 1000) +
               ",\"exp\":" + QByteArray::number(clock.wall / 1000 + 600) + '}';
    }
    static Step brings(const QByteArray& idToken) {
        return tokens(QByteArray(second).replace(
            "\"expires_in\"", QByteArray("\"id_token\":\"" + idToken + "\",\"expires_in\"")));
    }
    static Step metadata() {
        return tokens(
            "{\"issuer\":\"https://id.acme.test\",\"token_endpoint\":\"https://id.acme.test/token\","
            "\"authorization_endpoint\":\"https://id.acme.test/"
            "authorize\",\"response_types_supported\":[\"code\"],"
            "\"jwks_uri\":\"https://id.acme.test/jwks\"}");
    }
    Result<GrantOutcome> login() { return operate(GrantOperation::Kind::Login); }
    int asked(const char* path) const {
        int count = 0;
        for (const Request& request : transport.sent)
            count += request.url.path() == path;
        return count;
    }
    bool keptTheOld() { return record().secret.equals(Secret("first-access-token")); }
};

} // namespace

class TestGrantIdToken : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void s5_6_theIssuersKeyVerifiesIt() {
        IdTokenBench bench;
        const IssuerKey key{"k-1"}, other{"k-2"};
        bench.transport.script = {bench.brings(key.signs(bench.claims())), bench.metadata(),
                                  tokens(keySet({other.jwk(), key.jwk()}))};
        const Result<GrantOutcome> outcome = bench.login();
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        QCOMPARE(outcome->idTokenVerified, std::optional<bool>(true));
        QVERIFY2(outcome->note.contains(QStringLiteral("is verified (key \"k-1\")")),
                 qPrintable(outcome->note));
        QVERIFY(outcome->findings.isEmpty());
        // What was asked for the keys is shown with the rest of the login.
        QStringList shown;
        for (const Exchange& exchange : outcome->exchanges)
            shown << QString::fromUtf8(exchange.sent().url.path());
        QCOMPARE(shown.size(), 3);
        QCOMPARE(shown.last(), QStringLiteral("/jwks"));
        QVERIFY(bench.record().part(grantpart::idToken));
        QVERIFY(!bench.keptTheOld());
        for (const Request& request : std::as_const(bench.transport.sent))
            QVERIFY(request.url.path() == "/token" || !request.headers.contains("Authorization"));
    }

    void s5_6_aBadSignatureEndsTheLogin_data() {
        QTest::addColumn<QString>("how");
        for (const char* how : {"another key under its name", "changed claims", "a key for another algorithm",
                                "a key to encrypt to", "a name that no key has", "an empty signature",
                                "a shared secret in place of the key"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    void s5_6_aBadSignatureEndsTheLogin() {
        QFETCH(QString, how);
        IdTokenBench bench;
        const auto is = [&](const char* name) { return how == QLatin1String(name); };
        const IssuerKey key{"k-1"},
            stranger{is("a name that no key has") ? QByteArray("k-9\\u001b[1m") : QByteArray("k-1")};
        QByteArray token = key.signs(bench.claims());
        QByteArray known = key.jwk();
        if (is("another key under its name") || is("a name that no key has"))
            token = stranger.signs(bench.claims());
        if (is("changed claims")) {
            QByteArrayList parts = token.split('.');
            parts[1] = toBase64Url(viewOf(bench.claims("eve")));
            token = parts.join('.');
        }
        if (is("a key for another algorithm")) known = key.jwk(",\"alg\":\"ES384\"");
        if (is("a key to encrypt to")) known = key.jwk(",\"use\":\"enc\"");
        if (is("an empty signature")) token = token.left(token.lastIndexOf('.') + 1);
        if (is("a shared secret in place of the key")) {
            // What anybody can fetch is no secret, so an HMAC is judged by the client's own alone.
            auto& scheme = std::get<OAuthScheme>(bench.profile.scheme);
            scheme.clientAuth = ClientAuth::Basic;
            bench.record().parts.insert_or_assign(grantpart::clientSecret, Secret(longSecret));
            const Secret shared("a secret in the issuer's set, for all to read");
            known = "{\"kty\":\"oct\",\"kid\":\"k-1\",\"k\":\"" + toBase64Url(shared.reveal()) + "\"}";
            token = *signCompact(QStringLiteral("HS256"), parseJson("{\"kid\":\"k-1\"}").value(),
                                 bench.claims(), *SigningKey::read(shared, true));
        }
        bench.transport.script = {bench.brings(token), bench.metadata(), tokens(keySet({known}))};
        const Result<GrantOutcome> outcome = bench.login();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().where, QStringLiteral("id_token"));
        QVERIFY2(outcome.error().what.contains(QStringLiteral("signature of the id_token")),
                 qPrintable(outcome.error().what));
        QVERIFY(!outcome.error().next.isEmpty());
        QVERIFY(
            !outcome.error().what.contains(QChar(0x1b))); // the name is the token's: no terminal's commands
        QVERIFY(bench.keptTheOld());
        QVERIFY(bench.store.writes.isEmpty());
        QVERIFY(bench.asked("/jwks") <= 1);
    }

    void s5_6_keysThatAreNotToBeHadAreSaid_data() {
        QTest::addColumn<QString>("how");
        for (const char* how : {"no metadata", "no jwks_uri", "keys in clear text", "no key set", "no issuer",
                                "none", "an algorithm nobody knows", "a secret that is not here"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    void s5_6_keysThatAreNotToBeHadAreSaid() {
        QFETCH(QString, how);
        IdTokenBench bench;
        const auto is = [&](const char* name) { return how == QLatin1String(name); };
        const IssuerKey key{"k-1"};
        QByteArray token = key.signs(bench.claims());
        Step metadata = bench.metadata(), keys = tokens(keySet({key.jwk()}));
        const auto headed = [&](const QByteArray& header) {
            return QByteArray(toBase64Url(viewOf(header)) + token.mid(token.indexOf('.')));
        };
        if (is("no metadata")) metadata = {answer(404)};
        if (is("no jwks_uri")) metadata.answer->response.body.replace("jwks_uri", "other_uri");
        if (is("keys in clear text"))
            metadata.answer->response.body.replace("https://id.acme.test/jwks", "http://id.acme.test/jwks");
        if (is("no key set")) keys = {answer(503)};
        if (is("none")) token = headed("{\"alg\":\"none\"}");
        if (is("none")) token = token.left(token.lastIndexOf('.') + 1);
        if (is("an algorithm nobody knows")) token = headed("{\"alg\":\"XX512\"}");
        if (is("a secret that is not here")) bench.record().parts.erase(grantpart::clientSecret);
        if (is("a secret that is not here")) token = headed("{\"alg\":\"HS256\"}");
        if (is("no issuer")) {
            std::get<OAuthScheme>(bench.profile.scheme).issuer.clear();
            bench.record().facts.remove(QStringLiteral("issuer"));
        }
        bench.transport.script = {bench.brings(token), metadata, is("no metadata") ? metadata : keys};
        const Result<GrantOutcome> outcome = bench.login();
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        QCOMPARE(outcome->idTokenVerified, std::optional<bool>(false));
        const QString said = outcome->findings.join(u' ');
        QVERIFY2(said.contains(QStringLiteral("signature of the id_token was not verified")),
                 qPrintable(said));
        QVERIFY(!outcome->note.contains(QStringLiteral("is verified")));
        QVERIFY(!bench.keptTheOld());
    }

    /// A set is fetched once for several logins, and anew for a key that it does not have.
    void s5_5_anUnknownKidIsLookedForOnce() {
        IdTokenBench bench;
        const IssuerKey key{"k-1"}, next{"k-2"};
        bench.transport.script = {bench.brings(key.signs(bench.claims())),
                                  bench.metadata(),
                                  tokens(keySet({key.jwk()})),
                                  bench.brings(key.signs(bench.claims())),
                                  bench.brings(next.signs(bench.claims())),
                                  bench.metadata(),
                                  tokens(keySet({key.jwk(), next.jwk()}))};
        for (const int fetched : {1, 1, 2}) {
            const Result<GrantOutcome> outcome = bench.login();
            QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
            QCOMPARE(outcome->idTokenVerified, std::optional<bool>(true));
            QCOMPARE(bench.asked("/jwks"), fetched);
        }
        // What the issuer may have taken back meanwhile is asked for again.
        bench.clock.pass(10 * 60 * 1000);
        bench.transport.script = {bench.brings(key.signs(bench.claims())), bench.metadata(),
                                  tokens(keySet({next.jwk()}))};
        QVERIFY(!bench.login());
        QCOMPARE(bench.asked("/jwks"), 3);
    }

    /// OpenID Connect Core §3.1.3.7, 8: an HMAC is by the client's own secret, and nothing is fetched for it.
    void s5_6_theClientsSecretVerifiesAnHmac() {
        IdTokenBench bench;
        std::get<OAuthScheme>(bench.profile.scheme).clientAuth = ClientAuth::Basic;
        bench.record().parts.insert_or_assign(grantpart::clientSecret, Secret(longSecret));
        const auto secret = SigningKey::read(Secret(longSecret), true);
        bench.transport.script = {bench.brings(
            *signCompact(QStringLiteral("HS256"), parseJson("{}").value(), bench.claims(), *secret))};
        const Result<GrantOutcome> outcome = bench.login();
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().text()));
        QCOMPARE(outcome->idTokenVerified, std::optional<bool>(true));
        QCOMPARE(bench.transport.sent.size(), 1);
    }

    /// Of a refresh it is left out, with the new refresh token kept; keys are not fetched for it.
    void s5_6_aRefreshUsesTheKeysThatAreKnown() {
        IdTokenBench bench;
        const IssuerKey key{"k-1"}, stranger{"k-1"};
        const QByteArray good = key.signs(bench.claims());
        const auto renew = [&](const QByteArray& token) {
            bench.transport.script = {bench.brings(token)};
            return bench.operate(GrantOperation::Kind::Renew);
        };
        bench.keeper.observe(bench.grantInput(), bench.record());
        Result<GrantOutcome> outcome = renew(stranger.signs(bench.claims()));
        QVERIFY(outcome && !outcome->idTokenVerified);
        QCOMPARE(bench.transport.sent.size(), 1);
        bench.transport.script = {bench.brings(good), bench.metadata(), tokens(keySet({key.jwk()}))};
        QVERIFY(bench.login());
        outcome = renew(good);
        QVERIFY(outcome && outcome->idTokenVerified == std::optional<bool>(true));
        outcome = renew(stranger.signs(bench.claims()));
        QVERIFY(outcome && outcome->idTokenVerified == std::optional<bool>(false));
        QVERIFY(
            outcome->findings.join(u' ').contains(QStringLiteral("signature of the id_token is not right")));
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret("second-refresh-token")));
        QVERIFY(bench.record().part(grantpart::idToken)->equals(Secret(viewOf(good))));
    }
};

QTEST_GUILESS_MAIN(TestGrantIdToken)
#include "test_grant_id_token.moc"
