// SPDX-License-Identifier: GPL-3.0-or-later
// What a run tells beside its cells: causes, and remarks on marks and on how credentials travel.
#include "core/probe/report.h"
#include "tests/core/probe/safety_bench.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <QFile>

using namespace kbtest;

namespace {

/// What of a value does not fit a schema, by the few words that ours uses. What it does not name is a fault,
/// too: the schema has to tell of every member.
QStringList unlikeSchema(const QJsonValue& value, const QJsonObject& schema, const QString& at) {
    static const QMap<QString, QList<QJsonValue::Type>> types{
        {QStringLiteral("object"), {QJsonValue::Object}}, {QStringLiteral("array"), {QJsonValue::Array}},
        {QStringLiteral("string"), {QJsonValue::String}}, {QStringLiteral("integer"), {QJsonValue::Double}},
        {QStringLiteral("number"), {QJsonValue::Double}}, {QStringLiteral("boolean"), {QJsonValue::Bool}}};
    const auto of = [&](const char* word) { return schema[QLatin1String(word)]; };
    QStringList faults;
    if (const QString type = of("type").toString(); !type.isEmpty() && !types[type].contains(value.type()))
        return {at + QStringLiteral(" is no ") + type};
    if (of("enum").isArray() && !of("enum").toArray().contains(value))
        faults.append(at + QStringLiteral(" is ") + value.toString());
    if (!of("const").isUndefined() && of("const") != value) faults.append(at + QStringLiteral(" is another"));
    for (const QJsonValue& name : of("required").toArray())
        if (!value.toObject().contains(name.toString()))
            faults.append(at + QStringLiteral(" lacks ") + name.toString());
    const QJsonObject object = value.toObject(), members = of("properties").toObject();
    for (auto each = object.begin(); each != object.end(); ++each) {
        const QString place = at + u'/' + each.key();
        if (members.contains(each.key()))
            faults += unlikeSchema(each.value(), members[each.key()].toObject(), place);
        else if (of("additionalProperties").isObject())
            faults += unlikeSchema(each.value(), of("additionalProperties").toObject(), place);
        else
            faults.append(place + QStringLiteral(" is not described"));
    }
    for (const QJsonValue& item : value.toArray())
        faults += unlikeSchema(item, of("items").toObject(), at + QStringLiteral("/*"));
    faults.removeDuplicates();
    return faults;
}

} // namespace

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

    /// What of a run is worth little, in numbers and names.
    void howTheRunWas() {
        SafetyBench bench;
        bench.operation("GET", "/me");
        bench.operation("GET", "/busy");
        bench.operation("GET", "/lost");
        bench.options.retries = 0;
        bench.profiles[1].fingerprint = QStringLiteral("a1b2");
        bench.transport.failAt = "/lost";
        bench.transport.api = [](const Request& request) {
            if (request.url.path() == "/busy") return json(whoOf(request).isEmpty() ? 401 : 429);
            return json(whoOf(request).isEmpty() ? 401 : 200);
        };
        const RunRecord record = bench.go();
        QCOMPARE(record.shares().sent, 6);
        QCOMPARE(record.shares().unreachable, 2);
        QCOMPARE(record.shares().throttled, 1);
        QCOMPARE(record.namesOfRowsWithoutControl(),
                 (QStringList{QStringLiteral("GET /busy"), QStringLiteral("GET /lost")}));
        const QJsonObject health = QJsonDocument::fromJson(reportOf(QStringLiteral("json"), record))
                                       .object()[QStringLiteral("health")]
                                       .toObject();
        QCOMPARE(health[QStringLiteral("sent")].toInt(), 6);
        QCOMPARE(health[QStringLiteral("unreachable")].toInt(), 2);
        QCOMPARE(health[QStringLiteral("throttled")].toInt(), 1);
        QCOMPARE(health[QStringLiteral("rows_without_control")].toArray().size(), 2);
        QCOMPARE(
            health[QStringLiteral("profiles")].toArray().first()[QStringLiteral("fingerprint")].toString(),
            QStringLiteral("a1b2"));
        const QByteArray html = reportOf(QStringLiteral("html"), record);
        for (const char* part : {"2 of 6 requests got no answer", "1 of 6 requests were throttled",
                                 "Nobody who may got through: GET /busy, GET /lost."})
            QVERIFY2(html.contains(part), part);
    }

    /// The JSON report is just what docs/schema says, of a run that came to its end and of one that did not.
    void theReportFitsItsSchema() {
        QFile file(QStringLiteral(KB_TEST_DATA "/../../docs/schema/matrix-run.schema.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject schema = QJsonDocument::fromJson(file.readAll()).object();
        QVERIFY(!schema.isEmpty());
        SafetyBench bench;
        bench.addClient();
        bench.operation("GET", "/me");
        bench.operation("POST", "/me");
        bench.operation("GET", "/admin").security =
            ApiSecurity{{{QStringLiteral("token"), {QStringLiteral("admin")}}}};
        bench.transport.api = [](const Request& request) {
            return json(whoOf(request).isEmpty() ? 401 : 200, "{\"a\":1}", {{"Retry-After", "1"}});
        };
        RunRecord record = bench.go();
        QVERIFY(!record.defects.isEmpty());
        GoneCell gone;
        gone.id = QStringLiteral("0123456789abcdef");
        record.gone = {gone};
        record.results.first().run = 1;
        record.results.last().epoch = 2;
        for (const bool stopped : {false, true}) {
            record.stopped = stopped;
            const QJsonDocument report = QJsonDocument::fromJson(reportOf(QStringLiteral("json"), record));
            const QStringList faults = unlikeSchema(report.object(), schema, {});
            QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
        }
        QJsonObject spoilt = QJsonDocument::fromJson(reportOf(QStringLiteral("json"), record)).object();
        spoilt.remove(QStringLiteral("run_id"));
        spoilt.insert(QStringLiteral("more"), 1);
        spoilt.insert(QStringLiteral("strict"), QStringLiteral("yes"));
        QCOMPARE(unlikeSchema(spoilt, schema, {}).size(), 3);
    }

    /// A list of thousands has few members' names: those of the last item are seen, too.
    void membersOfTheLastItem() {
        SafetyBench bench;
        bench.operation("GET", "/me");
        QByteArray list = "[";
        for (int i = 0; i < 3000; ++i)
            list += "{\"name\":1},";
        list += "{\"name\":1,\"ssn\":2}]";
        bench.transport.api = [list](const Request& request) {
            return whoOf(request).isEmpty() ? json(401) : json(200, list);
        };
        FieldRule rule;
        rule.fields = {QStringLiteral("ssn")};
        bench.settings.fields = {rule};
        const RunRecord record = bench.go();
        const CellResult& cell = SafetyBench::cell(record, "ada", "GET /me");
        QCOMPARE(cell.seen.bodyShape, (QStringList{QStringLiteral("/*/name"), QStringLiteral("/*/ssn")}));
        QCOMPARE(cell.rule, QStringLiteral("property-leak"));
    }

    void twoThatShareAGrant() {
        SafetyBench bench;
        bench.addClient();
        bench.operation("GET", "/me");
        bench.transport.api = [](const Request& request) {
            return json(whoOf(request).isEmpty() ? 401 : 200);
        };
        const QString shared =
            QStringLiteral("svc, twin share one grant: whoever renews it ends the others' token.");
        QVERIFY(!bench.go().remarks.contains(shared));
        MatrixProfile twin = bench.profiles.last();
        twin.id = twin.name = QStringLiteral("twin");
        bench.profiles.append(twin);
        Sender sender = bench.senders.value(QStringLiteral("svc"));
        sender.profile.id = sender.profile.name = twin.id;
        bench.senders.insert(twin.id, sender);
        const QStringList remarks = bench.go().remarks;
        QCOMPARE(remarks.count(shared), 1);
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
