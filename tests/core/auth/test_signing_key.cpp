// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/base64url.h"
#include "core/auth/crypto.h"
#include "core/auth/openssl_owners.h"
#include "core/auth/signing_key.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <QDir>
#include <QtTest>

using namespace kb;

namespace {

QByteArray dataFile(const QString& name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/jose/") + name);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no test data %s", qPrintable(name));
    return file.readAll();
}

Result<SigningKey> keyFrom(const QByteArray& text, bool symmetric = false) {
    return SigningKey::read(Secret(viewOf(text)), symmetric);
}

QByteArray without(const QByteArray& jwk, const QString& name) {
    JsonValue value = *parseJson(jwk);
    value.members.removeIf([&](const JsonValue::Member& member) { return member.first == name; });
    return writeJson(value);
}

QByteArray changed(const QByteArray& jwk, const QString& name, const QString& text) {
    JsonValue value = *parseJson(jwk);
    for (JsonValue::Member& member : value.members)
        if (member.first == name) member.second.string = text;
    return writeJson(value);
}

QByteArray keyOf(const QString& vector) {
    return writeJson(*parseJson(dataFile(vector))->find(u"key"));
}

/// The library's own verification with the key's public half, so that the signatures are judged by something
/// else than what made them.
bool verifies(const SigningKey& key, const QByteArray& digestName, bool pss, const QByteArray& text,
              const QByteArray& signature) {
    const Secret pem = key.toPem();
    const BioPtr bio(BIO_new_mem_buf(pem.reveal().data(), int(pem.size())));
    const PkeyPtr pkey(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    const MdCtxPtr context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;
    const EVP_MD* digest = digestName.isEmpty() ? nullptr : EVP_get_digestbyname(digestName.constData());
    if (EVP_DigestVerifyInit(context.get(), &options, digest, nullptr, pkey.get()) != 1) return false;
    if (pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                EVP_PKEY_CTX_set_rsa_pss_saltlen(options, EVP_MD_get_size(digest)) != 1))
        return false;
    QByteArray bytes = signature;
    if (key.type() == SigningKey::Type::Ec) {
        const int half = int(signature.size() / 2);
        const auto* raw = reinterpret_cast<const unsigned char*>(signature.constData());
        const EcdsaSigPtr pair(ECDSA_SIG_new());
        ECDSA_SIG_set0(pair.get(), BN_bin2bn(raw, half, nullptr), BN_bin2bn(raw + half, half, nullptr));
        bytes.resize(i2d_ECDSA_SIG(pair.get(), nullptr));
        auto* out = reinterpret_cast<unsigned char*>(bytes.data());
        i2d_ECDSA_SIG(pair.get(), &out);
    }
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(bytes.constData()),
                            std::size_t(bytes.size()),
                            reinterpret_cast<const unsigned char*>(text.constData()),
                            std::size_t(text.size())) == 1;
}

} // namespace

class TestSigningKey : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { ERR_clear_error(); }

    void standardsExamples_data() {
        QTest::addColumn<QString>("file");
        const QDir folder(QStringLiteral(KB_TEST_DATA "/jose"));
        const QStringList files = folder.entryList({QStringLiteral("rfc*.json")}, QDir::Files, QDir::Name);
        QVERIFY(files.size() >= 9);
        for (const QString& file : files)
            QTest::newRow(qPrintable(file)) << file;
    }
    void standardsExamples() {
        QFETCH(QString, file);
        const JsonValue vector = *parseJson(dataFile(file));
        const QString algorithm = vector.text(u"alg");
        const Result<SigningKey> key = keyFrom(keyOf(file), algorithm.startsWith(QLatin1String("HS")));
        QVERIFY2(key, key ? "" : qPrintable(key.error().text()));
        const QList<QByteArray> parts = vector.text(u"compact").toLatin1().split('.');
        const QByteArray input = parts[0] + '.' + parts[1];
        const Result<QByteArray> signature = key->sign(algorithm, viewOf(input));
        QVERIFY2(signature, signature ? "" : qPrintable(signature.error().text()));
        const QByteArray published = decodeBase64Url(viewOf(parts[2])).bytes;
        QCOMPARE(signature->size(), published.size());
        QCOMPARE(*signature == published, vector.find(u"repeatable")->boolean);
    }

    void everyAlgorithm_data() {
        QTest::addColumn<QByteArray>("digest");
        QTest::addColumn<bool>("pss");
        QTest::addColumn<int>("bytes");
        QTest::newRow("RS256") << QByteArray("SHA256") << false << 256;
        QTest::newRow("RS384") << QByteArray("SHA384") << false << 256;
        QTest::newRow("RS512") << QByteArray("SHA512") << false << 256;
        QTest::newRow("PS256") << QByteArray("SHA256") << true << 256;
        QTest::newRow("PS384") << QByteArray("SHA384") << true << 256;
        QTest::newRow("PS512") << QByteArray("SHA512") << true << 256;
        QTest::newRow("ES256") << QByteArray("SHA256") << false << 64;
        QTest::newRow("ES256K") << QByteArray("SHA256") << false << 64;
        QTest::newRow("ES384") << QByteArray("SHA384") << false << 96;
        QTest::newRow("ES512") << QByteArray("SHA512") << false << 132;
        QTest::newRow("EdDSA") << QByteArray() << false << 64;
        QTest::newRow("Ed25519") << QByteArray() << false << 64;
    }
    void everyAlgorithm() {
        QFETCH(QByteArray, digest);
        QFETCH(bool, pss);
        QFETCH(int, bytes);
        const QString algorithm = QString::fromLatin1(QTest::currentDataTag());
        const Result<SigningKey> key = SigningKey::generate(algorithm);
        QVERIFY2(key, key ? "" : qPrintable(key.error().text()));
        // Several times: r or s begins with a zero byte in one of 128 signatures, and must keep it.
        for (int i = 0; i < (bytes == 256 ? 2 : 300); ++i) {
            const QByteArray text = "text " + QByteArray::number(i);
            const Result<QByteArray> signature = key->sign(algorithm, viewOf(text));
            QVERIFY(signature);
            QCOMPARE(signature->size(), bytes);
            QVERIFY(verifies(*key, digest, pss, text, *signature));
            QVERIFY(!verifies(*key, digest, pss, text + '.', *signature));
        }
        // The key stored and read again, as PEM, is the same.
        const Result<SigningKey> again = SigningKey::read(key->toPem(), false);
        QVERIFY2(again, again ? "" : qPrintable(again.error().text()));
        QCOMPARE(again->thumbprint(), key->thumbprint());
        QVERIFY(again->toPem().reveal().starts_with("-----BEGIN PRIVATE KEY-----"));
        // New RSA keys take their time: one algorithm stands for the six.
        if (bytes == 256 && algorithm != QLatin1String("RS256")) return;
        QVERIFY(SigningKey::generate(algorithm)->thumbprint() != key->thumbprint());
    }

    void pemForms_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("curve");
        QTest::addColumn<QString>("algorithm");
        const int rsa = int(SigningKey::Type::Rsa);
        QTest::newRow("PKCS#1") << "rsa-pkcs1.pem" << rsa << ""
                                << "RS256";
        QTest::newRow("PKCS#8") << "rsa-pkcs8.pem" << rsa << ""
                                << "PS512";
        QTest::newRow("PKCS#8, for PSS only") << "rsa-pss.pem" << rsa << ""
                                              << "PS512";
        QTest::newRow("SEC 1 after its parameters") << "ec-sec1.pem" << int(SigningKey::Type::Ec) << "P-256"
                                                    << "ES256";
        QTest::newRow("Ed25519") << "ed25519.pem" << int(SigningKey::Type::Okp) << "Ed25519"
                                 << "EdDSA";
    }
    void pemForms() {
        QFETCH(QString, file);
        QFETCH(int, type);
        QFETCH(QString, curve);
        QFETCH(QString, algorithm);
        const Result<SigningKey> key = keyFrom(dataFile(file));
        QVERIFY2(key, key ? "" : qPrintable(key.error().text()));
        QCOMPARE(int(key->type()), type);
        QCOMPARE(key->curve(), curve);
        QCOMPARE(key->bits(), type == int(SigningKey::Type::Rsa) ? 2048 : 0);
        QVERIFY(key->sign(algorithm, "text"));
    }

    void oneKeyInTwoForms() {
        QCOMPARE(keyFrom(dataFile(QStringLiteral("rsa-pkcs1.pem")))->thumbprint(),
                 keyFrom(dataFile(QStringLiteral("rsa-pkcs8.pem")))->thumbprint());
    }

    void thumbprint() {
        // RFC 8037 A.3.
        const Result<SigningKey> key = keyFrom(keyOf(QStringLiteral("rfc8037-a4.json")));
        QCOMPARE(key->thumbprint(), QByteArray("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    }

    void publicHalfOnly() {
        for (const char* file :
             {"rfc7515-a2.json", "rfc7515-a3.json", "rfc7515-a4.json", "rfc8037-a4.json"}) {
            const JsonValue whole = *parseJson(keyOf(QString::fromLatin1(file)));
            const JsonValue jwk = keyFrom(writeJson(whole))->publicJwk();
            QVERIFY(jwk.isObject());
            for (const JsonValue::Member& member : jwk.members)
                QCOMPARE(member.second.string, whole.text(member.first));
            QVERIFY(!jwk.find(u"d") && jwk.find(u"kty"));
            QCOMPARE(jwk.members.size(), whole.members.size() - 1);
        }
        QCOMPARE(keyFrom("a shared secret", true)->publicJwk().type, JsonValue::Type::Null);
        QVERIFY(keyFrom("a shared secret", true)->thumbprint().isEmpty());
        QVERIFY(keyFrom("a shared secret", true)->toPem().isEmpty());
    }

    void symmetricBytes() {
        const QByteArray plain(32, 'k');
        QCOMPARE(keyFrom(plain, true)->bits(), 256);
        QCOMPARE(*keyFrom(plain, true)->sign(QStringLiteral("HS256"), "text"),
                 hmacOf(Hash::Sha256, viewOf(plain), "text"));
        // A secret that is JSON or PEM by chance stays what it is.
        const QByteArray json = R"({"name":"a secret that is JSON, of 32 bytes and more"})";
        QCOMPARE(keyFrom(json, true)->bits(), int(json.size()) * 8);
        const QByteArray pem = dataFile(QStringLiteral("rsa-public.pem"));
        QCOMPARE(keyFrom(pem, true)->bits(), int(pem.size()) * 8);
        // An "oct" JWK says what it is, and another kind of JWK too.
        QCOMPARE(keyFrom(keyOf(QStringLiteral("rfc7515-a1.json")), true)->bits(), 512);
        const Result<SigningKey> wrong = keyFrom(keyOf(QStringLiteral("rfc7515-a2.json")), true);
        QVERIFY(!wrong && wrong.error().what.contains(QLatin1String("RSA")));
        QVERIFY(!keyFrom(R"({"kty":"oct","k":"?"})", true));
        QVERIFY(!keyFrom(R"({"kty":"oct"})", true));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("why");
        const QByteArray rsa = keyOf(QStringLiteral("rfc7520-4.1.json"));
        const QByteArray ec = keyOf(QStringLiteral("rfc7515-a3.json"));
        const QByteArray okp = keyOf(QStringLiteral("rfc8037-a4.json"));
        QTest::newRow("nothing") << QByteArray() << "empty";
        QTest::newRow("words") << QByteArray("correct horse battery staple") << "neither PEM nor a JWK";
        QTest::newRow("locked PKCS#8") << dataFile(QStringLiteral("rsa-locked.pem")) << "passphrase";
        QTest::newRow("locked PKCS#1") << dataFile(QStringLiteral("rsa-pkcs1-locked.pem")) << "passphrase";
        QTest::newRow("public PEM") << dataFile(QStringLiteral("rsa-public.pem")) << "public half";
        QTest::newRow("certificate") << dataFile(QStringLiteral("rsa-certificate.pem")) << "public half";
        QTest::newRow("PEM cut short")
            << dataFile(QStringLiteral("rsa-pkcs8.pem")).left(600) << "the PEM is broken";
        QTest::newRow("X25519") << dataFile(QStringLiteral("x25519.pem")) << "makes no JOSE signatures";
        QTest::newRow("another curve") << dataFile(QStringLiteral("ec-brainpool.pem")) << "not one of JOSE's";
        QTest::newRow("public JWK") << without(ec, QStringLiteral("d")) << "public half";
        QTest::newRow("oct") << keyOf(QStringLiteral("rfc7515-a1.json")) << "symmetric key";
        QTest::newRow("no kty") << without(ec, QStringLiteral("kty")) << "kty is \"\"";
        QTest::newRow("kty in lower case")
            << changed(ec, QStringLiteral("kty"), QStringLiteral("ec")) << "kty is \"ec\"";
        QTest::newRow("EC without y") << without(ec, QStringLiteral("y")) << "has no y";
        QTest::newRow("EC of a short x")
            << changed(ec, QStringLiteral("x"), QStringLiteral("AAAA")) << "32 bytes";
        QTest::newRow("EC off the curve")
            << changed(ec, QStringLiteral("x"), ed().text(u"x")) << "do not make a key";
        QTest::newRow("EC of two halves")
            << changed(ec, QStringLiteral("d"), ed().text(u"d")) << "belongs to another key";
        QTest::newRow("unknown curve")
            << changed(ec, QStringLiteral("crv"), QStringLiteral("P-192")) << "\"P-192\"";
        QTest::newRow("padded d") << changed(ec, QStringLiteral("d"), ed().text(u"d") + QLatin1Char('='))
                                  << "d of the JWK is not base64url";
        QTest::newRow("repeated d") << QByteArray(ec).replace(R"("kty")", R"("d":"jpsQ","kty")")
                                    << "comes twice";
        QTest::newRow("OKP of two halves")
            << changed(okp, QStringLiteral("x"), ed().text(u"d")) << "belongs to another key";
        QTest::newRow("X25519 JWK") << changed(okp, QStringLiteral("crv"), QStringLiteral("X25519"))
                                    << "\"X25519\"";
        QTest::newRow("RSA without n") << without(rsa, QStringLiteral("n")) << "has no n";
        QTest::newRow("RSA with some primes") << without(rsa, QStringLiteral("dq")) << "has no dq";
        QTest::newRow("RSA of two halves")
            << changed(rsa, QStringLiteral("n"),
                       parseJson(keyOf(QStringLiteral("rfc7515-a2.json")))->text(u"n"))
            << "belongs to another key";
        QTest::newRow("RSA of three primes")
            << QByteArray(rsa).replace(R"("kty")", R"("oth":[],"kty")") << "two primes";
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(QString, why);
        const Result<SigningKey> key = keyFrom(text);
        QVERIFY(!key);
        QVERIFY2(key.error().text().contains(why), qPrintable(key.error().text()));
        QVERIFY(!key.error().text().contains(QLatin1String("jpsQ")));
        QCOMPARE(ERR_peek_error(), 0UL);
    }

    void keyMustFit_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("symmetric");
        QTest::addColumn<QString>("algorithm");
        QTest::addColumn<QString>("why");
        QTest::newRow("RSA for ES256") << "rsa-pkcs8.pem" << false << "ES256"
                                       << "P-256, and this is an RSA key";
        QTest::newRow("RSA for HS256") << "rsa-pkcs8.pem" << false << "HS256"
                                       << "needs a shared secret";
        QTest::newRow("P-256 for ES384") << "ec-sec1.pem" << false << "ES384"
                                         << "P-384";
        QTest::newRow("P-256 for ES256K") << "ec-sec1.pem" << false << "ES256K"
                                          << "secp256k1";
        QTest::newRow("P-256 for EdDSA") << "ec-sec1.pem" << false << "EdDSA"
                                         << "Ed25519";
        QTest::newRow("RSA 1024") << "rsa-1024.pem" << false << "RS256"
                                  << "1024 bits, and RS256 needs at least 2048";
        QTest::newRow("PSS key for RS256") << "rsa-pss.pem" << false << "RS256"
                                           << "PSS signatures only";
        QTest::newRow("secret for RS256") << "rsa-pkcs8.pem" << true << "RS256"
                                          << "this is a shared secret";
        QTest::newRow("none") << "rsa-pkcs8.pem" << false << "none"
                              << "no signature algorithm \"none\"";
        QTest::newRow("lower case") << "rsa-pkcs8.pem" << false << "rs256"
                                    << "no signature algorithm";
    }
    void keyMustFit() {
        QFETCH(QString, file);
        QFETCH(bool, symmetric);
        QFETCH(QString, algorithm);
        QFETCH(QString, why);
        const Result<QByteArray> signature = keyFrom(dataFile(file), symmetric)->sign(algorithm, "text");
        QVERIFY(!signature);
        QVERIFY2(signature.error().text().contains(why), qPrintable(signature.error().text()));
    }

    void secretsHaveTheSizeOfTheHash() {
        // RFC 7518 §3.2.
        for (const auto& [algorithm, bytes] : std::initializer_list<std::pair<const char*, int>>{
                 {"HS256", 32}, {"HS384", 48}, {"HS512", 64}}) {
            const QString name = QString::fromLatin1(algorithm);
            QVERIFY(keyFrom(QByteArray(bytes, 'k'), true)->sign(name, "text"));
            QVERIFY(!keyFrom(QByteArray(bytes - 1, 'k'), true)->sign(name, "text"));
        }
    }

    void generatesNothingElse() {
        for (const char* algorithm : {"HS256", "none", "", "es256", "RSA-OAEP"})
            QVERIFY(!SigningKey::generate(QString::fromLatin1(algorithm)));
    }

    void compactForm() {
        // RFC 7515 A.2: alg comes first where it is not given; the payload stays byte for byte.
        const JsonValue vector = *parseJson(dataFile(QStringLiteral("rfc7515-a2.json")));
        const Result<SigningKey> key = keyFrom(keyOf(QStringLiteral("rfc7515-a2.json")));
        const QByteArray compact = vector.text(u"compact").toLatin1();
        const QByteArray payload = decodeBase64Url(viewOf(compact.split('.')[1])).bytes;
        QCOMPARE(*signCompact(QStringLiteral("RS256"), *parseJson("{}"), payload, *key), compact);
        const Result<QByteArray> named = signCompact(
            QStringLiteral("RS256"), *parseJson(R"({"typ":"JWT","alg":"none","kid":"a"})"), payload, *key);
        QCOMPARE(decodeBase64Url(viewOf(named->split('.')[0])).bytes,
                 QByteArray(R"({"typ":"JWT","alg":"RS256","kid":"a"})"));
        QVERIFY(!signCompact(QStringLiteral("RS256"), *parseJson(R"({"b64":false})"), payload, *key));
        QVERIFY(!signCompact(QStringLiteral("ES256"), *parseJson("{}"), payload, *key));
    }

private:
    static JsonValue ed() { return *parseJson(keyOf(QStringLiteral("rfc8037-a4.json"))); }
};

QTEST_APPLESS_MAIN(TestSigningKey)
#include "test_signing_key.moc"
