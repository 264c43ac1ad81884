// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_device.h"

#include "oauth_samples.h"

using namespace kb;
using Action = DevicePoll::Action;

class TestOAuthDevice : public QObject {
    Q_OBJECT

    OAuthFixture m_f;

    static DevicePoll poll(qint64 intervalS = 5, qint64 lifetimeS = 100) {
        DeviceAuthorization device;
        device.intervalS = intervalS;
        device.lifetimeS = lifetimeS;
        return DevicePoll(device, 1000);
    }
    /// A token endpoint's answer as it comes in.
    void answer(DevicePoll& p, qint64 nowMs, int status, const QByteArray& body,
                const QByteArray& retryAfter = {}) {
        Response response = jsonAnswer(status, body);
        if (!retryAfter.isEmpty()) response.headers.append("Retry-After", retryAfter);
        const auto tokens = readTokenResponse(response, {}, m_f.context());
        if (tokens)
            p.answered(*tokens);
        else
            p.answered(tokens.error(), nowMs);
    }
    static QByteArray error(const char* code) { return QByteArray("{\"error\":\"") + code + "\"}"; }

private Q_SLOTS:
    void s5_10_pollsAtTheInterval() {
        DevicePoll p = poll();
        QCOMPARE(p.next(1000), Action::Wait);
        QCOMPARE(p.nextMs(), 6000);
        QCOMPARE(p.next(5999), Action::Wait);
        QCOMPARE(p.next(6000), Action::Ask);
        QCOMPARE(p.next(60'000), Action::Wait); // one at a time
        answer(p, 6500, 400, error("authorization_pending"));
        QCOMPARE(p.nextMs(), 11'500);
        QCOMPARE(p.next(11'499), Action::Wait);
        QCOMPARE(p.next(11'500), Action::Ask);
        answer(p, 12'000, 200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}");
        QCOMPARE(p.next(20'000), Action::Over);
        QVERIFY(p.hasToken());
        QVERIFY(!p.error());
    }

    void s5_10_slowDownAddsFiveSecondsForGood() {
        DevicePoll p = poll();
        QCOMPARE(p.next(6000), Action::Ask);
        answer(p, 6000, 400, error("slow_down"));
        QCOMPARE(p.nextMs(), 16'000);
        QCOMPARE(p.next(16'000), Action::Ask);
        answer(p, 16'000, 400, error("authorization_pending"));
        QCOMPARE(p.nextMs(), 26'000);
        QCOMPARE(p.next(26'000), Action::Ask);
        answer(p, 26'000, 400, error("slow_down"));
        QCOMPARE(p.intervalMs(), 15'000);
        QCOMPARE(p.nextMs(), 41'000);
    }

    void s5_10_timeOutsBackOff() {
        DevicePoll p = poll(5, 10'000);
        QCOMPARE(p.next(6000), Action::Ask);
        p.notAnswered(6000);
        QCOMPARE(p.nextMs(), 16'000);
        QCOMPARE(p.next(16'000), Action::Ask);
        p.notAnswered(16'000);
        QCOMPARE(p.nextMs(), 36'000);
        QCOMPARE(p.next(36'000), Action::Ask);
        answer(p, 36'000, 400, error("authorization_pending")); // back to the interval
        QCOMPARE(p.nextMs(), 41'000);
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(p.next(p.nextMs()), Action::Ask);
            p.notAnswered(0);
        }
        QCOMPARE(p.nextMs(), 300'000); // no longer than that
    }

    void s5_10_aServerThatIsDownIsAskedLess() {
        DevicePoll p = poll();
        QCOMPARE(p.next(6000), Action::Ask);
        answer(p, 6000, 503, "<html>", "30");
        QVERIFY(!p.error());
        QCOMPARE(p.nextMs(), 36'000);
        QCOMPARE(p.next(36'000), Action::Ask);
        answer(p, 36'000, 500, {});
        QCOMPARE(p.nextMs(), 56'000);
    }

    void s5_10_stops_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("code");
        QTest::newRow("denied") << 400 << error("access_denied") << int(ErrorCode::Cancelled);
        QTest::newRow("expired") << 400 << error("expired_token") << int(ErrorCode::TimedOut);
        QTest::newRow("unknown client") << 401 << error("invalid_client") << int(ErrorCode::ProtocolError);
        QTest::newRow("unknown code") << 400 << error("something_new") << int(ErrorCode::ProtocolError);
        QTest::newRow("html") << 400 << QByteArray("<!doctype html><html></html>")
                              << int(ErrorCode::ParseError);
        QTest::newRow("redirect") << 302 << QByteArray() << int(ErrorCode::ProtocolError);
        QTest::newRow("odd token") << 200 << QByteArray("{\"access_token\":\"t\",\"token_type\":\"mac\"}")
                                   << int(ErrorCode::ProtocolError);
    }
    void s5_10_stops() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        DevicePoll p = poll();
        QCOMPARE(p.next(6000), Action::Ask);
        answer(p, 6000, status, body);
        QCOMPARE(p.next(11'000), Action::Over);
        QVERIFY(p.error());
        QCOMPARE(int(p.error()->code), code);
        QVERIFY(!p.hasToken());
    }

    void s5_10_endsWithExpiresIn() {
        DevicePoll p = poll(5, 12);
        QCOMPARE(p.endMs(), 13'000);
        QCOMPARE(p.next(6000), Action::Ask);
        answer(p, 9000, 400, error("authorization_pending"));
        QCOMPARE(p.nextMs(), 13'000); // the end comes before the next question
        QCOMPARE(p.next(12'999), Action::Wait);
        QCOMPARE(p.next(13'000), Action::Over);
        QCOMPARE(p.error()->code, ErrorCode::TimedOut);
        DevicePoll late = poll(5, 12);
        QCOMPARE(late.next(6000), Action::Ask);
        QCOMPARE(late.next(14'000), Action::Wait); // the answer under way may still be the token
        answer(late, 14'500, 200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}");
        QVERIFY(late.hasToken());
    }
};

QTEST_GUILESS_MAIN(TestOAuthDevice)
#include "test_oauth_device.moc"
