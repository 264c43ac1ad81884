// SPDX-License-Identifier: GPL-3.0-or-later
// Whole answers of every shape, as they come off the wire.
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QDateTime>
#include <QTest>

using namespace kb;
using namespace kb::test;

namespace {
QByteArray packedText() {
    return QByteArray("Packed with care, unpacked with care. ").repeated(20);
}
} // namespace

class TestAnswers : public QObject {
    Q_OBJECT
    RawServer m_server;
    CurlTransport m_transport;

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start()); }

    void earlyHintsStandApart() {
        for (int round = 0; round < 3; ++round) { // and the next answer on the connection is its own
            KB_REPLY(reply, m_transport, m_server.url("/103"));
            QCOMPARE(reply.response.status, 200);
            QCOMPARE(reply.response.body, QByteArray("hello"));
            QVERIFY(!reply.response.headers.contains("Link"));
            QCOMPARE(reply.response.interim.size(), 1);
            const InterimResponse& hints = reply.response.interim.first();
            QCOMPARE(hints.status, 103);
            QCOMPARE(hints.reason, QByteArray("Early Hints"));
            QCOMPARE(hints.headers.all("Link"),
                     (QList<QByteArray>{"</a.css>; rel=preload", "</b.css>; rel=preload"}));
            KB_REPLY(next, m_transport, m_server.url("/204"));
            QCOMPARE(next.response.status, 204);
        }
    }

    void severalInterimAnswers() {
        KB_REPLY(reply, m_transport, m_server.url("/100"));
        QCOMPARE(reply.response.interim.size(), 2);
        QCOMPARE(reply.response.interim.at(0).status, 100);
        QCOMPARE(reply.response.interim.at(1).status, 102);
        QCOMPARE(reply.response.interim.at(1).headers.first("X-Step").value_or(""), QByteArray("1"));
        QCOMPARE(reply.response.status, 200);
    }

    void switchingProtocolsEndsTheExchange() {
        KB_REPLY(reply, m_transport, m_server.url("/101"));
        QCOMPARE(reply.response.status, 101);
        QCOMPARE(reply.response.headers.first("Upgrade").value_or(""), QByteArray("websocket"));
        QVERIFY(reply.response.bodyNote.contains(QStringLiteral("another protocol")));
        KB_REPLY(next, m_transport, m_server.url("/hello"));
        QCOMPARE(next.response.body, QByteArray("hello"));
    }

    void chunksAreJoined() {
        KB_REPLY(reply, m_transport, m_server.url("/chunked"));
        QCOMPARE(reply.response.body, QByteArray("one, two, three"));
        QCOMPARE(reply.response.encodedBodyBytes, 15);
        QCOMPARE(reply.response.declaredLength, -1);
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(reply.response.bodyNote, QString());
        KB_REPLY(slow, m_transport, m_server.url("/slow-chunks"));
        QCOMPARE(slow.response.body, QByteArray("one, two\n"));
    }

    void trailersStandApart() {
        KB_REPLY(reply, m_transport, m_server.url("/trailers"));
        QCOMPARE(reply.response.body, QByteArray("body"));
        QCOMPARE(reply.response.trailers.all("X-Sum"), (QList<QByteArray>{"4", "four"}));
        QVERIFY(!reply.response.headers.contains("X-Sum"));
        KB_REPLY(next, m_transport, m_server.url("/hello"));
        QVERIFY(next.response.trailers.isEmpty());
    }

    void codingsAreUndone_data() {
        QTest::addColumn<bool>("asked");
        for (const char* path : {"/gzip", "/x-gzip", "/deflate", "/bare-deflate", "/br", "/zstd",
                                 "/two-codings", "/gzip-chunked", "/gzip-members"}) {
            QTest::newRow(path) << false;
            QTest::newRow(qPrintable(QLatin1String(path) % QLatin1String("?asked"))) << true;
        }
    }
    void codingsAreUndone() {
        QFETCH(bool, asked);
        HeaderList headers;
        if (asked) headers.append("Accept-Encoding", "gzip, deflate, br, zstd");
        KB_REPLY(reply, m_transport, get(m_server.url(QTest::currentDataTag()), headers));
        QCOMPARE(reply.response.body, packedText());
        QVERIFY(reply.response.encodedBodyBytes > 20);
        QVERIFY(reply.response.encodedBodyBytes < 200);
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(reply.response.bodyNote, QString());
        QVERIFY(reply.response.headers.contains("Content-Encoding"));
        QCOMPARE(reply.sentHeaders.contains("Accept-Encoding"), asked);
    }

    void packedDataInSeveralFramesOrNone() {
        KB_REPLY(frames, m_transport, m_server.url("/zstd-frames"));
        QCOMPARE(frames.response.body, packedText() + packedText());
        QCOMPARE(frames.response.bodyEnd, BodyEnd::Complete);
        KB_REPLY(empty, m_transport, m_server.url("/empty-gzip"));
        QCOMPARE(empty.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(empty.response.bodyNote, QString());
        Request head = get(m_server.url("/gzip"));
        head.method = "HEAD";
        KB_REPLY(none, m_transport, head);
        QCOMPARE(none.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(none.response.bodyNote, QString());
    }

    void whatFollowsPackedDataIsLeftOut_data() {
        QTest::addColumn<int>("unused");
        for (const char* path : {"/gzip-and-more", "/br-and-more", "/zstd-and-more"})
            QTest::newRow(path) << 0;
    }
    void whatFollowsPackedDataIsLeftOut() {
        KB_REPLY(reply, m_transport, m_server.url(QTest::currentDataTag()));
        QCOMPARE(reply.response.body, packedText());
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Complete);
        QVERIFY2(reply.response.bodyNote.contains(QStringLiteral("after the end of the packed data")),
                 qPrintable(reply.response.bodyNote));
    }

    void unknownCodingIsShownAsItCame() {
        KB_REPLY(reply, m_transport, m_server.url("/unknown-coding"));
        QCOMPARE(reply.response.body, QByteArray("uryyb"));
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Complete);
        QVERIFY2(reply.response.bodyNote.contains(QStringLiteral("rot13")),
                 qPrintable(reply.response.bodyNote));
        KB_REPLY(next, m_transport, m_server.url("/gzip")); // the handle decodes again
        QCOMPARE(next.response.body, packedText());
        KB_REPLY(identity, m_transport, m_server.url("/identity"));
        QCOMPARE(identity.response.body, packedText());
    }

    void oldHttpWithoutLength() {
        KB_REPLY(reply, m_transport, m_server.url("/http10"));
        QCOMPARE(reply.response.httpVersion, QByteArray("1.0"));
        QCOMPARE(reply.response.reason, QByteArray("Fine"));
        QCOMPARE(reply.response.body, QByteArray("old and good"));
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Complete);
    }

    void statusLines() {
        KB_REPLY(none, m_transport, m_server.url("/no-reason"));
        QCOMPARE(none.response.status, 299);
        QCOMPARE(none.response.reason, QByteArray());
        QCOMPARE(none.response.httpVersion, QByteArray("1.1"));
        KB_REPLY(odd, m_transport, m_server.url("/odd-reason"));
        QCOMPARE(odd.response.status, 404);
        QCOMPARE(odd.response.reason, QByteArray("Gone  fishing (back at 5)"));
    }

    void answersWithoutBody() {
        KB_REPLY(none, m_transport, m_server.url("/204"));
        QCOMPARE(none.response.status, 204);
        QCOMPARE(none.response.bodyEnd, BodyEnd::Complete);
        KB_REPLY(same, m_transport, m_server.url("/304"));
        QCOMPARE(same.response.status, 304);
        QCOMPARE(same.response.declaredLength, 500);
        QCOMPARE(same.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(same.response.bodyNote, QString());
    }

    void headersKeepOrderCaseAndRepeats() {
        KB_REPLY(reply, m_transport, m_server.url("/dup"));
        const QList<HeaderField> expected{{"Set-Cookie", "a=1"}, {"X-Two", "1"},
                                          {"set-cookie", "b=2"}, {"X-two", "2"},
                                          {"SET-COOKIE", "c=3"}, {"Content-Length", "0"}};
        QCOMPARE(reply.response.headers.fields.size(), expected.size());
        QVERIFY(reply.response.headers.fields == expected);
        QCOMPARE(
            reply.response.headerBytes,
            qint64(qstrlen("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-Two: 1\r\nset-cookie: b=2\r\nX-two:2\r\n"
                           "SET-COOKIE:  c=3  \r\nContent-Length: 0\r\n\r\n")));
    }

    void foldedLinesAreOneValue() {
        KB_REPLY(reply, m_transport, m_server.url("/fold"));
        QCOMPARE(reply.response.headers.first("X-Folded").value_or(""), QByteArray("one two three"));
        QCOMPARE(reply.response.headers.size(), 2);
    }

    void bytesAreBytes() {
        KB_REPLY(binary, m_transport, m_server.url("/binary"));
        QCOMPARE(binary.response.body.size(), 256);
        for (int i = 0; i < 256; ++i)
            QCOMPARE(uchar(binary.response.body.at(i)), uchar(i));
        KB_REPLY(latin, m_transport, m_server.url("/latin1"));
        QCOMPARE(latin.response.headers.first("X-Name").value_or(""), QByteArray("caf\xe9"));
    }

    void connectionAndTimesAreTold() {
        CurlTransport fresh;
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        KB_REPLY(first, fresh, m_server.url("/103"));
        QCOMPARE(first.connection.peerAddress, QStringLiteral("127.0.0.1:%1").arg(m_server.port()));
        QVERIFY(first.connection.localAddress.startsWith(QStringLiteral("127.0.0.1:")));
        QVERIFY(first.connection.localAddress != first.connection.peerAddress);
        QVERIFY(!first.connection.reused);
        QCOMPARE(first.connection.tlsVersion, QString());
        QCOMPARE(first.connection.proxy, QString());
        QVERIFY(first.startedMs >= before);
        const Timings& t = first.timings;
        QVERIFY(t.nameLookup >= 0);
        QVERIFY(t.connect >= t.nameLookup);
        QCOMPARE(t.tls, -1.0);
        QVERIFY(t.requestSent >= t.connect);
        QVERIFY(t.firstByte >= t.requestSent);
        QVERIFY(t.total >= 20); // the server waits that long after its 103
        KB_REPLY(second, fresh, m_server.url("/hello"));
        QVERIFY(second.connection.reused);
        QCOMPARE(second.timings.nameLookup, -1.0);
        QCOMPARE(second.timings.connect, -1.0);
        QVERIFY(second.timings.requestSent >= 0);
        QVERIFY(second.timings.firstByte >= second.timings.requestSent);
        QCOMPARE(second.connection.peerAddress, first.connection.peerAddress);
    }
};

QTEST_GUILESS_MAIN(TestAnswers)
#include "test_answers.moc"
