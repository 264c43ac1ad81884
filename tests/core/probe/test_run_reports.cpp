// SPDX-License-Identifier: GPL-3.0-or-later
// What counts as a finding, and that the exit code, JUnit and SARIF say the same of it; waivers; what reports
// do with texts that are not ours.
#include "core/probe/baseline.h"
#include "core/probe/report.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QUrl>
#include <QXmlStreamReader>

using namespace kb;

namespace {

constexpr qint64 today = 1764331200000; // 2025-11-28

/// Cells of a made-up API, judged as a run's are.
struct ReportBench {
    RunRecord record;
    MatrixSettings settings;
    bool strict = false;
    enum Who { Anonymous, Reader, Writer };

    ReportBench() {
        record.plan.api.file = "api.yaml";
        record.plan.profiles = {anonymousProfile(), live("Reader"), live("Writer")};
        record.health = {{"Reader", {true, true}, {}}, {"Writer", {true, true}, {}}};
    }
    static MatrixProfile live(const QString& name) {
        MatrixProfile who;
        who.id = who.name = name;
        return who;
    }
    int operation(const QString& path, const QString& method = "GET") {
        ApiOperation made;
        made.method = method;
        made.path = path;
        made.securityPlace = {"api.yaml", "/paths", 7};
        record.plan.api.operations.append(made);
        return int(record.plan.api.operations.size()) - 1;
    }
    QString cell(int operation, int who, Expect expect, int status, Binding binding = Binding::None,
                 const QString& notSent = {}) {
        CellPlan plan;
        plan.operation = operation;
        plan.profile = who;
        plan.binding = binding;
        plan.id = cellId("GET", operationName(record.plan.api.operations.at(operation)), "main",
                         record.plan.profiles.at(who).id, binding);
        plan.expectation = {expect, Provenance::Spec, "the document says so", false};
        plan.notSent = notSent;
        record.plan.cells.append(plan);
        CellResult result;
        result.cell = int(record.plan.cells.size()) - 1;
        result.seen.sent = notSent.isEmpty() && status > 0;
        result.seen.status = status;
        result.seen.bodyEmpty = false;
        result.seen.bodyDigest = QByteArray::number(record.results.size());
        result.segment = 0;
        record.results.append(result);
        return plan.id;
    }
    /// GET /a%2Fb/%1 as Reader, who may; and as nobody, who gets in all the same.
    void openDoor() {
        const int door = operation("/a%2Fb/%1");
        cell(door, Reader, Expect::Allow, 200);
        cell(door, Anonymous, Expect::DenyAuthn, 200);
    }
    void judge() {
        record.remarks.clear();
        evaluate(record, settings, today, strict);
    }
    const CellResult& last() const { return record.results.last(); }
    QJsonObject sarif() const {
        return QJsonDocument::fromJson(sarifReport(record)).object()["runs"].toArray().first().toObject();
    }
    QJsonArray results() const { return sarif()["results"].toArray(); }
    QStringList ruleIds() const {
        QStringList all;
        for (const QJsonValue& each : results())
            all.append(each.toObject()["ruleId"].toString());
        return all;
    }
    /// "bypass GET /x as Reader: message" of each such element; `announced` gets what the suites say there
    /// are.
    QStringList junit(const QString& element, int* announced = nullptr) const {
        QStringList all;
        QString name;
        QXmlStreamReader xml(junitReport(record));
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement) continue;
            const auto attribute = [&](const char* key) {
                return xml.attributes().value(QLatin1String(key)).toString();
            };
            if (xml.name() == QLatin1String("testsuite") && announced)
                *announced += attribute(element == QLatin1String("failure") ? "failures" : "skipped").toInt();
            if (xml.name() == QLatin1String("testcase")) name = attribute("name");
            if (xml.name() == element)
                all.append(QString(QString(attribute("type") + u' ' + name).trimmed() + ": " +
                                   attribute("message")));
        }
        return all;
    }
    /// That the three agree.
    void agree(int findings) const {
        QCOMPARE(record.findings(), findings);
        int announced = 0;
        QCOMPARE(int(junit("failure", &announced).size()), findings);
        QCOMPARE(announced, findings);
        int unsuppressed = 0;
        for (const QJsonValue& each : results())
            unsuppressed += !each.toObject().contains("suppressions");
        QCOMPARE(unsuppressed, findings);
    }
};

} // namespace

class TestRunReports : public QObject {
    Q_OBJECT
    static QStringList ids(const QJsonValue& relationships) {
        QStringList all;
        for (const QJsonValue& each : relationships.toArray())
            all.append(each["target"]["toolComponent"]["name"].toString() + u' ' +
                       each["target"]["id"].toString());
        return all;
    }

private Q_SLOTS:
    void whatFailsIsTheSameEverywhere_data() {
        QTest::addColumn<QStringList>("failOn");
        QTest::addColumn<QStringList>("types");
        QTest::newRow("default") << defaultFailOn() << QStringList{"bypass", "undecided"};
        QTest::newRow("bypass") << QStringList{"bypass"} << QStringList{"bypass"};
        QTest::newRow("undecided") << QStringList{"undecided"} << QStringList{"undecided"};
        QTest::newRow("advisory") << QStringList{"advisory"} << QStringList{"advisory"};
        QTest::newRow("drift") << QStringList{"drift"} << QStringList{"drift"};
        QTest::newRow("not proven") << QStringList{"not-proven"} << QStringList{"not-proven"};
        QTest::newRow("all") << QStringList{"bypass", "undecided", "advisory", "drift", "not-proven"}
                             << QStringList{"bypass", "undecided", "advisory", "not-proven"};
        QTest::newRow("nothing") << QStringList{"error"} << QStringList();
    }
    void whatFailsIsTheSameEverywhere() {
        QFETCH(QStringList, failOn);
        QFETCH(QStringList, types);
        ReportBench bench;
        bench.openDoor();
        const int other = bench.operation("/other");
        bench.cell(other, ReportBench::Reader, Expect::Allow, 200);
        bench.cell(other, ReportBench::Writer, Expect::Unknown, 200);
        bench.cell(other, ReportBench::Anonymous, Expect::DenyAuthn, 403); // a pass with a remark
        const int busy = bench.operation("/busy");
        bench.cell(busy, ReportBench::Reader, Expect::Allow, 429);
        bench.operation("/kept", "POST"); // held back on purpose: it has no verdict that counts
        bench.cell(3, ReportBench::Reader, Expect::Allow, 0, Binding::None, "POST can change something");
        bench.judge();
        Baseline before = baselineOf(bench.record);
        before.cells[bench.record.plan.cells.at(1).id].outcome = "denied-authn";
        compareWithBaseline(bench.record, before, true);
        bench.record.failOn = failOn;
        bench.agree(int(types.size()));
        QStringList seen;
        for (const QString& each : bench.junit("failure"))
            seen.append(each.section(u' ', 0, 0));
        seen.sort();
        types.sort();
        QCOMPARE(seen, types);
        QStringList rules = bench.ruleIds();
        rules.replaceInStrings("missing-authentication", "bypass");
        rules.sort();
        QCOMPARE(rules, types);
        // What neither passed nor counts is skipped, and says why.
        int skipped = 0;
        const QStringList said = bench.junit("skipped", &skipped);
        QCOMPARE(int(said.size()), skipped);
        QVERIFY(said.contains("GET /busy as Reader: The server throttled it.") !=
                types.contains("not-proven"));
        if (failOn == QStringList{"error"})
            QVERIFY2(said.join(u'\n').contains("bypass, which does not count"), qPrintable(said.join(u'\n')));
    }

    void whatIsGoneIsSaid() {
        ReportBench bench;
        bench.openDoor();
        bench.judge();
        ReportBench less;
        less.operation("/new");
        less.cell(0, ReportBench::Reader, Expect::Allow, 200);
        less.judge();
        compareWithBaseline(less.record, baselineOf(bench.record), true);
        QCOMPARE(less.record.gone.size(), 2);
        less.record.failOn = {"drift"};
        less.agree(3);
        QVERIFY2(less.junit("failure").contains("drift GET /a%2Fb/%1 as Reader: It is gone."),
                 qPrintable(less.junit("failure").join(u'\n')));
        QMap<QString, int> states;
        for (const QJsonValue& each : less.results())
            ++states[each.toObject()["baselineState"].toString()];
        QCOMPARE(states, (QMap<QString, int>{{"absent", 2}, {"new", 1}}));
        less.record.failOn = defaultFailOn();
        less.agree(1); // a new operation is to be decided
        QCOMPARE(less.junit("failure"),
                 QStringList{"undecided GET /new as Reader: The baseline does not know this operation."});
        QCOMPARE(less.results().first().toObject()["message"].toObject()["text"].toString(),
                 "GET /new as Reader: The baseline does not know this operation.");
        QCOMPARE(less.junit("skipped").size(), 2);
        const QByteArray json = reportOf("json", less.record);
        QCOMPARE(QJsonDocument::fromJson(json).object()["gone"].toArray().size(), 2);
        QVERIFY(htmlReport(less.record).contains("gone since the baseline"));
    }

    void theStateOfAFinding() {
        ReportBench bench;
        bench.openDoor();
        bench.judge();
        Baseline before = baselineOf(bench.record);
        const auto state = [&] {
            compareWithBaseline(bench.record, before, true);
            return bench.results().first().toObject()["baselineState"].toString();
        };
        QCOMPARE(state(), "unchanged");
        before.cells[bench.record.plan.cells.at(1).id].status = 204;
        QCOMPARE(state(), "updated");
        before.cells[bench.record.plan.cells.at(1).id].verdict = "pass";
        QCOMPARE(state(), "new"); // the cell was known, the finding was not
    }

    void waivers_data() {
        QTest::addColumn<MatrixWaiver>("waiver");
        QTest::addColumn<bool>("used");
        QTest::addColumn<QString>("remark");
        ReportBench bench;
        bench.openDoor();
        const QString id = bench.record.plan.cells.at(1).id;
        const QString finding = "missing-authentication GET /a%2Fb/%1";
        QTest::newRow("cell") << MatrixWaiver{id, "mended soon", "ada", "2030-01-31"} << true << "";
        QTest::newRow("last day") << MatrixWaiver{id, "mended soon", {}, "2025-11-28"} << true << "";
        QTest::newRow("expired") << MatrixWaiver{id, "mended soon", {}, "2025-11-27"} << false
                                 << "ran out on 2025-11-27";
        QTest::newRow("no date") << MatrixWaiver{id, "mended soon", {}, "31.01.2030"} << false
                                 << "\"31.01.2030\" is no date";
        QTest::newRow("no end") << MatrixWaiver{id, "mended soon", {}, {}} << true << "has no end";
        QTest::newRow("no such cell")
            << MatrixWaiver{"0123", "mended soon", {}, "2030-01-31"} << false << "0123 fits no cell";
        QTest::newRow("finding") << MatrixWaiver{{}, "mended soon", "ada", "2030-01-31", finding} << true
                                 << "";
        QTest::newRow("no such finding") << MatrixWaiver{{}, "mended soon", {}, "2030-01-31", "bola GET /x"}
                                         << false << "bola GET /x fits no finding";
    }
    void waivers() {
        QFETCH(MatrixWaiver, waiver);
        QFETCH(bool, used);
        QFETCH(QString, remark);
        ReportBench bench;
        bench.openDoor();
        bench.settings.waivers = {waiver};
        bench.judge();
        bench.agree(used ? 0 : 1);
        const QString said = bench.record.remarks.join(u'\n');
        // The row that lets nobody in and turns nobody away has no remark of its own.
        QVERIFY2(remark.isEmpty() ? said.isEmpty() : said.contains(remark), qPrintable(said));
        QCOMPARE(bench.results().size(), 1);
        const QJsonObject result = bench.results().first().toObject();
        QCOMPARE(result.contains("suppressions"), used);
        if (used) {
            const QJsonObject suppression = result["suppressions"].toArray().first().toObject();
            QCOMPARE(suppression["kind"].toString(), "external");
            QVERIFY(suppression["justification"].toString().startsWith("mended soon"));
            if (!waiver.author.isEmpty())
                QCOMPARE(suppression["justification"].toString(), "mended soon (ada, until 2030-01-31)");
            QCOMPARE(bench.junit("skipped").size(), 1);
            QVERIFY(bench.junit("skipped").first().contains("waived: mended soon"));
            QVERIFY(htmlReport(bench.record).contains("waived: mended soon"));
        }
        QCOMPARE(markdownReport(bench.record).contains("waived: mended soon"), used);
        // Where it is taken back, the finding counts again.
        bench.settings.waivers.clear();
        bench.judge();
        bench.agree(1);
    }

    /// What a part of the matrix does not hold may be in the rest.
    void waiversOfWhatWasNotAskedFor() {
        ReportBench bench;
        bench.openDoor();
        bench.record.plan.narrowed = true;
        bench.settings.waivers = {{"0123", "mended soon", {}, "2030-01-31"}};
        bench.judge();
        QVERIFY(bench.record.remarks.isEmpty());
    }

    void rulesPointIntoTheTaxonomies() {
        ReportBench bench;
        bench.openDoor();
        bench.judge();
        const QJsonObject run = bench.sarif();
        const QJsonArray taxonomies = run["taxonomies"].toArray();
        QMap<QString, QStringList> related;
        for (const QJsonValue& rule : run["tool"]["driver"]["rules"].toArray()) {
            related.insert(rule["id"].toString(), ids(rule["relationships"]));
            for (const QJsonValue& each : rule["relationships"].toArray()) {
                const QJsonValue target = each["target"];
                const QJsonValue component = taxonomies.at(target["toolComponent"]["index"].toInt());
                QCOMPARE(component["name"], target["toolComponent"]["name"]);
                QCOMPARE(component["taxa"].toArray().at(target["index"].toInt())["id"], target["id"]);
            }
        }
        const QString ten = "OWASP API Security Top 10 ";
        QCOMPARE(related["bola"], (QStringList{"CWE 639", ten + "API1:2023"}));
        QCOMPARE(related["bfla"], (QStringList{"CWE 285", "CWE 862", ten + "API5:2023"}));
        QCOMPARE(related["missing-authentication"], (QStringList{"CWE 306", ten + "API2:2023"}));
        QCOMPARE(related["forged-credential"], (QStringList{"CWE 347", "CWE 287", ten + "API2:2023"}));
        QCOMPARE(related["broken-token-validation"], (QStringList{"CWE 613", "CWE 287", ten + "API2:2023"}));
        QCOMPARE(related["existence-oracle"], (QStringList{"CWE 204", ten + "API1:2023"}));
        QCOMPARE(run["tool"]["driver"]["supportedTaxonomies"].toArray().size(), 2);
    }

    /// A rule for each hole, by who went through it.
    void eachKindOfHoleHasItsRule() {
        ReportBench bench;
        MatrixProfile stale = ReportBench::live("Stale");
        stale.kind = MatrixProfile::Kind::Stale;
        stale.stale = "expired";
        MatrixProfile forged = ReportBench::live("Forged");
        forged.kind = MatrixProfile::Kind::Derived;
        forged.parent = "Reader";
        forged.stale = "unsigned";
        bench.record.plan.profiles += {stale, forged};
        const auto hole = [&](const QString& path, int who, Expect expect, Binding binding) {
            const int at = bench.operation(path);
            bench.cell(at, ReportBench::Reader, Expect::Allow, 200, Binding::Self);
            bench.cell(at, who, expect, 200, binding);
        };
        hole("/1", ReportBench::Anonymous, Expect::DenyAuthn, Binding::None);
        hole("/2", 3, Expect::DenyAuthn, Binding::None);
        hole("/3", 4, Expect::DenyAuthn, Binding::None);
        hole("/4", ReportBench::Writer, Expect::DenyAuthn, Binding::None);
        hole("/5", ReportBench::Writer, Expect::Conceal, Binding::Peer);
        hole("/6", ReportBench::Writer, Expect::DenyAuthz, Binding::None);
        const int oracle = bench.operation("/7");
        bench.cell(oracle, ReportBench::Reader, Expect::Allow, 200, Binding::Self);
        bench.cell(oracle, ReportBench::Reader, Expect::Conceal, 403, Binding::Peer);
        bench.cell(oracle, ReportBench::Reader, Expect::Conceal, 404, Binding::Absent);
        bench.judge();
        QCOMPARE(bench.ruleIds(),
                 (QStringList{"missing-authentication", "broken-token-validation", "forged-credential",
                              "broken-authentication", "bola", "bfla", "existence-oracle"}));
        const QJsonObject run = bench.sarif();
        const QJsonArray rules = run["tool"]["driver"]["rules"].toArray();
        for (const QJsonValue& each : bench.results())
            QCOMPARE(rules.at(each["ruleIndex"].toInt())["id"], each["ruleId"]);
    }

    /// In the strict mode a denial of the wrong kind is a finding: of a door that is shut.
    void aWrongStatusCodeTurnsNobodyAway() {
        ReportBench bench;
        bench.strict = true;
        const int at = bench.operation("/x");
        bench.cell(at, ReportBench::Reader, Expect::Allow, 200);
        bench.cell(at, ReportBench::Anonymous, Expect::DenyAuthn, 403);
        bench.judge();
        bench.agree(1);
        QCOMPARE(bench.record.defects.size(), 1);
        QCOMPARE(bench.record.defects.first().rule, "wrong-status-code");
        QCOMPARE(bench.record.defects.first().title, "The denial has the wrong status code");
        QCOMPARE(bench.ruleIds(), QStringList{"wrong-status-code"});
        QVERIFY(bench.junit("failure").first().startsWith("wrong-status-code GET /x as anonymous"));
        QVERIFY(bench.results().first()["message"]["text"].toString().contains("wrong status code"));
        const QByteArray html = htmlReport(bench.record);
        QVERIFY(html.contains("The denial has the wrong status code") && html.contains("wrong-status-code"));
        QVERIFY(!html.contains("turned away"));
        bench.strict = false;
        bench.judge();
        bench.agree(0);
    }

    /// What a path holds is no place for the next value of a sentence.
    void aPathIsTakenAsItIs() {
        ReportBench bench;
        bench.openDoor();
        bench.record.plan.profiles[0].name = "who %3";
        bench.judge();
        QCOMPARE(bench.results().first()["message"]["text"].toString(),
                 "GET /a%2Fb/%1 as who %3: No credential is needed where one should be. Expected deny-authn, "
                 "got 200. the document says so");
        QVERIFY(bench.junit("failure").first().startsWith("bypass GET /a%2Fb/%1 as who %3"));
        QVERIFY(htmlReport(bench.record).contains("GET /a%2Fb/%1 as who %3: 200"));
        QVERIFY(markdownReport(bench.record).contains("| `GET /a%2Fb/%1` | who %3 | 200 |"));
        QVERIFY(csvReport(bench.record).contains("\"/a%2Fb/%1\",\"none\",\"who %3\""));
    }

    void aPlaceIsARelativeReference_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("uri");
        QTest::newRow("plain") << "api/open.yaml"
                               << "api/open.yaml";
        QTest::newRow("here") << "./open.yaml"
                              << "open.yaml";
        QTest::newRow("absolute, within") << "/home/repo/api/open.yaml"
                                          << "api/open.yaml";
        QTest::newRow("absolute, elsewhere") << "/etc/open.yaml"
                                             << "etc/open.yaml";
        QTest::newRow("spaces") << "my api/open %1#2?.yaml"
                                << "my%20api/open%20%251%232%3F.yaml";
        QTest::newRow("backslashes") << "api\\v1\\open.yaml"
                                     << "api/v1/open.yaml";
        QTest::newRow("drive") << "C:\\a b\\open.yaml"
                               << "C%3A/a%20b/open.yaml";
        QTest::newRow("letters") << QString::fromUtf8("ä.yaml") << "%C3%A4.yaml";
        QTest::newRow("address") << "https://api.example:8443/a%20b/openapi.json"
                                 << "a%20b/openapi.json";
    }
    void aPlaceIsARelativeReference() {
        QFETCH(QString, file);
        QTEST(sarifUri(file, "/home/repo"), "uri");
        const QUrl url(sarifUri(file, "/home/repo"), QUrl::StrictMode);
        QVERIFY(url.isValid() && url.isRelative() && url.host().isEmpty() && !url.path().startsWith(u'/'));
    }

    /// A spreadsheet takes a text that begins so for a formula.
    void noFieldIsAFormula() {
        ReportBench bench;
        for (const char* name : {"=1+1", "+1", "-1", "@x", "\tx", "say \"x\""}) {
            bench.record.plan.profiles[1].name = QString::fromLatin1(name);
            bench.record.plan.cells.clear();
            bench.record.results.clear();
            bench.record.plan.api.operations.clear();
            bench.cell(bench.operation("/x"), ReportBench::Reader, Expect::Allow, 200);
            bench.judge();
            const QByteArray csv = csvReport(bench.record);
            QByteArray expected = name;
            expected.replace('"', "\"\"");
            if (!expected.startsWith('s')) expected.prepend('\'');
            QVERIFY2(csv.contains(QByteArray(",\"" + expected + "\",")), csv.constData());
        }
    }

    void thePageTellsWhatItHoldsFor() {
        ReportBench bench;
        bench.openDoor();
        bench.cell(0, ReportBench::Writer, Expect::Allow, 429);
        bench.record.plan.baseUrl = "https://api.example.com/v1";
        bench.record.plan.kind = EnvironmentKind::Staging;
        bench.record.plan.api.specification = "3.1.0";
        bench.record.startedMs = today;
        bench.record.endedMs = today + 90000;
        bench.record.conditions = {"Stage", 2, 5, false};
        bench.judge();
        const QByteArray html = htmlReport(bench.record);
        for (const char* said : {"https://api.example.com/v1", "Stage", "staging", "2025-11-28T12:00:00Z",
                                 "2025-11-28T12:01:30Z", "5 a second, 2 at once", "OpenAPI 3.1.0",
                                 "Keybearer ", "What was not proven", "1 × The server throttled it."})
            QVERIFY2(html.contains(said), said);
        const qsizetype unproven = html.indexOf("What was not proven");
        QVERIFY(html.indexOf("GET /a%2Fb/%1 as Writer", unproven) > unproven);
    }

    /// Who has no secret at hand would have been asked: that nothing is known of it is not clean.
    void whoHasNoSecretIsNotProven() {
        ReportBench bench;
        bench.openDoor();
        bench.record.results.removeLast();
        bench.record.plan.cells.removeLast();
        bench.record.plan.profiles[2].problem = "The profile Writer stores no secret.";
        bench.cell(0, ReportBench::Writer, Expect::Unknown, 0, Binding::None,
                   "The profile Writer stores no secret.");
        bench.judge();
        QCOMPARE(bench.last().judged.verdict, Verdict::NotProven);
        QCOMPARE(bench.last().judged.reason, "The profile Writer stores no secret.");
        QCOMPARE(bench.record.decided, 2);
        QVERIFY(bench.record.isInconclusive());
        QVERIFY(bench.junit("skipped").first().contains("stores no secret"));
        bench.record.failOn = {"not-proven"};
        bench.agree(1);
    }
};

QTEST_APPLESS_MAIN(TestRunReports)
#include "test_run_reports.moc"
