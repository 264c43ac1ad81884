// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/base64url.h"

#include <QtTest>

using namespace kb;

class TestBase64Url : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_5_reads_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("trailing");
        QTest::newRow("empty") << QByteArray() << QByteArray() << false;
        QTest::newRow("one byte") << QByteArray("Zg") << QByteArray("f") << false;
        QTest::newRow("two bytes") << QByteArray("Zm8") << QByteArray("fo") << false;
        QTest::newRow("three bytes") << QByteArray("Zm9v") << QByteArray("foo") << false;
        QTest::newRow("RFC 7515 C") << QByteArray("A-z_4ME") << QByteArray("\x03\xec\xff\xe0\xc1", 5)
                                    << false;
        QTest::newRow("bits left of two") << QByteArray("Zh") << QByteArray("f") << true;
        QTest::newRow("bits left of three") << QByteArray("Zm9") << QByteArray("fo") << true;
    }
    void s5_5_reads() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, bytes);
        QFETCH(bool, trailing);
        const std::string_view view(text.constData(), std::size_t(text.size()));
        const Base64UrlText result = decodeBase64Url(view);
        QVERIFY2(result.isValid(), qPrintable(result.problem));
        QCOMPARE(result.bytes, bytes);
        QCOMPARE(result.trailingBits, trailing);
        QVERIFY(looksLikeBase64Url(view));
    }

    void s5_5_refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("position");
        QTest::addColumn<QString>("named");
        QTest::newRow("padding") << QByteArray("Zg==") << 2 << QStringLiteral("padded");
        QTest::newRow("plus") << QByteArray("A+z4") << 1 << QStringLiteral("\"+\"");
        QTest::newRow("slash") << QByteArray("A/z4") << 1 << QStringLiteral("\"/\"");
        QTest::newRow("space") << QByteArray("Zm 9") << 2 << QStringLiteral("a space");
        QTest::newRow("line break") << QByteArray("Zm9v\n") << 4 << QStringLiteral("a line break");
        QTest::newRow("tab") << QByteArray("\tZm9v") << 0 << QStringLiteral("a tab");
        QTest::newRow("non-ASCII") << QByteArray("Zm\xc3\xa4") << 2 << QStringLiteral("0xC3");
        QTest::newRow("NUL") << QByteArray("Zm\0v", 4) << 2 << QStringLiteral("0x00");
        QTest::newRow("impossible length") << QByteArray("Zm9vZ") << -1 << QStringLiteral("length");
        QTest::newRow("one character") << QByteArray("Z") << -1 << QStringLiteral("length");
    }
    void s5_5_refuses() {
        QFETCH(QByteArray, text);
        QFETCH(int, position);
        QFETCH(QString, named);
        const std::string_view view(text.constData(), std::size_t(text.size()));
        const Base64UrlText result = decodeBase64Url(view);
        QVERIFY(!result.isValid());
        QVERIFY(result.bytes.isEmpty());
        QCOMPARE(int(result.position), position);
        QVERIFY2(result.problem.contains(named), qPrintable(result.problem));
        QVERIFY(!looksLikeBase64Url(view));
    }
};

QTEST_GUILESS_MAIN(TestBase64Url)
#include "test_base64url.moc"
