// SPDX-License-Identifier: GPL-3.0-or-later
// What RFC 8725 warns of, and every bend of the compact form: a good signature must not save any of it.
#include "tests/core/auth/jose_tokens.h"

#include <QtTest>

using namespace kb;
using namespace jose;

namespace {

/// The good ES256 token that the tests bend.
const QByteArray& good() {
    static const QByteArray made = token(QStringLiteral("ES256"), "{}", R"({"sub":"joe"})");
    return made;
}

const VerifyKeys& goodKeys() {
    return testKeys().verifying.at(QStringLiteral("P-256"));
}

QByteArray reasonOf(const QByteArray& compact, const VerifyKeys& keys = goodKeys()) {
    const JwsVerification result = verifyJws(viewOf(compact), keys, signatureOnly());
    if (!result.reason().isEmpty() && result.reason().sentence.isEmpty()) return "no sentence";
    return result.verified() != result.reason().isEmpty() ? QByteArray("undecided") : result.reason().id;
}

QByteArray withSignature(const QByteArray& compact, const QByteArray& signature) {
    return compact.left(compact.lastIndexOf('.') + 1) + toBase64Url(viewOf(signature));
}

QByteArray signatureOf(const QByteArray& compact) {
    return QByteArray::fromBase64(compact.mid(compact.lastIndexOf('.') + 1), QByteArray::Base64UrlEncoding);
}

QByteArray hs256(const QByteArray& header, const QByteArray& secret) {
    const QByteArray input = part(header) + '.' + part("{}");
    return input + '.' + toBase64Url(viewOf(hmacOf(Hash::Sha256, viewOf(secret), viewOf(input))));
}

} // namespace

class TestJwsAttacks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { ERR_clear_error(); }
    void cleanup() { QCOMPARE(ERR_peek_error(), 0UL); }

    void s5_5_theGoodOneIsGood() { QCOMPARE(reasonOf(good()), QByteArray()); }

    // RFC 8725 §3.2: none, however it is spelled.
    void s5_5_algorithmNone_data() {
        QTest::addColumn<QByteArray>("algorithm");
        QTest::addColumn<QByteArray>("reason");
        for (const char* name : {"none", "None", "NONE", "nOnE"})
            QTest::newRow(name) << QByteArray(name) << QByteArray("alg-none");
        for (const char* name :
             {"none ", " none", "n\\u006fne\\u0000", "null", "es256", "ES256 ", "HS1", "dir"})
            QTest::newRow(name) << QByteArray(name) << QByteArray("alg-unknown");
        QTest::newRow("an escape spells none") << QByteArray("n\\u006fne") << QByteArray("alg-none");
        QTest::newRow("empty") << QByteArray("") << QByteArray("alg-missing");
    }
    void s5_5_algorithmNone() {
        QFETCH(QByteArray, algorithm);
        QFETCH(QByteArray, reason);
        const QByteArray header = "{\"alg\":\"" + algorithm + "\"}";
        QCOMPARE(reasonOf(part(header) + '.' + part("{}") + '.'), reason);
        QCOMPARE(reasonOf(es256OverHeader(header)), reason);
        QCOMPARE(reasonOf(part(header) + '.' + part("{}") + '.', VerifyKeys()), reason);
    }

    void s5_5_algorithmOfAnotherType_data() {
        QTest::addColumn<QByteArray>("header");
        for (const char* header : {"{}", R"({"alg":null})", R"({"alg":256})", R"({"alg":["ES256"]})",
                                   R"({"alg":{"a":"ES256"}})", R"({"Alg":"ES256"})", R"({"ALG":"ES256"})"})
            QTest::newRow(header) << QByteArray(header);
    }
    void s5_5_algorithmOfAnotherType() {
        QFETCH(QByteArray, header);
        QCOMPARE(reasonOf(es256OverHeader(header)), QByteArray("alg-missing"));
    }

    void s5_5_unsecuredExampleOfTheStandard() {
        // RFC 7515 A.5.
        QCOMPARE(
            reasonOf(
                "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlL"
                "mNvbS9pc19yb290Ijp0cnVlfQ."),
            QByteArray("alg-none"));
    }

    // RFC 8725 §2.1: the public key as the secret of an HMAC.
    void s5_5_publicKeyAsSecret() {
        const QByteArray pem = dataFile(QStringLiteral("rsa-public.pem"));
        const VerifyKeys keys = keysFrom(pem);
        for (const QByteArray& secret : {pem, pem.trimmed(), QByteArray(pem).replace("\n", "\r\n")})
            QCOMPARE(reasonOf(hs256(R"({"alg":"HS256"})", secret), keys), QByteArray("key-type"));
        const QByteArray jwk = R"({"kid":"a",)" + namedKey(nullptr).mid(1);
        QCOMPARE(reasonOf(hs256(R"({"alg":"HS256","kid":"a"})", jwk), keysFrom(jwk)), QByteArray("key-type"));
        // Were the same bytes meant as a secret, they would verify: the test's own forgery is sound.
        VerifyKeys secret;
        secret.keys.append(sharedSecretKey(Secret(viewOf(pem))));
        QCOMPARE(reasonOf(hs256(R"({"alg":"HS256"})", pem), secret), QByteArray());
    }

    void s5_5_emptySecret() {
        VerifyKeys keys;
        keys.keys.append(sharedSecretKey(Secret()));
        QCOMPARE(reasonOf(hs256(R"({"alg":"HS256"})", ""), keys), QByteArray("key-too-short"));
    }

    // RFC 8725 §3.10: the key that the token brings.
    void s5_5_embeddedKeys() {
        const Result<SigningKey> own = SigningKey::generate(QStringLiteral("ES256"));
        const QByteArray jwk = writeJson(own->publicJwk());
        const QByteArray header = R"({"alg":"ES256","jwk":)" + jwk +
                                  R"(,"jku":"https://evil.example/keys","x5u":"https://evil.example/c",)"
                                  R"("x5c":["MIIB"]})";
        const QByteArray input = part(header) + '.' + part("{}");
        const QByteArray forged =
            input + '.' + toBase64Url(viewOf(*own->sign(QStringLiteral("ES256"), viewOf(input))));
        QCOMPARE(reasonOf(forged), QByteArray("signature-mismatch"));
        QCOMPARE(reasonOf(forged, VerifyKeys()), QByteArray("no-keys"));
        // By the right key such a token is good, and the notes tell what was passed over.
        const JwsVerification result =
            verifyJws(viewOf(es256OverHeader(header)), goodKeys(), signatureOnly());
        QVERIFY(result.verified());
        for (const char* name : {"(jku)", "(x5u)", "(jwk)", "(x5c)"})
            QVERIFY(result.notes.join(QLatin1Char(' ')).contains(QLatin1String(name)));
    }

    void s5_5_signatureBent_data() {
        QTest::addColumn<QByteArray>("compact");
        QTest::addColumn<QByteArray>("reason");
        const QByteArray raw = signatureOf(good());
        const auto row = [](const char* name, const QByteArray& signature, const char* reason) {
            QTest::newRow(name) << withSignature(good(), signature) << QByteArray(reason);
        };
        row("empty", "", "signature-missing");
        row("all zero", QByteArray(64, '\0'), "signature-zero");
        row("r is zero", QByteArray(32, '\0') + raw.mid(32), "signature-zero");
        row("s is zero", raw.left(32) + QByteArray(32, '\0'), "signature-zero");
        row("all ones", QByteArray(64, '\xff'), "signature-mismatch");
        row("one byte short", raw.chopped(1), "signature-length");
        row("one byte long", raw + '\0', "signature-length");
        row("a zero byte before each half", '\0' + raw.left(32) + '\0' + raw.mid(32), "signature-length");
        row("halves swapped", raw.mid(32) + raw.left(32), "signature-mismatch");
        row("half of it", raw.left(32), "signature-length");
        row("twice", raw + raw, "signature-length");
    }
    void s5_5_signatureBent() {
        QFETCH(QByteArray, compact);
        QFETCH(QByteArray, reason);
        QCOMPARE(reasonOf(compact), reason);
    }

    void s5_5_derIsNoJwsSignature() {
        const QByteArray input = part(R"({"alg":"ES256"})") + '.' + part("{}");
        const PkeyPtr key = privateKey(QStringLiteral("P-256"));
        const MdCtxPtr context(EVP_MD_CTX_new());
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
        QByteArray der(80, '\0');
        std::size_t size = 80;
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()), &size,
                       reinterpret_cast<const unsigned char*>(input.constData()), std::size_t(input.size()));
        der.resize(qsizetype(size));
        const QByteArray compact = input + '.' + toBase64Url(viewOf(der));
        const JwsVerification result = verifyJws(viewOf(compact), goodKeys(), signatureOnly());
        QCOMPARE(result.reason().id, QByteArray("signature-length"));
        QVERIFY(result.reason().sentence.contains(QLatin1String("DER")));
    }

    void s5_5_otherKindsBent() {
        for (const char* name : {"HS256", "RS256", "PS256", "EdDSA"}) {
            const QString algorithm = QString::fromLatin1(name);
            const VerifyKeys& keys = testKeys().verifying.at(keyNameFor(algorithm));
            const QByteArray compact = token(algorithm, "{}", "{}");
            const QByteArray raw = signatureOf(compact);
            QCOMPARE(reasonOf(compact, keys), QByteArray());
            QCOMPARE(reasonOf(withSignature(compact, ""), keys), QByteArray("signature-missing"));
            QCOMPARE(reasonOf(withSignature(compact, raw.chopped(1)), keys), QByteArray("signature-length"));
            QCOMPARE(reasonOf(withSignature(compact, raw + '\0'), keys), QByteArray("signature-length"));
            QCOMPARE(reasonOf(withSignature(compact, '\0' + raw), keys), QByteArray("signature-length"));
            QCOMPARE(reasonOf(withSignature(compact, QByteArray(raw.size(), '\0')), keys),
                     QByteArray("signature-mismatch"));
        }
    }

    void s5_5_formBent_data() {
        QTest::addColumn<QByteArray>("compact");
        QTest::addColumn<QByteArray>("reason");
        const QList<QByteArray> parts = good().split('.');
        const auto row = [](const char* name, const QByteArray& compact, const char* reason) {
            QTest::newRow(name) << compact << QByteArray(reason);
        };
        const QByteArray headerAndRest = '.' + parts[1] + '.' + parts[2];
        row("nothing", "", "part-count");
        row("one part", parts[0], "part-count");
        row("two parts", parts[0] + '.' + parts[1], "part-count");
        row("four parts", good() + '.', "part-count");
        row("four parts, one of them good", good() + ".e30", "part-count");
        row("six parts", good() + "...", "part-count");
        row("many dots", QByteArray(1000, '.'), "part-count");
        row("JSON form", R"({"payload":"e30","signatures":[]})", "part-count");
        row("JWE", good() + "..", "encrypted");
        row("empty header", headerAndRest, "header-json");
        row("space before", ' ' + good(), "base64url");
        row("space after", good() + ' ', "base64url");
        row("line break after", good() + '\n', "base64url");
        row("line break within", QByteArray(good()).insert(5, '\n'), "base64url");
        row("NUL after", good() + '\0', "base64url");
        row("Bearer before", "Bearer " + good(), "base64url");
        row("padding of the header", parts[0] + "=" + headerAndRest, "base64url");
        row("padding of the payload", parts[0] + '.' + parts[1] + "=." + parts[2], "base64url");
        row("padding of the signature", good() + "==", "base64url");
        row("plain base64", QByteArray(good()).replace('-', '+').replace('_', '/') + "+/", "base64url");
        row("impossible length", parts[0] + '.' + parts[1] + '.' + parts[2].chopped(1), "base64url");
        row("quotation marks", '"' + good() + '"', "base64url");
        row("too large", parts[0] + '.' + QByteArray(1024 * 1024, 'A') + '.' + parts[2], "too-large");
        // 64 bytes leave four bits, which must be zero: the same bytes must not have two texts.
        QByteArray bent = good();
        const QByteArray alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        bent[bent.size() - 1] = alphabet[alphabet.indexOf(bent[bent.size() - 1]) + 1];
        row("trailing bits", bent, "trailing-bits");
        // "{}" is e30 with two bits over.
        row("trailing bits of the payload", parts[0] + ".e31." + parts[2], "trailing-bits");
    }
    void s5_5_formBent() {
        QFETCH(QByteArray, compact);
        QFETCH(QByteArray, reason);
        QCOMPARE(reasonOf(compact), reason);
    }

    // RFC 7515 §4 and §5.2: the header, under a good signature.
    void s5_5_headerBent_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, const QByteArray& header, const char* reason) {
            QTest::newRow(name) << header << QByteArray(reason);
        };
        row("not JSON", "ES256", "header-json");
        row("a list", R"(["ES256"])", "header-json");
        row("text", R"("ES256")", "header-json");
        row("cut short", R"({"alg":"ES256")", "header-json");
        row("more after it", R"({"alg":"ES256"}{})", "header-json");
        row("byte order mark", "\xef\xbb\xbf{\"alg\":\"ES256\"}", "header-json");
        row("not UTF-8", "{\"alg\":\"ES256\",\"kid\":\"\xff\"}", "header-json");
        row("comment", R"({"alg":"ES256"/*none*/})", "header-json");
        row("alg twice", R"({"alg":"ES256","alg":"none"})", "header-repeated");
        row("alg twice, once in an escape", R"({"\u0061lg":"none","alg":"ES256"})", "header-repeated");
        row("kid twice", R"({"alg":"ES256","kid":"a","kid":"a"})", "header-repeated");
        row("a name twice further in", R"({"alg":"ES256","jwk":{"kty":"EC","kty":"oct"}})",
            "header-repeated");
        row("an empty name twice", R"({"alg":"ES256","":1,"":2})", "header-repeated");
        row("crit of something unknown", R"({"alg":"ES256","exp":1,"crit":["exp"]})", "crit-unsupported");
        row("crit of something unknown beside b64", R"({"alg":"ES256","b64":true,"x":1,"crit":["b64","x"]})",
            "crit-unsupported");
        row("crit empty", R"({"alg":"ES256","crit":[]})", "crit-invalid");
        row("crit of text", R"({"alg":"ES256","exp":1,"crit":"exp"})", "crit-invalid");
        row("crit null", R"({"alg":"ES256","crit":null})", "crit-invalid");
        row("crit of a number", R"({"alg":"ES256","crit":[1]})", "crit-invalid");
        row("crit names what is absent", R"({"alg":"ES256","crit":["exp"]})", "crit-invalid");
        row("crit names a standard member", R"({"alg":"ES256","crit":["alg"]})", "crit-invalid");
        row("crit names one twice", R"({"alg":"ES256","exp":1,"crit":["exp","exp"]})", "crit-invalid");
        row("crit and b64 true", R"({"alg":"ES256","b64":true,"crit":["b64"]})", "");
        row("b64 false", R"({"alg":"ES256","b64":false,"crit":["b64"]})", "b64-unsupported");
        row("b64 false without crit", R"({"alg":"ES256","b64":false})", "b64-unsupported");
        row("b64 of text", R"({"alg":"ES256","b64":"true"})", "b64-unsupported");
        row("spaces and unknown members", " { \"alg\" : \"ES256\" , \"x\" : [ 1e400 ] } ", "");
    }
    void s5_5_headerBent() {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, reason);
        QCOMPARE(reasonOf(es256OverHeader(header)), reason);
    }

    void s5_5_unencodedPayloadOfTheStandard() {
        // RFC 7797's HS256 key and header with b64 false; the payload stands there as it is.
        const VerifyKeys keys =
            keysFrom(writeJson(*parseJson(dataFile(QStringLiteral("rfc7515-a1.json")))->find(u"key")));
        QCOMPARE(reasonOf("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.This is the payload "
                          "string!.ciks0B6Hs-amhOqxI5_iG6mPKnMDlWCb7J2Wu7mtIcg",
                          keys),
                 QByteArray("b64-unsupported"));
        // RFC 7797 §4.2's detached form: no payload at all.
        QCOMPARE(reasonOf("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.."
                          "A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
                          keys),
                 QByteArray("b64-unsupported"));
    }

    void s5_5_payloadOfAnotherToken() {
        QList<QByteArray> parts = good().split('.');
        parts[1] = part(R"({"sub":"admin"})");
        QCOMPARE(reasonOf(parts.join('.')), QByteArray("signature-mismatch"));
        parts[1] = QByteArray();
        QCOMPARE(reasonOf(parts.join('.')), QByteArray("signature-mismatch"));
    }

    void s5_5_manyKeysAreNotAllTried() {
        QByteArray set = R"({"keys":[)";
        for (int i = 0; i < 70; ++i)
            set += otherKey(nullptr) + ',';
        set += namedKey(nullptr) + "]}";
        QCOMPARE(reasonOf(good(), keysFrom(set)), QByteArray("signature-mismatch"));
    }
};

QTEST_APPLESS_MAIN(TestJwsAttacks)
#include "test_jws_attacks.moc"
