// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <QtTest>
#include <cmath>

using namespace kb;

class TestJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comesBackAsWritten_data() {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const QByteArray& text) { QTest::newRow(text.left(60).constData()) << text; };
        row("null");
        row("true");
        row("false");
        row("\"\"");
        row("[]");
        row("{}");
        row("0");
        row("-0");
        row("-0.0e-0");
        row("1e400");
        row("1E+400");
        row("18446744073709551616");
        row("-99999999999999999999999999999999");
        row("0.1000000000000000055511151231257827");
        row("{\"b\":1,\"a\":2,\"b\":3}");
        row("[[],{},[{}],\"x\",null,true,-1.5]");
        row("{\"\":{\"\":[]}}");
        row("\"gr\xc3\xbcn \xf0\x9f\x94\x91\"");
        row("\"\\\"\\\\\\n\\r\\t\\u0000\\u001f\"");
        row("\"\\ud800\"");
        row("\"a\\udc00b\"");
        row("\"\\udc00\\ud800\"");
        row("\"\x7f/\"");
    }
    void comesBackAsWritten() {
        QFETCH(QByteArray, text);
        const auto value = parseJson(text);
        QVERIFY2(value, value ? "" : qPrintable(value.error().text()));
        QCOMPARE(writeJson(*value), text);
    }

    void whiteSpaceIsFree() {
        const auto value = parseJson(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n");
        QVERIFY(value.has_value());
        QCOMPARE(writeJson(*value), "{\"a\":[1,2],\"b\":{}}");
    }

    void escapesAreRead() {
        const auto value = parseJson("\"\\\"\\\\\\/\\b\\f\\n\\r\\tA\\u00fc\\u20AC\\ud83d\\udd11\"");
        QVERIFY(value.has_value());
        QCOMPARE(value->string, QString::fromUtf8("\"\\/\b\f\n\r\tA\xc3\xbc\xe2\x82\xac\xf0\x9f\x94\x91"));
        QVERIFY(parseJson("\"\\u0041\"")->string == u"A");
        QCOMPARE(parseJson("\"\\u0000\"")->string, QString(QChar(u'\0')));
    }

    void errors_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qsizetype>("position");
        const auto row = [](const char* name, const QByteArray& text, qsizetype position) {
            QTest::newRow(name) << text << position;
        };
        row("empty", "", 0);
        row("space only", "  ", 2);
        row("byte order mark", "\xef\xbb\xbf{}", 0);
        row("word", "nul", 0);
        row("capital", "True", 0);
        row("two values", "1 2", 2);
        row("word runs on", "nullx", 4);
        row("NaN", "[NaN]", 1);
        row("Infinity", "-Infinity", 1);
        row("plus", "+1", 0);
        row("leading zero", "[01]", 1);
        row("minus leading zero", "-01", 1);
        row("dot first", ".5", 0);
        row("dot last", "1.", 2);
        row("no exponent", "1e", 2);
        row("no exponent after sign", "1e+", 3);
        row("hex", "0x10", 1);
        row("comment", "[1, // no\n2]", 4);
        row("single quotes", "{'a':1}", 1);
        row("bare name", "{a:1}", 1);
        row("comma at the end", "[1,]", 3);
        row("comma at the end of an object", "{\"a\":1,}", 7);
        row("missing comma", "[1 2]", 3);
        row("missing colon", "{\"a\" 1}", 5);
        row("open array", "[1,2", 4);
        row("open object", "{\"a\":1", 6);
        row("wrong bracket", "[1}", 2);
        row("open string", "[\"abc", 1);
        row("line break in string", "\"a\nb\"", 2);
        row("last control character in string", "\"a\x1f\"", 2);
        row("NUL in string", QByteArray("\"a\0b\"", 5), 2);
        row("NUL outside", QByteArray("\0", 1), 0);
        row("unknown escape", "\"a\\xb\"", 3);
        row("short unicode escape", "\"\\u12\"", 5);
        row("bad UTF-8", "\"\xff\"", 1);
        row("surrogate in UTF-8", "\"\xed\xa0\x80\"", 1);
        row("second line", "{\n \"a\": tru\n}", 8);
    }
    void errors() {
        QFETCH(QByteArray, text);
        const auto value = parseJson(text);
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::ParseError);
        QTEST(value.error().position, "position");
        QVERIFY(!value.error().what.isEmpty());
    }

    void errorNamesLineAndColumn() {
        QCOMPARE(parseJson("{\n \"a\": tru\n}").error().where, "line 2, column 7");
        QCOMPARE(parseJson("x").error().where, "line 1, column 1");
    }

    void errorDoesNotRepeatTheText() {
        const auto value = parseJson("{\"secret\":\"hunter2\" oops}");
        QVERIFY(!value);
        QVERIFY(!value.error().text().contains("hunter2"));
        QVERIFY(!value.error().text().contains("oops"));
    }

    void depth() {
        const QByteArray deep = QByteArray(256, '[') + QByteArray(256, ']');
        QVERIFY(parseJson(deep).has_value());
        const auto deeper = parseJson(QByteArray('[' + deep + ']'));
        QVERIFY(!deeper);
        QCOMPARE(deeper.error().position, 256);
        QVERIFY(!parseJson(QByteArray(1'000'000, '[')));
        QByteArray objects;
        for (int i = 0; i < 257; ++i)
            objects += "{\"a\":";
        QVERIFY(!parseJson(objects));
    }

    void duplicatesAreKept() {
        const auto value = parseJson("{\"aud\":\"one\",\"exp\":1,\"aud\":\"two\",\"in\":{\"x\":1,\"x\":2}}");
        QVERIFY(value.has_value());
        QCOMPARE(value->members.size(), 4);
        QVERIFY(value->hasDuplicateNames());
        QCOMPARE(value->text(u"aud"), "one");
        QCOMPARE(value->members[2].second.string, "two");
        QVERIFY(value->find(u"in")->hasDuplicateNames());
        const auto inner = parseJson("{\"in\":{\"x\":1,\"x\":2}}");
        QVERIFY(!inner->hasDuplicateNames()); // only at this level
        QVERIFY(parseJson("{\"a\":1,\"\\u0061\":2}")->hasDuplicateNames());
        QVERIFY(!parseJson("{\"a\":1,\"A\":2}")->hasDuplicateNames());
    }

    void lookUp() {
        const auto value = parseJson("{\"s\":\"text\",\"n\":5,\"o\":{},\"a\":[],\"z\":null}");
        QCOMPARE(value->text(u"s"), "text");
        QCOMPARE(value->text(u"n"), QString());
        QCOMPARE(value->text(u"missing"), QString());
        QVERIFY(!value->find(u"missing"));
        QVERIFY(value->find(u"o")->isObject());
        QVERIFY(value->find(u"a")->isArray());
        QVERIFY(value->find(u"z")->type == JsonValue::Type::Null);
        QVERIFY(!parseJson("[1]")->find(u"s"));
    }

    void numbersAsDouble() {
        QCOMPARE(parseJson("1.5e3")->toDouble(), 1500.0);
        QCOMPARE(parseJson("-7")->toDouble(), -7.0);
        QVERIFY(std::isinf(parseJson("1e400")->toDouble()));
        QCOMPARE(parseJson("1e-400")->toDouble(), 0.0);
        QCOMPARE(parseJson("18446744073709551616")->toDouble(), 18446744073709551616.0);
        QCOMPARE(parseJson("\"7\"")->toDouble(), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "test_json.moc"
