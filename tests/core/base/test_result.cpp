// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"

#include <QSet>
#include <QtTest>

using namespace kb;

class TestResult : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textOfAnError_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("next");
        QTest::addColumn<QString>("line");
        QTest::newRow("all parts") << "The port is wrong"
                                   << "character 9"
                                   << "Use 1 to 65535."
                                   << "The port is wrong (character 9). Use 1 to 65535.";
        QTest::newRow("full stop moves") << "The port is wrong."
                                         << "character 9"
                                         << ""
                                         << "The port is wrong (character 9).";
        QTest::newRow("no place") << "The port is wrong."
                                  << ""
                                  << "Use another."
                                  << "The port is wrong. Use another.";
        QTest::newRow("only what") << "It broke"
                                   << ""
                                   << ""
                                   << "It broke.";
        QTest::newRow("question") << "Really?"
                                  << ""
                                  << ""
                                  << "Really?";
        QTest::newRow("nothing") << ""
                                 << ""
                                 << ""
                                 << "";
    }
    void textOfAnError() {
        QFETCH(QString, what);
        QFETCH(QString, where);
        QFETCH(QString, next);
        QTEST(Error({ErrorCode::Internal, what, where, next, -1}).text(), "line");
    }

    void failCarriesEverything() {
        const Result<int> result = fail(ErrorCode::ParseError, "a", "b", "c", 7);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::ParseError);
        QCOMPARE(result.error().what, "a");
        QCOMPARE(result.error().where, "b");
        QCOMPARE(result.error().next, "c");
        QCOMPARE(result.error().position, 7);
    }

    void everyCodeHasItsOwnName() {
        QSet<QByteArray> names;
        for (int i = 0; i <= int(ErrorCode::Internal); ++i) {
            const QByteArray name = errorCodeName(ErrorCode(i));
            QVERIFY2(QRegularExpression("^[a-z]+(-[a-z]+)*$").match(QString::fromLatin1(name)).hasMatch(),
                     name.constData());
            QVERIFY2(!names.contains(name), name.constData());
            names.insert(name);
        }
        QCOMPARE(errorCodeName(ErrorCode::OriginRefused), "origin-refused");
        QCOMPARE(errorCodeName(ErrorCode::TooManyRedirects), "too-many-redirects");
        QCOMPARE(errorCodeName(ErrorCode::Internal), "internal");
    }
};

QTEST_GUILESS_MAIN(TestResult)
#include "test_result.moc"
