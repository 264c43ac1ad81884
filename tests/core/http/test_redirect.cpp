// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/redirect.h"

#include <QtTest>

using namespace kb;

namespace {

Request request(const QByteArray& method, const QString& url) {
    Request made;
    made.method = method;
    made.url = HttpUrl::parse(url).value();
    made.headers.append("Accept", "application/json");
    made.headers.append("Authorization", "Bearer t0ken");
    made.headers.append("X-Trace", "1");
    made.headers.append("cookie", "a=1");
    made.headers.append("Cookie", "b=2");
    made.headers.append("Proxy-Authorization", "Basic eDp5");
    made.headers.append("X-Custom-Key", "k");
    made.headers.append("Content-Type", "application/json");
    made.headers.append("X-Trace", "2");
    if (method != "GET" && method != "HEAD") {
        made.body = "{}";
        made.hasBody = true;
    }
    return made;
}

Response answer(int status, const QByteArray& location) {
    Response made;
    made.status = status;
    made.headers.append("Location", location);
    return made;
}

const QList<QByteArray> profileFields{"X-Custom-Key"};

QByteArrayList fieldNames(const Request& of) {
    QByteArrayList names;
    for (const HeaderField& field : of.headers.fields)
        names += field.name;
    return names;
}

} // namespace

class TestRedirect : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_1_methods_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("next");
        const auto row = [](int status, const QByteArray& method, const QByteArray& next) {
            QTest::newRow(QByteArray(QByteArray::number(status) + ' ' + method).constData())
                << status << method << next;
        };
        for (const int status : {301, 302, 303, 307, 308}) {
            row(status, "GET", "GET");
            row(status, "HEAD", "HEAD");
        }
        row(301, "POST", "GET");
        row(302, "POST", "GET");
        row(303, "POST", "GET");
        row(307, "POST", "POST");
        row(308, "POST", "POST");
        row(301, "PUT", "PUT");
        row(302, "DELETE", "DELETE");
        row(303, "PUT", "GET");
        row(303, "DELETE", "GET");
        row(307, "PATCH", "PATCH");
        row(308, "QUERY", "QUERY");
        row(301, "post", "post"); // methods are case-sensitive; this one is not POST
    }
    void s5_1_methods() {
        QFETCH(int, status);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, next);
        const Request sent = request(method, "https://a/x");
        const auto decision = decideRedirect(sent, answer(status, "/y"), profileFields);
        QVERIFY2(decision.follow, qPrintable(decision.reason));
        QCOMPARE(decision.next.method, next);
        QCOMPARE(decision.methodChanged, method != next);
        const bool keepsBody = sent.hasBody && method == next;
        QCOMPARE(decision.next.hasBody, keepsBody);
        QCOMPARE(decision.next.body, keepsBody ? sent.body : QByteArray());
        if (decision.methodChanged) QVERIFY(!decision.next.headers.contains("Content-Type"));
        if (keepsBody) QCOMPARE(decision.next.headers, sent.headers);
        QCOMPARE(decision.next.url.text(), "https://a/y");
    }

    void s5_1_sameOriginKeepsEverything_data() {
        QTest::addColumn<QByteArray>("location");
        QTest::newRow("path") << QByteArray("/y");
        QTest::newRow("relative") << QByteArray("y");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("absolute") << QByteArray("https://a/y");
        QTest::newRow("default port") << QByteArray("https://A:443/y");
        QTest::newRow("authority") << QByteArray("//a/y");
    }
    void s5_1_sameOriginKeepsEverything() {
        QFETCH(QByteArray, location);
        Request sent = request("GET", "https://a/x");
        sent.headers.append("Host", "virtual.example");
        const auto decision = decideRedirect(sent, answer(302, location), profileFields);
        QVERIFY(decision.follow);
        QVERIFY(!decision.originChanged);
        QVERIFY(!decision.downgraded);
        QVERIFY(decision.droppedFields.isEmpty());
        QCOMPARE(decision.next.headers, sent.headers);
    }

    void s5_1_otherOriginGetsNoCredential_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<bool>("downgraded");
        QTest::newRow("host") << "https://a/x" << QByteArray("https://b/y") << false;
        QTest::newRow("subdomain") << "https://a.example/x" << QByteArray("https://api.a.example/y") << false;
        QTest::newRow("parent domain")
            << "https://api.a.example/x" << QByteArray("https://a.example/y") << false;
        QTest::newRow("port") << "https://a/x" << QByteArray("https://a:8443/y") << false;
        QTest::newRow("authority only") << "https://a/x" << QByteArray("//b/y") << false;
        QTest::newRow("to http") << "https://a/x" << QByteArray("http://a/y") << true;
        QTest::newRow("to http on the same port") << "https://a/x" << QByteArray("http://a:443/y") << true;
        QTest::newRow("to https") << "http://a/x" << QByteArray("https://a/y") << false;
        QTest::newRow("trailing dot") << "https://a/x" << QByteArray("https://a./y") << false;
        QTest::newRow("user part trick") << "https://a/x" << QByteArray("https://a@b/y") << false;
    }
    void s5_1_otherOriginGetsNoCredential() {
        QFETCH(QString, from);
        QFETCH(QByteArray, location);
        for (const int status : {301, 302, 303, 307, 308}) {
            const auto decision =
                decideRedirect(request("GET", from), answer(status, location), profileFields);
            QVERIFY(decision.follow);
            QVERIFY(decision.originChanged);
            QTEST(decision.downgraded, "downgraded");
            QCOMPARE(fieldNames(decision.next),
                     (QByteArrayList{"Accept", "X-Trace", "Content-Type", "X-Trace"}));
            QCOMPARE(decision.droppedFields,
                     (QList<QByteArray>{"Authorization", "cookie", "Proxy-Authorization", "X-Custom-Key"}));
        }
    }

    void s5_1_keysTypedByHandAreDroppedToo() {
        Request sent;
        sent.method = "GET";
        sent.url = HttpUrl::parse("https://a/").value();
        for (const char* name : {"x-api-key", "API-KEY", "X-Auth-Token", "DPoP", "X-Keyboard"})
            sent.headers.append(name, "v");
        const auto decision = decideRedirect(sent, answer(302, "https://b/"), {});
        QCOMPARE(fieldNames(decision.next), (QByteArrayList{"X-Keyboard"}));
        QCOMPARE(decision.droppedFields, (QList<QByteArray>{"x-api-key", "API-KEY", "X-Auth-Token", "DPoP"}));
    }

    void s5_1_hostDoesNotTravel() {
        Request sent = request("GET", "https://a/x");
        sent.headers.append("hOST", "virtual.example");
        const auto decision = decideRedirect(sent, answer(302, "https://b/"), profileFields);
        QVERIFY(!decision.next.headers.contains("Host"));
        QVERIFY(!decision.droppedFields.contains("hOST"));
    }

    void s5_1_queryCredentialIsNotCopied() {
        const auto decision =
            decideRedirect(request("GET", "https://a/x?api_key=t0ken"), answer(302, "/y"), profileFields);
        QCOMPARE(decision.next.url.text(), "https://a/y");
        QCOMPARE(decideRedirect(request("GET", "https://a/x?api_key=t0ken"), answer(302, "https://b/y?z"), {})
                     .next.url.text(),
                 "https://b/y?z");
    }

    void s5_1_userOfTheLocationIsNotSent() {
        const auto decision =
            decideRedirect(request("GET", "https://u:p@a/x"), answer(302, "https://v:q@b/y"), {});
        QVERIFY(decision.follow);
        QVERIFY(!decision.next.url.userInfo());
        QCOMPARE(decision.next.url.text(), "https://b/y");
        QVERIFY(!decideRedirect(request("GET", "https://u:p@a/x"), answer(302, "https://b/y"), {})
                     .next.url.userInfo());
    }

    void s5_1_bodyTravelsOnlyWith307And308() {
        const auto decision =
            decideRedirect(request("POST", "https://a/x"), answer(307, "https://b/y"), profileFields);
        QVERIFY(decision.next.hasBody);
        QVERIFY(decision.next.headers.contains("Content-Type"));
        QVERIFY(!decision.next.headers.contains("Authorization"));
    }

    void s5_1_bodyFieldsGoWithTheBody() {
        Request sent = request("POST", "https://a/x");
        for (const char* name :
             {"content-length", "Content-Encoding", "Transfer-Encoding", "Content-Digest", "Expect"})
            sent.headers.append(name, "v");
        sent.headers.append("If-Match", "\"e\"");
        const auto decision = decideRedirect(sent, answer(303, "/y"), {});
        QCOMPARE(fieldNames(decision.next),
                 (QByteArrayList{"Accept", "Authorization", "X-Trace", "cookie", "Cookie",
                                 "Proxy-Authorization", "X-Custom-Key", "X-Trace", "If-Match"}));
    }

    void s5_1_notFollowed_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArrayList>("locations");
        QTest::newRow("200 with Location") << 200 << QByteArrayList{"/y"};
        QTest::newRow("201 with Location") << 201 << QByteArrayList{"/y"};
        QTest::newRow("300") << 300 << QByteArrayList{"/y"};
        QTest::newRow("304") << 304 << QByteArrayList{"/y"};
        QTest::newRow("305") << 305 << QByteArrayList{"http://proxy/"};
        QTest::newRow("401") << 401 << QByteArrayList{"/y"};
        QTest::newRow("no Location") << 302 << QByteArrayList{};
        QTest::newRow("two Locations") << 302 << QByteArrayList{"/y", "/z"};
        QTest::newRow("other scheme") << 302 << QByteArrayList{"myapp://callback?code=s3cret"};
        QTest::newRow("file") << 302 << QByteArrayList{"file:///etc/passwd"};
        QTest::newRow("broken") << 302 << QByteArrayList{"https://a b/?s3cret"};
    }
    void s5_1_notFollowed() {
        QFETCH(int, status);
        QFETCH(QByteArrayList, locations);
        Response response;
        response.status = status;
        for (const QByteArray& each : locations)
            response.headers.append("Location", each);
        const auto decision = decideRedirect(request("GET", "https://a/x"), response, profileFields);
        QVERIFY(!decision.follow);
        QVERIFY(!decision.reason.isEmpty());
        QVERIFY(!decision.reason.contains("s3cret"));
        QVERIFY(decision.next.headers.isEmpty());
    }

    void s5_1_sameLocationTwiceIsOne() {
        Response response = answer(302, "/y");
        response.headers.append("location", " /y ");
        QVERIFY(decideRedirect(request("GET", "https://a/x"), response, {}).follow);
    }
};

QTEST_GUILESS_MAIN(TestRedirect)
#include "test_redirect.moc"
