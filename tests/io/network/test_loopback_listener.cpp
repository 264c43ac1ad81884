// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/loopback_listener.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QUrl>

using namespace kb;

namespace {

QByteArray ask(const QUrl& url, const QByteArray& request) {
    QTcpSocket socket;
    socket.connectToHost(url.host(), static_cast<quint16>(url.port()));
    if (!socket.waitForConnected(5000)) return "refused";
    socket.write(request);
    QByteArray answer;
    const bool ended = QTest::qWaitFor(
        [&] {
            answer += socket.readAll();
            return socket.state() == QAbstractSocket::UnconnectedState;
        },
        15000);
    return ended ? answer + socket.readAll() : QByteArray("no end");
}

QByteArray get(const QUrl& url, const QByteArray& target) {
    return ask(url, "GET " + target + " HTTP/1.1\r\nHost: " + url.authority().toUtf8() + "\r\n\r\n");
}

} // namespace

// RFC 8252 §7.3 and §8.3.
class TestLoopbackListener : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_targets.clear();
        LoopbackListener listener;
        auto wait = listener.listen(QStringLiteral("/callback"), [this](const QByteArray& target) {
            m_targets.append(target);
            return !target.contains("state=wrong");
        });
        QVERIFY(wait.has_value());
        m_wait = std::move(*wait);
        m_url = QUrl(m_wait->redirectUri());
    }

    void s5_8_theAddressIsALiteralOnLoopback() {
        QCOMPARE(m_url.host(), QStringLiteral("127.0.0.1"));
        QVERIFY(m_url.port() > 0);
        QCOMPARE(m_url.path(), QStringLiteral("/callback"));
    }

    void s5_8_theAnswerArrivesOnceAndThePortCloses() {
        const QByteArray answer = get(m_url, "/callback?code=a%20b&state=s");
        QVERIFY2(answer.startsWith("HTTP/1.1 200 "), answer.constData());
        QTRY_COMPARE(m_targets, QList<QByteArray>{"/callback?code=a%20b&state=s"});
        QCOMPARE(get(m_url, "/callback?code=again&state=s"), QByteArray("refused"));
        QCOMPARE(m_targets.size(), 1);
    }

    void s5_8_thePageTellsNobodyAndEchoesNothing() {
        const QByteArray answer = get(m_url, "/callback?code=%3Cscript%3Ecanary&error_description=canary");
        QVERIFY(answer.contains("Referrer-Policy: no-referrer"));
        QVERIFY(answer.contains("Cache-Control: no-store"));
        QVERIFY(answer.contains("Content-Security-Policy: default-src 'none'"));
        QVERIFY(!answer.contains("canary"));
        QVERIFY(!answer.contains("<script"));
        QVERIFY(!answer.contains("Location:")); // no open redirect
    }

    void s5_8_otherRequestsAreIgnored_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("another path") << QByteArray("GET /favicon.ico HTTP/1.1\r\n\r\n");
        QTest::newRow("a longer path") << QByteArray("GET /callback/x?code=1 HTTP/1.1\r\n\r\n");
        QTest::newRow("no query") << QByteArray("GET /callback HTTP/1.1\r\n\r\n");
        QTest::newRow("another method") << QByteArray("POST /callback?code=1 HTTP/1.1\r\n\r\n");
        QTest::newRow("not HTTP") << QByteArray("hello\r\n\r\n");
        QTest::newRow("endless") << QByteArray("GET /callback?").append(QByteArray(100000, 'a'));
    }
    void s5_8_otherRequestsAreIgnored() {
        QFETCH(QByteArray, request);
        const QByteArray answer = ask(m_url, request);
        QVERIFY2(answer.isEmpty() || answer.startsWith("HTTP/1.1 404 "), answer.constData());
        QVERIFY(m_targets.isEmpty());
        QVERIFY(get(m_url, "/callback?code=1").startsWith("HTTP/1.1 200 "));
        QTRY_COMPARE(m_targets.size(), 1);
    }

    void s5_8_theOtherLoopbackAddressServesToo() {
        QUrl six = m_url;
        six.setHost(QStringLiteral("::1"));
        QTcpSocket probe;
        probe.connectToHost(QHostAddress::LocalHostIPv6, static_cast<quint16>(six.port()));
        if (!probe.waitForConnected(2000)) {
            // A machine without IPv6: nothing to serve there, and 127.0.0.1 works as the other tests show.
            QVERIFY(!QTcpServer().listen(QHostAddress::LocalHostIPv6));
            return;
        }
        probe.abort();
        QVERIFY(get(six, "/callback?code=6").startsWith("HTTP/1.1 200 "));
        QTRY_COMPARE(m_targets.size(), 1);
    }

    void s5_8_goneMeansClosedAndSilent() {
        m_wait.reset();
        QCOMPARE(get(m_url, "/callback?code=1"), QByteArray("refused"));
        QVERIFY(m_targets.isEmpty());
    }

    void s5_8_whatIsNotWaitedForKeepsThePortOpen() {
        QVERIFY(get(m_url, "/callback?code=1&state=wrong").startsWith("HTTP/1.1 404 "));
        QVERIFY(get(m_url, "/callback?code=1&state=right").startsWith("HTTP/1.1 200 "));
        QCOMPARE(m_targets.size(), 2);
        QCOMPARE(get(m_url, "/callback?code=1&state=right"), QByteArray("refused"));
    }

private:
    QList<QByteArray> m_targets;
    std::unique_ptr<RedirectWait> m_wait;
    QUrl m_url;
};

QTEST_GUILESS_MAIN(TestLoopbackListener)
#include "test_loopback_listener.moc"
