// SPDX-License-Identifier: GPL-3.0-or-later
// Secret variables from the command line: into a real keyring, to their own hosts, and into nothing that is
// written or said.
#include "cli_process.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QUuid>

class TestCliEnv : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QTcpServer m_server;
    QByteArray m_seen; ///< what reached the server
    QByteArray m_said; ///< all output
    QByteArray m_secret;
    QString m_base;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {},
                  const QMap<QString, QString>& extra = {}) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (auto each = extra.cbegin(); each != extra.cend(); ++each)
            environment.insert(each.key(), each.value());
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_folder.path());
        process.start(KB_BIN_DIR "/keybearer-cli", arguments);
        process.write(input);
        process.closeWriteChannel();
        // The server runs in this process, so that its event loop must go on.
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000))
            return {-1, {}, {}};
        const CliResult result{process.exitCode(), process.readAllStandardOutput(),
                               process.readAllStandardError()};
        m_said += result.out + result.err;
        return result;
    }
    void write(const QString& name, const QByteArray& text) {
        QFile file(m_folder.filePath(name));
        QVERIFY(QDir().mkpath(QFileInfo(file).path()) && file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray bytes(const QString& name) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void initTestCase() {
        m_secret = "kb+/canary=" + QUuid::createUuid().toByteArray(QUuid::Id128);
        QVERIFY(m_server.listen(QHostAddress::LocalHost));
        m_base = QString("http://127.0.0.1:%1").arg(m_server.serverPort());
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                const QByteArray request = socket->readAll();
                m_seen += request;
                // It repeats what it was told.
                const QByteArray told = request.contains(m_secret) ? m_secret : QByteArray("nothing");
                const QByteArray body = "{\"you\":\"" + told + "\"}";
                socket->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                              "Content-Length: " +
                              QByteArray::number(body.size()) + "\r\nX-Echo: " + told + "\r\n\r\n" + body);
                socket->disconnectFromHost();
            });
        });
        write("opencollection.yml", "opencollection: 1.0.0\ninfo:\n  name: Secrets\n");
        write("environments/Local.yml",
              "name: Local\nvariables:\n  - name: base\n    value: " + m_base.toUtf8() + "\n");
        write("ask.yml",
              "info:\n  name: Ask\n  type: http\nhttp:\n  method: GET\n  url: \"{{base}}/ask?q={{key}}\"\n"
              "  headers:\n    - name: X-Own\n      value: \"{{key}}\"\n");
    }

    void withoutAValueNothingIsSent() {
        m_seen.clear();
        QCOMPARE(cli({"run", "ask.yml"}).exitCode, 2);
        QVERIFY(m_seen.isEmpty());
    }

    void itIsSetAndGoesToItsOwnHost() {
        CliResult set = cli({"env", "set-secret", "key"}, {});
        QCOMPARE(set.exitCode, 2); // a value is not read unasked
        set = cli({"env", "set-secret", "key", "--secret-stdin", "--allow", m_base}, m_secret);
        QVERIFY2(set.exitCode == 0, set.err.constData());
        const QByteArray file = bytes("environments/Local.yml");
        QVERIFY2(file.contains("name: key") && file.contains("secret: true"), file.constData());
        m_seen.clear();
        const CliResult run =
            cli({"run", "ask.yml", "--json", "--report", "html=r.html", "--report", "junit=r.xml"});
        QVERIFY2(run.exitCode == 0, QByteArray(run.out + run.err).constData());
        QVERIFY2(m_seen.contains(QByteArray("X-Own: " + m_secret)), m_seen.constData());
        const CliResult sent =
            cli({"send", m_base + "/again", "-H", "X-Other: {{key}}", "--json", "--include"});
        QVERIFY2(sent.exitCode == 0, sent.err.constData());
        QVERIFY(m_seen.contains(QByteArray("X-Other: " + m_secret)));
        const QJsonArray all = cli({"env", "list", "--json"}).json().value("environments").toArray();
        QCOMPARE(all.first()["secrets"][0]["name"].toString(), QString("key"));
        QVERIFY(all.first()["secrets"][0]["has_secret"].toBool());
    }

    void itGoesNowhereElse() {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const QString there = QString("http://127.0.0.1:%1").arg(other.serverPort());
        const CliResult sent = cli({"send", there + "/?q={{key}}"});
        QCOMPARE(sent.exitCode, 2);
        QVERIFY2(sent.err.contains("may not go to"), sent.err.constData());
        QVERIFY(!other.hasPendingConnections());
        // Nor where a changed file lets it.
        const QByteArray kept = bytes("environments/Local.yml");
        QByteArray changed = kept;
        write("environments/Local.yml",
              changed.replace(QByteArray("- " + m_base.toUtf8()), QByteArray("- " + there.toUtf8())));
        QVERIFY(changed != kept);
        const CliResult pulled = cli({"send", there + "/?q={{key}}"});
        write("environments/Local.yml", kept);
        QCOMPARE(pulled.exitCode, 2);
        QVERIFY(!other.hasPendingConnections());
    }

    void ciReadsItFromTheEnvironment() {
        const CliResult set = cli({"env", "set-secret", "ci_key", "--storage", "memory", "--allow", m_base});
        QVERIFY2(set.exitCode == 0, set.err.constData());
        m_seen.clear();
        const QString url = m_base + "/ci?k={{ci_key}}";
        QCOMPARE(cli({"send", url}).exitCode, 2);
        QVERIFY(m_seen.isEmpty());
        const QByteArray value = "from-ci-" + QUuid::createUuid().toByteArray(QUuid::Id128);
        const CliResult sent =
            cli({"send", url, "--json"}, {}, {{"KEYBEARER_SECRET_CI_KEY", QString::fromUtf8(value)}});
        QVERIFY2(sent.exitCode == 0, sent.err.constData());
        QVERIFY(m_seen.contains(QByteArray("GET /ci?k=" + value)));
        QVERIFY(firstLeak(sent.out + sent.err, value).isEmpty());
    }

    void exportsHoldNone() {
        for (const char* format : {"curl", "postman", "har", "opencollection", "python-requests"}) {
            const CliResult out = cli({"export", "--format", format, "-o", QString("out.") + format});
            QVERIFY2(out.exitCode == 0, out.err.constData());
            const QByteArray text = bytes(QString("out.") + format);
            QVERIFY2(text.contains("KEYBEARER_SECRET_KEY") || text.contains("{{key}}"), text.constData());
        }
    }

    void nothingWasWrittenOrSaid() {
        QVERIFY(m_said.contains("key"));
        QVERIFY2(firstLeak(m_said, m_secret).isEmpty(), firstLeak(m_said, m_secret).constData());
        QMap<QString, QByteArray> files = filesBelow(m_folder.path());
        files.insert(filesBelow(qEnvironmentVariable("XDG_DATA_HOME") + "/keybearer"));
        for (auto each = files.cbegin(); each != files.cend(); ++each)
            QVERIFY2(firstLeak(each.value() + each.key().toUtf8(), m_secret).isEmpty(),
                     qPrintable(each.key()));
        // What does hold it is found.
        write("notes.txt", "the key is " + m_secret);
        const CliResult scan = cli({"scan", "--json"});
        QCOMPARE(scan.exitCode, 1);
        QVERIFY2(scan.out.contains("notes.txt"), scan.out.constData());
    }

    void itIsRemoved() {
        QCOMPARE(cli({"env", "remove-secret", "key"}).exitCode, 0);
        QVERIFY(!bytes("environments/Local.yml").contains("name: key\n"));
        QCOMPARE(cli({"run", "ask.yml"}).exitCode, 2);
        QCOMPARE(cli({"env", "remove-secret", "key"}).exitCode, 2);
    }
};

QTEST_GUILESS_MAIN(TestCliEnv)
#include "test_cli_env.moc"
