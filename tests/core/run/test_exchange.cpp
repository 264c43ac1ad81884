// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/exchange.h"

#include <QtTest/QTest>

using namespace kb;

namespace {

constexpr const char* canary = "canary-0d1f6b8a9e2c4457";

Redactor knowing() {
    Redactor redactor;
    redactor.addSecret(Secret(canary));
    redactor.addCredentialField("X-Entry");
    redactor.addCredentialQuery("entry");
    return redactor;
}

Request asked() {
    Request request;
    request.method = "POST";
    request.url = HttpUrl::parse(QStringLiteral("https://api.acme.test/a/../b?entry=short")).value();
    request.headers.append("X-Entry", canary);
    request.body = QByteArray("{\"note\":\"") + canary + "\"}";
    request.hasBody = true;
    return request;
}

} // namespace

class TestExchange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatWasSentIsMasked() {
        TransportReply reply;
        reply.response.status = 200;
        reply.sentHeaders.append("Host", "api.acme.test");
        reply.sentHeaders.append("X-Entry", canary);
        const Exchange exchange(knowing(), asked(), reply);
        QCOMPARE(exchange.sent().method, QByteArray("POST"));
        // The fields as they went out, those of the transport included.
        QCOMPARE(exchange.sent().headers.first("Host").value(), QByteArray("api.acme.test"));
        QVERIFY(!exchange.sent().headers.first("X-Entry").value().contains(canary));
        QVERIFY(!exchange.sent().url.text().contains("short"));
        QVERIFY(exchange.sent().url.path() == "/a/../b");
        QVERIFY(!exchange.sent().body.contains(canary));
        QVERIFY(exchange.sent().hasBody);
        QVERIFY(!exchange.echoedSecret());

        TransportReply none;
        const Exchange plain(knowing(), asked(), none);
        QVERIFY(plain.sent().headers.contains("X-Entry"));
        QVERIFY(!plain.sent().headers.first("X-Entry").value().contains(canary));
    }

    void theLegsOfALoginAreMasked() {
        TransportReply reply;
        reply.response.status = 200;
        LoginLeg leg;
        leg.sentHeaders.append("Authorization", "NTLM TlRMTVNTUAABAAAA");
        leg.status = 401;
        leg.reason = "Unauthorized";
        leg.headers.append("WWW-Authenticate", "NTLM TlRMTVNTUAACAAAA");
        leg.headers.append("X-Echo", canary);
        reply.legs = {leg};
        const Exchange exchange(knowing(), asked(), reply);
        QCOMPARE(exchange.legs().size(), 1);
        const LoginLeg& shown = exchange.legs().first();
        QCOMPARE(shown.status, 401);
        QCOMPARE(shown.reason, QByteArray("Unauthorized"));
        QVERIFY(shown.sentHeaders.first("Authorization").value().startsWith("NTLM "));
        QVERIFY(!shown.sentHeaders.first("Authorization").value().contains("TlRM"));
        QVERIFY(shown.headers.contains("WWW-Authenticate"));
        QVERIFY(!shown.headers.first("X-Echo").value().contains(canary));
        QVERIFY(exchange.echoedSecret());
    }

    void anEchoIsMaskedWhereverItStands_data() {
        QTest::addColumn<int>("place");
        for (int place = 0; place < 5; ++place)
            QTest::addRow("place %d", place) << place;
    }
    void anEchoIsMaskedWhereverItStands() {
        QFETCH(int, place);
        TransportReply reply;
        Response& got = reply.response;
        got.status = 200;
        const QByteArray echo = QByteArray("you sent ") + canary;
        if (place == 0) got.body = echo;
        if (place == 1) got.headers.append("X-Echo", echo);
        if (place == 2) got.trailers.append("X-Echo", echo);
        if (place == 3) got.reason = echo;
        if (place == 4) {
            InterimResponse early;
            early.status = 103;
            early.headers.append("Link", echo);
            got.interim.append(early);
        }
        const Exchange exchange(knowing(), asked(), reply);
        QVERIFY(exchange.echoedSecret());
        const Response& seen = exchange.response();
        QByteArray all = seen.body + seen.reason;
        for (const HeaderList& list : {seen.headers, seen.trailers})
            for (const HeaderField& field : list.fields)
                all += field.value;
        for (const InterimResponse& early : seen.interim)
            for (const HeaderField& field : early.headers.fields)
                all += field.value;
        QVERIFY(all.contains("you sent"));
        QVERIFY(!all.contains(canary));
        QCOMPARE(exchange.rawBody(), got.body);
    }

    void anAnswerWithoutSecretsIsHeldOnce() {
        TransportReply reply;
        reply.response.body = QByteArray(100000, 'x');
        const char* bytes = reply.response.body.constData();
        const Exchange exchange(knowing(), asked(), reply);
        const Exchange copy = exchange;
        QCOMPARE(static_cast<const void*>(exchange.response().body.constData()),
                 static_cast<const void*>(bytes));
        QCOMPARE(static_cast<const void*>(copy.rawBody().constData()), static_cast<const void*>(bytes));
    }

    void theRestIsCarriedOver() {
        TransportReply reply;
        reply.response.httpVersion = "1.1";
        reply.response.status = 206;
        reply.response.encodedBodyBytes = 12;
        reply.response.headerBytes = 34;
        reply.response.declaredLength = 56;
        reply.response.bodyEnd = BodyEnd::Truncated;
        reply.response.bodyNote = QStringLiteral("The body ended early.");
        reply.timings.total = 7;
        reply.connection.peerAddress = QStringLiteral("127.0.0.1:1");
        reply.connection.proxy = QStringLiteral("http://ada:pw@proxy.test:3128");
        reply.startedMs = 99;
        const Exchange exchange(knowing(), asked(), reply);
        QCOMPARE(exchange.response().httpVersion, QByteArray("1.1"));
        QCOMPARE(exchange.response().status, 206);
        QCOMPARE(exchange.response().encodedBodyBytes, 12);
        QCOMPARE(exchange.response().headerBytes, 34);
        QCOMPARE(exchange.response().declaredLength, 56);
        QCOMPARE(exchange.response().bodyEnd, BodyEnd::Truncated);
        QCOMPARE(exchange.response().bodyNote, QStringLiteral("The body ended early."));
        QCOMPARE(exchange.timings().total, 7.0);
        QCOMPARE(exchange.startedMs(), 99);
        QCOMPARE(exchange.connection().peerAddress, QStringLiteral("127.0.0.1:1"));
        QCOMPARE(exchange.connection().proxy, QStringLiteral("http://proxy.test:3128"));
    }
};

QTEST_GUILESS_MAIN(TestExchange)
#include "test_exchange.moc"
