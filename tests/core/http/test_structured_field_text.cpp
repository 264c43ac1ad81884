// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/structured_field_text.h"

#include <QtTest>

using namespace kb;

class TestStructuredFieldText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // RFC 9651 §4.1
    void lists_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("canonical");
        const auto row = [](const char* text, const char* canonical) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(canonical);
        };
        row("a,b ,  c", "a, b, c");
        row("1;a;b=?1;c=?0", "1;a;b;c=?0");
        row("( a   b;x=1  );y=\"z\"", "(a b;x=1);y=\"z\"");
        row("()", "()");
        row("?1, ?0", "?1, ?0");
        row("1.50, 2.0, -0.125", "1.5, 2.0, -0.125");
        row("\"a\\\"b\\\\c\"", "\"a\\\"b\\\\c\"");
        row(":aGVsbG8=:", ":aGVsbG8=:");
        row("*x/y:z", "*x/y:z");
        row("@1659578233,  @-1;a=@0", "@1659578233, @-1;a=@0");
        row("%\"f%c3%bc\\%22 %25 %41\"", "%\"f%c3%bc\\%22 %25 A\""); // what need not be escaped is not
        row("", "");
    }
    void lists() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, canonical);
        const auto list = parseSfList({text});
        QVERIFY(list.has_value());
        QCOMPARE(sfListText(*list), canonical);
    }

    void dictionaries_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("canonical");
        const auto row = [](const char* text, const char* canonical) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(canonical);
        };
        row("a=1,    b=2;x=1;y=2,   c=(a   b    c), d", "a=1, b=2;x=1;y=2, c=(a b c), d");
        row("a=?1;x", "a;x");
        row("a=?0", "a=?0");
        row("a=1,b=2,a=3", "a=3, b=2");
    }
    void dictionaries() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, canonical);
        const auto dictionary = parseSfDictionary({text});
        QVERIFY(dictionary.has_value());
        QCOMPARE(sfDictionaryText(*dictionary), canonical);
    }

    void strings() {
        QCOMPARE(sfStringText("a\"b\\").value_or(""), QByteArray("\"a\\\"b\\\\\""));
        QVERIFY(!sfStringText("a\nb"));
        QVERIFY(!sfStringText("caf\xc3\xa9"));
        QVERIFY(!sfStringText("\x7f"));
    }

    void displayStrings() {
        QCOMPARE(sfDisplayText("f\xc3\xbc\"%\n\x7f~").value_or(""), QByteArray("%\"f%c3%bc%22%25%0a%7f~\""));
        QVERIFY(!sfDisplayText("f\xfc"));
    }

    void keys() {
        QVERIFY(isSfKey("sig1"));
        QVERIFY(isSfKey("*a-b_c.d*"));
        QVERIFY(!isSfKey(""));
        QVERIFY(!isSfKey("Sig"));
        QVERIFY(!isSfKey("1a"));
        QVERIFY(!isSfKey("a b"));
    }
};

QTEST_APPLESS_MAIN(TestStructuredFieldText)
#include "test_structured_field_text.moc"
