// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli profile and token status, with a real keyring.
#include "cli_process.h"
#include "tests/support/raw_server.h"

#include <QCryptographicHash>
#include <QTcpServer>
#include <QTcpSocket>

class TestCliProfile : public QObject {
    Q_OBJECT
    PracticeProcess m_practice;
    std::unique_ptr<QTemporaryDir> m_folder;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {},
                  const QMap<QString, QString>& extra = {}) {
        return runCli(arguments, input, m_folder->path(), extra);
    }
    CliResult add(const QString& name, const QByteArray& secret, const QStringList& more = {}) {
        return cli(QStringList{"profile", "add", name, "--kind", "bearer", "--allow", m_practice.url()} +
                       more,
                   secret);
    }
    void edit(const QString& before, const QByteArray& after) {
        QFile file(rootFile());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray text = file.readAll();
        QVERIFY(text.contains(before.toUtf8()));
        text.replace(before.toUtf8(), after);
        file.resize(0);
        file.write(text);
    }
    QString rootFile() const { return m_folder->filePath("opencollection.yml"); }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void addMakesTheWorkspaceAndSends() {
        const CliResult added = add("Reader", "Bearer " + m_practice.secret("Reader") + "\n");
        QVERIFY2(added.exitCode == 0, added.err.constData());
        QVERIFY(QFile::exists(rootFile()));
        const CliResult sent = cli({"send", "--json", "--as", "Reader", m_practice.url("/users/12345")});
        QVERIFY2(sent.exitCode == 0, sent.err.constData());
        QCOMPARE(sent.json().value("status").toInt(), 200);
    }

    void aClientCertificateIsShownToItsServer() {
        kb::test::RawServer server;
        QVERIFY(server.start({"--tls"}));
        const QString origin = server.tlsUrl("", "mutual"), folder = server.file("certificates");
        const QStringList send{"send", origin + "/", "--cacert", server.file("ca"), "--as"};
        // Alone, from PKCS#12 with its passphrase on standard input.
        const CliResult robot = cli({"profile", "add", "Robot", "--kind", "client-certificate", "--allow",
                                     origin, "--client-cert", folder + "/client.p12"},
                                    "open sesame\n");
        QVERIFY2(robot.exitCode == 0, robot.err.constData());
        const CliResult sent = cli(send + QStringList{"Robot"});
        QCOMPARE(sent.out, QByteArray("robot"));
        // Beside a token, in two files.
        QCOMPARE(cli({"profile", "add", "Both", "--kind", "bearer", "--allow", origin, "--client-cert",
                      folder + "/client.pem", "--client-key", folder + "/client.key"},
                     "token-0123456789")
                     .exitCode,
                 0);
        QCOMPARE(cli(send + QStringList{"Both"}).out, QByteArray("robot"));
        // Its end is told beside the token's.
        const QJsonObject status =
            cli({"token", "status", "Both", "--json"}).json().value("tokens").toArray().first().toObject();
        QVERIFY2(status.value("certificate_expires").toDouble() > double(QDateTime::currentSecsSinceEpoch()),
                 QJsonDocument(status).toJson().constData());
        const CliResult told = cli({"token", "status", "Both"});
        QVERIFY2(told.out.contains("The client certificate expires in "), told.out.constData());
        QCOMPARE(cli({"profile", "set", "Both", "--secret-stdin"}, "token-other-6789").exitCode, 0);
        QCOMPARE(cli(send + QStringList{"Both"}).out, QByteArray("robot"));
        QCOMPARE(cli({"profile", "set", "Both", "--no-client-cert"}).exitCode, 0);
        QCOMPARE(cli(send + QStringList{"Both"}).out, QByteArray("nobody"));
        // From the environment, for CI.
        QCOMPARE(cli({"profile", "add", "Ci", "--kind", "client-certificate", "--allow", origin, "--storage",
                      "memory"})
                     .exitCode,
                 0);
        QFile pem(folder + "/client-both.pem");
        QVERIFY(pem.open(QIODevice::ReadOnly));
        const QByteArray text = pem.readAll();
        QCOMPARE(cli(send + QStringList{"Ci"}, {}, {{"KEYBEARER_SECRET_CI", QString::fromUtf8(text)}}).out,
                 QByteArray("robot"));
        // What is wrong is said before anything is kept; no key is in any file or output.
        const CliResult wrong = cli({"profile", "add", "Wrong", "--kind", "client-certificate", "--allow",
                                     origin, "--client-cert", folder + "/client.p12"},
                                    "close\n");
        QCOMPARE(wrong.exitCode, 2);
        QVERIFY2(wrong.err.contains("passphrase"), wrong.err.constData());
        QCOMPARE(cli({"profile", "add", "Wrong", "--kind", "bearer", "--allow", origin, "--client-cert",
                      folder + "/client.p12"},
                     "token-0123456789")
                     .exitCode,
                 2);
        const QByteArray key = text.mid(text.indexOf('\n') + 1, 60);
        const CliResult shown = cli({"profile", "list", "--json"});
        QVERIFY(firstLeak(shown.out + sent.out + sent.err, key).isEmpty());
        for (const QByteArray& each : filesBelow(m_folder->path()))
            QVERIFY(!each.contains("PRIVATE KEY") && firstLeak(each, key).isEmpty());
    }

    /// RFC 8705 §3.1: whose certificate the token is bound to.
    void statusSaysWhoseCertificateATokenIsBoundTo() {
        kb::test::RawServer server;
        QVERIFY(server.start({"--tls"}));
        const QString origin = server.tlsUrl("", "mutual"), folder = server.file("certificates");
        QFile pem(folder + "/client.pem");
        QVERIFY(pem.open(QIODevice::ReadOnly));
        const QByteArray text = pem.readAll(), begin = "-----BEGIN CERTIFICATE-----";
        const qsizetype from = text.indexOf(begin) + begin.size();
        const QByteArray der = QByteArray::fromBase64(text.mid(from, text.indexOf("-----END", from) - from));
        QVERIFY(!der.isEmpty());
        const auto part = [](const QByteArray& bytes) {
            return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        };
        const auto token = [&](const QByteArray& claims) {
            return QByteArray(part("{\"alg\":\"ES256\"}") + '.' + part(claims) + '.' + part("signature"));
        };
        const auto bound = [&](const QByteArray& thumbprint) {
            return token("{\"cnf\":{\"x5t#S256\":\"" + thumbprint + "\"}}");
        };
        const QByteArray own = bound(part(QCryptographicHash::hash(der, QCryptographicHash::Sha256)));
        const CliResult added =
            cli({"profile", "add", "Both", "--kind", "bearer", "--allow", origin, "--client-cert",
                 folder + "/client.pem", "--client-key", folder + "/client.key"},
                own);
        QVERIFY2(added.exitCode == 0, added.err.constData());
        const auto said = [&] {
            return cli({"token", "status", "Both", "--json"})
                .json()
                .value("tokens")
                .toArray()
                .first()
                .toObject()
                .value("binding")
                .toArray();
        };
        const auto set = [&](const QByteArray& secret) {
            return cli({"profile", "set", "Both", "--secret-stdin"}, secret).exitCode;
        };
        QCOMPARE(said(), QJsonArray{"The token is bound to the profile's client certificate."});
        QVERIFY(cli({"token", "status", "Both"}).out.contains("  binding    The token is bound to the "));
        QCOMPARE(set(bound(part(QByteArray(32, 'x')))), 0);
        QCOMPARE(said(), QJsonArray{"The token is bound to another client certificate than the profile's."});
        // A certificate may be for the connection alone: of a token that names none nothing is said.
        QCOMPARE(set(token("{\"sub\":\"ada\"}")), 0);
        QCOMPARE(said(), QJsonArray());
        QCOMPARE(set("token-0123456789"), 0);
        QCOMPARE(said(), QJsonArray());
        QCOMPARE(set(own), 0);
        QCOMPARE(cli({"profile", "set", "Both", "--no-client-cert"}).exitCode, 0);
        QCOMPARE(said(), QJsonArray{"The token is bound to a client certificate, and the profile has none."});
    }

    void listAndShowPrintNoSecret() {
        const QByteArray secret = m_practice.secret("Reader");
        add("Reader", secret);
        for (const QStringList& arguments :
             {QStringList{"profile", "list"}, QStringList{"profile", "show", "Reader"},
              QStringList{"profile", "list", "--json"}, QStringList{"profile", "show", "Reader", "--json"}}) {
            const CliResult result = cli(arguments);
            QCOMPARE(result.exitCode, 0);
            QVERIFY(result.out.contains("Reader"));
            QVERIFY(firstLeak(result.out + result.err, secret).isEmpty());
        }
    }

    void elsewhereIsRefusedBeforeSending() {
        add("Reader", m_practice.secret("Reader"));
        const QString elsewhere = m_practice.url("/users/12345").replace("127.0.0.1", "localhost");
        const CliResult sent = cli({"send", "--json", "--as", "Reader", elsewhere});
        QCOMPARE(sent.exitCode, 2);
        QCOMPARE(sent.json().value("error").toObject().value("code").toString(), "origin-refused");
    }

    void withoutAllowItGoesNowhereUntilSet() {
        QCOMPARE(cli({"profile", "add", "Reader", "--kind", "bearer"}, m_practice.secret("Reader")).exitCode,
                 0);
        QCOMPARE(cli({"send", "--as", "Reader", m_practice.url("/me")}).exitCode, 2);
        QCOMPARE(cli({"profile", "set", "Reader", "--allow", m_practice.url()}).exitCode, 0);
        QCOMPARE(cli({"send", "--as", "Reader", m_practice.url("/me")}).exitCode, 0);
    }

    /// A pulled edit of the workspace file must not redirect a secret.
    void changedFileStopsTheSend() {
        add("Reader", m_practice.secret("Reader"));
        edit(m_practice.url(), "http://localhost:1");
        const CliResult moved = cli({"send", "--json", "--as", "Reader", "http://localhost:1/"});
        QCOMPARE(moved.exitCode, 2);
        const CliResult old = cli({"send", "--json", "--as", "Reader", m_practice.url("/me")});
        QCOMPARE(old.exitCode, 2);
        QCOMPARE(old.json().value("error").toObject().value("code").toString(), "consent-needed");
    }

    /// A new secret is no consent to what somebody wrote into the file since: only --allow is.
    void newSecretConfirmsNoEditOfTheFile() {
        add("Reader", "not-a-good-token-at-all");
        edit(m_practice.url(), "http://localhost:1");
        QCOMPARE(cli({"profile", "set", "Reader", "--secret-stdin"}, m_practice.secret("Reader")).exitCode,
                 0);
        const CliResult moved = cli({"send", "--json", "--as", "Reader", "http://localhost:1/"});
        QCOMPARE(moved.exitCode, 2);
        const QJsonObject error = moved.json().value("error").toObject();
        QCOMPARE(error.value("code").toString(), "consent-needed");
        QVERIFY2(error.value("next").toString().contains("profile set Reader --allow"),
                 moved.out.constData());
        QCOMPARE(cli({"profile", "set", "Reader", "--allow", m_practice.url()}).exitCode, 0);
        QCOMPARE(
            cli({"send", "--json", "--as", "Reader", m_practice.url("/me")}).json().value("status").toInt(),
            200);
    }

    /// Without a record before it, a new secret may go nowhere, whatever the file says.
    void secretForAProfileOfTheFileAlone() {
        add("Reader", "not-a-good-token-at-all");
        QFile file(rootFile());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        file.close();
        QCOMPARE(cli({"profile", "remove", "Reader"}).exitCode, 0);
        QVERIFY(file.open(QIODevice::WriteOnly)); // as a colleague's checkout would have it: no item here
        file.write(text);
        file.close();
        QCOMPARE(cli({"profile", "set", "Reader", "--secret-stdin"}, m_practice.secret("Reader")).exitCode,
                 0);
        QCOMPARE(cli({"send", "--as", "Reader", m_practice.url("/me")}).exitCode, 2);
    }

    void plainHttpBeyondLoopback() {
        add("Reader", "some-opaque-token", {"--allow", "http://api.example"});
        // Consented by its explicit --allow: the next thing is a name that does not exist.
        const QMap<QString, QString> noProxy{{"http_proxy", ""}, {"no_proxy", "*"}};
        QCOMPARE(cli({"send", "--as", "Reader", "http://api.example/"}, {}, noProxy).exitCode, 3);
        QCOMPARE(cli({"send", "--as", "Reader", "http://other.example/"}, {}, noProxy).exitCode, 2);
    }

    void refusedFlagsMakeNothing() {
        QCOMPARE(cli({"profile", "add", "A", "--kind", "basic"}, "secret").exitCode, 2);
        QCOMPARE(cli({"profile", "add", "A", "--kind", "bearer"}, "").exitCode, 2);
        QCOMPARE(cli({"profile", "add", "A", "--kind", "bearer", "--env", "One"}, "secret").exitCode, 2);
        QVERIFY(!QFile::exists(rootFile()));
    }

    void unknownEnvironment() {
        add("Reader", "some-opaque-token");
        QCOMPARE(cli({"profile", "add", "A", "--kind", "bearer", "--env", "None"}, "secret").exitCode, 2);
        QCOMPARE(cli({"profile", "set", "Reader", "--env", "None", "--secret-stdin"}, "secret").exitCode, 2);
        QCOMPARE(cli({"token", "status", "Reader", "--env", "None"}).exitCode, 2);
    }

    /// What cannot be saved leaves no secret behind.
    void fullDisk() {
        add("Reader", "some-opaque-token");
        const auto items = [] {
            QProcess tool;
            tool.setProcessChannelMode(QProcess::MergedChannels);
            tool.start("secret-tool", {"search", "--all", "server", "Keybearer"});
            return tool.waitForFinished(20000) ? tool.readAllStandardOutput().count("attribute.user") : -1;
        };
        const qsizetype before = items();
        QVERIFY(before > 0);
        QProcess shell; // no file may grow, which is what a full disk looks like
        shell.setWorkingDirectory(m_folder->path());
        shell.start("/bin/sh", {"-c", QStringLiteral("trap '' XFSZ; ulimit -f 0; exec '" KB_BIN_DIR
                                                     "/keybearer-cli' profile add Other --kind bearer")});
        QVERIFY(shell.waitForStarted(20000));
        shell.write("another-opaque-token");
        shell.closeWriteChannel();
        QVERIFY(shell.waitForFinished(30000));
        QCOMPARE(shell.exitCode(), 2);
        QCOMPARE(items(), before);
        QVERIFY(!cli({"profile", "list"}).out.contains("Other"));
    }

    /// A password is sent as it is, whatever a token in its place would lose.
    void passwordsAreLeftAlone() {
        const QByteArray password = "Bearer \"of arms\" ";
        QCOMPARE(cli({"profile", "add", "B", "--kind", "basic", "--user", "u", "--allow", m_practice.url()},
                     password + "\n")
                     .exitCode,
                 0);
        QTcpServer listener;
        QVERIFY(listener.listen(QHostAddress::LocalHost));
        const QString origin = QStringLiteral("http://127.0.0.1:%1").arg(listener.serverPort());
        QCOMPARE(cli({"profile", "set", "B", "--allow", origin}).exitCode, 0);
        QByteArray received;
        connect(&listener, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = listener.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [&received, socket] {
                received += socket->readAll();
                socket->write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                socket->disconnectFromHost();
            });
        });
        QProcess process;
        process.setWorkingDirectory(m_folder->path());
        process.start(KB_BIN_DIR "/keybearer-cli", {"send", "--as", "B", origin});
        QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, 20000);
        const QByteArray wanted = "Authorization: Basic " + QByteArray("u:" + password).toBase64() + "\r\n";
        QVERIFY2(received.contains(wanted), received.constData());
    }

    void jsonHasTheContractsNames() {
        add("Reader", m_practice.secret("Reader"));
        const QJsonObject token =
            cli({"token", "status", "Reader", "--json"}).json().value("tokens").toArray().first().toObject();
        for (const char* name :
             {"profile", "state", "issued", "expires", "seconds_left", "scopes", "refreshable"})
            QVERIFY2(token.contains(QLatin1String(name)), name);
        const QJsonObject shown = cli({"profile", "show", "Reader", "--json"}).json();
        for (const char* name : {"schema_version", "name", "id", "kind", "storage", "bindings"})
            QVERIFY2(shown.contains(QLatin1String(name)), name);
        for (const QStringList& arguments :
             {QStringList{"profile", "set", "Reader", "--expires", "+1h", "--json"},
              QStringList{"profile", "list", "--json"}, QStringList{"profile", "remove", "Reader", "--json"}})
            QCOMPARE(cli(arguments).json().value("schema_version").toInt(), 1);
    }

    void apiKeyInHeaderAndQuery() {
        const QByteArray key = m_practice.secret("Partner API key");
        QCOMPARE(cli({"profile", "add", "Key", "--kind", "api-key", "--name", "X-API-Key", "--allow",
                      m_practice.url()},
                     key)
                     .exitCode,
                 0);
        QCOMPARE(cli({"send", "--json", "--as", "Key", m_practice.url("/me")}).json().value("status").toInt(),
                 200);
        QCOMPARE(cli({"profile", "add", "InQuery", "--kind", "api-key", "--in", "query", "--name", "key",
                      "--allow", m_practice.url()},
                     key)
                     .exitCode,
                 0);
        const CliResult sent = cli({"send", "--json", "--as", "InQuery", m_practice.url("/health")});
        QVERIFY(!sent.err.isEmpty()); // the warning that such a key deserves
        QVERIFY(firstLeak(sent.out + sent.err, key).isEmpty());
    }

    void statusTellsTheState() {
        add("Reader", m_practice.secret("Reader"));
        add("Old", m_practice.secret("Expired reader"));
        add("Opaque", "c0ffee00c0ffee00c0ffee00c0ffee00");
        add("Dated", "deadbeefdeadbeefdeadbeefdeadbeef", {"--expires", "+10m"});
        const QJsonArray tokens = cli({"token", "status", "--json"}).json().value("tokens").toArray();
        QMap<QString, QJsonObject> by;
        for (const QJsonValue& token : tokens)
            by.insert(token.toObject().value("profile").toString(), token.toObject());
        QCOMPARE(by["Reader"].value("state").toString(), "valid");
        QVERIFY(by["Reader"].value("seconds_left").toDouble() > 0);
        QVERIFY(by["Reader"].value("scopes").toArray().contains("users:read"));
        QCOMPARE(by["Reader"].value("refreshable").toBool(true), false);
        QCOMPARE(by["Old"].value("state").toString(), "expired");
        QVERIFY(by["Old"].value("seconds_left").toDouble() < 0);
        QCOMPARE(by["Opaque"].value("state").toString(), "no-expiry-known");
        QVERIFY(by["Opaque"].value("expires").isNull());
        QCOMPARE(by["Dated"].value("state").toString(), "valid");
        QCOMPARE(cli({"token", "status", "Nobody"}).exitCode, 2);
    }

    void environmentNeedsNoKeychain() {
        QCOMPARE(cli({"profile", "add", "CI bot", "--kind", "bearer", "--storage", "memory", "--allow",
                      m_practice.url()})
                     .exitCode,
                 0);
        QCOMPARE(cli({"send", "--as", "CI bot", m_practice.url("/me")}).exitCode,
                 2); // says which variable to set
        const QMap<QString, QString> secret{
            {"KEYBEARER_SECRET_CI_BOT", QString::fromUtf8(m_practice.secret("Reader"))},
            {"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"}};
        const CliResult sent = cli({"send", "--json", "--as", "CI bot", m_practice.url("/me")}, {}, secret);
        QVERIFY2(sent.exitCode == 0, sent.err.constData());
        QCOMPARE(sent.json().value("status").toInt(), 200);
    }

    void twoNamesForOneVariable() {
        for (const char* name : {"CI bot", "CI-bot"})
            QCOMPARE(cli({"profile", "add", name, "--kind", "bearer", "--storage", "memory", "--allow",
                          m_practice.url()})
                         .exitCode,
                     0);
        QCOMPARE(
            cli({"send", "--as", "CI bot", m_practice.url("/me")}, {}, {{"KEYBEARER_SECRET_CI_BOT", "x"}})
                .exitCode,
            2);
    }

    void setReplacesTheSecretAndRemoveDeletesIt() {
        add("Reader", "not-a-good-token-at-all");
        QCOMPARE(
            cli({"send", "--json", "--as", "Reader", m_practice.url("/me")}).json().value("status").toInt(),
            401);
        QCOMPARE(cli({"profile", "set", "Reader", "--secret-stdin"}, m_practice.secret("Reader")).exitCode,
                 0);
        QCOMPARE(
            cli({"send", "--json", "--as", "Reader", m_practice.url("/me")}).json().value("status").toInt(),
            200);
        QCOMPARE(cli({"profile", "remove", "Reader"}).exitCode, 0);
        QVERIFY(!cli({"profile", "list"}).out.contains("Reader"));
        QCOMPARE(cli({"profile", "remove", "Reader"}).exitCode, 2);
    }

    void largeTokens_data() {
        QTest::addColumn<int>("size");
        for (const int size : {3, 6, 20})
            QTest::addRow("%d kB", size) << size * 1024;
    }
    void largeTokens() {
        QFETCH(int, size);
        add("Large", QByteArray(size, 'a'));
        const QJsonArray tokens =
            cli({"token", "status", "Large", "--json"}).json().value("tokens").toArray();
        QCOMPARE(tokens.first().toObject().value("state").toString(), "no-expiry-known");
    }

    void whatWasSwitchedOnIsSwitchedOff() {
        const auto schemeOf = [&](const char* name) {
            QJsonObject found;
            for (const auto& each : cli({"profile", "list", "--json"}).json().value("profiles").toArray())
                if (each.toObject().value("name").toString() == name) found = each.toObject();
            return QJsonDocument(found).toJson();
        };
        QCOMPARE(cli({"profile", "add", "B", "--kind", "basic", "--user", "u", "--latin1"}, "password-of-b")
                     .exitCode,
                 0);
        QVERIFY(schemeOf("B").contains("latin1"));
        QCOMPARE(cli({"profile", "set", "B", "--no-latin1"}).exitCode, 0);
        QVERIFY(!schemeOf("B").contains("latin1"));
        QCOMPARE(cli({"profile", "add", "S", "--kind", "sigv4", "--access-key-id", "AKID", "--region", "eu",
                      "--service", "s3", "--unsigned-payload"},
                     "key-of-s-1234")
                     .exitCode,
                 0);
        QVERIFY(schemeOf("S").contains("unsignedPayload"));
        QCOMPARE(cli({"profile", "set", "S", "--service", "execute-api"}).exitCode, 2);
        QCOMPARE(cli({"profile", "set", "S", "--service", "execute-api", "--no-unsigned-payload"}).exitCode,
                 0);
        QVERIFY(!schemeOf("S").contains("unsignedPayload"));
    }

    void badFlags_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no kind") << QStringList{"A"};
        QTest::newRow("unknown kind") << QStringList{"A", "--kind", "magic"};
        QTest::newRow("origin with path")
            << QStringList{"A", "--kind", "bearer", "--allow", "https://a.example/path"};
        QTest::newRow("field for bearer") << QStringList{"A", "--kind", "bearer", "--name", "X-Key"};
        QTest::newRow("basic without user") << QStringList{"A", "--kind", "basic"};
        QTest::newRow("colon in user") << QStringList{"A", "--kind", "basic", "--user", "a:b"};
        QTest::newRow("unsigned body beyond S3")
            << QStringList{"A",        "--kind", "sigv4",     "--access-key-id", "AKID",
                           "--region", "eu",     "--service", "execute-api",     "--unsigned-payload"};
        QTest::newRow("bad moment") << QStringList{"A", "--kind", "bearer", "--expires", "tomorrow"};
        QTest::newRow("no secret") << QStringList{"A", "--kind", "bearer"};
    }
    void badFlags() {
        QFETCH(QStringList, arguments);
        const QByteArray input = QByteArray(QTest::currentDataTag()) == "no secret" ? "" : "secret-of-a";
        const CliResult result = cli(QStringList{"profile", "add"} + arguments, input);
        QCOMPARE(result.exitCode, 2);
        QVERIFY(!result.err.isEmpty());
        QVERIFY(!result.err.contains("secret-of-a"));
    }
};

QTEST_GUILESS_MAIN(TestCliProfile)
#include "test_cli_profile.moc"
