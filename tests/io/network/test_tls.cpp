// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates: checked by default, and a refusal says what is wrong and the way out.
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QDateTime>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestTls : public QObject {
    Q_OBJECT
    RawServer m_server;
    CurlTransport m_transport;

    TransportOptions withCa() const {
        TransportOptions options = plain();
        options.caFile = m_server.file("ca");
        return options;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start({QStringLiteral("--tls")})); }

    void aTrustedCertificateIsDescribed() {
        CurlTransport fresh;
        KB_REPLY(reply, fresh, m_server.tlsUrl("/hello"), withCa());
        QCOMPARE(reply.response.body, QByteArray("hello"));
        const ConnectionInfo& c = reply.connection;
        QCOMPARE(c.tlsVersion, QStringLiteral("TLSv1.3"));
        QVERIFY(c.tlsCipher.startsWith(QStringLiteral("TLS_")));
        QVERIFY2(c.certificateSubject.contains(QStringLiteral("CN=localhost")),
                 qPrintable(c.certificateSubject));
        QVERIFY2(c.certificateIssuer.contains(QStringLiteral("CN=Test authority")),
                 qPrintable(c.certificateIssuer));
        QVERIFY(c.certificateVerified);
        const qint64 days = (c.certificateExpires - QDateTime::currentSecsSinceEpoch()) / 86400;
        QVERIFY2(days >= 28 && days <= 30, qPrintable(QString::number(days)));
        QVERIFY(reply.timings.tls >= reply.timings.connect);
        KB_REPLY(again, fresh, m_server.tlsUrl("/hello"), withCa());
        QVERIFY(again.connection.reused);
        QCOMPARE(again.timings.tls, -1.0);
        QCOMPARE(again.connection.certificateSubject, c.certificateSubject);
        QCOMPARE(again.connection.tlsVersion, c.tlsVersion);
    }

    void refusalsSayWhatIsWrong_data() {
        QTest::addColumn<bool>("ca");
        QTest::addColumn<QString>("what");
        QTest::newRow("valid") << false << QStringLiteral("issuer is not known here: ");
        QTest::newRow("expired") << true << QStringLiteral("expired on 2021-02-03");
        QTest::newRow("wronghost") << true
                                   << QStringLiteral(
                                          "is for other.example, *.other.example, not for localhost");
        QTest::newRow("selfsigned") << true << QStringLiteral("self-signed");
    }
    void refusalsSayWhatIsWrong() {
        QFETCH(bool, ca);
        QFETCH(QString, what);
        const QString url = m_server.tlsUrl("/hello", QTest::currentDataTag());
        KB_ERROR(error, m_transport, url, ca ? withCa() : plain());
        QCOMPARE(error.code, ErrorCode::TlsFailed);
        QVERIFY2(error.what.contains(what), qPrintable(error.what));
        QVERIFY(error.where.startsWith(QStringLiteral("localhost:")));
        QVERIFY(error.next.contains(QStringLiteral("switch the TLS check off for this request")));

        TransportOptions off = plain();
        off.verifyTls = false;
        KB_REPLY(reply, m_transport, url, off);
        QCOMPARE(reply.response.status, 200);
        QVERIFY(!reply.connection.certificateVerified);
        QVERIFY(!reply.connection.certificateSubject.isEmpty());
        KB_ERROR(still, m_transport, url,
                 ca ? withCa() : plain()); // the exception was for that request alone
        QCOMPARE(still.code, ErrorCode::TlsFailed);
    }

    void anAddressIsAHostToo() {
        const QString address = QStringLiteral("https://127.0.0.1:%1/hello");
        KB_REPLY(reply, m_transport, address.arg(m_server.port("valid")), withCa());
        QCOMPARE(reply.response.status, 200);
        KB_ERROR(error, m_transport, address.arg(m_server.port("wronghost")), withCa());
        QVERIFY2(error.what.contains(QStringLiteral("not for 127.0.0.1")), qPrintable(error.what));
    }

    void aCaFileReplacesTheSystems() {
        // A file that vouches for nothing here: the system's authorities do not step in for it.
        TransportOptions options = plain();
        options.caFile = m_server.file("ca");
        KB_ERROR(error, m_transport, m_server.tlsUrl("/hello", "selfsigned"), options);
        QCOMPARE(error.code, ErrorCode::TlsFailed);
    }

    void aCaFileThatIsNoneIsSaidSo() {
        for (const QString& file : {QStringLiteral("/no/such/file.pem"),
                                    QStringLiteral(KB_TEST_DATA "/../support/raw_server.py")}) {
            TransportOptions options = plain();
            options.caFile = file;
            KB_ERROR(error, m_transport, m_server.tlsUrl("/hello"), options);
            QCOMPARE(error.code, ErrorCode::FileError);
            QVERIFY(error.what.contains(QStringLiteral("CA file")));
        }
    }

    void tlsToAPortThatSpeaksNone() {
        KB_ERROR(error, m_transport, QStringLiteral("https://127.0.0.1:%1/hello").arg(m_server.port("http")),
                 withCa());
        QCOMPARE(error.code, ErrorCode::TlsFailed);
        QVERIFY2(error.what.contains(QStringLiteral("does not speak TLS")), qPrintable(error.what));
        QVERIFY(!error.next.isEmpty());
    }

    void bodiesAndBreaksOverTls() {
        KB_REPLY(big, m_transport, m_server.tlsUrl("/big"), withCa());
        QCOMPARE(big.response.body.size(), 20000000);
        KB_REPLY(cut, m_transport, m_server.tlsUrl("/truncated"), withCa());
        QCOMPARE(cut.response.bodyEnd, BodyEnd::Truncated);
        QCOMPARE(cut.response.body, QByteArray("only thirty bytes of a hundred"));
        KB_REPLY(post, m_transport, withBody("POST", m_server.tlsUrl("/echo"), QByteArray(500000, 'x')),
                 withCa());
        QVERIFY(post.response.body.endsWith(QByteArray("\r\n\r\n" + QByteArray(500000, 'x'))));
    }

    void timeLimitInTheHandshake() {
        TransportOptions options = withCa();
        options.timeoutMs = 200;
        KB_ERROR(error, m_transport, QStringLiteral("https://127.0.0.1:%1/").arg(m_server.port("silent")),
                 options);
        QCOMPARE(error.code, ErrorCode::TimedOut);
        QVERIFY2(error.what.contains(QStringLiteral("TLS handshake")), qPrintable(error.what));
    }
};

QTEST_GUILESS_MAIN(TestTls)
#include "test_tls.moc"
