// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <QDateTime>
#include <QtTest>

using namespace kb;

namespace {

/// A machine whose clocks are turned by hand.
class HandClock : public Clock {
public:
    qint64 wall = 1'700'000'000'000;
    qint64 boot = 50'000;
    qint64 wallMs() const override { return wall; }
    qint64 bootMs() const override { return boot; }
    void pass(qint64 ms) {
        wall += ms;
        boot += ms;
    }
};

constexpr qint64 hour = 3'600'000;

} // namespace

class TestClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void systemClockTellsTheTime() {
        const SystemClock clock;
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        const qint64 told = clock.wallMs();
        const qint64 after = QDateTime::currentMSecsSinceEpoch();
        QVERIFY(told >= before - 1 && told <= after + 1);
    }

    void bootClockRunsForward() {
        const SystemClock clock;
        const qint64 first = clock.bootMs();
        QVERIFY(first > 0);
        QTRY_VERIFY(clock.bootMs() > first);
    }

#ifdef Q_OS_LINUX
    void bootClockCountsSleep() {
        // /proc/uptime is the same clock with two decimals, sleep included.
        QFile uptime("/proc/uptime");
        QVERIFY(uptime.open(QIODevice::ReadOnly));
        const double seconds = uptime.readAll().split(' ').first().toDouble();
        QVERIFY(std::abs(double(SystemClock().bootMs()) / 1000 - seconds) < 60);
    }
#endif

    void trustedTimeFollowsAnEvenClock() {
        HandClock clock;
        const TrustedTime time(clock);
        clock.pass(5 * hour);
        QCOMPARE(time.nowMs(), clock.wall);
        QCOMPARE(time.jumpMs(), 0);
    }

    void sleepCounts() {
        // Both clocks go on during sleep; the first look afterwards is right.
        HandClock clock;
        const TrustedTime time(clock);
        clock.pass(9 * hour);
        QCOMPARE(time.nowMs(), 1'700'000'000'000 + 9 * hour);
    }

    void jumpIsToldAndNotBelieved_data() {
        QTest::addColumn<qint64>("jump");
        QTest::addColumn<qint64>("told");
        QTest::newRow("forward an hour") << hour << hour;
        QTest::newRow("back a day") << -24 * hour << -24 * hour;
        QTest::newRow("two seconds are nothing") << qint64(2000) << qint64(0);
        QTest::newRow("two seconds back are nothing") << qint64(-2000) << qint64(0);
        QTest::newRow("a little more") << qint64(2001) << qint64(2001);
        QTest::newRow("a little more back") << qint64(-2001) << qint64(-2001);
    }
    void jumpIsToldAndNotBelieved() {
        QFETCH(qint64, jump);
        HandClock clock;
        const TrustedTime time(clock);
        clock.pass(1000);
        const qint64 before = time.nowMs();
        clock.wall += jump;
        QCOMPARE(time.nowMs(), before);
        QTEST(time.jumpMs(), "told");
        clock.pass(500);
        QCOMPARE(time.nowMs(), before + 500);
    }

    void userAcceptsTheNewClock() {
        HandClock clock;
        TrustedTime time(clock);
        clock.wall += hour;
        time.acceptWallClock();
        QCOMPARE(time.nowMs(), clock.wall);
        QCOMPARE(time.jumpMs(), 0);
        clock.pass(10);
        QCOMPARE(time.nowMs(), clock.wall);
    }

    void serverSides_data() {
        QTest::addColumn<qint64>("jump");
        QTest::addColumn<qint64>("serverAgainstWall");
        QTest::addColumn<bool>("takenOn");
        QTest::newRow("with the new clock") << hour << qint64(-800) << true;
        QTest::newRow("with the new clock, which went back") << -hour << qint64(1500) << true;
        QTest::newRow("with trusted time") << hour << -hour << false;
        QTest::newRow("with nobody, nearer to the new clock") << hour << qint64(-10 * 60'000) << false;
        QTest::newRow("far beyond") << hour << 5 * hour << false;
        QTest::newRow("small jump, server nearer to trusted time")
            << qint64(10'000) << qint64(-9000) << false;
        QTest::newRow("small jump, server nearer to the new clock") << qint64(10'000) << qint64(-900) << true;
    }
    void serverSides() {
        QFETCH(qint64, jump);
        QFETCH(qint64, serverAgainstWall);
        QFETCH(bool, takenOn);
        HandClock clock;
        TrustedTime time(clock);
        const qint64 before = time.nowMs();
        clock.wall += jump;
        time.observeServerDate(clock.wall + serverAgainstWall);
        QCOMPARE(time.nowMs(), takenOn ? clock.wall : before);
        QCOMPARE(time.jumpMs(), takenOn ? 0 : jump);
    }

    void serverDoesNotMoveASteadyClock() {
        HandClock clock;
        TrustedTime time(clock);
        clock.wall += 1500;
        const qint64 before = time.nowMs();
        time.observeServerDate(clock.wall);
        QCOMPARE(time.nowMs(), before);
    }
};

QTEST_GUILESS_MAIN(TestClock)
#include "test_clock.moc"
