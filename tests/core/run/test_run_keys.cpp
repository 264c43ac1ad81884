// SPDX-License-Identifier: GPL-3.0-or-later
// API keys that go along with a profile's own credential: OpenAPI's "all of these".
#include "core/auth/further_keys.h"
#include "tests/core/run/run_fakes.h"

using namespace kb;
using namespace kbtest;

class TestRunKeys : public QObject {
    Q_OBJECT
    using In = ApiKeyScheme::In;
    static constexpr const char* appKey = "app-key-55aa33cc";

    static void along(Bench& bench, In in, const char* name, const char* value = appKey) {
        const ApiKeyScheme key{in, QString::fromLatin1(name)};
        bench.profile.keys.append(key);
        if (value) bench.record().parts.insert_or_assign(keyPart(key), Secret(value));
    }
    static QByteArray query(const Request& request) { return request.url.query().value_or(QByteArray()); }

private Q_SLOTS:
    void allGoAtOnce() {
        Bench bench;
        along(bench, In::Header, "X-App-Key");
        along(bench, In::Query, "app_id", "id-of-the-app-1");
        along(bench, In::Cookie, "sid", "cookie-value-1");
        bench.transport.script = {{answer(200, {{"X-Echo", appKey}}, QByteArray("you sent ") + appKey)}};
        const RunResult result = bench.run();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        const Request& sent = bench.transport.sent.first();
        QCOMPARE(sent.headers.first("Authorization").value_or(""), QByteArray("Bearer ") + Bench::canary);
        QCOMPARE(sent.headers.first("X-App-Key").value_or(""), QByteArray(appKey));
        QCOMPARE(sent.headers.first("Cookie").value_or(""), QByteArray("sid=cookie-value-1"));
        QCOMPARE(query(sent), QByteArray("app_id=id-of-the-app-1"));
        QVERIFY(result.credentialWarning.contains(QLatin1String("logs")));
        for (const char* each : {appKey, "id-of-the-app-1", "cookie-value-1", Bench::canary})
            QVERIFY2(!holds(everythingIn(result), each), each);
    }

    void aKeyThatIsNotThereSendsNothing() {
        Bench bench;
        along(bench, In::Header, "X-App-Key", nullptr);
        const RunResult result = bench.run();
        QVERIFY(result.error && result.error->code == ErrorCode::SecretMissing);
        QVERIFY2(result.error->what.contains(QLatin1String("X-App-Key")), qPrintable(result.error->what));
        QVERIFY(bench.transport.sent.isEmpty());
    }

    /// A shared file that sends the key elsewhere names one that is not there.
    void aChangedFileDoesNotMoveAKey() {
        Bench bench;
        along(bench, In::Header, "X-App-Key");
        bench.profile.keys = {{In::Query, QStringLiteral("X-App-Key")}};
        QVERIFY(bench.run().error);
        QVERIFY(bench.transport.sent.isEmpty());
    }

    void whatTheUserWroteIsNotReplaced() {
        Bench bench;
        along(bench, In::Header, "X-App-Key");
        bench.input.spec.headers.append({QStringLiteral("x-app-key"), QStringLiteral("mine"), {}, true});
        const RunResult result = bench.run();
        QVERIFY(result.error && result.nothingSent);
    }

    void otherOriginsGetNone_data() { addOtherOrigins(); }
    void otherOriginsGetNone() {
        QFETCH(QByteArray, location);
        Bench bench;
        along(bench, In::Header, "X-App-Key");
        along(bench, In::Cookie, "sid", "cookie-value-1");
        bench.transport.script = {redirectTo(location), {answer(401)}};
        const RunResult result = bench.run();
        QCOMPARE(bench.transport.sent.size(), 2);
        for (const char* name : {"X-App-Key", "Cookie", "Authorization"})
            QVERIFY2(!bench.transport.sent.at(1).headers.contains(name), name);
        QCOMPARE(result.diagnosis->cause, QByteArray("redirect-dropped-credential"));
        // Nor where the Location repeats it.
        Bench echo;
        along(echo, In::Header, "X-App-Key");
        echo.transport.script = {redirectTo(QByteArray(location + "?k=" + appKey)), {answer(200)}};
        const RunResult held = echo.run();
        QCOMPARE(echo.transport.sent.size(), 1);
        QVERIFY(!held.redirectNote.isEmpty());
        QVERIFY(!holds(everythingIn(held), appKey));
    }

    void theSameOriginKeepsThem() {
        Bench bench;
        along(bench, In::Header, "X-App-Key");
        bench.transport.script = {redirectTo("/people"), {answer(200)}};
        bench.run();
        QCOMPARE(bench.transport.sent.at(1).headers.all("X-App-Key"), QList<QByteArray>{appKey});
    }

    /// A Location seldom repeats the key of the query: what is refused then says nothing of the token.
    void aKeyInTheQueryThatIsGoneIsTold() {
        Bench bench;
        along(bench, In::Query, "app_id", "id-of-the-app-1");
        bench.transport.script = {redirectTo("/people"), {answer(401)}};
        const RunResult result = bench.run();
        QVERIFY2(result.hops.at(1).hopNote.contains(QLatin1String("key in the query did not travel")),
                 qPrintable(result.hops.at(1).hopNote));
        Bench kept;
        along(kept, In::Query, "app_id", "id-of-the-app-1");
        kept.transport.script = {redirectTo("/people?app_id=id-of-the-app-1"), {answer(200)}};
        const RunResult again = kept.run();
        QVERIFY(!again.hops.at(1).hopNote.contains(QLatin1String("did not travel")));
    }

    /// Each request of a flow has them, once.
    void aFlowOfSeveralStepsHasThemInEach() {
        Bench bench;
        bench.profile.scheme = DigestScheme{QStringLiteral("ada")};
        along(bench, In::Header, "X-App-Key");
        along(bench, In::Query, "app_id", "id-of-the-app-1");
        bench.transport.script = {
            {answer(401, {{"WWW-Authenticate",
                           "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\""}})},
            {answer(200)}};
        const RunResult result = bench.run();
        QCOMPARE(bench.transport.sent.size(), 2);
        for (const Request& sent : std::as_const(bench.transport.sent)) {
            QCOMPARE(sent.headers.all("X-App-Key"), QList<QByteArray>{appKey});
            QCOMPARE(query(sent), QByteArray("app_id=id-of-the-app-1"));
        }
        const QByteArray response = bench.transport.sent.at(1).headers.first("Authorization").value_or("");
        QVERIFY2(response.contains("uri=\"/users?app_id=id-of-the-app-1\""), response.constData());
        QVERIFY(!holds(everythingIn(result), "id-of-the-app-1"));
    }

    /// A signature may cover the key: it is there before anything is signed.
    void aSignatureCoversThem() {
        Bench bench;
        HttpSignatureScheme scheme;
        scheme.algorithm = QStringLiteral("hmac-sha256");
        scheme.components = {QStringLiteral("@method"), QStringLiteral("x-api-key")};
        bench.profile.scheme = scheme;
        bench.record().secret = Secret("a shared secret that is long enough for the hash");
        along(bench, In::Header, "x-api-key");
        bench.transport.script = {{answer(200)}};
        const RunResult result = bench.run();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        const QByteArray field = bench.transport.sent.first().headers.first("Signature-Input").value_or("");
        QVERIFY2(field.contains("\"x-api-key\""), field.constData());
    }

    void withoutAProfileThereAreNone() {
        Bench bench;
        along(bench, In::Header, "X-App-Key");
        bench.transport.script = {{answer(200)}};
        bench.run(false);
        QVERIFY(!bench.transport.sent.first().headers.contains("X-App-Key"));
    }
};

QTEST_GUILESS_MAIN(TestRunKeys)
#include "test_run_keys.moc"
