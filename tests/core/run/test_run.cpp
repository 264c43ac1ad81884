// SPDX-License-Identifier: GPL-3.0-or-later
// From click to answer: what is resolved, checked, asked for and sent, in this order, and nothing beyond it.
#include "tests/core/run/run_fakes.h"

using namespace kb;
using namespace kbtest;

class TestRun : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sendsTheSecretWhereItMayGo() {
        Bench bench;
        bench.transport.script = {{answer(200, {{"Content-Type", "text/plain"}}, "fine")}};
        bench.input.bodyLimit = 4711;
        bench.input.caFile = QStringLiteral("ca.pem");
        const RunResult result = bench.run();
        QVERIFY(!result.error);
        QVERIFY(!result.nothingSent);
        QCOMPARE(bench.store.reads, QStringList{QStringLiteral("s1")});
        QCOMPARE(bench.transport.log, QStringList{QStringLiteral("send GET https://api.acme.test/users")});
        QCOMPARE(bench.transport.sent.first().headers.first("Authorization").value(),
                 QByteArray("Bearer ") + Bench::canary);
        const TransportOptions& options = bench.transport.options.first();
        QCOMPARE(options.lane, QStringLiteral("p-reader"));
        QCOMPARE(options.timeoutMs, 30000);
        QCOMPARE(options.bodyLimit, 4711);
        QCOMPARE(options.caFile, QStringLiteral("ca.pem"));
        QVERIFY(options.verifyTls);
        QVERIFY(!bench.transport.pauses.first()); // nobody to ask at the limit
        QCOMPARE(result.hops.size(), 1);
        QCOMPARE(result.hops.first().response().body, QByteArray("fine"));
        QVERIFY(result.facts);
        QVERIFY(!result.diagnosis);
        QVERIFY(!result.plainHttp);
        QVERIFY(!holds(everythingIn(result), Bench::canary));
    }

    void anonymousAsksForNothing() {
        Bench bench;
        bench.transport.script = {{answer(401, {{"WWW-Authenticate", "Bearer"}})}};
        bench.input.otherProfiles = {
            {QStringLiteral("p2"), factsOf("some-opaque-token-of-another", true, {})}};
        bench.input.profileNames = {{QStringLiteral("p2"), QStringLiteral("Admin")}};
        const RunResult result = bench.run(false);
        QVERIFY(bench.store.reads.isEmpty());
        QVERIFY(!bench.transport.sent.first().headers.contains("Authorization"));
        QCOMPARE(bench.transport.options.first().lane, QStringLiteral("anonymous"));
        QCOMPARE(result.diagnosis->cause, QByteArray("no-credential"));
        QCOMPARE(result.diagnosis->remedies.first().label, QStringLiteral("Send as Admin"));
        QCOMPARE(result.diagnosis->remedies.first().argument, QStringLiteral("p2"));
    }

    void anUnknownVariableEndsTheRunByName() {
        Bench bench(QStringLiteral("{{baseUrl}}/users"));
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::UnknownVariable);
        QCOMPARE(result.error->where, QStringLiteral("baseUrl"));
        QVERIFY(result.nothingSent);
        QVERIFY(bench.store.reads.isEmpty());
        QVERIFY(bench.transport.log.isEmpty());
    }

    void aHeaderWithALineBreakIsRefused() {
        Bench bench;
        bench.input.spec.headers = {{QStringLiteral("X-A"), QStringLiteral("1\r\nX-B: 2"), {}, true}};
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::InvalidInput);
        QVERIFY(bench.store.reads.isEmpty());
        QVERIFY(bench.transport.log.isEmpty());
    }

    void anotherOriginIsRefused() {
        Bench bench(QStringLiteral("https://evil.test/users"));
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::OriginRefused);
        QVERIFY(result.error->text().contains(QLatin1String("https://evil.test")));
        QVERIFY(result.nothingSent);
        QVERIFY(bench.transport.log.isEmpty());
        QVERIFY(!holds(everythingIn(result), Bench::canary));
    }

    void aPulledEditOfTheFileStopsTheSend() {
        Bench bench(QStringLiteral("https://evil.test/users"));
        bench.profile.bindings.first().allowedOrigins.append(QStringLiteral("https://evil.test"));
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::ConsentNeeded);
        QVERIFY(result.error->what.contains(QLatin1String("https://evil.test")));
        QVERIFY(result.error->what.contains(QLatin1String("you confirmed https://api.acme.test")));
        QVERIFY(bench.transport.log.isEmpty());
    }

    void aChangedVariableIsAPulledEditToo() {
        Bench bench(QStringLiteral("{{baseUrl}}/users"));
        bench.profile.bindings.first().allowedOrigins = {QStringLiteral("{{baseUrl}}")};
        bench.input.variables = {{QStringLiteral("baseUrl"), QStringLiteral("https://evil.test/v1")}};
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::ConsentNeeded);
        QVERIFY(bench.transport.log.isEmpty());

        Bench same(QStringLiteral("{{baseUrl}}/users"));
        same.profile.bindings.first().allowedOrigins = {QStringLiteral("{{baseUrl}}")};
        same.input.variables = {{QStringLiteral("baseUrl"), QStringLiteral("https://api.acme.test/v1")}};
        QVERIFY(!same.run().error);
        QCOMPARE(same.transport.log, QStringList{QStringLiteral("send GET https://api.acme.test/v1/users")});
    }

    void plainHttpIsAskedOnceAndMarked() {
        const QString origin = QStringLiteral("http://api.acme.test");
        const auto bench = [&] {
            auto made = std::make_unique<Bench>(origin + QStringLiteral("/users"));
            made->profile.bindings.first().allowedOrigins = {origin};
            made->allow({origin});
            return made;
        };
        const auto asking = bench();
        QCOMPARE(asking->run().error->code, ErrorCode::ConsentNeeded);
        QVERIFY(asking->transport.log.isEmpty());
        const auto once = bench();
        once->input.allowPlainHttpOnce = true;
        const RunResult result = once->run();
        QVERIFY(!result.error);
        QVERIFY(result.plainHttp);
        const auto agreed = bench();
        agreed->record().plainHttpOrigins = {origin};
        QVERIFY(agreed->run().plainHttp);
    }

    void aSecretOfTheEnvironmentTrustsTheFile() {
        Bench refused(QStringLiteral("https://evil.test/"));
        refused.input.trustFileOrigins = true;
        refused.allow({QStringLiteral("https://evil.test")});
        QCOMPARE(refused.run().error->code, ErrorCode::OriginRefused);
        QVERIFY(refused.store.reads.isEmpty()); // not even asked for

        Bench fine;
        fine.input.trustFileOrigins = true;
        fine.allow({});
        QVERIFY(!fine.run().error);
        QCOMPARE(fine.transport.sent.size(), 1);
    }

    void aProfileWithoutASecretHereSaysSo() {
        Bench bench;
        bench.profile.bindings.first().environment = QStringLiteral("staging");
        bench.input.environment = QStringLiteral("production");
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::SecretMissing);
        QVERIFY(result.error->what.contains(QLatin1String("Reader")));
        QVERIFY(result.error->what.contains(QLatin1String("production")));
        QVERIFY(bench.store.reads.isEmpty());
    }

    void theStoresErrorIsTheRuns() {
        Bench bench;
        bench.store.error =
            Error{ErrorCode::StoreLocked, QStringLiteral("The keychain is locked."), {}, {}, -1};
        const RunResult result = bench.run();
        QCOMPARE(result.error->code, ErrorCode::StoreLocked);
        QVERIFY(result.nothingSent);
        QVERIFY(bench.transport.log.isEmpty());
    }

    void aHeaderTheUserWroteIsNotReplaced() {
        Bench bench;
        bench.input.spec.headers = {
            {QStringLiteral("authorization"), QStringLiteral("Bearer other"), {}, true}};
        const RunResult result = bench.run();
        QVERIFY(result.error);
        QVERIFY(result.nothingSent);
        QVERIFY(bench.transport.log.isEmpty());
    }

    void aLooseBearerHasItsOwnLane() {
        QStringList lanes;
        for (int i = 0; i < 2; ++i) {
            Bench bench;
            bench.input.looseBearer = Secret(Bench::canary);
            bench.transport.script = {{answer(200, {}, QByteArray("echo ") + Bench::canary)}};
            const RunResult result = bench.run(false);
            QVERIFY(!result.error);
            QVERIFY(bench.store.reads.isEmpty());
            QCOMPARE(bench.transport.sent.first().headers.first("Authorization").value(),
                     QByteArray("Bearer ") + Bench::canary);
            QVERIFY(result.hops.first().echoedSecret());
            QVERIFY(!holds(everythingIn(result), Bench::canary));
            lanes << bench.transport.options.first().lane;
        }
        QVERIFY(lanes.first() != lanes.last());
        Bench plain(QStringLiteral("http://api.acme.test/"));
        plain.input.looseBearer = Secret(Bench::canary);
        QCOMPARE(plain.run(false).error->code, ErrorCode::ConsentNeeded);
    }

    void aTypedTokenIsMaskedAndExplained() {
        Bench bench;
        const QByteArray jwt =
            "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjoxNzAwMDAwMDAwfQ.Q0FOQVJZLXNpZ25hdHVyZQ";
        bench.input.spec.headers = {
            {QStringLiteral("Authorization"), QStringLiteral("Bearer ") + QString::fromUtf8(jwt), {}, true}};
        bench.transport.script = {
            {answer(401, {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}}, jwt)}};
        const RunResult result = bench.run(false);
        QCOMPARE(bench.transport.sent.first().headers.first("Authorization").value(), "Bearer " + jwt);
        QCOMPARE(result.diagnosis->cause, QByteArray("token-expired"));
        QVERIFY(!everythingIn(result).contains(jwt));
        QVERIFY(!everythingIn(result).contains("Q0FOQVJZLXNpZ25hdHVyZQ"));
        QCOMPARE(result.hops.first().rawBody(), jwt);
    }

    void noSecretInAnythingAResultSays() {
        const QByteArray secret = Bench::canary;
        const QByteArray everywhere =
            "as is " + secret + " and " + secret.toBase64() + " and " + secret.toPercentEncoding();
        Bench bench;
        TransportReply reply =
            answer(403,
                   {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"" + secret +
                                             " users:delete\", error_description=\"" + secret + '"'},
                    {"X-Echo", everywhere},
                    {"Set-Cookie", "session=" + secret},
                    {"Content-Type", "application/problem+json"}},
                   "{\"title\":\"" + everywhere + "\",\"detail\":\"" + secret + "\"}");
        reply.response.reason = "No " + secret;
        reply.response.trailers.append("X-Trailer", everywhere);
        reply.response.bodyNote = QString::fromUtf8(secret);
        reply.sentHeaders.append("Authorization", "Bearer " + secret);
        bench.transport.script = {{reply}};
        const RunResult result = bench.run();
        QVERIFY(result.diagnosis);
        QVERIFY(result.hops.first().echoedSecret());
        QVERIFY(!holds(everythingIn(result), secret));
        QCOMPARE(result.hops.first().rawBody(), reply.response.body);

        Bench broken;
        broken.transport.script = {{fail(ErrorCode::ReceiveFailed, QString::fromUtf8(everywhere),
                                         QString::fromUtf8(secret), QString::fromUtf8(everywhere))}};
        const RunResult failed = broken.run();
        QCOMPARE(failed.error->code, ErrorCode::ReceiveFailed);
        QVERIFY(!failed.nothingSent);
        QVERIFY(!holds(everythingIn(failed), secret));
    }

    void apiKeysAndPasswordsGoWhereTheirSchemeSays() {
        Bench query;
        query.profile.scheme = ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("api_key")};
        query.transport.script = {{answer(401)}};
        const RunResult inQuery = query.run();
        QVERIFY(query.transport.sent.first().url.text().contains(Bench::canary));
        QVERIFY(!inQuery.credentialWarning.isEmpty());
        QCOMPARE(inQuery.diagnosis->cause, QByteArray("api-key-rejected"));
        QVERIFY(!holds(everythingIn(inQuery), Bench::canary));

        Bench basic;
        basic.profile.scheme = BasicScheme{QStringLiteral("ada")};
        basic.transport.script = {{answer(401, {{"WWW-Authenticate", "Basic realm=\"x\""}})}};
        const RunResult asBasic = basic.run();
        const QByteArray pair = QByteArray(QByteArray("ada:") + Bench::canary).toBase64();
        QCOMPARE(basic.transport.sent.first().headers.first("Authorization").value(), "Basic " + pair);
        QCOMPARE(asBasic.diagnosis->cause, QByteArray("basic-rejected"));
        QVERIFY(!everythingIn(asBasic).contains(pair));
        QVERIFY(!holds(everythingIn(asBasic), Bench::canary));
        // Nothing of a password is kept, not even its ends.
        QVERIFY(!asBasic.facts->masked.contains(QLatin1String("cana")));
    }

    void theClockIsComparedWhenTheAnswerBegan() {
        Bench bench;
        TransportReply reply = answer(401, {{"WWW-Authenticate", "Bearer error=\"invalid_token\""},
                                            {"Date", "Mon, 23 Nov 2026 17:48:31 GMT"}});
        reply.timings.firstByte = 100;
        reply.timings.total = 8100; // a slow body is no wrong clock
        Step step{reply};
        step.takesMs = 8000;
        bench.transport.script = {step};
        const RunResult result = bench.run();
        QCOMPARE(result.diagnosis->clockDifferenceMs.value(), 0);
    }
};

QTEST_GUILESS_MAIN(TestRun)
#include "test_run.moc"
