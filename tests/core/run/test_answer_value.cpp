// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions over an answer, and what the operators mean.
#include "core/run/answer_value.h"
#include "core/workspace/check_spec.h"

#include <QtTest>

using namespace kb;

class TestAnswerValue : public QObject {
    Q_OBJECT
    Response m_response;
    QByteArray m_body;

    AnswerView view() const { return answerView(m_response, m_body, 12.5); }
    AnswerValue value(const char* expression) const {
        const Result<AnswerValue> got = valueOf(QString::fromUtf8(expression), view());
        if (!got) qWarning("%s", qPrintable(got.error().text()));
        return got ? *got : AnswerValue();
    }
    static AnswerValue json(const char* text) {
        if (QByteArray(text) == "undefined") return {};
        return *parseJson(text);
    }

private Q_SLOTS:
    void init() {
        m_response = {};
        m_response.status = 201;
        m_response.reason = "Made";
        m_response.headers.fields = {{"Content-Type", "application/json"},
                                     {"X-Many", "a"},
                                     {"x-many", "b"},
                                     {"Set-Cookie", "sid=one; Path=/"},
                                     {"Set-Cookie", "sid=two"}};
        m_body = "{\"users\":[{\"name\":\"Ada\"},{\"name\":\"Bo\"}],\"a b\":{\"x.y\":true},"
                 "\"id\":12345678901234567890,\"dup\":1,\"dup\":2,\"none\":null}";
    }

    void expressions_data() {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* expression, const char* value) {
            QTest::newRow(expression) << QString::fromUtf8(expression) << QByteArray(value);
        };
        row("res.status", "201");
        row("res.getStatus()", "201");
        row("res.statusText", "\"Made\"");
        row("res.responseTime", "12.5");
        row("res.size", "113");
        row("res.body.users[1].name", "\"Bo\"");
        row("res.getBody().users[0].name", "\"Ada\"");
        row("res.body['users'][0]['name']", "\"Ada\"");
        row("res.body[\"a b\"]['x.y']", "true");
        row("res.body.users.length", "2");
        row("res.body.users[0].name.length", "3");
        row("res.body.id", "12345678901234567890");
        row("res.body.dup", "2");
        row("res.body.none", "null");
        row("res.headers['content-type']", "\"application/json\"");
        row("res.headers[\"X-MANY\"]", "\"a, b\"");
        row("res.getHeader('x-many')", "\"a, b\"");
        row("res.cookies.sid", "\"two\"");
        row(" res.status ", "201");
    }
    void expressions() {
        QFETCH(QString, expression);
        QFETCH(QByteArray, value);
        const Result<AnswerValue> got = valueOf(expression, view());
        QVERIFY2(got, got ? "" : qPrintable(got.error().text()));
        QVERIFY(got->has_value());
        QCOMPARE(writeJson(**got), value);
    }

    void whatIsNotThereIsNothing_data() {
        QTest::addColumn<QString>("expression");
        for (const char* expression :
             {"res.body.nobody", "res.body.users[2]", "res.body.users[2].name", "res.body.users.x",
              "res.headers.absent", "res.cookies.absent", "res.body.none.deeper", "res.status.length"})
            QTest::newRow(expression) << QString::fromUtf8(expression);
    }
    void whatIsNotThereIsNothing() {
        QFETCH(QString, expression);
        const Result<AnswerValue> got = valueOf(expression, view());
        QVERIFY(got);
        QVERIFY(!got->has_value());
    }

    void otherExpressionsAreErrors_data() {
        QTest::addColumn<QString>("expression");
        for (const char* expression :
             {"", "res", "status", "res.", "res.body[", "res.body[x]", "res.body['a", "res.body['a'",
              "res.body.a + 1", "res.body.map(u => u)", "res.body.length()", "res.request", "res.getHeader",
              "res.body..a", "resstatus", "process.exit(1)", "res.status; 1", "res.body[-1]"})
            QTest::newRow(expression) << QString::fromUtf8(expression);
    }
    void otherExpressionsAreErrors() {
        QFETCH(QString, expression);
        QVERIFY(!valueOf(expression, view()));
    }
    void aBodyThatShouldBeJsonAndIsNotIsAnError() {
        m_body = "{\"error\":";
        QVERIFY(!valueOf("res.body.error", view()));
        QVERIFY(valueOf("res.body", view()));
        QVERIFY(valueOf("res.status", view()));
        // A byte order mark does not make it one.
        m_body = "\xEF\xBB\xBF{\"error\":1}";
        QCOMPARE(writeJson(*value("res.body.error")), QByteArray("1"));
        m_body = "[1]";
        QVERIFY(!value("res.body['-1']").has_value());
    }

    void aBodyThatIsNoJsonIsText() {
        m_response.headers.fields.clear();
        m_body = "hello";
        QCOMPARE(writeJson(*value("res.body")), QByteArray("\"hello\""));
        QVERIFY(!value("res.body.a").has_value());
        m_body.clear();
        QCOMPARE(writeJson(*value("res.body")), QByteArray("\"\""));
    }

    void operators_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("op");
        QTest::addColumn<QString>("operand");
        QTest::addColumn<bool>("holds");
        const auto row = [](const char* value, const char* op, const char* operand, bool holds) {
            QTest::addRow("%s %s %s", value, op, operand)
                << QByteArray(value) << QString::fromUtf8(op) << QString::fromUtf8(operand) << holds;
        };
        row("200", "eq", "200", true);
        row("200", "eq", "201", false);
        row("200", "eq", "200.0", true);
        row("\"200\"", "eq", "200", false);
        row("\"200\"", "eq", "'200'", true);
        row("\"200\"", "eq", "\"200\"", true);
        row("200", "eq", "'200'", false);
        row("\"Ada\"", "eq", "Ada", true);
        row("\"Ada\"", "eq", "ada", false);
        row("true", "eq", "true", true);
        row("\"true\"", "eq", "true", false);
        row("null", "eq", "null", true);
        row("undefined", "eq", "undefined", true);
        row("undefined", "eq", "null", false);
        row("null", "eq", "undefined", false);
        row("{\"a\":1,\"b\":[2]}", "eq", "{\"b\":[2],\"a\":1}", true);
        row("[1,2]", "eq", "[2,1]", false);
        row("12345678901234567890", "eq", "12345678901234567890", true);
        row("12345678901234567890", "eq", "12345678901234567891", false);
        row("200", "neq", "201", true);
        row("200", "neq", "200", false);
        row("undefined", "neq", "200", true);
        row("undefined", "neq", "undefined", false);
        row("3", "gt", "2", true);
        row("3", "gt", "3", false);
        row("3", "gte", "3", true);
        row("-3", "lt", "-2", true);
        row("-2", "lt", "-3", false);
        row("0.5", "lt", "1", true);
        row("3", "lte", "2", false);
        row("99999999999999999999", "gt", "99999999999999999998", true);
        row("\"3\"", "gt", "2", false);
        row("3", "gt", "two", false);
        row("5", "between", "1, 10", true);
        row("11", "between", "1, 10", false);
        row("5", "between", "1", false);
        row("\"a\"", "in", "a, b", true);
        row("\"a\"", "in", "[a, b]", true);
        row("2", "in", "1,2", true);
        row("\"2\"", "in", "1,2", false);
        row("\"c\"", "notIn", "a, b", true);
        row("\"abc\"", "contains", "b", true);
        row("[\"a\",\"b\"]", "contains", "b", true);
        row("[1,2]", "contains", "2", true);
        row("[1,2]", "contains", "'2'", false);
        row("\"a2\"", "contains", "2", true);
        row("5", "contains", "5", false);
        row("\"abc\"", "notContains", "z", true);
        row("undefined", "notContains", "z", false);
        row("\"abc\"", "startsWith", "ab", true);
        row("\"abc\"", "endsWith", "bc", true);
        row("\"abc\"", "endsWith", "ab", false);
        row("\"abc\"", "matches", "^a.c$", true);
        row("\"abc\"", "matches", "/^b/", false);
        row("200", "matches", "^2", true);
        row("\"abc\"", "matches", "(", false);
        row("undefined", "matches", ".*", false);
        row("\"abc\"", "notMatches", "z", true);
        row("\"\\ud800 forbidden\"", "notMatches", "forbidden", false);
        row("[1,2]", "length", "2", true);
        row("\"abc\"", "length", "2", false);
        row("{}", "length", "0", false);
        row("undefined", "isDefined", "", false);
        row("null", "isDefined", "", true);
        row("undefined", "isUndefined", "", true);
        row("null", "isNull", "", true);
        row("undefined", "isNull", "", false);
        row("[]", "isEmpty", "", true);
        row("\"\"", "isEmpty", "", true);
        row("{\"a\":1}", "isEmpty", "", false);
        row("0", "isEmpty", "", false);
        row("[0]", "isNotEmpty", "", true);
        row("undefined", "isNotEmpty", "", false);
        row("true", "isTruthy", "", true);
        row("1", "isTruthy", "", false);
        row("false", "isFalsy", "", true);
        row("null", "isFalsy", "", false);
        row("{}", "isJson", "", true);
        row("\"{}\"", "isJson", "", false);
        row("1", "isNumber", "", true);
        row("\"1\"", "isString", "", true);
        row("false", "isBoolean", "", true);
        row("[]", "isArray", "", true);
        row("{}", "isArray", "", false);
        row("1", "isLovely", "", false);
    }
    void operators() {
        QFETCH(QByteArray, value);
        QFETCH(QString, op);
        QFETCH(QString, operand);
        QFETCH(bool, holds);
        const Result<void> got = compareValue(json(value.constData()), op, operand);
        QVERIFY2(got.has_value() == holds, got ? "it held" : qPrintable(got.error().text()));
        if (!got) QVERIFY(!got.error().what.isEmpty());
    }

    void everyOperatorIsKnown() {
        for (const QString& op : checkOperators()) {
            const Result<void> got = compareValue({}, op, QStringLiteral("1"));
            QVERIFY2(got || !got.error().what.contains("no operator"), qPrintable(op));
        }
    }

    void aTextThatLooksLikeTheNumberIsExplained() {
        const Result<void> got = compareValue(json("\"200\""), "eq", "200");
        QVERIFY(!got);
        QVERIFY2(got.error().what.contains("the text \"200\", not the number"), qPrintable(got.error().what));
    }

    void whatIsShownIsShort() {
        QCOMPARE(shownValue({}), QStringLiteral("nothing"));
        const QByteArray longText = "\"" + QByteArray(5000, 'a') + "\"";
        QVERIFY(shownValue(json(longText.constData())).size() < 130);
    }
};

QTEST_GUILESS_MAIN(TestAnswerValue)
#include "test_answer_value.moc"
