// SPDX-License-Identifier: GPL-3.0-or-later
// What a run must not take for proof, and what it must not do to a server.
#include "tests/core/probe/safety_bench.h"

using namespace kbtest;

class TestRunSafety : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Where those who may get 404 as well, nobody got through: neither they nor the refusals are proven.
    void aRowNobodyGotThroughProvesNothing() {
        SafetyBench bench;
        bench.operation("GET", "/me");
        bench.operation("GET", "/things/{id}", {QStringLiteral("id")});
        for (const int status : {404, 400}) {
            bench.transport.api = [status](const Request& request) {
                if (whoOf(request).isEmpty()) return json(401);
                return json(request.url.path() == "/me" ? 200 : status);
            };
            const RunRecord record = bench.go();
            const CellResult& may = SafetyBench::cell(record, "ada", "GET /things/{id}");
            QCOMPARE(may.judged.verdict, Verdict::NotProven);
            QVERIFY2(may.judged.reason.contains(QStringLiteral("examples that exist")),
                     qPrintable(may.judged.reason));
            QCOMPARE(SafetyBench::cell(record, "anonymous", "GET /things/{id}").judged.verdict,
                     Verdict::NotProven);
            QCOMPARE(SafetyBench::cell(record, "anonymous", "GET /me").judged.verdict, Verdict::Pass);
            QVERIFY(record.isInconclusive());
        }
    }

    /// HEAD behind no guard while GET has one, and a bad credential that is better than none.
    void remarksOfCellsSideBySide() {
        SafetyBench bench;
        bench.operation("GET", "/a");
        bench.operation("HEAD", "/a");
        bench.operation("GET", "/open").security = ApiSecurity();
        MatrixProfile stale;
        stale.id = stale.name = QStringLiteral("old");
        stale.kind = MatrixProfile::Kind::Stale;
        stale.stale = QStringLiteral("revoked");
        stale.scheme = BearerScheme();
        bench.profiles.append(stale);
        Sender old = bench.senders.value(QStringLiteral("ada"));
        old.profile.id = old.profile.name = stale.id;
        old.profile.bindings.first().secret.id = stale.id;
        SecretRecord record;
        record.secret = Secret("old-token-that-was-revoked");
        record.allowedOrigins = old.profile.bindings.first().allowedOrigins;
        bench.store.records.insert_or_assign(stale.id, std::move(record));
        bench.senders.insert(stale.id, old);
        bench.transport.api = [](const Request& request) {
            if (request.url.path() == "/open") return json(whoOf(request).isEmpty() ? 401 : 200);
            return json(request.method == "HEAD" || whoOf(request).contains("ada") ? 200 : 401);
        };
        const QString said = bench.go().remarks.join(u'\n');
        QVERIFY2(said.contains(QStringLiteral("HEAD /a as anonymous gets 200, and GET gets 401")),
                 qPrintable(said));
        QVERIFY2(!said.contains(QStringLiteral("HEAD /a as ada")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("GET /open lets old in and turns anonymous away")),
                 qPrintable(said));
        QVERIFY2(!said.contains(QStringLiteral("GET /a lets old in")), qPrintable(said));
    }

    /// 500 for all ends the run, also where denials are expected in between; 500 for denials alone does not.
    void aServerThatFailsForAllIsLeftAlone() {
        SafetyBench bench;
        for (int i = 0; i < 12; ++i)
            bench.operation("GET", qPrintable(QStringLiteral("/r%1").arg(i)));
        bench.transport.api = [](const Request&) { return json(500); };
        const RunRecord broken = bench.go();
        QVERIFY(broken.stopped);
        QVERIFY2(broken.remarks.join(u'\n').contains(QStringLiteral("kept failing")),
                 qPrintable(broken.remarks.join(u'\n')));
        QVERIFY(bench.transport.sent.size() < 15);

        bench.transport.api = [](const Request& request) {
            return json(whoOf(request).isEmpty() ? 500 : 200);
        };
        const RunRecord denials = bench.go();
        QVERIFY(!denials.stopped);
        QCOMPARE(SafetyBench::cell(denials, "anonymous", "GET /r0").judged.verdict, Verdict::Suspect);
    }

    /// A token that ended unseen: what was refused meanwhile is asked again once it was renewed.
    void whatADeadTokenGotIsAskedAgain() {
        SafetyBench bench;
        bench.addClient();
        ApiOperation& secret = bench.operation("GET", "/secret");
        secret.security = ApiSecurity{{{QStringLiteral("token"), {QStringLiteral("admin")}}}};
        bench.operation("GET", "/me");
        bench.operation("GET", "/late");
        bench.profiles[1].scopes = {QStringLiteral("admin")};
        bool dead = false;
        bench.transport.api = [&](const Request& request) {
            const QByteArray path = request.url.path();
            const QByteArray who = whoOf(request);
            if (path == "/token")
                return json(200, R"({"access_token":"svc-second-token","token_type":"Bearer"})");
            if (who.isEmpty()) return json(401);
            if (who.contains("ada")) return json(200);
            if (path == "/secret" && !dead) dead = who.contains("svc-first"); // from here on
            if (who.contains("svc-first") && dead)
                return json(401, "{}", {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}});
            return json(path == "/secret" ? 403 : 200);
        };
        const RunRecord record = bench.go();
        const CellResult& refused = SafetyBench::cell(record, "svc", "GET /secret");
        QCOMPARE(refused.seen.status, 403); // by the token that is good, not 401 by the one that was dead
        QCOMPARE(refused.judged.verdict, Verdict::Pass);
        QVERIFY2(refused.judged.advisories.isEmpty(), qPrintable(refused.judged.advisories.join(u' ')));
        QCOMPARE(bench.paths("POST").count("/token"), 1);
        int asked = 0;
        for (const Request& each : std::as_const(bench.transport.sent))
            asked += each.url.path() == "/secret" && whoOf(each).contains("svc");
        QCOMPARE(asked, 2);
    }

    /// What could do harm is not sent twice. That it was refused, in whatever way, was perhaps the dead
    /// token's doing; that it got in where nobody should was not.
    void whatADeadTokenWroteIsNotProven_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<Verdict>("verdict");
        QTest::newRow("401") << 401 << Verdict::NotProven;
        QTest::newRow("403") << 403 << Verdict::NotProven;
        QTest::newRow("404") << 404 << Verdict::NotProven;
        QTest::newRow("200") << 200 << Verdict::Bypass;
    }
    void whatADeadTokenWroteIsNotProven() {
        QFETCH(int, status);
        QFETCH(Verdict, verdict);
        SafetyBench bench;
        bench.addClient();
        bench.operation("GET", "/me");
        ApiOperation& write = bench.operation("POST", "/things");
        write.bodyType = QStringLiteral("application/json");
        write.bodyExample = QStringLiteral("{}");
        write.security = ApiSecurity{{{QStringLiteral("token"), {QStringLiteral("admin")}}}};
        bench.settings.strategies.insert(QStringLiteral("POST /things"), ProbeStrategy::InvalidBody);
        bench.allowUnsafe = true;
        bench.operation("GET", "/late");
        bench.profiles[1].scopes = {QStringLiteral("admin")};
        bool dead = false;
        bench.transport.api = [&](const Request& request) {
            const QByteArray path = request.url.path(), who = whoOf(request);
            if (path == "/token")
                return json(200, R"({"access_token":"svc-second-token","token_type":"Bearer"})");
            if (who.isEmpty()) return json(401);
            if (who.contains("ada")) return json(path == "/things" ? 415 : 200);
            dead = dead || path == "/things";
            if (path == "/things") return json(status);
            if (who.contains("svc-first") && dead)
                return json(401, "{}", {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}});
            return json(200);
        };
        const RunRecord record = bench.go();
        const CellResult& wrote = SafetyBench::cell(record, "svc", "POST /things");
        QCOMPARE(wrote.judged.verdict, verdict);
        if (verdict == Verdict::NotProven)
            QVERIFY2(wrote.judged.reason.contains(QStringLiteral("not sent twice")),
                     qPrintable(wrote.judged.reason));
        int sent = 0;
        for (const Request& each : std::as_const(bench.transport.sent))
            sent += each.url.path() == "/things" && whoOf(each).contains("svc");
        QCOMPARE(sent, 1);
    }

    /// An object that does not exist and gets 429 tells nothing of another's that gets 403.
    void aThrottledAnswerTellsOfNoObject() {
        SafetyBench bench;
        bench.add(QStringLiteral("bob"), BearerScheme(), [] {
            SecretRecord record;
            record.secret = Secret("token-of-bob-0123456789");
            return record;
        }());
        bench.operation("GET", "/me");
        bench.operation("GET", "/notes/{id}", {QStringLiteral("id")}).ownObjectsOnly = true;
        bench.settings.own[QStringLiteral("id")] = {{QStringLiteral("ada"), QStringLiteral("ada")},
                                                    {QStringLiteral("bob"), QStringLiteral("bob")}};
        bench.options.retries = 0;
        int absent = 429;
        bench.transport.api = [&](const Request& request) {
            const QByteArray who = whoOf(request), path = request.url.path();
            if (who.isEmpty()) return json(401);
            if (path == "/me" || who.contains(path.mid(7))) return json(200);
            return json(path == "/notes/ada" || path == "/notes/bob" ? 403 : absent, "{}");
        };
        const auto peers = [](const RunRecord& record) {
            QSet<Verdict> all;
            for (const CellResult& result : record.results)
                if (const CellPlan& cell = record.plan.cells.at(result.cell);
                    cell.binding == Binding::Peer && cell.profile != 0)
                    all.insert(result.judged.verdict);
            return all;
        };
        QCOMPARE(peers(bench.go()), QSet<Verdict>{Verdict::Pass});
        absent = 404;
        QCOMPARE(peers(bench.go()), QSet<Verdict>{Verdict::Suspect});
    }

    /// The last request of a rate limit is the last for as long as the server says.
    void aSpentRateLimitIsWaitedFor() {
        SafetyBench bench;
        for (int i = 0; i < 3; ++i)
            bench.operation("GET", qPrintable(QStringLiteral("/r%1").arg(i)));
        QElapsedTimer timer;
        qint64 spentAt = -1, nextAt = -1;
        bench.transport.api = [&](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            if (spentAt >= 0 && nextAt < 0) nextAt = timer.elapsed();
            if (spentAt >= 0) return json(200);
            spentAt = timer.elapsed();
            return json(200, "{}", {{"RateLimit", "\"hour\";r=0;t=1"}});
        };
        timer.start();
        const RunRecord record = bench.go();
        QVERIFY2(nextAt - spentAt >= 900, qPrintable(QString::number(nextAt - spentAt)));
        QVERIFY(!record.isInconclusive());
    }

    /// What is made and removed is the last one in the path, in whatever order the document lists them.
    void aDisposableObjectIsTheOneRemoved() {
        SafetyBench bench;
        bench.operation("GET", "/me");
        bench.operation("POST", "/orgs/{org}/hooks", {QStringLiteral("org")});
        bench.operation("DELETE", "/orgs/{org}/hooks/{id}", {QStringLiteral("id"), QStringLiteral("org")});
        const QString probed = QStringLiteral("DELETE /orgs/{org}/hooks/{id}");
        bench.settings.strategies.insert(probed, ProbeStrategy::Fixture);
        bench.settings.fixtures.insert(
            probed, {QStringLiteral("POST /orgs/{org}/hooks"), QStringLiteral("ada"), {}, {}, {}, probed});
        bench.allowUnsafe = true;
        bench.transport.api = [](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            return request.method == "POST" ? json(201, R"({"id":"made-9"})") : json(200);
        };
        bench.go();
        const QByteArrayList removed = bench.paths("DELETE");
        QCOMPARE(removed.size(), 4); // two probes, and each object taken down
        for (const QByteArray& path : removed)
            QCOMPARE(path, QByteArray("/orgs/org-1/hooks/made-9"));

        // One that may have been made, and whose id nobody told.
        bench.transport.api = [](const Request& request) -> TransportReply {
            return whoOf(request).isEmpty() ? json(401) : json(200);
        };
        bench.options.timeoutMs = 200;
        bench.transport.failAt = "/orgs/org-1/hooks";
        const RunRecord record = bench.go();
        QVERIFY2(record.remarks.join(u'\n').contains(QStringLiteral("may be left behind")),
                 qPrintable(record.remarks.join(u'\n')));
    }

    /// An object made for a probe is its maker's own and another's to all else; who owns what elsewhere says
    /// nothing of it. An API that lets nobody remove another's is right.
    void whoseADisposableObjectIs() {
        SafetyBench bench;
        bench.addClient();
        bench.operation("GET", "/me");
        bench.operation("POST", "/hooks");
        bench.operation("DELETE", "/hooks/{id}", {QStringLiteral("id")}).ownObjectsOnly = true;
        const QString probed = QStringLiteral("DELETE /hooks/{id}");
        bench.settings.own = {{QStringLiteral("id"),
                               {{QStringLiteral("ada"), QStringLiteral("h-1")},
                                {QStringLiteral("svc"), QStringLiteral("h-2")}}}};
        bench.allowUnsafe = true;
        bench.transport.api = [](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            if (request.method == "POST") return json(201, R"({"id":"made-1"})");
            if (request.method != "DELETE") return json(200);
            if (!request.url.path().endsWith("made-1")) return json(404);
            return json(whoOf(request).contains("ada") ? 200 : 403);
        };
        const auto rows = [&](ProbeStrategy strategy) {
            bench.settings.strategies = {{probed, strategy}};
            bench.settings.fixtures = {
                {probed, {QStringLiteral("POST /hooks"), QStringLiteral("ada"), {}, {}, {}, probed}}};
            const RunRecord record = bench.go();
            QStringList all;
            for (const CellResult& each : record.results) {
                const CellPlan& cell = record.plan.cells.at(each.cell);
                if (cell.spec->name == probed)
                    all.append(record.plan.profileOf(cell).id + u' ' + bindingName(cell.binding) + u' ' +
                               verdictName(each.judged.verdict));
            }
            return all.join(QStringLiteral(", "));
        };
        QCOMPARE(rows(ProbeStrategy::Fixture),
                 QStringLiteral("anonymous peer pass, ada self pass, svc peer pass"));
        QCOMPARE(rows(ProbeStrategy::AbsentObject),
                 QStringLiteral("anonymous none pass, ada none pass, svc none pass"));
        for (const QByteArray& path : bench.paths("DELETE"))
            QVERIFY2(!path.contains("h-1") && !path.contains("h-2"), path.constData());
    }

    /// An If-Match that fits nothing is sent as who may not only once it was heeded for who may: they got
    /// 412, and the object was as before.
    void aPreconditionThatIsHeededOpensTheRow_data() {
        QTest::addColumn<int>("status"); // for who may
        QTest::addColumn<bool>("sent");
        QTest::newRow("heeded") << 412 << true;
        QTest::newRow("ignored") << 200 << false;
        QTest::newRow("refused for another reason") << 409 << false;
    }
    void aPreconditionThatIsHeededOpensTheRow() {
        QFETCH(int, status);
        QFETCH(bool, sent);
        SafetyBench bench;
        bench.operation("GET", "/me");
        bench.operation("POST", "/hooks");
        bench.operation("DELETE", "/hooks/{id}", {QStringLiteral("id")});
        const QString probed = QStringLiteral("DELETE /hooks/{id}");
        bench.settings.strategies.insert(probed, ProbeStrategy::Precondition);
        bench.settings.fixtures.insert(
            probed, {QStringLiteral("POST /hooks"), QStringLiteral("ada"), {}, {}, {}, probed});
        bench.allowUnsafe = true;
        bench.transport.api = [status](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            if (request.method == "POST") return json(201, R"({"id":"made-1"})");
            return json(request.headers.contains("If-Match") ? status : 200);
        };
        const RunRecord record = bench.go();
        QByteArrayList probes; // who sent those with a precondition, in their order
        for (const Request& each : std::as_const(bench.transport.sent))
            if (each.headers.contains("If-Match"))
                probes.append(whoOf(each).isEmpty() ? QByteArray("nobody") : QByteArray("ada"));
        QCOMPARE(probes, sent ? (QByteArrayList{"ada", "nobody"}) : QByteArrayList{"ada"});
        const CellResult& nobody = SafetyBench::cell(record, "anonymous", "DELETE /hooks/{id}");
        QCOMPARE(nobody.seen.sent, sent);
        QCOMPARE(nobody.judged.verdict, sent ? Verdict::Pass : Verdict::NotProven);
        QVERIFY(sent || nobody.judged.reason.contains(QStringLiteral("seen to get 412")));
    }

    /// Two who own the same prove nothing of each other, which is said; a cell that is run alone knows it
    /// too.
    void whoOwnsTheSameIsNotProbed() {
        SafetyBench bench;
        bench.add(QStringLiteral("bob"), BearerScheme(), [] {
            SecretRecord record;
            record.secret = Secret("token-of-bob-0123456789");
            return record;
        }());
        bench.operation("GET", "/mine");
        bench.operation("GET", "/notes/{id}", {QStringLiteral("id")}).ownObjectsOnly = true;
        QMap<QString, QString>& own = bench.settings.own[QStringLiteral("id")];
        own = {{QStringLiteral("ada"), QStringLiteral("n-1")},
               {QStringLiteral("bob"), QStringLiteral("n-1")}};
        int told = 0;
        for (const CellPlan& cell : bench.plan().cells)
            told += cell.binding == Binding::Peer && cell.notSent == notProbeable();
        QCOMPARE(told, 2);

        own = {{QStringLiteral("ada"), QStringLiteral("from:GET /mine#/id")},
               {QStringLiteral("bob"), QStringLiteral("from:GET /mine#/id")}};
        bench.transport.api = [](const Request& request) {
            return json(whoOf(request).isEmpty() ? 401 : 200, R"({"id":"n-7"})");
        };
        MatrixPlan part = bench.plan();
        part.cells.removeIf([](const CellPlan& cell) { return cell.binding != Binding::Peer; });
        QVERIFY(!part.cells.isEmpty());
        bench.transport.sent.clear();
        MatrixRun run(bench.transport, bench.clock, part, bench.senders, bench.settings, bench.options);
        QSignalSpy finished(&run, &MatrixRun::finished);
        run.start();
        QTRY_COMPARE(finished.size(), 1);
        for (const Request& each : std::as_const(bench.transport.sent))
            if (!whoOf(each).isEmpty()) QCOMPARE(each.url.path(), QByteArray("/mine"));
        for (const CellPlan& cell : run.record().plan.cells)
            if (cell.profile != 0) QCOMPARE(cell.notSent, notProbeable());
    }

    /// A throttled request is sent again a few times, where the wait is not too long.
    void aThrottledRequestIsSentAgain() {
        SafetyBench bench;
        bench.operation("GET", "/a");
        int refusals = 0;
        QByteArray wait = "0";
        bench.transport.api = [&](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            if (refusals-- > 0) return json(429, "{}", {{"Retry-After", wait}});
            return json(200);
        };
        refusals = 2;
        QCOMPARE(SafetyBench::cell(bench.go(), "ada", "GET /a").judged.verdict, Verdict::Pass);
        const auto asked = [&] {
            return std::count_if(bench.transport.sent.cbegin(), bench.transport.sent.cend(),
                                 [](const Request& each) { return !whoOf(each).isEmpty(); });
        };
        QCOMPARE(asked(), 2 + 3); // the canary's two refusals, the canary twice, the cell
        refusals = 100;
        const RunRecord throttled = bench.go();
        QCOMPARE(SafetyBench::cell(throttled, "ada", "GET /a").judged.verdict, Verdict::NotProven);
        QCOMPARE(asked(), 3 * 3);
        QVERIFY(throttled.isInconclusive());
        wait = "60"; // longer than is waited for
        refusals = 100;
        bench.go();
        QCOMPARE(asked(), 3);
    }

    /// What stands between two good canaries counts, also where a later one fails.
    void aCanaryThatFailsTakesItsNeighboursOnly() {
        SafetyBench bench;
        for (int i = 0; i < 6; ++i)
            bench.operation("GET", qPrintable(QStringLiteral("/r%1").arg(i)));
        bench.options.canaryEvery = 2;
        int canaries = 0;
        bench.transport.api = [&](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            // The canary is GET /r0, which is a cell as well: the second of its requests.
            if (request.url.path() == "/r0" && ++canaries == 5) return json(403);
            return json(200);
        };
        const RunRecord record = bench.go();
        QCOMPARE(record.health.first().canaries, (QList<bool>{true, true, true, false}));
        for (int i = 0; i < 6; ++i)
            QCOMPARE(SafetyBench::cell(record, "ada", qPrintable(QStringLiteral("GET /r%1").arg(i)))
                         .judged.verdict,
                     i < 4 ? Verdict::Pass : Verdict::NotProven);
    }
};

QTEST_GUILESS_MAIN(TestRunSafety)
#include "test_run_safety.moc"
