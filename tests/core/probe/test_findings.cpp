// SPDX-License-Identifier: GPL-3.0-or-later
// What a run tells beside its cells: causes, and remarks on marks and on how credentials travel.
#include "tests/core/probe/safety_bench.h"

using namespace kbtest;

class TestFindings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A mark for an operation that is no longer there says nothing, which is said.
    void marksThatFitNothing() {
        SafetyBench bench;
        bench.operation("GET", "/me");
        bench.transport.api = [](const Request& request) {
            return json(whoOf(request).isEmpty() ? 401 : 200);
        };
        MatrixMark mark;
        mark.expect = Expect::Allow;
        mark.operation = QStringLiteral("GET /renamed");
        bench.settings.marks = {mark, mark};
        mark.operation = QStringLiteral("GET /me");
        mark.profile = QStringLiteral("ada");
        bench.settings.marks.append(mark);
        RunRecord record = bench.go();
        QCOMPARE(record.remarks, QStringList{QStringLiteral("The mark for GET /renamed fits no operation.")});
        record.remarks.clear();
        record.plan.narrowed = true;
        evaluate(record, bench.settings, 0);
        QVERIFY2(record.remarks.isEmpty(), qPrintable(record.remarks.join(u'\n')));
    }

    /// Who gets what is for those alone who hold all that they hold, and more, has gone up.
    void whatIsForHigherOnesOnly_data() {
        QTest::addColumn<QStringList>("scopes"); // of who may
        QTest::addColumn<QString>("rule");
        QTest::newRow("higher") << QStringList{QStringLiteral("read"), QStringLiteral("admin")}
                                << QStringLiteral("privilege-escalation");
        QTest::newRow("beside") << QStringList{QStringLiteral("admin")} << QStringLiteral("bfla");
    }
    void whatIsForHigherOnesOnly() {
        QFETCH(QStringList, scopes);
        QFETCH(QString, rule);
        SafetyBench bench;
        SecretRecord root;
        root.secret = Secret("token-of-root-0123456789");
        bench.add(QStringLiteral("root"), BearerScheme(), std::move(root));
        bench.profiles[1].scopes = {QStringLiteral("read")};
        bench.profiles[2].scopes = scopes;
        bench.operation("GET", "/me");
        bench.operation("GET", "/admin").security =
            ApiSecurity{{{QStringLiteral("token"), {QStringLiteral("admin")}}}};
        bench.transport.api = [](const Request& request) {
            return json(whoOf(request).isEmpty() ? 401 : 200);
        };
        const RunRecord record = bench.go();
        const CellResult& cell = SafetyBench::cell(record, "ada", "GET /admin");
        QCOMPARE(cell.judged.verdict, Verdict::Bypass);
        QCOMPARE(cell.rule, rule);
    }

    /// Where a key stands in the address, and where credentials go in clear text.
    void howCredentialsTravel() {
        SafetyBench bench;
        SecretRecord key;
        key.secret = Secret("key-0123456789abcdef");
        bench.add(QStringLiteral("bot"), ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("key")},
                  std::move(key));
        bench.operation("GET", "/me");
        bench.transport.api = [](const Request&) { return json(200); };
        RunRecord record = bench.go();
        const QString address =
            QStringLiteral("The key of bot goes in the address, which logs and histories keep (CWE-598).");
        QVERIFY2(record.remarks.contains(address), qPrintable(record.remarks.join(u'\n')));
        QVERIFY(!record.remarks.join(u' ').contains(QStringLiteral("CWE-319"))); // on this machine
        for (CellPlan& cell : record.plan.cells) {
            RequestSpec spec = *cell.spec;
            spec.url.replace(QStringLiteral("127.0.0.1:8080"), QStringLiteral("api.example.com"));
            cell.spec = std::make_shared<const RequestSpec>(spec);
        }
        record.remarks.clear();
        evaluate(record, bench.settings, 0);
        const QString clear =
            QStringLiteral("Credentials went to http://api.example.com in clear text (CWE-319).");
        QCOMPARE(record.remarks.count(clear), 1);
        for (CellResult& each : record.results)
            each.seen = {};
        record.remarks.clear();
        evaluate(record, bench.settings, 0); // nothing was sent
        QVERIFY2(record.remarks.isEmpty(), qPrintable(record.remarks.join(u'\n')));
    }
};

QTEST_GUILESS_MAIN(TestFindings)
#include "test_findings.moc"
