// SPDX-License-Identifier: GPL-3.0-or-later
// Client certificates: read from what files hold, shown to a server that asks for one, and to no other
// identity.
#include "core/auth/client_certificate.h"
#include "core/run/run.h"
#include "io/network/curl_transport.h"
#include "tests/support/raw_server.h"

#include <QDateTime>
#include <QSignalSpy>
#include <QTest>

using namespace kb;
using namespace kb::test;

namespace {

/// A store with one record.
class OneRecord final : public SecretStore {
public:
    HandlePtr read(const SecretRef&, std::function<void(Result<SecretRecord>)> done) override {
        struct Pending final : Handle {
            QTimer timer;
        };
        auto pending = std::make_unique<Pending>();
        pending->timer.setSingleShot(true);
        QObject::connect(&pending->timer, &QTimer::timeout, &pending->timer,
                         [this, done] { done(record.revealCopy()); });
        pending->timer.start(0);
        return pending;
    }
    HandlePtr write(const SecretRef&, SecretRecord, std::function<void(Result<void>)>) override { return {}; }
    HandlePtr remove(const SecretRef&, std::function<void(Result<void>)>) override { return {}; }
    HandlePtr probe(std::function<void(StoreState)>) override { return {}; }
    SecretRecord record;
};

} // namespace

class TestClientCertificate : public QObject {
    Q_OBJECT
    RawServer m_server;

    Secret file(const char* name) const {
        QFile source(m_server.file("certificates") + u'/' + QLatin1String(name));
        if (!source.open(QIODevice::ReadOnly)) qWarning("no %s", name);
        QByteArray bytes = source.readAll();
        return Secret::take(bytes);
    }
    static Secret passphrase(const char* text) { return Secret(text); }
    std::shared_ptr<const Secret> pem() const {
        return std::make_shared<const Secret>(
            readClientCertificate(file("client-both.pem"), {}, {})->pem.revealCopy());
    }
    TransportOptions options(const QString& lane, std::shared_ptr<const Secret> certificate = {}) const {
        TransportOptions made = plain();
        made.caFile = m_server.file("ca");
        made.lane = lane;
        made.clientCertificate = std::move(certificate);
        return made;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.start({QStringLiteral("--tls")})); }

    void s5_13_everyFormIsRead_data() {
        QTest::addColumn<QByteArray>("certificate");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("PEM, key first") << QByteArray("client-both.pem") << QByteArray() << QByteArray();
        QTest::newRow("PEM, two files")
            << QByteArray("client.pem") << QByteArray("client.key") << QByteArray();
        QTest::newRow("PEM, encrypted key")
            << QByteArray("client.pem") << QByteArray("client-encrypted.key") << QByteArray("open sesame");
        QTest::newRow("PKCS#12") << QByteArray("client.p12") << QByteArray() << QByteArray("open sesame");
        QTest::newRow("PKCS#12 without a passphrase")
            << QByteArray("client-plain.p12") << QByteArray() << QByteArray();
    }
    void s5_13_everyFormIsRead() {
        QFETCH(QByteArray, certificate);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, words);
        const Result<ClientCertificate> read = readClientCertificate(
            file(certificate.constData()), key.isEmpty() ? Secret() : file(key.constData()),
            passphrase(words.constData()));
        QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
        QVERIFY2(read->facts.subject.contains("CN=robot"), qPrintable(read->facts.subject));
        QVERIFY(read->facts.issuer.contains("Test authority"));
        const qint64 days = (read->facts.notAfter - QDateTime::currentSecsSinceEpoch()) / 86400;
        QVERIFY(days >= 28 && days <= 30);
        QCOMPARE(QByteArray::fromBase64(read->facts.thumbprint, QByteArray::Base64UrlEncoding).size(), 32);
        // What is kept is the same whatever it came from, and needs no passphrase.
        QCOMPARE(certificateFacts(read->pem)->thumbprint, read->facts.thumbprint);
        QVERIFY(std::string(read->pem.reveal()).find("BEGIN PRIVATE KEY") != std::string::npos);
        QVERIFY(readClientCertificate(read->pem, {}, {}));
        CurlTransport transport;
        KB_REPLY(reply, transport, m_server.tlsUrl("/", "mutual"),
                 options("a", std::make_shared<const Secret>(read->pem.revealCopy())));
        QCOMPARE(reply.response.body, QByteArray("robot"));
    }

    void s5_13_whatCannotBeReadIsSaid_data() {
        QTest::addColumn<QByteArray>("certificate");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, const char* certificate, const char* key, const char* words,
                            ErrorCode code) {
            QTest::newRow(name) << QByteArray(certificate) << QByteArray(key) << QByteArray(words)
                                << int(code);
        };
        row("no passphrase", "client.p12", "", "", ErrorCode::SecretMissing);
        row("wrong passphrase", "client.p12", "", "close", ErrorCode::InvalidInput);
        row("encrypted key, no passphrase", "client.pem", "client-encrypted.key", "",
            ErrorCode::SecretMissing);
        row("encrypted key, wrong passphrase", "client.pem", "client-encrypted.key", "close",
            ErrorCode::InvalidInput);
        row("key missing", "client.pem", "", "", ErrorCode::NotFound);
        row("certificate missing", "client.key", "", "", ErrorCode::InvalidInput);
        row("a key of another", "client.pem", "valid.key", "", ErrorCode::InvalidInput);
        row("no certificate at all", "index.txt", "", "", ErrorCode::InvalidInput);
    }
    void s5_13_whatCannotBeReadIsSaid() {
        QFETCH(QByteArray, certificate);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, words);
        QFETCH(int, code);
        const Result<ClientCertificate> read = readClientCertificate(
            file(certificate.constData()), key.isEmpty() ? Secret() : file(key.constData()),
            passphrase(words.constData()));
        QVERIFY(!read);
        QCOMPARE(int(read.error().code), code);
        QVERIFY(!read.error().what.isEmpty());
    }

    void s5_13_itGoesNoFurtherThanItsLane() {
        CurlTransport transport;
        const QString url = m_server.tlsUrl("/", "mutual");
        KB_REPLY(robot, transport, url, options("robot", pem()));
        QCOMPARE(robot.response.body, QByteArray("robot"));
        KB_REPLY(again, transport, url, options("robot", pem()));
        QCOMPARE(again.response.body, QByteArray("robot"));
        QVERIFY(again.connection.reused);
        // Another identity, and the same one once it has no certificate any more.
        KB_REPLY(other, transport, url, options("other"));
        QCOMPARE(other.response.status, 401);
        KB_REPLY(without, transport, url, options("robot"));
        QCOMPARE(without.response.body, QByteArray("nobody"));
        KB_REPLY(back, transport, url, options("robot", pem()));
        QCOMPARE(back.response.body, QByteArray("robot"));
    }

    /// Beside a bearer token or alone, and not to another origin.
    void s5_13_aRunShowsIt_data() {
        QTest::addColumn<bool>("alone");
        QTest::newRow("alone") << true;
        QTest::newRow("with a token") << false;
    }
    void s5_13_aRunShowsIt() {
        QFETCH(bool, alone);
        CurlTransport transport;
        OneRecord store;
        SystemClock clock;
        const QString origin = m_server.tlsUrl("", "mutual");
        store.record.allowedOrigins = {origin};
        if (!alone) store.record.secret = Secret("token-0123456789");
        store.record.parts.insert_or_assign(clientCertificatePart(), pem()->revealCopy());
        RunInput input;
        input.profile.emplace();
        input.profile->id = "robot";
        input.profile->scheme = alone ? AuthScheme(ClientCertificateScheme{}) : AuthScheme(BearerScheme{});
        input.profile->bindings = {{{}, SecretRef{"s"}, {origin}, {}}};
        input.caFile = m_server.file("ca");
        input.spec.url = origin + "/";
        Run run({transport, store, clock}, std::move(input));
        QSignalSpy finished(&run, &Run::finished);
        RunResult result;
        connect(&run, &Run::finished, this, [&](const RunResult& each) { result = each; });
        run.start();
        QVERIFY(finished.wait(10000));
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text()) : "");
        QCOMPARE(result.hops.last().response().body, QByteArray("robot"));
        QCOMPARE(result.hops.last().sent().headers.contains("Authorization"), !alone);
    }

    void s5_13_aProfileWithoutItsCertificateSendsNothing() {
        CurlTransport transport;
        OneRecord store;
        SystemClock clock;
        const QString origin = m_server.tlsUrl("", "mutual");
        store.record.allowedOrigins = {origin};
        RunInput input;
        input.profile.emplace();
        input.profile->scheme = ClientCertificateScheme{};
        input.profile->bindings = {{{}, SecretRef{"s"}, {origin}, {}}};
        input.spec.url = origin + "/";
        Run run({transport, store, clock}, std::move(input));
        QSignalSpy finished(&run, &Run::finished);
        RunResult result;
        connect(&run, &Run::finished, this, [&](const RunResult& each) { result = each; });
        run.start();
        QVERIFY(finished.wait(10000));
        QVERIFY(result.nothingSent && result.error);
        QCOMPARE(int(result.error->code), int(ErrorCode::SecretMissing));
    }
};

QTEST_GUILESS_MAIN(TestClientCertificate)
#include "test_client_certificate.moc"
