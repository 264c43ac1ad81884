// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/opencollection.h"

#include <QTest>

using namespace kb;

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

Workspace read(const QByteArray& text) {
    const Result<Workspace> workspace = opencollection::read({{opencollection::rootFileName(), text}});
    if (!workspace) qFatal("%s", qPrintable(workspace.error().text()));
    return *workspace;
}

const QByteArray head = "opencollection: 1.0.0\n\ninfo:\n  name: W\n";

MatrixSettings sample() {
    MatrixSettings matrix;
    matrix.document = s("{{baseUrl}}/openapi.json");
    matrix.baseline = s("matrix-baseline.json");
    matrix.conceal = true;
    matrix.confirmedPublic = {s("GET /health")};
    matrix.rules = {{{s("GET")}, {s("Admin")}, s("/admin/*"), {s("role=admin")}, Expect::Conceal},
                    {{}, {}, {}, {s("plan=premium")}, Expect::DenyAuthz}};
    matrix.marks = {{s("GET /users"), s("p1"), s("peer"), Expect::Deny, s("because: it is so")}};
    matrix.strategies = {{s("DELETE /users/{id}"), ProbeStrategy::AbsentObject},
                         {s("DELETE /webhooks/{id}"), ProbeStrategy::Fixture}};
    matrix.fixtures = {{s("DELETE /webhooks/{id}"),
                        {s("POST /webhooks"), s("p1"), s("{\"url\": \"x\"}"), s("/data/id"),
                         s("GET /webhooks"), s("DELETE /webhooks/{id}")}}};
    matrix.canaries = {{s("p1"), s("GET /me")}};
    matrix.markers = {{s("p1"), {s("ada@example.com"), s("Invoice 7")}}, {s("p2"), {s("grace")}}};
    matrix.derived = {{s("d1"), s("Ada, unsigned"), s("p1"), TokenDefect::AlgNoneMixed},
                      {s("d2"), s("Ada, cut"), s("p1"), TokenDefect::Truncated}};
    matrix.implied = {{s("admin"), {s("users:*")}}};
    matrix.own = {{s("id"), {{s("p1"), s("12345")}, {s("p2"), s("00067")}}}};
    matrix.ownByPath = {{s("id"), s("/orders/*"), s("p1"), s("o-7")},
                        {s("id"), s("/users/*"), s("p1"), s("u-7")}};
    matrix.schemes = {{s("partnerBearer"), {s("p1"), s("p2")}}, {s("unused"), {}}};
    matrix.servers = {s("https://files.example.com")};
    matrix.waivers = {{s("0123456789abcdef"), s("fixed in 2.1"), s("ada"), s("2030-01-31")},
                      {{}, s("agreed"), {}, s("2030-01-31"), s("bola GET /users/{id}")}};
    OutcomeRule denied;
    denied.name = s("no permission");
    denied.path = s("/graphql");
    denied.statuses = {s("200"), s("4XX")};
    denied.body = AnswerTest{s("/errors/*/code"), AnswerTest::Kind::Equals, {s("FORBIDDEN"), s("no: never")}};
    denied.means = Outcome::DeniedAuthz;
    OutcomeRule told;
    told.methods = {s("GET")};
    told.tags = {s("Admin")};
    told.body = AnswerTest{{}, AnswerTest::Kind::Exists, {}};
    told.header = AnswerTest{s("X-Error"), AnswerTest::Kind::Contains, {s("auth")}};
    told.means = Outcome::DeniedAuthn;
    OutcomeRule missing;
    missing.body = AnswerTest{s("/data"), AnswerTest::Kind::Absent, {}};
    missing.means = Outcome::ReachedMissing;
    matrix.outcomes = {denied, told, missing};
    ExactAnswer exactly;
    exactly.statuses = {s("403"), s("5XX")};
    exactly.problem = s("https://errors.example/no");
    exactly.challenge = s("insufficient_scope");
    exactly.body = AnswerTest{s("/code"), AnswerTest::Kind::Equals, {s("no")}};
    exactly.header = AnswerTest{s("X-Trace"), AnswerTest::Kind::Absent, {}};
    MatrixMark exact{s("GET /users"), s("p2"), {}, Expect::DenyAuthz, {}};
    exact.exactly = exactly;
    matrix.marks.append(exact);
    matrix.fields = {{{s("GET")},
                      {s("Users")},
                      s("/users*"),
                      {s("/*/ssn"), s("password")},
                      {s("role=admin")},
                      {s("peer")}},
                     {{}, {}, {}, {s("secret")}, {}, {}}};
    matrix.limits = {500, 60};
    matrix.runHeader = s("X-Keybearer-Run");
    matrix.tenantClaim = s("org");
    matrix.malformed = true;
    return matrix;
}

} // namespace

class TestOcMatrix : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsWrittenIsRead() {
        Workspace workspace = read(head);
        workspace.matrix = sample();
        const Result<QByteArray> written = opencollection::writeRoot(workspace, head);
        QVERIFY(written);
        QVERIFY(written->startsWith(head));
        const Workspace again = read(*written);
        QCOMPARE(again.matrix, sample());
        QCOMPARE(*opencollection::writeRoot(again, *written), *written);
    }

    void aSmallChangeIsASmallDiff() {
        Workspace workspace = read(head);
        workspace.matrix = sample();
        QByteArray text = *opencollection::writeRoot(workspace, head);
        text.replace("      marks:\n", "      # agreed in March\n      marks:\n");
        workspace = read(text);
        workspace.matrix.marks[0].expect = Expect::Allow;
        QByteArray expected = text;
        expected.replace("expect: deny\n", "expect: allow\n");
        QCOMPARE(*opencollection::writeRoot(workspace, text), expected);
        workspace.matrix = {};
        QCOMPARE(*opencollection::writeRoot(workspace, text), head);
    }

    /// One value may stand for itself, and stays as it was written.
    void anOutcomeAsPeopleWriteIt() {
        const QByteArray text = head + "extensions:\n  keybearer:\n    matrix:\n      outcomes:\n"
                                       "        - status: [200]\n"
                                       "          body: { pointer: /error, equals: 403 } # theirs\n"
                                       "          means: denied-authz\n";
        const Workspace workspace = read(text);
        QCOMPARE(workspace.matrix.outcomes.size(), 1);
        const OutcomeRule& rule = workspace.matrix.outcomes.first();
        QCOMPARE(rule.statuses, QStringList{s("200")});
        QCOMPARE(rule.body->values, QStringList{s("403")});
        QCOMPARE(*opencollection::writeRoot(workspace, text), text);
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QString>("said");
        QTest::newRow("expectation") << QByteArray("marks:\n        - expect: maybe\n")
                                     << "\"maybe\" is no expectation";
        QTest::newRow("strategy") << QByteArray("strategies:\n        - strategy: hope\n")
                                  << "\"hope\" is no strategy";
        QTest::newRow("waiver") << QByteArray("waivers:\n        - cell: x\n") << "needs a reason";
        QTest::newRow("waiver of nothing")
            << QByteArray("waivers:\n        - reason: x\n") << "a cell or a finding";
        QTest::newRow("waiver's end")
            << QByteArray("waivers:\n        - cell: x\n          reason: y\n          expires: 31.01.2030\n")
            << "\"31.01.2030\" is no date. A waiver's end is written as 2030-01-31";
        QTest::newRow("waiver's day")
            << QByteArray("waivers:\n        - cell: x\n          reason: y\n          expires: 2030-02-31\n")
            << "\"2030-02-31\" is no date";
        const auto outcome = [](const char* name, const char* members, const char* said) {
            QTest::newRow(name) << QByteArray("outcomes:\n        - {" + QByteArray(members) + "}\n")
                                << QString::fromUtf8(said);
        };
        outcome("outcome of nothing", "path: /x, means: allowed", "asks something of the answer");
        outcome("outcome without a meaning", "status: [200]", "\"\" is nothing that an answer can mean");
        outcome("outcome's meaning", "status: [200], means: denied",
                "\"denied\" is nothing that an answer can mean. There are allowed, ");
        outcome("outcome that only a run can know", "status: [200], means: not-sent",
                "\"not-sent\" is nothing that an answer can mean");
        outcome("outcome's status", "status: [4xx], means: allowed", "\"4xx\" is no status");
        outcome("outcome's word", "staus: [200], body: {pointer: /a}, means: allowed",
                "\"staus\" is no part of an outcome");
        outcome("outcome's inner word", "body: {path: /a}, means: allowed",
                "\"path\" is no part of an outcome");
        outcome("outcome's pointer", "body: {pointer: a}, means: allowed", "begins with a slash: a");
        outcome("outcome's header", "header: {equals: x}, means: allowed", "needs a name");
        outcome("outcome's two tests", "body: {equals: x, exists: true}, means: allowed", "asks one thing");
        outcome("outcome's flag", "body: {exists: maybe}, means: allowed", "is true or false");
        outcome("outcome's values", "body: {contains: []}, means: allowed", "\"contains\" needs a value");
        outcome("outcome's empty value", "body: {contains: ''}, means: allowed", "needs a value");
        QTest::newRow("exactly") << QByteArray("marks:\n        - {expect: deny, exactly: {code: 403}}\n")
                                 << "\"code\" is no part of an expected answer";
        QTest::newRow("exact status")
            << QByteArray("marks:\n        - {expect: deny, exactly: {status: [40x]}}\n")
            << "\"40x\" is no status";
        QTest::newRow("fields") << QByteArray("fields:\n        - {path: /users}\n") << "names the fields";
        QTest::newRow("fields' word") << QByteArray("fields:\n        - {fields: [a], requires: [role=x]}\n")
                                      << "\"requires\" is no part of a rule on fields";
        QTest::newRow("limit") << QByteArray("limits: {requests: many}\n") << "a whole number above 0";
        QTest::newRow("limit of nothing") << QByteArray("limits: {seconds: 0}\n") << "a whole number above 0";
        QTest::newRow("limit's word") << QByteArray("limits: {minutes: 5}\n") << "\"minutes\" is no limit";
        QTest::newRow("type") << QByteArray("rules: all\n") << "rules";
    }
    void mistakesAreNamed() {
        QFETCH(QByteArray, row);
        QFETCH(QString, said);
        const Result<Workspace> workspace =
            opencollection::read({{opencollection::rootFileName(),
                                   head + "extensions:\n  keybearer:\n    matrix:\n      " + row}});
        QVERIFY(!workspace);
        QVERIFY2(workspace.error().text().contains(said), qPrintable(workspace.error().text()));
        QVERIFY2(workspace.error().text().contains(s("line")), qPrintable(workspace.error().text()));
    }
};

QTEST_APPLESS_MAIN(TestOcMatrix)
#include "test_oc_matrix.moc"
