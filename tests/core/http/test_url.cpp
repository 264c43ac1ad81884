// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/url.h"

#include <QtTest>

using namespace kb;

namespace {
HttpUrl url(const QString& text) {
    const auto parsed = HttpUrl::parse(text);
    if (!parsed) qWarning("%s", qPrintable(parsed.error().text()));
    return parsed.value();
}
} // namespace

class TestUrl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesOutAsTyped_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QByteArray>("target");
        const auto row = [](const QString& typed, const QByteArray& target) {
            QTest::newRow(qPrintable(typed)) << typed << target;
        };
        row("http://h", "/");
        row("http://h/", "/");
        row("http://h/a/../b", "/a/../b");
        row("http://h/a/./b/", "/a/./b/");
        row("http://h/../..", "/../..");
        row("http://h//x", "//x");
        row("http://h///x//y/", "///x//y/");
        row("http://h/%7Euser", "/%7Euser");
        row("http://h/~user", "/~user");
        row("http://h/a%2fb%2Fc", "/a%2fb%2Fc");
        row("http://h/%zz%", "/%zz%");
        row("http://h/a\\b", "/a\\b");
        row("http://h/a;p=1,2/!$&'()*+=:@", "/a;p=1,2/!$&'()*+=:@");
        row("http://h/{id}|^`\"<>[]", "/{id}|^`\"<>[]");
        row("http://h?", "/?");
        row("http://h?a", "/?a");
        row("http://h/?", "/?");
        row("http://h/?a=&b&=c&&a=1", "/?a=&b&=c&&a=1");
        row("http://h/?q=a/../b?c//d", "/?q=a/../b?c//d");
        row("http://h/?x=http://other/?y", "/?x=http://other/?y");
        row("http://h/a+b?c+d", "/a+b?c+d");
        row("http://h/p#frag?x/y", "/p");
        row("http://h/p?q#frag", "/p?q");
        row("http://h/a b", "/a%20b");
        row("http://h/?a b", "/?a%20b");
        row(QString::fromUtf8("http://h/gr\xc3\xbcn?\xe2\x82\xac=\xf0\x9f\x94\x91"),
            "/gr%C3%BCn?%E2%82%AC=%F0%9F%94%91");
        row("http://h/a\tb\nc\rd", "/a%09b%0Ac%0Dd");
        row(QString("http://h/a\u007f") + QChar(u'\0') + "b", "/a%7F%00b");
        row("  http://h/a \r\n", "/a");
    }
    void goesOutAsTyped() {
        QFETCH(QString, typed);
        QTEST(url(typed).requestTarget(), "target");
    }

    void parts() {
        const HttpUrl u = url("HTTPS://Jo%40:p%20w@Example.COM:8443/a?b=c#d");
        QCOMPARE(u.origin().scheme, "https");
        QCOMPARE(u.origin().host, "example.com");
        QCOMPARE(u.origin().port, 8443);
        QCOMPARE(u.userInfo().value(), "Jo%40:p%20w");
        QCOMPARE(u.path(), "/a");
        QCOMPARE(u.query().value(), "b=c");
        QCOMPARE(u.fragment().value(), "d");
        QCOMPARE(u.authority(), "example.com:8443");
        QCOMPARE(u.text(), "https://example.com:8443/a?b=c");
        QCOMPARE(u.requestTarget(), "/a?b=c");
    }

    void emptyIsNotMissing() {
        QVERIFY(!url("http://h/").query());
        QCOMPARE(url("http://h/?").query().value(), "");
        QVERIFY(!url("http://h/").fragment());
        QCOMPARE(url("http://h/#").fragment().value(), "");
        QVERIFY(!url("http://h/").userInfo());
        QCOMPARE(url("http://@h/").userInfo().value(), "");
        QVERIFY(url("http://h/?") != url("http://h/"));
    }

    void ports_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("port");
        QTest::addColumn<QByteArray>("authority");
        QTest::newRow("http") << "http://h/" << 80 << QByteArray("h");
        QTest::newRow("https") << "https://h/" << 443 << QByteArray("h");
        QTest::newRow("written default") << "http://h:80/" << 80 << QByteArray("h");
        QTest::newRow("https on 80") << "https://h:80/" << 80 << QByteArray("h:80");
        QTest::newRow("empty") << "https://h:/" << 443 << QByteArray("h");
        QTest::newRow("zeros") << "http://h:0008080" << 8080 << QByteArray("h:8080");
        QTest::newRow("last") << "http://h:65535?x" << 65535 << QByteArray("h:65535");
        QTest::newRow("IPv6") << "http://[::1]:8080/" << 8080 << QByteArray("[::1]:8080");
    }
    void ports() {
        QFETCH(QString, typed);
        QFETCH(int, port);
        QCOMPARE(int(url(typed).origin().port), port);
        QTEST(url(typed).authority(), "authority");
    }

    void hosts_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QByteArray>("host");
        const auto row = [](const QString& typed, const QByteArray& host) {
            QTest::newRow(qPrintable(typed)) << typed << host;
        };
        row("API.Example.com", "api.example.com");
        row("a_b.local", "a_b.local");
        row("example.com.", "example.com.");
        row("xn--bcher-kva.example", "xn--bcher-kva.example");
        row(QString::fromUtf8("b\xc3\xbc"
                              "cher.example"),
            "xn--bcher-kva.example");
        row(QString::fromUtf8("B\xc3\x9c"
                              "CHER.Example"),
            "xn--bcher-kva.example");
        row("127.0.0.1", "127.0.0.1");
        row("1a.2b", "1a.2b");
        row("[::1]", "[::1]");
        row("[0:0:0:0:0:0:0:1]", "[::1]");
        row("[::]", "[::]");
        row("[2001:DB8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]");
        row("[2001:db8::0:1]", "[2001:db8::1]");
        row("[2001:0db8:0:1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]");
        row("[1:0:0:2:0:0:0:3]", "[1:0:0:2::3]");
        row("[1::]", "[1::]");
        row("[::ffff:192.0.2.1]", "[::ffff:c000:201]");
        row("[64:ff9b::192.0.2.33]", "[64:ff9b::c000:221]");
    }
    void hosts() {
        QFETCH(QString, typed);
        QTEST(url("https://" + typed + "/").origin().host, "host");
        QTEST(url("https://" + typed).origin().host, "host");
        QTEST(url("https://u:p@" + typed + ":99?x").origin().host, "host");
    }

    void errors_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<qsizetype>("position");
        const auto row = [](const QString& typed, qsizetype position) {
            QTest::newRow(qPrintable(typed)) << typed << position;
        };
        row("", 0);
        row("   ", 0);
        row("example.com/x", 0);
        row("localhost:8080/x", 0);
        row("  example.com", 2);
        row("/path", 0);
        row("//h/x", 0);
        row("://h", 0);
        row("ftp://h/", 0);
        row("1http://h/", 0);
        row("javascript:alert(1)", 0);
        row("http:/h", 5);
        row("https:h", 6);
        row("http://", 7);
        row("http:///x", 7);
        row("http://?x", 7);
        row("http://u@/x", 9);
        row("http://:80/", 7);
        row("http://h h/", 8);
        row("http://exa%6Dple.com/", 10);
        row("http://h\\x", 8);
        row("http://evil\\@h/", 11);
        row("http://a@b@h/", 10);
        row("http://{{host}}/", 7);
        row("http://*.example.com/", 7);
        row("http://a..b/", 9);
        row("http://.a/", 7);
        row("http://" + QString(64, 'a') + ".b/", 7);
        row("http://h:8x/", 10);
        row("http://h:-1/", 9);
        row("http://h:0/", 9);
        row("http://h:65536/", 9);
        row("http://h:99999999999999999999/", 9);
        row("http://h:{{port}}/", 9);
        row("http://a:b:c/", 9);
        row("http://::1/", 7);
        row("http://[::1/", 7);
        row("http://[::1]x/", 12);
        row("http://[::1]:x/", 13);
        row("http://[:::1]/", 8);
        row("http://[1:2:3]/", 8);
        row("http://[1:2:3:4:5:6:7:8:9]/", 8);
        row("http://[12345::]/", 8);
        row("http://[::g]/", 8);
        row("http://[1::2::3]/", 8);
        row("http://[::256.0.0.1]/", 8);
        row("http://[fe80::1%25eth0]/", 15);
        row("http://[v1.x]/", 8);
        row("http://127.1/", 7);
        row("http://2130706433/", 7);
        row("http://0x7f000001/", 7);
        row("http://0x7f.1/", 7);
        row("http://127.0.0.0x1/", 7);
        row("http://010.0.0.1/", 7);
        row("http://256.0.0.1/", 7);
        row("http://1.2.3.4.5/", 7);
        row("http://1.2.3.4./", 7);
        row(QString::fromUtf8("http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.1/"), 7); // full-width digits
        row(QString::fromUtf8("http://a\xe2\x84\x80"
                              "b/"),
            7); // becomes a/c
        row(QString("http://h/") + QChar(0xd800) + "x", 9);
        row(QString("http://h/x") + QChar(0xdc00), 10);
    }
    void errors() {
        QFETCH(QString, typed);
        const auto parsed = HttpUrl::parse(typed);
        QVERIFY2(!parsed, parsed ? parsed->text().constData() : "");
        QCOMPARE(parsed.error().code, ErrorCode::InvalidInput);
        QTEST(parsed.error().position, "position");
        QVERIFY(!parsed.error().what.isEmpty());
        QCOMPARE(parsed.error().where, QString("character %1").arg(parsed.error().position + 1));
    }

    void errorsDoNotRepeatTheUrl() {
        for (const QString typed : {"http://u:sw0rdfish@h h/", "http://h:8x/?key=sw0rdfish", "sw0rdfish"})
            QVERIFY(!HttpUrl::parse(typed).error().text().contains("sw0rdfish"));
    }

    void queryFieldIsAdded() {
        QCOMPARE(url("https://h/a").withQueryField("api_key", "a b/c&d=e%").text(),
                 "https://h/a?api_key=a%20b%2Fc%26d%3De%25");
        QCOMPARE(url("https://h/a?x=1#f").withQueryField("k", "v").text(), "https://h/a?x=1&k=v");
        QCOMPARE(url("https://h/a?x=1#f").withQueryField("k", "v").fragment().value(), "f");
        QCOMPARE(url("https://h?").withQueryField("k", "v").requestTarget(), "/?k=v");
        QCOMPARE(url("https://h/?k=1").withQueryField("k", "\xc3\xbc~").requestTarget(), "/?k=1&k=%C3%BC~");
        QCOMPARE(url("https://h/a?%7e=/../").withQueryField("", "").requestTarget(), "/a?%7e=/../&=");
    }

    void origins() {
        QCOMPARE(Origin::parse("https://API.example.com").value(), (Origin{"https", "api.example.com", 443}));
        QCOMPARE(Origin::parse("https://api.example.com:443/").value(),
                 Origin::parse("https://api.example.com").value());
        QCOMPARE(Origin::parse("http://h:80").value(), Origin::parse("http://H/").value());
        QVERIFY(Origin::parse("http://h").value() != Origin::parse("https://h").value());
        QVERIFY(Origin::parse("https://h").value() != Origin::parse("https://h:8443").value());
        QVERIFY(Origin::parse("https://h").value() != Origin::parse("https://h.").value());
        QVERIFY(Origin::parse("https://h").value() != Origin::parse("https://x.h").value());
        QVERIFY(Origin::parse("http://h:443").value() != Origin::parse("https://h").value());
        QCOMPARE(Origin::parse("https://[0:0::1]").value(), Origin::parse("https://[::1]").value());
        QCOMPARE(url("https://H:443/x").origin(), url("https://h/y?z").origin());
        QCOMPARE(Origin::parse("https://h:443").value().text(), "https://h");
        QCOMPARE(Origin::parse("http://h:443").value().text(), "http://h:443");
        QCOMPARE(Origin::parse("http://[::1]:8080").value().text(), "http://[::1]:8080");
        QVERIFY(Origin::parse("https://h").value().isSecure());
        QVERIFY(!Origin::parse("http://h").value().isSecure());
    }

    void originErrors_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<qsizetype>("position");
        QTest::addColumn<QString>("says");
        QTest::newRow("path") << "https://h/v1" << qsizetype(9) << "path";
        QTest::newRow("double slash") << "https://h//" << qsizetype(9) << "path";
        QTest::newRow("query") << "https://h?x" << qsizetype(9) << "query";
        QTest::newRow("empty query") << "https://h/?" << qsizetype(10) << "query";
        QTest::newRow("fragment") << "https://h#x" << qsizetype(9) << "fragment";
        QTest::newRow("user") << "https://u@h" << qsizetype(8) << "user name";
        QTest::newRow("host only") << "api.example.com" << qsizetype(0) << "scheme";
        QTest::newRow("star") << "https://*.h" << qsizetype(8) << "host name";
        QTest::newRow("null") << "null" << qsizetype(0) << "scheme";
    }
    void originErrors() {
        QFETCH(QString, typed);
        QFETCH(QString, says);
        const auto parsed = Origin::parse(typed);
        QVERIFY(!parsed);
        QTEST(parsed.error().position, "position");
        QVERIFY2(parsed.error().what.contains(says), qPrintable(parsed.error().what));
    }

    void loopback_data() {
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("loopback");
        for (const char* yes : {"127.0.0.1", "127.255.255.254", "[::1]", "[0::0:1]", "localhost", "LOCALHOST",
                                "api.localhost", "localhost."})
            QTest::newRow(yes) << yes << true;
        for (const char* no :
             {"128.0.0.1", "10.0.0.1", "localhost.example.com", "notlocalhost", "127.0.0.1.example.com",
              "127.0.0.x1", "[::2]", "[::]", "0.0.0.0", "localhost.localdomain", "example.com"})
            QTest::newRow(no) << no << false;
    }
    void loopback() {
        QFETCH(QString, host);
        QTEST(url("http://" + host + ":8080/").origin().isLoopback(), "loopback");
    }
};

QTEST_GUILESS_MAIN(TestUrl)
#include "test_url.moc"
