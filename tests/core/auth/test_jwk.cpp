// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/crypto.h"
#include "core/auth/jwk.h"

#include <openssl/err.h>

#include <QtTest>

using namespace kb;

namespace {

QByteArray dataFile(const QString& name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/jose/") + name);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no test data %s", qPrintable(name));
    return file.readAll();
}

QByteArray keyOf(const QString& vector) {
    return writeJson(*parseJson(dataFile(vector))->find(u"key"));
}

VerifyKey oneKey(const QByteArray& jwk) {
    const Result<VerifyKeys> keys = readJwks(jwk);
    if (!keys || keys->keys.size() != 1) return {};
    return keys->keys.first();
}

QByteArray with(const QByteArray& jwk, const QByteArray& members) {
    return "{" + members + "," + jwk.mid(1);
}

const QByteArray p256 = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                        R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
const QByteArray ed25519 =
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

QByteArray rsa(const QByteArray& modulus, const QByteArray& exponent = QByteArray("\x01\x00\x01", 3)) {
    return R"({"kty":"RSA","n":")" + toBase64Url(viewOf(modulus)) + R"(","e":")" +
           toBase64Url(viewOf(exponent)) + R"("})";
}

} // namespace

class TestJwk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { ERR_clear_error(); }
    void cleanup() { QCOMPARE(ERR_peek_error(), 0UL); }

    void s5_5_kinds_data() {
        QTest::addColumn<QByteArray>("jwk");
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("curve");
        QTest::addColumn<int>("bits");
        const auto row = [](const char* name, const QByteArray& jwk, VerifyKey::Type type, const char* curve,
                            int bits) {
            QTest::newRow(name) << jwk << int(type) << QString::fromLatin1(curve) << bits;
        };
        row("RFC 7515 A.1", keyOf(QStringLiteral("rfc7515-a1.json")), VerifyKey::Type::Symmetric, "", 512);
        row("RFC 7515 A.2", keyOf(QStringLiteral("rfc7515-a2.json")), VerifyKey::Type::Rsa, "", 2048);
        row("RFC 7515 A.3", p256, VerifyKey::Type::Ec, "P-256", 0);
        row("RFC 7515 A.4", keyOf(QStringLiteral("rfc7515-a4.json")), VerifyKey::Type::Ec, "P-521", 0);
        row("RFC 8037 A.2", ed25519, VerifyKey::Type::Okp, "Ed25519", 0);
        row("with members nobody knows", with(p256, R"("x5t":"?","ext":true,"exp":1,"kid":"a")"),
            VerifyKey::Type::Ec, "P-256", 0);
    }
    void s5_5_kinds() {
        QFETCH(QByteArray, jwk);
        QFETCH(int, type);
        QFETCH(QString, curve);
        QFETCH(int, bits);
        const VerifyKey key = oneKey(jwk);
        QVERIFY2(key.isUsable(), qPrintable(key.problem));
        QCOMPARE(int(key.type()), type);
        QCOMPARE(key.curve(), curve);
        QCOMPARE(key.bits(), bits);
    }

    void s5_5_thumbprints() {
        // RFC 7638 §3.1.
        const VerifyKey key = oneKey(
            R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuh)"
            R"(DR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_)"
            R"(FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZ)"
            R"(u0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256",)"
            R"("kid":"2011-04-29"})");
        QCOMPARE(key.thumbprint(), QByteArray("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
        QCOMPARE(key.algorithm, QStringLiteral("RS256"));
        QCOMPARE(key.keyId, QStringLiteral("2011-04-29"));
        // RFC 8037 A.3.
        QCOMPARE(oneKey(ed25519).thumbprint(), QByteArray("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
        // By the definition: required members in order, no spaces.
        const QByteArray text =
            R"({"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
            R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
        QCOMPARE(oneKey(p256).thumbprint(), toBase64Url(viewOf(hashOf(Hash::Sha256, viewOf(text)))));
        QVERIFY(oneKey(R"({"kty":"oct","k":"AAAA"})").thumbprint().isEmpty());
    }

    void s5_5_unusable_data() {
        QTest::addColumn<QByteArray>("jwk");
        QTest::addColumn<QString>("why");
        const auto changed = [](QByteArray jwk, const char* from, const char* to) {
            return jwk.replace(from, to);
        };
        QTest::newRow("no kty") << QByteArray(R"({"keys":[{}]})") << "it has no kty";
        QTest::newRow("kty of another kind")
            << QByteArray(R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AA"})") << "its kty is \"AKP\"";
        QTest::newRow("kty in lower case") << changed(p256, "EC", "ec") << "its kty is \"ec\"";
        QTest::newRow("no object") << QByteArray(R"({"keys":["key"]})") << "not a JSON object";
        QTest::newRow("repeated member") << with(p256, R"("crv":"P-384")") << "comes twice";
        QTest::newRow("repeated kid") << with(p256, R"("kid":"a","kid":"b")") << "comes twice";
        QTest::newRow("kid of a number") << with(p256, R"("kid":1)") << "its kid is not text";
        QTest::newRow("alg of a list") << with(p256, R"("alg":["ES256"])") << "its alg is not text";
        QTest::newRow("key_ops of text")
            << with(p256, R"("key_ops":"verify")") << "its key_ops is not a list";
        QTest::newRow("padding") << changed(p256, "RVEU\"", "RVEU=\"") << "its x is not base64url";
        QTest::newRow("plain base64") << changed(p256, "x_FEz", "x/FEz") << "its y is not base64url";
        QTest::newRow("line break") << changed(p256, "x_FEz", "x_\\nEz") << "its y is not base64url";
        QTest::newRow("not ASCII") << changed(p256, "x_FEz",
                                              "x_\xc5\xb8"
                                              "Ez")
                                   << "its y is not base64url";
        QTest::newRow("trailing bits") << changed(p256, "RVEU\"", "RVEV\"") << "bits that are not zero";
        QTest::newRow("unknown curve") << changed(p256, "P-256", "P-257") << "its curve \"P-257\"";
        QTest::newRow("x too short") << changed(p256, "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "AAAA")
                                     << "32 bytes each";
        QTest::newRow("another curve's size") << changed(p256, "P-256", "P-384") << "48 bytes each";
        QTest::newRow("off the curve") << changed(p256, "\"x_FEz", "\"x_FEa") << "do not make a key";
        QTest::newRow("no y") << QByteArray(R"({"kty":"EC","crv":"P-256","x":"AAAA"})") << "it has no y";
        QTest::newRow("X25519") << changed(ed25519, "Ed25519", "X25519") << "for encryption";
        QTest::newRow("Ed25519 too short")
            << QByteArray(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})") << "do not make a key";
        QTest::newRow("RSA 1024") << rsa(QByteArray(128, '\xff')) << "1024 bits, and at least 2048";
        QTest::newRow("RSA too large") << rsa(QByteArray(4096, '\xff')) << "more than can be used";
        QTest::newRow("RSA, leading zeros hide a short one")
            << rsa(QByteArray(200, '\0') + QByteArray(128, '\xff')) << "1024 bits";
        QTest::newRow("RSA, exponent 1") << rsa(QByteArray(256, '\xff'), "\x01") << "protects nothing";
        QTest::newRow("RSA, exponent 2") << rsa(QByteArray(256, '\xff'), "\x02") << "protects nothing";
        QTest::newRow("RSA, n a number")
            << QByteArray(R"({"kty":"RSA","n":65537,"e":"AQAB"})") << "it has no n";
        QTest::newRow("oct without k") << QByteArray(R"({"kty":"oct"})") << "it has no k";
        QTest::newRow("oct of nothing") << QByteArray(R"({"kty":"oct","k":""})") << "empty";
    }
    void s5_5_unusable() {
        QFETCH(QByteArray, jwk);
        QFETCH(QString, why);
        const Result<VerifyKeys> keys = readJwks(jwk);
        QVERIFY2(keys, keys ? "" : qPrintable(keys.error().text()));
        const VerifyKey key = keys->keys.first();
        QVERIFY(!key.isUsable());
        QVERIFY2(key.problem.contains(why), qPrintable(key.problem));
        QCOMPARE(key.type(), VerifyKey::Type::Unknown);
        QVERIFY(!key.d && key.thumbprint().isEmpty());
    }

    void s5_5_oneBadKeySpoilsNoSet() {
        const Result<VerifyKeys> keys = readJwks(QByteArray(
            R"({"keys":[{"kty":"new"},)" + with(p256, R"("kid":"a","use":"sig","key_ops":["verify"])") +
            R"(,17],"note":"members of the set that nobody knows"})"));
        QVERIFY(keys);
        QCOMPARE(keys->keys.size(), 3);
        QCOMPARE(keys->keys[0].label, QStringLiteral("key 1 of the set"));
        QVERIFY(keys->keys[1].isUsable() && !keys->keys[1].byItself);
        QCOMPARE(keys->keys[1].label, QStringLiteral("key \"a\""));
        QCOMPARE(keys->keys[1].use, QStringLiteral("sig"));
        QCOMPARE(keys->keys[1].operations, QStringList{QStringLiteral("verify")});
        QVERIFY(!keys->keys[0].hasKeyId && keys->keys[1].hasKeyId);
        QVERIFY(readJwks(R"({"keys":[]})")->keys.isEmpty());
    }

    void s5_5_privateHalfIsNeitherReadNorShown() {
        const QByteArray whole = keyOf(QStringLiteral("rfc7520-4.1.json"));
        const Result<VerifyKeys> keys = readJwks(QByteArray(R"({"keys":[)" + whole + "]}"));
        QVERIFY(keys->keys.first().isUsable());
        QCOMPARE(keys->notes.size(), 1);
        QVERIFY(keys->notes.first().contains(QLatin1String("private half")));
        QVERIFY(!keys->notes.first().contains(QLatin1String("bWUC9B")));
        // Even a private half that is nonsense changes nothing.
        QVERIFY(oneKey(with(p256, R"("d":"?")")).isUsable());
        QVERIFY(readJwks(p256)->notes.isEmpty());
    }

    void s5_5_noSetAtAll_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("HTML") << QByteArray("<html>");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("text") << QByteArray("\"key\"");
        QTest::newRow("no keys") << QByteArray("{}");
        QTest::newRow("keys is an object") << QByteArray(R"({"keys":{}})");
        QTest::newRow("keys twice") << QByteArray(R"({"keys":[],"keys":[]})");
        QTest::newRow("cut short") << QByteArray(R"({"keys":[)");
        QTest::newRow("too many") << QByteArray(R"({"keys":[)" + QByteArray("{},").repeated(1000) + "{}]}");
    }
    void s5_5_noSetAtAll() {
        QFETCH(QByteArray, text);
        const Result<VerifyKeys> keys = readJwks(text);
        QVERIFY(!keys);
        QVERIFY(!keys.error().what.isEmpty());
    }

    void s5_5_pem_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("type");
        QTest::newRow("SubjectPublicKeyInfo, RSA") << "rsa-public.pem" << int(VerifyKey::Type::Rsa);
        QTest::newRow("PKCS#1") << "rsa-public-pkcs1.pem" << int(VerifyKey::Type::Rsa);
        QTest::newRow("certificate") << "rsa-certificate.pem" << int(VerifyKey::Type::Rsa);
        QTest::newRow("SubjectPublicKeyInfo, P-256") << "ec-public.pem" << int(VerifyKey::Type::Ec);
        QTest::newRow("SubjectPublicKeyInfo, Ed25519") << "ed25519-public.pem" << int(VerifyKey::Type::Okp);
    }
    void s5_5_pem() {
        QFETCH(QString, file);
        QFETCH(int, type);
        const Result<VerifyKeys> keys = readKeyFile(viewOf(dataFile(file)));
        QVERIFY2(keys, keys ? "" : qPrintable(keys.error().text()));
        QCOMPARE(keys->keys.size(), 1);
        QVERIFY2(keys->keys.first().isUsable(), qPrintable(keys->keys.first().problem));
        QCOMPARE(int(keys->keys.first().type()), type);
        QVERIFY(!keys->keys.first().hasKeyId && keys->keys.first().byItself);
    }

    void s5_5_oneKeyInThreeForms() {
        const QByteArray thumbprint =
            readKeyFile(viewOf(dataFile(QStringLiteral("rsa-public.pem"))))->keys.first().thumbprint();
        QCOMPARE(thumbprint.size(), 43);
        for (const char* file : {"rsa-public-pkcs1.pem", "rsa-certificate.pem"})
            QCOMPARE(readKeyFile(viewOf(dataFile(QString::fromLatin1(file))))->keys.first().thumbprint(),
                     thumbprint);
    }

    void s5_5_severalBlocks() {
        const QByteArray text = "a comment\n" + dataFile(QStringLiteral("rsa-certificate.pem")) +
                                dataFile(QStringLiteral("ec-public.pem"));
        const Result<VerifyKeys> keys = readKeyFile(viewOf(text));
        QCOMPARE(keys->keys.size(), 2);
        QVERIFY(keys->keys[0].label.contains(QLatin1String("Keybearer test key")));
    }

    void s5_5_pemRefused() {
        for (const char* file : {"rsa-pkcs1.pem", "rsa-pkcs8.pem", "ec-sec1.pem", "rsa-locked.pem"}) {
            const Result<VerifyKeys> keys = readKeyFile(viewOf(dataFile(QString::fromLatin1(file))));
            QVERIFY(!keys);
            QVERIFY(keys.error().what.contains(QLatin1String("private key")));
        }
        const QByteArray whole = dataFile(QStringLiteral("rsa-public.pem"));
        QVERIFY(!readKeyFile(viewOf(whole.left(200))));
        // A good block does not excuse a broken one after it.
        QVERIFY(!readKeyFile(viewOf(whole + whole.left(200))));
        const Result<VerifyKeys> parameters =
            readKeyFile("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n");
        QVERIFY(!parameters->keys.first().isUsable());
    }

    void s5_5_sharedSecrets() {
        const Result<VerifyKeys> keys = readKeyFile("correct horse battery staple 123");
        QCOMPARE(keys->keys.size(), 1);
        QCOMPARE(keys->keys.first().bits(), 256);
        // The line break that an editor leaves may or may not belong to it.
        const Result<VerifyKeys> both = readKeyFile("secret\r\n");
        QCOMPARE(both->keys.size(), 2);
        QCOMPARE(both->keys[0].bits(), 6 * 8);
        QCOMPARE(both->keys[1].bits(), 8 * 8);
        QCOMPARE(readKeyFile("\n")->keys.size(), 1);
        QVERIFY(!readKeyFile(""));
        QVERIFY(!readKeyFile("{\"kty\":\"oct\","));
        QCOMPARE(readKeyFile(viewOf(keyOf(QStringLiteral("rfc7515-a1.json"))))->keys.first().bits(), 512);
    }
};

QTEST_APPLESS_MAIN(TestJwk)
#include "test_jwk.moc"
