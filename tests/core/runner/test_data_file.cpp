// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runner/data_file.h"

#include <QtTest>

using namespace kb;

class TestDataFile : public QObject {
    Q_OBJECT
    static QString shown(const QByteArray& text) {
        const auto rows = readDataFile(text, "data.csv");
        if (!rows) return rows.error().text();
        QStringList out;
        for (const VariableMap& row : *rows) {
            QStringList cells;
            for (auto each = row.cbegin(); each != row.cend(); ++each)
                cells.append(each.key() + QStringLiteral("=") + each.value());
            out.append(cells.join(u';'));
        }
        return out.join(u'|');
    }
private Q_SLOTS:
    void rows_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("rows");
        const auto row = [](const char* name, const char* text, const char* rows) {
            QTest::newRow(name) << QByteArray(text) << QString::fromUtf8(rows);
        };
        row("csv", "a,b\n1,2\n3,4\n", "a=1;b=2|a=3;b=4");
        row("crlf, no end of line", "a,b\r\n1,2\r\n3,", "a=1;b=2|a=3;b=");
        row("quotes", "a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\n", "a=x,\"y\";b=two\nlines");
        row("an empty quoted field", "a\n\"\"\nz\n", "a=|a=z");
        row("empty lines", "a\n\n1\n\n", "a=1");
        row("byte order mark",
            "\xEF\xBB\xBF"
            "a\n1",
            "a=1");
        row("a quote within a field", "a\n5\" disk\n", "a=5\" disk");
        row("json", "[{\"a\":\"x\",\"b\":12345678901234567890},{\"a\":{\"c\":[true,null]}}]",
            "a=x;b=12345678901234567890|a={\"c\":[true,null]}");
        row("one json object", "{\"a\":1}", "a=1");
    }
    void rows() {
        QFETCH(QByteArray, text);
        QFETCH(QString, rows);
        QCOMPARE(shown(text), rows);
    }
    void errors_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const char* text, const char* said) {
            QTest::newRow(name) << QByteArray(text) << QString::fromUtf8(said);
        };
        row("empty", "", "no rows");
        row("header alone", "a,b\n", "no rows");
        row("no json rows", "[]", "no rows");
        row("too few fields", "a,b\n1,2\n3\n", "data.csv:3");
        row("too many fields", "a\n1,2\n", "This row has 2 fields");
        row("a quote left open", "a\n1\n\"2\n", "data.csv:3");
        row("the same name twice", "a,a\n1,2\n", "each variable once");
        row("a missing name", "a,\n1,2\n", "each variable once");
        row("broken json", "[{\"a\":}]", "data.csv");
        row("a list of numbers", "[1]", "Element 1");
    }
    void errors() {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        QVERIFY(!readDataFile(text, "data.csv"));
        QVERIFY2(shown(text).contains(said), qPrintable(shown(text)));
    }
};

QTEST_GUILESS_MAIN(TestDataFile)
#include "test_data_file.moc"
