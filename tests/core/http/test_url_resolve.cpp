// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/url.h"

#include <QtTest>

using namespace kb;

class TestUrlResolve : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The examples of RFC 3986 §5.4.1 and §5.4.2.
    void rfc3986_data() {
        QTest::addColumn<QByteArray>("reference");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("fragment");
        const auto row = [](const QByteArray& reference, const QByteArray& text,
                            const QByteArray& fragment = {}) {
            QTest::newRow(reference.isEmpty() ? "empty" : reference.constData())
                << reference << text << fragment;
        };
        row("g", "http://a/b/c/g");
        row("./g", "http://a/b/c/g");
        row("g/", "http://a/b/c/g/");
        row("/g", "http://a/g");
        row("//g", "http://g/"); // an empty path is sent as "/"
        row("?y", "http://a/b/c/d;p?y");
        row("g?y", "http://a/b/c/g?y");
        row("#s", "http://a/b/c/d;p?q", "s");
        row("g#s", "http://a/b/c/g", "s");
        row("g?y#s", "http://a/b/c/g?y", "s");
        row(";x", "http://a/b/c/;x");
        row("g;x", "http://a/b/c/g;x");
        row("g;x?y#s", "http://a/b/c/g;x?y", "s");
        row("", "http://a/b/c/d;p?q");
        row(".", "http://a/b/c/");
        row("./", "http://a/b/c/");
        row("..", "http://a/b/");
        row("../", "http://a/b/");
        row("../g", "http://a/b/g");
        row("../..", "http://a/");
        row("../../", "http://a/");
        row("../../g", "http://a/g");
        row("../../../g", "http://a/g");
        row("../../../../g", "http://a/g");
        row("/./g", "http://a/g");
        row("/../g", "http://a/g");
        row("g.", "http://a/b/c/g.");
        row(".g", "http://a/b/c/.g");
        row("g..", "http://a/b/c/g..");
        row("..g", "http://a/b/c/..g");
        row("./../g", "http://a/b/g");
        row("./g/.", "http://a/b/c/g/");
        row("g/./h", "http://a/b/c/g/h");
        row("g/../h", "http://a/b/c/h");
        row("g;x=1/./y", "http://a/b/c/g;x=1/y");
        row("g;x=1/../y", "http://a/b/c/y");
        row("g?y/./x", "http://a/b/c/g?y/./x");
        row("g?y/../x", "http://a/b/c/g?y/../x");
        row("g#s/./x", "http://a/b/c/g", "s/./x");
        row("g#s/../x", "http://a/b/c/g", "s/../x");
    }
    void rfc3986() {
        QFETCH(QByteArray, reference);
        QFETCH(QByteArray, fragment);
        const auto resolved = HttpUrl::parse("http://a/b/c/d;p?q")->resolve(reference);
        QVERIFY2(resolved, resolved ? "" : qPrintable(resolved.error().text()));
        QTEST(resolved->text(), "text");
        QCOMPARE(resolved->fragment().value_or(QByteArray()), fragment);
    }

    void more_data() {
        QTest::addColumn<QByteArray>("reference");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const QByteArray& reference, const QByteArray& text) {
            QTest::newRow(reference.constData()) << reference << text;
        };
        row("https://b/x", "https://b/x");
        row("HTTPS://B:443/a/../x", "https://b/x");
        row("https://b", "https://b/");
        row("//b:81/x/./y", "https://b:81/x/y");
        row("/a b", "https://a:8443/a%20b");
        row("  /trimmed\t", "https://a:8443/trimmed");
        row("/gr\xc3\xbcn", "https://a:8443/gr%C3%BCn");
        row("/gr\xfcn?\xe4", "https://a:8443/gr%FCn?%E4");
        row("/%7Ex%2f..", "https://a:8443/%7Ex%2f..");
        row("/%2e%2e/x", "https://a:8443/%2e%2e/x");
        row("//[::1]/x", "https://[::1]/x");
        row("/a//b", "https://a:8443/a//b");
        row("./a:b", "https://a:8443/p/a:b");
        row("?", "https://a:8443/p/q/../r?");
    }
    void more() {
        QFETCH(QByteArray, reference);
        const auto resolved = HttpUrl::parse("https://a:8443/p/q/../r?s")->resolve(reference);
        QVERIFY2(resolved, resolved ? "" : qPrintable(resolved.error().text()));
        if (reference != "./a:b") {
            QTEST(resolved->text(), "text");
        } else {
            QCOMPARE(resolved->path(), "/p/a:b");
        }
    }

    void emptyReferenceKeepsThePathAsTyped() {
        const auto base = HttpUrl::parse("http://h/a/../b//c?x");
        QCOMPARE(base->resolve("")->requestTarget(), "/a/../b//c?x");
        QCOMPARE(base->resolve("?y")->requestTarget(), "/a/../b//c?y");
    }

    void fragmentIsInherited() {
        const auto base = HttpUrl::parse("http://h/a#here");
        QCOMPARE(base->resolve("/b")->fragment().value(), "here");
        QCOMPARE(base->resolve("http://i/b")->fragment().value(), "here");
        QCOMPARE(base->resolve("/b#there")->fragment().value(), "there");
        QCOMPARE(base->resolve("/b#")->fragment().value(), "");
    }

    void userInfoStaysWithItsAuthority() {
        const auto base = HttpUrl::parse("http://u:p@h/a");
        QCOMPARE(base->resolve("/b")->userInfo().value(), "u:p");
        QVERIFY(!base->resolve("//h/b")->userInfo());
        QVERIFY(!base->resolve("http://i/b")->userInfo());
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("reference");
        QTest::addColumn<qsizetype>("position");
        const auto row = [](const QByteArray& reference, qsizetype position) {
            QTest::newRow(reference.constData()) << reference << position;
        };
        row("g:h", 0);
        row("myapp://callback?code=1", 0);
        row("mailto:a@b", 0);
        row("javascript:alert(1)", 0);
        row("file:///etc/passwd", 0);
        row("http:g", 5);
        row("//", 2);
        row("//h:x/", 4);
        row("//a@b@c/", 5);
        row("https://h h/", 9);
        row("//b\xff/", 3);
    }
    void refused() {
        QFETCH(QByteArray, reference);
        const auto resolved = HttpUrl::parse("http://a/b")->resolve(reference);
        QVERIFY2(!resolved, resolved ? resolved->text().constData() : "");
        QTEST(resolved.error().position, "position");
        QVERIFY(resolved.error().where.contains("server"));
    }
};

QTEST_GUILESS_MAIN(TestUrlResolve)
#include "test_url_resolve.moc"
