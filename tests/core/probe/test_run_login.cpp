// SPDX-License-Identifier: GPL-3.0-or-later
// A profile whose token only a login renews, in the middle of a run: its column waits, the others go on.
#include "tests/core/probe/safety_bench.h"

using namespace kbtest;

namespace {

/// ada, whose token is a token, and web, who logs in in the browser and has no refresh token.
struct LoginBench : SafetyBench {
    LoginBench() {
        for (const char* path : {"/me", "/a", "/b"})
            operation("GET", path);
        OAuthScheme scheme;
        scheme.grant = OAuthGrant::AuthorizationCode;
        scheme.clientAuth = ClientAuth::None;
        scheme.clientId = QStringLiteral("app");
        scheme.tokenUrl = QStringLiteral("http://127.0.0.1:8081/token");
        scheme.authorizationUrl = QStringLiteral("http://127.0.0.1:8081/authorize");
        SecretRecord record;
        record.plainHttpOrigins = {QStringLiteral("http://127.0.0.1:8081")};
        confirmServer(record, *proposedServer(scheme, nullptr));
        record.secret = Secret("web-first-token");
        add(QStringLiteral("web"), scheme, std::move(record));
        giveToken("web-first-token", 5000);
        transport.api = [this](const Request& request) {
            const QByteArray who = whoOf(request);
            if (!dead.isEmpty() && who.contains(dead))
                return json(401, "{}", {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}});
            return json(who.isEmpty() ? 401 : 200);
        };
        options.asks = true;
    }
    /// As a login leaves it in the store, for as long as is said.
    void giveToken(const char* token, qint64 livesMs) {
        SecretRecord& record = store.records.at(QStringLiteral("web"));
        record.secret = Secret(token);
        record.facts[QStringLiteral("obtained_ms")] = QString::number(clock.wall);
        record.facts[QStringLiteral("expires_ms")] = QString::number(clock.wall + livesMs);
    }
    int sentAs(const char* token) const {
        return int(std::count_if(transport.sent.begin(), transport.sent.end(),
                                 [&](const Request& each) { return whoOf(each).contains(token); }));
    }
    QByteArray dead; ///< a token that the server no longer takes
};

} // namespace

class TestRunLogin : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// It is asked for once, the others are done meanwhile, and then its own requests go out.
    void theColumnWaitsForTheLogin() {
        LoginBench bench;
        bench.clock.pass(60000); // its token has ended
        MatrixRun run(bench.transport, bench.clock, bench.plan(), bench.senders, bench.settings,
                      bench.options);
        QSignalSpy needed(&run, &MatrixRun::loginNeeded), finished(&run, &MatrixRun::finished);
        run.start();
        QTRY_COMPARE(needed.size(), 1);
        QCOMPARE(needed.first().at(0).toString(), QStringLiteral("web"));
        QVERIFY2(needed.first().at(1).toString().contains(QStringLiteral("Log in")),
                 qPrintable(needed.first().at(1).toString()));
        QTRY_COMPARE(bench.sentAs("token-of-ada"), 5); // three cells and two canaries
        QCOMPARE(bench.sentAs("web-"), 0);
        QCOMPARE(finished.size(), 0);

        bench.giveToken("web-second-token", 600000);
        run.goOn(QStringLiteral("web"), true);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(needed.size(), 1);
        QCOMPARE(bench.sentAs("web-second-token"), 5);
        QVERIFY(!run.record().isInconclusive());
        for (const char* path : {"GET /me", "GET /a", "GET /b"})
            QCOMPARE(SafetyBench::cell(run.record(), "web", path).judged.verdict, Verdict::Pass);
    }

    /// A token that the server no longer takes: the canary finds out, and nothing but a login helps.
    void aCanaryThatIsRefusedAsksToo() {
        LoginBench bench;
        bench.giveToken("web-first-token", 600000);
        bench.dead = "web-first-token";
        MatrixRun run(bench.transport, bench.clock, bench.plan(), bench.senders, bench.settings,
                      bench.options);
        QSignalSpy needed(&run, &MatrixRun::loginNeeded), finished(&run, &MatrixRun::finished);
        run.start();
        QTRY_COMPARE(needed.size(), 1);
        QCOMPARE(bench.sentAs("web-first-token"), 1);
        bench.clock.pass(1000);
        bench.giveToken("web-second-token", 600000);
        run.goOn(QStringLiteral("web"), true);
        QTRY_COMPARE(finished.size(), 1);
        const RunRecord& record = run.record();
        QCOMPARE(SafetyBench::cell(record, "web", "GET /b").judged.verdict, Verdict::Pass);
        QVERIFY(!record.isInconclusive());
        // Each cell tells which of the grant's tokens it was sent with.
        QCOMPARE(SafetyBench::cell(record, "web", "GET /b").epoch, 2u);
        QCOMPARE(SafetyBench::cell(record, "ada", "GET /b").epoch, 0u);
    }

    void withoutALoginItIsNotProven_data() {
        QTest::addColumn<bool>("asks");
        QTest::newRow("the user will not") << true;
        QTest::newRow("nobody is there") << false;
    }
    void withoutALoginItIsNotProven() {
        QFETCH(bool, asks);
        LoginBench bench;
        bench.clock.pass(60000);
        bench.options.asks = asks;
        MatrixRun run(bench.transport, bench.clock, bench.plan(), bench.senders, bench.settings,
                      bench.options);
        QSignalSpy needed(&run, &MatrixRun::loginNeeded), finished(&run, &MatrixRun::finished);
        connect(&run, &MatrixRun::loginNeeded, &run, [&run](const QString& id) { run.goOn(id, false); });
        run.start();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(needed.size(), asks ? 1 : 0);
        QCOMPARE(bench.sentAs("web-"), 0);
        const CellResult& cell = SafetyBench::cell(run.record(), "web", "GET /b");
        QCOMPARE(cell.judged.verdict, Verdict::NotProven);
        QVERIFY2(
            cell.judged.reason.contains(asks ? QStringLiteral("nobody logged in") : QStringLiteral("Log in")),
            qPrintable(cell.judged.reason));
        QCOMPARE(SafetyBench::cell(run.record(), "ada", "GET /b").judged.verdict, Verdict::Pass);
        QVERIFY(run.record().isInconclusive());
    }

    /// Stopped while it waits, it ends at once.
    void aRunThatWaitsCanBeStopped() {
        LoginBench bench;
        bench.clock.pass(60000);
        MatrixRun run(bench.transport, bench.clock, bench.plan(), bench.senders, bench.settings,
                      bench.options);
        QSignalSpy needed(&run, &MatrixRun::loginNeeded), finished(&run, &MatrixRun::finished);
        run.start();
        QTRY_COMPARE(needed.size(), 1);
        QTRY_COMPARE(bench.sentAs("token-of-ada"), 5);
        run.stop();
        QTRY_COMPARE(finished.size(), 1);
        run.goOn(QStringLiteral("web"), true); // too late, and harmless
        QCOMPARE(finished.size(), 1);
        QVERIFY(run.record().stopped);
    }

    /// What is asked for before the cells waits in the same way.
    void aQuestionWaitsForTheLogin() {
        LoginBench bench;
        bench.operation("GET", "/notes/{id}", {QStringLiteral("id")}).ownObjectsOnly = true;
        bench.settings.own[QStringLiteral("id")] = {
            {QStringLiteral("web"), QStringLiteral("from:GET /me#/a")}};
        bench.clock.pass(60000);
        MatrixRun run(bench.transport, bench.clock, bench.plan(), bench.senders, bench.settings,
                      bench.options);
        QSignalSpy needed(&run, &MatrixRun::loginNeeded), finished(&run, &MatrixRun::finished);
        run.start();
        QTRY_COMPARE(needed.size(), 1);
        bench.giveToken("web-second-token", 600000);
        run.goOn(QStringLiteral("web"), true);
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(needed.size(), 1);
        QCOMPARE(run.record().own.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestRunLogin)
#include "test_run_login.moc"
