// SPDX-License-Identifier: GPL-3.0-or-later
// How a run of the matrix treats a server, and what the workspace says of that: its pace, its limits, who is
// told apart, and what answers mean.
#include "matrix_workspace.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

class TestCliMatrixRun : public QObject, MatrixWorkspace {
    Q_OBJECT
    struct Seen {
        QByteArray head, who;
        qint64 atMs = 0;
    };
    QTcpServer m_server;
    QList<Seen> m_seen;
    QMap<int, QSet<QByteArray>> m_connections; ///< who used each of them
    int m_count = 0, m_underWay = 0, m_mostUnderWay = 0;
    QElapsedTimer m_timer;

    /// Whoever has a token gets 200 and a cookie with their name, everybody else 401 and one as well.
    void answer(QTcpSocket* socket) {
        const QByteArray head = socket->peek(65536);
        if (!head.contains("\r\n\r\n")) return;
        socket->readAll();
        const qsizetype token = head.indexOf("Bearer the-token-of-");
        const QByteArray who = token < 0 ? "nobody" : head.mid(token + 20, 6);
        m_seen.append({head, who, m_timer.elapsed()});
        m_connections[socket->property("number").toInt()].insert(who);
        m_mostUnderWay = qMax(m_mostUnderWay, ++m_underWay);
        QTimer::singleShot(60, socket, [this, socket, who] {
            --m_underWay;
            const QByteArray body = who == "nobody" ? "" : "{\"id\":1}";
            socket->write(QByteArray(who == "nobody" ? "HTTP/1.1 401 X\r\nWWW-Authenticate: Bearer\r\n"
                                                     : "HTTP/1.1 200 X\r\n") +
                          "Content-Type: application/json\r\nSet-Cookie: session=of-" + who +
                          "; Path=/\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" +
                          body);
        });
    }
    QString base() const { return s("http://127.0.0.1:%1").arg(m_server.serverPort()); }
    void say(const QByteArray& matrix) {
        QByteArray root = bytes(s("opencollection.yml"));
        root.replace("  keybearer:\n", QByteArray("  keybearer:\n    matrix:\n" + matrix));
        write(s("opencollection.yml"), root);
    }
    /// Two who have a token, and three operations that need one.
    void workspaceHere() {
        for (const char* name : {"Reader", "Writer"})
            addProfile(s(name), s("bearer"), base(), "the-token-of-" + QByteArray(name).toLower() + "-0123");
        QByteArray paths;
        for (const char* path : {"/me", "/things", "/rest"})
            paths += QByteArray(paths.isEmpty() ? "" : ",") + '"' + path +
                     "\":{\"get\":{\"security\":[{\"b\":[]}],\"responses\":{\"200\":{},\"401\":{}}}}";
        write(
            s("openapi.json"),
            "{\"openapi\":\"3.1.0\",\"servers\":[{\"url\":\"" + base().toUtf8() + "\"}],\"paths\":{" + paths +
                "},\"components\":{\"securitySchemes\":{\"b\":{\"type\":\"http\",\"scheme\":\"bearer\"}}}}");
    }
    CliResult here(const QStringList& arguments) {
        m_seen.clear();
        m_connections.clear();
        m_underWay = m_mostUnderWay = 0;
        m_timer.start();
        return runCliBeside(arguments, {}, m_folder->path(), m_secrets);
    }
    CliResult runHere(const QStringList& more = {}) {
        return here(QStringList{s("matrix"), s("run"), s("--openapi"), s("openapi.json"), s("--json")} +
                    more);
    }

private Q_SLOTS:
    void init() {
        freshFolder();
        if (m_server.isListening()) return;
        QVERIFY(m_server.listen(QHostAddress::LocalHost));
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            socket->setProperty("number", ++m_count);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        });
    }

    /// No connection and no cookie of one identity is another's.
    void identitiesAreKeptApart() {
        workspaceHere();
        const CliResult run = runHere({s("--parallel"), s("6")});
        QVERIFY2(run.exitCode == 0, run.out.constData());
        QVERIFY(m_mostUnderWay > 1);
        QSet<QByteArray> all;
        for (const Seen& each : std::as_const(m_seen)) {
            all.insert(each.who);
            for (const char* other : {"nobody", "reader", "writer"})
                if (each.who != other)
                    QVERIFY2(!each.head.contains(QByteArray(QByteArray("session=of-") + other)),
                             each.head.constData());
        }
        QCOMPARE(all.size(), 3);
        for (const QSet<QByteArray>& users : std::as_const(m_connections))
            QCOMPARE(users.size(), 1);
    }

    /// Production gets one request a second, one at a time, unless told otherwise.
    void productionIsAskedSoftly() {
        workspaceHere();
        QVERIFY(QDir(m_folder->path()).mkpath(s("environments")));
        write(s("environments/Live.yml"),
              "name: Live\nvariables:\n  - name: baseUrl\n    value: " + base().toUtf8() +
                  "\nextensions:\n  keybearer:\n    class: production\n");
        const QStringList few{s("--only"), s("GET /me"), s("--env"), s("Live")};
        const CliResult run = runHere(few);
        QVERIFY2(run.exitCode == 0, QByteArray(run.out + run.err).constData());
        QVERIFY2(run.err.contains("This is production: one request a second"), run.err.constData());
        QVERIFY(m_seen.size() >= 5);
        QCOMPARE(m_mostUnderWay, 1);
        for (qsizetype i = 1; i < m_seen.size(); ++i)
            QVERIFY2(m_seen.at(i).atMs - m_seen.at(i - 1).atMs >= 800,
                     qPrintable(QString::number(m_seen.at(i).atMs - m_seen.at(i - 1).atMs)));
        const CliResult hurried = runHere(few + QStringList{s("--rate"), s("0"), s("--parallel"), s("4")});
        QCOMPARE(hurried.exitCode, 0);
        QVERIFY(m_seen.last().atMs < 3000 && m_mostUnderWay > 1);
    }

    void aRunKeepsItsLimits() {
        workspaceHere();
        say("      limits:\n        requests: 6\n");
        const QStringList plan{s("matrix"), s("plan"), s("--openapi"), s("openapi.json")};
        const CliResult planned = here(plan);
        QVERIFY2(planned.out.contains("13 requests, and a run may send 6"), planned.out.constData());
        const CliResult asJson = here(plan + QStringList{s("--json")});
        QCOMPARE(asJson.json().value(s("beyond_limits")).toArray().size(), 1);
        const CliResult run = runHere();
        QCOMPARE(run.exitCode, 3);
        QCOMPARE(m_seen.size(), 6);
        const QJsonObject health = run.json().value(s("health")).toObject();
        QVERIFY(health.value(s("stopped")).toBool());
        QCOMPARE(health.value(s("stop_reason")).toString(), s("The run's limit of 6 requests is reached."));
        int unsent = 0;
        for (const QJsonValue& value : run.json().value(s("cells")).toArray()) {
            const QJsonObject cell = value.toObject();
            if (cell.value(s("outcome")) != s("not-sent")) continue;
            ++unsent;
            QCOMPARE(cell.value(s("reason")).toString(), health.value(s("stop_reason")).toString());
        }
        QVERIFY(unsent >= 3);
    }

    /// What a run that ended early has left is sent, and the report is that of one run.
    void aRunIsGoneOnWith() {
        workspaceHere();
        const QByteArray root = bytes(s("opencollection.yml"));
        say("      limits:\n        requests: 9\n");
        const CliResult first = runHere({s("--parallel"), s("1"), s("--report"), s("json=run.json")});
        QCOMPARE(first.exitCode, 3);
        const QByteArray report = bytes(s("run.json"));
        QVERIFY(!report.contains("the-token-of"));
        QCOMPARE(first.json().value(s("plan_hash")).toString().size(), 64);
        write(s("opencollection.yml"), root); // without the limit

        const CliResult second = runHere({s("--resume"), s("run.json"), s("--report"), s("json=whole.json")});
        QVERIFY2(second.exitCode == 0, second.out.constData());
        QVERIFY2(second.err.contains("cell(s) are left of that run"), second.err.constData());
        QVERIFY(m_seen.size() < 13); // of the 13 that all would take
        QCOMPARE(count(second.json(), "pass"), 9);
        QVERIFY(!second.json().value(s("health")).toObject().value(s("stopped")).toBool());
        QCOMPARE(second.json().value(s("plan_hash")), first.json().value(s("plan_hash")));

        const CliResult again = runHere({s("--resume"), s("whole.json")});
        QCOMPARE(again.exitCode, 2);
        QVERIFY2(again.out.contains("nothing to resume"), again.out.constData());
        const CliResult other = runHere({s("--resume"), s("run.json"), s("--as"), s("Reader")});
        QCOMPARE(other.exitCode, 2);
        QVERIFY2(other.out.contains("another plan"), other.out.constData());
        QCOMPARE(m_seen.size(), 0);
    }

    void aRunTellsItsId() {
        workspaceHere();
        runHere();
        for (const Seen& each : std::as_const(m_seen))
            QVERIFY(!each.head.contains("X-Run"));
        say("      run_header: X-Run\n");
        const CliResult plan = here({s("matrix"), s("plan"), s("--openapi"), s("openapi.json")});
        QVERIFY2(plan.out.contains("X-Run"), plan.out.constData());
        const CliResult run = runHere();
        QCOMPARE(run.exitCode, 0);
        const QByteArray id = run.json().value(s("run_id")).toString().toUtf8();
        QVERIFY(id.size() > 30);
        QVERIFY2(run.err.contains(id), run.err.constData());
        QVERIFY(m_seen.size() > 10);
        for (const Seen& each : std::as_const(m_seen))
            QVERIFY2(each.head.contains(QByteArray("\r\nX-Run: " + id + "\r\n")), each.head.constData());
    }

    void aRunsIdIsNoCredential() {
        workspaceHere();
        say("      run_header: authorization\n");
        const CliResult run = runHere();
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.out.contains("cannot go into authorization"), run.out.constData());
        QCOMPARE(m_seen.size(), 0);
    }

    /// Rules make an API that answers 200 to everybody as good as one that answers with a status.
    void anErrorIn200IsWhatItSays() {
        const PracticeProcess practice({s("200-with-error-body")});
        workspaceFor(practice);
        say("      outcomes:\n"
            "        - name: not known\n"
            "          status: [200]\n"
            "          body: { pointer: /code, equals: 401 }\n"
            "          means: denied-authn\n"
            "        - status: [2XX]\n"
            "          body: { pointer: /code, equals: [403] }\n"
            "          means: denied-authz\n");
        const CliResult run = matrix({s("--fail-on"), s("bypass,over-restricted,suspect,error,not-proven")});
        QVERIFY2(run.exitCode == 0, run.out.left(3000).constData());
        QCOMPARE(count(run.json(), "bypass"), 0);
        QVERIFY(count(run.json(), "pass") > 80);
        QMap<QString, int> rules;
        for (const QJsonValue& value : run.json().value(s("cells")).toArray())
            ++rules[value.toObject().value(s("outcome_rule")).toString()];
        QVERIFY(rules.value(s("not known")) > 5);
        QVERIFY(rules.value(s("outcome 2")) > 5);
        const CliResult text = cli({s("matrix"), s("run"), s("--openapi"), s("openapi.json")});
        QVERIFY2(text.out.contains("The answer means denied-authn by the rule \"not known\"."),
                 text.out.left(3000).constData());
    }

    void aRuleThatIsNoneIsSaid() {
        workspaceHere();
        say("      outcomes:\n        - status: [200]\n          means: forbidden\n");
        const CliResult run = runHere();
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.out.contains("is nothing that an answer can mean"), run.out.constData());
        QVERIFY2(run.out.contains("opencollection.yml, line "), run.out.constData());
        QCOMPARE(m_seen.size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCliMatrixRun)
#include "test_cli_matrix_run.moc"
