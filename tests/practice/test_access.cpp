// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets in where: every operation with every identity, and how a refusal is worded.
#include "tests/practice/raw_client.h"

#include <QtTest>

using namespace kb;
using namespace kb::test;

class TestAccess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void table_data();
    void table();
    void threeClicks();
    void challenges();
    void waysOfSending_data();
    void waysOfSending();
    void malformedTokens_data();
    void malformedTokens();
    void absentLooksLikeForeign();
    void bodies_data();
    void bodies();
    void preconditions();
    void head();
    void otherMethods();
    void problemsHavePages();
    void dateEverywhere();

private:
    PracticeServer m_server;
};

void TestAccess::initTestCase() {
    PracticeOptions options;
    options.rateLimitPerMinute = 0;
    const auto started = m_server.start(options);
    QVERIFY2(started, started ? "" : qPrintable(started.error().text()));
}

void TestAccess::table_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QList<int>>(
        "expected"); // Anonymous, Reader, Other reader, Admin, Expired reader, Partner
    const QByteArray user = R"({"name":"Nina New","email":"nina@practice.test"})";
    const auto row = [](const char* method, const char* target, const QByteArray& body,
                        const QList<int>& expected) {
        QTest::addRow("%s %s", method, target)
            << QByteArray(method) << QByteArray(target) << body << expected;
    };
    row("GET", "/users", {}, {401, 200, 403, 200, 401, 200});
    row("POST", "/users", user, {401, 403, 403, 201, 401, 401});
    row("GET", "/users/12345", {}, {401, 200, 403, 200, 401, 401});
    row("GET", "/users/67890", {}, {401, 403, 403, 200, 401, 401});
    row("PUT", "/users/67890", user, {401, 403, 403, 200, 401, 401});
    row("DELETE", "/users/13579", {}, {401, 403, 403, 204, 401, 401});
    row("GET", "/users/12345/invoices", {}, {401, 200, 403, 200, 401, 401});
    row("GET", "/users/67890/invoices", {}, {401, 403, 200, 200, 401, 401});
    row("GET", "/search?q=rita", {}, {401, 200, 403, 200, 401, 200});
    row("GET", "/me", {}, {401, 200, 200, 200, 401, 200});
    row("GET", "/admin/stats", {}, {401, 403, 403, 200, 401, 401});
    row("PATCH", "/admin/users/67890/role", R"({"role":"user"})", {401, 403, 403, 200, 401, 401});
    row("GET", "/plans", {}, {200, 200, 200, 200, 401, 200});
    row("GET", "/billing/export", {}, {401, 200, 403, 200, 401, 401});
    row("GET", "/webhooks", {}, {401, 403, 403, 200, 401, 401});
    row("POST", "/webhooks", R"({"url":"https://hooks.practice.test/x"})", {401, 403, 403, 201, 401, 401});
    row("DELETE", "/webhooks/1", {}, {401, 403, 403, 204, 401, 401});
    for (const char* open :
         {"/health", "/openapi.json", "/.well-known/jwks.json", "/.well-known/openid-configuration",
          "/.well-known/oauth-authorization-server", "/problems/wrong-role"})
        row("GET", open, {}, {200, 200, 200, 200, 200, 200});
}

void TestAccess::table() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(QList<int>, expected);
    const QList<const char*> names{"Anonymous", "Reader",         "Other reader",
                                   "Admin",     "Expired reader", "Partner API key"};
    for (qsizetype i = 0; i < names.size(); ++i) {
        FieldList fields = as(m_server, names[i]);
        QCOMPARE(fields.isEmpty(), i == 0);
        if (!body.isEmpty()) fields.emplaceBack("Content-Type", "application/json");
        const Answer answer = send(m_server.port(), method, target, fields, body);
        QVERIFY2(answer.status == expected[i],
                 qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(names[i])).arg(answer.status)));
        if (answer.status < 400) continue;
        QCOMPARE(answer.field("Content-Type"), QByteArray("application/problem+json"));
        QCOMPARE(answer.object().value(QLatin1String("status")).toInt(), answer.status);
        QVERIFY(answer.text("type").startsWith(m_server.baseUrl() + QLatin1String("/problems/")));
        QVERIFY(!answer.text("title").isEmpty() && !answer.text("detail").isEmpty());
        if (answer.status == 401) QVERIFY(answer.challenge().startsWith("Bearer realm=\"Practice API\""));
    }
}

void TestAccess::threeClicks() {
    const QByteArray target = "/users/" + identity(m_server, "Reader").userId.toLatin1();
    const Answer own = send(m_server.port(), "GET", target, as(m_server, "Reader"));
    QCOMPARE(own.status, 200);
    QCOMPARE(own.text("name"), QStringLiteral("Rita Reader"));

    const Answer other = send(m_server.port(), "GET", target, as(m_server, "Other reader"));
    QCOMPARE(other.status, 403);
    QCOMPARE(other.problem(), QStringLiteral("insufficient-scope"));
    QVERIFY(other.challenge().contains("error=\"insufficient_scope\""));
    QVERIFY(other.challenge().contains("scope=\"users:read\""));

    const Answer expired = send(m_server.port(), "GET", target, as(m_server, "Expired reader"));
    QCOMPARE(expired.status, 401);
    QCOMPARE(expired.problem(), QStringLiteral("expired-token"));
    QVERIFY(expired.challenge().contains("error=\"invalid_token\""));
    QVERIFY(expired.challenge().contains("The token expired at 20"));
}

void TestAccess::challenges() {
    // RFC 6750 §3.1: no error code without a credential, and none for another scheme's.
    QCOMPARE(send(m_server.port(), "GET", "/me").challenge(), QByteArray("Bearer realm=\"Practice API\""));
    const Answer basic = send(m_server.port(), "GET", "/me", {{"Authorization", "Basic YTpi"}});
    QCOMPARE(basic.status, 401);
    QCOMPARE(basic.challenge(), QByteArray("Bearer realm=\"Practice API\""));
    const Answer key = send(m_server.port(), "GET", "/me", {{"X-API-Key", "kbp_wrong"}});
    QCOMPARE(key.status, 401);
    QCOMPARE(key.problem(), QStringLiteral("invalid-api-key"));
    QCOMPARE(key.challenge(), QByteArray("Bearer realm=\"Practice API\""));
    // Role and plan are not scopes, so no challenge claims that a scope would help.
    const Answer role = send(m_server.port(), "GET", "/admin/stats", as(m_server, "Reader"));
    QCOMPARE(role.problem(), QStringLiteral("wrong-role"));
    QCOMPARE(role.text("required_role"), QStringLiteral("admin"));
    QVERIFY(role.all("WWW-Authenticate").isEmpty());
    const Answer plan = send(m_server.port(), "GET", "/billing/export", as(m_server, "Other reader"));
    QCOMPARE(plan.problem(), QStringLiteral("wrong-plan"));
    QCOMPARE(plan.text("required_plan"), QStringLiteral("premium"));
}

void TestAccess::waysOfSending_data() {
    QTest::addColumn<FieldList>("fields");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("status");
    const QByteArray token = secret(m_server, "Reader");
    const QByteArray key = secret(m_server, "Partner API key");
    QTest::newRow("scheme in capitals")
        << FieldList{{"authorization", "BEARER " + token}} << QByteArray() << 200;
    QTest::newRow("two spaces") << FieldList{{"Authorization", "Bearer  " + token}} << QByteArray() << 200;
    QTest::newRow("key, lower case field") << FieldList{{"x-api-key", key}} << QByteArray() << 200;
    QTest::newRow("key, changed case") << FieldList{{"X-API-Key", key.toUpper()}} << QByteArray() << 401;
    QTest::newRow("key, cut short") << FieldList{{"X-API-Key", key.chopped(1)}} << QByteArray() << 401;
    QTest::newRow("key as bearer") << bearer(key) << QByteArray() << 401;
    QTest::newRow("empty bearer") << FieldList{{"Authorization", "Bearer"}} << QByteArray() << 401;
    QTest::newRow("no scheme") << FieldList{{"Authorization", token}} << QByteArray() << 401;
    QTest::newRow("in the query") << FieldList{} << QByteArray("?access_token=" + token) << 400;
    QTest::newRow("header and query") << bearer(token) << QByteArray("?access_token=" + token) << 400;
    QTest::newRow("header twice") << bearer(token) + bearer(token) << QByteArray() << 400;
    QTest::newRow("token and key") << bearer(token) + FieldList{{"X-API-Key", key}} << QByteArray() << 400;
}

void TestAccess::waysOfSending() {
    QFETCH(FieldList, fields);
    QFETCH(QByteArray, query);
    QFETCH(int, status);
    const Answer answer = send(m_server.port(), "GET", "/me" + query, fields);
    QCOMPARE(answer.status, status);
    if (status == 400) QVERIFY(answer.challenge().contains("error=\"invalid_request\""));
}

void TestAccess::malformedTokens_data() {
    QTest::addColumn<QByteArray>("token");
    const QByteArray token = secret(m_server, "Reader");
    const QList<QByteArray> parts = token.split('.');
    QByteArray flipped = parts[2];
    flipped[0] = flipped[0] == 'A' ? 'B' : 'A';
    QTest::newRow("no signature, dot") << QByteArray(parts[0] + '.' + parts[1] + '.');
    QTest::newRow("no signature, no dot") << QByteArray(parts[0] + '.' + parts[1]);
    QTest::newRow("flipped") << QByteArray(parts[0] + '.' + parts[1] + '.' + flipped);
    QTest::newRow("trailing dot") << QByteArray(token + '.');
    QTest::newRow("padding") << QByteArray(token + "==");
    QTest::newRow("space inside") << QByteArray(parts[0] + ". " + parts[1] + '.' + parts[2]);
    // 256 bytes are 342 characters, whose last one has four bits that count and two that must be zero.
    QByteArray trailing = token;
    const QByteArray alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    trailing[trailing.size() - 1] = alphabet[alphabet.indexOf(trailing.back()) ^ 1];
    QTest::newRow("trailing bits") << trailing;
    QTest::newRow("garbage") << QByteArray("abc");
    QTest::newRow("very long") << QByteArray(40000, 'a');
}

void TestAccess::malformedTokens() {
    QFETCH(QByteArray, token);
    const Answer answer = send(m_server.port(), "GET", "/me", bearer(token));
    QCOMPARE(answer.status, 401);
    QVERIFY(answer.challenge().contains("error=\"invalid_token\""));
    QVERIFY(!answer.body.contains(token));
}

void TestAccess::absentLooksLikeForeign() {
    Answer foreign = send(m_server.port(), "GET", "/users/67890", as(m_server, "Reader"));
    Answer absent = send(m_server.port(), "GET", "/users/999999", as(m_server, "Reader"));
    QCOMPARE(foreign.status, 403);
    QCOMPARE(absent.status, 403);
    QJsonObject a = foreign.object(), b = absent.object();
    a.remove(QLatin1String("trace"));
    b.remove(QLatin1String("trace"));
    QCOMPARE(a, b);
    QCOMPARE(send(m_server.port(), "GET", "/users/999999", as(m_server, "Admin")).status, 404);
    QCOMPARE(send(m_server.port(), "GET", "/users/abc", as(m_server, "Admin")).status, 404);
}

void TestAccess::bodies_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("form") << QByteArray("application/x-www-form-urlencoded") << QByteArray("name=x") << 415;
    QTest::newRow("not JSON") << QByteArray("application/json") << QByteArray("{") << 400;
    QTest::newRow("array") << QByteArray("application/json") << QByteArray("[]") << 400;
    QTest::newRow("no name") << QByteArray("application/json") << QByteArray(R"({"email":"a@b.test"})")
                             << 422;
    QTest::newRow("wrong plan") << QByteArray("application/json")
                                << QByteArray(R"({"name":"N","email":"a@b.test","plan":"gold"})") << 422;
    QTest::newRow("charset") << QByteArray("Application/JSON; charset=utf-8")
                             << QByteArray(R"({"name":"N","email":"a@b.test","plan":"premium"})") << 201;
    QTest::newRow("too large") << QByteArray("application/json") << QByteArray(70000, ' ') << 413;
}

void TestAccess::bodies() {
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    FieldList fields = as(m_server, "Admin");
    fields.emplaceBack("Content-Type", type);
    const Answer answer = send(m_server.port(), "POST", "/users", fields, body);
    QCOMPARE(answer.status, status);
    if (status == 201) {
        const Answer made = send(m_server.port(), "GET", answer.field("Location"), as(m_server, "Admin"));
        QCOMPARE(made.status, 200);
        QCOMPARE(made.text("plan"), QStringLiteral("premium"));
    }
}

void TestAccess::preconditions() {
    const FieldList admin = as(m_server, "Admin");
    const QByteArray tag = send(m_server.port(), "GET", "/users/67890", admin).field("ETag");
    QVERIFY(!tag.isEmpty());
    const auto change = [&](const QByteArray& match) {
        return send(m_server.port(), "PATCH", "/admin/users/67890/role",
                    admin + FieldList{{"Content-Type", "application/json"}, {"If-Match", match}},
                    R"({"role":"user"})");
    };
    QCOMPARE(change("\"never\"").status, 412);
    QCOMPARE(change(tag).status, 200);
    QCOMPARE(change(tag).status, 412); // the change made it another one
}

void TestAccess::head() {
    const Answer get = send(m_server.port(), "GET", "/plans");
    const Answer head = send(m_server.port(), "HEAD", "/plans");
    QCOMPARE(head.status, 200);
    QCOMPARE(head.body, QByteArray());
    QCOMPARE(head.field("Content-Length"), QByteArray::number(get.body.size()));
    QCOMPARE(send(m_server.port(), "HEAD", "/me").status, 401);
}

void TestAccess::otherMethods() {
    const Answer wrong = send(m_server.port(), "DELETE", "/plans");
    QCOMPARE(wrong.status, 405);
    QCOMPARE(wrong.field("Allow"), QByteArray("GET, HEAD, OPTIONS"));
    const Answer options = send(m_server.port(), "OPTIONS", "/users/1");
    QCOMPARE(options.status, 204);
    QCOMPARE(options.field("Allow"), QByteArray("GET, HEAD, PUT, DELETE, OPTIONS"));
    for (const char* path : {"/", "/users/", "/nothing", "/users/1/2", "//users"})
        QCOMPARE(send(m_server.port(), "GET", path).status, 404);
}

void TestAccess::problemsHavePages() {
    const QString type = send(m_server.port(), "GET", "/me").text("type");
    const Answer page = send(m_server.port(), "GET", type.mid(m_server.baseUrl().size()).toLatin1());
    QCOMPARE(page.status, 200);
    QCOMPARE(page.text("title"), QStringLiteral("No credential was sent"));
    QCOMPARE(send(m_server.port(), "GET", "/problems/none-such").status, 404);
}

void TestAccess::dateEverywhere() {
    const QLocale c = QLocale::c();
    for (const char* path : {"/health", "/me", "/nothing", "/users"}) {
        const QByteArray date = send(m_server.port(), "GET", path).field("Date");
        QDateTime time =
            c.toDateTime(QString::fromLatin1(date), QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
        time.setTimeSpec(Qt::UTC);
        QVERIFY2(qAbs(time.secsTo(QDateTime::currentDateTimeUtc())) < 60, date.constData());
    }
}

QTEST_GUILESS_MAIN(TestAccess)
#include "test_access.moc"
