// SPDX-License-Identifier: GPL-3.0-or-later
// AWS Signature Version 4: the public test suite's cases, the examples of the S3 documentation, and what is
// refused.
#include "core/auth/check_scheme.h"
#include "core/auth/crypto.h"
#include "core/auth/sigv4.h"
#include "core/auth/sigv4_canonical.h"

#include <QtTest>

using namespace kb;

namespace {

// The keys of the public examples; they open nothing.
constexpr const char* suiteKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr const char* s3Key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr const char* suiteTime = "20150830T123600Z";

qint64 unixMs(int year, int month, int day, int hour = 0, int minute = 0) {
    return QDateTime(QDate(year, month, day), QTime(hour, minute), Qt::UTC).toMSecsSinceEpoch();
}

struct Signing {
    Redactor redactor;
    FlowContext context{redactor, unixMs(2015, 8, 30, 12, 36),
                        [](qsizetype count) { return QByteArray(count, 'r'); }};
};

SigV4Scheme suite() {
    SigV4Scheme scheme;
    scheme.accessKeyId = QStringLiteral("AKIDEXAMPLE");
    scheme.region = QStringLiteral("us-east-1");
    scheme.service = QStringLiteral("service");
    return scheme;
}

SigV4Scheme s3() {
    SigV4Scheme scheme = suite();
    scheme.accessKeyId = QStringLiteral("AKIAIOSFODNN7EXAMPLE");
    scheme.service = QStringLiteral("s3");
    return scheme;
}

Request requestTo(const char* url, const char* method = "GET") {
    Request request;
    request.method = method;
    request.url = *HttpUrl::parse(QString::fromUtf8(url));
    return request;
}

QByteArray queryValue(const HttpUrl& url, const QByteArray& name) {
    for (const QByteArray& field : url.query().value_or(QByteArray()).split('&'))
        if (field.startsWith(QByteArray(name + '=')))
            return QByteArray::fromPercentEncoding(field.mid(name.size() + 1));
    return {};
}

QByteArray signatureOf(const Request& request) {
    const QByteArray value = request.headers.first("Authorization").value_or(QByteArray());
    return value.mid(value.indexOf("Signature=") + 10);
}

} // namespace

class TestSigV4 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The public test suite signs every field, so these go one level below signSigV4().
    void s5_15_testSuite_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArrayList>("fields");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("signature");
        const auto row = [](const char* name, const char* method, const char* path, const char* query,
                            const QByteArrayList& fields, const char* body, const char* signature) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(path) << QByteArray(query) << fields
                                << QByteArray(body) << QByteArray(signature);
        };
        const char* vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
        const char* postVanilla = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";
        row("get-vanilla", "GET", "/", "", {}, "", vanilla);
        row("get-relative", "GET", "/example/..", "", {}, "", vanilla);
        row("get-relative-relative", "GET", "/example1/example2/../..", "", {}, "", vanilla);
        row("get-slash", "GET", "//", "", {}, "", vanilla);
        row("get-slash-dot-slash", "GET", "/./", "", {}, "", vanilla);
        row("get-slashes", "GET", "//example//", "", {}, "",
            "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84");
        row("get-slash-pointless-dot", "GET", "/./example", "", {}, "",
            "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5");
        row("get-space", "GET", "/example space/", "", {}, "",
            "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741");
        row("get-utf8", "GET", "/\xe1\x88\xb4", "", {}, "",
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
        row("get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            "", {}, "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
        row("get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", {}, "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
        row("get-vanilla-empty-query-key", "GET", "/", "Param1=value1", {}, "",
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb");
        row("get-vanilla-utf8-query", "GET", "/", "\xe1\x88\xb4=bar", {}, "",
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04");
        row("get-header-key-duplicate", "GET", "/", "",
            {"My-Header1:value2", "My-Header1:value2", "My-Header1:value1"}, "",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
        row("get-header-value-order", "GET", "/", "",
            {"My-Header1:value4", "My-Header1:value1", "My-Header1:value3", "My-Header1:value2"}, "",
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01");
        row("get-header-value-trim", "GET", "/", "", {"My-Header1: value1", "My-Header2: \"a   b   c\""}, "",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
        row("post-vanilla", "POST", "/", "", {}, "", postVanilla);
        row("post-header-key-sort", "POST", "/", "", {"My-Header1:value1"}, "",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c");
        row("post-header-value-case", "POST", "/", "", {"My-Header1:VALUE1"}, "",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d");
        row("post-vanilla-query", "POST", "/", "Param1=value1", {}, "",
            "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11");
        row("post-x-www-form-urlencoded", "POST", "/", "", {"Content-Type:application/x-www-form-urlencoded"},
            "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
        row("post-x-www-form-urlencoded-parameters", "POST", "/", "",
            {"Content-Type:application/x-www-form-urlencoded; charset=utf8"}, "Param1=value1",
            "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe");
    }
    void s5_15_testSuite() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, query);
        QFETCH(QByteArrayList, fields);
        QFETCH(QByteArray, body);
        QList<HeaderField> toSign = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", suiteTime}};
        for (const QByteArray& field : fields)
            toSign.append({field.left(field.indexOf(':')), field.mid(field.indexOf(':') + 1)});
        const QByteArray canonical =
            sigV4CanonicalRequest(method, sigV4Path(path, false), sigV4Query(query), sigV4Headers(toSign),
                                  hashOf(Hash::Sha256, viewOf(body)).toHex());
        const QByteArray stringToSign =
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n" +
            hashOf(Hash::Sha256, viewOf(canonical)).toHex();
        QTEST(sigV4Signature(Secret(suiteKey), "20150830", "us-east-1", "service", stringToSign),
              "signature");
    }

    void s5_15_getVanillaWhole() {
        Signing signing;
        const auto made = signSigV4(requestTo("https://example.amazonaws.com/"), suite(), Secret(suiteKey),
                                    nullptr, signing.context);
        QVERIFY(made.has_value());
        QCOMPARE(made->canonicalRequest,
                 QByteArray("GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
                            "host;x-amz-date\n"
                            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(made->stringToSign,
                 QByteArray("AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
                            "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63"));
        QCOMPARE(made->signedHeaders, QByteArray("host;x-amz-date"));
        QCOMPARE(made->request.headers.fields,
                 (QList<HeaderField>{
                     {"X-Amz-Date", "20150830T123600Z"},
                     {"Authorization",
                      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                      "SignedHeaders=host;x-amz-date, "
                      "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"}}));
        QCOMPARE(made->placed.headerFields, QList<QByteArray>{"Authorization"});
        QVERIFY(made->placed.warning.isEmpty());
        const HeaderList shown = signing.redactor.requestHeaders(made->request.headers);
        QVERIFY(!shown.first("Authorization")->contains("5fa00fa3"));
        QVERIFY(!signing.redactor.text(QByteArray(suiteKey)).contains("EXAMPLEKEY"));
    }

    // The suite's post-sts-header-before.
    void s5_15_sessionToken() {
        Signing signing;
        const Secret token(
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpS"
            "PfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDY"
            "wT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqK"
            "mlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==");
        const auto made = signSigV4(requestTo("https://example.amazonaws.com/", "POST"), suite(),
                                    Secret(suiteKey), &token, signing.context);
        QVERIFY(made.has_value());
        QCOMPARE(signatureOf(made->request),
                 QByteArray("85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"));
        QCOMPARE(made->placed.headerFields, (QList<QByteArray>{"Authorization", "X-Amz-Security-Token"}));
        QVERIFY(made->canonicalRequest.contains("x-amz-security-token:"));
        QVERIFY2(!made->canonicalRequest.contains("EXAMPLEtc764"), made->canonicalRequest.constData());
        QVERIFY(!signing.redactor.requestHeaders(made->request.headers)
                     .first("X-Amz-Security-Token")
                     ->contains("EXAMPLEtc764"));
    }

    // The S3 documentation's examples for signatures in the header.
    void s5_15_s3InTheHeader_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("signature");
        QTest::newRow("lifecycle") << QStringLiteral("https://examplebucket.s3.amazonaws.com/?lifecycle")
                                   << QByteArray(
                                          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
        QTest::newRow("list") << QStringLiteral("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J")
                              << QByteArray(
                                     "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }
    void s5_15_s3InTheHeader() {
        QFETCH(QString, url);
        Signing signing;
        signing.context.nowMs = unixMs(2013, 5, 24);
        Request request;
        request.method = "GET";
        request.url = *HttpUrl::parse(url);
        const auto made = signSigV4(request, s3(), Secret(s3Key), nullptr, signing.context);
        QVERIFY(made.has_value());
        QTEST(signatureOf(made->request), "signature");
        QCOMPARE(made->request.url, request.url);
        QCOMPARE(made->signedHeaders, QByteArray("host;x-amz-content-sha256;x-amz-date"));
    }

    // The S3 documentation's example of a presigned URL.
    void s5_15_s3InTheUrl() {
        Signing signing;
        signing.context.nowMs = unixMs(2013, 5, 24);
        SigV4Scheme scheme = s3();
        scheme.presign = true;
        scheme.expiresS = 86400;
        const auto made = signSigV4(requestTo("https://examplebucket.s3.amazonaws.com/test.txt"), scheme,
                                    Secret(s3Key), nullptr, signing.context);
        QVERIFY(made.has_value());
        QCOMPARE(
            made->request.url.text(),
            QByteArray("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                       "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                       "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                       "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
        QVERIFY(made->request.headers.isEmpty());
        QVERIFY(made->canonicalRequest.endsWith("\nUNSIGNED-PAYLOAD"));
        QCOMPARE(made->placed.queryFields, QList<QByteArray>{"X-Amz-Signature"});
        QVERIFY(!made->placed.warning.isEmpty());
        QVERIFY(!signing.redactor.url(made->request.url).text().contains("aeeed9bb"));
    }

    void s5_15_presignedWithASessionToken() {
        Signing signing;
        SigV4Scheme scheme = suite();
        scheme.presign = true;
        const Secret token("session+token/with=signs");
        const auto made =
            signSigV4(requestTo("https://h/p?b=2&a=%7e"), scheme, Secret(suiteKey), &token, signing.context);
        QVERIFY(made.has_value());
        QCOMPARE(queryValue(made->request.url, "X-Amz-Security-Token"),
                 QByteArray("session+token/with=signs"));
        QVERIFY(made->request.url.query()->startsWith("b=2&a=%7e&X-Amz-Algorithm="));
        QCOMPARE(queryValue(made->request.url, "X-Amz-Expires"), QByteArray("900"));
        QVERIFY(made->placed.queryFields.contains("X-Amz-Security-Token"));
        QVERIFY(!made->canonicalRequest.contains("session%2Btoken"));
        QVERIFY(!signing.redactor.url(made->request.url).text().contains("session%2Btoken"));
        // Outside S3 the body counts.
        QVERIFY(made->canonicalRequest.endsWith(hashOf(Hash::Sha256, "").toHex()));
    }

    void s5_15_paths_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("twice");
        QTest::addColumn<QByteArray>("s3");
        const auto row = [](const char* path, const char* twice, const char* once) {
            QTest::newRow(path) << QByteArray(path) << QByteArray(twice) << QByteArray(once);
        };
        row("/", "/", "/");
        row("/a%20b", "/a%2520b", "/a%20b");
        row("/a+b", "/a%2Bb", "/a%20b");
        row("/a%2Bb", "/a%252Bb", "/a%2Bb");
        row("/%7e", "/%257e", "/~");
        row("/a/../b/", "/b/", "/a/../b/");
        row("/a//b", "/a/b", "/a//b");
        row("/..", "/", "/..");
        row("/a/.", "/a/", "/a/.");
        row("/a%2Fb", "/a%252Fb", "/a%2Fb");
        row("/a:b@c", "/a%3Ab%40c", "/a%3Ab%40c");
    }
    void s5_15_paths() {
        QFETCH(QByteArray, path);
        QTEST(sigV4Path(path, false), "twice");
        QTEST(sigV4Path(path, true), "s3");
    }

    void s5_15_queries_data() {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("canonical");
        const auto row = [](const char* query, const char* canonical) {
            QTest::newRow(query) << QByteArray(query) << QByteArray(canonical);
        };
        row("", "");
        row("a", "a=");
        row("b=2&a=1", "a=1&b=2");
        row("a=2&a=1", "a=1&a=2");
        row("a-b=1&a=2", "a=2&a-b=1");
        row("B=1&a=1", "B=1&a=1");
        row("a=%7e&b=%2f%20*", "a=~&b=%2F%20%2A");
        row("a=x+y&b=x%2By", "a=x%20y&b=x%2By");
        row("a=b=c&&", "a=b%3Dc");
        row("X-Amz-Date=1&X-amz=2", "X-Amz-Date=1&X-amz=2");
    }
    void s5_15_queries() {
        QFETCH(QByteArray, query);
        QTEST(sigV4Query(query), "canonical");
    }

    void s5_15_onlyWhatMustBeSignedIs() {
        Signing signing;
        Request request = requestTo("https://h:8443/x", "PUT");
        request.headers.append("X-Amz-Meta-B", "  two   words ");
        request.headers.append("User-Agent", "keybearer");
        request.headers.append("content-type", "text/plain");
        request.headers.append("x-amz-meta-b", "again");
        const auto made = signSigV4(request, suite(), Secret(suiteKey), nullptr, signing.context);
        QVERIFY(made.has_value());
        QCOMPARE(made->signedHeaders, QByteArray("content-type;host;x-amz-date;x-amz-meta-b"));
        QVERIFY(made->canonicalRequest.contains("\nhost:h:8443\n"));
        QVERIFY(made->canonicalRequest.contains("\nx-amz-meta-b:two words,again\n"));
        // What the user wrote goes out as it is, ahead of what was added.
        QCOMPARE(made->request.headers.fields.mid(0, 4), request.headers.fields);
        Request typedHost = requestTo("https://127.0.0.1/x");
        typedHost.headers.append("Host", "virtual.example");
        const auto hosted = signSigV4(typedHost, suite(), Secret(suiteKey), nullptr, signing.context);
        QVERIFY(hosted->canonicalRequest.contains("\nhost:virtual.example\n"));
    }

    void s5_15_payloads() {
        Signing signing;
        Request request = requestTo("https://h/x", "PUT");
        request.body = "hello";
        request.hasBody = true;
        const QByteArray hash = hashOf(Hash::Sha256, "hello").toHex();
        const auto hashed = signSigV4(request, suite(), Secret(suiteKey), nullptr, signing.context);
        QVERIFY(hashed->canonicalRequest.endsWith(QByteArray('\n' + hash)));
        QVERIFY(!hashed->request.headers.contains("X-Amz-Content-Sha256"));
        QCOMPARE(hashed->request.body, QByteArray("hello"));
        const auto inS3 = signSigV4(request, s3(), Secret(suiteKey), nullptr, signing.context);
        QCOMPARE(inS3->request.headers.first("X-Amz-Content-Sha256").value_or(""), hash);
        SigV4Scheme scheme = s3();
        scheme.unsignedPayload = true;
        const auto open = signSigV4(request, scheme, Secret(suiteKey), nullptr, signing.context);
        QVERIFY(open->canonicalRequest.endsWith("\nUNSIGNED-PAYLOAD"));
        QCOMPARE(open->request.headers.first("X-Amz-Content-Sha256").value_or(""),
                 QByteArray("UNSIGNED-PAYLOAD"));
        request.headers.append("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        const auto typed = signSigV4(request, s3(), Secret(suiteKey), nullptr, signing.context);
        QVERIFY(typed->canonicalRequest.endsWith("\nSTREAMING-UNSIGNED-PAYLOAD-TRAILER"));
        QCOMPARE(typed->request.headers.all("X-Amz-Content-Sha256").size(), 1);
    }

    void s5_15_onlyS3TakesAnUnsignedBody_data() {
        QTest::addColumn<QString>("service");
        QTest::addColumn<QString>(
            "how"); // "setting", "typed", "presigned" with a body, or "bare" without one
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("refusal");
        const auto row = [](const char* service, const char* how, const char* url, const char* refusal) {
            QTest::addRow("%s %s %s", service, how, url)
                << QString(service) << QString(how) << QString(url) << QString(refusal);
        };
        for (const char* service : {"s3", "s3express", "s3-outposts", "s3-object-lambda", "ebs", "lex"})
            row(service, "setting", "https://h/x", "");
        for (const char* service : {"execute-api", "S3", "s3x", "dynamodb"}) {
            row(service, "setting", "https://h/x", "Only S3");
            row(service, "typed", "https://h/x", "Only S3");
        }
        row("s3", "typed", "https://h/x", "");
        row("execute-api", "presigned", "https://h/x", ""); // its body is signed
        row("s3", "setting", "http://h/x", "Without encryption");
        row("s3", "typed", "http://h/x", "Without encryption");
        row("s3", "presigned", "http://h/x", "Without encryption");
        row("s3", "bare", "http://h/x", "");
        row("s3", "setting", "http://127.0.0.1:9000/x", ""); // a store on this computer
    }
    void s5_15_onlyS3TakesAnUnsignedBody() {
        QFETCH(QString, service);
        QFETCH(QString, how);
        QFETCH(QString, url);
        QFETCH(QString, refusal);
        Signing signing;
        Request request = requestTo(qPrintable(url), "PUT");
        request.hasBody = how != QLatin1String("bare");
        if (request.hasBody) request.body = "hello";
        SigV4Scheme scheme = suite();
        scheme.service = service;
        scheme.unsignedPayload = how == QLatin1String("setting");
        scheme.presign = how == QLatin1String("presigned") || how == QLatin1String("bare");
        if (how == QLatin1String("typed")) request.headers.append("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
        const auto made = signSigV4(request, scheme, Secret(suiteKey), nullptr, signing.context);
        QCOMPARE(made.has_value(), refusal.isEmpty());
        if (made) return;
        QVERIFY(made.error().what.contains(refusal));
        QVERIFY(!made.error().next.isEmpty());
        // Where a profile is saved it is said at once; a plain address is known only then.
        if (how == QLatin1String("setting"))
            QCOMPARE(checkScheme(AuthScheme(scheme)).has_value(), refusal != QLatin1String("Only S3"));
        scheme.service = QStringLiteral("{{service}}");
        QVERIFY(checkScheme(AuthScheme(scheme)));
    }

    void s5_15_temporaryKeysNeedTheirToken() {
        Signing signing;
        SigV4Scheme scheme = suite();
        scheme.accessKeyId = QStringLiteral("ASIAEXAMPLE");
        const auto made =
            signSigV4(requestTo("https://h/"), scheme, Secret(suiteKey), nullptr, signing.context);
        QVERIFY(made->placed.warning.contains(QLatin1String("session token")));
        const Secret token("session-token");
        const auto whole =
            signSigV4(requestTo("https://h/"), scheme, Secret(suiteKey), &token, signing.context);
        QVERIFY(whole->placed.warning.isEmpty());
    }

    void s5_15_incompleteSchemes() {
        Signing signing;
        const auto refused = [&](const SigV4Scheme& scheme) {
            const auto made =
                signSigV4(requestTo("https://h/"), scheme, Secret(suiteKey), nullptr, signing.context);
            return !made && made.error().code == ErrorCode::InvalidInput && !made.error().next.isEmpty();
        };
        SigV4Scheme scheme = suite();
        scheme.accessKeyId = QStringLiteral("AKID/EXAMPLE");
        QVERIFY(refused(scheme));
        scheme = suite();
        scheme.region.clear();
        QVERIFY(refused(scheme));
        scheme = suite();
        scheme.service = QStringLiteral("a b");
        QVERIFY(refused(scheme));
        for (const int seconds : {0, -1, 604801}) {
            scheme = suite();
            scheme.presign = true;
            scheme.expiresS = seconds;
            QVERIFY(refused(scheme));
        }
        scheme.expiresS = 604800;
        QVERIFY(signSigV4(requestTo("https://h/"), scheme, Secret(suiteKey), nullptr, signing.context));
        QVERIFY(!signSigV4(requestTo("https://h/"), suite(), Secret(), nullptr, signing.context));
        const Secret broken("a\r\nb");
        QVERIFY(!signSigV4(requestTo("https://h/"), suite(), Secret(suiteKey), &broken, signing.context));
    }

    void s5_15_whatIsThereAlreadyIsNotReplaced() {
        Signing signing;
        for (const char* name : {"authorization", "x-amz-date", "X-AMZ-SECURITY-TOKEN"}) {
            Request request = requestTo("https://h/");
            request.headers.append(name, "by hand");
            const auto made = signSigV4(request, suite(), Secret(suiteKey), nullptr, signing.context);
            QVERIFY2(!made && made.error().code == ErrorCode::Conflict, name);
        }
        SigV4Scheme scheme = suite();
        scheme.presign = true;
        for (const char* url : {"https://h/?X-Amz-Signature=1", "https://h/?a=1&x-amz%2Dexpires=1"}) {
            const auto made = signSigV4(requestTo(url), scheme, Secret(suiteKey), nullptr, signing.context);
            QVERIFY2(!made && made.error().code == ErrorCode::Conflict, url);
        }
    }

    void s5_15_clocksApart() {
        const qint64 now = unixMs(2015, 8, 30, 12, 36);
        Response response;
        QVERIFY(sigV4SkewSentence(response, now).isEmpty());
        response.headers.append("Date", "Sun, 30 Aug 2015 12:21:00 GMT");
        QVERIFY(sigV4SkewSentence(response, now).isEmpty()); // 15 minutes are allowed
        response.headers.fields[0].value = "Sun, 30 Aug 2015 12:16:00 GMT";
        const QString ahead = sigV4SkewSentence(response, now);
        QVERIFY2(ahead.contains(QLatin1String("20 minute")) && ahead.contains(QLatin1String("ahead")),
                 qPrintable(ahead));
        response.headers.fields[0].value = "Sun, 30 Aug 2015 14:36:00 GMT";
        const QString behind = sigV4SkewSentence(response, now);
        QVERIFY2(behind.contains(QLatin1String("120 minute")) && behind.contains(QLatin1String("behind")),
                 qPrintable(behind));
        response.headers.fields[0].value = "yesterday";
        QVERIFY(sigV4SkewSentence(response, now).isEmpty());
    }

    void s5_15_theFlowExplainsARefusal() {
        Signing signing;
        SigV4Flow flow(suite(), Secret(suiteKey), std::nullopt);
        const auto send = flow.begin(requestTo("https://example.amazonaws.com/"), signing.context);
        QVERIFY(send.has_value());
        QVERIFY(flow.canonicalRequest().startsWith("GET\n/\n"));
        QVERIFY(flow.stringToSign().startsWith("AWS4-HMAC-SHA256\n"));
        Response response;
        response.status = 403;
        response.body = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
        const auto finding = [&] {
            return std::get<FlowDone>(*flow.resume(response, signing.context)).finding;
        };
        QVERIFY(finding().contains(QLatin1String("canonical request")));
        response.headers.append("Date", "Sun, 30 Aug 2015 10:00:00 GMT");
        QVERIFY(finding().contains(QLatin1String("clock")));
        response.status = 200;
        QVERIFY(finding().isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestSigV4)
#include "test_sigv4.moc"
