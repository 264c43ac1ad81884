// SPDX-License-Identifier: GPL-3.0-or-later
// Both ways with an implementation that is not ours: what one signs the other verifies, what one refuses the
// other refuses, and each reads the other's keys. Runs by way of tests/support/with-jwcrypto.sh.
#include "core/auth/jwt_mint.h"
#include "tests/core/auth/jose_tokens.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

using namespace kb;
using namespace jose;

namespace {

/// jose_peer.py in a process of its own.
class Peer {
public:
    Peer() {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(qEnvironmentVariable("KB_JOSE_PYTHON"), {qEnvironmentVariable("KB_JOSE_PEER")});
        if (!m_process.waitForStarted(30000))
            qFatal("Run this test by way of tests/support/with-jwcrypto.sh: %s",
                   qPrintable(m_process.errorString()));
    }
    ~Peer() {
        m_process.closeWriteChannel();
        m_process.waitForFinished(10000);
    }
    QJsonObject ask(const QJsonObject& request) {
        m_process.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
        while (!m_process.canReadLine())
            if (!m_process.waitForReadyRead(60000)) qFatal("the peer gave no answer");
        return QJsonDocument::fromJson(m_process.readLine()).object();
    }
    QByteArray text(const QJsonObject& request, const QString& name) {
        return ask(request).value(name).toString().toUtf8();
    }

private:
    QProcess m_process;
};

QString jwkOf(const QString& algorithm) {
    const SigningKey& key = *testKeys().signing.at(keyNameFor(algorithm));
    if (key.type() == SigningKey::Type::Symmetric)
        return QStringLiteral("{\"kty\":\"oct\",\"k\":\"%1\"}")
            .arg(QString::fromLatin1(
                part("a shared secret that is long enough for the longest of the hashes")));
    return QString::fromUtf8(writeJson(key.publicJwk()));
}

QJsonObject generationOf(const QString& algorithm) {
    const QString name = keyNameFor(algorithm);
    if (name == QLatin1String("secret")) return {{"kty", "oct"}, {"size", 512}};
    if (name == QLatin1String("RSA")) return {{"kty", "RSA"}, {"size", 2048}};
    return {{"kty", name == QLatin1String("Ed25519") ? "OKP" : "EC"}, {"crv", name}};
}

const QByteArray payload = R"({"sub":"Zoë","n":36893488147419103233})";

} // namespace

class TestJoseInterop : public QObject {
    Q_OBJECT
    Peer m_peer;

    void algorithms() {
        QTest::addColumn<QString>("algorithm");
        for (const QString& algorithm : verifiableAlgorithms())
            // The peer has the older name only.
            if (algorithm != QLatin1String("Ed25519")) QTest::newRow(qPrintable(algorithm)) << algorithm;
    }

private Q_SLOTS:
    void weSignTheyVerify_data() { algorithms(); }
    void weSignTheyVerify() {
        QFETCH(QString, algorithm);
        const QByteArray compact = token(algorithm, R"({"typ":"JWT","kid":"k"})", payload);
        const QJsonObject good{
            {"do", "verify"}, {"key", jwkOf(algorithm)}, {"token", QString::fromLatin1(compact)}};
        const QJsonObject answer = m_peer.ask(good);
        QVERIFY2(answer.contains("payload"), qPrintable(answer.value("error").toString()));
        QCOMPARE(answer.value("payload").toString().toUtf8(), payload);
        QList<QByteArray> parts = compact.split('.');
        parts[1] = part("{}");
        QJsonObject bad = good;
        bad["token"] = QString::fromLatin1(parts.join('.'));
        QVERIFY(m_peer.ask(bad).contains("error"));
    }

    void theySignWeVerify_data() { algorithms(); }
    void theySignWeVerify() {
        QFETCH(QString, algorithm);
        const QJsonObject key = m_peer.ask({{"do", "generate"}, {"args", generationOf(algorithm)}});
        const bool secret = keyNameFor(algorithm) == QLatin1String("secret");
        const QString whole = key.value("private").toString();
        const QByteArray compact = m_peer.text({{"do", "sign"},
                                                {"key", whole},
                                                {"header", QJsonObject{{"alg", algorithm}, {"typ", "JWT"}}},
                                                {"payload", QString::fromUtf8(payload)}},
                                               "token");
        QVERIFY(!compact.isEmpty());
        QList<QByteArray> forms{whole.toUtf8()};
        if (!secret)
            forms << key.value("public").toString().toUtf8() << key.value("public_pem").toString().toUtf8();
        for (const QByteArray& form : forms) {
            const JwsVerification result = verifyJws(viewOf(compact), keysFrom(form), signatureOnly());
            QVERIFY2(result.verified(), qPrintable(result.reason().sentence));
            QCOMPARE(writeJson(result.claims), payload);
            if (!secret)
                QCOMPARE(QString::fromLatin1(result.keyThumbprint), key.value("thumbprint").toString());
        }
        QByteArray bent = compact;
        bent[bent.size() - 10] = bent[bent.size() - 10] == 'A' ? 'B' : 'A';
        QVERIFY(!verifyJws(viewOf(bent), keysFrom(forms.first()), signatureOnly()).verified());
    }

    void theirKeysSignHere_data() { algorithms(); }
    void theirKeysSignHere() {
        QFETCH(QString, algorithm);
        const QJsonObject key = m_peer.ask({{"do", "generate"}, {"args", generationOf(algorithm)}});
        const bool secret = keyNameFor(algorithm) == QLatin1String("secret");
        QList<QByteArray> forms{key.value("private").toString().toUtf8()};
        if (!secret) forms << key.value("pem").toString().toUtf8();
        for (const QByteArray& form : forms) {
            const Result<SigningKey> signer = SigningKey::read(Secret(viewOf(form)), secret);
            QVERIFY2(signer, signer ? "" : qPrintable(signer.error().text()));
            if (!secret)
                QCOMPARE(QString::fromLatin1(signer->thumbprint()), key.value("thumbprint").toString());
            JwtScheme scheme;
            scheme.algorithm = algorithm;
            const Result<Secret> minted = mintJwt(scheme, QStringLiteral(R"({"sub":"joe"})"),
                                                  Secret(viewOf(form)), 1'700'000'000'000, randomBytes);
            QVERIFY2(minted, minted ? "" : qPrintable(minted.error().text()));
            const QJsonObject answer = m_peer.ask(
                {{"do", "verify"},
                 {"key", key.value("private")},
                 {"token", QString::fromLatin1(minted->reveal().data(), qsizetype(minted->size()))}});
            QVERIFY2(answer.value("payload").toString().startsWith("{\"sub\":\"joe\",\"iat\":1700000000,"),
                     qPrintable(answer.value("error").toString()));
        }
    }

    void ourKeysAreReadThere() {
        for (const auto& [name, key] : testKeys().signing) {
            if (key->type() == SigningKey::Type::Symmetric) continue;
            const QString thumbprint = QString::fromLatin1(key->thumbprint());
            const Secret pem = key->toPem();
            const QString text = QString::fromLatin1(pem.reveal().data(), qsizetype(pem.size()));
            QCOMPARE(m_peer.ask({{"do", "read"}, {"pem", text}}).value("thumbprint").toString(), thumbprint);
            const QString jwk = QString::fromUtf8(writeJson(key->publicJwk()));
            QCOMPARE(m_peer.ask({{"do", "read"}, {"jwk", jwk}}).value("thumbprint").toString(), thumbprint);
        }
    }

    void bothRefuse_data() {
        QTest::addColumn<QByteArray>("compact");
        const QByteArray good = token(QStringLiteral("ES256"), "{}", "{}");
        const QList<QByteArray> parts = good.split('.');
        const QByteArray start = parts[0] + '.' + parts[1] + '.';
        const QByteArray zero = part(QByteArray(64, '\0'));
        QTest::newRow("none") << QByteArray(part("{\"alg\":\"none\"}") + ".e30.");
        QTest::newRow("None") << QByteArray(part("{\"alg\":\"None\"}") + ".e30.");
        QTest::newRow("no signature") << start;
        QTest::newRow("zero signature") << QByteArray(start + zero);
        QTest::newRow("half a signature") << QByteArray(start + parts[2].left(43));
        QTest::newRow("another algorithm")
            << QByteArray(part("{\"alg\":\"ES384\"}") + '.' + parts[1] + '.' + parts[2]);
        QTest::newRow("crit of something unknown")
            << es256OverHeader("{\"alg\":\"ES256\",\"x\":1,\"crit\":[\"x\"]}");
        QTest::newRow("crit of something absent") << es256OverHeader("{\"alg\":\"ES256\",\"crit\":[\"x\"]}");
        QTest::newRow("two parts") << QByteArray(parts[0] + '.' + parts[1]);
        QTest::newRow("four parts") << QByteArray(good + ".e30");
        QTest::newRow("no JSON") << es256OverHeader("ES256");
    }
    void bothRefuse() {
        QFETCH(QByteArray, compact);
        const VerifyKeys& keys = testKeys().verifying.at(QStringLiteral("P-256"));
        QVERIFY(!verifyJws(viewOf(compact), keys, signatureOnly()).verified());
        QVERIFY(m_peer
                    .ask({{"do", "verify"},
                          {"key", jwkOf(QStringLiteral("ES256"))},
                          {"token", QString::fromLatin1(compact)}})
                    .contains("error"));
    }
};

QTEST_GUILESS_MAIN(TestJoseInterop)
#include "test_jose_interop.moc"
