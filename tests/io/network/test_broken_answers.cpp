// SPDX-License-Identifier: GPL-3.0-or-later
// Answers that break off, contradict themselves or are none: what came is kept, and it is said what is wrong.
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace kb;
using namespace kb::test;

class TestBrokenAnswers : public QObject {
    Q_OBJECT
    RawServer m_server;
    CurlTransport m_transport;

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start()); }

    void oddBodies_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<BodyEnd>("end");
        QTest::addColumn<QString>("note"); // a part of it; empty: none
        using E = BodyEnd;
        const auto row = [](const char* path, const char* body, E end, const char* note) {
            QTest::newRow(path) << QByteArray(body) << end << QString::fromUtf8(note);
        };
        row("/truncated", "only thirty bytes of a hundred", E::Truncated, "30 bytes of 100 bytes came");
        row("/truncated-reset", "some", E::Truncated, "4 bytes of 100 bytes came");
        row("/truncated-chunk", "wholecut", E::Truncated, "before the last chunk");
        row("/bad-chunk", "whole", E::Truncated, "chunked framing is broken");
        row("/longer", "hello", E::Complete, "more than the announced 5 bytes");
        row("/two-lengths", "hello", E::Complete, "different lengths (9 and 5)");
        row("/same-lengths", "hello", E::Complete, "");
        row("/length-and-chunks", "hello", E::Complete, "both Content-Length and Transfer-Encoding");
        row("/status-only", "", E::Truncated, "inside the header fields");
        row("/cut-headers", "", E::Truncated, "inside the header fields");
        row("/long-line", "", E::Truncated, "too long to be read");
        row("/many-fields", "", E::Truncated, "too long to be read");
        row("/many-trailers", "hello", E::Truncated, "too long to be read");
        row("/not-gzip", "", E::DecodeFailed, "not valid gzip");
        row("/not-deflate", "", E::DecodeFailed, "not valid deflate");
        row("/not-br", "", E::DecodeFailed, "not valid br");
        row("/not-zstd", "", E::DecodeFailed, "not valid zstd");
    }
    void oddBodies() {
        QFETCH(QByteArray, body);
        QFETCH(BodyEnd, end);
        QFETCH(QString, note);
        KB_REPLY(reply, m_transport, m_server.url(QTest::currentDataTag()));
        QCOMPARE(reply.response.status, 200);
        QCOMPARE(reply.response.httpVersion, QByteArray("1.1"));
        QCOMPARE(reply.response.body, body);
        QVERIFY2(reply.response.bodyNote.contains(note), qPrintable(reply.response.bodyNote));
        QCOMPARE(reply.response.bodyNote.isEmpty(), note.isEmpty());
        QCOMPARE(reply.response.bodyEnd, end);
        KB_REPLY(next, m_transport, m_server.url("/hello")); // and the next request gets its own answer
        QCOMPARE(next.response.body, QByteArray("hello"));
        QCOMPARE(next.response.bodyNote, QString());
    }

    void headersOfACutBlockAreKept() {
        KB_REPLY(reply, m_transport, m_server.url("/cut-headers"));
        QCOMPARE(reply.response.headers.first("X-One").value_or(""), QByteArray("1"));
    }

    void brokenCodingKeepsWhatCameBefore() {
        KB_REPLY(reply, m_transport, m_server.url("/broken-gzip"));
        QCOMPARE(reply.response.bodyEnd, BodyEnd::DecodeFailed);
        QVERIFY(reply.response.encodedBodyBytes > 0);
        QVERIFY(reply.response.body.startsWith("Packed with"));
    }

    void cutCodingIsNoticed_data() {
        // The HTTP message is whole in each: only the packed data tells.
        QTest::addColumn<QString>("coding");
        QTest::newRow("/cut-gzip") << "gzip";
        QTest::newRow("/cut-gzip-chunked") << "gzip";
        QTest::newRow("/cut-gzip-trailer") << "gzip";
        QTest::newRow("/cut-deflate") << "deflate";
        QTest::newRow("/cut-deflate-sum") << "deflate";
        QTest::newRow("/cut-bare-deflate") << "deflate";
        QTest::newRow("/cut-br") << "br";
        QTest::newRow("/cut-zstd") << "zstd";
        QTest::newRow("/cut-zstd-sum") << "zstd";
        QTest::newRow("/cut-inside-two") << "deflate, gzip";
        QTest::newRow("/cut-outside-two") << "deflate, gzip";
    }
    void cutCodingIsNoticed() {
        QFETCH(QString, coding);
        KB_REPLY(reply, m_transport, m_server.url(QTest::currentDataTag()));
        QCOMPARE(reply.response.bodyEnd, BodyEnd::DecodeFailed);
        QVERIFY2(reply.response.bodyNote.contains(coding + QStringLiteral(" data ends too early")),
                 qPrintable(reply.response.bodyNote));
        const bool oneBlock = coding == QLatin1String("br") || coding == QLatin1String("zstd");
        QVERIFY(oneBlock || reply.response.body.startsWith("Packed with care"));
        KB_REPLY(next, m_transport, m_server.url("/hello"));
        QCOMPARE(next.response.body, QByteArray("hello"));
    }

    void wrongCheckSum() {
        KB_REPLY(reply, m_transport, m_server.url("/wrong-sum-gzip"));
        QCOMPARE(reply.response.bodyEnd, BodyEnd::DecodeFailed);
        QVERIFY(reply.response.body.startsWith("Packed with care"));
    }

    void noAnswer_data() {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("what");
        using C = ErrorCode;
        const auto row = [](const char* path, C code, const char* what) {
            QTest::newRow(path) << code << QString::fromUtf8(what);
        };
        row("/garbage", C::ProtocolError, "not HTTP");
        row("/http09", C::ProtocolError, "not HTTP");
        row("/many-interims", C::ProtocolError, "too long");
        row("/empty", C::ReceiveFailed, "without an answer");
        row("/reset", C::ReceiveFailed, "reset");
        row("/100-close", C::ReceiveFailed, "");
    }
    void noAnswer() {
        QFETCH(ErrorCode, code);
        QFETCH(QString, what);
        KB_ERROR(error, m_transport, m_server.url(QTest::currentDataTag()));
        QCOMPARE(errorCodeName(error.code), errorCodeName(code));
        QVERIFY2(error.what.contains(what), qPrintable(error.what));
        QVERIFY(error.where.contains(QString::number(m_server.port())));
        QVERIFY(!error.next.isEmpty());
    }

    void lengthThatIsNoNumber() {
        const Result<TransportReply> result = exchange(m_transport, m_server.url("/bad-length"));
        if (result)
            QVERIFY(!result->response.bodyNote.isEmpty());
        else
            QCOMPARE(result.error().code, ErrorCode::ProtocolError);
    }

    void nobodyListens() {
        KB_ERROR(error, m_transport, m_server.url("/", "closed"));
        QCOMPARE(error.code, ErrorCode::ConnectFailed);
        QVERIFY2(error.what.contains(QStringLiteral("refused")), qPrintable(error.what));
        QCOMPARE(error.where, QStringLiteral("127.0.0.1:%1").arg(m_server.port("closed")));
    }

    void nameThatDoesNotExist() {
        KB_ERROR(error, m_transport, QStringLiteral("http://no-such-host.invalid/"));
        QCOMPARE(error.code, ErrorCode::NameNotFound);
        QVERIFY(error.what.contains(QStringLiteral("no-such-host.invalid")));
    }

    void timeLimitWhileWaiting() {
        TransportOptions options = plain();
        options.timeoutMs = 150;
        KB_ERROR(error, m_transport, m_server.url("/hang"), options);
        QCOMPARE(error.code, ErrorCode::TimedOut);
        QVERIFY2(error.what.contains(QStringLiteral("No answer came within 0.15 s")), qPrintable(error.what));
    }

    void timeLimitInTheBody() {
        TransportOptions options = plain();
        options.timeoutMs = 200;
        KB_REPLY(reply, m_transport, m_server.url("/hang-body"), options);
        QCOMPARE(reply.response.bodyEnd, BodyEnd::Truncated);
        QCOMPARE(reply.response.body, QByteArray("first bytes"));
        QVERIFY2(reply.response.bodyNote.contains(QStringLiteral("0.2 s")),
                 qPrintable(reply.response.bodyNote));
    }

    void expectationRefused() {
        Request request = withBody("POST", m_server.url("/417?once"), "body");
        request.headers.append("Expect", "100-continue");
        KB_REPLY(reply, m_transport, request);
        QCOMPARE(reply.response.status, 417);
        KB_REPLY(count, m_transport, m_server.url("/count?/417?once"));
        QCOMPARE(count.response.body, QByteArray("1")); // one send is one request
    }
};

QTEST_GUILESS_MAIN(TestBrokenAnswers)
#include "test_broken_answers.moc"
