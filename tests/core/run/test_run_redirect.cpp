// SPDX-License-Identifier: GPL-3.0-or-later
// Redirects: what travels along, what never does, and where it ends.
#include "tests/core/run/run_fakes.h"

using namespace kb;
using namespace kbtest;

class TestRunRedirect : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSameOriginKeepsTheCredential() {
        Bench bench;
        bench.transport.script = {redirectTo("/people"), {answer(200)}};
        const RunResult result = bench.run();
        QCOMPARE(bench.transport.log, (QStringList{QStringLiteral("send GET https://api.acme.test/users"),
                                                   QStringLiteral("send GET https://api.acme.test/people")}));
        QVERIFY(bench.transport.sent.last().headers.contains("Authorization"));
        QCOMPARE(bench.store.reads.size(), 1);
        QCOMPARE(result.hops.size(), 2);
        QVERIFY(result.hops.first().hopNote.isEmpty());
        QCOMPARE(result.hops.last().hopNote,
                 QStringLiteral("https://api.acme.test answered 302 and named this address."));
    }

    void anotherOriginGetsNoneAndItDoesNotReturn() {
        Bench bench;
        bench.transport.script = {redirectTo("https://eu.acme.test/users"),
                                  redirectTo("https://api.acme.test/users"),
                                  {answer(401, {{"WWW-Authenticate", "Bearer"}})}};
        const RunResult result = bench.run();
        QCOMPARE(bench.transport.sent.size(), 3);
        QVERIFY(bench.transport.sent[0].headers.contains("Authorization"));
        QVERIFY(!bench.transport.sent[1].headers.contains("Authorization"));
        QVERIFY(!bench.transport.sent[2].headers.contains("Authorization"));
        QVERIFY(result.hops[1].hopNote.contains(QLatin1String("Left behind: Authorization.")));
        QCOMPARE(result.diagnosis->cause, QByteArray("redirect-dropped-credential"));
        QVERIFY(result.diagnosis->evidence.first().contains(QLatin1String("https://eu.acme.test")));
        for (const TransportOptions& options : bench.transport.options)
            QCOMPARE(options.lane, QStringLiteral("p-reader"));
    }

    void everyPlaceOfACredentialIsDropped_data() {
        QTest::addColumn<int>("in");
        QTest::addColumn<QString>("name");
        QTest::newRow("header") << int(ApiKeyScheme::In::Header) << QStringLiteral("X-Acme-Entry");
        QTest::newRow("cookie") << int(ApiKeyScheme::In::Cookie) << QStringLiteral("entry");
        QTest::newRow("query") << int(ApiKeyScheme::In::Query) << QStringLiteral("entry");
    }
    void everyPlaceOfACredentialIsDropped() {
        QFETCH(int, in);
        QFETCH(QString, name);
        for (const QByteArray& location :
             {QByteArray("https://eu.acme.test/"), QByteArray("http://api.acme.test/"),
              QByteArray("https://api.acme.test:8443/")}) {
            Bench bench;
            bench.profile.scheme = ApiKeyScheme{ApiKeyScheme::In(in), name};
            bench.input.spec.headers = {
                {QStringLiteral("X-Session-Token"), QStringLiteral("typed-by-hand"), {}, true}};
            bench.transport.script = {redirectTo(location, 307), {answer(401)}};
            const RunResult result = bench.run();
            QCOMPARE(bench.transport.sent.size(), 2);
            const Request& next = bench.transport.sent.last();
            QByteArray all = next.url.text();
            for (const HeaderField& field : next.headers.fields)
                all += '\n' + field.name + ": " + field.value;
            QVERIFY(!holds(all, Bench::canary));
            QVERIFY(!all.contains("typed-by-hand"));
            QCOMPARE(result.diagnosis->cause, QByteArray("redirect-dropped-credential"));
            QCOMPARE(result.plainHttp, location.startsWith("http:"));
        }
    }

    void aQueryKeyIsMissedOnTheSameOriginToo() {
        Bench bench;
        bench.profile.scheme = ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("key")};
        bench.transport.script = {redirectTo("/people"), {answer(401)}};
        const RunResult result = bench.run();
        QCOMPARE(bench.transport.log.last(), QStringLiteral("send GET https://api.acme.test/people"));
        QVERIFY(result.hops.last().hopNote.contains(
            QLatin1String("The credential in the query did not travel along.")));
        QCOMPARE(result.diagnosis->cause, QByteArray("redirect-dropped-credential"));
    }

    void aLocationThatEchoesTheSecretIsNotFollowedElsewhere() {
        const QByteArray secret = Bench::canary;
        for (const QByteArray& query :
             QList<QByteArray>{"t=" + secret, "t=" + secret.toBase64(), "a=1&t=x" + secret + "x"}) {
            Bench bench;
            bench.transport.script = {redirectTo("https://eu.acme.test/?" + query)};
            const RunResult result = bench.run();
            QCOMPARE(bench.transport.sent.size(), 1);
            QCOMPARE(result.hops.size(), 1);
            QCOMPARE(
                result.redirectNote,
                QStringLiteral(
                    "The redirect would take the secret to https://eu.acme.test, so it was not followed."));
            QVERIFY(!holds(everythingIn(result), secret));
        }
        // A short key is known by its field's name and value alone.
        Bench shortKey;
        shortKey.profile.scheme = ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("key")};
        shortKey.record().secret = Secret("k1");
        shortKey.transport.script = {redirectTo("https://eu.acme.test/?key=k1")};
        QVERIFY(shortKey.run().redirectNote.contains(QLatin1String("would take the secret")));
        QCOMPARE(shortKey.transport.sent.size(), 1);
    }

    void aBodyThatHoldsTheSecretStaysToo() {
        Bench bench;
        bench.input.spec.method = QStringLiteral("POST");
        bench.input.spec.body = {BodySpec::Kind::Text, QString::fromUtf8(Bench::canary), {}};
        bench.transport.script = {redirectTo("https://eu.acme.test/", 308)};
        QVERIFY(!bench.run().redirectNote.isEmpty());
        QCOMPARE(bench.transport.sent.size(), 1);
    }

    void seeOtherBecomesAGet() {
        Bench bench;
        bench.input.spec.method = QStringLiteral("POST");
        bench.input.spec.body = {BodySpec::Kind::Json, QStringLiteral("{}"), {}};
        bench.transport.script = {redirectTo("/done", 303), {answer(200)}};
        const RunResult result = bench.run();
        QCOMPARE(bench.transport.log.last(), QStringLiteral("send GET https://api.acme.test/done"));
        QVERIFY(!bench.transport.sent.last().hasBody);
        QVERIFY(result.hops.last().hopNote.contains(QLatin1String("The method became GET.")));
    }

    void theLimitEndsItWithAllHops() {
        Bench bench;
        bench.input.spec.settings.maxRedirects = 2;
        bench.transport.script = {redirectTo("/a"), redirectTo("/b"), redirectTo("/c"), {answer(200)}};
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::TooManyRedirects);
        QCOMPARE(bench.transport.sent.size(), 3);
        QCOMPARE(result.hops.size(), 3);
        QVERIFY(!result.nothingSent);
    }

    void switchedOffItIsTheAnswer() {
        Bench bench;
        bench.input.spec.settings.followRedirects = false;
        bench.transport.script = {redirectTo("/a")};
        const RunResult result = bench.run();
        QVERIFY(!result.error);
        QCOMPARE(result.hops.last().response().status, 302);
        QCOMPARE(bench.transport.sent.size(), 1);
    }

    void aRedirectWithoutAnAddressSaysSo() {
        Bench bench;
        bench.transport.script = {{answer(302)}};
        const RunResult result = bench.run();
        QVERIFY(!result.error);
        QVERIFY(!result.redirectNote.isEmpty());
    }

    void eachHopHasTheTimeThatIsLeft() {
        Bench bench;
        bench.input.spec.settings.timeoutMs = 1000;
        Step first = redirectTo("/a"), second = redirectTo("/b"), third = redirectTo("/c");
        first.takesMs = 300;
        second.takesMs = 450;
        third.takesMs = 600;
        bench.transport.script = {first, second, third, {answer(200)}};
        const RunResult result = bench.run();
        QCOMPARE(bench.transport.options.size(), 3);
        QCOMPARE(bench.transport.options[0].timeoutMs, 1000);
        QCOMPARE(bench.transport.options[1].timeoutMs, 700);
        QCOMPARE(bench.transport.options[2].timeoutMs, 250);
        QCOMPARE(result.error->code, ErrorCode::TimedOut);
        QCOMPARE(result.hops.size(), 3);

        Bench endless;
        endless.input.spec.settings.timeoutMs = 0;
        endless.transport.script = {first, {answer(200)}};
        QVERIFY(!endless.run().error);
        QCOMPARE(endless.transport.options.last().timeoutMs, 0);
    }

    void anErrorAfterAHopKeepsTheHop() {
        Bench bench;
        bench.transport.script = {redirectTo("/a"), {fail(ErrorCode::ConnectFailed, QStringLiteral("no"))}};
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::ConnectFailed);
        QCOMPARE(result.hops.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestRunRedirect)
#include "test_run_redirect.moc"
