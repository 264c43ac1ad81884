// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli profile register and unregister (RFC 7591, RFC 7592), against a server of this test.
#include "cli_process.h"
#include "tests/support/answering_server.h"

class TestCliRegister : public QObject {
    Q_OBJECT
    kb::test::AnsweringServer m_server;
    QTemporaryDir m_folder;
    QByteArray m_registered =
        "{\"client_id\":\"c-77\",\"client_secret\":\"made-by-the-server-1\","
        "\"token_endpoint_auth_method\":\"client_secret_basic\",\"scope\":\"users:read\"";
    bool m_refuse = false;

    QString url(const QString& path = {}) const { return m_server.url(path); }
    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        return runCliBeside(arguments, input, m_folder.path());
    }
    kb::test::AnsweringServer::Answer answerTo(const QByteArray& request) const {
        const QByteArray base = url().toLatin1();
        if (request.startsWith("GET /.well-known/oauth-authorization-server "))
            return {"200 OK", "{\"issuer\":\"" + base + "\",\"token_endpoint\":\"" + base +
                                  "/token\",\"registration_endpoint\":\"" + base + "/register\"}"};
        if (request.startsWith("POST /register") && m_refuse)
            return {"403 Forbidden", "{\"error\":\"access_denied\",\"error_description\":\"not for you\"}"};
        if (request.startsWith("POST /register"))
            return {
                "201 Created",
                m_registered +
                    ",\"registration_access_token\":\"manage-it-9f8e7d6c\",\"registration_client_uri\":\"" +
                    base + "/register/c-77\"}"};
        if (request.startsWith("GET /register/c-77") && request.contains("Bearer manage-it-9f8e7d6c"))
            return {"200 OK", m_registered + ",\"client_name\":\"Keybearer\",\"registration_access_token\":"
                                             "\"manage-it-second\"}"};
        if (request.startsWith("PUT /register/c-77") && request.contains("Bearer manage-it-second"))
            return {"200 OK", m_registered + ",\"client_name\":\"Robot 2\",\"registration_access_token\":"
                                             "\"manage-it-third\"}"};
        if (request.startsWith("DELETE /register/c-77")) return {"204 No Content", {}};
        if (request.startsWith("POST /token"))
            return {
                "200 OK",
                "{\"access_token\":\"the-access-token-77\",\"token_type\":\"Bearer\",\"expires_in\":600}"};
        return {};
    }

private Q_SLOTS:
    void initTestCase() {
        m_server.answer = [this](const QByteArray& request) { return answerTo(request); };
    }
    void init() { m_server.asked.clear(); }

    void fromNothingToAToken() {
        const CliResult made = cli({"profile", "register", "Robot", "--issuer", url(), "--grant",
                                    "client_credentials", "--scope", "users:read users:delete", "--allow",
                                    "https://api.test", "--token-stdin", "--json"},
                                   "the-initial-token-42");
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QVERIFY(m_server.asked.last().contains("Authorization: Bearer the-initial-token-42"));
        const QJsonObject profile = made.json().value("profile").toObject();
        QCOMPARE(profile.value("clientId").toString(), QStringLiteral("c-77"));
        QCOMPARE(profile.value("scopes").toArray().size(), 1); // the server gave one of the two
        QVERIFY(QJsonDocument(made.json().value("findings").toArray()).toJson().contains("scope"));
        for (const char* secret : {"made-by-the-server-1", "manage-it-9f8e7d6c", "the-initial-token-42"})
            QVERIFY(!made.out.contains(secret) && !made.err.contains(secret));
        const CliResult login = cli({"token", "login", "Robot"});
        QVERIFY2(login.exitCode == 0, login.err.constData());
        const QByteArray basic = "Basic " + QByteArray("c-77:made-by-the-server-1").toBase64();
        QVERIFY(m_server.asked.last().contains(basic));

        // RFC 7592 §2.2: each answer gives another token, which the next request needs.
        const CliResult changed =
            cli({"profile", "registration", "Robot", "--client-name", "Robot 2", "--json"});
        QVERIFY2(changed.exitCode == 0, changed.err.constData());
        QCOMPARE(changed.json().value("client_id").toString(), QStringLiteral("c-77"));
        QCOMPARE(changed.json().value("changed").toBool(), true);
        QCOMPARE(changed.json().value("metadata").toObject().value("client_name").toString(),
                 QStringLiteral("Robot 2"));
        for (const char* secret : {"made-by-the-server-1", "manage-it-second", "manage-it-third"})
            QVERIFY(!changed.out.contains(secret) && !changed.err.contains(secret));

        const CliResult gone = cli({"profile", "unregister", "Robot"});
        QVERIFY2(gone.exitCode == 0, gone.err.constData());
        QVERIFY(m_server.asked.last().startsWith("DELETE /register/c-77"));
        QVERIFY(m_server.asked.last().contains("Authorization: Bearer manage-it-third"));
        QVERIFY(cli({"profile", "list", "--json"}).json().value("profiles").toArray().isEmpty());
    }

    void whatCanBeRefusedIsRefusedFirst() {
        QCOMPARE(cli({"profile", "register", "A", "--issuer", "http://id.example"}).exitCode, 2);
        QCOMPARE(cli({"profile", "register", "A", "--issuer", url(), "--grant", "magic"}).exitCode, 2);
        QCOMPARE(cli({"profile", "register", "A", "--issuer", url(), "--allow", "nonsense"}).exitCode, 2);
        QVERIFY(m_server.asked.isEmpty());
        QCOMPARE(cli({"profile", "add", "Taken", "--kind", "bearer"}, "a-pasted-token-1").exitCode, 0);
        QCOMPARE(cli({"profile", "register", "Taken", "--issuer", url()}).exitCode, 2);
        QVERIFY(m_server.asked.isEmpty());
        const CliResult pasted = cli({"profile", "unregister", "Taken"});
        QCOMPARE(pasted.exitCode, 2);
        QVERIFY(pasted.err.contains("not registered from here"));
        QCOMPARE(cli({"profile", "registration", "Taken"}).exitCode, 2);
        QVERIFY(cli({"profile", "list"}).out.contains("Taken"));
    }

    void aRefusalIsSaidAndNothingIsKept() {
        m_refuse = true;
        const CliResult refused = cli({"profile", "register", "B", "--issuer", url()});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("not for you"), refused.err.constData());
        QVERIFY(!cli({"profile", "list"}).out.contains("B\n"));
        QCOMPARE(cli({"profile", "register", "B", "--issuer", "http://127.0.0.1:1"}).exitCode, 3);
        m_refuse = false;
    }
};

QTEST_GUILESS_MAIN(TestCliRegister)
#include "test_cli_register.moc"
