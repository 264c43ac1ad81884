// SPDX-License-Identifier: GPL-3.0-or-later
// The signature's side: the standards' examples, every algorithm against every kind of key, and the choice of
// the key. The attacks are in test_jws_attacks.cpp, the claims in test_jws_claims.cpp.
#include "tests/core/auth/jose_tokens.h"

#include <QDir>
#include <QtTest>

using namespace kb;
using namespace jose;

class TestJwsVerify : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { ERR_clear_error(); }
    void cleanup() { QCOMPARE(ERR_peek_error(), 0UL); }

    void s5_5_standardsExamples_data() {
        QTest::addColumn<QString>("file");
        for (const QString& file : QDir(QStringLiteral(KB_TEST_DATA "/jose"))
                                       .entryList({QStringLiteral("rfc*.json")}, QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(file)) << file;
    }
    void s5_5_standardsExamples() {
        QFETCH(QString, file);
        const JsonValue vector = *parseJson(dataFile(file));
        const VerifyKeys keys = keysFrom(writeJson(*vector.find(u"key")));
        const QByteArray compact = vector.text(u"compact").toLatin1();
        const JwsVerification result = verifyJws(viewOf(compact), keys, signatureOnly());
        QVERIFY2(result.verified(), qPrintable(result.reason().sentence));
        QCOMPARE(result.algorithm, vector.text(u"alg"));
        QCOMPARE(result.keyId, vector.find(u"key")->text(u"kid"));
        QVERIFY(!result.keyLabel.isEmpty());
        // A single bit of the signature, of the payload or of the header makes it another token.
        const QList<QByteArray> parts = compact.split('.');
        for (int part = 1; part < 3; ++part) {
            QByteArray bytes = QByteArray::fromBase64(parts[part], QByteArray::Base64UrlEncoding);
            for (const qsizetype at : {qsizetype(0), bytes.size() / 2, bytes.size() - 1}) {
                QByteArray bent = bytes;
                bent[at] = char(bent[at] ^ 1);
                QList<QByteArray> changed = parts;
                changed[part] = toBase64Url(viewOf(bent));
                const JwsVerification refused = verifyJws(viewOf(changed.join('.')), keys, signatureOnly());
                QVERIFY(!refused.verified());
                QCOMPARE(refused.reason().id, QByteArray("signature-mismatch"));
                QCOMPARE(int(refused.signature), int(JwsVerification::Signature::NotVerified));
            }
        }
    }

    void s5_5_claimsAreNullForOtherPayloads() {
        const JsonValue vector = *parseJson(dataFile(QStringLiteral("rfc7515-a4.json")));
        VerifyOptions options;
        options.nowSeconds = 1e9;
        const JwsVerification result = verifyJws(viewOf(vector.text(u"compact").toLatin1()),
                                                 keysFrom(writeJson(*vector.find(u"key"))), options);
        QVERIFY(result.verified());
        QCOMPARE(result.claims.type, JsonValue::Type::Null);
        QVERIFY(result.notes.join(QLatin1Char(' ')).contains(QLatin1String("only the signature")));
    }

    void s5_5_everyAlgorithmAgainstEveryKey_data() {
        QTest::addColumn<QString>("algorithm");
        for (const QString& algorithm : verifiableAlgorithms())
            QTest::newRow(qPrintable(algorithm)) << algorithm;
    }
    void s5_5_everyAlgorithmAgainstEveryKey() {
        QFETCH(QString, algorithm);
        const TestKeys& all = testKeys();
        const QByteArray compact = token(algorithm, "{}", R"({"sub":"joe"})");
        int verified = 0;
        for (const auto& [name, keys] : all.verifying) {
            const JwsVerification result = verifyJws(viewOf(compact), keys, signatureOnly());
            const bool fits = name == keyNameFor(algorithm);
            QVERIFY2(result.verified() == fits, qPrintable(name + result.reason().sentence));
            if (fits) {
                ++verified;
                QVERIFY(result.reason().isEmpty());
            } else {
                QCOMPARE(result.reason().id, QByteArray("key-type"));
                QCOMPARE(int(result.signature), int(JwsVerification::Signature::CannotVerify));
            }
        }
        QCOMPARE(verified, 1);
    }

    void s5_5_sameKindAnotherAlgorithm() {
        // The key's kind fits, the algorithm in the header was changed: the arithmetic decides.
        for (const auto& [made, claimed] : std::initializer_list<std::pair<const char*, const char*>>{
                 {"RS256", "RS384"}, {"RS256", "PS256"}, {"PS256", "RS256"}, {"PS256", "PS384"}}) {
            QList<QByteArray> parts = token(QString::fromLatin1(made), "{}", "{}").split('.');
            parts[0] = part(QByteArray("{\"alg\":\"") + claimed + "\"}");
            const JwsVerification result = verifyJws(
                viewOf(parts.join('.')), testKeys().verifying.at(QStringLiteral("RSA")), signatureOnly());
            QCOMPARE(result.reason().id, QByteArray("signature-mismatch"));
        }
    }

    void s5_5_secretsTooShort() {
        // RFC 7518 §3.2: a key at least as long as the hash.
        const QByteArray secret(47, 'k');
        VerifyKeys keys;
        keys.keys.append(sharedSecretKey(Secret(viewOf(secret))));
        const QByteArray input = part(R"({"alg":"HS384"})") + '.' + part("{}");
        const QByteArray compact =
            input + '.' + toBase64Url(viewOf(hmacOf(Hash::Sha384, viewOf(secret), viewOf(input))));
        QCOMPARE(verifyJws(viewOf(compact), keys, signatureOnly()).reason().id, QByteArray("key-too-short"));
    }

    void s5_5_pssSaltMustBeAsLongAsTheHash() {
        // RFC 7518 §3.5. The library's own default, the longest salt, must not pass.
        QVERIFY(
            verifyJws(viewOf(pssToken(32)), testKeys().verifying.at(QStringLiteral("RSA")), signatureOnly())
                .verified());
        for (const int salt : {0, 20, 31, 33, 222})
            QCOMPARE(verifyJws(viewOf(pssToken(salt)), testKeys().verifying.at(QStringLiteral("RSA")),
                               signatureOnly())
                         .reason()
                         .id,
                     QByteArray("signature-mismatch"));
    }

    void s5_5_keyForPssOnly() {
        const Result<SigningKey> signer =
            SigningKey::read(Secret(viewOf(dataFile(QStringLiteral("rsa-pss.pem")))), false);
        const VerifyKeys keys = keysFrom(dataFile(QStringLiteral("rsa-pss-public.pem")));
        const QByteArray good =
            *signCompact(QStringLiteral("PS512"), *parseJson("{}"), QByteArray("{}"), *signer);
        QVERIFY(verifyJws(viewOf(good), keys, signatureOnly()).verified());
        const QByteArray other = token(QStringLiteral("RS256"), "{}", "{}");
        QCOMPARE(verifyJws(viewOf(other), keys, signatureOnly()).reason().id, QByteArray("key-type"));
    }

    void s5_5_allowedAlgorithms() {
        const QByteArray compact = token(QStringLiteral("PS256"), "{}", "{}");
        const VerifyKeys& keys = testKeys().verifying.at(QStringLiteral("RSA"));
        VerifyOptions options = signatureOnly();
        options.algorithms = QStringList{QStringLiteral("RS256"), QStringLiteral("PS256")};
        QVERIFY(verifyJws(viewOf(compact), keys, options).verified());
        options.algorithms = QStringList{QStringLiteral("RS256")};
        QCOMPARE(verifyJws(viewOf(compact), keys, options).reason().id, QByteArray("alg-not-allowed"));
        // Nothing that is allowed makes none an algorithm.
        options.algorithms = QStringList{QStringLiteral("none")};
        const QByteArray none = part(R"({"alg":"none"})") + '.' + part("{}") + '.';
        QCOMPARE(verifyJws(viewOf(none), keys, options).reason().id, QByteArray("alg-none"));
    }

    void s5_5_keyIdIsExact_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("set");
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<QString>("label");
        const QByteArray a = namedKey("a"), b = namedKey("B"), empty = namedKey(""), bare = namedKey(nullptr);
        const QByteArray kidA = R"({"kid":"a"})";
        const auto row = [](const char* name, const QByteArray& header, const QByteArray& keys,
                            const char* reason, const char* label) {
            QTest::newRow(name) << header << QByteArray(R"({"keys":[)" + keys + "]}") << QByteArray(reason)
                                << QString::fromLatin1(label);
        };
        row("of that name", kidA, b + ',' + a, "", "key \"a\"");
        row("of another name", kidA, b, "kid-unknown", "");
        row("case counts", R"({"kid":"b"})", b, "kid-unknown", "");
        row("space counts", R"({"kid":"a "})", a, "kid-unknown", "");
        row("a path is a name", R"({"kid":"../../a"})", a, "kid-unknown", "");
        row("a name with NUL", R"({"kid":"a\u0000"})", a, "kid-unknown", "");
        row("empty name", R"({"kid":""})", a + ',' + empty, "", "key \"\"");
        row("empty name, none such", R"({"kid":""})", a, "kid-unknown", "");
        row("a number", R"({"kid":1})", a, "kid-not-text", "");
        row("a list", R"({"kid":["a"]})", a, "kid-not-text", "");
        row("null", R"({"kid":null})", a, "kid-not-text", "");
        row("none named: each is tried", "{}", b + ',' + a, "", "key \"B\"");
        row("a key without name beside named ones", R"({"kid":"c"})", a + ',' + bare, "kid-unknown", "");
        row("keys without names", R"({"kid":"c"})", bare, "", "key 1 of the set");
        row("no keys", kidA, "", "no-keys", "");
        row("two of one name", kidA, otherKey("a") + ',' + a, "", "key \"a\"");
        row("the wrong one of that name", kidA, otherKey("a") + ',' + b, "signature-mismatch", "");
    }
    void s5_5_keyIdIsExact() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, reason);
        QFETCH(QString, label);
        const QByteArray compact = token(QStringLiteral("ES256"), header, "{}");
        const JwsVerification result = verifyJws(viewOf(compact), keysFrom(set), signatureOnly());
        QCOMPARE(result.reason().id, reason);
        QCOMPARE(result.verified(), reason.isEmpty());
        QCOMPARE(result.keyLabel, label);
        QCOMPARE(result.keyThumbprint.isEmpty(), !reason.isEmpty());
    }

    void s5_5_keyByItselfStandsForEveryName() {
        // A PEM file or a single JWK cannot or does not tell its name; beside a set it must not be lost.
        const QByteArray set = R"({"keys":[)" + otherKey("a") + "]}";
        const QByteArray compact = token(QStringLiteral("ES256"), R"({"kid":"b"})", "{}");
        VerifyKeys keys = keysFrom(set);
        QCOMPARE(verifyJws(viewOf(compact), keys, signatureOnly()).reason().id, QByteArray("kid-unknown"));
        keys.keys += keysFrom(namedKey(nullptr)).keys;
        QVERIFY(verifyJws(viewOf(compact), keys, signatureOnly()).verified());
        keys.keys.last() = keysFrom(namedKey("c")).keys.first();
        QCOMPARE(verifyJws(viewOf(compact), keys, signatureOnly()).reason().id, QByteArray("kid-unknown"));
    }

    void s5_5_keyMustBeMeantForIt_data() {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* members, const char* reason) {
            QTest::newRow(members) << QByteArray(members) << QByteArray(reason);
        };
        row(R"("use":"sig")", "");
        row(R"("use":"enc")", "key-use");
        row(R"("use":"SIG")", "key-use");
        row(R"("key_ops":["sign","verify"])", "");
        row(R"("key_ops":["sign"])", "key-use");
        row(R"("key_ops":[])", "key-use");
        row(R"("key_ops":["encrypt"])", "key-use");
        row(R"("alg":"ES256")", "");
        row(R"("alg":"ES256K")", "key-alg");
        row(R"("alg":"RS256")", "key-alg");
        row(R"("alg":"es256")", "key-alg");
        row(R"("use":5)", "key-unusable");
    }
    void s5_5_keyMustBeMeantForIt() {
        QFETCH(QByteArray, members);
        QFETCH(QByteArray, reason);
        const QByteArray compact = token(QStringLiteral("ES256"), "{}", "{}");
        const QByteArray key = "{" + members + ',' + namedKey(nullptr).mid(1);
        QCOMPARE(verifyJws(viewOf(compact), keysFrom(key), signatureOnly()).reason().id, reason);
    }

    void s5_5_unusableNeighboursDoNoHarm() {
        const QByteArray set = R"({"keys":[{"kty":"XYZ","kid":"a"},)" + namedKey("a") + "]}";
        const QByteArray compact = token(QStringLiteral("ES256"), R"({"kid":"a"})", "{}");
        QVERIFY(verifyJws(viewOf(compact), keysFrom(set), signatureOnly()).verified());
        const JwsVerification alone =
            verifyJws(viewOf(compact), keysFrom(R"({"keys":[{"kty":"XYZ","kid":"a"}]})"), signatureOnly());
        QCOMPARE(alone.reason().id, QByteArray("key-unusable"));
        QVERIFY(alone.reason().sentence.contains(QLatin1String("XYZ")));
    }

    void s5_5_tellsWhichKeysItTried() {
        const QByteArray set = R"({"keys":[)" + otherKey("x") + ',' + otherKey("y") + "]}";
        const JwsVerification result =
            verifyJws(viewOf(token(QStringLiteral("ES256"), "{}", "{}")), keysFrom(set), signatureOnly());
        QCOMPARE(result.reason().id, QByteArray("signature-mismatch"));
        QVERIFY(result.notes.contains(QStringLiteral("Tried: key \"x\", key \"y\".")));
    }

    void s5_5_edDsaHasTwoNames() {
        // RFC 9864 §2.2, and RFC 8037 §3.1 before it.
        QByteArray key = writeJson(testKeys().signing.at(QStringLiteral("Ed25519"))->publicJwk());
        key = R"({"alg":"EdDSA",)" + key.mid(1);
        QVERIFY(
            verifyJws(viewOf(token(QStringLiteral("Ed25519"), "{}", "{}")), keysFrom(key), signatureOnly())
                .verified());
    }
};

QTEST_APPLESS_MAIN(TestJwsVerify)
#include "test_jws_verify.moc"
