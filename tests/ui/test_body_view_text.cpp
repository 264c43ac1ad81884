// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view_columns.h"
#include "ui/body_view_lines.h"
#include "ui/body_view_search.h"

#include "core/http/body_view.h"

#include <QSignalSpy>
#include <QTest>

using namespace kb;

class TestBodyViewText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lines_data();
    void lines();
    void findsLinesFarApart();
    void positionsAndOffsets();
    void hexMatchesTheDump();
    void hexPlaces();
    void widths_data();
    void widths();
    void boundaries();
    void longLinesAgreeWithShortOnes();
    void finds_data();
    void finds();
    void findsBesideTheWindow();
    void aNewSearchSilencesTheOld();
};

void TestBodyViewText::lines_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArrayList>("expected");
    QTest::newRow("empty") << QByteArray() << QByteArrayList{""};
    QTest::newRow("no end") << QByteArray("a\nb") << QByteArrayList{"a", "b"};
    QTest::newRow("end") << QByteArray("a\nb\n") << QByteArrayList{"a", "b"};
    QTest::newRow("empty lines") << QByteArray("\n\nb\n") << QByteArrayList{"", "", "b"};
    QTest::newRow("crlf") << QByteArray("a\r\nb\rc\r\n") << QByteArrayList{"a", "b\rc"};
}

void TestBodyViewText::lines() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArrayList, expected);
    BodyLines lines;
    lines.setBytes(text, BodyLines::Mode::Text);
    QCOMPARE(lines.lineCount(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i)
        QCOMPARE(lines.line(i), expected[i]);
}

void TestBodyViewText::findsLinesFarApart() {
    // Short lines, and some longer than the distance of two marks.
    QByteArrayList expected;
    for (int i = 0; i < 3000; ++i)
        expected << QByteArray(i % 500 == 7 ? 70000 : i % 40, char('a' + i % 26));
    BodyLines lines;
    lines.setBytes(expected.join('\n'), BodyLines::Mode::Text);
    QCOMPARE(lines.lineCount(), 3000);
    QCOMPARE(lines.longestLine(), 7);
    for (const qint64 i : {0, 6, 7, 8, 63, 64, 65, 507, 508, 1999, 2999}) {
        QCOMPARE(lines.line(i), expected[i]);
        const BodyPosition at{i, expected[i].size() / 2};
        QCOMPARE(lines.positionOf(lines.offsetOf(at)), at);
    }
}

void TestBodyViewText::positionsAndOffsets() {
    BodyLines lines;
    lines.setBytes("ab\r\ncd\nef", BodyLines::Mode::Text);
    QCOMPARE(lines.positionOf(5), (BodyPosition{1, 1}));
    QCOMPARE(lines.positionOf(3), (BodyPosition{0, 2})); // inside the line end
    QCOMPARE(lines.positionOf(100), (BodyPosition{2, 2}));
    QCOMPARE(lines.text({0, 1}, {2, 1}), QByteArray("b\r\ncd\ne"));
    QCOMPARE(lines.textSize({0, 1}, {2, 1}), 7);
    QCOMPARE(lines.shownIn(1, {0, 100}), (QList<BodyStretch>{{0, 2}}));
    QCOMPARE(lines.shownIn(0, {4, 2}), QList<BodyStretch>());
}

void TestBodyViewText::hexMatchesTheDump() {
    QByteArray bytes;
    for (int i = 0; i < 300; ++i)
        bytes += static_cast<char>(i * 7);
    BodyLines lines;
    lines.setBytes(bytes, BodyLines::Mode::Hex);
    const QByteArrayList dump = hexDump(bytes).trimmed().split('\n');
    QCOMPARE(lines.lineCount(), dump.size());
    for (qint64 i = 0; i < lines.lineCount(); ++i) {
        // The offset and the bytes agree with the dump that is saved and printed.
        QCOMPARE(lines.line(i).left(8), dump[i].left(8));
        QCOMPARE(lines.line(i).mid(10, 48).simplified(), dump[i].mid(8, 51).left(51).simplified().left(47));
    }
}

void TestBodyViewText::hexPlaces() {
    BodyLines lines;
    lines.setBytes("0123456789abcdefXYZ", BodyLines::Mode::Hex);
    const QByteArray row = lines.line(0);
    QCOMPARE(row, QByteArray("00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef"));
    const QList<BodyStretch> shown = lines.shownIn(0, {7, 3});
    QCOMPARE(shown.size(), 2);
    QCOMPARE(row.mid(shown[0].start, shown[0].length), QByteArray("37  38 39"));
    QCOMPARE(row.mid(shown[1].start, shown[1].length), QByteArray("789"));
    for (qint64 i = 0; i < 19; ++i)
        QCOMPARE(lines.offsetOf(lines.positionOf(i)), i);
}

void TestBodyViewText::widths_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("cells");
    QTest::newRow("ascii") << QByteArray("abc") << 3 << 3;
    QTest::newRow("umlaut") << QByteArray("\u00e4") << 1 << 1;
    QTest::newRow("combining") << QByteArray("e\u0301\u0323x") << 2 << 2;
    QTest::newRow("wide") << QByteArray("\u4e2d\u6587") << 4 << 2;
    QTest::newRow("beyond the BMP") << QByteArray("\U00020000") << 2 << 1;
    QTest::newRow("joined emoji") << QByteArray("\U0001F469\u200D\U0001F4BB") << 2 << 1;
    QTest::newRow("flags") << QByteArray("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7") << 4 << 2;
    QTest::newRow("tab") << QByteArray("\ta\tb") << 9 << 4;
    QTest::newRow("control") << QByteArray("\x1b[") << 3 << 2;
    QTest::newRow("nul") << QByteArray("a\0b", 3) << 4 << 3;
    QTest::newRow("broken") << QByteArray("\xff") << 4 << 1;
    QTest::newRow("cut") << QByteArray("\xe4\xb8") << 8 << 2;
    QTest::newRow("overlong") << QByteArray("\xc0\xaf") << 8 << 2;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << 12 << 3;
    QTest::newRow("override") << QByteArray("\u202E") << 6 << 1;
}

void TestBodyViewText::widths() {
    QFETCH(QByteArray, text);
    QFETCH(int, columns);
    QFETCH(int, cells);
    const LineColumns line(text);
    QCOMPARE(line.columns(), columns);
    const auto all = line.cells(0, 1000);
    QCOMPARE(int(all.size()), cells);
    for (const BodyCell& cell : all)
        if (cell.kind == BodyCell::Kind::Escape) QCOMPARE(int(cell.text.size()), cell.width);
}

void TestBodyViewText::boundaries() {
    const LineColumns line("ae\u0301\u4e2d!");
    QCOMPARE(line.next(0), 1);
    QCOMPARE(line.next(1), 4);
    QCOMPARE(line.next(4), 7);
    QCOMPARE(line.previous(8), 7);
    QCOMPARE(line.previous(7), 4);
    QCOMPARE(line.previous(4), 1);
    QCOMPARE(line.columnOf(2), 1); // inside the cluster
    QCOMPARE(line.byteAt(3), 4);   // the second column of the wide one
    QCOMPARE(line.byteAt(4), 7);
    QCOMPARE(line.byteAt(99), 8);
    QCOMPARE(line.nearestByte(2.4), 4);
    QCOMPARE(line.nearestByte(3.6), 7);
    QCOMPARE(line.nearestByte(-1), 0);
}

void TestBodyViewText::longLinesAgreeWithShortOnes() {
    QByteArray text;
    qint64 columns = 0;
    std::vector<std::pair<qint64, qint64>> places; // byte, column
    for (int i = 0; i < 20000; ++i) {
        places.push_back({text.size(), columns});
        if (i % 97 == 3) {
            text += "\u4e2d";
            columns += 2;
        } else if (i % 89 == 5) {
            text += "e\u0301";
            columns += 1;
        } else {
            text += char('a' + i % 26);
            columns += 1;
        }
    }
    QVERIFY(text.size() > LineColumns::longLine);
    const LineColumns line(text);
    QCOMPARE(line.columns(), columns);
    for (size_t i = 0; i < places.size(); i += 37) {
        QCOMPARE(line.columnOf(places[i].first), places[i].second);
        QCOMPARE(line.byteAt(places[i].second), places[i].first);
        if (i > 0) QCOMPARE(line.previous(places[i].first), places[i - 1].first);
    }
    const auto cells = line.cells(places[15000].second, places[15000].second + 5);
    QCOMPARE(cells.front().byte, places[15000].first);
}

void TestBodyViewText::finds_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("needle");
    QTest::addColumn<bool>("hex");
    QTest::addColumn<QList<qint64>>("starts");
    QTest::newRow("case") << QByteArray("Abc aBC") << QStringLiteral("abc") << false << QList<qint64>{0, 4};
    QTest::newRow("umlauts") << QByteArray("\u00c4 \u00e4") << QString(QChar(0xe4)) << false
                             << QList<qint64>{0, 3};
    QTest::newRow("none overlap") << QByteArray("aaaa") << QStringLiteral("aa") << false
                                  << QList<qint64>{0, 2};
    QTest::newRow("over lines") << QByteArray("a\nb") << QStringLiteral("a\nb") << false << QList<qint64>{0};
    QTest::newRow("nothing") << QByteArray("abc") << QString() << false << QList<qint64>{};
    QTest::newRow("bytes") << QByteArray("x\xff\xd8y\xff\xd8") << QStringLiteral("ff d8") << true
                           << QList<qint64>{1, 4};
    QTest::newRow("text in hex") << QByteArray("..PNG..") << QStringLiteral("png") << true
                                 << QList<qint64>{2};
    QTest::newRow("nul") << QByteArray("a\0b", 3) << QStringLiteral("00") << true << QList<qint64>{1};
}

void TestBodyViewText::finds() {
    QFETCH(QByteArray, text);
    QFETCH(QString, needle);
    QFETCH(bool, hex);
    QFETCH(QList<qint64>, starts);
    const BodyNeedle what = BodyNeedle::of(needle, hex ? BodyLines::Mode::Hex : BodyLines::Mode::Text);
    QList<qint64> found;
    for (const BodyStretch& match : what.findAll(text, 100, std::atomic_bool(false)))
        found << match.start;
    QCOMPARE(found, starts);
}

void TestBodyViewText::findsBesideTheWindow() {
    QByteArray text(8 * 1024 * 1024, '.');
    text[5000000] = 'Q';
    BodySearch search;
    QSignalSpy finished(&search, &BodySearch::finished);
    search.start(text, BodyNeedle::of(QStringLiteral("q"), BodyLines::Mode::Text));
    QCOMPARE(finished.count(), 0); // large: not inside start()
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(finished[0][0].value<QList<BodyStretch>>(), (QList<BodyStretch>{{5000000, 1}}));
    QCOMPARE(finished[0][1].toBool(), false);
    // More than is kept.
    finished.clear();
    search.start(text, BodyNeedle::of(QStringLiteral("."), BodyLines::Mode::Text));
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(finished[0][0].value<QList<BodyStretch>>().size(), BodySearch::maxMatches);
    QCOMPARE(finished[0][1].toBool(), true);
}

void TestBodyViewText::aNewSearchSilencesTheOld() {
    const QByteArray text(16 * 1024 * 1024, '.');
    BodySearch search;
    QSignalSpy finished(&search, &BodySearch::finished);
    search.start(text, BodyNeedle::of(QStringLiteral("a"), BodyLines::Mode::Text));
    search.start("small b", BodyNeedle::of(QStringLiteral("b"), BodyLines::Mode::Text));
    QCOMPARE(finished.count(), 1);
    QTest::qWait(200);
    QCOMPARE(finished.count(), 1);
    {
        BodySearch gone;
        gone.start(text, BodyNeedle::of(QStringLiteral("a"), BodyLines::Mode::Text));
    }
    QTest::qWait(100); // nothing may be called on what is gone
}

QTEST_GUILESS_MAIN(TestBodyViewText)
#include "test_body_view_text.moc"
