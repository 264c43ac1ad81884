// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json_pointer.h"

#include <QtTest/QTest>

using namespace kb;

class TestJsonPointer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The document and the pointers of RFC 6901 §5.
    void s5_examples_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("whole") << QString() << QByteArray();
        QTest::newRow("array") << "/foo" << QByteArray(R"(["bar","baz"])");
        QTest::newRow("item") << "/foo/0" << QByteArray("\"bar\"");
        QTest::newRow("empty name") << "/" << QByteArray("0");
        QTest::newRow("slash") << "/a~1b" << QByteArray("1");
        QTest::newRow("percent") << "/c%d" << QByteArray("2");
        QTest::newRow("caret") << "/e^f" << QByteArray("3");
        QTest::newRow("bar") << "/g|h" << QByteArray("4");
        QTest::newRow("backslash") << "/i\\j" << QByteArray("5");
        QTest::newRow("quote") << "/k\"l" << QByteArray("6");
        QTest::newRow("space") << "/ " << QByteArray("7");
        QTest::newRow("tilde") << "/m~0n" << QByteArray("8");
    }
    void s5_examples() {
        QFETCH(QString, pointer);
        QFETCH(QByteArray, value);
        const QByteArray text =
            "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,"
            "\"k\\\"l\":6,\" \":7,\"m~n\":8}";
        const Result<JsonValue> document = parseJson(text);
        QVERIFY(document.has_value());
        const JsonAt found = jsonAt(*document, pointer);
        QVERIFY(found.value);
        QCOMPARE(writeJson(*found.value), value.isEmpty() ? text : value);
        QCOMPARE(found.reached, pointer);
    }

    // §4: "~01" is "~1", not "/".
    void s4_tildeComesLast() {
        const Result<JsonValue> document = parseJson(R"({"~1":1,"/":2})");
        QCOMPARE(writeJson(*jsonAt(*document, QStringLiteral("/~01")).value), QByteArray("1"));
        QCOMPARE(writeJson(*jsonAt(*document, QStringLiteral("/~1")).value), QByteArray("2"));
    }

    void leadsNowhere_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("reached");
        QTest::newRow("no such member") << "/b"
                                        << "";
        QTest::newRow("no such item") << "/a/2"
                                      << "/a";
        QTest::newRow("behind the end") << "/a/-"
                                        << "/a";
        QTest::newRow("leading zero") << "/a/01"
                                      << "/a";
        QTest::newRow("no index") << "/a/+1"
                                  << "/a";
        QTest::newRow("too large") << "/a/99999999999999999999"
                                   << "/a";
        QTest::newRow("below a text") << "/a/0/x"
                                      << "/a/0";
        QTest::newRow("twice there") << "/twice"
                                     << "";
        QTest::newRow("no pointer") << "a"
                                    << "";
    }
    void leadsNowhere() {
        QFETCH(QString, pointer);
        QFETCH(QString, reached);
        const Result<JsonValue> document = parseJson(R"({"a":["x","y"],"twice":1,"twice":2})");
        QVERIFY(document.has_value());
        const JsonAt found = jsonAt(*document, pointer);
        QVERIFY(!found.value);
        QVERIFY(found.last);
        QCOMPARE(found.reached, reached);
    }

    void s3_syntax() {
        for (const char* fine : {"", "/", "/a/b", "/a~0b~1c", "/ä"})
            QVERIFY2(checkJsonPointer(QString::fromUtf8(fine)), fine);
        for (const char* wrong : {"a", "a/b", "/a~", "/a~2", "#/a", "$.a"})
            QVERIFY2(!checkJsonPointer(QString::fromUtf8(wrong)), wrong);
    }
};

QTEST_APPLESS_MAIN(TestJsonPointer)
#include "test_json_pointer.moc"
