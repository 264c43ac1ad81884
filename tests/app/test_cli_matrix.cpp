// SPDX-License-Identifier: GPL-3.0-or-later
// The access matrix from the command line against the practice API: each of its defects flips the cells it
// should and no other, nothing unsafe is sent by itself, reports can be read and tell nothing that is secret.
#include "matrix_workspace.h"
#include "tests/support/raw_server.h"

#include <QTcpServer>
#include <QXmlStreamReader>

class TestCliMatrix : public QObject, MatrixWorkspace {
    Q_OBJECT

    /// "METHOD path [binding] as profile"
    static QString nameOf(const QJsonValue& cell) {
        return cell[s("method")].toString() + u' ' + cell[s("path")].toString() + s(" [") +
               cell[s("binding")].toString() + s("] as ") + cell[s("profile")].toString();
    }

    /// "verdict METHOD path [binding] as profile" of every cell that is neither passed nor undecided nor
    /// unsent.
    static QStringList findings(const QJsonObject& run) {
        QStringList all;
        for (const QJsonValue& value : run.value(s("cells")).toArray()) {
            const QJsonObject cell = value.toObject();
            const QString verdict = cell.value(s("verdict")).toString();
            if (verdict == s("pass") || verdict == s("undecided") ||
                cell.value(s("outcome")) == s("not-sent"))
                continue;
            all.append(verdict + u' ' + nameOf(cell));
        }
        all.sort();
        return all;
    }

    static QJsonObject cellOf(const QJsonObject& run, const char* method, const char* path, const char* who) {
        for (const QJsonValue& value : run.value(s("cells")).toArray()) {
            const QJsonObject cell = value.toObject();
            if (cell.value(s("method")) == s(method) && cell.value(s("path")) == s(path) &&
                cell.value(s("profile")) == s(who))
                return cell;
        }
        return {};
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_secrets.clear();
    }

    void eachDefectFlipsItsCells_data() {
        QTest::addColumn<QStringList>("flipped");
        QTest::newRow("none") << QStringList();
        const auto as = [](const char* who, const QStringList& cells) {
            QStringList all;
            for (const QString& cell : cells)
                all.append(s("bypass GET ") + cell + s(" as ") + s(who));
            return all;
        };
        const QStringList readable{s("/billing/export [none]"), s("/me [none]"),
                                   s("/search [none]"),         s("/users [none]"),
                                   s("/users/{id} [self]"),     s("/users/{id}/invoices [self]")};
        QTest::newRow("ignore-exp") << as("Expired reader", readable);
        QTest::newRow("accept-none") << as("Forged", readable);
        QTest::newRow("skip-scope") << as("Other reader",
                                          {s("/search [none]"), s("/users [none]"), s("/users/{id} [self]")});
        QTest::newRow("bola") << as("Reader", {s("/users/{id} [peer]"), s("/users/{id}/invoices [peer]")}) +
                                     as("Other reader", {s("/users/{id}/invoices [peer]"),
                                                         s("/users/{id}/invoices [higher]")});
        QTest::newRow("existence-oracle")
            << QStringList{s("suspect GET /users/{id} [peer] as Reader"),
                           s("suspect GET /users/{id}/invoices [peer] as Reader"),
                           s("suspect GET /users/{id}/invoices [peer] as Other reader"),
                           s("suspect GET /users/{id}/invoices [higher] as Other reader")};
        QTest::newRow("reflect-token") << QStringList();
    }
    void eachDefectFlipsItsCells() {
        QFETCH(QStringList, flipped);
        const QString defect = s(QTest::currentDataTag());
        const PracticeProcess practice(defect == s("none") ? QStringList() : QStringList{defect});
        workspaceFor(practice);
        const CliResult run = matrix({s("--fail-on"), s("bypass,over-restricted,suspect,error,not-proven")});
        flipped.sort();
        QCOMPARE(findings(run.json()), flipped);
        QCOMPARE(run.exitCode, flipped.isEmpty() ? 0 : 1);
        QVERIFY2(count(run.json(), "pass") > 80, run.out.left(2000).constData());
        // Everybody whose credential is good was seen to be let in, before and after.
        for (const QJsonValue& health :
             run.json().value(s("health")).toObject().value(s("profiles")).toArray())
            QVERIFY(health.toObject().value(s("alive")).toBool());
    }

    /// Where the API answers a denial in another way, just the denials are judged otherwise.
    void eachDenialIsJudgedAnew_data() {
        QTest::addColumn<QString>("verdict");
        QTest::newRow("500-on-deny") << s("suspect");
        QTest::newRow("200-with-error-body") << s("bypass");
    }
    void eachDenialIsJudgedAnew() {
        QFETCH(QString, verdict);
        QMap<QString, QString> expected, found;
        {
            const PracticeProcess practice;
            workspaceFor(practice);
            for (const QJsonValue& cell : matrix().json().value(s("cells")).toArray()) {
                const int status = cell[s("status")].toInt();
                const bool denied = cell[s("verdict")] == s("pass") && (status == 401 || status == 403);
                expected.insert(nameOf(cell), denied ? verdict : cell[s("verdict")].toString());
            }
        }
        freshFolder();
        const PracticeProcess practice({s(QTest::currentDataTag())});
        workspaceFor(practice);
        const CliResult run = matrix();
        QCOMPARE(run.exitCode, 1);
        for (const QJsonValue& cell : run.json().value(s("cells")).toArray())
            found.insert(nameOf(cell), cell[s("verdict")].toString());
        QVERIFY(QStringList(expected.values()).count(verdict) > 20);
        for (auto each = expected.cbegin(); each != expected.cend(); ++each)
            QVERIFY2(found.value(each.key()) == *each,
                     qPrintable(each.key() + s(": ") + found.value(each.key()) + s(", not ") + *each));
        QCOMPARE(found.size(), expected.size());
    }

    void throttledAndRedirectedProveNothing_data() {
        QTest::addColumn<bool>("dummy");
        QTest::newRow("429-retry-after-seconds") << true;
        QTest::newRow("429-retry-after-date") << true;
        QTest::newRow("redirect-other-origin") << true;
    }
    void throttledAndRedirectedProveNothing() {
        const PracticeProcess practice({s(QTest::currentDataTag())});
        workspaceFor(practice);
        const CliResult run =
            matrix({s("--only"), s("GET /users"), s("--fail-on"), s("bypass,suspect,error")});
        QCOMPARE(run.exitCode, 3);
        QCOMPARE(count(run.json(), "pass"), 0);
    }

    void aServerThatDiesLeavesItInconclusive() {
        auto practice = std::make_unique<PracticeProcess>();
        workspaceFor(*practice);
        QProcess process;
        startMatrix(process,
                    {s("--rate"), s("20"), s("--fail-on"), s("bypass,over-restricted,suspect,error")});
        QTest::qWait(1500);
        practice.reset();
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitCode(), 3);
        const QJsonObject run = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QVERIFY(run.value(s("health")).toObject().value(s("inconclusive")).toBool());
        int silent = 0;
        for (const QJsonValue& value : run.value(s("cells")).toArray()) {
            const QJsonObject cell = value.toObject();
            if (cell.value(s("status")).toInt() != 0 || cell.value(s("verdict")) == s("undecided")) continue;
            ++silent;
            QCOMPARE(cell.value(s("verdict")).toString(), s("not-proven"));
        }
        QVERIFY(silent > 20);
    }

    void nothingUnsafeIsSentByItself() {
        const PracticeProcess practice;
        workspaceFor(practice);
        const auto users = [&] {
            return runCli({s("send"), practice.url(s("/users")), s("-H"),
                           s("Authorization: Bearer ") + QString::fromUtf8(practice.secret(s("Admin")))})
                .out;
        };
        const QByteArray before = users();
        CliResult run = matrix({s("--fail-on"), s("bypass")});
        for (const QJsonValue& value : run.json().value(s("cells")).toArray())
            if (value.toObject().value(s("method")) != s("GET"))
                QCOMPARE(value.toObject().value(s("outcome")).toString(), s("not-sent"));
        // With a saved strategy it is sent in a way that changes nothing: of an object that does not exist.
        QByteArray root = bytes(s("opencollection.yml"));
        QVERIFY(root.contains("  keybearer:\n"));
        root.replace("  keybearer:\n",
                     "  keybearer:\n    matrix:\n      strategies:\n        - operation: DELETE "
                     "/webhooks/{id}\n          strategy: absent-object\n        - operation: DELETE "
                     "/users/{id}\n          strategy: live\n");
        write(s("opencollection.yml"), root);
        QCOMPARE(matrix({s("--only"), s("DELETE *")})
                     .json()
                     .value(s("health"))
                     .toObject()
                     .value(s("decided"))
                     .toInt(),
                 0);
        run = matrix(
            {s("--only"), s("DELETE *"), s("--allow-unsafe"), s("--fail-on"), s("bypass,suspect,error")});
        QCOMPARE(findings(run.json()), QStringList());
        QVERIFY(count(run.json(), "pass") >= 5);
        int sent = 0;
        for (const QJsonValue& value : run.json().value(s("cells")).toArray()) {
            const QJsonObject cell = value.toObject();
            if (cell.value(s("status")).toInt() == 0) continue;
            ++sent;
            QCOMPARE(cell.value(s("path")).toString(), s("/webhooks/{id}")); // "live" was not confirmed
        }
        QVERIFY(sent >= 5);
        const CliResult wrong =
            matrix({s("--only"), s("DELETE *"), s("--allow-unsafe"), s("--confirm-count"), s("1")});
        QCOMPARE(wrong.exitCode, 2);
        QCOMPARE(users(), before);
    }

    void thePlanSendsNothing() {
        kb::test::RawServer server;
        QVERIFY(server.start());
        addProfile(s("Reader"), s("bearer"), server.url(""), "secret-of-the-reader-1");
        write(s("openapi.json"),
              "{\"openapi\":\"3.1.0\",\"servers\":[{\"url\":\"" + server.url("").toUtf8() +
                  "\"}],\"paths\":{\"/a\":{\"get\":{\"security\":[{\"b\":[]}],\"responses\":{}},"
                  "\"post\":{\"responses\":{}}}},\"components\":{\"securitySchemes\":{\"b\":{"
                  "\"type\":\"http\",\"scheme\":\"bearer\"}}}}");
        const CliResult plan = cli({s("matrix"), s("plan"), s("--openapi"), s("openapi.json"), s("--json")});
        QVERIFY2(plan.exitCode == 0, plan.err.constData());
        QCOMPARE(plan.json().value(s("total")).toInt(), 2 + 2); // the canary first and last
        QCOMPARE(plan.json().value(s("cells")).toArray().size(), 4);
        const QJsonObject first = plan.json().value(s("cells")).toArray().first().toObject();
        QCOMPARE(first.value(s("expected")).toString(), s("deny-authn"));
        QVERIFY(first.value(s("why")).toString().contains(s("line 1")));
    }

    void aDocumentSendsNothingToAForeignHost() {
        QTcpServer foreign;
        QVERIFY(foreign.listen(QHostAddress::LocalHost));
        const QString evil = s("http://127.0.0.1:%1").arg(foreign.serverPort());
        addProfile(s("Reader"), s("bearer"), s("https://api.example.com"), "secret-of-the-reader-1");
        write(s("openapi.json"), "{\"openapi\":\"3.1.0\",\"servers\":[{\"url\":\"" + evil.toUtf8() +
                                     "\"}],\"paths\":{\"/a\":{\"get\":{\"security\":[],\"responses\":{}}}}}");
        const CliResult run = matrix();
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.out.contains("where no profile may go"), run.out.constData());
        QVERIFY(!foreign.waitForNewConnection(300));
    }

    /// Without --openapi the workspace's own document counts; it may be an address.
    void theWorkspaceMayNameTheDocument() {
        const PracticeProcess practice;
        workspaceFor(practice);
        const QStringList plan{s("matrix"), s("plan"), s("--json")};
        CliResult made = cli(plan);
        QCOMPARE(made.exitCode, 2);
        QVERIFY2(made.out.contains("not known which API"), made.out.constData());
        const QByteArray root = bytes(s("opencollection.yml"));
        const auto name = [&](const QByteArray& document) {
            QByteArray named = root;
            named.replace("  keybearer:\n",
                          QByteArray("  keybearer:\n    matrix:\n      document: " + document + "\n"));
            write(s("opencollection.yml"), named);
        };
        name("openapi.json");
        made = cli(plan);
        QVERIFY2(made.exitCode == 0, made.out.constData());
        const int cells = made.json().value(s("cells")).toArray().size();
        QVERIFY(cells > 40);
        // Its place is told from the workspace, not from where the program was started.
        QVERIFY(QDir(m_folder->path()).mkdir(s("elsewhere")));
        made = runCli(QStringList{s("--workspace"), m_folder->path()} + plan, {},
                      m_folder->filePath(s("elsewhere")), m_secrets);
        QVERIFY2(made.exitCode == 0, made.err.constData());
        QCOMPARE(made.json().value(s("cells")).toArray().size(), cells);
        name(practice.url(s("/openapi.json")).toUtf8());
        made = cli(plan);
        QVERIFY2(made.exitCode == 0, made.out.constData());
        QCOMPARE(made.json().value(s("cells")).toArray().size(), cells);
        name(practice.url(s("/users")).toUtf8());
        made = cli(plan);
        QCOMPARE(made.exitCode, 2);
        QVERIFY2(made.out.contains("answered 401"), made.out.constData());
        // What an address may hold of a secret gets into no report.
        const CliResult run =
            cli({s("matrix"), s("run"), s("--openapi"), practice.url(s("/openapi.json?key=s3cret-in-there")),
                 s("--only"), s("GET /users"), s("--report"), s("sarif=r.sarif"), s("--report"),
                 s("html=r.html"), s("--json")});
        QVERIFY(run.exitCode == 0 || run.exitCode == 1);
        QVERIFY(run.json().value(s("cells")).toArray().size() > 3);
        const QByteArray all = run.out + run.err + bytes(s("r.sarif")) + bytes(s("r.html"));
        QVERIFY(!all.contains("s3cret-in-there"));
        made = cli({s("matrix"), s("plan"), s("--openapi"), practice.url(s("/users?key=s3cret-in-there"))});
        QCOMPARE(made.exitCode, 2);
        QVERIFY2(made.err.contains("/users") && !made.err.contains("s3cret-in-there"), made.err.constData());
    }

    void reportsCanBeReadAndTellNothing() {
        const PracticeProcess practice({s("reflect-token"), s("bola")});
        workspaceFor(practice);
        const CliResult run = matrix({s("--report"), s("junit=r.xml"), s("--report"), s("sarif=r.sarif"),
                                      s("--report"), s("html=r.html"), s("--report"), s("json=r.json"),
                                      s("--report"), s("markdown=r.md"), s("--report"), s("csv=r.csv")});
        QCOMPARE(run.exitCode, 1);
        const int cells = int(run.json().value(s("cells")).toArray().size());
        QXmlStreamReader xml(bytes(s("r.xml")));
        int cases = 0, failures = 0, skipped = 0, announced = 0;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement) continue;
            if (xml.name() == s("testsuite")) announced += xml.attributes().value(s("tests")).toInt();
            cases += xml.name() == s("testcase");
            failures += xml.name() == s("failure");
            skipped += xml.name() == s("skipped");
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(cases, cells);
        QCOMPARE(announced, cells);
        int counted = 0;
        for (const QJsonValue& each : run.json().value(s("cells")).toArray())
            counted += !each[s("counts_as")].toString().isEmpty();
        QCOMPARE(failures, counted);
        QVERIFY(failures > count(run.json(), "bypass")); // undecided ones fail too
        QCOMPARE(skipped, cells - failures - count(run.json(), "pass"));
        const QJsonObject sarif = QJsonDocument::fromJson(bytes(s("r.sarif"))).object();
        QCOMPARE(sarif.value(s("version")).toString(), s("2.1.0"));
        const QJsonArray results =
            sarif.value(s("runs")).toArray().first().toObject().value(s("results")).toArray();
        QCOMPARE(int(results.size()), failures);
        QStringList rules;
        for (const QJsonValue& each : results)
            rules.append(each[s("ruleId")].toString());
        QCOMPARE(int(rules.count(s("bola"))) + int(rules.count(s("privilege-escalation"))),
                 count(run.json(), "bypass"));
        QVERIFY(rules.count(s("bola")) > 1);
        QCOMPARE(QJsonDocument::fromJson(bytes(s("r.json"))).object().value(s("cells")).toArray().size(),
                 cells);
        QCOMPARE(bytes(s("r.csv")).count("\r\n"), cells + 1);
        QVERIFY(bytes(s("r.md")).contains("Another's object is handed out"));
        const QByteArray html = bytes(s("r.html"));
        QCOMPARE(html.count("<td class=\"c "), cells);
        QVERIFY(!html.contains("src=") && !html.contains("href=") && !html.contains("<script"));
        // A run that ended early keeps what it saw, to be gone on with.
        QByteArray root = bytes(s("opencollection.yml"));
        root.replace("  keybearer:\n", "  keybearer:\n    matrix:\n      limits:\n        requests: 40\n");
        write(s("opencollection.yml"), root);
        QCOMPARE(matrix({s("--report"), s("json=stopped.json")}).exitCode, 1); // findings go before
        QVERIFY(bytes(s("stopped.json")).contains("\"body_digest\""));
        // The API repeated every token it was sent.
        QMap<QString, QByteArray> places = filesBelow(m_folder->path());
        places.insert(s("standard output"), run.out.constData());
        places.insert(s("standard error"), run.err);
        QVERIFY(places.size() > 8);
        for (const QString& secret : std::as_const(m_secrets))
            for (const QByteArray& form : formsOf(secret.toUtf8()))
                for (auto place = places.cbegin(); place != places.cend(); ++place)
                    QVERIFY2(!place->contains(form), qPrintable(place.key()));
    }

    void aBaselineShowsWhatHasChanged() {
        {
            const PracticeProcess practice;
            workspaceFor(practice);
            QCOMPARE(matrix({s("--report"), s("json=first.json"), s("--fail-on"), s("bypass")}).exitCode, 0);
            const CliResult pinned =
                cli({s("matrix"), s("baseline"), s("--from"), s("first.json"), s("-o"), s("base.json")});
            QVERIFY2(pinned.exitCode == 0, pinned.err.constData());
            QCOMPARE(matrix({s("--baseline"), s("base.json"), s("--fail-on"), s("drift")}).exitCode, 0);
            // A run that was cut short stands for nothing.
            QByteArray poor = bytes(s("first.json"));
            poor.replace("\"inconclusive\":false", "\"inconclusive\":true");
            write(s("poor.json"), poor);
            const CliResult refused =
                cli({s("matrix"), s("baseline"), s("--from"), s("poor.json"), s("-o"), s("poor-base.json")});
            QCOMPARE(refused.exitCode, 2);
            QVERIFY2(refused.err.contains("proves too little"), refused.err.constData());
            QVERIFY(!QFile::exists(m_folder->filePath(s("poor-base.json"))));
            // What the document no longer has, who is not there any more, and what it expects anew.
            QByteArray document = bytes(s("openapi.json"));
            QVERIFY(document.contains("\"/search\""));
            write(s("openapi.json"), document.replace("\"/search\"", "\"/seek\""));
            QByteArray base = bytes(s("base.json"));
            base.replace("\"profile\":\"Partner\"", "\"profile\":\"Partner of old\"");
            base.replace("\"operation\":\"GET /me\",\"binding\":\"none\",\"profile\":\"Reader\","
                         "\"expected\":\"allow\"",
                         "\"operation\":\"GET /me\",\"binding\":\"none\",\"profile\":\"Reader\","
                         "\"expected\":\"deny-authz\"");
            write(s("old.json"), base);
            const QByteArray keep = bytes(s("opencollection.yml"));
            write(s("opencollection.yml"),
                  QByteArray(keep).replace("    profiles:",
                                           "    matrix:\n      baseline: old.json\n    profiles:"));
            const CliResult moved = matrix({s("--fail-on"), s("drift")});
            write(s("opencollection.yml"), keep);
            QVERIFY2(moved.exitCode == 1, moved.err.constData());
            const QJsonObject me = cellOf(moved.json(), "GET", "/me", "Reader");
            QCOMPARE(me.value(s("drift")).toString(), s("expected"));
            QVERIFY2(me.value(s("drift_reason")).toString().contains(s("expected was deny-authz, is allow")),
                     qPrintable(me.value(s("drift_reason")).toString()));
            QCOMPARE(cellOf(moved.json(), "GET", "/seek", "Reader").value(s("drift")).toString(), s("new"));
            QVERIFY(moved.out.contains("GET /search is in the baseline and no longer in the document."));
            QVERIFY(moved.json().value(s("health")).toObject().value(s("gone")).toInt() >= 6);
            write(s("openapi.json"), document.replace("\"/seek\"", "\"/search\""));
        }
        const PracticeProcess broken({s("skip-scope")});
        // The same identities elsewhere: their ids stay, so the cells are the same ones.
        QByteArray root = bytes(s("opencollection.yml"));
        root.replace(root.mid(root.indexOf("http://127.0.0.1:"), 22), broken.url().toUtf8());
        write(s("opencollection.yml"), root);
        write(s("openapi.json"), runCli({s("send"), broken.url(s("/openapi.json"))}).out);
        for (const char* name : {"Reader", "Other reader", "Admin", "Expired reader"})
            m_secrets.insert(s("KEYBEARER_SECRET_") + s(name).toUpper().replace(u' ', u'_'),
                             QString::fromUtf8(broken.secret(s(name))));
        m_secrets.insert(s("KEYBEARER_SECRET_PARTNER"),
                         QString::fromUtf8(broken.secret(s("Partner API key"))));
        const CliResult run = matrix({s("--baseline"), s("base.json"), s("--fail-on"), s("drift")});
        QCOMPARE(run.exitCode, 1);
        int critical = 0;
        for (const QJsonValue& value : run.json().value(s("cells")).toArray())
            critical += value.toObject().value(s("drift")) == s("critical");
        QCOMPARE(critical, 3);
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        const QStringList run{s("matrix"), s("run"), s("--openapi")};
        QTest::newRow("no file") << run + QStringList{s("gone.json")} << QByteArray("cannot be read");
        QTest::newRow("no document") << run + QStringList{s("opencollection.yml")}
                                     << QByteArray("no OpenAPI document");
        QTest::newRow("report") << run + QStringList{s("a.json"), s("--report"), s("pdf=x")}
                                << QByteArray("junit");
        QTest::newRow("fail-on") << run + QStringList{s("a.json"), s("--fail-on"), s("rain")}
                                 << QByteArray("\"rain\"");
        QTest::newRow("profile") << run + QStringList{s("api.json"), s("--as"), s("Nobody")}
                                 << QByteArray("no profile called Nobody");
        QTest::newRow("baseline") << run + QStringList{s("api.json"), s("--baseline"), s("api.json")}
                                  << QByteArray("neither a run nor a baseline");
    }
    void mistakesAreNamed() {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        addProfile(s("Reader"), s("bearer"), s("https://api.example.com"), "secret-of-the-reader-1");
        write(s("api.json"), "{\"openapi\":\"3.1.0\",\"paths\":{}}");
        const CliResult result = cli(arguments);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.err.contains(said), result.err.constData());
    }
};

QTEST_GUILESS_MAIN(TestCliMatrix)
#include "test_cli_matrix.moc"
