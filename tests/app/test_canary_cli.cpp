// SPDX-License-Identifier: GPL-3.0-or-later
// Plants a unique secret, goes through everything the command line does with it, and searches every file
// written and all output for it: as it is, in base64, percent-encoded, in hex.
#include "cli_process.h"
#include "tests/support/answering_server.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QUuid>

class TestCanaryCli : public QObject {
    Q_OBJECT

    /// All that was written to the folder and to this user's data, the timelines among it.
    static QMap<QString, QByteArray> writtenFiles(const QString& folder) {
        QMap<QString, QByteArray> files = filesBelow(folder);
        const auto data = filesBelow(qEnvironmentVariable("XDG_DATA_HOME") + "/keybearer");
        if (data.isEmpty()) qFatal("no timeline was written");
        files.insert(data);
        return files;
    }
    static QByteArray newSecret() { return "kb+/canary=" + QUuid::createUuid().toByteArray(QUuid::Id128); }

private Q_SLOTS:
    void nothingLeaks() {
        QTemporaryDir folder;
        const QByteArray secret = newSecret();
        // A server that repeats everything it is sent, redirects, refuses, and breaks off.
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QByteArray seen;
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [&, socket] {
                const QByteArray request = socket->readAll();
                seen += request;
                if (request.startsWith("GET /break")) return socket->abort();
                QByteArray status = "200 OK";
                QByteArray extra = "X-Echo: " + secret + "\r\n";
                if (request.startsWith("GET /away"))
                    status = "302 Found",
                    extra += "Location: http://localhost:" + QByteArray::number(server.serverPort()) +
                             "/echo?t=" + secret.toPercentEncoding() + "\r\n";
                if (request.startsWith("GET /deny"))
                    status = "401 Unauthorized",
                    extra += "WWW-Authenticate: Bearer realm=\"" + secret +
                             "\", error=\"invalid_token\", error_description=\"" + secret + " is bad\"\r\n";
                if (request.startsWith("GET /json")) {
                    const QByteArray json = "{\"you\":\"" + secret + "\"}";
                    socket->write("HTTP/1.1 200 OK\r\n" + extra +
                                  "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                                  QByteArray::number(json.size()) + "\r\n\r\n" + json);
                    return socket->disconnectFromHost();
                }
                const QByteArray body = "{\"you\":\"" + secret + "\",\"b\":\"" + secret.toBase64() +
                                        "\",\"p\":\"" + secret.toPercentEncoding() + "\"}" + request;
                socket->write("HTTP/1.1 " + status + "\r\n" + extra +
                              "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                              QByteArray::number(body.size()) + "\r\n\r\n" + body);
                socket->disconnectFromHost();
            });
        });
        const QString base = QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort());
        QByteArray all;
        const auto cli = [&](const QStringList& arguments, const QByteArray& input = {}) {
            // In this process runs the server: the program's run must not block its event loop.
            QProcess process;
            process.setWorkingDirectory(folder.path());
            process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"), arguments);
            process.write(input);
            process.closeWriteChannel();
            const bool done = QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30000);
            QVERIFY(done);
            all += process.readAllStandardOutput() + process.readAllStandardError();
        };
        cli({"profile", "add", "Canary", "--kind", "bearer", "--allow", base}, secret);
        for (const char* path : {"/echo", "/away", "/deny", "/break"}) {
            cli({"send", "--as", "Canary", "--include", base + path});
            cli({"send", "--as", "Canary", "--json", base + path});
        }
        cli({"send", "--as", "Canary", "http://127.0.0.1:1/"});
        cli({"send", "--as", "Canary", "http://localhost:1/"});
        cli({"send", "--bearer-stdin", base + "/echo"}, secret);
        cli({"send", "--bearer-stdin", "--json", base + "/deny"}, secret);
        cli({"profile", "show", "Canary", "--json"});
        cli({"profile", "list"});
        cli({"token", "status", "--json"});
        cli({"profile", "set", "Canary", "--allow", base, "--expires", "+1h"});
        cli({"profile", "add", "Key", "--kind", "api-key", "--in", "query", "--name", "key", "--allow", base},
            secret);
        cli({"send", "--as", "Key", "--json", base + "/echo"});
        cli({"profile", "add", "Basic", "--kind", "basic", "--user", "ada", "--allow", base}, secret);
        cli({"send", "--as", "Basic", "--json", base + "/deny"});
        cli({"profile", "add", "Clash", "--kind", "bearer", "--allow", "nonsense"}, secret);

        // A run with checks whose words are about what the server repeats, and reports of it.
        const QByteArray profiles = runCli({"profile", "list", "--json"}, {}, folder.path()).out;
        QByteArray canaryId;
        for (const QJsonValue& each : QJsonDocument::fromJson(profiles).object().value("profiles").toArray())
            if (each.toObject().value("name").toString() == "Canary")
                canaryId = each.toObject().value("id").toString().toUtf8();
        QVERIFY(!canaryId.isEmpty());
        QFile checked(folder.filePath("checked.yml"));
        QVERIFY(checked.open(QIODevice::WriteOnly));
        checked.write("info:\n  name: Checked\n  type: http\nhttp:\n  method: GET\n  url: \"" +
                      base.toUtf8() +
                      "/json\"\nruntime:\n  assertions:\n    - expression: res.body.you\n      operator: eq\n"
                      "      value: other\n    - expression: res.headers['x-echo']\n      operator: isEmpty\n"
                      "    - expression: res.body\n      operator: isNumber\n"
                      "  actions:\n    - type: set-variable\n      phase: after-response\n      selector:\n"
                      "        expression: res.body.you\n        method: jsonq\n      variable:\n"
                      "        name: taken\n        scope: runtime\n"
                      "extensions:\n  keybearer:\n    profile: " +
                      canaryId +
                      "\n    checks:\n      - jq: .you\n        operator: eq\n        value: other\n"
                      "      - jq: error(.you)\n        operator: eq\n        value: other\n"
                      "      - jq: .you\n        operator: eq\n        value: '{{taken}}'\n");
        checked.close();
        cli({"run", "checked.yml", "--iterations", "2", "--report", "junit=run.xml", "--report",
             "json=run.json", "--report", "html=run.html"});
        cli({"run", "checked.yml", "--json"});
        QVERIFY(QFileInfo::exists(folder.filePath("run.html")));
        QVERIFY(all.contains("res.body.you"));

        // In from other programs, by header, query, user info, form and JSON; and out again.
        const QByteArray where = base.toUtf8();
        cli({"import", "-", "-o", "w"},
            "curl -H 'Authorization: Bearer " + secret + "' '" + where +
                "/echo?access_token=" + secret.toPercentEncoding() + "'\ncurl -u 'ada:" + secret + "' " +
                where + "/echo -d 'password=" + secret.toPercentEncoding() + "'\ncurl " + where +
                "/echo --json '{\"client_secret\": \"" + secret + "\"}'\n");
        for (const char* name : {"insomnia.json", "browser.har", "calls.http"}) {
            QFile file(QStringLiteral(KB_TEST_DATA "/canary/") + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QByteArray text = file.readAll();
            QVERIFY(text.contains("SECRET") && text.contains("BASE"));
            text.replace("BASE", where).replace("SECRET", secret);
            cli({"import", "-", "-o", "w"}, text);
        }
        const QByteArray imported =
            runCli({"--workspace", "w", "profile", "list", "--json"}, {}, folder.path()).out;
        all += imported;
        // Each brought its own, and they are where secrets belong.
        QVERIFY2(imported.count("\"storage\":\"keychain\"") >= 9, imported.constData());
        // Out again in every format there is; what the first has to say tells which.
        const QByteArray formats =
            runCli({"--workspace", "w", "export", "--format", "?"}, {}, folder.path()).err;
        const QStringList names = QString::fromUtf8(formats.mid(formats.indexOf("There are: ") + 11))
                                      .section(u'.', 0, 0)
                                      .split(QStringLiteral(", "));
        QVERIFY2(names.size() >= 21 && names.contains("k6"), formats.constData());
        for (const QString& format : names) {
            cli({"--workspace", "w", "export", "--format", format, "-o", "out." + format});
            QVERIFY2(QFileInfo(folder.filePath("out." + format)).size() > 0, qPrintable(format));
        }
        cli({"--workspace", "w", "export", "--format", "curl"});
        cli({"--workspace", "w", "export", "--format", "postman", "--json"});
        QVERIFY(QFile::exists(folder.filePath("w/opencollection.yml")));

        // A matrix of another program, by header, login and cookie; what is told of it, and out again.
        const QByteArray users =
            "auth:\n  - {name: One, fixedHeaders: [{name: Authorization, value: 'Bearer " + secret +
            "'}, {name: X-K, value: '" + secret +
            "'}]}\n  - {name: Two, loginEndpointAuth: {endpoint: /login, "
            "verb: POST, payloadUserPwd: {username: ada, password: '" +
            secret + "', usernameField: u, passwordField: p}, expectCookies: true}}\n";
        const QByteArray state =
            "{\"arrayOfRoles\":[{\"index\":0,\"name\":\"R\"}],\"arrayOfUsers\":[{\"index\":0,\"name\":"
            "\"Three\","
            "\"roles\":{\"0\":true},\"cookiesBase64\":\"" +
            QByteArray("sid=" + secret).toBase64() +
            "\"}],\"arrayOfMessages\":[{\"index\":0,\"name\":\"m\",\"roles\":{\"0\":true},\"requestBase64\":"
            "\"" +
            QByteArray("GET /echo HTTP/1.1\r\nCookie: sid=" + secret + "\r\n\r\n" + secret).toBase64() +
            "\"}]}";
        for (const QByteArray& text : {users, state}) {
            cli({"--workspace", "w", "matrix", "import", "-", "--allow", base, "--dry-run"}, text);
            cli({"--workspace", "w", "matrix", "import", "-", "--allow", base, "--json"}, text);
            cli({"--workspace", "w", "matrix", "import", "-", "--allow", base}, text);
        }
        QVERIFY2(all.contains("\"name\":\"Two\"") && all.contains("\"name\":\"Three\""), all.constData());
        cli({"--workspace", "w", "matrix", "export", "--format", "wfc", "-o", "wfc.yaml"});
        QVERIFY(QFile::exists(folder.filePath("wfc.yaml")));

        cli({"token", "status", "--timeline"});
        cli({"token", "status", "--timeline", "--json"});
        QVERIFY2(seen.contains(QByteArray("Authorization: Bearer " + secret)), "the secret was sent at all");
        QVERIFY2(all.contains("Canary"), "the programs said something");
        QVERIFY2(firstLeak(all, secret).isEmpty(), firstLeak(all, secret).constData());
        const QMap<QString, QByteArray> files = writtenFiles(folder.path());
        QVERIFY(!files.isEmpty());
        for (auto it = files.cbegin(); it != files.cend(); ++it)
            QVERIFY2(firstLeak(it.value() + it.key().toUtf8(), secret).isEmpty(), qPrintable(it.key()));
    }

    /// The secrets of a grant and of every other kind: obtained, refreshed, refused, asked about, revoked.
    void nothingOfOtherKindsLeaks() {
        QTemporaryDir folder;
        const QByteArray client = "client" + newSecret();
        const QByteArray access = "access" + QUuid::createUuid().toByteArray(QUuid::Id128);
        const QByteArray refresh = "refresh" + QUuid::createUuid().toByteArray(QUuid::Id128);
        kb::test::AnsweringServer server;
        bool broken = false;
        QList<QByteArray> known{client, access, refresh}; // what the profile in use has
        server.answer = [&](const QByteArray& request) -> kb::test::AnsweringServer::Answer {
            QByteArray status = "200 OK";
            QByteArray body = "{\"echo\":\"" + client + ' ' + access + ' ' + refresh + "\"}";
            if (request.startsWith("POST /token")) {
                body = "{\"access_token\":\"" + access + "\",\"refresh_token\":\"" + refresh +
                       "\",\"token_type\":\"Bearer\",\"expires_in\":1}";
                if (broken) body = "<html>" + refresh + client + access;
            }
            if (request.startsWith("POST /introspect"))
                body = "{\"active\":true,\"sub\":\"" + access + "\",\"x\":\"" + client + "\"}";
            if (request.startsWith("GET /me"))
                body = "{\"sub\":\"" + access + "\",\"" + refresh + "\":\"" + client + "\"}";
            const QByteArray here = server.url().toLatin1();
            if (request.startsWith("GET /.well-known"))
                body = "{\"issuer\":\"" + here + "\",\"token_endpoint\":\"" + here +
                       "/token\",\"registration_endpoint\":\"" + here + "/register\"}";
            if (request.startsWith("POST /register"))
                body = "{\"client_id\":\"c1\",\"client_secret\":\"" + client +
                       "\",\"registration_access_token\":\"" + refresh + "\",\"registration_client_uri\":\"" +
                       here + "/register/c1\",\"note\":\"" + access + "\"}";
            QByteArray extra;
            if (request.startsWith("GET /deny"))
                status = "401 Unauthorized",
                extra = "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"" + access +
                        "\"\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n";
            return {status, body, extra};
        };
        const QString base = server.url();
        QByteArray all;
        const auto cli = [&](const QStringList& arguments, const QByteArray& input = {}) {
            QProcess process;
            process.setWorkingDirectory(folder.path());
            process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"), arguments);
            process.write(input);
            process.closeWriteChannel();
            QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000));
            const QByteArray said = process.readAllStandardOutput() + process.readAllStandardError();
            for (const QByteArray& secret : std::as_const(known))
                QVERIFY2(firstLeak(said, secret).isEmpty(),
                         QByteArray(arguments.join(' ').toUtf8() + ": " + said).constData());
            all += said;
        };
        cli({"profile", "add", "Grant", "--kind", "oauth2", "--grant", "client_credentials", "--client-id",
             "app", "--token-url", base + "/token", "--introspection-url", base + "/introspect",
             "--revocation-url", base + "/revoke", "--userinfo-url", base + "/me", "--allow", base},
            client);
        cli({"token", "login", "Grant"});
        QTest::qWait(1200); // the token's whole life
        for (const char* path : {"/echo", "/deny"}) {
            cli({"send", "--as", "Grant", "--include", base + path});
            cli({"send", "--as", "Grant", "--json", base + path});
        }
        for (const char* what : {"refresh", "introspect", "userinfo", "rotate"}) {
            cli({"token", what, "Grant"});
            cli({"token", what, "Grant", "--json"});
        }
        cli({"token", "rotate", "Grant", "--try-old", base + "/echo"});
        cli({"profile", "show", "Grant", "--json"});
        cli({"token", "status", "--json"});
        broken = true;
        cli({"token", "refresh", "Grant"});
        cli({"token", "refresh", "Grant", "--json"});
        cli({"token", "revoke", "Grant", "--json"});

        // A client that the server makes, with the token to register with on standard input.
        broken = false;
        cli({"profile", "register", "Made", "--issuer", base, "--grant", "client_credentials", "--allow",
             base, "--token-stdin", "--json"},
            access);
        cli({"token", "login", "Made", "--json"});
        cli({"profile", "show", "Made", "--json"});
        cli({"profile", "unregister", "Made", "--json"});

        // Keys that go along with a token.
        known = {client, access, refresh};
        cli({"profile", "add", "Several", "--kind", "bearer", "--allow", base}, access);
        cli({"profile", "add-key", "Several", "--name", "X-App-Key"}, client);
        cli({"profile", "add-key", "Several", "--name", "app", "--in", "query"}, refresh);
        cli({"send", "--as", "Several", "--json", base + "/deny"});
        cli({"send", "--as", "Several", "--include", base + "/echo"});
        cli({"profile", "show", "Several", "--json"});
        cli({"export", "--format", "curl"});

        known = {client};
        const QList<QStringList> kinds = {
            {"--kind", "digest", "--user", "ada"},
            {"--kind", "template", "--name", "X-Auth", "--template", "Token {{secret}}"},
            {"--kind", "sigv4", "--access-key-id", "AKIDEXAMPLE", "--region", "r", "--service", "s"},
            {"--kind", "jwt", "--alg", "HS256"},
            {"--kind", "http-signature", "--alg", "hmac-sha256", "--component", "@method"}};
        for (qsizetype at = 0; at < kinds.size(); ++at) {
            const QString name = QStringLiteral("Kind%1").arg(at);
            cli(QStringList{"profile", "add", name, "--allow", base} + kinds[at], client);
            cli({"send", "--as", name, "--json", base + "/deny"});
            cli({"send", "--as", name, "--include", base + "/echo"});
        }

        const QByteArray seen = server.asked.join();
        QVERIFY2(seen.contains(QByteArray("Authorization: Bearer " + access)), "the token was sent at all");
        QVERIFY2(seen.contains("POST /register") && seen.contains("DELETE /register/c1"),
                 "a client was made and ended");
        QVERIFY2(seen.contains(QByteArray("X-App-Key: " + client)), "the key went along");
        QVERIFY2(seen.contains("GET /me"), "userinfo was asked at all");
        QVERIFY2(seen.contains(QByteArray("refresh_token=" + refresh)), "it was refreshed at all");
        QVERIFY2(seen.contains(QByteArray("X-Auth: Token " + client)), "the header was sent at all");
        for (const char* field :
             {"Digest username=", "AWS4-HMAC-SHA256 Credential=", "Signature-Input: sig1="})
            QVERIFY2(seen.contains(field), field);
        QVERIFY2(all.contains("Rotated"), "the programs said something");
        for (const QByteArray& secret : {client, access, refresh}) {
            const QMap<QString, QByteArray> files = writtenFiles(folder.path());
            for (auto it = files.cbegin(); it != files.cend(); ++it)
                QVERIFY2(firstLeak(it.value() + it.key().toUtf8(), secret).isEmpty(), qPrintable(it.key()));
        }
    }

    /// The redirect to another origin arrives there without the credential.
    void redirectDropsTheCredential() {
        QTemporaryDir folder;
        const QByteArray secret = newSecret();
        QTcpServer home;
        QTcpServer away;
        QVERIFY(home.listen(QHostAddress::LocalHost));
        QVERIFY(away.listen(QHostAddress::LocalHost));
        QByteArray atHome;
        QByteArray atAway;
        const auto serve = [this](QTcpServer& server, QByteArray& seen, const QByteArray& answer) {
            connect(&server, &QTcpServer::newConnection, this, [&server, &seen, answer] {
                QTcpSocket* socket = server.nextPendingConnection();
                connect(socket, &QTcpSocket::readyRead, socket, [&seen, socket, answer] {
                    seen += socket->readAll();
                    socket->write(answer);
                    socket->disconnectFromHost();
                });
            });
        };
        serve(home, atHome,
              "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:" +
                  QByteArray::number(away.serverPort()) + "/\r\n\r\n");
        serve(away, atAway,
              "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\nWWW-Authenticate: "
              "Bearer\r\n\r\n");
        QProcess process;
        process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"),
                      {"send", "--bearer-stdin", "--json",
                       QStringLiteral("http://127.0.0.1:%1/").arg(home.serverPort())});
        process.write(secret);
        process.closeWriteChannel();
        QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, 20000);
        QVERIFY(atHome.contains(secret));
        QVERIFY(atAway.contains("GET / "));
        QVERIFY2(firstLeak(atAway, secret).isEmpty(), atAway.constData());
        const QJsonObject json = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QCOMPARE(json.value("hops").toArray().size(), 2);
        QVERIFY(json.value("doctor").toObject().value("cause").toString().contains("redirect"));
    }

#ifdef Q_OS_LINUX
    /// A crash writes no core: the limit is 0 and the process is not dumpable.
    void noCoreDump() {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        QProcess process;
        process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"),
                      {"send", QStringLiteral("http://127.0.0.1:%1/").arg(silent.serverPort())});
        QVERIFY(silent.waitForNewConnection(20000));
        QFile limits(QStringLiteral("/proc/%1/limits").arg(process.processId()));
        QVERIFY(limits.open(QIODevice::ReadOnly));
        const QByteArray text = limits.readAll();
        const QByteArray line = text.mid(text.indexOf("Max core file size")).split('\n').first().simplified();
        QVERIFY2(line.startsWith("Max core file size 0 0"), line.constData());
        process.kill();
        process.waitForFinished(5000);
    }

    /// The variable is gone from the process environment, bytes and all, before anything is sent.
    void environmentIsWiped() {
        const QByteArray secret = newSecret();
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("KEYBEARER_SECRET_CANARY", QString::fromLatin1(secret));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"),
                      {"send", QStringLiteral("http://127.0.0.1:%1/").arg(silent.serverPort())});
        QVERIFY(silent.waitForNewConnection(20000));
        QFile present(QStringLiteral("/proc/%1/environ").arg(process.processId()));
        // Not readable for the user at all is as good: the process is not dumpable.
        const QByteArray text = present.open(QIODevice::ReadOnly) ? present.readAll() : QByteArray();
        QVERIFY2(!text.contains(secret), "the secret is still in the environment");
        process.kill();
        process.waitForFinished(5000);
    }
#endif
};

QTEST_GUILESS_MAIN(TestCanaryCli)
#include "test_canary_cli.moc"
