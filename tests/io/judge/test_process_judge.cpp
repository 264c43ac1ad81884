// SPDX-License-Identifier: GPL-3.0-or-later
// The helper program that runs jq filters and JSON Schemas, as it is started by everyone who asks it.
#include "core/base/json.h"
#include "io/judge/process_judge.h"

#include <QtTest>

using namespace kb;

#ifndef KB_JUDGE
#define KB_JUDGE "" // built without its libraries: these tests fail and say so
#endif

class TestProcessJudge : public QObject {
    Q_OBJECT

    static QList<BodyVerdict> ask(const QByteArray& body, const QList<BodyQuestion>& questions,
                                  int limitMs = 20000) {
        ProcessJudge judge(QStringLiteral(KB_JUDGE), limitMs);
        QList<BodyVerdict> got;
        bool done = false;
        const HandlePtr handle = judge.ask(body, questions, [&](QList<BodyVerdict> verdicts) {
            got = std::move(verdicts);
            done = true;
        });
        if (done) qWarning("it answered inside the call");
        if (!QTest::qWaitFor([&] { return done; }, 60000)) qWarning("no answer");
        return got;
    }
    static BodyVerdict filter(const QByteArray& body, const QByteArray& text, int limitMs = 20000) {
        return ask(body, {{BodyQuestion::Kind::Jq, text}}, limitMs).value(0);
    }
    static BodyVerdict schema(const QByteArray& body, const QByteArray& text) {
        return ask(body, {{BodyQuestion::Kind::Schema, text}}).value(0);
    }

private Q_SLOTS:
    void filters_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<QByteArray>>("values");
        using List = QList<QByteArray>;
        const auto row = [](const char* name, const char* body, const char* text, const List& values) {
            QTest::newRow(name) << QByteArray(body) << QByteArray(text) << values;
        };
        row("count", "{\"users\":[1,2,3]}", ".users | length", {"3"});
        row("several", "[1,\"a\",null]", ".[]", {"1", "\"a\"", "null"});
        row("none", "[]", ".[]", {});
        row("missing", "{}", ".a.b", {"null"});
        row("large whole number", "{\"id\":12345678901234567890123}", ".id", {"\"12345678901234567890123\""});
        row("just beyond 2^53", "[9007199254740992,9007199254740993,-9007199254740993]", ".[]",
            {"9007199254740992", "\"9007199254740993\"", "\"-9007199254740993\""});
        row("digits in a text stay", "{\"a\":\"x\\\"12345678901234567890\"}", ".a",
            {"\"x\\\"12345678901234567890\""});
        row("no environment", "null", "$ENV | length", {"0"});
        row("no environment by env", "null", "env | length", {"0"});
        row("no more input", "1", "[.,(try input catch \"none\")]", {"[1,\"none\"]"});
        row("reckoning with a large number", "{\"b\":-9007199254740993}", ".b >= 0", {"false"});
        row("debug", "[1]", ".[0] | debug | . + 1", {"2"});
        row("no file name", "1", "[input_filename]", {"[null]"});
        row("halt", "1", "., halt, 2", {"1"});
        row("a comment before it", "1", "# hello\n.", {"1"});
    }
    void filters() {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, text);
        QFETCH(QList<QByteArray>, values);
        qputenv("KEYBEARER_SECRET_CANARY", "must-not-be-seen");
        const BodyVerdict verdict = filter(body, text);
        qunsetenv("KEYBEARER_SECRET_CANARY");
        QCOMPARE(verdict.problem, QString());
        QCOMPARE(verdict.values, values);
    }

    void whatDoesNotWorkIsSaid_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("syntax") << QByteArray("1") << QByteArray(".[") << "cannot be read";
        QTest::newRow("failure") << QByteArray("[]") << QByteArray(".a") << "Cannot index array";
        QTest::newRow("own error") << QByteArray("1") << QByteArray("error({a:1})") << "{\"a\":1}";
        QTest::newRow("no json") << QByteArray("<html>") << QByteArray(".") << "no JSON";
        QTest::newRow("empty body") << QByteArray() << QByteArray(".") << "no JSON";
        QTest::newRow("module") << QByteArray("1") << QByteArray(" include \"a\"; .") << "modules";
        QTest::newRow("module behind a comment")
            << QByteArray("1") << QByteArray("#\nimport \"a\" as a {search:\"/etc\"}; .") << "modules";
        QTest::newRow("data module") << QByteArray("1") << QByteArray("import \"a\" as $a; .") << "modules";
        QTest::newRow("too much") << QByteArray("1") << QByteArray("range(100000)") << "1000 values";
    }
    void whatDoesNotWorkIsSaid() {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        const BodyVerdict verdict = filter(body, text);
        QVERIFY(verdict.values.isEmpty());
        QVERIFY2(verdict.problem.contains(said), qPrintable(verdict.problem));
    }

    void aFilterWithoutAnEndIsStopped() {
        const QList<BodyVerdict> verdicts = ask("1",
                                                {{BodyQuestion::Kind::Jq, ". + 1"},
                                                 {BodyQuestion::Kind::Jq, "last(repeat(.))"},
                                                 {BodyQuestion::Kind::Jq, "."}},
                                                1500);
        QCOMPARE(verdicts.size(), 3);
        QCOMPARE(verdicts.at(0).values, QList<QByteArray>{"2"});
        QVERIFY2(verdicts.at(1).problem.contains("too long"), qPrintable(verdicts.at(1).problem));
        QVERIFY2(verdicts.at(2).problem.contains("not reached"), qPrintable(verdicts.at(2).problem));
    }

    void theHandleMeansSilence() {
        ProcessJudge judge(QStringLiteral(KB_JUDGE));
        bool called = false;
        HandlePtr handle = judge.ask("1", {{BodyQuestion::Kind::Jq, "."}},
                                     [&](const QList<BodyVerdict>&) { called = true; });
        handle.reset();
        QTest::qWait(200);
        QVERIFY(!called);
    }

    void aMissingProgramIsSaid() {
        ProcessJudge judge(QStringLiteral("/nowhere/keybearer-judge"));
        QList<BodyVerdict> got;
        const HandlePtr handle =
            judge.ask("1", {{BodyQuestion::Kind::Jq, "."}, {BodyQuestion::Kind::Schema, "{}"}},
                      [&](QList<BodyVerdict> verdicts) { got = std::move(verdicts); });
        QVERIFY(got.isEmpty());
        QTRY_COMPARE(got.size(), 2);
        QVERIFY2(got.at(0).problem.contains("could not be started"), qPrintable(got.at(0).problem));
    }

    void aLargeBodyArrives() {
        QByteArray body = "[";
        for (int i = 0; i < 200000; ++i)
            body += QByteArray::number(i) + ",";
        body += "0]";
        QCOMPARE(filter(body, "length").values, QList<QByteArray>{"200001"});
    }

    void faultsNameTheirPlace() {
        const BodyVerdict verdict = schema("{\"users\":[{\"id\":1},{\"id\":\"x\"}]}",
                                           "{\"properties\":{\"users\":{\"items\":{\"required\":[\"id\"],"
                                           "\"properties\":{\"id\":{\"type\":\"integer\"}}}}}}");
        QCOMPARE(verdict.problem, QString());
        const QString all = verdict.faults.join(u'\n');
        QVERIFY2(all.contains("/users/1/id"), qPrintable(all));
    }

    void schemasOfOtherDraftsAreRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("2020-12") << QByteArray(
                                        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}")
                                 << "2020-12";
        QTest::newRow("a later word")
            << QByteArray("{\"properties\":{\"a\":{\"prefixItems\":[{}]}}}") << "prefixItems";
        QTest::newRow("in a list") << QByteArray("{\"allOf\":[{\"unevaluatedProperties\":false}]}")
                                   << "unevaluatedProperties";
        QTest::newRow("no json") << QByteArray("{") << "cannot be used";
        QTest::newRow("elsewhere") << QByteArray("{\"$ref\":\"https://example.com/a.json\"}")
                                   << "cannot be used";
    }
    void schemasOfOtherDraftsAreRefused() {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        const BodyVerdict verdict = schema("{}", text);
        QVERIFY(verdict.faults.isEmpty());
        QVERIFY2(verdict.problem.contains(said), qPrintable(verdict.problem));
    }

    void namesThatLookLikeLaterWordsAreNames() {
        QCOMPARE(schema("{\"prefixItems\":1}", "{\"properties\":{\"prefixItems\":{\"type\":\"integer\"}}}")
                     .problem,
                 QString());
        QCOMPARE(schema("1", "{\"enum\":[{\"minContains\":1},1]}").problem, QString());
    }

    // The official tests of JSON Schema, draft 7, as the system's package has them.
    void officialSchemaTests_data() {
        QTest::addColumn<QString>("file");
        const QDir folder(QStringLiteral("/usr/share/json-schema-test-suite/tests/draft7"));
        QVERIFY2(folder.exists(), "the package json-schema-test-suite is not installed");
        for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }
    void officialSchemaTests() {
        QFETCH(QString, file);
        QFile text(file);
        QVERIFY(text.open(QIODevice::ReadOnly));
        const Result<JsonValue> cases = parseJson(text.readAll());
        QVERIFY(cases);
        int asked = 0;
        for (const JsonValue& group : cases->items) {
            const QByteArray schemaText = writeJson(*group.find(u"schema"));
            for (const JsonValue& each : group.find(u"tests")->items) {
                const BodyVerdict verdict = schema(writeJson(*each.find(u"data")), schemaText);
                const bool valid = each.find(u"valid")->boolean;
                const QString name = QFileInfo(file).baseName() + ": " + group.text(u"description") + ": " +
                                     each.text(u"description");
                ++asked;
                if (!verdict.problem.isEmpty()) {
                    // Only schemas elsewhere are not judged, since nothing is fetched.
                    QVERIFY2(verdict.problem.contains("remote", Qt::CaseInsensitive),
                             qPrintable(name + verdict.problem));
                    continue;
                }
                QVERIFY2(verdict.faults.isEmpty() == valid, qPrintable(name));
            }
        }
        QVERIFY(asked > 0);
    }
};

QTEST_GUILESS_MAIN(TestProcessJudge)
#include "test_process_judge.moc"
