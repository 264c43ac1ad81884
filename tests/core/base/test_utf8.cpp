// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/utf8.h"

#include <QtTest>

using namespace kb;

class TestUtf8 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void offsets_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qsizetype>("offset");
        const auto row = [](const char* name, const QByteArray& text, qsizetype offset) {
            QTest::newRow(name) << text << offset;
        };
        row("empty", "", -1);
        row("ascii", "plain text of some length", -1);
        row("two bytes", "gr\xc3\xbcn", -1);
        row("three bytes", "\xe2\x82\xac", -1);
        row("four bytes", "\xf0\x9f\x94\x91", -1);
        row("last of all", "\xf4\x8f\xbf\xbf", -1);
        row("above the last", "a\xf4\x90\x80\x80", 1);
        row("overlong slash", "\xc0\xaf", 0);
        row("overlong three", "x\xe0\x80\xaf", 1);
        row("overlong four", "\xf0\x80\x80\xaf", 0);
        row("surrogate", "ab\xed\xa0\x80", 2);
        row("last before surrogates", "\xed\x9f\xbf", -1);
        row("lone continuation", "abc\x80", 3);
        row("cut character", "12345678\xe2\x82", 8);
        row("latin-1", "gr\xfcn", 2);
        row("ff", QByteArray("12345678901234567\xff"), 17);
        row("after eight", "12345678\xc3\xbc 12345678\xc3", 19);
    }
    void offsets() {
        QFETCH(QByteArray, text);
        QTEST(firstInvalidUtf8(text), "offset");
    }

    /// Every sequence of up to three bytes from the edges of the grammar, judged by Qt's own decoder.
    void agreesWithTheDecoder() {
        const QByteArray edges("\x00\x41\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef"
                               "\xf0\xf1\xf3\xf4\xf5\xff",
                               25);
        int bad = 0;
        for (const char a : edges)
            for (const char b : edges)
                for (const char c : edges) {
                    const char bytes[] = {a, b, c};
                    const QByteArray text(bytes, 3);
                    QStringDecoder decoder(QStringConverter::Utf8, QStringConverter::Flag::Stateless);
                    const QString decoded = decoder(text);
                    Q_UNUSED(decoded);
                    const bool valid = firstInvalidUtf8(text) < 0;
                    bad += !valid;
                    if (valid == decoder.hasError()) QFAIL(text.toHex(' ').constData());
                }
        QVERIFY(bad > 1000);
    }

    /// XML 1.0 §2.2 has no place for these, even written as references.
    void xmlTextHasWhatXmlKnows() {
        QCOMPARE(xmlText("a\tb\nc d\u00e9"), QString("a\tb\nc d\u00e9"));
        const QString bad =
            QString("x") + QChar(0) + QChar(0x1b) + QChar('\r') + QChar(0xfffe) + QChar(0xffff);
        QCOMPARE(xmlText(bad), "x" + QString(5, QChar::ReplacementCharacter));
        QCOMPARE(xmlText(QString::fromUcs4(U"\U0001f511")), QString::fromUcs4(U"\U0001f511"));
    }
};

QTEST_GUILESS_MAIN(TestUtf8)
#include "test_utf8.moc"
