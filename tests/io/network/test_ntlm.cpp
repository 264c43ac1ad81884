// SPDX-License-Identifier: GPL-3.0-or-later
// NTLM through libcurl, before a server that checks the client's proof.
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QtTest>

using namespace kb;
using namespace kb::test;

namespace {

TransportOptions loggingIn(const char* user, const char* password, const char* lane = "test") {
    TransportOptions options = plain(QLatin1String(lane));
    auto login = std::make_shared<ConnectionLogin>();
    login->user = QString::fromUtf8(user);
    login->password = Secret(password);
    options.login = std::move(login);
    return options;
}

TransportOptions mufasa(const char* lane = "test") {
    return loggingIn("DOMAIN\\mufasa", "Circle of Life", lane);
}

/// The number of an NTLM message in a field's value; 0 if there is none.
int messageOf(const std::optional<QByteArray>& value) {
    if (!value || !value->startsWith("NTLM ")) return 0;
    const QByteArray message = QByteArray::fromBase64(value->mid(5));
    return message.startsWith(QByteArray("NTLMSSP", 8)) && message.size() > 8 ? message.at(8) : 0;
}

} // namespace

class TestNtlm : public QObject {
    Q_OBJECT

    RawServer m_server;

    QString url(const char* path = "/a/../b?c=%7e") const { return m_server.url(path, "ntlm"); }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start({QStringLiteral("--tls")})); }

    void logsInAndShowsEachLeg() {
        CurlTransport transport;
        KB_REPLY(reply, transport, get(url(), {{{"X-Mine", "1"}}}), mufasa());
        QCOMPARE(reply.response.status, 200);
        QCOMPARE(reply.response.body, QByteArray("in: GET /a/../b?c=%7e HTTP/1.1 "));
        QCOMPARE(reply.response.bodyNote, QString());
        QCOMPARE(messageOf(reply.sentHeaders.first("Authorization")), 3);
        QCOMPARE(reply.legs.size(), 1);
        const LoginLeg& leg = reply.legs.first();
        QCOMPARE(leg.status, 401);
        QCOMPARE(leg.reason, QByteArray("Unauthorized"));
        QCOMPARE(messageOf(leg.sentHeaders.first("Authorization")), 1);
        QCOMPARE(leg.sentHeaders.first("X-Mine").value_or(""), QByteArray("1"));
        QCOMPARE(messageOf(leg.headers.first("WWW-Authenticate")), 2);
    }

    void bodiesGoWithTheLastLeg() {
        CurlTransport transport;
        KB_REPLY(reply, transport, withBody("POST", url("/x"), "{\"a\":1}"), mufasa());
        QCOMPARE(reply.response.status, 200);
        QCOMPARE(reply.response.body, QByteArray("in: POST /x HTTP/1.1 {\"a\":1}"));
        QCOMPARE(reply.response.bodyNote, QString());
        QCOMPARE(reply.legs.size(), 1);
        QCOMPARE(reply.legs.first().sentHeaders.first("Content-Length").value_or(""), QByteArray("0"));
        QCOMPARE(reply.sentHeaders.first("Content-Length").value_or(""), QByteArray("7"));
    }

    void wrongPasswordIsAnAnswer() {
        CurlTransport transport;
        KB_REPLY(reply, transport, get(url()), loggingIn("DOMAIN\\mufasa", "Circle Of Life"));
        QCOMPARE(reply.response.status, 401);
        QCOMPARE(reply.response.body, QByteArray("out"));
        QCOMPARE(reply.legs.size(), 1);
        KB_REPLY(other, transport, get(url()), loggingIn("mufasa", "Circle of Life"));
        QCOMPARE(other.response.status, 401);
    }

    // The login is the connection's: it goes on, for the same identity alone.
    void aConnectionStaysLoggedIn() {
        CurlTransport transport;
        KB_REPLY(first, transport, get(url()), mufasa());
        QCOMPARE(first.legs.size(), 1);
        KB_REPLY(second, transport, get(url()), mufasa());
        QCOMPARE(second.response.status, 200);
        QVERIFY(second.connection.reused);
        QCOMPARE(second.legs.size(), 0);
        KB_REPLY(anonymous, transport, get(url()), plain());
        QCOMPARE(anonymous.response.status, 401);
        QVERIFY(!anonymous.sentHeaders.contains("Authorization"));
        KB_REPLY(wrong, transport, get(url()), loggingIn("DOMAIN\\mufasa", "wrong"));
        QCOMPARE(wrong.response.status, 401);
        KB_REPLY(elsewhere, transport, get(url()), plain(QStringLiteral("other")));
        QCOMPARE(elsewhere.response.status, 401);
    }

    // A handle that logged in sends the next request of another kind as ever.
    void nothingIsLeftBehind() {
        CurlTransport transport;
        KB_REPLY(in, transport, get(url()), mufasa());
        QCOMPARE(in.response.status, 200);
        KB_REPLY(echo, transport, get(m_server.url("/echo")), plain());
        QVERIFY2(!echo.response.body.contains("uthorization"), echo.response.body.constData());
        KB_REPLY(basic, transport, get(m_server.url("/401")), plain());
        QCOMPARE(basic.response.status, 401);
        QVERIFY(basic.legs.isEmpty());
        KB_REPLY(expectation, transport, get(m_server.url("/417")), plain());
        QCOMPARE(expectation.response.status, 417);
    }

    void redirectsAreNotFollowed() {
        CurlTransport transport;
        KB_REPLY(reply, transport, get(m_server.url("/redirect")), mufasa());
        QCOMPARE(reply.response.status, 302);
        QVERIFY(reply.legs.isEmpty());
    }

    void aServerOfAnotherKind() {
        CurlTransport transport;
        KB_REPLY(reply, transport, get(m_server.url("/401")), mufasa());
        QCOMPARE(reply.response.status, 401);
        QCOMPARE(messageOf(reply.sentHeaders.first("Authorization")), 1);
    }

    void passwordsInLatin1() {
        CurlTransport transport;
        KB_REPLY(reply, transport, get(url("/latin1")), loggingIn("DOMAIN\\mufasa", "\xc3\xa9t\xc3\xa9"));
        QCOMPARE(reply.response.status, 200);
    }

    void refusals() {
        CurlTransport transport;
        KB_ERROR(beyond, transport, get(url()), loggingIn("DOMAIN\\mufasa", "5\xe2\x82\xac"));
        QCOMPARE(beyond.code, ErrorCode::Unsupported);
        KB_ERROR(user, transport, get(url()), loggingIn("muf\xc4\x85sa", "p"));
        QCOMPARE(user.code, ErrorCode::Unsupported);
        KB_ERROR(twice, transport, get(url(), {{{"authorization", "by hand"}}}), mufasa());
        QCOMPARE(twice.code, ErrorCode::Conflict);
    }

    // RFC 4559: without a ticket there is nothing to send, and the server's answer stands.
    void negotiateWithoutATicket() {
        qputenv("KRB5CCNAME", "FILE:/nonexistent/keybearer-test");
        CurlTransport transport;
        TransportOptions options = plain();
        auto login = std::make_shared<ConnectionLogin>();
        login->negotiate = true;
        options.login = std::move(login);
        KB_REPLY(reply, transport, get(m_server.url("/401")), options);
        QCOMPARE(reply.response.status, 401);
        QVERIFY(!reply.sentHeaders.contains("Authorization"));
        qunsetenv("KRB5CCNAME");
    }
};

QTEST_GUILESS_MAIN(TestNtlm)
#include "test_ntlm.moc"
