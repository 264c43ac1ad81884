// SPDX-License-Identifier: GPL-3.0-or-later
// What would be sent, what is held back and why.
#include "core/probe/matrix_run.h"
#include "tests/core/run/run_fakes.h"

#include <QUuid>

using namespace kb;

namespace {

ApiOperation get(const QString& path) {
    ApiOperation operation;
    operation.method = QStringLiteral("GET");
    operation.path = path;
    operation.security = ApiSecurity();
    return operation;
}

MatrixPlan planOf(const ApiOperation& operation, QList<MatrixProfile> profiles = {anonymousProfile()}) {
    ApiDescription api;
    api.operations = {operation};
    PlanOptions options;
    options.baseUrl = QStringLiteral("https://api.example.com/v1");
    return makePlan(api, profiles, {}, options);
}

} // namespace

class TestPlan : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pathParametersStayParameters() {
        ApiOperation operation = get(QStringLiteral("/files/{name}/rows/{row}"));
        for (const auto& [name, value] : {std::pair("name", "a b/c"), std::pair("row", "7")}) {
            ApiParameter parameter;
            parameter.in = QStringLiteral("path");
            parameter.name = QString::fromLatin1(name);
            parameter.example = QString::fromLatin1(value);
            operation.parameters.append(parameter);
        }
        const MatrixPlan plan = planOf(operation);
        QCOMPARE(plan.cells.size(), 1);
        const CellPlan& cell = plan.cells.first();
        QCOMPARE(cell.notSent, QString());
        QCOMPARE(cell.spec->url, QStringLiteral("https://api.example.com/v1/files/{name}/rows/{row}"));
        QCOMPARE(cell.spec->params.size(), 2);
        QCOMPARE(cell.address(), QStringLiteral("https://api.example.com/v1/files/a%20b%2Fc/rows/7"));
        QCOMPARE(plan.countsByMethodAndHost(),
                 (QList<std::pair<QString, int>>{{QStringLiteral("GET https://api.example.com"), 1}}));
    }

    /// A form is sent as one, without the files that nobody has; a query that is one value as a whole.
    void formsAndWholeQueries() {
        ApiOperation operation = get(QStringLiteral("/a"));
        operation.bodyType = QStringLiteral("multipart/form-data");
        operation.bodyParts = {{QStringLiteral("note"), QStringLiteral("hi"), false, {}, true},
                               {QStringLiteral("pic"), {}, true, {}, true}};
        ApiParameter whole;
        whole.in = QStringLiteral("querystring");
        whole.name = QStringLiteral("q");
        whole.example = QStringLiteral("{\"a\":1}");
        whole.required = true;
        operation.parameters = {whole};
        const MatrixPlan plan = planOf(operation);
        const RequestSpec& spec = *plan.cells.first().spec;
        QCOMPARE(spec.url, QStringLiteral("https://api.example.com/v1/a?%7B%22a%22%3A1%7D"));
        QCOMPARE(spec.body.kind, BodySpec::Kind::Multipart);
        QCOMPARE(spec.body.parts.size(), 1);
        QCOMPARE(spec.body.parts.first().value, QStringLiteral("hi"));
    }

    void whatTheDocumentDoesNotDescribeIsHeldBack() {
        const MatrixPlan plan = planOf(get(QStringLiteral("/files/{name}/rows/{row}")));
        QVERIFY2(plan.cells.first().notSent.contains(QStringLiteral("name, row")),
                 qPrintable(plan.cells.first().notSent));
        QCOMPARE(plan.sendCount(), 0);
    }

    void anOperationsOwnServerIsNotTaken_data() {
        QTest::addColumn<QString>("server");
        QTest::addColumn<bool>("held");
        QTest::newRow("another host") << "https://evil.example" << true;
        QTest::newRow("another port") << "https://api.example.com:8443/v1" << true;
        QTest::newRow("another scheme") << "http://api.example.com/v1" << true;
        QTest::newRow("the same") << "https://api.example.com:443/v1" << false;
        QTest::newRow("relative") << "/v1" << false;
    }
    void anOperationsOwnServerIsNotTaken() {
        QFETCH(QString, server);
        QFETCH(bool, held);
        ApiOperation operation = get(QStringLiteral("/a"));
        operation.servers = {{server, {}}};
        const MatrixPlan plan = planOf(operation);
        QCOMPARE(plan.sendCount(), held ? 0 : 1);
        QCOMPARE(plan.cells.first().notSent.contains(QStringLiteral("server of its own")), held);
        QVERIFY(plan.cells.first().address().startsWith(QStringLiteral("https://api.example.com/v1/")));
    }

    /// A server beside the base is gone to where the user says so, with what reads; another path beside it is
    /// taken as it is.
    void anAllowedServer_data() {
        QTest::addColumn<QStringList>("servers");
        QTest::addColumn<QStringList>("allowed");
        QTest::addColumn<QString>("address"); // empty: held back
        const QString files = QStringLiteral("https://files.acme.com/v2/");
        const QStringList yes{QStringLiteral("https://files.acme.com")};
        QTest::newRow("not allowed") << QStringList{files} << QStringList() << QString();
        QTest::newRow("allowed") << QStringList{files} << yes
                                 << QStringLiteral("https://files.acme.com/v2/a");
        QTest::newRow("another port")
            << QStringList{QStringLiteral("https://files.acme.com:8443")} << yes << QString();
        QTest::newRow("the allowed one of two") << QStringList{QStringLiteral("https://evil.example"), files}
                                                << yes << QStringLiteral("https://files.acme.com/v2/a");
        QTest::newRow("the base's own") << QStringList{files, QStringLiteral("https://api.example.com/v3")}
                                        << yes << QStringLiteral("https://api.example.com/v3/a");
        QTest::newRow("another path") << QStringList{QStringLiteral("https://api.example.com/v2")}
                                      << QStringList() << QStringLiteral("https://api.example.com/v2/a");
        QTest::newRow("a path alone") << QStringList{QStringLiteral("/v2/")} << QStringList()
                                      << QStringLiteral("https://api.example.com/v2/a");
        QTest::newRow("without a scheme") << QStringList{QStringLiteral("//evil.example/v2")} << QStringList()
                                          << QStringLiteral("https://api.example.com/v1/a");
        QTest::newRow("a variable") << QStringList{QStringLiteral("/{{token}}")} << QStringList()
                                    << QStringLiteral("https://api.example.com/v1/a");
    }
    void anAllowedServer() {
        QFETCH(QStringList, servers);
        QFETCH(QStringList, allowed);
        QFETCH(QString, address);
        ApiDescription api;
        for (const char* method : {"GET", "POST"}) {
            ApiOperation operation = get(QStringLiteral("/a"));
            operation.method = QString::fromLatin1(method);
            for (const QString& server : servers)
                operation.servers.append({server, {}});
            operation.bodyType = QStringLiteral("application/json");
            api.operations.append(operation);
        }
        api.operations.append(get(QStringLiteral("/a/b")));
        MatrixSettings settings;
        settings.servers = allowed;
        settings.strategies = {{QStringLiteral("POST /a"), ProbeStrategy::InvalidBody}};
        PlanOptions options;
        options.baseUrl = QStringLiteral("https://api.example.com/v1");
        options.kind = EnvironmentKind::Test;
        options.allowUnsafe = true;
        MatrixProfile live;
        live.id = QStringLiteral("ada");
        const MatrixPlan plan = makePlan(api, {live}, settings, options);
        const CellPlan& read = plan.cells.first();
        const bool elsewhere = address.contains(QLatin1String("files"));
        QCOMPARE(read.notSent.isEmpty(), !address.isEmpty());
        if (!address.isEmpty()) QCOMPARE(read.address(), address);
        // The class of the environment is the base's: there nothing is changed.
        QCOMPARE(plan.cells.at(1).notSent.isEmpty(), !address.isEmpty() && !elsewhere);
        // A cell's id tells servers apart, and stays what it was beside the base.
        const QString main = cellId(QStringLiteral("GET"), QStringLiteral("/a"), QStringLiteral("main"),
                                    live.id, Binding::None);
        QCOMPARE(read.id == main, !address.isEmpty() && !elsewhere);
        // Where one may not go, nothing is shown of a credential.
        for (const CellPlan& canary : plan.canaries)
            QVERIFY(canary.address().startsWith(QStringLiteral("https://api.example.com/")));
    }

    /// What may change something is not sent where that may be production.
    void productionIsOnlyRead_data() {
        QTest::addColumn<QString>("base");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("strategy");
        QTest::addColumn<bool>("sent");
        const auto row = [](const char* name, const char* base, EnvironmentKind kind, ProbeStrategy strategy,
                            bool sent) {
            QTest::newRow(name) << QString(base) << int(kind) << int(strategy) << sent;
        };
        const char* const live = "https://api.acme.com";
        const char* const local = "http://127.0.0.1:8080";
        row("production", live, EnvironmentKind::Production, ProbeStrategy::AbsentObject, false);
        row("said to be production", local, EnvironmentKind::Production, ProbeStrategy::AbsentObject, false);
        row("not said", live, EnvironmentKind::Unset, ProbeStrategy::AbsentObject, false);
        row("not said, but local", local, EnvironmentKind::Unset, ProbeStrategy::AbsentObject, true);
        row("staging", live, EnvironmentKind::Staging, ProbeStrategy::AbsentObject, true);
        row("staging, for real", live, EnvironmentKind::Staging, ProbeStrategy::Live, false);
        row("test, for real", live, EnvironmentKind::Test, ProbeStrategy::Live, true);
    }
    void productionIsOnlyRead() {
        QFETCH(QString, base);
        QFETCH(int, kind);
        QFETCH(int, strategy);
        QFETCH(bool, sent);
        ApiOperation operation = get(QStringLiteral("/a/{id}"));
        operation.method = QStringLiteral("DELETE");
        ApiParameter id;
        id.name = QStringLiteral("id");
        id.in = QStringLiteral("path");
        id.type = QStringLiteral("integer");
        operation.parameters = {id};
        ApiDescription api;
        api.operations = {operation};
        MatrixSettings settings;
        settings.strategies.insert(QStringLiteral("DELETE /a/{id}"), ProbeStrategy(strategy));
        PlanOptions options;
        options.baseUrl = base;
        options.allowUnsafe = options.live = true;
        options.kind = EnvironmentKind(kind);
        const MatrixPlan plan = makePlan(api, {anonymousProfile()}, settings, options);
        QCOMPARE(plan.cells.size(), 1);
        QVERIFY2(plan.cells.first().notSent.isEmpty() == sent, qPrintable(plan.cells.first().notSent));
        QCOMPARE(plan.isCautious(), !sent && EnvironmentKind(kind) != EnvironmentKind::Staging);
    }

    /// The last parameter of a path names the object, in whatever order the document lists them.
    void anAbsentObjectIsTheLeaf() {
        ApiOperation operation = get(QStringLiteral("/orgs/{org}/hooks/{id}"));
        operation.method = QStringLiteral("DELETE");
        for (const char* name : {"id", "org"}) {
            ApiParameter parameter;
            parameter.in = QStringLiteral("path");
            parameter.name = QString::fromLatin1(name);
            parameter.example = QStringLiteral("real-") + parameter.name;
            operation.parameters.append(parameter);
        }
        const auto addressWith = [&](ProbeStrategy strategy, QString* notSent = nullptr) {
            ApiDescription api;
            api.operations = {operation};
            MatrixSettings settings;
            settings.strategies.insert(operationName(operation), strategy);
            PlanOptions options;
            options.baseUrl = QStringLiteral("http://127.0.0.1:8080");
            options.allowUnsafe = true;
            const MatrixPlan plan = makePlan(api, {anonymousProfile()}, settings, options);
            if (notSent) *notSent = plan.cells.first().notSent;
            return plan.cells.first().address();
        };
        const QString absent = addressWith(ProbeStrategy::AbsentObject);
        QVERIFY2(absent.startsWith(QStringLiteral("http://127.0.0.1:8080/orgs/real-org/hooks/")),
                 qPrintable(absent));
        QVERIFY(!QUuid(absent.section(u'/', -1)).isNull());
        QVERIFY(addressWith(ProbeStrategy::AbsentObject) != absent); // of nobody, and of no earlier run

        // A body that is no good keeps an operation that takes none from nothing.
        QString notSent;
        addressWith(ProbeStrategy::InvalidBody, &notSent);
        QVERIFY2(notSent.contains(QStringLiteral("takes no body")), qPrintable(notSent));
        operation.bodyType = QStringLiteral("application/json");
        addressWith(ProbeStrategy::InvalidBody, &notSent);
        QCOMPARE(notSent, QString());
    }

    /// Whatever goes out is in the count: objects made and removed, and canaries.
    void theCountIsOfAllThatIsSent() {
        ApiDescription api;
        api.security = ApiSecurity{{{QStringLiteral("token"), {}}}};
        api.schemes = {{}};
        api.schemes.first().name = QStringLiteral("token");
        api.schemes.first().type = QStringLiteral("http");
        api.schemes.first().httpScheme = QStringLiteral("bearer");
        const auto add = [&](const char* method, const QString& path) {
            ApiOperation operation = get(path);
            operation.method = QString::fromLatin1(method);
            operation.security.reset();
            if (path.contains(u'{')) {
                ApiParameter id;
                id.in = QStringLiteral("path");
                id.name = QStringLiteral("id");
                id.example = QStringLiteral("1");
                operation.parameters = {id};
            }
            api.operations.append(operation);
        };
        for (int i = 0; i < 21; ++i)
            add("GET", QStringLiteral("/r%1").arg(i));
        add("POST", QStringLiteral("/hooks"));
        add("DELETE", QStringLiteral("/hooks/{id}"));
        MatrixProfile who;
        who.id = QStringLiteral("p1");
        MatrixSettings settings;
        const QString probed = QStringLiteral("DELETE /hooks/{id}");
        settings.strategies.insert(probed, ProbeStrategy::Fixture);
        settings.fixtures.insert(
            probed, {QStringLiteral("POST /hooks"), who.id, {}, {}, QStringLiteral("GET /r0"), probed});
        PlanOptions options;
        options.baseUrl = QStringLiteral("http://127.0.0.1:8080");
        options.allowUnsafe = true;
        const MatrixPlan plan = makePlan(api, {anonymousProfile(), who}, settings, options);
        QMap<QString, int> counts;
        for (const auto& [what, count] : plan.countsByMethodAndHost())
            counts.insert(what.section(u' ', 0, 0), count);
        // 21 as each of two, a look before and after each probe, and the canary first, in between and last.
        QCOMPARE(plan.canaryCount(1), 3);
        QCOMPARE(counts.value(QStringLiteral("GET")), 42 + 2 * 2 + 3);
        QCOMPARE(counts.value(QStringLiteral("POST")), 2);
        QCOMPARE(counts.value(QStringLiteral("DELETE")), 2 + 2);
        QCOMPARE(plan.sendCount(), 44);
    }

    /// What was marked as not applicable is not asked.
    void whatDoesNotApplyIsNotSent() {
        ApiDescription api;
        api.operations = {get(QStringLiteral("/a"))};
        MatrixSettings settings;
        settings.marks = {{QStringLiteral("GET /a"), {}, {}, Expect::NotApplicable, {}}};
        PlanOptions options;
        options.baseUrl = QStringLiteral("http://127.0.0.1:8080");
        const MatrixPlan plan = makePlan(api, {anonymousProfile()}, settings, options);
        QVERIFY(!plan.cells.first().notSent.isEmpty());
    }

    /// A canary that was chosen counts, and only a safe one can be.
    void theChosenCanaryCounts() {
        ApiDescription api;
        api.security = ApiSecurity{{{QStringLiteral("token"), {}}}};
        api.schemes = {{}};
        api.schemes.first().name = QStringLiteral("token");
        api.schemes.first().type = QStringLiteral("http");
        api.schemes.first().httpScheme = QStringLiteral("bearer");
        for (const char* path : {"/first", "/second"}) {
            ApiOperation operation = get(QString::fromLatin1(path));
            operation.security.reset();
            api.operations.append(operation);
        }
        api.operations.append(api.operations.first());
        api.operations.last().method = QStringLiteral("POST");
        MatrixProfile who;
        who.id = QStringLiteral("p1");
        PlanOptions options;
        options.baseUrl = QStringLiteral("http://127.0.0.1:8080");
        const auto canaryWith = [&](const char* chosen) {
            MatrixSettings settings;
            if (chosen) settings.canaries.insert(who.id, QString::fromLatin1(chosen));
            const MatrixPlan plan = makePlan(api, {anonymousProfile(), who}, settings, options);
            return plan.canaries.size() == 1 ? plan.canaries.first().spec->name : QString();
        };
        QCOMPARE(canaryWith(nullptr), QStringLiteral("GET /first"));
        QCOMPARE(canaryWith("GET /second"), QStringLiteral("GET /second"));
        QCOMPARE(canaryWith("POST /first"), QStringLiteral("GET /first"));
        QCOMPARE(canaryWith("GET /gone"), QStringLiteral("GET /first"));
    }

    /// Forged credentials go to no production, and to nothing that may be one.
    void forgeriesAreHeldBack() {
        MatrixProfile parent;
        parent.id = QStringLiteral("p1");
        const QList<MatrixProfile> columns =
            withDerived({anonymousProfile(), parent},
                        {{QStringLiteral("d1"), QStringLiteral("Unsigned"), parent.id, TokenDefect::AlgNone},
                         {QStringLiteral("d2"), QStringLiteral("Of nobody"), QStringLiteral("gone"),
                          TokenDefect::AlgNone}});
        QCOMPARE(columns.size(), 3);
        ApiDescription api;
        api.operations = {get(QStringLiteral("/a"))};
        const std::pair<EnvironmentKind, bool> kinds[] = {{EnvironmentKind::Production, false},
                                                          {EnvironmentKind::Unset, false},
                                                          {EnvironmentKind::Staging, true},
                                                          {EnvironmentKind::Test, true}};
        for (const auto& [kind, sent] : kinds) {
            PlanOptions options;
            options.baseUrl = QStringLiteral("https://api.acme.com");
            options.kind = kind;
            const MatrixPlan plan = makePlan(api, columns, {}, options);
            QCOMPARE(plan.cells.last().notSent.isEmpty(), sent);
            QVERIFY(plan.cells.first().notSent.isEmpty());
        }
    }

    void tokensThatEndBeforeTheRunAreNamed() {
        MatrixProfile reader;
        reader.id = reader.name = QStringLiteral("Reader");
        reader.ends = {{reader.name, 1000 + 30, {}}};
        MatrixProfile renewed;
        renewed.id = renewed.name = QStringLiteral("Renewed");
        MatrixProfile stale = reader;
        stale.id = stale.name = QStringLiteral("Stale");
        stale.kind = MatrixProfile::Kind::Stale;
        MatrixPlan plan = planOf(get(QStringLiteral("/a")), {reader, renewed, stale});
        QVERIFY(plan.outlivedTokens(1000, 2, 0).isEmpty()); // a moment's run
        // A request a second, and many of them.
        while (plan.cells.size() < 100)
            plan.cells.append(plan.cells.last());
        const QStringList said = plan.outlivedTokens(1000, 1, 1);
        QCOMPARE(said.size(), 1);
        QVERIFY2(said.first().startsWith(QStringLiteral("Reader's token ends in 30 s")),
                 qPrintable(said.first()));
        QCOMPARE(plan.outlivedTokens(2000, 1, 1).first(), QStringLiteral("Reader's token has ended."));
        QVERIFY(plan.estimatedSeconds(1, 1) >= 100);
    }

    /// Removed after the plan was made: its cells are not sent as nobody.
    void aProfileThatIsGoneSendsNothing() {
        MatrixProfile profile;
        profile.id = profile.name = QStringLiteral("Reader");
        kbtest::FakeClock clock;
        kbtest::FakeTransport transport(clock);
        MatrixRun run(transport, clock, planOf(get(QStringLiteral("/a")), {profile}), {}, {}, {});
        QSignalSpy finished(&run, &MatrixRun::finished);
        run.start();
        QVERIFY(finished.count() == 1 || finished.wait(5000));
        QCOMPARE(transport.sent.size(), 0);
        QCOMPARE(run.record().results.first().seen.problem, QStringLiteral("The profile is gone."));
        QVERIFY(run.record().results.first().judged.verdict != Verdict::Pass);
    }
};

QTEST_GUILESS_MAIN(TestPlan)
#include "test_plan.moc"
