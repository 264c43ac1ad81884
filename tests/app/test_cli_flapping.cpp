// SPDX-License-Identifier: GPL-3.0-or-later
// Cells that get now one thing, now another: kept from run to run, and asked twice before they fail.
#include "matrix_workspace.h"

#include <QTcpServer>
#include <QTcpSocket>

class TestCliFlapping : public QObject, MatrixWorkspace {
    Q_OBJECT
    QTcpServer m_server;
    int m_run = 0;
    QMap<QString, int> m_asked; ///< in this run: "reader /things" to how often

    /// 200 and 401 as they should be, but for /things: it fails the reader in every second run and at the
    /// first asking of the fourth, and lets anonymous in at the same times.
    int statusOf(const QString& who, const QString& path) {
        const int nth = ++m_asked[who + u' ' + path];
        const bool odd = path == s("/things") && (m_run == 2 || (m_run == 4 && nth == 1));
        if (who == s("reader")) return odd ? 500 : 200;
        return odd ? 200 : 401;
    }
    void answer(QTcpSocket* socket) {
        const QByteArray head = socket->peek(65536);
        if (!head.contains("\r\n\r\n")) return;
        socket->readAll();
        const int status = statusOf(head.contains("Authorization: Bearer") ? s("reader") : s("nobody"),
                                    QString::fromLatin1(head.split(' ').at(1)));
        const QByteArray body = status == 200 ? "{\"id\":1}" : "";
        socket->write("HTTP/1.1 " + QByteArray::number(status) + " X\r\nContent-Type: application/json\r\n" +
                      (status == 401 ? "WWW-Authenticate: Bearer\r\n" : "") +
                      "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    }
    QJsonObject run(const QStringList& more = {}) {
        ++m_run;
        m_asked.clear();
        QProcess process;
        startMatrix(process, more);
        QJsonObject none;
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30000)) return none;
        return QJsonDocument::fromJson(process.readAllStandardOutput()).object();
    }
    static QJsonObject thingsAs(const QJsonObject& run, const char* who) {
        for (const QJsonValue& value : run.value(s("cells")).toArray())
            if (const QJsonObject cell = value.toObject();
                cell.value(s("path")) == s("/things") && cell.value(s("profile")) == s(who))
                return cell;
        return {};
    }

private Q_SLOTS:
    void init() {
        freshFolder();
        m_run = 0;
        if (!m_server.isListening()) {
            QVERIFY(m_server.listen(QHostAddress::LocalHost));
            connect(&m_server, &QTcpServer::newConnection, this, [this] {
                QTcpSocket* socket = m_server.nextPendingConnection();
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            });
        }
        const QString base = s("http://127.0.0.1:%1").arg(m_server.serverPort());
        addProfile(s("Reader"), s("bearer"), base, "the-token-of-the-reader");
        const QByteArray guarded = R"({"get":{"security":[{"b":[]}],"responses":{"200":{},"401":{}}}})";
        write(s("openapi.json"),
              R"({"openapi":"3.1.0","servers":[{"url":")" + base.toUtf8() + R"("}],"paths":{"/me":)" +
                  guarded + R"(,"/things":)" + guarded +
                  R"(},"components":{"securitySchemes":{"b":{"type":"http","scheme":"bearer"}}}})");
        m_secrets.insert(s("XDG_DATA_HOME"), m_folder->filePath(s("data")));
        m_secrets.insert(s("XDG_CONFIG_HOME"), m_folder->filePath(s("config")));
    }

    void whatFlapsIsAskedTwice() {
        QCOMPARE(cli({s("history"), s("on")}).exitCode, 0);
        QCOMPARE(thingsAs(run(), "Reader").value(s("verdict")).toString(), s("pass"));
        const QJsonObject second = run();
        QCOMPARE(thingsAs(second, "Reader").value(s("verdict")).toString(), s("error"));
        QCOMPARE(m_asked.value(s("reader /things")), 1); // it failed for the first time
        QCOMPARE(thingsAs(run(), "Reader").value(s("verdict")).toString(), s("pass"));
        const QJsonObject fourth = run();
        QCOMPARE(m_asked.value(s("reader /things")), 2);
        const QJsonObject reader = thingsAs(fourth, "Reader");
        QCOMPARE(reader.value(s("verdict")).toString(), s("pass"));
        QStringList remarks;
        for (const QJsonValue& each : reader.value(s("advisories")).toArray())
            remarks << each.toString();
        QVERIFY2(remarks.join(u'\n').contains(s("asked twice")), qPrintable(remarks.join(u'\n')));
        QVERIFY(remarks.contains(s("It got what anonymous gets."))); // who is let in, as is told below
        // An open door is open, however often it was shut before.
        QCOMPARE(m_asked.value(s("nobody /things")), 1);
        QCOMPARE(thingsAs(fourth, "anonymous").value(s("verdict")).toString(), s("bypass"));
    }

    /// Who keeps no history gets no runs kept, and nothing asked twice.
    void nothingIsKeptUnasked() {
        for (int i = 0; i < 4; ++i)
            run();
        QCOMPARE(m_asked.value(s("reader /things")), 1);
        QVERIFY(!QFile::exists(m_folder->filePath(s("data/keybearer/history.sqlite"))));
    }
};

QTEST_GUILESS_MAIN(TestCliFlapping)
#include "test_cli_flapping.moc"
