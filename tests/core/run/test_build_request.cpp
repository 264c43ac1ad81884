// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"
#include "kb_version.h"

#include <QtTest/QTest>

using namespace kb;

namespace {

RequestSpec specOf(const QString& url) {
    RequestSpec spec;
    spec.url = url;
    return spec;
}

QStringList lines(const Request& request) {
    QStringList out;
    for (const HeaderField& field : request.headers.fields)
        out << QString::fromUtf8(field.name) + QStringLiteral(": ") + QString::fromUtf8(field.value);
    return out;
}

const QString agent = QStringLiteral("User-Agent: Keybearer/" KB_VERSION);

} // namespace

class TestBuildRequest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A body that cannot be sent yet is refused, not left out in silence.
    void refusesAnUnsupportedBody() {
        RequestSpec spec;
        spec.method = QStringLiteral("POST");
        spec.url = QStringLiteral("http://127.0.0.1/");
        spec.body.unsupported = QStringLiteral("graphql");
        const Result<Request> built = buildRequest(spec, {});
        QVERIFY(!built);
        QCOMPARE(built.error().code, ErrorCode::Unsupported);
        QVERIFY(built.error().what.contains(QLatin1String("graphql")));
    }

    /// RFC 7578: each part with its name, a file with its name and type, names that cannot break out.
    void aMultipartForm() {
        RequestSpec spec = specOf(QStringLiteral("http://127.0.0.1/"));
        spec.body.kind = BodySpec::Kind::Multipart;
        spec.body.parts = {
            {QStringLiteral("a\"b\r\nc"), QStringLiteral("{{who}} ä"), false, {}, true},
            {QStringLiteral("off"), QStringLiteral("x"), false, {}, false},
            {QStringLiteral("f"), QStringLiteral("dir/pic.png"), true, {}, true},
            {QStringLiteral("j"), QStringLiteral("{}"), false, QStringLiteral("application/json"), true}};
        const BodyFiles files = [](const QString& path) -> Result<QByteArray> {
            return path == QLatin1String("dir/pic.png")
                       ? Result<QByteArray>(QByteArray("\0\xff--keybearer-", 14))
                       : fail(ErrorCode::FileError, QStringLiteral("no"));
        };
        const Request request =
            buildRequest(spec, {{QStringLiteral("who"), QStringLiteral("Ada")}}, files).value();
        const QByteArray type = request.headers.first("Content-Type").value();
        QVERIFY(type.startsWith("multipart/form-data; boundary="));
        const QByteArray line = "--" + type.mid(type.indexOf('=') + 1);
        const QByteArray expected =
            line + "\r\nContent-Disposition: form-data; name=\"a%22b%0D%0Ac\"\r\n\r\nAda \xc3\xa4\r\n" +
            line +
            "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"pic.png\"\r\n"
            "Content-Type: application/octet-stream\r\n\r\n" +
            QByteArray("\0\xff--keybearer-", 14) + "\r\n" + line +
            "\r\nContent-Disposition: form-data; name=\"j\"\r\nContent-Type: application/json\r\n\r\n{}\r\n" +
            line + "--\r\n";
        QCOMPARE(request.body, expected);
        QCOMPARE(buildRequest(spec, {{QStringLiteral("who"), {}}}).error().code, ErrorCode::Unsupported);
        spec.body.parts[2].value = QStringLiteral("gone");
        QCOMPARE(buildRequest(spec, {{QStringLiteral("who"), {}}}, files).error().code, ErrorCode::FileError);
        QCOMPARE(unknownVariables(spec, {}), QStringList{QStringLiteral("who")});
    }

    void aFileAsTheBody() {
        RequestSpec spec = specOf(QStringLiteral("http://127.0.0.1/"));
        spec.body = {BodySpec::Kind::File, QStringLiteral("a.bin"), {}};
        const BodyFiles files = [](const QString& path) -> Result<QByteArray> { return path.toUtf8() + '!'; };
        Request request = buildRequest(spec, {}, files).value();
        QCOMPARE(request.body, QByteArray("a.bin!"));
        QCOMPARE(request.headers.first("Content-Type").value(), QByteArray("application/octet-stream"));
        spec.body.contentType = QStringLiteral("image/png");
        QCOMPARE(buildRequest(spec, {}, files).value().headers.first("Content-Type").value(),
                 QByteArray("image/png"));
        spec.body.text.clear();
        QCOMPARE(buildRequest(spec, {}, files).error().code, ErrorCode::InvalidInput);
    }

    void defaultsAreAdded() {
        const Request request =
            buildRequest(specOf(QStringLiteral("https://api.acme.test/a/../b//c?x=%7E")), {}).value();
        QCOMPARE(request.url.requestTarget(), QByteArray("/a/../b//c?x=%7E"));
        QCOMPARE(request.method, QByteArray("GET"));
        QVERIFY(!request.hasBody);
        QCOMPARE(lines(request), (QStringList{agent, QStringLiteral("Accept: */*"),
                                              QStringLiteral("Accept-Encoding: gzip, deflate, br, zstd")}));
    }

    void whatTheUserSetOrRemovedStaysSo() {
        RequestSpec spec = specOf(QStringLiteral("https://api.acme.test/"));
        spec.headers = {{QStringLiteral("accept"), QStringLiteral("text/plain"), {}, true},
                        {QStringLiteral("X-Twice"), QStringLiteral("1"), {}, true},
                        {QStringLiteral("X-Off"), QStringLiteral("1"), {}, false},
                        {QString(), QString(), {}, true},
                        {QStringLiteral("X-Twice"), QStringLiteral("2"), {}, true},
                        {QStringLiteral("X-Empty"), QString(), {}, true}};
        spec.body = {BodySpec::Kind::Json, QStringLiteral("{}"), {}};
        spec.settings.removedDefaultHeaders = {
            QStringLiteral("user-agent"), QStringLiteral("Accept-Encoding"), QStringLiteral("Content-Type")};
        QCOMPARE(lines(buildRequest(spec, {}).value()),
                 (QStringList{QStringLiteral("accept: text/plain"), QStringLiteral("X-Twice: 1"),
                              QStringLiteral("X-Twice: 2"), QStringLiteral("X-Empty: ")}));
    }

    void aBodySaysWhatItIs_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("json") << int(BodySpec::Kind::Json) << QStringLiteral("{ \"a\": 1.0 }") << QString()
                              << QByteArray("application/json");
        QTest::newRow("text") << int(BodySpec::Kind::Text) << QStringLiteral("a") << QString()
                              << QByteArray("text/plain");
        QTest::newRow("text beyond ASCII") << int(BodySpec::Kind::Text) << QStringLiteral("ä") << QString()
                                           << QByteArray("text/plain; charset=utf-8");
        QTest::newRow("own type") << int(BodySpec::Kind::Text) << QStringLiteral("a,b")
                                  << QStringLiteral("text/{{kind}}") << QByteArray("text/csv");
    }
    void aBodySaysWhatItIs() {
        QFETCH(int, kind);
        QFETCH(QString, text);
        QFETCH(QString, type);
        QFETCH(QByteArray, expected);
        RequestSpec spec = specOf(QStringLiteral("https://api.acme.test/"));
        spec.body = {BodySpec::Kind(kind), text, type};
        const Request request = buildRequest(spec, {{QStringLiteral("kind"), QStringLiteral("csv")}}).value();
        QVERIFY(request.hasBody);
        QCOMPARE(request.body, text.toUtf8());
        QCOMPARE(request.headers.all("Content-Type"), QList<QByteArray>{expected});
        spec.headers = {{QStringLiteral("content-type"), QStringLiteral("x/y"), {}, true}};
        QCOMPARE(buildRequest(spec, {{QStringLiteral("kind"), QStringLiteral("csv")}})
                     .value()
                     .headers.all("Content-Type"),
                 QList<QByteArray>{"x/y"});
    }

    void variablesAndPathParametersAreFilledOnce() {
        RequestSpec spec = specOf(QStringLiteral("{{base}}/users/:id/{part}/:asTyped?q={{q}}"));
        spec.params = {{ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("{{id}}"), {}, true},
                       {ParamRow::In::Path, QStringLiteral("part"), QStringLiteral("a/b c"), {}, true},
                       {ParamRow::In::Path, QStringLiteral("asTyped"), QStringLiteral("off"), {}, false}};
        const VariableMap map{{QStringLiteral("base"), QStringLiteral("http://127.0.0.1:8080/v1")},
                              {QStringLiteral("id"), QStringLiteral(":part")},
                              {QStringLiteral("q"), QStringLiteral("1&r=2")}};
        const Request request = buildRequest(spec, map).value();
        // A value is never read as a template again.
        QCOMPARE(request.url.text(),
                 QByteArray("http://127.0.0.1:8080/v1/users/:part/a%2Fb%20c/:asTyped?q=1&r=2"));
    }

    void whatIsMissingIsNamed() {
        RequestSpec spec = specOf(QStringLiteral("https://api.acme.test/users/:id"));
        spec.params = {{ParamRow::In::Path, QStringLiteral("id"), QString(), {}, true}};
        const auto noValue = buildRequest(spec, {});
        QCOMPARE(noValue.error().code, ErrorCode::InvalidInput);
        QCOMPARE(noValue.error().where, QStringLiteral("id"));
        QCOMPARE(noValue.error().position, 28);
        for (const QString& url :
             {QStringLiteral("https://{{nope}}/"), QStringLiteral("https://a.test/?x={{nope}}")})
            QCOMPARE(buildRequest(specOf(url), {}).error().where, QStringLiteral("nope"));
    }

    void whatCannotBeSentIsRefused() {
        RequestSpec spec = specOf(QStringLiteral("https://api.acme.test/"));
        spec.method = QStringLiteral("GET /");
        QCOMPARE(buildRequest(spec, {}).error().code, ErrorCode::InvalidInput);
        spec.method = QStringLiteral("PROPFIND");
        QCOMPARE(buildRequest(spec, {}).value().method, QByteArray("PROPFIND"));
        for (const QString& value : {QStringLiteral("a\nb"), QStringLiteral("a\rb"), QString(QChar(0))}) {
            spec.headers = {{QStringLiteral("X-A"), QStringLiteral("{{v}}"), {}, true}};
            QCOMPARE(buildRequest(spec, {{QStringLiteral("v"), value}}).error().code,
                     ErrorCode::InvalidInput);
        }
        spec.headers = {{QStringLiteral("X A"), QStringLiteral("1"), {}, true}};
        QCOMPARE(buildRequest(spec, {}).error().code, ErrorCode::InvalidInput);
        spec.headers.clear();
        spec.body = {BodySpec::Kind::Text, QStringLiteral("x"), QStringLiteral("a\r\nX-Evil: 1")};
        QCOMPARE(buildRequest(spec, {}).error().code, ErrorCode::InvalidInput);
        const auto user = buildRequest(specOf(QStringLiteral("https://ada:canary-pw@api.acme.test/")), {});
        QCOMPARE(user.error().code, ErrorCode::InvalidInput);
        QVERIFY(!user.error().text().contains(QLatin1String("canary-pw")));
    }

    void aUrlThatDoesNotParseSaysWhere() {
        const QString broken = QStringLiteral("https://api.acme.test:99999/");
        const auto typed = buildRequest(specOf(broken), {});
        QCOMPARE(typed.error().code, ErrorCode::InvalidInput);
        QVERIFY(typed.error().position >= 0);
        // A position in the filled text would point at the wrong place of the typed one.
        const auto filled = buildRequest(specOf(QStringLiteral("{{u}}")), {{QStringLiteral("u"), broken}});
        QCOMPARE(filled.error().position, -1);
    }
};

QTEST_GUILESS_MAIN(TestBuildRequest)
#include "test_build_request.moc"
