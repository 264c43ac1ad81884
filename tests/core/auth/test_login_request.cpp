// SPDX-License-Identifier: GPL-3.0-or-later
// A login of an API's own: what is sent, what is read of the answer, and how the token goes on.
#include "core/auth/check_scheme.h"
#include "core/auth/login_flow.h"
#include "core/auth/login_request.h"
#include "core/auth/typed_secret.h"
#include "tests/core/auth/oauth_samples.h"

using namespace kb;

namespace {

const QByteArray awkward = "p\"w\\&=+ <ä>";

LoginScheme scheme() {
    LoginScheme s;
    s.loginUrl = QStringLiteral("https://api.acme.test/login");
    s.user = QStringLiteral("ada \"l\"");
    return s;
}

Response withFields(int status, const QList<HeaderField>& fields, const QByteArray& body = {}) {
    Response response;
    response.status = status;
    response.headers.fields = fields;
    response.body = body;
    return response;
}

QString textOf(const Secret& secret) {
    return QString::fromUtf8(secret.reveal().data(), qsizetype(secret.size()));
}

} // namespace

class TestLoginRequest : public QObject {
    Q_OBJECT
private:
    static Result<Request> build(OAuthFixture& fixture, const LoginScheme& s,
                                 const Secret& secret = Secret(viewOf(awkward))) {
        return loginRequest(urlOf(s.loginUrl), s, &secret, {}, fixture.context());
    }
    static OAuthResult<LoginTokens> read(OAuthFixture& fixture, const Response& response,
                                         const LoginScheme& s) {
        return readLoginAnswer(response, s, fixture.context());
    }

private Q_SLOTS:
    // RFC 8259 §7
    void jsonBodiesAreEscaped() {
        OAuthFixture fixture;
        const auto request = build(fixture, scheme());
        QVERIFY2(request.has_value(), request ? "" : qPrintable(request.error().text()));
        QCOMPARE(request->method, QByteArray("POST"));
        QCOMPARE(request->headers.first("Content-Type").value_or(""), QByteArray("application/json"));
        const auto json = parseJson(request->body);
        QVERIFY2(json.has_value(), request->body.constData());
        QCOMPARE(json->text(u"password"), QString::fromUtf8(awkward));
        QCOMPARE(json->text(u"username"), QStringLiteral("ada \"l\""));
        // Neither as it is nor as it was written is it shown.
        QVERIFY(fixture.masks(awkward));
        QVERIFY(!fixture.redactor.text(request->body).contains("&=+"));
    }

    void controlCharactersBecomeEscapes() {
        OAuthFixture fixture;
        const auto request = build(fixture, scheme(), Secret("tab\tand\x01one"));
        QCOMPARE(parseJson(request->body)->text(u"password"), QStringLiteral("tab\tand\x01one"));
    }

    void formsAreEncoded() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.contentType = QStringLiteral("application/x-www-form-urlencoded; charset=utf-8");
        s.body = QStringLiteral("user={{user}}&password={{secret}}&keep=1");
        const auto request = build(fixture, s);
        QVERIFY(request.has_value());
        QCOMPARE(formValues(request->body, QStringLiteral("password")),
                 QStringList{QString::fromUtf8(awkward)});
        QCOMPARE(formValues(request->body, QStringLiteral("user")), QStringList{s.user});
        QCOMPARE(formValues(request->body, QStringLiteral("keep")), QStringList{QStringLiteral("1")});
        QVERIFY(!fixture.redactor.text(request->body).contains("%26%3D"));
    }

    void otherBodiesByTheirKind() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.body = QStringLiteral("<p>{{secret}}</p>");
        s.contentType = QStringLiteral("application/soap+xml");
        QCOMPARE(build(fixture, s)->body, QByteArray("<p>p&quot;w\\&amp;=+ &lt;ä&gt;</p>"));
        s.contentType = QStringLiteral("text/plain");
        QCOMPARE(build(fixture, s)->body, "<p>" + awkward + "</p>");
        s.contentType = QStringLiteral("application/vnd.acme+json");
        QVERIFY(build(fixture, s)->body.contains("p\\\"w\\\\&"));
    }

    void whatIsFilledInIsNotFilledAgain() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.user = QStringLiteral("{{secret}}");
        const auto request = build(fixture, s, Secret("{{user}} and more"));
        const auto json = parseJson(request->body);
        QCOMPARE(json->text(u"username"), QStringLiteral("{{secret}}"));
        QCOMPARE(json->text(u"password"), QStringLiteral("{{user}} and more"));
    }

    void headerLinesGoWhereTheirSecretBelongs() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.headers = {QStringLiteral("X-Tenant: acme"), QStringLiteral("X-Password: {{secret}}"),
                     QStringLiteral("Authorization: Bearer {{refresh_token}}")};
        const auto login = build(fixture, s, Secret("a-password"));
        QCOMPARE(login->headers.first("X-Tenant").value_or(""), QByteArray("acme"));
        QCOMPARE(login->headers.first("X-Password").value_or(""), QByteArray("a-password"));
        QVERIFY(!login->headers.contains("Authorization"));
        const auto refresh =
            loginRefreshRequest(urlOf(s.loginUrl), s, Secret("a-refresh-token"), {}, fixture.context());
        QVERIFY(refresh.has_value());
        QCOMPARE(refresh->headers.first("Authorization").value_or(""), QByteArray("Bearer a-refresh-token"));
        QVERIFY(!refresh->headers.contains("X-Password"));
        QCOMPARE(parseJson(refresh->body)->text(u"refresh_token"), QStringLiteral("a-refresh-token"));
        s.body.clear();
        QVERIFY(!build(fixture, s)->hasBody);
    }

    void whatCannotBeSentIsRefused() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        QCOMPARE(loginRequest(urlOf(s.loginUrl), s, nullptr, {}, fixture.context()).error().code,
                 ErrorCode::SecretMissing);
        QCOMPARE(build(fixture, s, Secret("\xff\xfe")).error().code, ErrorCode::InvalidInput);
        s.loginUrl = QStringLiteral("http://api.acme.test/login");
        QCOMPARE(build(fixture, s).error().code, ErrorCode::ConsentNeeded);
        const Secret secret("a-password");
        QVERIFY(loginRequest(urlOf(s.loginUrl), s, &secret, {QStringLiteral("http://api.acme.test")},
                             fixture.context()));
        s = scheme();
        s.headers = {QStringLiteral("X-Password: {{secret}}")};
        LoginScheme elsewhere = s;
        elsewhere.headers << QStringLiteral("host: evil.test");
        QCOMPARE(build(fixture, elsewhere, secret).error().code, ErrorCode::InvalidInput);
        const auto split = build(fixture, s, Secret("one\r\nX-Two: two"));
        QVERIFY(!split.has_value());
        QVERIFY(!split.error().text().contains(QStringLiteral("X-Two: two")));
    }

    void tokenAtAPointer() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.tokenName = QStringLiteral("/data/0/auth~1token");
        s.refreshName = QStringLiteral("/data/0/refresh");
        s.expiryName = QStringLiteral("/ttl");
        const auto got =
            read(fixture,
                 jsonAnswer(
                     200, R"({"data":[{"auth/token":"the-token-1","refresh":"the-refresh-1"}],"ttl":"90"})"),
                 s);
        QVERIFY2(got.has_value(), got ? "" : qPrintable(got.error().error.text()));
        QCOMPARE(textOf(got->tokens.accessToken), QStringLiteral("the-token-1"));
        QCOMPARE(textOf(got->tokens.refreshToken), QStringLiteral("the-refresh-1"));
        QCOMPARE(got->tokens.lifetimeS, std::optional<qint64>(90));
        QCOMPARE(got->tokens.issuedAtMs, fixture.nowMs);
        QVERIFY(got->tokens.findings.isEmpty());
        QVERIFY(fixture.masks("the-token-1") && fixture.masks("the-refresh-1"));
        // A whole body that is one text, and a number.
        s.tokenName.clear();
        s.refreshName.clear();
        s.expiryName.clear();
        QCOMPARE(textOf(read(fixture, jsonAnswer(200, R"("just-a-token")"), s)->tokens.accessToken),
                 QStringLiteral("just-a-token"));
        s.tokenName = QStringLiteral("/id");
        QCOMPARE(
            textOf(read(fixture, jsonAnswer(200, R"({"id":12345678901234567890})"), s)->tokens.accessToken),
            QStringLiteral("12345678901234567890"));
    }

    void tokenInAHeader() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.tokenFrom = AnswerPlace::Header;
        s.tokenName = QStringLiteral("X-Subject-Token");
        const auto got = read(fixture, withFields(201, {{"x-subject-token", "the-token-2"}}), s);
        QVERIFY(got.has_value());
        QCOMPARE(textOf(got->tokens.accessToken), QStringLiteral("the-token-2"));
    }

    // RFC 6265 §5.2, §5.3
    void tokenInACookie() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.tokenFrom = s.csrfFrom = AnswerPlace::Cookie;
        s.tokenName = QStringLiteral("sid");
        s.csrfName = QStringLiteral("csrf");
        const Response response = withFields(
            302, {{"Location", "/home"},
                  {"Set-Cookie", "sid=old-value; Path=/"},
                  {"Set-Cookie",
                   "sid=\"a=b\"; Path=/; HttpOnly; Expires=Tue, 14 Nov 2023 22:13:30 GMT; max-age=120"},
                  {"Set-Cookie", "csrf=csrf-value-1"},
                  {"Set-Cookie", "nonsense"}});
        const auto got = read(fixture, response, s);
        QVERIFY2(got.has_value(), got ? "" : qPrintable(got.error().error.text()));
        QCOMPARE(textOf(got->tokens.accessToken), QStringLiteral("\"a=b\""));
        QCOMPARE(textOf(got->csrf), QStringLiteral("csrf-value-1"));
        QCOMPARE(got->tokens.lifetimeS, std::optional<qint64>(120));
        const auto dated = read(
            fixture, withFields(200, {{"Set-Cookie", "sid=x; Expires=Tue, 14 Nov 2023 22:13:30 GMT"}}), s);
        QCOMPARE(dated->tokens.lifetimeS, std::optional<qint64>(10)); // now is 22:13:20
        QCOMPARE(dated->tokens.findings.size(), 1);                   // no CSRF token came
        const auto session = read(fixture, withFields(200, {{"Set-Cookie", "sid=x"}}), s);
        QVERIFY(!session->tokens.lifetimeS);
    }

    void expiryForms_data() {
        QTest::addColumn<int>("form");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qint64>("lifetime"); ///< -1: it does not read, and the fixed one counts
        const int seconds = int(ExpiryForm::Seconds), unix = int(ExpiryForm::Unix),
                  iso = int(ExpiryForm::Iso);
        QTest::newRow("seconds") << seconds << QByteArray("3600") << qint64(3600);
        QTest::newRow("seconds as text") << seconds << QByteArray("\"3600\"") << qint64(3600);
        QTest::newRow("seconds below zero") << seconds << QByteArray("-5") << qint64(-1);
        QTest::newRow("seconds in words") << seconds << QByteArray("\"1h\"") << qint64(-1);
        QTest::newRow("seconds without end") << seconds << QByteArray("1e400") << qint64(-1);
        QTest::newRow("unix") << unix << QByteArray("1700000060") << qint64(60);
        QTest::newRow("unix in ms") << unix << QByteArray("1700000060000") << qint64(60);
        QTest::newRow("unix, over") << unix << QByteArray("1600000000") << qint64(0);
        QTest::newRow("iso") << iso << QByteArray("\"2023-11-14T22:14:20Z\"") << qint64(60);
        QTest::newRow("iso with ms") << iso << QByteArray("\"2023-11-14T22:14:20.000Z\"") << qint64(60);
        QTest::newRow("iso with offset") << iso << QByteArray("\"2023-11-15T00:14:20+02:00\"") << qint64(60);
        QTest::newRow("iso without zone") << iso << QByteArray("\"2023-11-14T22:14:20\"") << qint64(60);
        QTest::newRow("iso, no date") << iso << QByteArray("\"tomorrow\"") << qint64(-1);
        QTest::newRow("null") << seconds << QByteArray("null") << qint64(-1);
    }
    void expiryForms() {
        QFETCH(int, form);
        QFETCH(QByteArray, value);
        QFETCH(qint64, lifetime);
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.expiryName = QStringLiteral("/end");
        s.expiryForm = static_cast<ExpiryForm>(form);
        s.lifetimeS = 77;
        const auto got = read(fixture, jsonAnswer(200, R"({"token":"the-token-1","end":)" + value + "}"), s);
        QVERIFY2(got.has_value(), got ? "" : qPrintable(got.error().error.text()));
        QCOMPARE(got->tokens.lifetimeS, std::optional<qint64>(lifetime < 0 ? 77 : lifetime));
        QCOMPARE(got->tokens.findings.size(), lifetime <= 0 ? 1 : 0);
    }

    void aFixedLifetime() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        QVERIFY(!read(fixture, jsonAnswer(200, R"({"token":"the-token-1"})"), s)->tokens.lifetimeS);
        s.lifetimeS = 900;
        QCOMPARE(read(fixture, jsonAnswer(200, R"({"token":"the-token-1"})"), s)->tokens.lifetimeS,
                 std::optional<qint64>(900));
    }

    void aMissingTokenIsToldWithWhatThereIs_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        QTest::newRow("other members") << QByteArray(R"({"data":{"jwt":"hidden-value-1","user":{}}})")
                                       << "At /data is an object with jwt, user";
        QTest::newRow("no such branch") << QByteArray(R"({"ok":true})") << "The answer is an object with ok";
        QTest::newRow("another type") << QByteArray(R"({"data":{"token":{"value":"hidden-value-1"}}})")
                                      << "At /data/token is an object with value";
        QTest::newRow("empty") << QByteArray(R"({"data":{"token":""}})") << "At /data/token is an empty text";
        QTest::newRow("null") << QByteArray(R"({"data":{"token":null}})") << "At /data/token is null";
        QTest::newRow("a list") << QByteArray(R"({"data":["hidden-value-1"]})") << "At /data is a list of 1";
        QTest::newRow("HTML") << QByteArray("<!DOCTYPE html><html>hidden-value-1</html>") << "an HTML page";
        QTest::newRow("nothing") << QByteArray() << "has no body";
        QTest::newRow("text") << QByteArray("hidden-value-1") << "not JSON";
        QTest::newRow("twice") << QByteArray(R"({"data":{"token":"hidden-value-1","token":"b"}})")
                               << "There is nothing at /data/token";
        QTest::newRow("the server's word")
            << QByteArray(R"({"message":"Account locked"})") << "The server says: Account locked";
    }
    void aMissingTokenIsToldWithWhatThereIs() {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.tokenName = QStringLiteral("/data/token");
        Response response = jsonAnswer(200, body);
        if (body.startsWith('<')) response.headers.fields[0].value = "text/html";
        const auto got = read(fixture, response, s);
        QVERIFY(!got.has_value());
        QCOMPARE(got.error().kind, OAuthFailure::Kind::Unusable);
        QVERIFY2(got.error().error.text().contains(says), qPrintable(got.error().error.text()));
        QVERIFY2(!got.error().error.text().contains(QStringLiteral("hidden-value")),
                 qPrintable(got.error().error.text()));
    }

    void missingHeadersAndCookiesToo() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.tokenFrom = AnswerPlace::Header;
        s.tokenName = QStringLiteral("X-Token");
        const Response response =
            withFields(200, {{"X-Auth", "hidden-value-1"}, {"Set-Cookie", "sid=hidden-value-2"}});
        const QString header = read(fixture, response, s).error().error.text();
        QVERIFY2(header.contains(QStringLiteral("no header X-Token. It has: X-Auth, Set-Cookie")),
                 qPrintable(header));
        s.tokenFrom = AnswerPlace::Cookie;
        const QString cookie = read(fixture, response, s).error().error.text();
        QVERIFY2(cookie.contains(QStringLiteral("It sets: sid")), qPrintable(cookie));
        QVERIFY(!header.contains(QStringLiteral("hidden")) && !cookie.contains(QStringLiteral("hidden")));
    }

    void refusalsAreTold_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        const int refused = int(OAuthFailure::Kind::Refused), down = int(OAuthFailure::Kind::ServerDown);
        QTest::newRow("401") << 401 << QByteArray(R"({"message":"Wrong for p4ss-w0rd-x"})") << refused
                             << "Wrong for";
        QTest::newRow("error object")
            << 400 << QByteArray(R"({"error":{"message":"no such user"}})") << refused << "no such user";
        QTest::newRow("problem") << 403 << QByteArray(R"({"title":"Forbidden","detail":"locked"})") << refused
                                 << "locked";
        QTest::newRow("bare") << 404 << QByteArray() << refused << "404";
        QTest::newRow("down") << 503 << QByteArray("<html>") << down << "cannot answer now";
        QTest::newRow("too many") << 429 << QByteArray() << down << "429";
        QTest::newRow("redirect") << 302 << QByteArray() << int(OAuthFailure::Kind::Redirected)
                                  << "not followed";
    }
    void refusalsAreTold() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, says);
        OAuthFixture fixture;
        fixture.redactor.addSecret(Secret("p4ss-w0rd-x"));
        Response response = jsonAnswer(status, body);
        response.headers.append("Retry-After", "30");
        const auto got = read(fixture, response, scheme());
        QVERIFY(!got.has_value());
        QCOMPARE(int(got.error().kind), kind);
        QVERIFY2(got.error().error.text().contains(says), qPrintable(got.error().error.text()));
        QVERIFY(!got.error().error.text().contains(QStringLiteral("p4ss-w0rd-x")));
        QCOMPARE(got.error().retryAfterS, std::optional<qint64>(30));
    }

    void answersThatAreNotWhole() {
        OAuthFixture fixture;
        Response cut = jsonAnswer(200, "{\"token\":\"the-tok");
        cut.bodyEnd = BodyEnd::Truncated;
        QVERIFY(read(fixture, cut, scheme()).error().error.text().contains(QStringLiteral("cut off")));
        const Response huge =
            jsonAnswer(200, "{\"token\":\"t\",\"x\":\"" + QByteArray(largestOAuthAnswer, 'x') + "\"}");
        QVERIFY(read(fixture, huge, scheme()).error().error.text().contains(QStringLiteral("too large")));
    }

    void theRedactorLearnsBeforeAnythingIsShown() {
        OAuthFixture fixture;
        LoginScheme s = scheme();
        s.tokenName = QStringLiteral("/sid");
        s.refreshName = QStringLiteral("/again");
        s.csrfFrom = AnswerPlace::Header;
        s.csrfName = QStringLiteral("X-Check");
        Response response = jsonAnswer(200, R"({"sid":"opaque-value-1","again":"opaque-value-2"})");
        response.headers.append("X-Check", "opaque-value-3");
        learnLoginAnswer(response, s, fixture.redactor);
        for (const char* each : {"opaque-value-1", "opaque-value-2", "opaque-value-3"})
            QVERIFY2(fixture.masks(each), each);
    }

    void theTokenIsSentAsTheSchemeSays() {
        OAuthFixture fixture;
        Request plain;
        plain.method = "GET";
        plain.url = urlOf(QStringLiteral("https://api.acme.test/me"));
        const auto sent = [&](const LoginScheme& s) {
            return LoginFlow(s, Secret("the-token-1"), {}).begin(plain, fixture.context());
        };
        LoginScheme s = scheme();
        QCOMPARE(sent(s)->request.headers.first("Authorization").value_or(""),
                 QByteArray("Bearer the-token-1"));
        s.prefix = QStringLiteral("JWT");
        QCOMPARE(sent(s)->request.headers.first("Authorization").value_or(""), QByteArray("JWT the-token-1"));
        s.sendAs = SendPlace::Header;
        s.sendName = QStringLiteral("X-Auth-Token");
        QCOMPARE(sent(s)->request.headers.first("X-Auth-Token").value_or(""), QByteArray("the-token-1"));
        QCOMPARE(sent(s)->placed.headerFields, QList<QByteArray>{"X-Auth-Token"});
        s.sendAs = SendPlace::Cookie;
        s.sendName.clear();
        s.tokenFrom = AnswerPlace::Cookie;
        s.tokenName = QStringLiteral("sid");
        plain.headers.append("Cookie", "lang=de");
        QCOMPARE(sent(s)->request.headers.all("Cookie"), QList<QByteArray>{"lang=de; sid=the-token-1"});
        QCOMPARE(sent(s)->placed.cookies, QList<QByteArray>{"sid"});
        plain.headers.fields[0].value = "sid=by-hand";
        QCOMPARE(sent(s).error().code, ErrorCode::Conflict);
    }

    // RFC 9110 §9.2.1
    void theCsrfTokenGoesWithWhatChangesSomething() {
        LoginScheme s = scheme();
        s.sendAs = SendPlace::Cookie;
        s.tokenFrom = AnswerPlace::Cookie;
        s.tokenName = QStringLiteral("sid");
        s.csrfFrom = AnswerPlace::Cookie;
        s.csrfName = QStringLiteral("csrftoken");
        for (const char* method :
             {"GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "PURGE"}) {
            OAuthFixture fixture;
            Request plain;
            plain.method = method;
            plain.url = urlOf(QStringLiteral("https://api.acme.test/me"));
            // A cookie goes back as it came, also with what its grammar forbids.
            LoginFlow flow(s, Secret("\"a, b\""), Secret("csrf-value-1"));
            const auto send = flow.begin(plain, fixture.context());
            QVERIFY2(send.has_value(), send ? "" : qPrintable(send.error().text()));
            QCOMPARE(send->request.headers.first("Cookie").value_or(""),
                     QByteArray("sid=\"a, b\"; csrftoken=csrf-value-1"));
            const bool safe = QByteArray("GET HEAD OPTIONS TRACE").contains(method);
            QCOMPARE(send->request.headers.first("X-CSRF-Token").value_or("none"),
                     safe ? QByteArray("none") : QByteArray("csrf-value-1"));
            QVERIFY(fixture.masks("csrf-value-1"));
        }
        // From the body it is in the header alone.
        s.csrfFrom = AnswerPlace::Pointer;
        s.csrfName = QStringLiteral("/csrf");
        OAuthFixture fixture;
        Request plain;
        plain.method = "POST";
        plain.url = urlOf(QStringLiteral("https://api.acme.test/me"));
        const auto send =
            LoginFlow(s, Secret("abcdefgh"), Secret("csrf-value-1")).begin(plain, fixture.context());
        QCOMPARE(send->request.headers.first("Cookie").value_or(""), QByteArray("sid=abcdefgh"));
        QVERIFY(send->request.headers.contains("X-CSRF-Token"));
        QVERIFY(!LoginFlow(s, Secret("a; b=c"), {}).begin(plain, fixture.context()));
    }

    void schemesAreChecked_data() {
        QTest::addColumn<QString>("field");
        for (const char* field :
             {"", "loginUrl", "method", "headers", "tokenName", "refreshName", "refreshBody", "expiryName",
              "sendName", "csrfName", "csrfHeader", "prefix"})
            QTest::newRow(*field ? field : "fine") << QString::fromLatin1(field);
    }
    void schemesAreChecked() {
        QFETCH(QString, field);
        LoginScheme s = scheme();
        if (field == QLatin1String("loginUrl")) s.loginUrl += QStringLiteral("?p={{secret}}");
        if (field == QLatin1String("method")) s.method = QStringLiteral("PO ST");
        if (field == QLatin1String("headers")) s.headers = {QStringLiteral("no colon")};
        if (field == QLatin1String("tokenName")) s.tokenName = QStringLiteral("token");
        if (field == QLatin1String("refreshName")) s.refreshUrl = QStringLiteral("https://api.acme.test/r");
        if (field == QLatin1String("refreshBody")) {
            s.refreshUrl = QStringLiteral("https://api.acme.test/r");
            s.refreshName = QStringLiteral("/r");
            s.refreshBody.clear();
        }
        if (field == QLatin1String("expiryName")) s.expiryName = QStringLiteral("expires_in");
        if (field == QLatin1String("sendName")) s.sendAs = SendPlace::Header; // "/token" names no header
        if (field == QLatin1String("csrfName")) s.csrfName = QStringLiteral("a b");
        if (field == QLatin1String("csrfHeader")) {
            s.csrfName = QStringLiteral("csrf");
            s.csrfHeader.clear();
        }
        if (field == QLatin1String("prefix")) s.prefix = QStringLiteral("two words");
        const Result<void> fine = checkScheme(s);
        QCOMPARE(fine.has_value(), field.isEmpty());
        if (!fine) QCOMPARE(fine.error().where, field);
    }

    void thePasswordIsTyped() {
        SecretRecord record;
        QVERIFY(putTypedSecret(record, scheme(), Secret(" keeps its spaces ")));
        QCOMPARE(textOf(*record.part(QStringLiteral("password"))), QStringLiteral(" keeps its spaces "));
        LoginScheme anonymous = scheme();
        anonymous.body = QStringLiteral("{}");
        QVERIFY(typedSecretParts(anonymous).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestLoginRequest)
#include "test_login_request.moc"
