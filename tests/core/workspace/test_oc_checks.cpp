// SPDX-License-Identifier: GPL-3.0-or-later
// Checks and captures in a request's file.
#include "tests/core/workspace/samples.h"

#include <QTest>

using namespace kb;
using namespace kb::samples;

class TestOcChecks : public QObject {
    Q_OBJECT

    static QByteArray others() {
        return "info:\n  name: a\n  type: http\nhttp:\n  method: GET\n  url: https://a.test/\n"
               "runtime:\n"
               "  scripts:\n    - type: tests\n      code: |\n        test(1)\n"
               "  assertions:\n"
               "    # the first one\n"
               "    - expression: res.status\n      operator: eq\n      value: 200 # a number\n"
               "    - expression: res.body.a\n      operator: isDefined\n      disabled: true\n"
               "  actions:\n"
               "    - type: set-variable\n      phase: before-request\n      selector:\n        expression: "
               "req.url\n"
               "        method: jsonq\n      variable:\n        name: before\n        scope: runtime\n"
               "    - type: set-variable\n      phase: after-response\n      selector:\n        expression: "
               "res.body.id\n"
               "        method: jsonq\n      variable:\n        name: id\n        scope: runtime\n"
               "    - type: something-else\n      x: 1\n";
    }
    static CheckSpec check(AnswerPart part, const char* expression, const char* op = "eq",
                           const char* value = "") {
        return {part, QString::fromUtf8(expression), QString::fromUtf8(op), QString::fromUtf8(value), {},
                true};
    }

private Q_SLOTS:
    void theFileOfAnotherProgramIsRead() {
        const auto workspace = readOne(others());
        QVERIFY(workspace && workspace->problems.isEmpty());
        const RequestSpec& spec = workspace->items.first().request;
        QCOMPARE(spec.checks.size(), 2);
        QCOMPARE(spec.checks.at(0), check(AnswerPart::Expression, "res.status", "eq", "200"));
        QCOMPARE(spec.checks.at(1).op, "isDefined");
        QVERIFY(!spec.checks.at(1).enabled);
        QCOMPARE(spec.captures, (QList<CaptureSpec>{{"id", AnswerPart::Expression, "res.body.id", true}}));
    }

    void unchangedIsTheSameBytes() {
        const auto workspace = readOne(others());
        QCOMPARE(oc::writeRequest(workspace->items.first(), others()).value(), others());
    }

    void aChangeLeavesWhatIsNotOurs() {
        auto workspace = readOne(others());
        TreeItem request = workspace->items.first();
        request.request.checks[0].value = QStringLiteral("201");
        request.request.captures.append({"name", AnswerPart::Expression, "res.body.name", true});
        QByteArray text;
        QCOMPARE(through(request, others(), &text), request);
        QVERIFY(text.contains("# the first one"));
        QVERIFY(text.contains("type: something-else"));
        QVERIFY(text.contains("phase: before-request"));
        QVERIFY(text.contains("test(1)"));
        QVERIFY(text.indexOf("name: before") < text.indexOf("name: id"));
        // And away again: what others wrote stays.
        request.request.checks.clear();
        request.request.captures.clear();
        QCOMPARE(through(request, text, &text), request);
        QVERIFY(!text.contains("assertions"));
        QVERIFY(!text.contains("res.body.id"));
        QVERIFY(text.contains("something-else"));
        QVERIFY(text.contains("before-request"));
    }

    void everyKindIsWrittenAndReadBack() {
        RequestSpec spec;
        spec.name = QStringLiteral("a");
        spec.checks = {check(AnswerPart::Expression, "res.status", "in", "200, 201"),
                       check(AnswerPart::Expression, "res.body['a: b'].c", "eq", "true"),
                       check(AnswerPart::Expression, "res.body.x", "isNull"),
                       check(AnswerPart::Expression, "res.cookies.sid", "isDefined"),
                       check(AnswerPart::Jq, ".users | length # {{x}}", "gt", "2"),
                       check(AnswerPart::Schema, "schemas/user.json")};
        spec.checks[1].description = QStringLiteral("the first is on");
        spec.checks[2].enabled = false;
        spec.checks[4].enabled = false;
        spec.captures = {{"id", AnswerPart::Expression, "res.body.id", true},
                         {"off", AnswerPart::Expression, "res.headers.etag", false},
                         {"count", AnswerPart::Jq, ".users | length", true},
                         {"cookie", AnswerPart::Expression, "res.cookies.sid", true}};
        QByteArray text;
        QCOMPARE(through(item(spec), QByteArray(), &text), item(spec));
        // What others can read stands where they look for it, the rest does not.
        const qsizetype own = text.indexOf("keybearer");
        QVERIFY(text.indexOf("res.status") < own);
        QVERIFY(text.indexOf("res.cookies.sid") > own);
        QVERIFY(text.indexOf("schemas/user.json") > own);
        QCOMPARE(oc::writeRequest(item(spec), text).value(), text);
        // Fewer, and none: nothing is left over.
        RequestSpec fewer = spec;
        fewer.checks = {spec.checks.at(4)};
        fewer.captures = {spec.captures.at(2)};
        QCOMPARE(through(item(fewer), text, &text), item(fewer));
        QVERIFY(!text.contains("runtime"));
        RequestSpec none = spec;
        none.checks.clear();
        none.captures.clear();
        QCOMPARE(through(item(none), text, &text), item(none));
        QVERIFY(!text.contains("keybearer"));
    }

    /// A request's own variables stand where Bruno has them, beside what else is in runtime.
    void variablesOfARequest() {
        QByteArray text = others();
        text.replace("runtime:\n", "runtime:\n  variables:\n"
                                   "    - name: id # which\n      value: \"7\"\n"
                                   "    - name: off\n      value: x\n      disabled: true\n"
                                   "    - name: hidden\n      secret: true\n");
        const auto workspace = readOne(text);
        QVERIFY(workspace && workspace->problems.isEmpty());
        TreeItem request = workspace->items.first();
        QCOMPARE(request.request.variables, (QList<Variable>{{"id", "7", true}, {"off", "x", false}}));
        QCOMPARE(oc::writeRequest(request, text).value(), text);
        request.request.variables[0].value = QStringLiteral("8");
        request.request.variables.append({"more", "{{id}}", true});
        QByteArray after;
        QCOMPARE(through(request, text, &after), request);
        QVERIFY2(after.contains("# which") && after.contains("name: hidden") && after.contains("test(1)") &&
                     after.contains("# the first one"),
                 after.constData());
        QVERIFY(!after.contains("keybearer"));
        request.request.variables.clear();
        QCOMPARE(through(request, after, &after), request);
        QVERIFY2(!after.contains("name: more") && after.contains("name: hidden"), after.constData());
        // In a file of our own, and away again.
        RequestSpec spec;
        spec.name = QStringLiteral("a");
        spec.variables = {{"a", "1", true}};
        QByteArray own;
        QCOMPARE(through(item(spec), QByteArray(), &own), item(spec));
        QVERIFY(own.contains("runtime:\n  variables:\n"));
        spec.variables.clear();
        QCOMPARE(through(item(spec), own, &own), item(spec));
        QVERIFY(!own.contains("runtime"));
    }

    void scriptsAreSeen() {
        const QByteArray root = "opencollection: 1.0.0\ninfo:\n  name: W\n";
        const QByteArray request = "info:\n  name: R\n  type: http\nhttp:\n  method: GET\n  url: https://x\n";
        const QByteArray script = "  scripts:\n    - type: tests\n      code: test()\n";
        const auto workspace =
            oc::read({{"opencollection.yml", root + "request:\n" + script},
                      {"a.yml", request + "runtime:\n" + script},
                      {"b.yml", request + "runtime:\n  scripts: []\n"},
                      {"f/folder.yml", "info:\n  name: F\n  type: folder\nrequest:\n" + script}});
        QVERIFY(workspace);
        QVERIFY(workspace->hasScripts && workspace->find("a.yml")->hasScripts);
        QVERIFY(!workspace->find("b.yml")->hasScripts && workspace->find("f")->hasScripts);
    }

    void whatStandsWithOthersStaysThere() {
        const QByteArray text =
            "info:\n  name: a\n  type: http\nhttp:\n  method: GET\n  url: https://a.test/\n"
            "runtime:\n  assertions:\n    - expression: res.size # theirs\n      operator: lt\n"
            "      value: \"1000\"\n      own: kept\n";
        TreeItem request = readOne(text)->items.first();
        request.request.checks.append(check(AnswerPart::Expression, "res.status", "eq", "200"));
        QByteArray after;
        QCOMPARE(through(request, text, &after), request);
        QVERIFY2(after.contains("# theirs") && after.contains("own: kept") && !after.contains("keybearer"),
                 after.constData());
    }

    void aSchemaGivesNoValue() {
        const auto workspace =
            readOne("info:\n  name: a\n  type: http\nhttp:\n  url: https://a.test\n"
                    "extensions:\n  keybearer:\n    captures:\n      - variable: a\n        schema: x\n");
        QVERIFY(workspace && workspace->problems.size() == 1);
    }

    void brokenListsAreSaid() {
        const auto workspace = readOne(
            "info:\n  name: a\n  type: http\nhttp:\n  url: https://a.test\nruntime:\n  assertions: yes\n");
        QVERIFY(workspace);
        QCOMPARE(workspace->problems.size(), 1);
        QVERIFY(workspace->problems.first().error.text().contains("assertions"));
    }
};

QTEST_GUILESS_MAIN(TestOcChecks)
#include "test_oc_checks.moc"
