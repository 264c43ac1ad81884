// SPDX-License-Identifier: GPL-3.0-or-later
// Digest over the wire: the flow and the transport together, before servers that check every part.
#include "core/auth/crypto.h"
#include "core/auth/digest_flow.h"
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QtTest>

using namespace kb;
using namespace kb::test;

namespace {

/// All that one request led to.
struct Outcome {
    QList<int> statuses;
    QStringList notes;
    QByteArray body;
    QString finding;
    QString error;
};

} // namespace

class TestDigest : public QObject {
    Q_OBJECT

    RawServer m_server;
    CurlTransport m_transport;

    Outcome drive(const Request& plain, const char* user = "Mufasa", const char* word = "Circle of Life",
                  std::shared_ptr<DigestSession> session = {}) {
        Redactor redactor;
        const FlowContext context{redactor, 1'700'000'000'000, randomBytes};
        DigestFlow flow(DigestScheme{QString::fromUtf8(user)}, Secret(word), std::move(session));
        Outcome outcome;
        Result<FlowSend> begun = flow.begin(plain, context);
        if (!begun) return {{}, {}, {}, {}, begun.error().text()};
        FlowStep step = std::move(*begun);
        while (const auto* send = std::get_if<FlowSend>(&step)) {
            const Result<TransportReply> reply = exchange(m_transport, send->request);
            if (!reply) return {{}, {}, {}, {}, reply.error().text()};
            outcome.statuses.append(reply->response.status);
            outcome.notes.append(send->note);
            outcome.body = reply->response.body;
            Result<FlowStep> next = flow.resume(reply->response, context);
            if (!next) return {{}, {}, {}, {}, next.error().text()};
            step = std::move(*next);
        }
        outcome.finding = std::get<FlowDone>(step).finding;
        return outcome;
    }

    Outcome drive(const QString& url, const char* user = "Mufasa", const char* word = "Circle of Life") {
        return drive(get(url), user, word);
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_server.start({QStringLiteral("--httpbin"), QStringLiteral("--lighttpd")}));
    }

    void s5_4_everyAlgorithmAndQop_data() {
        QTest::addColumn<QByteArray>("way");
        for (const char* algorithm :
             {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"})
            for (const char* qop : {"auth", "auth-int", "none"})
                QTest::addRow("%s %s", algorithm, qop) << QByteArray('/' + QByteArray(algorithm) + '/' + qop);
    }
    void s5_4_everyAlgorithmAndQop() {
        QFETCH(QByteArray, way);
        const Request request =
            withBody("POST", m_server.url(QByteArray(way + "/plain?a=%7e&b=/../c").constData(), "digest"),
                     "{\"a\":1}");
        const Outcome outcome = drive(request);
        QCOMPARE(outcome.error, QString());
        QCOMPARE(outcome.statuses, (QList<int>{401, 200}));
        QVERIFY2(outcome.body.startsWith("in, nc "), outcome.body.constData());
        QCOMPARE(outcome.finding, QString());
        const Outcome wrong = drive(request, "Mufasa", "Circle Of Life");
        QCOMPARE(wrong.statuses, (QList<int>{401, 401}));
        QCOMPARE(wrong.body, QByteArray("wrong response"));
        QVERIFY(wrong.finding.contains(QLatin1String("password")));
    }

    void s5_4_sessionsCountTheirRequests_data() {
        QTest::addColumn<QByteArray>("way");
        for (const char* algorithm : {"MD5", "SHA-256-sess", "SHA-512-256"})
            QTest::newRow(algorithm) << QByteArray(algorithm);
    }
    void s5_4_sessionsCountTheirRequests() {
        QFETCH(QByteArray, way);
        const auto session = std::make_shared<DigestSession>();
        const auto drives = [&](const char* nonces) {
            return drive(get(m_server.url(QByteArray('/' + way + "/auth/" + nonces).constData(), "digest")),
                         "Mufasa", "Circle of Life", session);
        };
        QCOMPARE(drives("plain").statuses, (QList<int>{401, 200}));
        const Outcome second = drives("plain");
        QCOMPARE(second.statuses, QList<int>{200});
        QCOMPARE(second.body, QByteArray("in, nc 00000002"));
        QCOMPARE(second.finding, QString());
        // The server calls the nonce stale; a new one is answered without asking.
        const Outcome stale = drives("once");
        QCOMPARE(stale.statuses, (QList<int>{401, 200}));
        QVERIFY(stale.notes.at(1).contains(QLatin1String("run out")));
        QCOMPARE(drives("once").statuses, (QList<int>{401, 200}));
        // Each answer names the next nonce.
        *session = DigestSession{};
        QCOMPARE(drives("next").statuses, (QList<int>{401, 200}));
        for (int i = 0; i < 3; ++i) {
            const Outcome next = drives("next");
            QCOMPARE(next.statuses, QList<int>{200});
            QCOMPARE(next.body, QByteArray("in, nc 00000001"));
            QCOMPARE(next.finding, QString());
        }
    }

    void s5_4_lighttpd_data() {
        QTest::addColumn<QByteArray>("way");
        for (const char* way : {"md5", "sha256", "sha512-256", "both"})
            QTest::newRow(way) << QByteArray(way);
    }
    void s5_4_lighttpd() {
        QFETCH(QByteArray, way);
        const QString url = m_server.url(QByteArray("/" + way + "/a%20b.txt").constData(), "lighttpd");
        const Outcome outcome = drive(url);
        QCOMPARE(outcome.error, QString());
        QCOMPARE(outcome.statuses, (QList<int>{401, 200}));
        QCOMPARE(outcome.body, QByteArray("in"));
        QVERIFY(outcome.finding.contains(QLatin1String("did not prove")));
        QCOMPARE(drive(url, "Mufasa", "wrong").statuses, (QList<int>{401, 401}));
        QCOMPARE(drive(url, "Simba").statuses, (QList<int>{401, 401}));
    }

    void s5_4_lighttpdWithUserhash() {
        const QString url = m_server.url("/userhash/a%20b.txt", "lighttpd");
        QCOMPARE(drive(url, "J\xc3\xa4s\xc3\xb8n").statuses, (QList<int>{401, 200}));
        QCOMPARE(drive(url, "Jason").statuses, (QList<int>{401, 401}));
    }

    void s5_4_httpbin_data() {
        QTest::addColumn<QByteArray>("way");
        for (const char* way :
             {"auth/u/p/MD5", "auth/u/p/SHA-256", "auth-int/u/p/MD5", "auth-int/u/p/SHA-256"})
            QTest::newRow(way) << QByteArray(way);
    }
    void s5_4_httpbin() {
        QFETCH(QByteArray, way);
        const QString url = m_server.url(QByteArray("/digest-auth/" + way).constData(), "httpbin");
        const Outcome outcome = drive(url, "u", "p");
        QCOMPARE(outcome.error, QString());
        QCOMPARE(outcome.statuses, (QList<int>{401, 200}));
        QVERIFY2(outcome.body.contains("\"authenticated\":true"), outcome.body.constData());
        QCOMPARE(drive(url, "u", "q").statuses, (QList<int>{401, 401}));
    }

    void s5_4_httpbinWithAnAlgorithmOfItsOwn() {
        const Outcome outcome = drive(m_server.url("/digest-auth/auth/u/p/SHA-512", "httpbin"), "u", "p");
        QCOMPARE(outcome.statuses, QList<int>{401});
        QVERIFY2(outcome.finding.contains(QLatin1String("SHA-512")), qPrintable(outcome.finding));
    }

    void s5_4_aServerThatDoesNotAsk() {
        const Outcome open = drive(m_server.url("/hello"));
        QCOMPARE(open.statuses, QList<int>{200});
        QVERIFY(open.finding.contains(QLatin1String("no credential")));
        const Outcome basic = drive(m_server.url("/401"));
        QCOMPARE(basic.statuses, QList<int>{401});
        QVERIFY(basic.finding.contains(QLatin1String("Basic")));
    }
};

QTEST_GUILESS_MAIN(TestDigest)
#include "test_digest.moc"
