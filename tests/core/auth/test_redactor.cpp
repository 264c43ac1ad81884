// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/redactor.h"

#include <QtTest>

using namespace kb;

namespace {

const QByteArray dots = QString(8, QChar(0x2022)).toUtf8();
const QByteArray token = "Xk9/mQ2+vB7=ü \"p\\w'<&>";
const QByteArray jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

Secret secretOf(const QByteArray& bytes) {
    return Secret({bytes.constData(), std::size_t(bytes.size())});
}

Redactor redactorOf(const QByteArray& secret) {
    Redactor redactor;
    redactor.addSecret(secretOf(secret));
    return redactor;
}

HeaderList headersOf(std::initializer_list<HeaderField> fields) {
    HeaderList headers;
    headers.fields = QList<HeaderField>(fields);
    return headers;
}

} // namespace

class TestRedactor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void exactForms_data() {
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QByteArray>("form");
        const QString text = QString::fromUtf8(token);
        QTest::newRow("as it is") << token << token;
        QTest::newRow("base64") << token << token.toBase64();
        QTest::newRow("base64, one byte before") << token << QByteArray("a" + token).toBase64();
        QTest::newRow("base64, two bytes before") << token << QByteArray("ab" + token).toBase64();
        QTest::newRow("base64 inside") << token << QByteArray("user:" + token + ":more and more").toBase64();
        QTest::newRow("base64url") << token
                                   << QByteArray("u:" + token).toBase64(QByteArray::Base64UrlEncoding);
        QTest::newRow("percent") << token << token.toPercentEncoding();
        QTest::newRow("percent, lower") << token
                                        << token.toPercentEncoding()
                                               .replace("%2F", "%2f")
                                               .replace("%2B", "%2b")
                                               .replace("%3D", "%3d")
                                               .replace("%C3", "%c3")
                                               .replace("%BC", "%bc")
                                               .replace("%5C", "%5c")
                                               .replace("%3C", "%3c")
                                               .replace("%3E", "%3e");
        QTest::newRow("encodeURIComponent") << token << token.toPercentEncoding("!*'()");
        QTest::newRow("form") << token << token.toPercentEncoding("*", "~").replace("%20", "+");
        QTest::newRow("in a path") << token << token.toPercentEncoding("!$&'()*+,;=:@/");
        QTest::newRow("JSON") << token << QByteArray("Xk9/mQ2+vB7=ü \\\"p\\\\w'<&>");
        QTest::newRow("JSON, slash") << token << QByteArray("Xk9\\/mQ2+vB7=ü \\\"p\\\\w'<&>");
        QTest::newRow("JSON, ASCII") << token << QByteArray("Xk9/mQ2+vB7=\\u00fc \\\"p\\\\w'<&>");
        QTest::newRow("JSON, for HTML")
            << token << QByteArray("Xk9/mQ2+vB7=ü \\\"p\\\\w\\u0027\\u003c\\u0026\\u003e");
        QTest::newRow("HTML") << token << QByteArray("Xk9/mQ2+vB7=ü &quot;p\\w&#39;&lt;&amp;&gt;");
        QTest::newRow("JWT signature alone") << jwt << jwt.mid(jwt.lastIndexOf('.') + 1);
        QTest::newRow("JWT under another signature") << jwt << QByteArray(jwt.left(jwt.lastIndexOf('.') + 1));
        QTest::newRow("JWT, base64") << jwt << QByteArray("Bearer " + jwt).toBase64();
        QTest::newRow("eight bytes") << QByteArray("12345678") << QByteArray("12345678");
    }
    void exactForms() {
        QFETCH(QByteArray, secret);
        QFETCH(QByteArray, form);
        const Redactor redactor = redactorOf(secret);
        bool echoed = false;
        const QByteArray body = "before(" + form + ")after";
        const QByteArray masked = redactor.text(body, &echoed);
        QVERIFY(echoed);
        QVERIFY2(!masked.contains(form), masked.constData());
        QVERIFY2(masked.startsWith("before("), masked.constData());
        QVERIFY2(masked.endsWith(")after"), masked.constData());
        QVERIFY2(masked.contains(dots), masked.constData());
        QVERIFY2(masked.size() <= form.size() + 13 + dots.size(), masked.constData());
        QCOMPARE(redactor.text(QString::fromUtf8(body)), QString::fromUtf8(masked));
    }

    void base64LeavesNoBits() {
        const Redactor redactor = redactorOf("open sesame");
        QCOMPARE(redactor.text("[" + QByteArray("Aladdin:open sesame").toBase64() + "]"),
                 QByteArray("[QWxhZGRpbj" + dots + "]"));
        for (int before = 0; before < 6; ++before) {
            for (int after = 0; after < 4; ++after) {
                const QByteArray outer = QByteArray(before, 'u') + "open sesame" + QByteArray(after, 'v');
                const QByteArray masked = redactor.text(outer.toBase64());
                QByteArray rest = masked;
                const QByteArray shown = QByteArray::fromBase64(rest.replace(dots, ""));
                for (const char c : {'o', 'p', 's', 'e', 'n'})
                    QVERIFY2(!shown.contains(c), masked.constData());
            }
        }
    }

    void utf16() {
        const QString text = QStringLiteral("token 12345678 end");
        QByteArray little, big;
        for (const QChar unit : text) {
            little.append(char(unit.cell())).append(char(unit.row()));
            big.append(char(unit.row())).append(char(unit.cell()));
        }
        const Redactor redactor = redactorOf("12345678");
        bool echoed = false;
        const QByteArray maskedLittle = redactor.text(little, &echoed);
        QVERIFY(echoed);
        QString back;
        for (qsizetype i = 0; i + 1 < maskedLittle.size(); i += 2)
            back += QChar(maskedLittle.at(i), maskedLittle.at(i + 1));
        QCOMPARE(back, QStringLiteral("token ******** end"));
        QVERIFY(redactor.text(big).size() == big.size());
        QVERIFY(redactor.text(big) != big);
    }

    void shortSecretsOnlyWherePlaced() {
        Redactor redactor = redactorOf("secret1");
        redactor.addCredentialField("X-Shop-Key");
        redactor.addCredentialQuery("k");
        redactor.addCredentialCookie("sid");
        bool echoed = true;
        QCOMPARE(redactor.text("a secret1 in text", &echoed), QByteArray("a secret1 in text"));
        QVERIFY(!echoed);
        QCOMPARE(redactor.requestHeaders(headersOf({{"x-shop-key", "secret1"}})).fields.at(0).value, dots);
        QCOMPARE(redactor.requestHeaders(headersOf({{"Cookie", "a=b; sid=secret1"}})).fields.at(0).value,
                 QByteArray("a=" + dots + "; sid=" + dots));
        QCOMPARE(redactor.responseHeaders(headersOf({{"Location", "/next?x=1&k=secret1&y=2#f"}}))
                     .fields.at(0)
                     .value,
                 QByteArray("/next?x=1&k=" + dots + "&y=2#f"));
        QCOMPARE(
            redactor.responseHeaders(headersOf({{"X-Echo", "a=1; sid=secret1; b=2"}})).fields.at(0).value,
            QByteArray("a=1; sid=" + dots + "; b=2"));
        const HttpUrl url = *HttpUrl::parse(QStringLiteral("https://h/p?a=1&k=secret1"));
        QCOMPARE(redactor.url(url).text(), QByteArray("https://h/p?a=1&k=********"));
    }

    void nothingFoundSharesTheBytes() {
        const Redactor redactor = redactorOf(token);
        const QByteArray body(100000, 'a');
        bool echoed = true;
        const QByteArray masked = redactor.body({}, body, &echoed);
        QVERIFY(!echoed);
        QVERIFY(masked.isSharedWith(body));
        QVERIFY(Redactor().text(body).isSharedWith(body));
    }

    void findsAtBothEndsAndTwice() {
        const Redactor redactor = redactorOf("12345678");
        QCOMPARE(redactor.text(QByteArray("12345678")), dots);
        QCOMPARE(redactor.text(QByteArray("12345678x12345678")), QByteArray(dots + "x" + dots));
        QCOMPARE(redactor.text(QByteArray("1234567812345678")), dots);
        QCOMPARE(redactor.text(QByteArray("1234567")), QByteArray("1234567"));
    }

    void manySecrets() {
        Redactor redactor;
        for (int i = 0; i < 200; ++i)
            redactor.addSecret(secretOf("secret-number-" + QByteArray::number(1000 + i)));
        QByteArray body;
        for (int i = 0; i < 200; ++i)
            body += "<secret-number-" + QByteArray::number(1000 + i) + ">";
        QCOMPARE(redactor.text(body), QByteArray("<" + dots + ">").repeated(200));
    }

    void sentAuthorization_data() {
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("masked");
        const QByteArray four = dots.left(12);
        QTest::newRow("ours") << jwt << QByteArray("Bearer " + jwt)
                              << QByteArray("Bearer eyJh" + four + "EjXk");
        QTest::newRow("ours, own scheme")
            << jwt << QByteArray("Shop " + jwt) << QByteArray("Shop eyJh" + four + "EjXk");
        QTest::newRow("ours, no scheme") << jwt << jwt << QByteArray("eyJh" + four + "EjXk");
        QTest::newRow("typed by hand") << jwt << QByteArray("Bearer abc") << QByteArray("Bearer " + dots);
        QTest::newRow("unknown scheme") << jwt << QByteArray("pass word") << dots;
        QTest::newRow("Basic") << QByteArray("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
                               << QByteArray("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
                               << QByteArray("Basic " + dots);
        QTest::newRow("empty") << jwt << QByteArray() << QByteArray();
    }
    void sentAuthorization() {
        QFETCH(QByteArray, secret);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, masked);
        const Redactor redactor = redactorOf(secret);
        QCOMPARE(redactor.requestHeaders(headersOf({{"authorization", value}})).fields.at(0).value, masked);
        const QByteArray received =
            redactor.responseHeaders(headersOf({{"Authorization", value}})).fields.at(0).value;
        QVERIFY(!received.contains("eyJh"));
    }

    void fieldsKnownByName() {
        const Redactor redactor;
        for (const char* name : {"X-Api-Key", "PRIVATE-TOKEN", "x-vault-token", "X-Auth-Token"}) {
            const HeaderList one = headersOf({{name, "abc"}});
            QCOMPARE(redactor.requestHeaders(one).fields.at(0).value, dots);
            QCOMPARE(redactor.responseHeaders(one).fields.at(0).value, dots);
        }
        const HeaderList both =
            headersOf({{"Proxy-Authorization", "Basic YTpi"}, {"Accept", "text/plain"}, {"Accept", "a/b"}});
        const HeaderList masked = redactor.requestHeaders(both);
        QCOMPARE(masked.size(), 3);
        QCOMPARE(masked.fields.at(0).value, QByteArray("Basic " + dots));
        QCOMPARE(masked.fields.at(1), both.fields.at(1));
        QCOMPARE(masked.fields.at(2), both.fields.at(2));
    }

    void setCookie() {
        const Redactor redactor;
        QCOMPARE(redactor.responseHeaders(headersOf({{"Set-Cookie", "sid=abc=def; Path=/; HttpOnly"}}))
                     .fields.at(0)
                     .value,
                 QByteArray("sid=" + dots + "; Path=/; HttpOnly"));
        QCOMPARE(redactor.responseHeaders(headersOf({{"set-cookie", "bare"}})).fields.at(0).value, dots);
    }

    void echoInAHeaderIsTold() {
        const Redactor redactor = redactorOf(jwt);
        bool echoed = false;
        redactor.responseHeaders(headersOf({{"Set-Cookie", "t=" + jwt}}), &echoed);
        QVERIFY(echoed);
        redactor.responseHeaders(headersOf({{"Set-Cookie", "t=other"}}), &echoed);
        QVERIFY(!echoed);
    }

    void urls() {
        Redactor redactor = redactorOf(jwt);
        redactor.addCredentialQuery("api key");
        const auto masked = [&redactor](const char* text) {
            return redactor.url(*HttpUrl::parse(QString::fromUtf8(text))).text();
        };
        QCOMPARE(masked("https://h/a/../b?x=%7E&access_token=abc&y"),
                 QByteArray("https://h/a/../b?x=%7E&access_token=********&y"));
        QCOMPARE(masked("https://h/?api%20key=1&api+key=2"),
                 QByteArray("https://h/?api%20key=********&api+key=********"));
        QCOMPARE(masked(QByteArray("https://h/t/" + jwt + "/x").constData()),
                 QByteArray("https://h/t/********/x"));
        QCOMPARE(masked("http://user:pw@h:8080/"), QByteArray("http://h:8080/"));
        // Every name that tells of a secret, as where the editor warns of it and an import takes it out.
        QCOMPARE(masked("https://h/?api_key=abc&API-Key=d&token=e&page_token=f&q=g"),
                 QByteArray("https://h/?api_key=********&API-Key=********&token=********&page_token=f&q=g"));
        QCOMPARE(masked("http://h/x?access_token="), QByteArray("http://h/x?access_token="));
    }

    void movingKeepsTheSecrets() {
        Redactor first = redactorOf("12345678");
        Redactor second(std::move(first));
        QCOMPARE(second.text(QByteArray("12345678")), dots);
        Redactor third;
        third = std::move(second);
        QCOMPARE(third.text(QByteArray("12345678")), dots);
    }
};

QTEST_GUILESS_MAIN(TestRedactor)
#include "test_redactor.moc"
