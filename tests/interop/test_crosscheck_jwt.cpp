// SPDX-License-Identifier: GPL-3.0-or-later
// Both ways between the program itself and two libraries, jose and jwcrypto: what one signs the other
// verifies, and refuses after one changed byte or with another key.
#include "tests/app/cli_process.h"
#include "tests/interop/json_peer.h"
#include "tests/interop/listener.h"

namespace {

/// A token's payload with one letter changed, and everything else as it was.
QByteArray bent(const QByteArray& token) {
    QByteArrayList parts = token.split('.');
    QByteArray payload = QByteArray::fromBase64(parts.value(1), QByteArray::Base64UrlEncoding);
    const qsizetype at = payload.indexOf("robot");
    if (parts.size() != 3 || at < 0) return {};
    payload[at] = 'R';
    parts[1] = payload.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    return parts.join('.');
}

} // namespace

class TestInteropCrosscheckJwt : public QObject {
    Q_OBJECT
    JsonPeer m_jose;
    JsonPeer m_jwcrypto;
    std::unique_ptr<QTemporaryDir> m_folder;
    /// A key for each algorithm, and another of its kind.
    QMap<QString, std::pair<QJsonObject, QJsonObject>> m_keys;

    const std::pair<QJsonObject, QJsonObject>& keysFor(const QString& algorithm) {
        if (!m_keys.contains(algorithm)) {
            const QJsonObject task{{"do", "generate"}, {"alg", algorithm}};
            const QJsonObject one = m_jose.ask(task);
            m_keys.insert(algorithm, {one, m_jose.ask(task)});
        }
        return *m_keys.constFind(algorithm);
    }
    /// What verifies: the public half, or the secret itself.
    static QString verifying(const QJsonObject& key) {
        return key.value(key.contains("public") ? "public" : "private").toString();
    }
    static QStringList algorithms() {
        return {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256",
                "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"};
    }
    /// The older of the two names is the only one that jwcrypto has.
    static bool jwcryptoKnows(const QString& algorithm) { return algorithm != "Ed25519"; }

    QJsonObject joseSays(const QString& algorithm, const QJsonObject& key, const QByteArray& token) {
        return m_jose.ask({{"do", "verify"},
                           {"alg", algorithm},
                           {"key", verifying(key)},
                           {"token", QString::fromLatin1(token)},
                           {"options", QJsonObject{{"issuer", "https://issuer.example"},
                                                   {"audience", "urn:api"},
                                                   {"subject", "robot"},
                                                   {"typ", "JWT"},
                                                   {"maxTokenAge", "2 min"},
                                                   {"requiredClaims",
                                                    QJsonArray{"iss", "aud", "sub", "iat", "exp", "jti"}}}}});
    }
    QJsonObject jwcryptoSays(const QJsonObject& key, const QByteArray& token) {
        return m_jwcrypto.ask(
            {{"do", "verify"}, {"key", verifying(key)}, {"token", QString::fromLatin1(token)}});
    }

    QString written(const QString& name, const QByteArray& text) const {
        QFile file(m_folder->filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) return {};
        return file.fileName();
    }
    CliResult verify(const QByteArray& token, const QString& option, const QString& file) const {
        return runCli({"token", "verify", option, file, "--json"}, token, m_folder->path());
    }
    /// A set of the keys, the second of which has the token's kid.
    QString writtenSet(const QJsonObject& first, const QJsonObject& second) const {
        QJsonArray keys;
        for (const auto& [key, id] : {std::pair{&first, "key-0"}, std::pair{&second, "key-1"}}) {
            QJsonObject jwk = QJsonDocument::fromJson(verifying(*key).toUtf8()).object();
            jwk.insert("kid", id);
            keys.append(jwk);
        }
        return written("keys.json", QJsonDocument(QJsonObject{{"keys", keys}}).toJson());
    }

private Q_SLOTS:
    void initTestCase() {
        m_jose.startNode();
        m_jwcrypto.startJwcrypto();
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void theyVerifyWhatTheProgramSigns_data() {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("form");
        for (const QString& algorithm : algorithms()) {
            const bool shared = algorithm.startsWith("HS");
            QTest::newRow(qPrintable(QString(algorithm + (shared ? " secret" : " PEM"))))
                << algorithm << (shared ? "secret" : "pem");
            QTest::newRow(qPrintable(QString(algorithm + " JWK"))) << algorithm << "private";
        }
    }
    void theyVerifyWhatTheProgramSigns() {
        QFETCH(QString, algorithm);
        QFETCH(QString, form);
        const auto& [key, other] = keysFor(algorithm);
        const QByteArray secret = key.value(form).toString().toUtf8();
        QVERIFY(!secret.isEmpty());
        Listener api({"Authorization"});
        const CliResult made = runCli(
            {"profile", "add", "robot", "--kind", "jwt", "--alg", algorithm, "--key-id", "key-1",
             "--lifetime", "120", "--claims",
             "{\"iss\":\"https://issuer.example\",\"aud\":\"urn:api\",\"sub\":\"robot\",\"name\":\"Zoë\"}",
             "--allow", api.url("")},
            secret, m_folder->path());
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const CliResult sent =
            runCliBeside({"send", api.url("/users"), "--as", "robot"}, {}, m_folder->path());
        QVERIFY2(api.last, sent.err.constData());
        const QByteArray header = api.last->headers.value("authorization");
        QVERIFY2(header.startsWith("Bearer "), header.constData());
        const QByteArray token = header.mid(7);

        const QJsonObject said = joseSays(algorithm, key, token);
        QVERIFY2(said.contains("claims"), qPrintable(said.value("error").toString()));
        const QJsonObject claims = said.value("claims").toObject();
        QCOMPARE(claims.value("name").toString(), "Zoë");
        QCOMPARE(claims.value("exp").toInt() - claims.value("iat").toInt(), 120);
        QCOMPARE(said.value("header").toObject(),
                 (QJsonObject{{"alg", algorithm}, {"typ", "JWT"}, {"kid", "key-1"}}));
        const QByteArray changed = bent(token);
        QVERIFY(!changed.isEmpty());
        const QString refusal = "JWSSignatureVerificationFailed: signature verification failed";
        QCOMPARE(joseSays(algorithm, key, changed).value("error").toString(), refusal);
        QCOMPARE(joseSays(algorithm, other, token).value("error").toString(), refusal);

        if (!jwcryptoKnows(algorithm)) return;
        const QJsonObject too = jwcryptoSays(key, token);
        QVERIFY2(too.contains("payload"), qPrintable(too.value("error").toString()));
        QCOMPARE(QJsonDocument::fromJson(too.value("payload").toString().toUtf8()).object(), claims);
        for (const QJsonObject& refused : {jwcryptoSays(key, changed), jwcryptoSays(other, token)})
            QVERIFY2(refused.value("error").toString().startsWith("InvalidJWSSignature"),
                     QJsonDocument(refused).toJson().constData());
    }

    void theProgramVerifiesWhatTheySign_data() {
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<bool>("byJose");
        for (const QString& algorithm : algorithms()) {
            QTest::newRow(qPrintable(QString(algorithm + " by jose"))) << algorithm << true;
            if (jwcryptoKnows(algorithm))
                QTest::newRow(qPrintable(QString(algorithm + " by jwcrypto"))) << algorithm << false;
        }
    }
    void theProgramVerifiesWhatTheySign() {
        QFETCH(QString, algorithm);
        QFETCH(bool, byJose);
        const auto& [key, other] = keysFor(algorithm);
        const QByteArray now = QByteArray::number(QDateTime::currentSecsSinceEpoch());
        // The number has more digits than most parsers keep.
        const QByteArray payload =
            "{\"sub\":\"robot\",\"name\":\"Zoë\",\"n\":36893488147419103233,\"exp\":9" + now + "}";
        const QJsonObject signed_ = (byJose ? m_jose : m_jwcrypto)
                                        .ask({{"do", "sign"},
                                              {"key", key.value("private")},
                                              {"header", QJsonObject{{"alg", algorithm}, {"kid", "key-1"}}},
                                              {"payload", QString::fromUtf8(payload)}});
        const QByteArray token = signed_.value("token").toString().toLatin1();
        QVERIFY2(!token.isEmpty(), qPrintable(signed_.value("error").toString()));
        const QByteArray changed = bent(token);
        QVERIFY(!changed.isEmpty());

        const QString single =
            written("key", key.value(key.contains("secret") ? "secret" : "public_pem").toString().toUtf8());
        for (const auto& [option, file] :
             {std::pair{QString("--jwks"), writtenSet(other, key)}, std::pair{QString("--key"), single},
              std::pair{QString("--key"), written("key.jwk", verifying(key).toUtf8())}}) {
            const CliResult good = verify(token, option, file);
            QVERIFY2(good.exitCode == 0, QByteArray(good.out + good.err).constData());
            QVERIFY(good.json().value("verified").toBool());
            QCOMPARE(good.json().value("alg").toString(), algorithm);
            QVERIFY2(good.out.contains(QByteArray("\"claims\":" + payload)), good.out.constData());
            if (key.contains("thumbprint"))
                QCOMPARE(good.json().value("key_thumbprint").toString(), key.value("thumbprint").toString());
        }
        for (const CliResult& bad :
             {verify(changed, "--key", single), verify(token, "--jwks", writtenSet(key, other))}) {
            QVERIFY2(bad.exitCode == 1, QByteArray(bad.out + bad.err).constData());
            QVERIFY(!bad.json().value("verified").toBool(true));
            QCOMPARE(bad.json().value("signature").toString(), "not-verified");
            QCOMPARE(bad.json().value("signature_reason").toString(), "signature-mismatch");
        }
    }
};

QTEST_GUILESS_MAIN(TestInteropCrosscheckJwt)
#include "test_crosscheck_jwt.moc"
