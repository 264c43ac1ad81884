// SPDX-License-Identifier: GPL-3.0-or-later
// Servers that others wrote: nginx with HTTP/1.1 and HTTP/2, httpbin.
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace kb;
using namespace kb::test;

class TestRealServers : public QObject {
    Q_OBJECT
    RawServer m_server;
    CurlTransport m_transport;

    TransportOptions withCa() const {
        TransportOptions options = plain();
        options.caFile = m_server.file("ca");
        return options;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start({QStringLiteral("--nginx"), QStringLiteral("--httpbin")})); }

    void http2OverTls() {
        CurlTransport fresh;
        HeaderList headers;
        headers.append("X-One", "1");
        headers.append("Empty", "");
        KB_REPLY(reply, fresh, get(m_server.tlsUrl("/who?a=%7E&b", "nginx_tls"), headers), withCa());
        QCOMPARE(reply.response.httpVersion, QByteArray("2"));
        QCOMPARE(reply.response.status, 200);
        QCOMPARE(reply.response.reason, QByteArray());
        QCOMPARE(reply.response.body, QByteArray("HTTP/2.0 GET /who?a=%7E&b 1\n"));
        QCOMPARE(reply.response.declaredLength, reply.response.body.size());
        QCOMPARE(reply.response.bodyNote, QString());
        QVERIFY(reply.response.headers.contains("content-length"));
        QCOMPARE(reply.sentHeaders.fields.at(1).name, QByteArray("x-one"));
        QVERIFY(reply.connection.certificateVerified);
        QVERIFY(reply.connection.certificateSubject.contains(QStringLiteral("localhost")));
        KB_REPLY(again, fresh, m_server.tlsUrl("/who", "nginx_tls"), withCa());
        QVERIFY(again.connection.reused);
        QCOMPARE(again.response.httpVersion, QByteArray("2"));
    }

    void methodsAndBodiesOverHttp2() {
        Request head = get(m_server.tlsUrl("/page.txt", "nginx_tls"));
        head.method = "HEAD";
        KB_REPLY(none, m_transport, head, withCa());
        QCOMPARE(none.response.status, 200);
        QCOMPARE(none.response.body, QByteArray());
        QVERIFY(none.response.declaredLength > 1000);
        QCOMPARE(none.response.bodyEnd, BodyEnd::Complete);
        KB_REPLY(post, m_transport,
                 withBody("POST", m_server.tlsUrl("/who", "nginx_tls"), QByteArray(60000, 'x')), withCa());
        QVERIFY(post.response.body.startsWith("HTTP/2.0 POST /who"));
        QCOMPARE(post.response.bodyNote, QString());
        KB_REPLY(put, m_transport, withBody("BREW", m_server.tlsUrl("/who", "nginx_tls"), "x"), withCa());
        QVERIFY(put.response.body.startsWith("HTTP/2.0 BREW /who"));
        QCOMPARE(put.response.bodyNote, QString());
    }

    void anAnswerBeforeTheWholeRequestOverHttp2() {
        // This server answers without reading the body, and never opens the window for the rest of it.
        KB_REPLY(early, m_transport,
                 withBody("POST", m_server.tlsUrl("/who", "nginx_tls"), QByteArray(200000, 'x')), withCa());
        QVERIFY(early.response.body.startsWith("HTTP/2.0 POST /who"));
        QCOMPARE(early.response.bodyEnd, BodyEnd::Complete);
        QVERIFY2(early.response.bodyNote.contains(QStringLiteral("before the whole request was sent")),
                 qPrintable(early.response.bodyNote));
        KB_REPLY(next, m_transport, m_server.tlsUrl("/who", "nginx_tls"), withCa());
        QCOMPARE(next.response.status, 200);
    }

    void requestsShareOneHttp2Connection() {
        CurlTransport fresh;
        KB_REPLY(first, fresh, m_server.tlsUrl("/connection", "nginx_tls"), withCa());
        std::vector<std::unique_ptr<Transfer>> transfers;
        QList<QByteArray> bodies;
        int done = 0;
        for (int i = 0; i < 10; ++i) {
            TransferCallbacks callbacks;
            callbacks.finished = [&](const Result<TransportReply>& result) {
                ++done;
                if (result) bodies.append(result->response.body);
            };
            transfers.push_back(
                fresh.send(get(m_server.tlsUrl("/connection", "nginx_tls")), withCa(), std::move(callbacks)));
        }
        QVERIFY(spinUntil([&] { return done == 10; }));
        QCOMPARE(bodies.size(), 10);
        for (const QByteArray& body : bodies)
            QCOMPARE(body, first.response.body);
    }

    void limitsAndStopsOverHttp2() {
        TransportOptions options = withCa();
        options.bodyLimit = 10000;
        KB_REPLY(cut, m_transport, m_server.tlsUrl("/page.txt", "nginx_tls"), options);
        QCOMPARE(cut.response.bodyEnd, BodyEnd::LimitReached);
        QCOMPARE(cut.response.body.size(), 10000);
        std::optional<Result<TransportReply>> result;
        int limits = 0;
        TransferCallbacks callbacks;
        callbacks.limitReached = [&](const TransportReply&) { ++limits; };
        callbacks.finished = [&](Result<TransportReply> r) { result = std::move(r); };
        const auto transfer =
            m_transport.send(get(m_server.tlsUrl("/page.txt", "nginx_tls")), options, std::move(callbacks));
        QVERIFY(spinUntil([&] { return limits == 1; }));
        transfer->keepGoing(0);
        QVERIFY(spinUntil([&] { return result.has_value(); }));
        QVERIFY(result->has_value());
        QCOMPARE((*result)->response.bodyEnd, BodyEnd::Complete);
        QVERIFY((*result)->response.body.size() > 50000);
    }

    void aStreamThatIsCutOverHttp2() {
        KB_ERROR(error, m_transport, m_server.tlsUrl("/reset", "nginx_tls"), withCa());
        QVERIFY2(error.code == ErrorCode::ProtocolError || error.code == ErrorCode::ReceiveFailed,
                 qPrintable(error.text()));
        KB_ERROR(plainError, m_transport, m_server.url("/reset", "nginx"));
        QCOMPARE(plainError.code, ErrorCode::ReceiveFailed);
    }

    void nginxPacksWhatWasAskedFor() {
        HeaderList headers;
        headers.append("Accept-Encoding", "gzip");
        KB_REPLY(packed, m_transport, get(m_server.url("/page.txt", "nginx"), headers));
        QCOMPARE(packed.response.headers.first("Content-Encoding").value_or(""), QByteArray("gzip"));
        QVERIFY(packed.response.headers.contains("Transfer-Encoding"));
        KB_REPLY(bare, m_transport, m_server.url("/page.txt", "nginx"));
        QVERIFY(!bare.response.headers.contains("Content-Encoding"));
        QCOMPARE(packed.response.body, bare.response.body);
        QCOMPARE(packed.response.bodyEnd, BodyEnd::Complete);
        QVERIFY(packed.response.encodedBodyBytes < bare.response.encodedBodyBytes / 10);
        KB_REPLY(two, m_transport, get(m_server.tlsUrl("/page.txt", "nginx_tls"), headers), withCa());
        QCOMPARE(two.response.body, bare.response.body);
        QCOMPARE(two.response.bodyEnd, BodyEnd::Complete);
    }

    void httpbin_data() {
        QTest::addColumn<int>("status");
        QTest::newRow("/get") << 200;
        QTest::newRow("/gzip") << 200;
        QTest::newRow("/deflate") << 200;
        QTest::newRow("/brotli") << 200;
        QTest::newRow("/bearer") << 401;
        QTest::newRow("/status/418") << 418;
        QTest::newRow("/basic-auth/u/p") << 401;
        QTest::newRow("/stream/3") << 200;
        QTest::newRow("/bytes/1000") << 200;
        QTest::newRow("/absolute-redirect/1") << 302;
        QTest::newRow("/cookies/set?a=1") << 302;
    }
    void httpbin() {
        QFETCH(int, status);
        KB_REPLY(reply, m_transport, m_server.url(QTest::currentDataTag(), "httpbin"));
        QCOMPARE(reply.response.status, status);
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(reply.response.bodyNote, QString());
    }

    void httpbinReadsWhatWeSend() {
        Request request = withBody("PUT", m_server.url("/put?a=1&a=2", "httpbin"), "{\"x\":[1,2]}");
        request.headers.append("Content-Type", "application/json");
        KB_REPLY(reply, m_transport, request);
        const QJsonObject seen = QJsonDocument::fromJson(reply.response.body).object();
        QCOMPARE(seen.value(QLatin1String("data")).toString(), QStringLiteral("{\"x\":[1,2]}"));
        const QJsonObject headers = seen.value(QLatin1String("headers")).toObject();
        QCOMPARE(headers.keys(), (QStringList{QStringLiteral("Content-Length"),
                                              QStringLiteral("Content-Type"), QStringLiteral("Host")}));
    }
};

QTEST_GUILESS_MAIN(TestRealServers)
#include "test_real_servers.moc"
