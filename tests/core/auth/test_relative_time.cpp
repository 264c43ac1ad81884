// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/relative_time.h"

#include <QtTest/QTest>
#include <limits>

class TestRelativeTime : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneUnitSeenFromNow_data() {
        QTest::addColumn<double>("left");
        QTest::addColumn<QString>("text");
        const auto row = [](double left, const char* text) {
            QTest::newRow(text) << left << QString::fromLatin1(text);
        };
        row(0.4, "now");
        row(59, "in 59 s");
        row(60, "in 1 min");
        row(3599, "in 59 min");
        row(-3600, "1 h ago");
        row(-86399, "23 h ago");
        row(86400, "in 1 d");
        row(365.0 * 86400, "in 1 y");
        row(-364.0 * 86400, "364 d ago");
    }
    void oneUnitSeenFromNow() {
        QFETCH(double, left);
        QFETCH(QString, text);
        QCOMPARE(kb::relativeTimeText(1'800'000'000 + left, 1'800'000'000), text);
    }
    void whatIsNoTimeHasNoText() {
        QVERIFY(kb::relativeTimeText(std::numeric_limits<double>::infinity(), 0).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRelativeTime)
#include "test_relative_time.moc"
