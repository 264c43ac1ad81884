// SPDX-License-Identifier: GPL-3.0-or-later
// What makes a run of the matrix fail, and what its reports say of that: over an API of the test's own.
#include "matrix_workspace.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QXmlStreamReader>

class TestCliMatrixReports : public QObject, MatrixWorkspace {
    Q_OBJECT
    QTcpServer m_server;
    QMap<QByteArray, int> m_odd; ///< "nobody /things" to the status it gets; else 200 and 401

    void answer(QTcpSocket* socket) {
        const QByteArray head = socket->peek(65536);
        if (!head.contains("\r\n\r\n")) return;
        socket->readAll();
        const bool known = head.contains("Authorization: Bearer");
        const QByteArray who = head.contains("of-the-writer") ? "writer" : known ? "reader" : "nobody";
        const int status = m_odd.value(who + ' ' + head.split(' ').at(1), known ? 200 : 401);
        const QByteArray body = status == 200 ? "{\"id\":1}" : "";
        socket->write("HTTP/1.1 " + QByteArray::number(status) + " X\r\nContent-Type: application/json\r\n" +
                      (status == 401 ? "WWW-Authenticate: Bearer\r\n" : "") +
                      "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    }
    QString base() const { return s("http://127.0.0.1:%1").arg(m_server.serverPort()); }
    CliResult run(const QStringList& more = {}, const QString& document = s("openapi.json")) {
        return runCliBeside(QStringList{s("matrix"), s("run"), s("--openapi"), document, s("--json"),
                                        s("--report"), s("junit=r.xml"), s("--report"), s("sarif=r.sarif")} +
                                more,
                            {}, m_folder->path(), m_secrets);
    }
    /// A document with these paths, read with a bearer token each; "POST /x" for another method.
    static QByteArray document(const QString& base, const QStringList& operations) {
        QJsonObject paths;
        const QJsonObject guarded =
            QJsonDocument::fromJson(R"({"security":[{"b":[]}],"responses":{"200":{},"401":{}}})").object();
        for (const QString& each : operations) {
            const QString path = each.section(u' ', -1);
            QJsonObject item = paths.value(path).toObject();
            item.insert(each.contains(u' ') ? each.section(u' ', 0, 0).toLower() : s("get"), guarded);
            paths.insert(path, item);
        }
        QJsonObject root =
            QJsonDocument::fromJson(
                R"({"openapi":"3.1.0","components":{"securitySchemes":{"b":{"type":"http","scheme":"bearer"}}}})")
                .object();
        root.insert(s("servers"), QJsonArray{QJsonObject{{s("url"), base}}});
        root.insert(s("paths"), paths);
        return QJsonDocument(root).toJson();
    }
    QStringList failures() {
        QStringList types;
        QXmlStreamReader xml(bytes(s("r.xml")));
        while (!xml.atEnd())
            if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == s("failure"))
                types.append(xml.attributes().value(s("type")).toString());
        return types;
    }
    QJsonArray sarif() {
        const QJsonObject file = QJsonDocument::fromJson(bytes(s("r.sarif"))).object();
        return file.value(s("runs")).toArray().first().toObject().value(s("results")).toArray();
    }
    void say(const QByteArray& matrix) {
        QByteArray root = bytes(s("opencollection.yml"));
        root.replace("  keybearer:\n", QByteArray("  keybearer:\n    matrix:\n" + matrix));
        write(s("opencollection.yml"), root);
    }

private Q_SLOTS:
    void init() {
        freshFolder();
        m_odd.clear();
        if (!m_server.isListening()) {
            QVERIFY(m_server.listen(QHostAddress::LocalHost));
            connect(&m_server, &QTcpServer::newConnection, this, [this] {
                QTcpSocket* socket = m_server.nextPendingConnection();
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            });
        }
        addProfile(s("Reader"), s("bearer"), base(), "the-token-of-the-reader");
        write(s("openapi.json"), document(base(), {s("/me"), s("/things")}));
    }

    /// A denial with the wrong status passes, fails as a remark, or fails by itself.
    void strictAndAdvisory() {
        m_odd = {{"nobody /things", 403}};
        QCOMPARE(run().exitCode, 0);
        QVERIFY(failures().isEmpty() && sarif().isEmpty());
        QCOMPARE(run({s("--fail-on"), s("advisory")}).exitCode, 1);
        QCOMPARE(failures(), QStringList{s("advisory")});
        QCOMPARE(sarif().first()[s("ruleId")].toString(), s("advisory"));
        QCOMPARE(run({s("--strict")}).exitCode, 1);
        QCOMPARE(failures(), QStringList{s("wrong-status-code")});
        m_odd.clear();
        QCOMPARE(run({s("--fail-on"), s("advisory"), s("--strict")}).exitCode, 0);
        // Where a mark wants the other kind.
        say("      marks:\n        - operation: GET /things\n          expect: deny-authz\n"
            "          profile: anonymous\n");
        const CliResult strict = run({s("--strict")});
        QCOMPARE(strict.exitCode, 1);
        QCOMPARE(failures(), QStringList{s("wrong-status-code")});
        QCOMPARE(sarif().first()[s("ruleId")].toString(), s("wrong-status-code"));
        QCOMPARE(strict.json().value(s("defects")).toArray().first()[s("rule")].toString(),
                 s("wrong-status-code"));
        QCOMPARE(run().exitCode, 0);
    }

    /// What is undecided fails, in every report alike.
    void undecidedFailsEverywhere() {
        QByteArray open = document(base(), {s("/me"), s("/things"), s("/open")});
        QJsonObject root = QJsonDocument::fromJson(open).object();
        QJsonObject paths = root.value(s("paths")).toObject();
        paths.insert(s("/open"), QJsonDocument::fromJson(R"({"get":{"responses":{"200":{}}}})").object());
        root.insert(s("paths"), paths);
        write(s("openapi.json"), QJsonDocument(root).toJson());
        QCOMPARE(run().exitCode, 1);
        QCOMPARE(failures(), (QStringList{s("undecided"), s("undecided")}));
        QCOMPARE(sarif().size(), 2);
        QCOMPARE(run({s("--fail-on"), s("bypass")}).exitCode, 0);
        QVERIFY(failures().isEmpty() && sarif().isEmpty());
    }

    /// A profile without its secret is no reason to ask less and say nothing.
    void whoHasNoSecretStaysInSight() {
        addProfile(s("Writer"), s("bearer"), base(), "the-token-of-the-writer");
        QCOMPARE(run().exitCode, 0);
        m_secrets.remove(s("KEYBEARER_SECRET_WRITER"));
        const CliResult poor = run();
        QCOMPARE(poor.exitCode, 3);
        QVERIFY2(poor.err.contains("Writer is not asked"), poor.err.constData());
        int cells = 0;
        for (const QJsonValue& each : poor.json().value(s("cells")).toArray()) {
            if (each[s("profile")] != s("Writer")) continue;
            ++cells;
            QCOMPARE(each[s("verdict")].toString(), s("not-proven"));
            QVERIFY(each[s("reason")].toString().contains(s("KEYBEARER_SECRET_WRITER")));
        }
        QCOMPARE(cells, 2);
        QCOMPARE(bytes(s("r.xml")).count("KEYBEARER_SECRET_WRITER"), 2);
        QCOMPARE(run({s("--fail-on"), s("not-proven")}).exitCode, 1);
        QCOMPARE(failures(), (QStringList{s("not-proven"), s("not-proven")}));
        const CliResult plan = cli({s("matrix"), s("plan"), s("--openapi"), s("openapi.json"), s("--json")});
        QCOMPARE(plan.json().value(s("total")).toInt(), 4 + 2); // and the reader's canaries
        QCOMPARE(plan.json().value(s("cells")).toArray().size(), 6);
        // Whoever is named has to be there; whoever is not named is not missed.
        QCOMPARE(run({s("--as"), s("Writer")}).exitCode, 2);
        QCOMPARE(run({s("--as"), s("Reader")}).exitCode, 0);
    }

    /// A new operation that is not sent, and one that is no longer asked, do not pass in silence.
    void driftOfWhatIsNotSent() {
        QCOMPARE(run({s("--report"), s("json=first.json")}).exitCode, 0);
        QCOMPARE(
            cli({s("matrix"), s("baseline"), s("--from"), s("first.json"), s("-o"), s("base.json")}).exitCode,
            0);
        const QStringList compare{s("--baseline"), s("base.json"), s("--fail-on"), s("bypass,drift")};
        QCOMPARE(run(compare).exitCode, 0);
        write(s("openapi.json"), document(base(), {s("/me"), s("/things"), s("POST /things")}));
        QCOMPARE(run(compare).exitCode, 1);
        QCOMPARE(failures(), (QStringList{s("drift"), s("drift")}));
        QCOMPARE(sarif().first()[s("baselineState")].toString(), s("new"));
        QCOMPARE(run({s("--baseline"), s("base.json")}).exitCode, 1); // undecided
        QCOMPARE(failures(), (QStringList{s("undecided"), s("undecided")}));
        QCOMPARE(run({s("--fail-on"), s("bypass,undecided")}).exitCode, 0);
        write(s("openapi.json"), document(base(), {s("/me")}));
        QCOMPARE(run(compare).exitCode, 1);
        QCOMPARE(sarif().first()[s("baselineState")].toString(), s("absent"));
        QCOMPARE(run(compare + QStringList{s("--only"), s("GET /me")}).exitCode, 0);
    }

    /// A waiver's finding is suppressed with its reason; of a part of the matrix none is called unused.
    void waivers() {
        m_odd = {{"nobody /things", 200}};
        const CliResult open = run();
        QCOMPARE(open.exitCode, 1);
        const QString id = open.json().value(s("defects")).toArray().first()[s("id")].toString();
        QCOMPARE(id, s("missing-authentication GET /things"));
        const QByteArray root = bytes(s("opencollection.yml"));
        say("      waivers:\n        - finding: " + id.toUtf8() +
            "\n          reason: mended in May\n          expires: 2190-01-31\n");
        QCOMPARE(run().exitCode, 0);
        const QJsonValue suppression = sarif().first()[s("suppressions")].toArray().first();
        QCOMPARE(suppression[s("justification")].toString(), s("mended in May (until 2190-01-31)"));
        const CliResult part = run({s("--only"), s("GET /me")});
        QVERIFY2(!part.err.contains("waiver") && !part.out.contains("fits no"), part.err.constData());
        m_odd.clear();
        QVERIFY(run().out.contains("fits no finding"));
        write(s("opencollection.yml"), root);
        say("      waivers:\n        - cell: 0123\n          reason: x\n          expires: 31.01.2030\n");
        const CliResult bad = run();
        QCOMPARE(bad.exitCode, 2);
        for (const char* said : {"31.01.2030", "opencollection.yml", "line", "2030-01-31"})
            QVERIFY2(bad.out.contains(said), bad.out.constData());
    }

    /// Where the document is, from where the program was started.
    void placesAreRelative() {
        m_odd = {{"nobody /things", 200}};
        QVERIFY(QDir(m_folder->path()).mkdir(s("my api")));
        write(s("my api/open %1.json"), document(base(), {s("/me"), s("/things")}));
        const QString real = QDir(m_folder->path()).canonicalPath();
        QCOMPARE(run({}, real + s("/my api/open %1.json")).exitCode, 1);
        const QJsonValue place = sarif().first()[s("locations")].toArray().first()[s("physicalLocation")];
        QCOMPARE(place[s("artifactLocation")][s("uri")].toString(), s("my%20api/open%20%251.json"));
        QCOMPARE(place[s("artifactLocation")][s("uriBaseId")].toString(), s("SRCROOT"));
    }
};

QTEST_GUILESS_MAIN(TestCliMatrixReports)
#include "test_cli_matrix_reports.moc"
