// SPDX-License-Identifier: GPL-3.0-or-later
// What the user says that answers mean, where their status does not: an API that answers 200 with an error in
// the body, GraphQL.
#include "core/probe/outcome_rules.h"
#include "tests/core/probe/safety_bench.h"

using namespace kbtest;

namespace {

OutcomeRule ruleOf(std::optional<AnswerTest> body, std::optional<AnswerTest> header = {}) {
    OutcomeRule rule;
    rule.body = std::move(body);
    rule.header = std::move(header);
    rule.means = Outcome::DeniedAuthz;
    return rule;
}

bool isRuled(const OutcomeRule& rule, const Response& answer) {
    ApiOperation operation;
    operation.method = QStringLiteral("POST");
    operation.path = QStringLiteral("/v1/graphql");
    operation.tags = {QStringLiteral("Data")};
    MatrixSettings settings;
    settings.outcomes = {rule};
    return ruleFor(outcomeRules(settings), operation, answer) != nullptr;
}

/// Errors as GraphQL tells them: nobody is turned away with 401, and whoever may not gets 200 as well.
struct GraphBench : SafetyBench {
    bool alive = true; ///< ada's token is good
    GraphBench() {
        operation("GET", "/me");
        operation("GET", "/secret").tags = {QStringLiteral("Admin")};
        MatrixRule admins;
        admins.tags = {QStringLiteral("Admin")};
        admins.claims = {QStringLiteral("role=admin")};
        settings.rules = {admins};
        profiles.last().rolesKnown = true;
        transport.api = [this](const Request& request) {
            if (whoOf(request).isEmpty() || !alive) return error("UNAUTHENTICATED");
            if (request.url.path() == "/secret") return error("FORBIDDEN");
            return json(200, R"({"data":{"name":"ada"}})");
        };
        OutcomeRule authn = ruleOf(AnswerTest{QStringLiteral("/errors/*/extensions/code"),
                                              AnswerTest::Kind::Equals,
                                              {QStringLiteral("UNAUTHENTICATED")}});
        authn.means = Outcome::DeniedAuthn;
        OutcomeRule authz = authn;
        authz.name = QStringLiteral("no permission");
        authz.body->values = {QStringLiteral("FORBIDDEN")};
        authz.means = Outcome::DeniedAuthz;
        rules = {authn, authz};
    }
    static TransportReply error(const QByteArray& code) {
        return json(200, "{\"data\":null,\"errors\":[{\"message\":\"no\",\"extensions\":{\"code\":\"" + code +
                             "\"}}]}");
    }
    QList<OutcomeRule> rules;
};

} // namespace

class TestOutcomeRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void conditions_data() {
        QTest::addColumn<QString>("place");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QStringList>("values");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("fits");
        using Kind = AnswerTest::Kind;
        const auto row = [](const char* name, const char* place, Kind kind, const QStringList& values,
                            const char* body, bool fits) {
            QTest::newRow(name) << QString::fromLatin1(place) << int(kind) << values << QByteArray(body)
                                << fits;
        };
        const QStringList no{QStringLiteral("NO"), QStringLiteral("NEVER")};
        row("equals", "/code", Kind::Equals, no, R"({"code":"NEVER"})", true);
        row("equals another", "/code", Kind::Equals, no, R"({"code":"NOT"})", false);
        row("equals a number", "/code", Kind::Equals, {QStringLiteral("403")}, R"({"code":403})", true);
        row("equals a boolean", "/ok", Kind::Equals, {QStringLiteral("false")}, R"({"ok":false})", true);
        row("equals elsewhere", "/code", Kind::Equals, no, R"({"a":{"code":"NO"}})", false);
        row("contains", "/text", Kind::Contains, no, R"({"text":"SAY NO"})", true);
        row("contains not", "/text", Kind::Contains, no, R"({"text":"SAY YES"})", false);
        row("exists", "/error", Kind::Exists, {}, R"({"error":null})", true);
        row("exists not", "/error", Kind::Exists, {}, R"({"data":1})", false);
        row("absent", "/data", Kind::Absent, {}, R"({"error":1})", true);
        row("absent not", "/data", Kind::Absent, {}, R"({"data":1})", false);
        row("absent of what is no JSON", "/data", Kind::Absent, {}, "<html>", false);
        row("any item", "/errors/*/code", Kind::Equals, no, R"({"errors":[{"code":"A"},{"code":"NO"}]})",
            true);
        row("no item", "/errors/*/code", Kind::Equals, no, R"({"errors":[{"code":"A"}]})", false);
        row("the last step", "/errors/*", Kind::Equals, no, R"({"errors":["A","NO"]})", true);
        row("items of items", "/*/*", Kind::Equals, no, R"([["A"],["B","NO"]])", true);
        row("a member of that name", "/*", Kind::Equals, no, R"({"*":"NO"})", true);
        row("no list", "/errors/*/code", Kind::Exists, {}, R"({"errors":{"code":"NO"}})", false);
        row("the text", "", Kind::Contains, no, "<h1>NO entry</h1>", true);
        row("not in the text", "", Kind::Contains, no, "<h1>Welcome</h1>", false);
        row("no text", "", Kind::Absent, {}, "", true);
    }
    void conditions() {
        QFETCH(QString, place);
        QFETCH(int, kind);
        QFETCH(QStringList, values);
        QFETCH(QByteArray, body);
        Response answer;
        answer.status = 200;
        answer.body = body;
        QTEST(isRuled(ruleOf(AnswerTest{place, AnswerTest::Kind(kind), values}), answer), "fits");
    }

    /// Which operations and answers a rule is about.
    void scope() {
        Response answer;
        answer.status = 403;
        answer.headers.append("X-Error", "quota");
        OutcomeRule rule;
        const auto with = [&](auto change) {
            OutcomeRule changed = rule;
            change(changed);
            return isRuled(changed, answer);
        };
        QVERIFY(with([](OutcomeRule& each) { each.statuses = {QStringLiteral("4XX")}; }));
        QVERIFY(with([](OutcomeRule& each) { each.statuses = {QStringLiteral("403")}; }));
        QVERIFY(!with([](OutcomeRule& each) {
            each.statuses = {QStringLiteral("404"), QStringLiteral("2XX")};
        }));
        QVERIFY(with([](OutcomeRule& each) { each.path = QStringLiteral("/v1/*"); }));
        QVERIFY(!with([](OutcomeRule& each) { each.path = QStringLiteral("/v2/*"); }));
        QVERIFY(with([](OutcomeRule& each) { each.methods = {QStringLiteral("POST")}; }));
        QVERIFY(!with([](OutcomeRule& each) { each.methods = {QStringLiteral("GET")}; }));
        QVERIFY(with([](OutcomeRule& each) { each.tags = {QStringLiteral("Data")}; }));
        QVERIFY(!with([](OutcomeRule& each) { each.tags = {QStringLiteral("Admin")}; }));
        const AnswerTest header{
            QStringLiteral("x-error"), AnswerTest::Kind::Equals, {QStringLiteral("quota")}};
        QVERIFY(with([&](OutcomeRule& each) { each.header = header; }));
        QVERIFY(!with([&](OutcomeRule& each) {
            each.header = header;
            each.header->values = {QStringLiteral("auth")};
        }));
        QVERIFY(!with([&](OutcomeRule& each) { // all of its conditions
            each.header = header;
            each.statuses = {QStringLiteral("200")};
        }));
        rule = ruleOf({}, AnswerTest{QStringLiteral("x-other"), AnswerTest::Kind::Absent, {}});
        QVERIFY(isRuled(rule, answer));
    }

    /// A rule counts after "throttled" and before 401; what the owner saw of an object is above all words.
    void itsPlaceInTheOrder() {
        OutcomeRule rule;
        rule.means = Outcome::Allowed;
        Observation seen;
        seen.sent = true;
        seen.meant = std::make_shared<const OutcomeRule>(rule);
        for (const int status : {200, 302, 401, 403, 404, 407, 400, 500}) {
            seen.status = status;
            QCOMPARE(classify(seen, {}).outcome, Outcome::Allowed);
        }
        seen.status = 429;
        QCOMPARE(classify(seen, {}).outcome, Outcome::Throttled);
        rule.means = Outcome::DeniedAuthz;
        seen.meant = std::make_shared<const OutcomeRule>(rule);
        seen.status = 200;
        QCOMPARE(classify(seen, {}).outcome, Outcome::DeniedAuthz);
        seen.status = 403;
        seen.changedState = true;
        QCOMPARE(classify(seen, {}).outcome, Outcome::Allowed);
    }

    void theFirstThatFitsCounts() {
        MatrixSettings settings;
        settings.outcomes = {ruleOf(AnswerTest{QStringLiteral("/a"), AnswerTest::Kind::Exists, {}}),
                             ruleOf(AnswerTest{QStringLiteral("/b"), AnswerTest::Kind::Exists, {}})};
        settings.outcomes.last().name = QStringLiteral("b is there");
        Response answer;
        answer.status = 200;
        const auto nameFor = [&](const char* body) {
            answer.body = body;
            const auto rule = ruleFor(outcomeRules(settings), {}, answer);
            return rule ? rule->name : QString();
        };
        QCOMPARE(nameFor(R"({"a":1,"b":2})"), QStringLiteral("outcome 1"));
        QCOMPARE(nameFor(R"({"b":2})"), QStringLiteral("b is there"));
        QCOMPARE(nameFor(R"({"c":2})"), QString());
    }

    /// Without rules every 200 is an open door; with them each answer is what it says.
    void anErrorIn200() {
        GraphBench bench;
        QCOMPARE(SafetyBench::cell(bench.go(), "anonymous", "GET /me").judged.verdict, Verdict::Bypass);

        bench.settings.outcomes = bench.rules;
        const RunRecord record = bench.go();
        const CellResult& nobody = SafetyBench::cell(record, "anonymous", "GET /me");
        QCOMPARE(nobody.outcome.outcome, Outcome::DeniedAuthn);
        QCOMPARE(nobody.judged.verdict, Verdict::Pass);
        QCOMPARE(SafetyBench::cell(record, "ada", "GET /me").judged.verdict, Verdict::Pass);
        const CellResult& refused = SafetyBench::cell(record, "ada", "GET /secret");
        QCOMPARE(refused.outcome.outcome, Outcome::DeniedAuthz);
        QVERIFY2(meantBy(refused.seen).contains(QStringLiteral("denied-authz by the rule \"no permission\"")),
                 qPrintable(meantBy(refused.seen)));
        // Nobody got through on that row: 200 is no success there, and proves nothing.
        QCOMPARE(refused.judged.verdict, Verdict::NotProven);
        QVERIFY(record.remarks.isEmpty());
        const auto seen = record.answersByProfile().value(QStringLiteral("ada"));
        QCOMPARE(seen.second, 1);
    }

    /// A canary that gets 200 with an error is a dead credential, and a row of such answers has no control.
    void anErrorIn200IsNoSignOfLife() {
        GraphBench bench;
        bench.settings.outcomes = bench.rules;
        bench.alive = false;
        const RunRecord record = bench.go();
        QVERIFY(record.health.first().lastFailed());
        QVERIFY2(record.health.first().problem.contains(QStringLiteral("200 (denied-authn)")),
                 qPrintable(record.health.first().problem));
        QCOMPARE(SafetyBench::cell(record, "ada", "GET /me").judged.verdict, Verdict::NotProven);
        QCOMPARE(SafetyBench::cell(record, "anonymous", "GET /me").judged.verdict, Verdict::NotProven);
        QVERIFY(record.isInconclusive());
    }

    /// The same status and shape for another's object and for one that nobody has: the rules tell them apart.
    void anOracleIn200() {
        GraphBench bench;
        bench.add(QStringLiteral("bob"), BearerScheme(), [] {
            SecretRecord record;
            record.secret = Secret("token-of-bob-0123456789");
            return record;
        }());
        bench.operation("GET", "/notes/{id}", {QStringLiteral("id")}).ownObjectsOnly = true;
        bench.settings.own[QStringLiteral("id")] = {{QStringLiteral("ada"), QStringLiteral("n-a")},
                                                    {QStringLiteral("bob"), QStringLiteral("n-b")}};
        OutcomeRule missing = bench.rules.last();
        missing.body->values = {QStringLiteral("NOT_FOUND")};
        missing.means = Outcome::Concealed;
        bench.settings.outcomes = bench.rules + QList{missing};
        bench.transport.api = [](const Request& request) {
            const QByteArray who = whoOf(request).mid(QByteArray("Bearer token-of-").size(), 1);
            if (who.isEmpty()) return GraphBench::error("UNAUTHENTICATED");
            const QByteArray path = request.url.path();
            if (path == "/me" || path == "/notes/n-" + who) return json(200, R"({"data":{"n":1}})");
            return GraphBench::error(path.startsWith("/notes/n-") ? "FORBIDDEN" : "NOT_FOUND");
        };
        const RunRecord record = bench.go();
        bool told = false;
        for (const CellResult& result : record.results) {
            const CellPlan& cell = record.plan.cells.at(result.cell);
            if (cell.binding != Binding::Peer || cell.profile != 1) continue;
            told = result.oracle;
            QCOMPARE(result.judged.verdict, Verdict::Suspect);
            QVERIFY2(result.judged.advisories.join(u' ').contains(QStringLiteral("200 (concealed)")),
                     qPrintable(result.judged.advisories.join(u' ')));
        }
        QVERIFY(told);
    }
};

QTEST_GUILESS_MAIN(TestOutcomeRules)
#include "test_outcome_rules.moc"
