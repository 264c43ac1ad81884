// SPDX-License-Identifier: GPL-3.0-or-later
// What goes out is what was asked for, byte for byte.
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace kb;
using namespace kb::test;

class TestRequestBytes : public QObject {
    Q_OBJECT
    RawServer m_server;
    CurlTransport m_transport;

    QByteArray host() const { return "127.0.0.1:" + QByteArray::number(m_server.port()); }
    /// The last request the server got, for answers that cannot carry an echo.
    QByteArray lastReceived() {
        const Result<TransportReply> last = exchange(m_transport, m_server.url("/last"));
        return last ? last->response.body : QByteArray();
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start()); }

    void targetGoesOutAsTyped_data() {
        QTest::addColumn<QString>("target");
        for (const char* target : {"/echo?q=%7E~%2f", "/a/../b", "//x", "/./c/.", "/%7E%7e",
                                   "/echo?a=1&a=2&&b", "/echo?", "/echo?a=[1]&b={2}", "/p;v=1/q:r@s",
                                   "/echo?x='\"<>|^`", "/..", "/a//b///c", "/echo?redirect=http://x/../y"}) {
            QTest::newRow(target) << QString::fromLatin1(target);
        }
    }
    void targetGoesOutAsTyped() {
        QFETCH(QString, target);
        const HttpUrl url = HttpUrl::parse(m_server.url(qPrintable(target))).value();
        KB_REPLY(reply, m_transport, m_server.url(qPrintable(target)));
        Q_UNUSED(reply)
        QCOMPARE(lastReceived().split('\r').first(), "GET " + url.requestTarget() + " HTTP/1.1");
        if (!target.contains(QLatin1Char('"'))) QCOMPARE(url.requestTarget(), target.toLatin1());
    }

    void nothingIsAdded() {
        KB_REPLY(reply, m_transport, m_server.url("/echo"));
        QCOMPARE(reply.response.body, QByteArray("GET /echo HTTP/1.1\r\nHost: " + host() + "\r\n\r\n"));
        QCOMPARE(reply.sentHeaders.size(), 1);
        QCOMPARE(reply.sentHeaders.fields.first().value, host());
    }

    void fieldLinesKeepOrderCaseAndRepeats() {
        HeaderList headers;
        headers.append("X-b", "2");
        headers.append("accept", "a/b");
        headers.append("x-B", "again");
        headers.append("Empty", "");
        headers.append("User-Agent", "me");
        headers.append("HOST", "elsewhere.example");
        headers.append("Accept", "c/d");
        headers.append("Accept-Encoding", "br;q=0.5");
        headers.append("Accept-Encoding", "gzip");
        headers.append("Cookie", "a=1");
        headers.append("Cookie", "b=2");
        headers.append("Authorization", "Bearer abc");
        headers.append("Authorization", "Bearer def");
        headers.append("X-Latin", "caf\xe9");
        headers.append("X-Quoted", "a;b:c,\"d\"  e");
        KB_REPLY(reply, m_transport, get(m_server.url("/echo"), headers));
        QByteArray expected = "GET /echo HTTP/1.1\r\n";
        for (const HeaderField& field : headers.fields)
            expected += QByteArray(field.name + (field.value.isEmpty() ? ":" : ": ") + field.value + "\r\n");
        QCOMPARE(reply.response.body, QByteArray(expected + "\r\n"));
        QVERIFY(reply.sentHeaders == headers);
    }

    void twoHostLinesGoOutTwice() {
        HeaderList headers;
        headers.append("Host", "one.example");
        headers.append("X", "1");
        headers.append("Host", "two.example");
        KB_REPLY(reply, m_transport, get(m_server.url("/echo"), headers));
        QCOMPARE(reply.response.body,
                 QByteArray("GET /echo HTTP/1.1\r\nHost: one.example\r\nX: 1\r\nHost: two.example\r\n\r\n"));
    }

    void methodsGoOutAsWritten_data() {
        QTest::addColumn<QByteArray>("method");
        for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY",
                                   "get", "PURGE!", "head", "PROPFIND", "CONNECT"}) {
            QTest::newRow(method) << QByteArray(method);
        }
    }
    void methodsGoOutAsWritten() {
        QFETCH(QByteArray, method);
        Request request = get(m_server.url("/echo"));
        request.method = method;
        KB_REPLY(bare, m_transport, request);
        QCOMPARE(bare.response.body, QByteArray(method + " /echo HTTP/1.1\r\nHost: " + host() + "\r\n\r\n"));
        KB_REPLY(full, m_transport, withBody(method, m_server.url("/echo"), "{\"a\":1}"));
        QCOMPARE(full.response.body, QByteArray(method + " /echo HTTP/1.1\r\nHost: " + host() +
                                                "\r\nContent-Length: 7\r\n\r\n{\"a\":1}"));
    }

    void methodsThatAreNoTokensAreRefused() {
        for (const char* method : {"", "GE T", "GET\r\nX: 1", "G(T"}) {
            Request request = get(m_server.url("/echo"));
            request.method = method;
            KB_ERROR(error, m_transport, request);
            QCOMPARE(error.code, ErrorCode::InvalidInput);
        }
    }

    void headHasNoBodyToRead() {
        Request request = get(m_server.url("/hello"));
        request.method = "HEAD";
        KB_REPLY(reply, m_transport, request);
        QCOMPARE(reply.response.status, 200);
        QCOMPARE(reply.response.body, QByteArray());
        QCOMPARE(reply.response.declaredLength, 5);
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(lastReceived(), QByteArray("HEAD /hello HTTP/1.1\r\nHost: " + host() + "\r\n\r\n"));
        // The handle is used again for others: nothing of HEAD may stick, nor of a body.
        KB_REPLY(next, m_transport, m_server.url("/hello"));
        QCOMPARE(next.response.body, QByteArray("hello"));
        KB_REPLY(odd, m_transport, withBody("HEAD", m_server.url("/hello"), "odd"));
        QCOMPARE(odd.response.status, 200);
        QCOMPARE(odd.response.bodyEnd, BodyEnd::Complete);
        QCOMPARE(lastReceived(),
                 QByteArray("HEAD /hello HTTP/1.1\r\nHost: " + host() + "\r\nContent-Length: 3\r\n\r\nodd"));
        KB_REPLY(post, m_transport, withBody("POST", m_server.url("/echo"), "x"));
        QVERIFY(post.response.body.endsWith("\r\n\r\nx"));
        KB_REPLY(last, m_transport, m_server.url("/echo"));
        QCOMPARE(last.response.body, QByteArray("GET /echo HTTP/1.1\r\nHost: " + host() + "\r\n\r\n"));
    }

    void bodiesGoOutWhole() {
        QByteArray large(3 * 1024 * 1024, 'x');
        for (qsizetype i = 0; i < large.size(); ++i)
            large[i] = char(i * 7);
        KB_REPLY(reply, m_transport, withBody("POST", m_server.url("/echo"), large));
        QVERIFY(reply.response.body.endsWith(QByteArray("Content-Length: 3145728\r\n\r\n" + large)));
        QVERIFY(!reply.response.body.contains("Expect"));
        KB_REPLY(empty, m_transport, withBody("POST", m_server.url("/echo"), ""));
        QVERIFY(empty.response.body.endsWith("\r\nContent-Length: 0\r\n\r\n"));
    }

    void ownFramingFieldsAreKept() {
        Request chunked = withBody("POST", m_server.url("/echo"), "hello");
        chunked.headers.append("Transfer-Encoding", "chunked");
        chunked.headers.append("Content-Type", "text/plain");
        KB_REPLY(a, m_transport, chunked);
        QVERIFY2(
            a.response.body.contains(
                "\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
            a.response.body.constData());
        QVERIFY(!a.response.body.contains("Content-Length"));
        Request own = withBody("PUT", m_server.url("/echo"), "hello");
        own.headers.append("content-length", "5");
        own.headers.append("X-After", "1");
        KB_REPLY(b, m_transport, own);
        QVERIFY(b.response.body.endsWith("\r\ncontent-length: 5\r\nX-After: 1\r\n\r\nhello"));
    }

    void expectWaitsForItsAnswer() {
        Request request = withBody("POST", m_server.url("/echo"), "body");
        request.headers.append("Expect", "100-continue");
        KB_REPLY(reply, m_transport, request);
        QVERIFY(reply.response.body.contains("\r\nExpect: 100-continue\r\n"));
        QVERIFY(reply.response.body.endsWith("\r\n\r\nbody"));
        QCOMPARE(reply.response.interim.size(), 1);
        QCOMPARE(reply.response.interim.first().status, 100);
    }

    void fieldsThatWouldSplitTheRequestAreRefused_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("CR") << QByteArray("X") << QByteArray("a\rb");
        QTest::newRow("LF") << QByteArray("X") << QByteArray("a\nB: c");
        QTest::newRow("NUL") << QByteArray("X") << QByteArray("a\0b", 3);
        QTest::newRow("name") << QByteArray("X Y") << QByteArray("a");
        QTest::newRow("colon") << QByteArray("X:") << QByteArray("a");
        QTest::newRow("empty name") << QByteArray() << QByteArray("a");
    }
    void fieldsThatWouldSplitTheRequestAreRefused() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        const QByteArray before = lastReceived();
        HeaderList headers;
        headers.append("Fine", "1");
        headers.append(name, value);
        KB_ERROR(error, m_transport, get(m_server.url("/echo?refused"), headers));
        QCOMPARE(error.code, ErrorCode::InvalidInput);
        QCOMPARE(lastReceived(), before);
    }

    void userInfoOfTheUrlIsNotACredential() {
        const QString url = QStringLiteral("http://me:secret@127.0.0.1:%1/echo").arg(m_server.port());
        if (!HttpUrl::parse(url)) return; // refusing such a URL altogether keeps the promise as well
        KB_REPLY(reply, m_transport, url);
        QVERIFY(!reply.response.body.contains("Authorization"));
    }

    void redirectsAndCookiesAreLeftAlone() {
        KB_REPLY(redirect, m_transport, m_server.url("/redirect"));
        QCOMPARE(redirect.response.status, 302);
        QCOMPARE(redirect.response.headers.first("Location").value_or(""), QByteArray("/hello"));
        KB_REPLY(cookie, m_transport, m_server.url("/set-cookie"));
        QCOMPARE(cookie.response.status, 200);
        KB_REPLY(after, m_transport, m_server.url("/echo"));
        QVERIFY(!after.response.body.contains("Cookie"));
        KB_REPLY(denied, m_transport, m_server.url("/401"));
        QCOMPARE(denied.response.status, 401);
        QVERIFY(lastReceived().startsWith("GET /401 "));
    }
};

QTEST_GUILESS_MAIN(TestRequestBytes)
#include "test_request_bytes.moc"
