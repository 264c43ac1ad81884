// SPDX-License-Identifier: GPL-3.0-or-later
// Which connection a request uses: kept within a lane, never shared between two.
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace kb;
using namespace kb::test;

class TestConnections : public QObject {
    Q_OBJECT
    RawServer m_server;

    /// The number of the connection the request came in on, as the server counts them.
    QByteArray connectionOf(Transport& transport, const QString& url, const TransportOptions& options) {
        const Result<TransportReply> reply = exchange(transport, url, options);
        return reply ? reply->response.body : reply.error().text().toUtf8();
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start({QStringLiteral("--tls")})); }

    void keptWithinALane() {
        CurlTransport transport;
        const QString url = m_server.url("/connection");
        const QByteArray reader = connectionOf(transport, url, plain(QStringLiteral("reader")));
        const QByteArray admin = connectionOf(transport, url, plain(QStringLiteral("admin")));
        const QByteArray anonymous = connectionOf(transport, url, plain(QString()));
        QVERIFY(reader.toInt() > 0);
        QVERIFY(admin != reader);
        QVERIFY(anonymous != reader && anonymous != admin);
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(connectionOf(transport, url, plain(QStringLiteral("reader"))), reader);
            QCOMPARE(connectionOf(transport, url, plain(QStringLiteral("admin"))), admin);
            QCOMPARE(connectionOf(transport, url, plain(QString())), anonymous);
        }
    }

    void aClosedLaneStartsAnew() {
        CurlTransport transport;
        const QString url = m_server.url("/connection");
        const QByteArray before = connectionOf(transport, url, plain(QStringLiteral("gone")));
        transport.closeLane(QStringLiteral("gone"));
        QVERIFY(connectionOf(transport, url, plain(QStringLiteral("gone"))) != before);
    }

    void tlsSettingsDoNotShareAConnection() {
        CurlTransport transport;
        const QString url = m_server.tlsUrl("/connection");
        TransportOptions checked = plain();
        checked.caFile = m_server.file("ca");
        TransportOptions unchecked = plain();
        unchecked.verifyTls = false;
        const QByteArray loose = connectionOf(transport, url, unchecked);
        QVERIFY2(loose.toInt() > 0, loose.constData());
        const QByteArray strict = connectionOf(transport, url, checked);
        QVERIFY2(strict.toInt() > 0, strict.constData());
        QVERIFY(strict != loose);
        QCOMPARE(connectionOf(transport, url, unchecked), loose);
        QCOMPARE(connectionOf(transport, url, checked), strict);
        // A connection that was let through once must not let a checked request through.
        KB_ERROR(error, transport, url, plain());
        QCOMPARE(error.code, ErrorCode::TlsFailed);
    }

    void parallelRequestsGetTheirOwnAnswers() {
        CurlTransport transport;
        std::vector<std::unique_ptr<Transfer>> transfers;
        QList<QByteArray> bodies(24);
        int done = 0;
        for (int i = 0; i < bodies.size(); ++i) {
            TransferCallbacks callbacks;
            callbacks.finished = [&bodies, &done, i](const Result<TransportReply>& result) {
                if (result) bodies[i] = result->response.body;
                ++done;
            };
            HeaderList headers;
            headers.append("X-Number", QByteArray::number(i));
            transfers.push_back(
                transport.send(get(m_server.url("/echo"), headers), plain(), std::move(callbacks)));
        }
        QVERIFY(spinUntil([&] { return done == int(bodies.size()); }));
        for (int i = 0; i < bodies.size(); ++i)
            QVERIFY(bodies.at(i).contains(QByteArray("\r\nX-Number: " + QByteArray::number(i) + "\r\n")));
    }

    void twoThousandOnOneConnection() {
        CurlTransport transport;
        QByteArray first;
        for (int i = 0; i < 2000; ++i) {
            const QByteArray now = connectionOf(transport, m_server.url("/connection"), plain());
            if (i == 0) first = now;
            QCOMPARE(now, first);
        }
        QVERIFY(first.toInt() > 0);
    }

    void aKeptConnectionThatDiesIsReplacedAndSaidSo() {
        CurlTransport transport;
        KB_REPLY(first, transport, m_server.url("/drop-next"));
        QCOMPARE(first.response.status, 200);
        KB_REPLY(second, transport, withBody("POST", m_server.url("/echo"), "pay once"));
        QVERIFY(second.response.body.endsWith("pay once"));
        QVERIFY2(second.response.bodyNote.contains(QStringLiteral("went out 2 times")),
                 qPrintable(second.response.bodyNote));
        KB_REPLY(third, transport, m_server.url("/drop-next"));
        KB_REPLY(fourth, transport, m_server.url("/hello")); // asking twice for the same changes nothing
        QCOMPARE(fourth.response.bodyNote, QString());
        Q_UNUSED(third)
    }

    void anIdleConnectionTheServerClosedIsNotUsed() {
        CurlTransport transport;
        KB_REPLY(first, transport, m_server.url("/longer"));
        Q_UNUSED(first)
        QTest::qWait(20);
        KB_REPLY(second, transport, withBody("POST", m_server.url("/echo"), "x"));
        QCOMPARE(second.response.bodyNote, QString());
        QVERIFY(!second.connection.reused);
    }

    void transfersOutliveTheTransport() {
        auto transport = std::make_unique<CurlTransport>();
        QByteArray body;
        TransferCallbacks callbacks;
        callbacks.finished = [&](const Result<TransportReply>& result) {
            if (result) body = result->response.body;
        };
        const auto transfer =
            transport->send(get(m_server.url("/slow-chunks")), plain(), std::move(callbacks));
        transport.reset();
        QVERIFY(spinUntil([&] { return !body.isEmpty(); }));
        QCOMPARE(body, QByteArray("one, two\n"));
    }

    void timersOfSeveralTransfersDoNotDisturbEachOther() {
        CurlTransport transport;
        int timedOut = 0, answered = 0;
        std::vector<std::unique_ptr<Transfer>> transfers;
        for (const int limit : {400, 100, 250, 20000}) {
            TransportOptions options = plain();
            options.timeoutMs = limit;
            TransferCallbacks callbacks;
            callbacks.finished = [&](const Result<TransportReply>& result) {
                if (result)
                    ++answered;
                else if (result.error().code == ErrorCode::TimedOut)
                    ++timedOut;
            };
            const char* path = limit == 20000 ? "/slow-chunks" : "/hang";
            transfers.push_back(transport.send(get(m_server.url(path)), options, std::move(callbacks)));
        }
        QVERIFY(spinUntil([&] { return timedOut + answered == 4; }));
        QCOMPARE(timedOut, 3);
        QCOMPARE(answered, 1);
    }
};

QTEST_GUILESS_MAIN(TestConnections)
#include "test_connections.moc"
