// SPDX-License-Identifier: GPL-3.0-or-later
// The life of OAuth tokens at a real authorization server (oidc-provider), kept in a real keyring: obtained
// in every way the server has, refreshed with rotation, bound to a key, introspected, revoked, rotated.
#include "tests/app/cli_process.h"
#include "tests/interop/human.h"
#include "tests/interop/node_peer.h"

class TestInteropGrants : public QObject {
    Q_OBJECT
    NodePeer m_issuer; ///< access tokens are JWTs and live 4 seconds
    NodePeer m_opaque; ///< opaque tokens, which can be introspected and revoked
    NodePeer m_nonces; ///< wants a nonce in each proof of possession
    NodePeer m_api;
    NodePeer m_apiOfNonces;
    std::unique_ptr<QTemporaryDir> m_folder;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        return runCli(arguments, input, m_folder->path());
    }
    void add(const QString& name, const NodePeer& issuer, const QString& client, const QStringList& more) {
        QStringList arguments{"profile",
                              "add",
                              name,
                              "--kind",
                              "oauth2",
                              "--issuer",
                              issuer.text("issuer"),
                              "--client-id",
                              client,
                              "--allow",
                              m_api.text("url"),
                              "--allow",
                              m_apiOfNonces.text("url")};
        const CliResult made = cli(arguments + more, issuer.clientSecret(client).toUtf8());
        QVERIFY2(made.exitCode == 0, made.err.constData());
    }
    int statusOf(const QString& profile, const QString& method = "GET", const QString& path = "/users") {
        const CliResult sent = cli({"send", "--json", method, m_api.text("url") + path, "--as", profile});
        if (!sent.json().contains("status")) qWarning().noquote() << sent.out << sent.err;
        return sent.json().value("status").toInt();
    }
    QJsonObject tokenOf(const QString& profile) {
        return cli({"token", "status", profile, "--json"}).json().value("tokens").toArray().at(0).toObject();
    }

    /// `token login` with somebody who does what it says. The program's messages are given back.
    QByteArray login(const QString& profile, const QString& who, int* exitCode = nullptr) {
        QProcess process;
        process.setWorkingDirectory(m_folder->path());
        process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"),
                      {"token", "login", profile, "--no-browser", "--json"});
        QByteArray said;
        Human human(who);
        QUrl url;
        if (!QTest::qWaitFor(
                [&] {
                    said += process.readAllStandardError();
                    const auto found =
                        QRegularExpression(QStringLiteral("(http://\\S*(?:/auth\\?|user_code=)\\S*)\\s"))
                            .match(QString::fromUtf8(said));
                    url = QUrl(found.captured(1));
                    return url.isValid() && !url.isEmpty();
                },
                30000)) {
            qWarning().noquote() << "no address" << said;
            process.kill();
            process.waitForFinished();
            return said;
        }
        if (!human.goThrough(url)) qWarning() << "the pages have no end";
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000)) process.kill();
        process.waitForFinished();
        said += process.readAllStandardError() + process.readAllStandardOutput();
        if (exitCode) *exitCode = process.exitCode();
        return said;
    }

private Q_SLOTS:
    void initTestCase() {
        const QMap<QString, QString> brief{{"KB_LIFETIME", "4"}};
        QVERIFY2(m_issuer.start("authorization_server.mjs", brief), m_issuer.problem().constData());
        QVERIFY2(m_opaque.start("authorization_server.mjs", {{"KB_OPAQUE", "1"}}),
                 m_opaque.problem().constData());
        QVERIFY2(m_nonces.start("authorization_server.mjs", {{"KB_DPOP_NONCE", "1"}}),
                 m_nonces.problem().constData());
        for (const auto& [api, issuer] : {std::pair{&m_api, &m_issuer}, std::pair{&m_apiOfNonces, &m_nonces}})
            QVERIFY2(api->start("api_server.mjs", {{"KB_ISSUER", issuer->text("issuer")},
                                                   {"KB_AUDIENCE", issuer->text("audience")}}),
                     api->problem().constData());
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void clientCredentials() {
        add("robot", m_issuer, "service", {"--grant", "client_credentials", "--scope", "users:read"});
        QCOMPARE(tokenOf("robot").value("state").toString(), "no-token");
        // The first request obtains a token, the one after its expiry another.
        QCOMPARE(statusOf("robot"), 200);
        QCOMPARE(tokenOf("robot").value("state").toString(), "valid");
        QTest::qWait(4500);
        QCOMPARE(tokenOf("robot").value("state").toString(), "expired");
        QCOMPARE(statusOf("robot"), 200);
        const CliResult asIs = cli({"send", m_api.text("url") + "/users", "--as", "robot", "--json"});
        QCOMPARE(asIs.json().value("status").toInt(), 200);
        QCOMPARE(statusOf("robot", "DELETE", "/users/1"), 403);
    }

    void anExpiredTokenOnPurpose() {
        add("robot", m_issuer, "service", {"--grant", "client_credentials", "--scope", "users:read"});
        QCOMPARE(statusOf("robot"), 200);
        QTest::qWait(10000); // the API is 5 seconds lenient
        const CliResult sent =
            cli({"send", "--send-expired", "--json", m_api.text("url") + "/users", "--as", "robot"});
        QCOMPARE(sent.json().value("status").toInt(), 401);
        QCOMPARE(sent.json().value("doctor").toObject().value("cause").toString(), "token-expired");
    }

    void everyWayToProveTheClient_data() {
        QTest::addColumn<QString>("client");
        QTest::addColumn<QString>("way");
        QTest::newRow("secret in the header") << "service"
                                              << "basic";
        QTest::newRow("secret in the form") << "poster"
                                            << "post";
        QTest::newRow("assertion with the secret") << "hasher"
                                                   << "client_secret_jwt";
        QTest::newRow("assertion with a key") << "signer"
                                              << "private_key_jwt";
    }
    void everyWayToProveTheClient() {
        QFETCH(QString, client);
        QFETCH(QString, way);
        const bool key = way == "private_key_jwt";
        QStringList arguments{"profile",
                              "add",
                              "robot",
                              "--kind",
                              "oauth2",
                              "--grant",
                              "client_credentials",
                              "--issuer",
                              m_issuer.text("issuer"),
                              "--client-id",
                              client,
                              "--client-auth",
                              way,
                              "--allow",
                              m_api.text("url")};
        if (key)
            arguments << "--assertion-alg"
                      << "ES256"
                      << "--assertion-kid"
                      << "signer-1";
        const CliResult made = cli(arguments, key ? m_issuer.text("signer_key").toUtf8()
                                                  : m_issuer.clientSecret(client).toUtf8());
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const CliResult got = cli({"token", "login", "robot", "--json"});
        QVERIFY2(got.exitCode == 0, got.err.constData());
        QVERIFY(got.json().value("has_token").toBool());
    }

    void aWrongSecretIsSaid() {
        add("robot", m_issuer, "service", {"--grant", "client_credentials"});
        QCOMPARE(
            cli({"profile", "set", "robot", "--secret-stdin"}, "not the secret, though long enough").exitCode,
            0);
        const CliResult got = cli({"token", "login", "robot"});
        QCOMPARE(got.exitCode, 1);
        QVERIFY2(got.err.contains("invalid_client"), got.err.constData());
    }

    void loginInTheBrowser_data() {
        QTest::addColumn<QStringList>("more");
        QTest::newRow("plain") << QStringList();
        QTest::newRow("pushed (RFC 9126)") << QStringList{"--par"};
        QTest::newRow("bound to a key (RFC 9449)") << QStringList{"--dpop"};
    }
    void loginInTheBrowser() {
        QFETCH(QStringList, more);
        add("ada", m_issuer, "native",
            QStringList{"--grant", "authorization_code", "--client-auth", "none", "--scope", "openid",
                        "--scope", "offline_access", "--scope", "users:read"} +
                more);
        const CliResult early = cli({"send", m_api.text("url") + "/users", "--as", "ada"});
        QCOMPARE(early.exitCode, 2); // nobody has logged in: nothing is sent
        int code = -1;
        const QByteArray said = login("ada", "ada", &code);
        QVERIFY2(code == 0, said.constData());
        // OpenID Connect Core §3.1.3.7: by the keys that the server's metadata name.
        QVERIFY2(QByteArray(said).replace(" ", "").contains("\"id_token_verified\":true"), said.constData());
        QVERIFY(tokenOf("ada").value("refreshable").toBool());
        QCOMPARE(statusOf("ada"), 200);
        QTest::qWait(4500);
        QCOMPARE(statusOf("ada"), 200); // refreshed, with rotation
        QTest::qWait(4500);
        QCOMPARE(statusOf("ada"), 200); // and with the rotated one again
    }

    // RFC 7591, RFC 7592: a client made by the server itself, used, and removed there again.
    void registeredFromHere() {
        const QString issuer = m_issuer.text("issuer");
        const CliResult made =
            cli({"profile", "register", "ada", "--issuer", issuer, "--scope", "openid", "--scope",
                 "offline_access", "--scope", "users:read", "--allow", m_api.text("url"), "--json"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
        const QString client = made.json().value("profile").toObject().value("clientId").toString();
        QVERIFY2(!client.isEmpty(), made.out.constData());
        int code = -1;
        const QByteArray said = login("ada", "ada", &code);
        QVERIFY2(code == 0, said.constData());
        QCOMPARE(statusOf("ada"), 200);
        const CliResult robot =
            cli({"profile", "register", "robot", "--issuer", issuer, "--grant", "client_credentials",
                 "--scope", "users:read", "--allow", m_api.text("url")});
        QVERIFY2(robot.exitCode == 0, robot.err.constData());
        QCOMPARE(statusOf("robot"), 200);
        // This server gives another token for the registration whenever it is changed.
        for (const char* name : {"Ada 2", "Ada 3"}) {
            const CliResult changed =
                cli({"profile", "registration", "ada", "--client-name", name, "--json"});
            QVERIFY2(changed.exitCode == 0, changed.err.constData());
            const QJsonObject kept = changed.json().value("metadata").toObject();
            QCOMPARE(kept.value("client_name").toString(), QString(name));
            QCOMPARE(kept.value("client_id").toString(), client);
            QVERIFY(!kept.contains("registration_access_token"));
        }
        QCOMPARE(cli({"profile", "registration", "ada", "--json"}).json().value("changed").toBool(true),
                 false);
        const CliResult gone = cli({"profile", "unregister", "ada"});
        QVERIFY2(gone.exitCode == 0, gone.err.constData());
        QVERIFY(!cli({"profile", "list", "--json"}).out.contains("ada"));
        QCOMPARE(cli({"profile", "unregister", "robot"}).exitCode, 0);
    }

    void manyProcessesRefreshOnce() {
        add("ada", m_issuer, "native",
            {"--grant", "authorization_code", "--client-auth", "none", "--scope", "openid", "--scope",
             "offline_access", "--scope", "users:read"});
        int code = -1;
        const QByteArray said = login("ada", "ada", &code);
        QVERIFY2(code == 0, said.constData());
        QTest::qWait(4500);
        std::vector<std::unique_ptr<QProcess>> processes;
        for (int i = 0; i < 4; ++i) {
            processes.push_back(std::make_unique<QProcess>());
            processes.back()->setWorkingDirectory(m_folder->path());
            processes.back()->start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"),
                                    {"send", "--json", m_api.text("url") + "/users", "--as", "ada"});
        }
        for (const auto& process : processes) {
            QVERIFY(process->waitForFinished(60000));
            const QByteArray out = process->readAllStandardOutput();
            QCOMPARE(QJsonDocument::fromJson(out).object().value("status").toInt(), 200);
        }
        // Had two of them used one refresh token, the server would have ended the whole grant.
        const CliResult again = cli({"token", "refresh", "ada"});
        QVERIFY2(again.exitCode == 0, again.err.constData());
    }

    void deviceCode() {
        add("tv", m_issuer, "native",
            {"--grant", "device_code", "--client-auth", "none", "--scope", "openid", "--scope",
             "users:read"});
        int code = -1;
        const QByteArray said = login("tv", "ada", &code);
        QVERIFY2(code == 0, said.constData());
        QCOMPARE(statusOf("tv"), 200);
    }

    void proofsWithANonce() {
        add("robot", m_nonces, "service",
            {"--grant", "client_credentials", "--dpop", "--scope", "users:read"});
        const CliResult got = cli({"token", "login", "robot", "--json"});
        QVERIFY2(got.exitCode == 0, got.err.constData());
        QCOMPARE(got.json().value("token_type").toString(), "DPoP");
        const CliResult sent = cli({"send", "--json", m_apiOfNonces.text("url") + "/users", "--as", "robot"});
        QCOMPARE(sent.json().value("status").toInt(), 200);
    }

    void introspectRevokeRotate() {
        add("ada", m_opaque, "native",
            {"--grant", "authorization_code", "--client-auth", "none", "--scope", "openid", "--scope",
             "offline_access", "--scope", "users:read"});
        int code = -1;
        QByteArray said = login("ada", "ada", &code);
        QVERIFY2(code == 0, said.constData());
        const CliResult asked = cli({"token", "introspect", "ada", "--json"});
        QVERIFY2(asked.json().value("active").toBool(), QByteArray(asked.out + asked.err).constData());
        QCOMPARE(asked.json().value("claims").toObject().value("sub").toString(), "ada");

        const CliResult revoked = cli({"token", "revoke", "ada", "--json"});
        QVERIFY2(revoked.exitCode == 0, revoked.err.constData());
        QVERIFY(!revoked.json().value("has_token").toBool(true));
        QCOMPARE(tokenOf("ada").value("state").toString(), "no-token");
        QVERIFY(!tokenOf("ada").value("refreshable").toBool(true));
        QCOMPARE(cli({"token", "refresh", "ada"}).exitCode, 1);
    }

    void rotatingLeavesAnotherToken() {
        add("robot", m_opaque, "service", {"--grant", "client_credentials", "--scope", "users:read"});
        QCOMPARE(cli({"token", "login", "robot"}).exitCode, 0);
        const CliResult before = cli({"token", "introspect", "robot", "--json"});
        QTest::qWait(1100); // times count whole seconds, and are all that tells two opaque tokens apart here
        const CliResult rotated = cli({"token", "rotate", "robot", "--json"});
        QVERIFY2(rotated.exitCode == 0, rotated.err.constData());
        const CliResult after = cli({"token", "introspect", "robot", "--json"});
        QVERIFY(before.json().value("active").toBool());
        QVERIFY(after.json().value("active").toBool());
        QVERIFY(before.json().value("claims") != after.json().value("claims"));
    }

    void nothingIsWrittenOrSaid() {
        add("robot", m_issuer, "service", {"--grant", "client_credentials"});
        const CliResult got = cli({"token", "login", "robot"});
        const CliResult sent = cli({"send", "--include", m_api.text("url") + "/users", "--as", "robot"});
        const QByteArray secret = m_issuer.clientSecret("service").toUtf8();
        QByteArray all = got.out + got.err + sent.out + sent.err;
        for (const QByteArray& bytes : filesBelow(m_folder->path()))
            all += bytes;
        QVERIFY(firstLeak(all, secret).isEmpty());
        QVERIFY(!all.contains("eyJ")); // no token of any kind
    }
};

QTEST_GUILESS_MAIN(TestInteropGrants)
#include "test_grants.moc"
