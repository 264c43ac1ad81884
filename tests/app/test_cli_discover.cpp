// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli discover and token userinfo, against a server of this test.
#include "cli_process.h"
#include "tests/support/answering_server.h"

class TestCliDiscover : public QObject {
    Q_OBJECT
    kb::test::AnsweringServer m_server;
    QTemporaryDir m_folder;
    QMap<QByteArray, QByteArray> m_answers; ///< by path; else 404
    QByteArray m_challenge;

    QString url(const QString& path = {}) const { return m_server.url(path); }
    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        return runCliBeside(arguments, input, m_folder.path());
    }
    kb::test::AnsweringServer::Answer answerTo(const QByteArray& request) const {
        const QByteArray path = request.split(' ').value(1);
        if (path.startsWith("/api/"))
            return {"401 Unauthorized", m_answers.value(path), "WWW-Authenticate: " + m_challenge + "\r\n"};
        return {m_answers.contains(path) ? "200 OK" : "404 Not Found", m_answers.value(path)};
    }
    /// The request lines, in their order.
    QStringList lines() const {
        QStringList all;
        for (const QByteArray& request : m_server.asked)
            all.append(QString::fromLatin1(request.left(request.indexOf(" HTTP"))));
        return all;
    }
    QByteArray metadata() const {
        const QByteArray base = url().toLatin1();
        return "{\"issuer\":\"" + base + "/id\",\"token_endpoint\":\"" + base +
               "/id/token\",\"userinfo_endpoint\":\"" + base +
               "/id/me\",\"grant_types_supported\":[\"client_credentials\"]}";
    }

private Q_SLOTS:
    void initTestCase() {
        m_server.answer = [this](const QByteArray& request) { return answerTo(request); };
    }
    void init() {
        m_server.asked.clear();
        const QByteArray base = url().toLatin1();
        m_challenge = "Bearer resource_metadata=\"" + base + "/meta\"";
        m_answers = {{"/meta", "{\"resource\":\"" + base +
                                   "/api/users\",\"resource_name\":\"Users\\u001b[31m\","
                                   "\"authorization_servers\":[\"" +
                                   base + "/id\"],\"scopes_supported\":[\"users:read\"]}"},
                     {"/.well-known/oauth-authorization-server/id", metadata()}};
    }

    void theApiSaysWhere() {
        const CliResult result = cli({"discover", url("/api/users")});
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.out.contains(QByteArray("server     " + url("/id").toLatin1())),
                 result.out.constData());
        QVERIFY(result.out.contains("scopes     users:read"));
        QVERIFY(!result.out.contains('\x1b'));
        // Nobody agreed to the server yet: only the API was asked.
        QVERIFY(result.err.contains("--server"));
        QCOMPARE(lines(), (QStringList{"GET /api/users", "GET /meta"}));
    }

    void theServerIsAskedWhenItIsNamed() {
        const CliResult result = cli({"discover", url("/api/users"), "--server", url("/id"), "--json"});
        QVERIFY2(result.exitCode == 0, result.err.constData());
        const QJsonObject json = result.json();
        QCOMPARE(json.value("schema_version").toInt(), 1);
        QCOMPARE(json.value("status").toInt(), 401);
        QCOMPARE(json.value("authorization_servers").toArray().first().toString(), url("/id"));
        QCOMPARE(json.value("server").toObject().value("token_endpoint").toString(), url("/id/token"));
        // What it says to type works.
        QStringList words;
        for (const QJsonValue& word : json.value("profile_add").toArray())
            words << word.toString().replace("NAME", "Found").replace("ID", "app");
        const CliResult added = cli(words, "client-secret-1a2b3c");
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const QJsonObject shown = cli({"profile", "show", "Found", "--json"}).json();
        QVERIFY2(QJsonDocument(shown).toJson().contains(url("/id").toLatin1()),
                 QJsonDocument(shown).toJson().constData());
    }

    /// A token in the address is the API's, and nobody else's to read.
    void aTokenInTheAddressIsNotPrinted() {
        m_answers.insert("/api/users?access_token=query-token-0001", {});
        const CliResult result = cli({"discover", url("/api/users?access_token=query-token-0001"), "--json"});
        QVERIFY2(!QByteArray(result.out + result.err).contains("query-token-0001"), result.out.constData());
    }

    /// What it prints to be typed is safe to paste, whatever the API says.
    void theCommandIsQuoted() {
        const QByteArray base = url().toLatin1();
        m_answers["/meta"] =
            "{\"resource\":\"" + base + "/api/users\",\"authorization_servers\":[\"" + base +
            "/id\"],\"scopes_supported\":[\"x; touch pwned #\",\"it's\",\"$(touch pwned)\"]}";
        const CliResult result = cli({"discover", url("/api/users"), "--server", url("/id")});
        QVERIFY2(result.exitCode == 0, result.err.constData());
        const QByteArray line = result.out.mid(result.out.indexOf("  keybearer-cli ") + 2).trimmed();
        QVERIFY2(line.contains("--scope 'x; touch pwned #'"), line.constData());
        QVERIFY(line.endsWith(QByteArray("--allow " + base)));
#ifndef Q_OS_WIN
        // A shell sees the words that were meant.
        QProcess shell;
        shell.setWorkingDirectory(m_folder.path());
        shell.start("/bin/sh", {"-c", "printf '%s\\n' " + QString::fromUtf8(line)});
        QVERIFY(shell.waitForFinished(10000));
        const QByteArray words = shell.readAllStandardOutput();
        QVERIFY2(words.contains("\nit's\n") && words.contains("\n$(touch pwned)\n"), words.constData());
        QVERIFY(!QFile::exists(m_folder.filePath("pwned")));
#endif
    }

    void aServerTheApiDoesNotNameIsNotAsked() {
        const CliResult result = cli({"discover", url("/api/users"), "--server", url("/other")});
        QCOMPARE(result.exitCode, 2);
        QVERIFY(result.err.contains(url("/id").toLatin1()));
        QVERIFY(!lines().contains("GET /.well-known/oauth-authorization-server/other"));
    }

    void onlyTheApiItselfMaySay() {
        m_challenge = "Bearer resource_metadata=\"http://localhost:1/meta\"";
        const CliResult result = cli({"discover", url("/api/users")});
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.err.contains("not its own"), result.err.constData());
        QCOMPARE(lines(), QStringList{"GET /api/users"});
    }

    void nothingThereIsAFinding() {
        m_answers.clear();
        m_challenge = "Bearer";
        const CliResult result = cli({"discover", url("/api/users")});
        QCOMPARE(result.exitCode, 1);
        QVERIFY(lines().contains("GET /.well-known/oauth-protected-resource"));
        QVERIFY(lines().contains("GET /.well-known/oauth-protected-resource/api/users"));
        QCOMPARE(cli({"discover", "http://127.0.0.1:1/"}).exitCode, 3);
        QCOMPARE(cli({"discover", "http://example.com/"}).exitCode, 2); // nothing was sent
        QCOMPARE(cli({"discover", "no address"}).exitCode, 2);
    }

    // OpenID Connect Core §5.3.
    void userinfo() {
        m_answers["/id/token"] =
            "{\"access_token\":\"the-access-token-77\",\"token_type\":\"Bearer\",\"expires_in\":600}";
        m_answers["/id/me"] = "{\"sub\":\"u1\",\"name\":\"Ada\",\"seen\":\"the-access-token-77\"}";
        const CliResult added = cli({"profile", "add", "Robot", "--kind", "oauth2", "--grant",
                                     "client_credentials", "--client-id", "app", "--token-url",
                                     url("/id/token"), "--userinfo-url", url("/id/me"), "--allow", url()},
                                    "client-secret-1a2b3c");
        QVERIFY2(added.exitCode == 0, added.err.constData());
        QCOMPARE(cli({"token", "userinfo", "Robot"}).exitCode, 2); // there is no token yet
        QCOMPARE(cli({"token", "login", "Robot"}).exitCode, 0);
        const CliResult told = cli({"token", "userinfo", "Robot"});
        QVERIFY2(told.exitCode == 0, told.err.constData());
        QVERIFY(told.out.contains("name       Ada"));
        QVERIFY(!told.out.contains("the-access-token-77"));
        QVERIFY(m_server.asked.join().contains("Authorization: Bearer the-access-token-77"));
        const QJsonObject json = cli({"token", "userinfo", "Robot", "--json"}).json();
        QCOMPARE(json.value("subject").toString(), QStringLiteral("u1"));
        QCOMPARE(json.value("claims").toObject().value("name").toString(), QStringLiteral("Ada"));
        m_answers["/id/me"] = "{\"name\":\"Ada\"}";
        const CliResult nobody = cli({"token", "userinfo", "Robot"});
        QCOMPARE(nobody.exitCode, 1);
        QVERIFY(nobody.err.contains("sub"));
    }
};

QTEST_GUILESS_MAIN(TestCliDiscover)
#include "test_cli_discover.moc"
