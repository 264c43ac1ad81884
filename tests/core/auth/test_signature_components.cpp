// SPDX-License-Identifier: GPL-3.0-or-later
// What a signature covers, component by component (RFC 9421 §2).
#include "core/auth/signature_components.h"

#include <QtTest>

using namespace kb;

namespace {

Request requestTo(const char* url, const QList<HeaderField>& fields = {}, const char* method = "GET") {
    Request request;
    request.method = method;
    request.url = *HttpUrl::parse(QString::fromUtf8(url));
    request.headers.fields = fields;
    return request;
}

/// "identifier: value" of one component, or the error.
QByteArray line(const QString& component, const Request& request) {
    const auto read = readSignatureComponents({component});
    if (!read) return "refused: " + read.error().text().toUtf8();
    const auto value = signatureComponentValue(read->first(), request);
    if (!value) return "missing: " + value.error().text().toUtf8();
    return read->first().identifier + ": " + *value;
}

} // namespace

class TestSignatureComponents : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // RFC 9421 §2.2.1 to §2.2.7
    void s5_14_derived_data() {
        QTest::addColumn<QString>("component");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* component, const char* url, const char* expected) {
            QTest::addRow("%s of %s", component, url)
                << QString::fromUtf8(component) << QByteArray(url) << QByteArray(expected);
        };
        const char* example = "https://www.example.com/path?param=value";
        row("@method", example, "\"@method\": POST");
        row("\"@method\"", example, "\"@method\": POST");
        row(" @METHOD ", example, "\"@method\": POST");
        row("@target-uri", example, "\"@target-uri\": https://www.example.com/path?param=value");
        row("@authority", example, "\"@authority\": www.example.com");
        row("@authority", "https://EXAMPLE.com:443/", "\"@authority\": example.com");
        row("@authority", "http://h:8080/", "\"@authority\": h:8080");
        row("@scheme", "http://www.example.com/", "\"@scheme\": http");
        row("@request-target", example, "\"@request-target\": /path?param=value");
        row("@path", example, "\"@path\": /path");
        row("@path", "https://www.example.com", "\"@path\": /");
        row("@path", "https://h/a/../%7e//", "\"@path\": /a/../%7e//");
        row("@query", "https://h/path?param=value&foo=bar&baz=bat%2Dman",
            "\"@query\": ?param=value&foo=bar&baz=bat%2Dman");
        row("@query", "https://h/path?queryString", "\"@query\": ?queryString");
        row("@query", "https://h/path", "\"@query\": ?");
        row("@query", "https://h/path?", "\"@query\": ?");
    }
    void s5_14_derived() {
        QFETCH(QString, component);
        QFETCH(QByteArray, url);
        QTEST(line(component, requestTo(url.constData(), {}, "POST")), "expected");
    }

    // RFC 9421 §2.2.8
    void s5_14_queryParams_data() {
        QTest::addColumn<QString>("component");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* component, const char* query, const char* expected) {
            QTest::newRow(component) << QString::fromUtf8(component) << QByteArray(query)
                                     << QByteArray(expected);
        };
        const char* plain = "param=value&foo=bar&baz=batman&qux=";
        row("@query-param;name=\"baz\"", plain, "\"@query-param\";name=\"baz\": batman");
        row("@query-param;name=\"qux\"", plain, "\"@query-param\";name=\"qux\": ");
        row("\"@query-param\";name=\"param\"", plain, "\"@query-param\";name=\"param\": value");
        const char* encoded = "var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%"
                              "A7ade%22%3A%20=something";
        row("@query-param;name=\"var\"", encoded,
            "\"@query-param\";name=\"var\": this%20is%20a%20big%0Amultiline%20value");
        row("@query-param;name=\"bar\"", encoded, "\"@query-param\";name=\"bar\": with%20plus%20whitespace");
        row("@query-param;name=\"fa%C3%A7ade%22%3A%20\"", encoded,
            "\"@query-param\";name=\"fa%C3%A7ade%22%3A%20\": something");
        row("@query-param;name=\"fa%c3%a7ade%22: \"", encoded,
            "\"@query-param\";name=\"fa%C3%A7ade%22%3A%20\": something");
        row("@query-param;name=\"t\"", "a=1&t=~*-._!", "\"@query-param\";name=\"t\": %7E*-._%21");
        row("@query-param;name=\"flag\"", "flag", "\"@query-param\";name=\"flag\": ");
    }
    void s5_14_queryParams() {
        QFETCH(QString, component);
        QFETCH(QByteArray, query);
        QTEST(line(component, requestTo(QByteArray("https://h/p?" + query).constData())), "expected");
    }

    void s5_14_queryParamsThatCannotBeSigned() {
        const QByteArray twice =
            line(QStringLiteral("@query-param;name=\"a\""), requestTo("https://h/?a=1&b=2&%61=3"));
        QVERIFY2(twice.startsWith("missing: ") && twice.contains("more than once"), twice.constData());
        const QByteArray none = line(QStringLiteral("@query-param;name=\"c\""), requestTo("https://h/?a=1"));
        QVERIFY2(none.startsWith("missing: ") && none.contains("does not have"), none.constData());
        QVERIFY(
            line(QStringLiteral("@query-param;name=\"c\""), requestTo("https://h/")).startsWith("missing: "));
    }

    // RFC 9421 §2.1
    void s5_14_fields_data() {
        QTest::addColumn<QString>("component");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* component, const char* expected) {
            QTest::newRow(component) << QString::fromUtf8(component) << QByteArray(expected);
        };
        row("X-OWS-Header", "\"x-ows-header\": Leading and trailing whitespace.");
        row("cache-control", "\"cache-control\": max-age=60, must-revalidate");
        row("x-empty-header", "\"x-empty-header\": ");
        row("example-dict", "\"example-dict\": a=1,    b=2;x=1;y=2,   c=(a   b    c), d");
        row("example-dict;sf", "\"example-dict\";sf: a=1, b=2;x=1;y=2, c=(a b c), d");
        row("example-dict;key=\"a\"", "\"example-dict\";key=\"a\": 1");
        row("example-dict;key=\"b\"", "\"example-dict\";key=\"b\": 2;x=1;y=2");
        row("example-dict;key=\"c\"", "\"example-dict\";key=\"c\": (a b c)");
        row("example-dict;key=\"d\"", "\"example-dict\";key=\"d\": ?1");
        row("example-dict;sf;key=\"a\"", "\"example-dict\";sf;key=\"a\": 1");
        row("two-lines;bs", "\"two-lines\";bs: :dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:");
        row("two-lines", "\"two-lines\": value, with, lots, of, commas");
        row("one-line;bs", "\"one-line\";bs: :dmFsdWUsIHdpdGgsIGxvdHMsIG9mLCBjb21tYXM=:");
        row("latin1;bs", "\"latin1\";bs: :Y2Fm6Q==:");
        row("example-list;sf", "\"example-list\";sf: a;q=0.5, b");
        row("host", "\"host\": h:8443");
    }
    void s5_14_fields() {
        QFETCH(QString, component);
        const Request request =
            requestTo("https://h:8443/", {{"X-OWS-Header", "   Leading and trailing whitespace.   "},
                                          {"Cache-Control", "max-age=60"},
                                          {"Cache-Control", "   must-revalidate"},
                                          {"X-Empty-Header", ""},
                                          {"Example-Dict", "a=1,    b=2;x=1;y=2,   c=(a   b    c), d"},
                                          {"Two-Lines", "value, with, lots"},
                                          {"One-Line", "value, with, lots, of, commas"},
                                          {"two-lines", "of, commas"},
                                          {"Latin1", "caf\xe9"},
                                          {"Example-List", "a;q=0.500 ,b"}});
        QTEST(line(component, request), "expected");
    }

    void s5_14_fieldsTheTransportMakes() {
        Request request = requestTo("https://h/");
        QVERIFY(line(QStringLiteral("content-length"), request).startsWith("missing: "));
        request.hasBody = true;
        QCOMPARE(line(QStringLiteral("content-length"), request), QByteArray("\"content-length\": 0"));
        request.body = "hello";
        QCOMPARE(line(QStringLiteral("content-length"), request), QByteArray("\"content-length\": 5"));
        request.headers.append("Content-Length", "7");
        QCOMPARE(line(QStringLiteral("content-length"), request), QByteArray("\"content-length\": 7"));
    }

    void s5_14_aTypedHostIsTheAuthority() {
        Request request = requestTo("https://127.0.0.1:8443/p?q", {{"Host", " Virtual.Example:443 "}});
        QCOMPARE(line(QStringLiteral("@authority"), request), QByteArray("\"@authority\": virtual.example"));
        QCOMPARE(line(QStringLiteral("@target-uri"), request),
                 QByteArray("\"@target-uri\": https://virtual.example/p?q"));
        request.headers.append("Host", "another");
        QVERIFY(line(QStringLiteral("@authority"), request).startsWith("missing: "));
    }

    void s5_14_missingFieldsAreNamed() {
        const QByteArray text = line(QStringLiteral("content-type"), requestTo("https://h/"));
        QVERIFY2(text.startsWith("missing: ") && text.contains("content-type"), text.constData());
        QVERIFY(line(QStringLiteral("d;key=\"x\""), requestTo("https://h/", {{"D", "y=1"}}))
                    .startsWith("missing: "));
        QVERIFY(line(QStringLiteral("d;key=\"x\""), requestTo("https://h/", {{"D", "\"x"}}))
                    .startsWith("missing: "));
        QVERIFY(
            line(QStringLiteral("d;sf"), requestTo("https://h/", {{"D", "\"x"}})).startsWith("missing: "));
    }

    void s5_14_refused_data() {
        QTest::addColumn<QString>("component");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* component, const char* why) {
            QTest::newRow(component) << QString::fromUtf8(component) << QString::fromUtf8(why);
        };
        row("", "not a component");
        row("a b", "not a component");
        row("caf\xc3\xa9", "not a component");
        row("\"unclosed", "not a component");
        row("a, b", "not a component");
        row("@status", "answers only");
        row("@signature-params", "by itself");
        row("@nonsense", "not known");
        row("@method;req", "answers only");
        row("content-type;req", "answers only");
        row("content-type;tr", "trailers");
        row("content-type;foo", "cannot have the parameter foo");
        row("content-type;sf=?0", "cannot have the parameter sf");
        row("content-type;key=a", "cannot have the parameter key");
        row("content-type;bs;sf", "does not go together");
        row("content-type;bs;key=\"a\"", "does not go together");
        row("@method;sf", "cannot have the parameter sf");
        row("@method;name=\"a\"", "cannot have the parameter name");
        row("@query-param", "needs the name");
        row("@query-param;name=a", "cannot have the parameter name");
    }
    void s5_14_refused() {
        QFETCH(QString, component);
        QFETCH(QString, why);
        const auto read = readSignatureComponents({component});
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::InvalidInput);
        QVERIFY2(read.error().what.contains(why), qPrintable(read.error().what));
        QVERIFY(!read.error().next.isEmpty());
    }

    // RFC 9421 §2: each component at most once.
    void s5_14_twice() {
        QVERIFY(!readSignatureComponents({QStringLiteral("@method"), QStringLiteral("\"@METHOD\"")}));
        QVERIFY(!readSignatureComponents(
            {QStringLiteral("@query-param;name=\"a b\""), QStringLiteral("@query-param;name=\"a%20b\"")}));
        QVERIFY(readSignatureComponents(
            {QStringLiteral("@query-param;name=\"a\""), QStringLiteral("@query-param;name=\"b\"")}));
        QVERIFY(readSignatureComponents({QStringLiteral("d;key=\"a\""), QStringLiteral("d;key=\"b\""),
                                         QStringLiteral("d"), QStringLiteral("d;sf")}));
    }
};

QTEST_APPLESS_MAIN(TestSignatureComponents)
#include "test_signature_components.moc"
