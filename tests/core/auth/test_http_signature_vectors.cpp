// SPDX-License-Identifier: GPL-3.0-or-later
// What proxies do to a signed request: RFC 9421 appendix B.4, and the second signature of §4.3. Both
// algorithms always give the same signature, so that a base is right when its signature is the published one.
#include "core/auth/crypto.h"
#include "core/auth/http_signature.h"
#include "core/auth/signing_key.h"
#include "core/http/structured_field.h"

#include <QFile>
#include <QtTest>

using namespace kb;

namespace {

QByteArray publishedKey(const char* name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/http-signature/%1.pem").arg(QLatin1String(name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray signatureOf(const char* keyName, const char* jose, const QByteArray& base) {
    const QByteArray pem = publishedKey(keyName);
    const auto key = SigningKey::read(Secret(viewOf(pem)), false);
    if (!key) return {};
    const auto made = key->sign(QLatin1String(jose), viewOf(base));
    return made ? made->toBase64() : QByteArray();
}

const QStringList transformComponents{QStringLiteral("@method"), QStringLiteral("@path"),
                                      QStringLiteral("@authority"), QStringLiteral("accept")};
const QByteArray transformSignature =
    "ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==";

QByteArray transformBase(const Request& request) {
    SignatureParams params;
    params.created = 1618884473;
    params.keyId = "test-key-ed25519";
    const auto components = readSignatureComponents(transformComponents);
    const auto base = components ? makeSignatureBase(request, *components, params)
                                 : Result<SignatureBase>(tl::unexpected(components.error()));
    return base ? base->base : QByteArray();
}

} // namespace

class TestHttpSignatureVectors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_14_transformations_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QString>("url");
        QTest::addColumn<HeaderList>("fields");
        QTest::addColumn<bool>("holds");
        const QString url = QStringLiteral("https://example.org/demo?name1=Value1&Name2=value2");
        const HeaderField host{"Host", "example.org"}, date{"Date", "Fri, 15 Jul 2022 14:24:55 GMT"},
            json{"Accept", "application/json"}, any{"Accept", "*/*"};
        QTest::newRow("as signed") << QByteArray("GET") << url << HeaderList{{host, date, json, any}} << true;
        QTest::newRow("a field and a query parameter more")
            << QByteArray("GET") << QString(url + QStringLiteral("&param=added"))
            << HeaderList{{host, date, json, any, {"Accept-Language", "en-US,en;q=0.5"}}} << true;
        QTest::newRow("two lines as one, Date away, Referer there")
            << QByteArray("GET") << url
            << HeaderList{{host,
                           {"Referer", "https://developer.example.org/demo"},
                           {"Accept", "application/json, */*"}}}
            << true;
        QTest::newRow("the fields in another order")
            << QByteArray("GET") << url << HeaderList{{json, any, date, host}} << true;
        QTest::newRow("another method and host")
            << QByteArray("POST") << QStringLiteral("https://example.com/demo?name1=Value1&Name2=value2")
            << HeaderList{{{"Host", "example.com"}, date, json, any}} << false;
        QTest::newRow("the lines of a covered field in another order")
            << QByteArray("GET") << url << HeaderList{{host, date, any, json}} << false;
    }
    void s5_14_transformations() {
        QFETCH(QByteArray, method);
        QFETCH(QString, url);
        QFETCH(HeaderList, fields);
        QFETCH(bool, holds);
        Request request;
        request.method = method;
        request.url = *HttpUrl::parse(url);
        request.headers = fields;
        const QByteArray base = transformBase(request);
        QVERIFY(!base.isEmpty());
        const QByteArray signature = signatureOf("test-key-ed25519", "EdDSA", base);
        QVERIFY2((signature == transformSignature) == holds, base.constData());
    }

    // §4.3: a proxy signs what it changed, beside the signature it found. Its parameters stand in an order
    // that is not ours, so the last line is the published one.
    void s5_14_aProxySignsBesides() {
        Request request;
        request.method = "POST";
        request.url =
            *HttpUrl::parse(QStringLiteral("https://origin.host.internal.example/foo?param=Value&Pet=dog"));
        request.headers.fields = {
            {"Host", "origin.host.internal.example"},
            {"Date", "Tue, 20 Apr 2021 02:07:56 GMT"},
            {"Content-Type", "application/json"},
            {"Content-Length", "18"},
            {"Forwarded", "for=192.0.2.123;host=example.com;proto=https"},
            {"Content-Digest", "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+"
                               "AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"},
            {"Signature-Input",
             "sig1=(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-type\" "
             "\"content-length\");created=1618884475;keyid=\"test-key-ecc-p256\""},
            {"Signature", "sig1=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb//4Ijpzp+kve2w4NIyqeAuM7jTDX+"
                          "sNalzA8ESSaHD3A==:"}};
        const auto components = readSignatureComponents(
            {QStringLiteral("@method"), QStringLiteral("@authority"), QStringLiteral("@path"),
             QStringLiteral("content-digest"), QStringLiteral("content-type"),
             QStringLiteral("content-length"), QStringLiteral("forwarded")});
        SignatureParams params;
        params.created = 1618884480;
        const auto made = makeSignatureBase(request, *components, params);
        QVERIFY(made);
        const QByteArray list =
            "(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"content-type\" \"content-length\" "
            "\"forwarded\")";
        QCOMPARE(made->params, QByteArray(list + ";created=1618884480"));
        const QByteArray base =
            made->base + ";keyid=\"test-key-rsa\";alg=\"rsa-v1_5-sha256\";expires=1618884540";
        QCOMPARE(
            signatureOf("test-key-rsa", "RS256", base),
            QByteArray("S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+M"
                       "jniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEOb"
                       "tNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD"
                       "3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5"
                       "o0LV/g=="));

        // What we sign besides goes into lines of its own, and both labels read.
        Redactor redactor;
        FlowContext context{redactor, 1618884480000LL,
                            [](qsizetype count) { return QByteArray(count, 'r'); }};
        HttpSignatureScheme scheme;
        scheme.label = QStringLiteral("proxy_sig");
        scheme.keyId = QStringLiteral("test-key-rsa");
        scheme.algorithm = QStringLiteral("rsa-v1_5-sha256");
        scheme.components = {QStringLiteral("forwarded"), QStringLiteral("signature;key=\"sig1\"")};
        const QByteArray pem = publishedKey("test-key-rsa");
        const auto both = signHttp(request, scheme, Secret(viewOf(pem)), context);
        QVERIFY2(both, both ? "" : qPrintable(both.error().text()));
        QVERIFY(both->base.contains("\"signature\";key=\"sig1\": :X5spyd6C"));
        for (const char* field : {"Signature-Input", "Signature"}) {
            const auto labels = parseSfDictionary(both->request.headers.all(field));
            QVERIFY(labels && labels->size() == 2);
            QCOMPARE(labels->at(0).key, QByteArray("sig1"));
            QCOMPARE(labels->at(1).key, QByteArray("proxy_sig"));
        }
    }
};

QTEST_GUILESS_MAIN(TestHttpSignatureVectors)
#include "test_http_signature_vectors.moc"
