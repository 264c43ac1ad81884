// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP Message Signatures: the cases of RFC 9421 appendix B, and requests we signed, verified with OpenSSL
// alone.
#include "core/auth/crypto.h"
#include "core/auth/http_signature.h"
#include "core/auth/signing_key.h"
#include "core/http/structured_field.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <QFile>
#include <QtTest>
#include <memory>

using namespace kb;

namespace {

constexpr qint64 created = 1618884473;
const QByteArray sharedSecret = QByteArray::fromBase64( // appendix B.1.5
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==");
const QByteArray digest512 =
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";

QByteArray pemOf(const char* name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/http-signature/%1.pem").arg(QLatin1String(name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Secret secretOf(const QByteArray& bytes) {
    return Secret(viewOf(bytes));
}

/// The request of appendix B.2.
Request exampleRequest() {
    Request request;
    request.method = "POST";
    request.url = *HttpUrl::parse(QStringLiteral("https://example.com/foo?param=Value&Pet=dog"));
    request.headers.fields = {{"Host", "example.com"},
                              {"Date", "Tue, 20 Apr 2021 02:07:55 GMT"},
                              {"Content-Type", "application/json"},
                              {"Content-Digest", digest512},
                              {"Content-Length", "18"}};
    request.body = "{\"hello\": \"world\"}";
    request.hasBody = true;
    return request;
}

/// r and s next to each other (RFC 9421 §3.3.4), as OpenSSL wants them.
QByteArray derOf(const QByteArray& raw) {
    const int half = int(raw.size() / 2);
    const auto* bytes = reinterpret_cast<const unsigned char*>(raw.constData());
    ECDSA_SIG* pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(bytes, half, nullptr), BN_bin2bn(bytes + half, half, nullptr));
    QByteArray der(i2d_ECDSA_SIG(pair, nullptr), '\0');
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    i2d_ECDSA_SIG(pair, &out);
    ECDSA_SIG_free(pair);
    return der;
}

bool verifies(const QByteArray& algorithm, const QByteArray& key, const QByteArray& base,
              QByteArray signature) {
    if (algorithm == "hmac-sha256") return hmacOf(Hash::Sha256, viewOf(key), viewOf(base)) == signature;
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(key.constData(), int(key.size())),
                                                        BIO_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const EVP_MD* md = algorithm == "ed25519"             ? nullptr
                       : algorithm == "rsa-pss-sha512"    ? EVP_sha512()
                       : algorithm == "ecdsa-p384-sha384" ? EVP_sha384()
                                                          : EVP_sha256();
    EVP_PKEY_CTX* options = nullptr;
    if (EVP_DigestVerifyInit(context.get(), &options, md, nullptr, pkey.get()) != 1) return false;
    if (algorithm == "rsa-pss-sha512") {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 64);
        EVP_PKEY_CTX_set_rsa_mgf1_md(options, EVP_sha512());
    }
    if (algorithm.startsWith("ecdsa")) signature = derOf(signature);
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.constData()),
                            size_t(signature.size()),
                            reinterpret_cast<const unsigned char*>(base.constData()),
                            size_t(base.size())) == 1;
}

struct Signing {
    Redactor redactor;
    FlowContext context{redactor, created * 1000, [](qsizetype count) { return QByteArray(count, 'r'); }};
};

HttpSignatureScheme schemeOf(const char* algorithm, const QStringList& components) {
    HttpSignatureScheme scheme;
    scheme.keyId = QStringLiteral("key-1");
    scheme.algorithm = QLatin1String(algorithm);
    scheme.components = components;
    return scheme;
}

const SfMember* memberOf(const std::optional<QList<SfMember>>& dictionary, const QByteArray& label) {
    if (!dictionary) return nullptr;
    for (const SfMember& member : *dictionary)
        if (member.key == label) return &member;
    return nullptr;
}

QByteArray signatureIn(const Request& request, const QByteArray& label = "sig1") {
    const auto dictionary = parseSfDictionary(request.headers.all("Signature"));
    const SfMember* member = memberOf(dictionary, label);
    return member && member->item.type == SfItem::Type::Bytes ? member->item.text : QByteArray();
}

} // namespace

class TestHttpSignature : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The published signatures fit the bases we make: appendix B.2 (B.2.4 signs an answer) and B.3.
    void s5_14_appendixB_data() {
        QTest::addColumn<QStringList>("components");
        QTest::addColumn<QByteArray>("nonce");
        QTest::addColumn<QByteArray>("tag");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("algorithm");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QByteArray>("signature");
        QTest::newRow("B.2.1")
            << QStringList() << QByteArray("b3k2pp5k7z-50gnwp.yemd") << QByteArray()
            << QByteArray("test-key-rsa-pss") << QByteArray("rsa-pss-sha512")
            << QByteArray("();created=1618884473;keyid=\"test-key-rsa-pss\";"
                          "nonce=\"b3k2pp5k7z-50gnwp.yemd\"")
            << QByteArray("d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq"
                          "786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuw"
                          "e8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0m"
                          "KZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0g"
                          "Cw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==");
        QTest::newRow("B.2.2")
            << QStringList{QStringLiteral("@authority"), QStringLiteral("content-digest"),
                           QStringLiteral("@query-param;name=\"Pet\"")}
            << QByteArray() << QByteArray("header-example") << QByteArray("test-key-rsa-pss")
            << QByteArray("rsa-pss-sha512")
            << QByteArray(
                   "(\"@authority\" \"content-digest\" \"@query-param\";name=\"Pet\");created=1618884473;"
                   "keyid=\"test-key-rsa-pss\";tag=\"header-example\"")
            << QByteArray("LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKt"
                          "jvuJyE5qH7"
                          "KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/"
                          "2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTla"
                          "qwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/"
                          "lankenQ99PZfB4jY3I5rSV2DSBVk"
                          "SFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==");
        QTest::newRow("B.2.3")
            << QStringList{QStringLiteral("date"),           QStringLiteral("@method"),
                           QStringLiteral("@path"),          QStringLiteral("@query"),
                           QStringLiteral("@authority"),     QStringLiteral("content-type"),
                           QStringLiteral("content-digest"), QStringLiteral("content-length")}
            << QByteArray() << QByteArray() << QByteArray("test-key-rsa-pss") << QByteArray("rsa-pss-sha512")
            << QByteArray(
                   "(\"date\" \"@method\" \"@path\" \"@query\" \"@authority\" \"content-type\" "
                   "\"content-digest\" \"content-length\");created=1618884473;keyid=\"test-key-rsa-pss\"")
            << QByteArray("bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/"
                          "5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5"
                          "p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/"
                          "yPViV7KsLNmvKiLJH1pFkh/aY"
                          "A2HXXZzNBXmIkoQoLd7YfW91kE9o/"
                          "CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+Q"
                          "IF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==");
        QTest::newRow("B.2.5") << QStringList{QStringLiteral("date"), QStringLiteral("@authority"),
                                              QStringLiteral("content-type")}
                               << QByteArray() << QByteArray() << QByteArray("test-shared-secret")
                               << QByteArray("hmac-sha256")
                               << QByteArray("(\"date\" \"@authority\" \"content-type\");created=1618884473;"
                                             "keyid=\"test-shared-secret\"")
                               << QByteArray("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=");
        QTest::newRow("B.2.6")
            << QStringList{QStringLiteral("date"),         QStringLiteral("@method"),
                           QStringLiteral("@path"),        QStringLiteral("@authority"),
                           QStringLiteral("content-type"), QStringLiteral("content-length")}
            << QByteArray() << QByteArray() << QByteArray("test-key-ed25519") << QByteArray("ed25519")
            << QByteArray(
                   "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\");"
                   "created=1618884473;keyid=\"test-key-ed25519\"")
            << QByteArray("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpB"
                          "KRCw==");
        QTest::newRow("B.3")
            << QStringList{QStringLiteral("@path"), QStringLiteral("@query"), QStringLiteral("@method"),
                           QStringLiteral("@authority"), QStringLiteral("client-cert")}
            << QByteArray() << QByteArray() << QByteArray("test-key-ecc-p256")
            << QByteArray("ecdsa-p256-sha256")
            << QByteArray(
                   "(\"@path\" \"@query\" \"@method\" \"@authority\" \"client-cert\");created=1618884473;"
                   "keyid=\"test-key-ecc-p256\"")
            << QByteArray("xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/"
                          "9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==");
    }
    void s5_14_appendixB() {
        QFETCH(QStringList, components);
        QFETCH(QByteArray, nonce);
        QFETCH(QByteArray, tag);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, algorithm);
        QFETCH(QByteArray, signature);
        Request request = exampleRequest();
        if (components.contains(QStringLiteral("client-cert"))) {
            request.url =
                *HttpUrl::parse(QStringLiteral("https://service.internal.example/foo?param=Value&Pet=dog"));
            request.headers.fields[0].value = "service.internal.example";
            request.headers.append(
                "Client-Cert", ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNh"
                               "dGUxGzAZBgNVBAMMEkxBIElud"
                               "GVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAk"
                               "JDMFkwEwYHKoZIzj0CAQYIKoZI"
                               "zj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/"
                               "3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHA"
                               "wCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMC"
                               "BsAwEwYDVR0lBAwwCgYIKwYBBQ"
                               "UHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/"
                               "r1vaL6G3VliL4/Di6YK0Q6bMjeS"
                               "kC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:");
        }
        SignatureParams params;
        params.created = created;
        params.keyId = key;
        params.nonce = nonce;
        params.tag = tag;
        const auto read = readSignatureComponents(components);
        QVERIFY(read.has_value());
        const auto base = makeSignatureBase(request, *read, params);
        QVERIFY(base.has_value());
        QTEST(base->params, "params");
        const QByteArray keyText = algorithm == "hmac-sha256" ? sharedSecret : pemOf(key.constData());
        QVERIFY(verifies(algorithm, keyText, base->base, QByteArray::fromBase64(signature)));
        QVERIFY(!verifies(algorithm, keyText, base->base + ' ', QByteArray::fromBase64(signature)));
    }

    // Figure 1 of §2.5, whole.
    void s5_14_theBaseOfSection2_5() {
        const auto components =
            readSignatureComponents({QStringLiteral("@method"), QStringLiteral("@authority"),
                                     QStringLiteral("@path"), QStringLiteral("content-digest"),
                                     QStringLiteral("content-length"), QStringLiteral("content-type")});
        SignatureParams params;
        params.created = created;
        params.keyId = "test-key-rsa-pss";
        const auto base = makeSignatureBase(exampleRequest(), *components, params);
        QCOMPARE(
            base->base,
            QByteArray(
                "\"@method\": POST\n\"@authority\": example.com\n\"@path\": /foo\n\"content-digest\": ") +
                digest512 +
                "\n\"content-length\": 18\n\"content-type\": application/json\n\"@signature-params\": "
                "(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-length\" "
                "\"content-type\");created=1618884473;keyid=\"test-key-rsa-pss\"");
    }

    // B.2.5 and B.2.6 always give the same signature.
    void s5_14_signsAsPublished() {
        const auto signedBy = [](const char* jose, const QByteArray& key, const QStringList& components,
                                 const char* keyId) {
            SignatureParams params;
            params.created = created;
            params.keyId = keyId;
            const auto base =
                makeSignatureBase(exampleRequest(), *readSignatureComponents(components), params);
            const auto signer = SigningKey::read(secretOf(key), qstrcmp(jose, "HS256") == 0);
            return signer->sign(QLatin1String(jose), viewOf(base->base))->toBase64();
        };
        QCOMPARE(
            signedBy("HS256", sharedSecret,
                     {QStringLiteral("date"), QStringLiteral("@authority"), QStringLiteral("content-type")},
                     "test-shared-secret"),
            QByteArray("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="));
        QCOMPARE(
            signedBy("EdDSA", pemOf("test-key-ed25519"),
                     {QStringLiteral("date"), QStringLiteral("@method"), QStringLiteral("@path"),
                      QStringLiteral("@authority"), QStringLiteral("content-type"),
                      QStringLiteral("content-length")},
                     "test-key-ed25519"),
            QByteArray(
                "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="));
    }

    // RFC 9530 §2 and RFC 9421 B.2
    void s5_14_digests() {
        QCOMPARE(contentDigest("{\"hello\": \"world\"}", true), digest512);
        QCOMPARE(contentDigest("{\"hello\": \"world\"}"),
                 QByteArray("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"));
        QCOMPARE(contentDigest({}), QByteArray("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"));
    }

    void s5_14_everyAlgorithm_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<int>("size");
        QTest::newRow("rsa-pss-sha512") << pemOf("test-key-rsa-pss") << 256;
        QTest::newRow("rsa-v1_5-sha256") << pemOf("test-key-rsa") << 256;
        QTest::newRow("hmac-sha256") << sharedSecret << 32;
        QTest::newRow("ecdsa-p256-sha256") << pemOf("test-key-ecc-p256") << 64;
        QTest::newRow("ecdsa-p384-sha384") << pemOf("p384") << 96;
        QTest::newRow("ed25519") << pemOf("test-key-ed25519") << 64;
    }
    void s5_14_everyAlgorithm() {
        QFETCH(QByteArray, key);
        QFETCH(int, size);
        const QByteArray algorithm = QTest::currentDataTag();
        Signing signing;
        HttpSignatureScheme scheme =
            schemeOf(algorithm.constData(), {QStringLiteral("@method"), QStringLiteral("@target-uri"),
                                             QStringLiteral("content-digest")});
        scheme.label = QStringLiteral("mine");
        scheme.expiresS = 60;
        scheme.nonce = true;
        scheme.tag = QStringLiteral("app \"one\"");
        Request plain = exampleRequest();
        plain.headers.removeAll("Content-Digest");
        const auto made = signHttp(plain, scheme, secretOf(key), signing.context);
        QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().text()));
        const QByteArray signature = signatureIn(made->request, "mine");
        QCOMPARE(signature.size(), qsizetype(size));
        QVERIFY(verifies(algorithm, key, made->base, signature));
        const auto input = parseSfDictionary(made->request.headers.all("Signature-Input"));
        const SfMember* member = memberOf(input, "mine");
        QVERIFY(member && member->isInnerList);
        QCOMPARE(member->param("created")->integer, created);
        QCOMPARE(member->param("expires")->integer, created + 60);
        QCOMPARE(member->param("keyid")->text, QByteArray("key-1"));
        QCOMPARE(member->param("alg")->text, algorithm);
        QCOMPARE(member->param("tag")->text, QByteArray("app \"one\""));
        QCOMPARE(member->param("nonce")->text, QByteArray(18, 'r').toBase64());
        // What the base ends with is what Signature-Input says.
        QVERIFY(made->base.endsWith(made->request.headers.first("Signature-Input")->mid(5)));
        QCOMPARE(made->request.headers.first("Content-Digest").value_or(""), contentDigest(plain.body));
        QCOMPARE(made->placed.headerFields, (QList<QByteArray>{"Signature-Input", "Signature"}));
        const HeaderList shown = signing.redactor.requestHeaders(made->request.headers);
        QVERIFY(!shown.first("Signature")->contains(signature.toBase64()));
        QVERIFY(shown.first("Signature-Input")->contains("created="));
    }

    void s5_14_nothingIsAddedUnasked() {
        Signing signing;
        const auto made = signHttp(exampleRequest(), schemeOf("ed25519", {QStringLiteral("@method")}),
                                   secretOf(pemOf("test-key-ed25519")), signing.context);
        QCOMPARE(made->base,
                 QByteArray("\"@method\": POST\n\"@signature-params\": (\"@method\");created=1618884473;"
                            "keyid=\"key-1\";alg=\"ed25519\""));
        QCOMPARE(made->request.headers.fields.mid(0, 5), exampleRequest().headers.fields);
        QCOMPARE(made->request.headers.size(), 7);
    }

    void s5_14_contentDigestOfNoBody() {
        Signing signing;
        Request plain = exampleRequest();
        plain.headers.fields.clear();
        plain.method = "GET";
        plain.body.clear();
        plain.hasBody = false;
        const auto made =
            signHttp(plain, schemeOf("ed25519", {QStringLiteral("content-digest;key=\"sha-256\"")}),
                     secretOf(pemOf("test-key-ed25519")), signing.context);
        QVERIFY(made.has_value());
        QCOMPARE(made->request.headers.first("Content-Digest").value_or(""), contentDigest({}));
    }

    void s5_14_aDigestOfTheUsersOwnStays() {
        Signing signing;
        const HttpSignatureScheme scheme = schemeOf("ed25519", {QStringLiteral("content-digest")});
        const Secret key = secretOf(pemOf("test-key-ed25519"));
        const auto right = signHttp(exampleRequest(), scheme, key, signing.context);
        QVERIFY(right->placed.warning.isEmpty());
        Request wrong = exampleRequest();
        wrong.body = "{}";
        const auto made = signHttp(wrong, scheme, key, signing.context);
        QVERIFY(made->placed.warning.contains(QLatin1String("Content-Digest")));
        QCOMPARE(made->request.headers.all("Content-Digest"), QList<QByteArray>{digest512});
    }

    // RFC 9421 §4.3: a request may have several signatures.
    void s5_14_otherSignaturesStay() {
        Signing signing;
        Request plain = exampleRequest();
        plain.headers.append("Signature-Input", "theirs=();created=1");
        plain.headers.append("Signature", "theirs=:AAAA:");
        const Secret key = secretOf(pemOf("test-key-ed25519"));
        HttpSignatureScheme scheme = schemeOf("ed25519", {QStringLiteral("signature;key=\"theirs\"")});
        const auto made = signHttp(plain, scheme, key, signing.context);
        QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().text()));
        QVERIFY(made->base.startsWith("\"signature\";key=\"theirs\": :AAAA:\n"));
        QCOMPARE(signatureIn(made->request, "theirs"), QByteArray("\0\0\0", 3));
        QCOMPARE(signatureIn(made->request).size(), 64);
        scheme.label = QStringLiteral("theirs");
        const auto again = signHttp(plain, scheme, key, signing.context);
        QVERIFY(!again && again.error().code == ErrorCode::Conflict);
    }

    void s5_14_refused() {
        Signing signing;
        const QByteArray pem = pemOf("test-key-ed25519");
        const auto refusal = [&](const HttpSignatureScheme& scheme, const QByteArray& key) {
            const auto made = signHttp(exampleRequest(), scheme, secretOf(key), signing.context);
            return made ? QString() : made.error().text();
        };
        HttpSignatureScheme scheme = schemeOf("ed25519", {QStringLiteral("@method")});
        QVERIFY(refusal(scheme, pem).isEmpty());
        QVERIFY(!refusal(scheme, {}).isEmpty());
        QVERIFY(!refusal(scheme, "not a key").isEmpty());
        QVERIFY(!refusal(scheme, pemOf("p384")).isEmpty());
        QVERIFY(!refusal(schemeOf("ecdsa-p256-sha256", {}), pemOf("p384")).isEmpty());
        QVERIFY(!refusal(schemeOf("rsa-pss-sha512", {}), pemOf("test-key-ecc-p256")).isEmpty());
        QVERIFY(!refusal(schemeOf("ed25519", {QStringLiteral("x-missing")}), pem).isEmpty());
        QVERIFY(refusal(schemeOf("rsa-sha1", {}), pem).contains(QLatin1String("rsa-sha1")));
        scheme.label = QStringLiteral("Sig 1");
        QVERIFY(refusal(scheme, pem).contains(QLatin1String("Sig 1")));
        scheme = schemeOf("ed25519", {});
        scheme.keyId = QStringLiteral("schl\u00fcssel");
        QVERIFY(refusal(scheme, pem).contains(QLatin1String("keyid")));
    }

    // RFC 9421 §2.5: the base is ASCII; §2.1.3 is the way out.
    void s5_14_fieldsOutsideAscii() {
        Signing signing;
        Request plain = exampleRequest();
        plain.headers.append("X-Name", "caf\xc3\xa9");
        const Secret key = secretOf(pemOf("test-key-ed25519"));
        const auto bare =
            signHttp(plain, schemeOf("ed25519", {QStringLiteral("x-name")}), key, signing.context);
        QVERIFY(!bare && bare.error().next.contains(QLatin1String("bs")));
        QVERIFY(signHttp(plain, schemeOf("ed25519", {QStringLiteral("x-name;bs")}), key, signing.context));
    }

    // A covered credential is not shown in the account of what was signed.
    void s5_14_theAccountHasNoSecrets() {
        Signing signing;
        const Secret other("another-secret-of-this-run");
        signing.redactor.addSecret(other);
        Request plain = exampleRequest();
        plain.headers.append("X-Api-Key", "another-secret-of-this-run");
        const auto made = signHttp(plain, schemeOf("ed25519", {QStringLiteral("x-api-key")}),
                                   secretOf(pemOf("test-key-ed25519")), signing.context);
        QVERIFY(made.has_value());
        QVERIFY(!made->base.contains("another-secret"));
        QVERIFY(!signing.redactor.text(pemOf("test-key-ed25519")).contains("MC4CAQ"));
    }

    // RFC 9421 §5.1
    void s5_14_acceptSignature() {
        Response response;
        QVERIFY(acceptSignatureSentence(response).isEmpty());
        response.headers.append(
            "Accept-Signature",
            "sig1=(\"@method\" \"content-digest\";req);created;keyid=\"k\";alg=\"ed25519\"");
        const QString sentence = acceptSignatureSentence(response);
        QVERIFY2(sentence.contains(QLatin1String("@method, content-digest;req")) &&
                     sentence.contains(QLatin1String("ed25519")),
                 qPrintable(sentence));
        QCOMPARE(wantedSignatures(response).first().params,
                 QStringList(
                     {QStringLiteral("created"), QStringLiteral("keyid k"), QStringLiteral("alg ed25519")}));
        response.headers.append("Accept-Signature", "sig2=(\"@path\");tag=\"app\"");
        QCOMPARE(wantedSignatures(response).size(), 2);
        QVERIFY(acceptSignatureSentence(response).contains(QLatin1String("over: @path; with tag app in it")));
        for (const char* bad : {"sig1=()=", "sig1", "sig1=\"@path\"", "Sig1=(\"@path\")"}) {
            response.headers.fields[0].value = bad;
            QVERIFY2(acceptSignatureSentence(response).isEmpty(), bad); // all or nothing
        }
    }

    void s5_14_theFlow() {
        Signing signing;
        HttpSignatureFlow flow(schemeOf("ed25519", {QStringLiteral("@method")}),
                               secretOf(pemOf("test-key-ed25519")));
        const auto send = flow.begin(exampleRequest(), signing.context);
        QVERIFY(send.has_value());
        QVERIFY(flow.base().startsWith("\"@method\": POST\n"));
        QVERIFY(verifies("ed25519", pemOf("test-key-ed25519"), flow.base(), signatureIn(send->request)));
        Response response;
        response.status = 401;
        response.headers.append("Accept-Signature", "sig1=(\"@path\")");
        const auto finding = [&] {
            return std::get<FlowDone>(*flow.resume(response, signing.context)).finding;
        };
        QVERIFY(finding().contains(QLatin1String("@path")));
        response.status = 200;
        QVERIFY(finding().isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestHttpSignature)
#include "test_http_signature.moc"
