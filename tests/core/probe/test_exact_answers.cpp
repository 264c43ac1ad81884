// SPDX-License-Identifier: GPL-3.0-or-later
// More than a status: answers that have to be just so, members that are not for everybody, and what a
// document tells of denials.
#include "core/probe/report.h"
#include "tests/core/probe/safety_bench.h"

using namespace kbtest;

namespace {

MatrixMark markOf(const char* operation, const char* profile, Expect expect, const ExactAnswer& exactly) {
    MatrixMark mark;
    mark.operation = QLatin1String(operation);
    mark.profile = QLatin1String(profile);
    mark.expect = expect;
    mark.exactly = exactly;
    return mark;
}

const QByteArray problem = R"({"type":"https://errors.example/no-scope","title":"no","status":403})";

} // namespace

class TestExactAnswers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAnswerHasToBeJustSo_data() {
        QTest::addColumn<ExactAnswer>("exactly");
        QTest::addColumn<QString>("unlike"); // empty: it is just so
        ExactAnswer exactly;
        exactly.statuses = {QStringLiteral("403")};
        QTest::newRow("status") << exactly << QString();
        exactly.statuses = {QStringLiteral("404"), QStringLiteral("5XX")};
        QTest::newRow("another status")
            << exactly << QStringLiteral("The status is 403, and exactly 404 or 5XX is expected.");
        exactly = {};
        exactly.challenge = QStringLiteral("insufficient_scope");
        QTest::newRow("challenge") << exactly << QString();
        exactly.challenge = QStringLiteral("invalid_token");
        QTest::newRow("another challenge")
            << exactly << QStringLiteral("The challenge's error is insufficient_scope");
        exactly = {};
        exactly.problem = QStringLiteral("https://errors.example/no-scope");
        QTest::newRow("problem") << exactly << QString();
        exactly.problem = QStringLiteral("https://errors.example/other");
        QTest::newRow("another problem")
            << exactly << QStringLiteral("The problem type is https://errors.example/no-scope");
        exactly = {};
        exactly.body = AnswerTest{QStringLiteral("/title"), AnswerTest::Kind::Equals, {QStringLiteral("no")}};
        QTest::newRow("body") << exactly << QString();
        exactly.body->values = {QStringLiteral("yes")};
        QTest::newRow("another body") << exactly << QStringLiteral("What the body has at /title");
        exactly = {};
        exactly.header = AnswerTest{QStringLiteral("X-Trace"), AnswerTest::Kind::Exists, {}};
        QTest::newRow("header") << exactly << QString();
        exactly.header->kind = AnswerTest::Kind::Absent;
        QTest::newRow("another header") << exactly << QStringLiteral("The header X-Trace is not as");
    }
    void anAnswerHasToBeJustSo() {
        QFETCH(ExactAnswer, exactly);
        QFETCH(QString, unlike);
        SafetyBench bench;
        bench.addClient();
        bench.operation("GET", "/me");
        bench.operation("GET", "/reports");
        bench.transport.api = [](const Request& request) -> TransportReply {
            if (whoOf(request).isEmpty()) return json(401);
            if (request.url.path() == "/me" || whoOf(request).contains("ada")) return json(200);
            return answer(403,
                          {{"Content-Type", "application/problem+json"},
                           {"X-Trace", "1"},
                           {"WWW-Authenticate", "Bearer error=\"insufficient_scope\""}},
                          problem);
        };
        bench.settings.marks = {markOf("GET /reports", "svc", Expect::DenyAuthz, exactly)};
        RunRecord record = bench.go();
        const CellResult& cell = SafetyBench::cell(record, "svc", "GET /reports");
        QCOMPARE(cell.judged.verdict, unlike.isEmpty() ? Verdict::Pass : Verdict::Suspect);
        QVERIFY2(cell.judged.reason.startsWith(unlike), qPrintable(cell.judged.reason));
        QCOMPARE(cell.rule, unlike.isEmpty() ? QString() : QStringLiteral("unexpected-answer"));
        // What came before the mark was changed was not compared with it.
        ExactAnswer later;
        later.statuses = {QStringLiteral("403")};
        later.challenge = QStringLiteral("insufficient_scope");
        bench.settings.marks = {markOf("GET /reports", "svc", Expect::DenyAuthz, later)};
        evaluate(record, bench.settings, 0);
        QCOMPARE(SafetyBench::cell(record, "svc", "GET /reports").judged.verdict, Verdict::NotProven);
        QVERIFY(
            SafetyBench::cell(record, "svc", "GET /reports").judged.reason.contains(QStringLiteral("again")));
    }

    void membersThatAreNotForEverybody_data() {
        QTest::addColumn<QStringList>("fields");
        QTest::addColumn<QStringList>("claims");
        QTest::addColumn<bool>("leaks");
        QTest::newRow("a pointer") << QStringList{QStringLiteral("/users/*/ssn")} << QStringList() << true;
        QTest::newRow("what is below")
            << QStringList{QStringLiteral("/users/*/address")} << QStringList() << true;
        QTest::newRow("a name anywhere") << QStringList{QStringLiteral("city")} << QStringList() << true;
        QTest::newRow("not there") << QStringList{QStringLiteral("/ssn"), QStringLiteral("add")}
                                   << QStringList() << false;
        QTest::newRow("who may") << QStringList{QStringLiteral("ssn")}
                                 << QStringList{QStringLiteral("role=admin")} << false;
        QTest::newRow("nobody knows")
            << QStringList{QStringLiteral("ssn")} << QStringList{QStringLiteral("scope=all")} << false;
        QTest::newRow("who may not") << QStringList{QStringLiteral("ssn")}
                                     << QStringList{QStringLiteral("role=owner")} << true;
    }
    void membersThatAreNotForEverybody() {
        QFETCH(QStringList, fields);
        QFETCH(QStringList, claims);
        QFETCH(bool, leaks);
        SafetyBench bench;
        bench.profiles[1].roles = {QStringLiteral("admin")};
        bench.profiles[1].rolesKnown = true;
        bench.profiles[1].scopesKnown = false;
        bench.operation("GET", "/me");
        bench.operation("GET", "/users");
        FieldRule rule;
        rule.path = QStringLiteral("/users*");
        rule.fields = fields;
        rule.claims = claims;
        bench.settings.fields = {rule};
        bench.transport.api = [](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            return json(200, R"({"users":[{"name":"a","ssn":"1","address":{"city":"x"}}]})");
        };
        const RunRecord record = bench.go();
        const CellResult& cell = SafetyBench::cell(record, "ada", "GET /users");
        QCOMPARE(cell.judged.verdict, leaks ? Verdict::Bypass : Verdict::Pass);
        QCOMPARE(cell.rule, leaks ? QStringLiteral("property-leak") : QString());
        QCOMPARE(cell.evidence, leaks ? QStringLiteral("confirmed") : QString());
        // The same members where no rule speaks of them.
        QCOMPARE(SafetyBench::cell(record, "ada", "GET /me").judged.verdict, Verdict::Pass);
        QCOMPARE(SafetyBench::cell(record, "anonymous", "GET /users").judged.verdict, Verdict::Pass);
        if (!leaks) return;
        QVERIFY2(cell.judged.advisories.join(u'\n').contains(fields.first()),
                 qPrintable(cell.judged.advisories.join(u'\n')));
        const QByteArray sarif = reportOf(QStringLiteral("sarif"), record);
        QVERIFY(sarif.contains("property-leak"));
        QVERIFY(sarif.contains("external/cwe/cwe-213") || sarif.contains("\"213\""));
    }

    /// A write that is open to whom all its siblings turn away.
    void aWriteUnlikeItsSiblings_data() {
        QTest::addColumn<QStringList>("open");
        QTest::addColumn<bool>("said");
        QTest::newRow("one of three") << QStringList{QStringLiteral("PATCH")} << true;
        QTest::newRow("two of three") << QStringList{QStringLiteral("PATCH"), QStringLiteral("PUT")} << false;
        QTest::newRow("none") << QStringList() << false;
    }
    void aWriteUnlikeItsSiblings() {
        QFETCH(QStringList, open);
        QFETCH(bool, said);
        SafetyBench bench;
        bench.operation("GET", "/me");
        for (const char* method : {"PUT", "PATCH", "DELETE"}) {
            bench.operation(method, "/things/{id}", {QStringLiteral("id")});
            bench.settings.strategies.insert(QLatin1String(method) + QStringLiteral(" /things/{id}"),
                                             ProbeStrategy::Live);
        }
        PlanOptions planned;
        planned.baseUrl = bench.origin;
        planned.allowUnsafe = planned.live = true;
        planned.kind = EnvironmentKind::Local;
        bench.transport.api = [&open](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            const bool in = request.method == "GET" || open.contains(QString::fromLatin1(request.method));
            return json(in ? 200 : 403);
        };
        MatrixRun run(bench.transport, bench.clock,
                      makePlan(bench.api, bench.profiles, bench.settings, planned), bench.senders,
                      bench.settings, bench.options);
        QSignalSpy finished(&run, &MatrixRun::finished);
        run.start();
        QTRY_COMPARE(finished.size(), 1);
        const QString remarks = run.record().remarks.join(u'\n');
        QVERIFY2(remarks.contains(QStringLiteral("PATCH /things/{id} lets ada in, whom all")) == said,
                 qPrintable(remarks));
    }

    /// 401 is documented and 403 came, or the other way round: a remark, no finding.
    void denialsThatAreNotDocumented_data() {
        QTest::addColumn<QStringList>("documented");
        QTest::addColumn<bool>("said");
        QTest::newRow("401 alone") << QStringList{QStringLiteral("200"), QStringLiteral("401")} << true;
        QTest::newRow("both") << QStringList{QStringLiteral("401"), QStringLiteral("403")} << false;
        QTest::newRow("a range") << QStringList{QStringLiteral("401"), QStringLiteral("4XX")} << false;
        QTest::newRow("default") << QStringList{QStringLiteral("401"), QStringLiteral("default")} << false;
        QTest::newRow("neither") << QStringList{QStringLiteral("200")} << false;
    }
    void denialsThatAreNotDocumented() {
        QFETCH(QStringList, documented);
        QFETCH(bool, said);
        SafetyBench bench;
        bench.addClient();
        bench.operation("GET", "/me");
        ApiOperation& admin = bench.operation("GET", "/admin");
        admin.responses = documented;
        admin.security = ApiSecurity{{{QStringLiteral("token"), {QStringLiteral("admin")}}}};
        bench.profiles[1].scopes = {QStringLiteral("admin")};
        bench.transport.api = [](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            return json(request.url.path() == "/admin" && whoOf(request).contains("svc") ? 403 : 200);
        };
        const RunRecord record = bench.go();
        const CellResult& cell = SafetyBench::cell(record, "svc", "GET /admin");
        QCOMPARE(cell.judged.verdict, Verdict::Pass);
        QCOMPARE(cell.judged.advisories.contains(QStringLiteral("The document has 401 here, and not 403.")),
                 said);
        QVERIFY(!SafetyBench::cell(record, "anonymous", "GET /admin")
                     .judged.advisories.join(u'\n')
                     .contains(QStringLiteral("The document has")));
    }
};

QTEST_GUILESS_MAIN(TestExactAnswers)
#include "test_exact_answers.moc"
