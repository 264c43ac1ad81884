// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"
#include "core/http/body_view.h"

#include <QtTest>
#include <algorithm>
#include <ctime>
#include <limits>

using namespace kb;

namespace {

/// The text without white space outside of strings: what the printer must not change.
QByteArray tokens(const QByteArray& text) {
    QByteArray out;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\' && i + 1 < text.size()) {
            out += c;
            out += text[++i];
            continue;
        }
        if (c == '"') quoted = !quoted;
        if (quoted || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) out += c;
    }
    return out;
}

} // namespace

class TestPrettyJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layout_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("pretty");
        const auto row = [](const char* name, const QByteArray& text, const QByteArray& pretty) {
            QTest::newRow(name) << text << pretty;
        };
        row("empty", "", "");
        row("scalar", " 1 ", "1");
        row("string", "\"a b\"", "\"a b\"");
        row("empty object", " { } ", "{}");
        row("empty array", "[\n]", "[]");
        row("object", "{\"a\":1,\"b\":[true,null]}",
            "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}");
        row("nested empties", "[{},[]]", "[\n  {},\n  []\n]");
        row("already pretty", "{\n  \"a\": 1\n}", "{\n  \"a\": 1\n}");
        row("white space of all kinds", "\t[\r\n1 ,\t2 ]\r\n\r\n", "[\n  1,\n  2\n]");
        row("repeats and order", "{\"b\":1,\"a\":2,\"b\":3}", "{\n  \"b\": 1,\n  \"a\": 2,\n  \"b\": 3\n}");
        row("numbers as sent", "[1e400,18446744073709551616,-0.0,1.000,1E+2]",
            "[\n  1e400,\n  18446744073709551616,\n  -0.0,\n  1.000,\n  1E+2\n]");
        row("escapes as sent", "[\"\\u00fc\\/\\\"\\\\\",\"\\ud800\"]",
            "[\n  \"\\u00fc\\/\\\"\\\\\",\n  \"\\ud800\"\n]");
        row("bytes that are no UTF-8", "{\"\xff\":\"\xed\xa0\x80\"}", "{\n  \"\xff\": \"\xed\xa0\x80\"\n}");
        row("byte order mark", "\xef\xbb\xbf[1]", "\xef\xbb\xbf[\n  1\n]");
        row("brackets in strings", "[\"{[,:\"]", "[\n  \"{[,:\"\n]");
    }
    void layout() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, pretty);
        QCOMPARE(prettyJson(text), pretty);
        QCOMPARE(prettyJson(pretty), pretty); // once pretty, always pretty
    }

    /// From the place where it stops being JSON the text comes out as it is.
    void broken_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("pretty");
        const auto row = [](const char* name, const QByteArray& text, const QByteArray& pretty) {
            QTest::newRow(name) << text << pretty;
        };
        const auto same = [&](const char* name, const QByteArray& text) { row(name, text, text); };
        same("words", "  hello {\"a\": 1}");
        same("html", "<html>\n <p> x </p>");
        same("single quotes", "{'a': 1}");
        same("closing first", "} x");
        row("cut between tokens", "{\"a\":[1,", "{\n  \"a\": [\n    1,");
        row("cut in a string", "{\"a\":\"xy", "{\n  \"a\":\"xy");
        row("cut behind a key", "{\"a\":1,\"b\"", "{\n  \"a\": 1,\n  \"b\"");
        row("cut behind an open bracket", "{\"a\": [ ", "{\n  \"a\": [");
        row("word inside", "[1, oops , 2]", "[\n  1, oops , 2]");
        row("bad number", "[1, 01, 2]", "[\n  1, 01, 2]");
        row("number with tail", "[1.5x]", "[1.5x]");
        row("leading plus", "[1, +1]", "[\n  1, +1]");
        row("NaN", "{\"a\": NaN }", "{\n  \"a\": NaN }");
        row("word runs on", "[true, nullx]", "[\n  true, nullx]");
        row("missing comma", "[1 2 3]", "[\n  1 2 3]");
        row("missing colon", "{\"a\" 1}", "{\n  \"a\" 1}");
        row("comma at the end", "[1, ]", "[\n  1, ]");
        row("two commas", "[1,, 2]", "[\n  1,, 2]");
        row("wrong bracket", "[1 } ]", "[\n  1 } ]");
        row("number as key", "{\"a\":1, 2:3}", "{\n  \"a\": 1, 2:3}");
        row("comment", "[1, // one\n 2]", "[\n  1, // one\n 2]");
        row("line break in string", "[1, \"a\nb\", 2]", "[\n  1, \"a\nb\", 2]");
        row("text behind", "[1]  and more [2]", "[\n  1\n]  and more [2]");
        row("second value", "{}\n{}\n", "{}\n{}\n");
        row("NUL", QByteArray("[1,\0 2]", 7), QByteArray("[\n  1,\0 2]", 10));
    }
    void broken() {
        QFETCH(QByteArray, text);
        QTEST(prettyJson(text), "pretty");
    }

    /// Cut anywhere, no token is lost or changed.
    void cutAnywhere() {
        const QByteArray whole =
            "{\"k\\\"\": [1, -2.5e3, {\"x\":\"a b\\\\\"}, [], {}], \"t\":true,\"n\" : null}";
        for (qsizetype i = 0; i <= whole.size(); ++i) {
            const QByteArray cut = whole.left(i);
            QCOMPARE(tokens(prettyJson(cut)), tokens(cut));
        }
    }

    /// Whatever the strict reader takes, the printer lays out as the same value.
    void sameValueAsTheReader() {
        const QByteArray text = "{\"a\":[1,2.50,{\"b\":\"\\u00e4\\n\",\"a\":null}],\"a\":{},\"c\":[[[]]]}";
        const auto before = parseJson(text);
        const auto after = parseJson(prettyJson(text));
        QVERIFY(before && after);
        QCOMPARE(writeJson(*after), writeJson(*before));
    }

    void aMillionBrackets() {
        constexpr qsizetype million = 1'000'000;
        const QByteArray open(million, '[');
        const QByteArray closed = open + QByteArray(million, ']');
        QByteArray mixed;
        for (qsizetype i = 0; i < million; ++i)
            mixed += "{\"a\":[";
        for (const QByteArray& text : {open, closed, mixed}) {
            const QByteArray pretty = prettyJson(text);
            QVERIFY(tokens(pretty) == text);
            QVERIFY(pretty.size() < 20 * text.size() + 100'000);
        }
    }

    void worstCaseStaysLinear() {
        // Deep, and then wide: each short element would get the whole indentation.
        const QByteArray text =
            QByteArray(150, '[') + QByteArray("1,").repeated(1'000'000) + "1" + QByteArray(150, ']');
        const QByteArray pretty = prettyJson(text);
        QVERIFY(pretty.size() < 19 * text.size());
        QVERIFY(tokens(pretty) == text);
    }

    /// Processor time is compared with itself: four times the text may not cost much more than four times as
    /// much. Quadratic work would cost sixteen times, and take hours at this size.
    void twentyMegabytesInLinearTime() {
        const QByteArray item =
            "{\"id\":12345,\"name\":\"Ann \\\"A\\\" Smith\",\"tags\":[\"x\",\"y\"],\"ok\":true},";
        const auto make = [&](qsizetype size) {
            return QByteArray('[' + item.repeated(size / item.size()) + "null]");
        };
        const QByteArray small = make(5'000'000), large = make(20'000'000);
        const auto best = [](const QByteArray& text, int times) {
            std::clock_t fastest = std::numeric_limits<std::clock_t>::max();
            for (int i = 0; i < times; ++i) {
                const std::clock_t start = std::clock();
                const QByteArray pretty = prettyJson(text);
                fastest = std::min(fastest, std::clock() - start);
                if (pretty.size() < text.size()) return std::numeric_limits<std::clock_t>::max();
            }
            return fastest;
        };
        const std::clock_t forSmall = best(small, 2), forLarge = best(large, 1);
        QVERIFY2(forLarge < forSmall * 12, qPrintable(QString("%1 and %2").arg(forSmall).arg(forLarge)));
        QVERIFY(tokens(prettyJson(large)) == tokens(large));
    }
};

QTEST_GUILESS_MAIN(TestPrettyJson)
#include "test_pretty_json.moc"
