// SPDX-License-Identifier: GPL-3.0-or-later
// keybearer-cli send, token decode and practice, against the practice API in a process of its own.
#include "cli_process.h"

#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>

class TestCliSend : public QObject {
    Q_OBJECT
    PracticeProcess m_practice;
    QTemporaryDir m_folder;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        return runCli(arguments, input, m_folder.path());
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(!m_practice.url().isEmpty()); }

    void bodyToStandardOutput() {
        const CliResult result = cli({"send", m_practice.url("/health")});
        QCOMPARE(result.exitCode, 0);
        QVERIFY(QJsonDocument::fromJson(result.out).isObject());
        QVERIFY2(result.err.isEmpty(), result.err.constData());
    }

    void includeShowsStatusAndHeaders() {
        const CliResult result = cli({"send", "GET", m_practice.url("/health"), "--include"});
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.out.startsWith("HTTP/1.1 200"), result.out.constData());
        QVERIFY(result.out.toLower().contains("content-type: application/json"));
    }

    void anonymousGets401WithItsSentence() {
        const CliResult result = cli({"send", m_practice.url("/users/12345")});
        QCOMPARE(result.exitCode, 0); // whatever the status
        QVERIFY2(result.err.contains("token"), result.err.constData());
        const QJsonObject json = cli({"send", "--json", m_practice.url("/users/12345")}).json();
        QCOMPARE(json.value("schema_version").toInt(), 1);
        QCOMPARE(json.value("status").toInt(), 401);
        QCOMPARE(json.value("doctor").toObject().value("cause").toString(), "no-credential");
        QVERIFY(!json.value("doctor").toObject().value("evidence").toArray().isEmpty());
    }

    void readerOtherReaderAndExpired() {
        const auto as = [&](const char* name) {
            return cli({"send", "--json", "--bearer-stdin", m_practice.url("/users/12345")},
                       m_practice.secret(name))
                .json();
        };
        const QJsonObject reader = as("Reader");
        QCOMPARE(reader.value("status").toInt(), 200);
        QVERIFY(reader.value("doctor").isNull());
        const QJsonObject other = as("Other reader");
        QCOMPARE(other.value("status").toInt(), 403);
        QCOMPARE(other.value("doctor").toObject().value("cause").toString(), "insufficient-scope");
        const QJsonObject expired = as("Expired reader");
        QCOMPARE(expired.value("status").toInt(), 401);
        QCOMPARE(expired.value("doctor").toObject().value("cause").toString(), "token-expired");
    }

    void jsonHasTheContractsNames() {
        const QJsonObject json = cli({"send", "--json", m_practice.url("/plans")}).json();
        for (const char* name :
             {"status", "http_version", "headers", "body", "timings_ms", "peer_address", "hops", "doctor"})
            QVERIFY2(json.contains(QLatin1String(name)), name);
        const QJsonObject times = json.value("timings_ms").toObject();
        for (const char* name : {"name_lookup", "connect", "tls", "first_byte", "total"})
            QVERIFY2(times.contains(QLatin1String(name)), name);
        QVERIFY(times.value("total").toDouble() > 0);
        QVERIFY(times.value("tls").isNull());
        QVERIFY(json.value("headers").toArray().first().isArray());
        QCOMPARE(json.value("hops").toArray().size(), 1);
        QVERIFY(json.value("peer_address").toString().startsWith("127.0.0.1:"));
    }

    void failGivesOne() {
        QCOMPARE(cli({"send", "--fail", m_practice.url("/users")}).exitCode, 1);
        QCOMPARE(cli({"send", "--fail", m_practice.url("/health")}).exitCode, 0);
    }

    void noAnswerIsThree() {
        QTcpServer taken; // a port that nothing listens on any more
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        const QString url = QStringLiteral("http://127.0.0.1:%1/").arg(taken.serverPort());
        taken.close();
        const CliResult result = cli({"send", "--json", url});
        QCOMPARE(result.exitCode, 3);
        QCOMPARE(result.json().value("error").toObject().value("code").toString(), "connect-failed");
        QVERIFY(result.err.contains("keybearer-cli: "));
    }

    void timeOutIsThree() {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        const CliResult result = cli(
            {"send", "--timeout", "0.3", QStringLiteral("http://127.0.0.1:%1/").arg(silent.serverPort())});
        QCOMPARE(result.exitCode, 3);
    }

    void usageErrorsAreTwo_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no command") << QStringList{};
        QTest::newRow("no URL") << QStringList{"send"};
        QTest::newRow("bad URL") << QStringList{"send", "http://exa mple.com:99999/"};
        QTest::newRow("no scheme") << QStringList{"send", "example.com"};
        QTest::newRow("header without colon") << QStringList{"send", "-H", "nonsense", "http://127.0.0.1:1/"};
        QTest::newRow("line break in header")
            << QStringList{"send", "-H", "X: a\r\nY: b", "http://127.0.0.1:1/"};
        QTest::newRow("bad method") << QStringList{"send", "GE T", "http://127.0.0.1:1/"};
        QTest::newRow("unknown variable") << QStringList{"send", "http://127.0.0.1:1/{{nobody}}"};
        QTest::newRow("unknown option") << QStringList{"send", "--nope", "http://127.0.0.1:1/"};
        QTest::newRow("profile without workspace")
            << QStringList{"send", "--as", "Reader", "http://127.0.0.1:1/"};
        QTest::newRow("body twice") << QStringList{
            "send", "-d", "x", "--data-file", "/etc/hostname", "http://127.0.0.1:1/"};
        QTest::newRow("missing body file")
            << QStringList{"send", "--data-file", "/nonexistent/file", "http://127.0.0.1:1/"};
        QTest::newRow("unknown defect") << QStringList{"practice", "--defect", "nope"};
    }
    void usageErrorsAreTwo() {
        QFETCH(QStringList, arguments);
        const CliResult result = cli(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY(!result.err.isEmpty());
        QVERIFY2(result.out.isEmpty(), result.out.constData());
    }

    /// What goes out is what was typed: seen by a listener that keeps the raw bytes.
    void exactBytesOnTheWire() {
        QTcpServer listener;
        QVERIFY(listener.listen(QHostAddress::LocalHost));
        QByteArray received;
        connect(&listener, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = listener.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [&received, socket] {
                received += socket->readAll();
                if (!received.contains("\r\n\r\n")) return;
                socket->write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                socket->disconnectFromHost();
            });
        });
        QProcess process;
        process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"),
                      {"send",
                       QStringLiteral("http://127.0.0.1:%1/a/../b//x/%7E?q=%2f&q").arg(listener.serverPort()),
                       "-H", "X-Twice: 1", "-H", "X-Twice: 2", "-H", "Accept:", "-H", "User-Agent:"});
        QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, 20000);
        QCOMPARE(process.exitCode(), 0);
        QVERIFY2(received.startsWith("GET /a/../b//x/%7E?q=%2f&q HTTP/1.1\r\n"), received.constData());
        QVERIFY(received.contains("X-Twice: 1\r\nX-Twice: 2\r\n"));
        QVERIFY(!received.contains("Accept: "));
        QVERIFY(!received.contains("User-Agent"));
    }

    void binaryBodyFromFile() {
        QFile file(m_folder.filePath("body.bin"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray bytes = QByteArray::fromHex("00ff10fe80") + "{{x}}";
        file.write(bytes);
        file.close();
        QTcpServer listener;
        QVERIFY(listener.listen(QHostAddress::LocalHost));
        QByteArray received;
        connect(&listener, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = listener.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [&, socket] {
                received += socket->readAll();
                if (!received.endsWith(bytes)) return;
                socket->write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
                socket->write(QByteArray("\xff\x00\x01", 3));
                socket->disconnectFromHost();
            });
        });
        QProcess process;
        process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"),
                      {"send", "--json", "--data-file", file.fileName(),
                       QStringLiteral("http://127.0.0.1:%1/").arg(listener.serverPort())});
        QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, 20000);
        QVERIFY(received.startsWith("POST / "));
        const QJsonObject json = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QVERIFY(!json.contains("body"));
        QCOMPARE(QByteArray::fromBase64(json.value("body_base64").toString().toLatin1()),
                 QByteArray("\xff\x00\x01", 3));
    }

    void decodeSaysThatItVerifiesNothing() {
        const CliResult plain = cli({"token", "decode"}, m_practice.secret("Reader"));
        QCOMPARE(plain.exitCode, 0);
        QVERIFY(plain.out.contains("not verified"));
        QVERIFY2(QRegularExpression("issued .*\\((now|[0-9]+ (s|min|h) ago)\\)").match(plain.out).hasMatch(),
                 qPrintable(plain.out));
        QVERIFY(QRegularExpression("expires .*\\(in [0-9]+ (s|min|h|d)\\)").match(plain.out).hasMatch());
        const QJsonObject json =
            cli({"token", "decode", "--json"}, "Bearer " + m_practice.secret("Reader")).json();
        QCOMPARE(json.value("verified").toBool(true), false);
        QCOMPARE(json.value("header").toObject().value("alg").toString(), "RS256");
        QVERIFY(json.value("claims").toObject().contains("scope"));
        QVERIFY(json.value("times").toObject().value("expires").toDouble() > 0);
        QVERIFY(json.value("hygiene").isArray());
    }

    void decodeOfBrokenAndOfNothing() {
        QCOMPARE(cli({"token", "decode"}, "eyJhbGciOiJSUzI1NiJ9.e30=.x").exitCode, 1);
        QCOMPARE(cli({"token", "decode"}, "").exitCode, 2);
        const CliResult opaque = cli({"token", "decode", "--json"}, "c0ffee00c0ffee00c0ffee00c0ffee00");
        QCOMPARE(opaque.exitCode, 0);
        QVERIFY(opaque.json().value("header").isNull());
    }

    void practiceListsItsDefects() {
        const CliResult result = cli({"practice", "--list-defects", "--json"});
        QCOMPARE(result.exitCode, 0);
        QStringList names;
        for (const QJsonValue& defect : result.json().value("defects").toArray())
            names << defect.toObject().value("name").toString();
        for (const char* name : {"ignore-exp", "accept-none", "hs-confusion", "trust-jwk", "skip-aud",
                                 "skip-scope", "bola", "existence-oracle", "500-on-deny",
                                 "200-with-error-body", "redirect-other-origin", "reflect-token"})
            QVERIFY2(names.contains(QLatin1String(name)), name);
    }

    void defectFromTheCommandLine() {
        PracticeProcess faulty({"ignore-exp"});
        const CliResult result = cli({"send", "--json", "--bearer-stdin", faulty.url("/users/12345")},
                                     faulty.secret("Expired reader"));
        QCOMPARE(result.json().value("status").toInt(), 200);
    }

    void quietKeepsErrors() {
        QVERIFY(cli({"send", "--quiet", m_practice.url("/users")}).err.isEmpty());
        QVERIFY(!cli({"send", "--quiet", "nonsense"}).err.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCliSend)
#include "test_cli_send.moc"
