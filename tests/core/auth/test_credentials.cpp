// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/credentials.h"

#include <QtTest>

using namespace kb;

namespace {

Request requestTo(const char* url) {
    Request request;
    request.method = "GET";
    request.url = *HttpUrl::parse(QString::fromUtf8(url));
    return request;
}

const QByteArray dots = QString(8, QChar(0x2022)).toUtf8();

} // namespace

class TestCredentials : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_2_bearer() {
        Request request = requestTo("https://h/");
        Redactor redactor;
        const auto placed = placeCredential(request, BearerScheme{}, Secret("mF_9.B5f-4.1JqM"), redactor);
        QVERIFY(placed.has_value());
        QCOMPARE(request.headers.fields, (QList<HeaderField>{{"Authorization", "Bearer mF_9.B5f-4.1JqM"}}));
        QCOMPARE(placed->headerFields, QList<QByteArray>{"Authorization"});
        QVERIFY(placed->queryFields.isEmpty() && placed->cookies.isEmpty());
        QVERIFY(placed->warning.isEmpty());
        QVERIFY(!redactor.text(QByteArray("x mF_9.B5f-4.1JqM")).contains("mF_9"));
    }

    /// RFC 6750 §2: one way to carry a token in a request; §2.3: what is in an address is not to be stored.
    void s5_2_oneMethodARequest() {
        Redactor redactor;
        for (const char* url : {"https://h/?access_token=t", "https://h/?x=1&access%5Ftoken=t"}) {
            Request request = requestTo(url);
            const auto placed = placeCredential(request, BearerScheme{}, Secret("t0ken-of-mine"), redactor);
            QVERIFY(!placed);
            QCOMPARE(placed.error().code, ErrorCode::Conflict);
            QVERIFY(request.headers.isEmpty());
        }
        Request request = requestTo("https://h/?x=1");
        const ApiKeyScheme inQuery{ApiKeyScheme::In::Query, QStringLiteral("access_token")};
        QVERIFY(placeCredential(request, inQuery, Secret("t0ken-of-mine"), redactor));
        QCOMPARE(request.headers.first("Cache-Control").value_or(""), QByteArray("no-store"));
        Request other = requestTo("https://h/");
        QVERIFY(placeCredential(other, ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("api_key")},
                                Secret("k3y-of-mine"), redactor));
        QVERIFY(!other.headers.contains("Cache-Control"));
    }

    void s5_2_bearerWithAnotherWord() {
        Request request = requestTo("https://h/");
        Redactor redactor;
        QVERIFY(placeCredential(request, BearerScheme{QStringLiteral("SSWS")}, Secret("a b"), redactor));
        QCOMPARE(request.headers.first("authorization").value_or(""), QByteArray("SSWS a b"));
        Request bare = requestTo("https://h/");
        QVERIFY(placeCredential(bare, BearerScheme{QString()}, Secret("abc"), redactor));
        QCOMPARE(bare.headers.first("authorization").value_or(""), QByteArray("abc"));
    }

    void s5_2_bearerThatIsNoB64Token() {
        Request request = requestTo("https://h/");
        Redactor redactor;
        const auto placed = placeCredential(request, BearerScheme{}, Secret("Bearer abc"), redactor);
        QVERIFY(placed.has_value());
        QVERIFY(placed->warning.contains(QLatin1String("a space")));
    }

    void refusedSecrets_data() {
        QTest::addColumn<QByteArray>("secret");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("CR") << QByteArray("abc\rdef");
        QTest::newRow("LF") << QByteArray("abcdef\n");
        QTest::newRow("NUL") << QByteArray("abc\0def", 7);
        QTest::newRow("escape") << QByteArray("abc\x1b");
    }
    void refusedSecrets() {
        QFETCH(QByteArray, secret);
        for (const AuthScheme& scheme :
             {AuthScheme(BearerScheme{}), AuthScheme(ApiKeyScheme{}),
              AuthScheme(ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("k")}),
              AuthScheme(ApiKeyScheme{ApiKeyScheme::In::Cookie, QStringLiteral("k")}),
              AuthScheme(BasicScheme{QStringLiteral("u")}), AuthScheme(TemplateScheme{})}) {
            Request request = requestTo("https://h/");
            Redactor redactor;
            const auto placed = placeCredential(
                request, scheme, Secret({secret.constData(), std::size_t(secret.size())}), redactor);
            QVERIFY(!placed);
            QCOMPARE(placed.error().code, ErrorCode::InvalidInput);
            QVERIFY(!placed.error().text().contains(QLatin1String("abc")));
            QVERIFY(request.headers.isEmpty());
            QVERIFY(!request.url.query());
        }
    }

    void aFieldTheUserWroteIsNotReplaced_data() {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<int>("scheme");
        QTest::newRow("bearer") << QByteArray("authorization") << 0;
        QTest::newRow("API key") << QByteArray("x-api-KEY") << 1;
        QTest::newRow("basic") << QByteArray("AUTHORIZATION") << 2;
        QTest::newRow("template") << QByteArray("authorization") << 3;
    }
    void aFieldTheUserWroteIsNotReplaced() {
        QFETCH(QByteArray, field);
        QFETCH(int, scheme);
        const AuthScheme schemes[] = {BearerScheme{}, ApiKeyScheme{}, BasicScheme{QStringLiteral("u")},
                                      TemplateScheme{}};
        Request request = requestTo("https://h/");
        request.headers.append(field, "by hand");
        Redactor redactor;
        const auto placed = placeCredential(request, schemes[scheme], Secret("secret-secret"), redactor);
        QVERIFY(!placed);
        QCOMPARE(placed.error().code, ErrorCode::Conflict);
        QVERIFY(!placed.error().next.isEmpty());
        QCOMPARE(request.headers.fields, (QList<HeaderField>{{field, "by hand"}}));
    }

    void apiKeyInHeader() {
        Request request = requestTo("https://h/");
        Redactor redactor;
        const auto placed = placeCredential(request, ApiKeyScheme{}, Secret("k1"), redactor);
        QVERIFY(placed.has_value());
        QCOMPARE(request.headers.first("X-API-Key").value_or(""), QByteArray("k1"));
        QVERIFY(placed->warning.isEmpty());
        QCOMPARE(redactor.requestHeaders(request.headers).fields.at(0).value, dots);
    }

    /// RFC 9110 §11.7.2: that field is for the proxy alone. A workspace file may name it all the same.
    void s5_1_noKeyGoesIntoTheProxysField() {
        const QString name = QStringLiteral("proxy-authorization");
        for (const AuthScheme& scheme :
             QList<AuthScheme>{ApiKeyScheme{ApiKeyScheme::In::Header, name},
                               TemplateScheme{name, QStringLiteral("Basic {{secret}}")}}) {
            Request request = requestTo("https://h/");
            Redactor redactor;
            const auto placed = placeCredential(request, scheme, Secret("k1"), redactor);
            QVERIFY(!placed);
            QVERIFY(placed.error().what.contains(QLatin1String("for the proxy")));
            QVERIFY(request.headers.fields.isEmpty());
        }
    }

    void apiKeyInQuery() {
        Request request = requestTo("https://h/a/../b?x=%7E");
        Redactor redactor;
        const ApiKeyScheme scheme{ApiKeyScheme::In::Query, QStringLiteral("api_key")};
        const auto placed = placeCredential(request, scheme, Secret("a b&c"), redactor);
        QVERIFY(placed.has_value());
        QCOMPARE(request.url.path(), QByteArray("/a/../b"));
        QVERIFY(request.url.query()->startsWith("x=%7E&api_key="));
        QVERIFY(!request.url.query()->contains("a b&c"));
        QCOMPARE(placed->queryFields, QList<QByteArray>{"api_key"});
        QCOMPARE(placed->warning, QStringLiteral("An API key in the URL ends up in logs."));
        QCOMPARE(redactor.url(request.url).text(), QByteArray("https://h/a/../b?x=%7E&api_key=********"));
        const auto again = placeCredential(request, scheme, Secret("other"), redactor);
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::Conflict);
    }

    void apiKeyInQueryWrittenByHandAndEncoded() {
        Request request = requestTo("https://h/?api%5Fkey=1");
        Redactor redactor;
        const ApiKeyScheme scheme{ApiKeyScheme::In::Query, QStringLiteral("api_key")};
        QVERIFY(!placeCredential(request, scheme, Secret("k"), redactor));
    }

    void apiKeyInCookie() {
        Request request = requestTo("https://h/");
        request.headers.append("Cookie", "theme=dark");
        Redactor redactor;
        const ApiKeyScheme scheme{ApiKeyScheme::In::Cookie, QStringLiteral("sid")};
        const auto placed = placeCredential(request, scheme, Secret("abc=def"), redactor);
        QVERIFY(placed.has_value());
        QCOMPARE(request.headers.all("Cookie"), QList<QByteArray>{"theme=dark; sid=abc=def"});
        QCOMPARE(placed->cookies, QList<QByteArray>{"sid"});
        QVERIFY(!placed->warning.isEmpty());
        QVERIFY(!placeCredential(request, scheme, Secret("x"), redactor));
        Request fresh = requestTo("https://h/");
        QVERIFY(placeCredential(fresh, scheme, Secret("abc"), redactor));
        QCOMPARE(fresh.headers.first("cookie").value_or(""), QByteArray("sid=abc"));
        for (const char* bad : {"a;b", "a b", "a,b", "\"a\"", "a\\b", "\xc3\xa4"}) {
            Request other = requestTo("https://h/");
            QVERIFY2(!placeCredential(other, scheme, Secret(bad), redactor), bad);
            QVERIFY(other.headers.isEmpty());
        }
    }

    void apiKeyNames() {
        Redactor redactor;
        for (const char* bad : {"", "X Key", "X:Key", "X\r\nKey", "\xc3\xa4"}) {
            Request request = requestTo("https://h/");
            const ApiKeyScheme scheme{ApiKeyScheme::In::Header, QString::fromUtf8(bad)};
            const auto placed = placeCredential(request, scheme, Secret("k"), redactor);
            QVERIFY2(!placed, bad);
            QVERIFY(request.headers.isEmpty());
        }
    }

    void s5_3_basic_data() {
        QTest::addColumn<QString>("user");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("RFC 7617 2") << QStringLiteral("Aladdin") << QByteArray("open sesame")
                                    << QByteArray("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        QTest::newRow("RFC 7617 2.1")
            << QStringLiteral("test") << QByteArray("123\xc2\xa3") << QByteArray("Basic dGVzdDoxMjPCow==");
        QTest::newRow("composed") << QString::fromUtf8("u\xcc\x88") << QByteArray("u\xcc\x88")
                                  << QByteArray("Basic ") + QByteArray("\xc3\xbc:\xc3\xbc").toBase64();
        QTest::newRow("colons in the password") << QStringLiteral("u") << QByteArray("a:b:c")
                                                << QByteArray("Basic ") + QByteArray("u:a:b:c").toBase64();
        QTest::newRow("no user") << QString() << QByteArray("key")
                                 << QByteArray("Basic ") + QByteArray(":key").toBase64();
        QTest::newRow("not UTF-8") << QStringLiteral("u") << QByteArray("\xff\xfe")
                                   << QByteArray("Basic ") + QByteArray("u:\xff\xfe").toBase64();
    }
    void s5_3_basic() {
        QFETCH(QString, user);
        QFETCH(QByteArray, password);
        QFETCH(QByteArray, value);
        Request request = requestTo("https://h/");
        Redactor redactor;
        const Secret secret({password.constData(), std::size_t(password.size())});
        const auto placed = placeCredential(request, BasicScheme{user}, secret, redactor);
        QVERIFY(placed.has_value());
        QCOMPARE(request.headers.first("Authorization").value_or(""), value);
        QCOMPARE(redactor.requestHeaders(request.headers).fields.at(0).value, QByteArray("Basic " + dots));
        if (value.size() >= 14) QVERIFY(!redactor.text("echo: " + value).contains(value.mid(6)));
    }

    void s5_3_basicRefuses() {
        Redactor redactor;
        for (const char* user : {"a:b", "a\nb", "a\x7f"}) {
            Request request = requestTo("https://h/");
            const auto placed =
                placeCredential(request, BasicScheme{QString::fromUtf8(user)}, Secret("p"), redactor);
            QVERIFY2(!placed, user);
            QVERIFY(request.headers.isEmpty());
        }
    }

    // RFC 7617 §2.1 leaves the charset open; a server older than that reads ISO-8859-1.
    void s5_3_basicInLatin1() {
        Redactor redactor;
        Request request = requestTo("https://h/");
        const BasicScheme latin1{QStringLiteral("J\u00fcrgen"), true};
        QVERIFY(placeCredential(request, latin1, Secret("123\xc2\xa3"), redactor));
        QCOMPARE(request.headers.first("Authorization").value_or(""),
                 QByteArray("Basic ") + QByteArray("J\xfcrgen:123\xa3").toBase64());
        Request composed = requestTo("https://h/");
        QVERIFY(
            placeCredential(composed, BasicScheme{QStringLiteral("u"), true}, Secret("u\xcc\x88"), redactor));
        QCOMPARE(composed.headers.first("Authorization").value_or(""),
                 QByteArray("Basic ") + QByteArray("u:\xfc").toBase64());
        Request bytes = requestTo("https://h/");
        QVERIFY(placeCredential(bytes, latin1, Secret("\xff\xfe"), redactor));
        QCOMPARE(bytes.headers.first("Authorization").value_or(""),
                 QByteArray("Basic ") + QByteArray("J\xfcrgen:\xff\xfe").toBase64());
    }

    void s5_3_basicInLatin1RefusesWhatItCannotSay() {
        Redactor redactor;
        Request request = requestTo("https://h/");
        const auto password = placeCredential(request, BasicScheme{QStringLiteral("u"), true},
                                              Secret("5\xe2\x82\xac"), redactor);
        QVERIFY(!password && password.error().what.contains(QLatin1String("password")));
        const auto user =
            placeCredential(request, BasicScheme{QStringLiteral("\u20ac"), true}, Secret("p"), redactor);
        QVERIFY(!user && user.error().what.contains(QLatin1String("user name")));
        QVERIFY(request.headers.isEmpty());
    }

    void templates_data() {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* header, const char* format, const char* value) {
            QTest::newRow(format) << QString::fromUtf8(header) << QString::fromUtf8(format)
                                  << QByteArray(value);
        };
        row("Authorization", "Token {{secret}}", "Token s3cret-value");
        row("Authorization", "{{secret}}", "s3cret-value");
        row("X-Auth", "key={{secret}}; v=1", "key=s3cret-value; v=1");
        row("Authorization", "Token token=\"{{secret}}\", again={{secret}}",
            "Token token=\"s3cret-value\", again=s3cret-value");
    }
    void templates() {
        QFETCH(QString, header);
        QFETCH(QString, format);
        QFETCH(QByteArray, value);
        Request request = requestTo("https://h/");
        Redactor redactor;
        const auto placed =
            placeCredential(request, TemplateScheme{header, format}, Secret("s3cret-value"), redactor);
        QVERIFY(placed.has_value());
        QCOMPARE(request.headers.fields, (QList<HeaderField>{{header.toLatin1(), value}}));
        QCOMPARE(placed->headerFields, QList<QByteArray>{header.toLatin1()});
        const QByteArray shown = redactor.requestHeaders(request.headers).fields.at(0).value;
        QVERIFY2(!shown.contains("s3cret"), shown.constData());
        QVERIFY(!redactor.text("echo " + value).contains("s3cret"));
    }

    // A secret too short to be searched for is still known as a part of the whole value.
    void templatesOfShortSecrets() {
        Request request = requestTo("https://h/");
        Redactor redactor;
        QVERIFY(placeCredential(request, TemplateScheme{}, Secret("k1"), redactor));
        QVERIFY(!redactor.text(QByteArray("you sent Token k1 to us")).contains("k1"));
    }

    void templatesRefused() {
        Redactor redactor;
        const TemplateScheme bad[] = {{QStringLiteral("X Y"), QStringLiteral("{{secret}}")},
                                      {QString(), QStringLiteral("{{secret}}")},
                                      {QStringLiteral("X"), QStringLiteral("no place")},
                                      {QStringLiteral("X"), QStringLiteral("a\r\nY: {{secret}}")},
                                      {QStringLiteral("X"), QString()}};
        for (const TemplateScheme& scheme : bad) {
            Request request = requestTo("https://h/");
            const auto placed = placeCredential(request, scheme, Secret("s3cret-value"), redactor);
            QVERIFY2(!placed, qPrintable(scheme.format));
            QCOMPARE(placed.error().code, ErrorCode::InvalidInput);
            QVERIFY(!placed.error().text().contains(QLatin1String("s3cret")));
            QVERIFY(request.headers.isEmpty());
        }
    }

    void whatIsMadeInStepsIsNotPlaced() {
        Request request = requestTo("https://h/");
        Redactor redactor;
        const auto placed = placeCredential(request, DigestScheme{}, Secret("s3cret-value"), redactor);
        QVERIFY(!placed);
        QCOMPARE(placed.error().code, ErrorCode::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestCredentials)
#include "test_credentials.moc"
