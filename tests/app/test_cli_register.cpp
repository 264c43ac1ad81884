// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli profile register and unregister (RFC 7591, RFC 7592), against a server of this test.
#include "cli_process.h"

#include <QTcpServer>
#include <QTcpSocket>

class TestCliRegister : public QObject {
    Q_OBJECT
    QTcpServer m_server;
    QTemporaryDir m_folder;
    QByteArrayList m_asked; ///< whole requests
    QByteArray m_registered =
        "{\"client_id\":\"c-77\",\"client_secret\":\"made-by-the-server-1\","
        "\"token_endpoint_auth_method\":\"client_secret_basic\",\"scope\":\"users:read\"";
    bool m_refuse = false;

    QString url(const QString& path = {}) const {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(m_server.serverPort()).arg(path);
    }
    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"), arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000)) return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    void serve(QTcpSocket* socket) {
        const QByteArray request = socket->peek(1 << 20);
        const qsizetype head = request.indexOf("\r\n\r\n");
        if (head < 0) return;
        const qsizetype at = request.toLower().indexOf("content-length:");
        const qsizetype length = at < 0 ? 0 : request.mid(at + 15, 8).simplified().split(' ').first().toInt();
        if (request.size() < head + 4 + length) return;
        m_asked.append(socket->readAll());
        const QByteArray base = url().toLatin1();
        QByteArray status = "200 OK";
        QByteArray body = "{}";
        if (request.startsWith("GET /.well-known/oauth-authorization-server ")) {
            body = "{\"issuer\":\"" + base + "\",\"token_endpoint\":\"" + base +
                   "/token\",\"registration_endpoint\":\"" + base + "/register\"}";
        } else if (request.startsWith("POST /register") && m_refuse) {
            status = "403 Forbidden";
            body = "{\"error\":\"access_denied\",\"error_description\":\"not for you\"}";
        } else if (request.startsWith("POST /register")) {
            status = "201 Created";
            body = m_registered +
                   ",\"registration_access_token\":\"manage-it-9f8e7d6c\",\"registration_client_uri\":\"" +
                   base + "/register/c-77\"}";
        } else if (request.startsWith("DELETE /register/c-77")) {
            status = "204 No Content";
            body.clear();
        } else if (request.startsWith("POST /token")) {
            body = "{\"access_token\":\"the-access-token-77\",\"token_type\":\"Bearer\",\"expires_in\":600}";
        }
        socket->write("HTTP/1.1 " + status +
                      "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                      QByteArray::number(body.size()) + "\r\n\r\n" + body);
        socket->disconnectFromHost();
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_server.listen(QHostAddress::LocalHost));
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket* socket = m_server.nextPendingConnection())
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { serve(socket); });
        });
    }
    void init() { m_asked.clear(); }

    void fromNothingToAToken() {
        const CliResult made = cli({"profile", "register", "Robot", "--issuer", url(), "--grant",
                                    "client_credentials", "--scope", "users:read users:delete", "--allow",
                                    "https://api.test", "--token-stdin", "--json"},
                                   "the-initial-token-42");
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QVERIFY(m_asked.last().contains("Authorization: Bearer the-initial-token-42"));
        const QJsonObject profile = made.json().value("profile").toObject();
        QCOMPARE(profile.value("clientId").toString(), QStringLiteral("c-77"));
        QCOMPARE(profile.value("scopes").toArray().size(), 1); // the server gave one of the two
        QVERIFY(QJsonDocument(made.json().value("findings").toArray()).toJson().contains("scope"));
        for (const char* secret : {"made-by-the-server-1", "manage-it-9f8e7d6c", "the-initial-token-42"})
            QVERIFY(!made.out.contains(secret) && !made.err.contains(secret));
        const CliResult login = cli({"token", "login", "Robot"});
        QVERIFY2(login.exitCode == 0, login.err.constData());
        const QByteArray basic = "Basic " + QByteArray("c-77:made-by-the-server-1").toBase64();
        QVERIFY(m_asked.last().contains(basic));

        const CliResult gone = cli({"profile", "unregister", "Robot"});
        QVERIFY2(gone.exitCode == 0, gone.err.constData());
        QVERIFY(m_asked.last().startsWith("DELETE /register/c-77"));
        QVERIFY(m_asked.last().contains("Authorization: Bearer manage-it-9f8e7d6c"));
        QVERIFY(cli({"profile", "list", "--json"}).json().value("profiles").toArray().isEmpty());
    }

    void whatCanBeRefusedIsRefusedFirst() {
        QCOMPARE(cli({"profile", "register", "A", "--issuer", "http://id.example"}).exitCode, 2);
        QCOMPARE(cli({"profile", "register", "A", "--issuer", url(), "--grant", "magic"}).exitCode, 2);
        QCOMPARE(cli({"profile", "register", "A", "--issuer", url(), "--allow", "nonsense"}).exitCode, 2);
        QVERIFY(m_asked.isEmpty());
        QCOMPARE(cli({"profile", "add", "Taken", "--kind", "bearer"}, "a-pasted-token-1").exitCode, 0);
        QCOMPARE(cli({"profile", "register", "Taken", "--issuer", url()}).exitCode, 2);
        QVERIFY(m_asked.isEmpty());
        const CliResult pasted = cli({"profile", "unregister", "Taken"});
        QCOMPARE(pasted.exitCode, 2);
        QVERIFY(pasted.err.contains("not registered from here"));
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
