// SPDX-License-Identifier: GPL-3.0-or-later
// Proxies: which one, what it is told, and what the origin must never see.
#include "io/network/curl_transport.h"
#include "io/network/proxy_choice.h"
#include "tests/support/raw_server.h"

#include <QTest>

using namespace kb;
using namespace kb::test;

class TestProxy : public QObject {
    Q_OBJECT
    RawServer m_server;
    CurlTransport m_transport;

    TransportOptions through(const char* scheme, const char* server, const char* user = "") const {
        TransportOptions options = plain();
        options.caFile = m_server.file("ca");
        options.proxy.kind = ProxySetting::Kind::Manual;
        options.proxy.url = QLatin1String(scheme) % QLatin1String("://") % QLatin1String(user) %
                            QLatin1String("127.0.0.1:") % QString::number(m_server.port(server));
        return options;
    }
    QByteArray seen(const char* kind) {
        const Result<TransportReply> reply =
            exchange(m_transport, m_server.url(qPrintable(QLatin1String("/seen-") % QLatin1String(kind))));
        return reply ? reply->response.body : QByteArray();
    }
    static void clearEnvironment() {
        for (const char* name : {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy",
                                 "ALL_PROXY", "no_proxy", "NO_PROXY"})
            qunsetenv(name);
    }

private Q_SLOTS:
    void initTestCase() {
        clearEnvironment();
        QVERIFY(m_server.start({QStringLiteral("--tls"), QStringLiteral("--proxies")}));
    }
    void cleanup() { clearEnvironment(); }

    void plainHttpGoesInWhole() {
        KB_REPLY(reply, m_transport, m_server.url("/echo/../echo?a=%7E"), through("http", "proxy"));
        QVERIFY(reply.response.status == 404 || reply.response.status == 200);
        const QByteArray asked = seen("http");
        QVERIFY2(asked.contains(
                     QByteArray("GET " + m_server.url("/echo/../echo?a=%7E").toLatin1() + " HTTP/1.1\r\n")),
                 asked.constData());
        QVERIFY(!asked.contains("Proxy-Connection"));
        QCOMPARE(reply.connection.proxy, QStringLiteral("http://127.0.0.1:%1").arg(m_server.port("proxy")));
        KB_REPLY(echo, m_transport, m_server.url("/echo"), through("http", "proxy"));
        QVERIFY(echo.response.body.startsWith(QByteArray(
            "GET /echo HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(m_server.port()) + "\r\n")));
        QVERIFY(!echo.response.body.contains("Proxy"));
    }

    void httpsGoesThroughATunnel() {
        Request request = get(m_server.tlsUrl("/echo"));
        request.headers.append("Authorization", "Bearer mine");
        KB_REPLY(reply, m_transport, request, through("http", "proxy"));
        QVERIFY(reply.response.body.startsWith("GET /echo HTTP/1.1\r\n"));
        QVERIFY(!reply.response.headers.contains("X-Proxy")); // the tunnel's answer is not the server's
        QVERIFY(reply.connection.certificateVerified);
        QCOMPARE(reply.sentHeaders.size(), 2);
        const QByteArray asked = seen("http");
        QVERIFY(asked.contains("CONNECT localhost:"));
        QVERIFY(!asked.contains("Bearer mine"));
    }

    void theProxysPasswordStaysWithTheProxy() {
        const QByteArray basic = QByteArray("user:pass word").toBase64();
        KB_REPLY(tunnel, m_transport, m_server.tlsUrl("/echo"),
                 through("http", "proxy_password", "user:pass%20word@"));
        QVERIFY(tunnel.response.body.startsWith("GET /echo"));
        QVERIFY(!tunnel.response.body.contains("Proxy-"));
        QVERIFY(!tunnel.sentHeaders.contains("Proxy-Authorization"));
        KB_REPLY(forward, m_transport, m_server.url("/hello"),
                 through("http", "proxy_password", "user:pass%20word@"));
        QCOMPARE(forward.response.body, QByteArray("hello"));
        QCOMPARE(forward.sentHeaders.first("Proxy-Authorization").value_or(""), QByteArray("Basic ***"));
        for (const TransportReply* reply : {&tunnel, &forward}) {
            QCOMPARE(reply->connection.proxy,
                     QStringLiteral("http://127.0.0.1:%1").arg(m_server.port("proxy_password")));
        }
        QVERIFY(seen("http").contains(basic));
        KB_REPLY(direct, m_transport, m_server.url("/echo")); // and not with the next direct request
        QVERIFY(!direct.response.body.contains(basic));
    }

    void aProxyThatWantsAPassword() {
        KB_ERROR(error, m_transport, m_server.tlsUrl("/hello"), through("http", "proxy_password"));
        QCOMPARE(error.code, ErrorCode::ProxyFailed);
        QVERIFY(error.what.contains(QStringLiteral("407")));
        KB_ERROR(wrong, m_transport, m_server.tlsUrl("/hello"),
                 through("http", "proxy_password", "user:hunter2@"));
        QCOMPARE(wrong.code, ErrorCode::ProxyFailed);
        QVERIFY(!wrong.text().contains(QStringLiteral("hunter2")));
        KB_REPLY(plainHttp, m_transport, m_server.url("/hello"), through("http", "proxy_password"));
        QCOMPARE(plainHttp.response.status, 407); // that is an answer, to be shown as one
    }

    void aProxyThatRefuses() {
        KB_ERROR(error, m_transport, QStringLiteral("https://forbidden.example/"), through("http", "proxy"));
        QCOMPARE(error.code, ErrorCode::ProxyFailed);
        QVERIFY2(error.what.contains(QStringLiteral("403")), qPrintable(error.what));
        KB_ERROR(socks, m_transport, QStringLiteral("http://forbidden.example/"),
                 through("socks5h", "socks"));
        QCOMPARE(socks.code, ErrorCode::ProxyFailed);
        KB_ERROR(gone, m_transport, m_server.url("/hello"), through("http", "closed"));
        QCOMPARE(gone.code, ErrorCode::ProxyFailed);
        QVERIFY(gone.what.contains(QStringLiteral("proxy cannot be reached")));
    }

    void socksWithTheNameLookedUpHereOrThere() {
        const QString url = QStringLiteral("http://localhost:%1/hello").arg(m_server.port());
        KB_REPLY(there, m_transport, url, through("socks5h", "socks"));
        QCOMPARE(there.response.body, QByteArray("hello"));
        QVERIFY(seen("socks").contains("name localhost:"));
        KB_REPLY(here, m_transport, m_server.url("/hello"), through("socks5", "socks"));
        QCOMPARE(here.response.body, QByteArray("hello"));
        QVERIFY(seen("socks").contains("address 127.0.0.1:"));
        KB_REPLY(tls, m_transport, m_server.tlsUrl("/hello"), through("socks5h", "socks"));
        QVERIFY(tls.connection.certificateVerified);
        QCOMPARE(tls.connection.proxy, QStringLiteral("socks5h://127.0.0.1:%1").arg(m_server.port("socks")));
    }

    void theSystemsProxyComesFromTheEnvironment() {
        TransportOptions system = plain();
        system.proxy.kind = ProxySetting::Kind::System;
        const QByteArray proxy = "http://127.0.0.1:" + QByteArray::number(m_server.port("proxy"));
        qputenv("http_proxy", proxy);
        KB_REPLY(used, m_transport, m_server.url("/hello"), system);
        QCOMPARE(used.connection.proxy, QString::fromLatin1(proxy));
        KB_REPLY(none, m_transport, m_server.url("/hello"),
                 plain()); // "none" means none, whatever the environment says
        QCOMPARE(none.connection.proxy, QString());
        qputenv("no_proxy", "example.org, 127.0.0.0/8");
        KB_REPLY(except, m_transport, m_server.url("/hello"), system);
        QCOMPARE(except.connection.proxy, QString());
    }

    void theSystemsProxyCanBeAskedElsewhere() {
        QString asked;
        CurlTransport transport([&](const QString& url) {
            asked = url;
            return QStringLiteral("127.0.0.1:%1").arg(m_server.port("proxy"));
        });
        TransportOptions system = plain();
        system.proxy.kind = ProxySetting::Kind::System;
        KB_REPLY(reply, transport, m_server.url("/hello?x=1"), system);
        QCOMPARE(asked, m_server.url("/hello?x=1"));
        QCOMPARE(reply.connection.proxy, QStringLiteral("http://127.0.0.1:%1").arg(m_server.port("proxy")));
    }

    void settingsThatCannotBe_data() {
        QTest::addColumn<QString>("url");
        for (const char* url : {"", "  ", "ftp://proxy:21", "http://", "socks5://:1080", "http://user@/"})
            QTest::newRow(url) << QString::fromLatin1(url);
    }
    void settingsThatCannotBe() {
        QFETCH(QString, url);
        TransportOptions options = plain();
        options.proxy.kind = ProxySetting::Kind::Manual;
        options.proxy.url = url;
        KB_ERROR(error, m_transport, m_server.url("/hello"), options);
        QCOMPARE(error.code, ErrorCode::InvalidInput);
        QVERIFY(!error.next.isEmpty());
    }

    void environmentOrder() {
        const Origin http{"http", "api.example", 80};
        const Origin https{"https", "api.example", 443};
        QCOMPARE(environmentProxy(http), QByteArray());
        qputenv("ALL_PROXY", "socks5h://all:1");
        QCOMPARE(environmentProxy(http), QByteArray("socks5h://all:1"));
        qputenv("HTTP_PROXY", "http://upper:1"); // a web server puts a client's Proxy field there
        QCOMPARE(environmentProxy(http), QByteArray("socks5h://all:1"));
        qputenv("HTTPS_PROXY", "http://upper:2");
        QCOMPARE(environmentProxy(https), QByteArray("http://upper:2"));
        qputenv("https_proxy", "http://lower:3");
        QCOMPARE(environmentProxy(https), QByteArray("http://lower:3"));
        qputenv("NO_PROXY", "*");
        QCOMPARE(environmentProxy(https), QByteArray());
    }

    void noProxyLists_data() {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("covered");
        const auto row = [](const char* list, const char* host, bool covered) {
            QTest::addRow("%s / %s", list, host) << QByteArray(list) << QByteArray(host) << covered;
        };
        row("", "a.example", false);
        row("*", "a.example", true);
        row("example", "a.example", true);
        row(".example", "a.example", true);
        row(".example", "example", true);
        row("a.example", "ba.example", false);
        row("other, A.Example.", "a.example", true);
        row("other a.example", "a.example", true);
        row("10.0.0.1", "10.0.0.1", true);
        row("10.0.0.0/8", "10.200.1.1", true);
        row("10.0.0.0/8", "11.0.0.1", false);
        row("192.168.4.0/22", "192.168.7.255", true);
        row("192.168.4.0/22", "192.168.8.0", false);
        row("0.0.0.1", "10.0.0.1", false);
        row("10.0.0.0/x", "10.0.0.1", false);
        row("10.0.0.0/40", "10.0.0.1", false);
        row("::1", "[::1]", true);
        row("fe80::/10", "[fe80::1]", true);
        row("fe80::/10", "[2001:db8::1]", false);
    }
    void noProxyLists() {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, host);
        QFETCH(bool, covered);
        QCOMPARE(noProxyCovers(list, host), covered);
    }
};

QTEST_GUILESS_MAIN(TestProxy)
#include "test_proxy.moc"
