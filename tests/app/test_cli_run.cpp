// SPDX-License-Identifier: GPL-3.0-or-later
// `keybearer-cli run`: requests of a workspace with their checks, against the practice API.
#include "cli_process.h"

#include <QXmlStreamReader>

class TestCliRun : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<PracticeProcess> m_practice;
    QMap<QString, QString> m_secrets;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        return runCli(arguments, input, m_folder->path(), m_secrets);
    }
    void write(const QString& name, const QByteArray& text) {
        QDir(m_folder->path()).mkpath(QFileInfo(name).path());
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray bytes(const QString& name) {
        QFile file(m_folder->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString profileId(const QString& name) {
        for (const QJsonValue& each : cli({"profile", "list", "--json"}).json().value("profiles").toArray())
            if (each.toObject().value("name").toString() == name)
                return each.toObject().value("id").toString();
        return {};
    }
    void request(const QString& path, const QByteArray& method, const QByteArray& address,
                 const QByteArray& more, const QByteArray& own = {}) {
        write(path, "info:\n  name: " + path.toUtf8() + "\n  type: http\nhttp:\n  method: " + method +
                        "\n  url: \"" + address + "\"\n" + more +
                        (own.isEmpty() ? QByteArray() : "extensions:\n  keybearer:\n" + own));
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_secrets.clear();
        if (!m_practice) m_practice = std::make_unique<PracticeProcess>();
        const CliResult added = cli({"profile", "add", "Reader", "--kind", "bearer", "--allow",
                                     m_practice->url(), "--storage", "memory"});
        QVERIFY2(added.exitCode == 0, added.err.constData());
        m_secrets.insert("KEYBEARER_SECRET_READER", QString::fromUtf8(m_practice->secret("Reader")));
        write("environments/Local.yml",
              "name: Local\nvariables:\n  - name: base\n    value: " + m_practice->url().toUtf8() + "\n");
        const QByteArray reader = "    profile: " + profileId("Reader").toUtf8() + "\n";
        QVERIFY(reader.size() > 15);
        request("users/list.yml", "GET", "{{base}}/users",
                "runtime:\n  assertions:\n    - expression: res.status\n      operator: eq\n      value: "
                "\"200\"\n"
                "  actions:\n    - type: set-variable\n      phase: after-response\n      selector:\n"
                "        expression: res.body[0].id\n        method: jsonq\n      variable:\n"
                "        name: first\n        scope: runtime\n",
                reader + "    checks:\n      - jq: '[.[].id] | length'\n        operator: gt\n        "
                         "value: \"0\"\n"
                         "      - schema: schemas/users.json\n");
        write("schemas/users.json", "{\"type\":\"array\",\"items\":{\"required\":[\"id\"]}}");
        request("users/one.yml", "GET", "{{base}}/users?x={{first}}",
                "runtime:\n  assertions:\n    - expression: res.body[0].id\n      operator: eq\n      value: "
                "\"{{first}}\"\n",
                reader);
    }

    void checksPassAndValuesGoOn() {
        const CliResult run = cli({"run", "--json"});
        QVERIFY2(run.exitCode == 0, QByteArray(run.out + run.err).constData());
        const QJsonObject summary = run.json().value("summary").toObject();
        QCOMPARE(summary.value("passed").toInt(), 2);
        QCOMPARE(summary.value("checks_passed").toInt(), 4);
        QCOMPARE(run.json().value("schema_version").toInt(), 1);
        // The value of the environment's secret and of what was captured are in nothing.
        QVERIFY(firstLeak(run.out + run.err, m_practice->secret("Reader")).isEmpty());
    }

    void scriptsAreNotRunAndThatIsSaid() {
        QVERIFY(!cli({"run"}).err.contains("script"));
        const QByteArray script =
            "  scripts:\n    - type: before-request\n      code: throw new Error('run')\n";
        request("own.yml", "GET", "{{base}}/me", "runtime:\n" + script, {});
        write("users/folder.yml", "info:\n  name: Users\n  type: folder\nrequest:\n" + script);
        const CliResult run = cli({"run", "--report", "junit=r.xml", "--report", "html=r.html", "--json"});
        QVERIFY2(run.err.contains("3 request(s) have scripts") || run.err.contains("3 requests have scripts"),
                 run.err.constData());
        int said = 0;
        for (const QJsonValue& each : run.json().value("requests").toArray())
            said += each["scripts_not_run"].toBool();
        QCOMPARE(said, 3);
        QFile junit(m_folder->filePath("r.xml")), page(m_folder->filePath("r.html"));
        QVERIFY(junit.open(QIODevice::ReadOnly) && page.open(QIODevice::ReadOnly));
        QCOMPARE(junit.readAll().count("<property name=\"scripts\" value=\"not run\"/>"), 3);
        QVERIFY(page.readAll().contains("own.yml"));
    }

    void aFailedCheckIsAFindingWithItsReason() {
        request("users/zgone.yml", "DELETE", "{{base}}/users/{{first}}",
                "runtime:\n  assertions:\n    - expression: res.status\n      operator: eq\n      value: "
                "\"204\"\n",
                "    profile: " + profileId("Reader").toUtf8() + "\n");
        const CliResult run = cli({"run", "users", "--report", "junit=out.xml", "--report", "html=out.html",
                                   "--report", "json=out.json"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.out.contains("It should be 204. It is 403."), run.out.constData());
        QVERIFY2(run.out.contains("may not do this"),
                 run.out.constData()); // the doctor's word
        QXmlStreamReader xml(bytes("out.xml"));
        int cases = 0, failures = 0;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement) continue;
            cases += xml.name() == QLatin1String("testcase");
            failures += xml.name() == QLatin1String("failure");
        }
        QVERIFY(!xml.hasError());
        QCOMPARE(cases, 3);
        QCOMPARE(failures, 1);
        QVERIFY(bytes("out.html").contains("It should be 204"));
        QCOMPARE(QJsonDocument::fromJson(bytes("out.json")).object().value("requests").toArray().size(), 3);
        for (const QByteArray& text : filesBelow(m_folder->path()))
            QVERIFY(firstLeak(text, m_practice->secret("Reader")).isEmpty());
    }

    void asNobodyEverythingIsRefused() {
        const CliResult run = cli({"run", "users/list", "--as", "anonymous"});
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.out.contains("It is 401"), run.out.constData());
    }

    void dataGivesVariables() {
        request("echo.yml", "GET", "{{base}}/health?who={{who}}",
                "runtime:\n  assertions:\n    - expression: res.status\n      operator: eq\n      value: "
                "\"{{status}}\"\n");
        write("data.csv", "who,status\nada,200\n\"bo, b\",200\ncy,404\n");
        const CliResult run = cli({"run", "echo.yml", "--data", "data.csv", "--json"});
        QCOMPARE(run.exitCode, 1);
        QCOMPARE(run.json().value("iterations").toInt(), 3);
        QCOMPARE(run.json().value("summary").toObject().value("passed").toInt(), 2);
        const CliResult twice = cli({"run", "echo.yml", "--data", "data.csv", "--iterations", "2", "--json"});
        QCOMPARE(twice.exitCode, 0);
        write("bad.csv", "who\n1,2\n");
        const CliResult bad = cli({"run", "echo.yml", "--data", "bad.csv"});
        QCOMPARE(bad.exitCode, 2);
        QVERIFY2(bad.err.contains("bad.csv:2"), bad.err.constData());
    }

    void setUpErrorsAreTwo_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("path") << QStringList{"run", "nowhere"} << QByteArray("nowhere");
        QTest::newRow("profile") << QStringList{"run", "--as", "Nobody"} << QByteArray("Nobody");
        QTest::newRow("report") << QStringList{"run", "--report", "pdf=x"} << QByteArray("junit");
        QTest::newRow("report's folder")
            << QStringList{"run", "--report", "junit=no/such/x.xml"} << QByteArray("cannot be written");
        QTest::newRow("value that is not there")
            << QStringList{"run", "users/one.yml"} << QByteArray("first");
        QTest::newRow("iterations") << QStringList{"run", "--iterations", "0"} << QByteArray("iterations");
    }
    void setUpErrorsAreTwo() {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        const CliResult run = cli(arguments);
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(QByteArray(run.out + run.err).contains(said), QByteArray(run.out + run.err).constData());
    }

    void productionIsAskedTwice() {
        request("users/zgone.yml", "DELETE", "{{base}}/users/1",
                "runtime:\n  assertions:\n    - expression: res.status\n      operator: eq\n      value: "
                "\"401\"\n");
        write("environments/Local.yml",
              "name: Local\nvariables:\n  - name: base\n    value: " + m_practice->url().toUtf8() +
                  "\nextensions:\n  keybearer:\n    class: production\n");
        const CliResult run = cli({"run", "users/zgone.yml"});
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.out.contains("production"), run.out.constData());
        QCOMPARE(cli({"run", "users/list.yml"}).exitCode, 0);
        const CliResult meant = cli({"run", "users/zgone.yml", "--allow-unsafe"});
        QVERIFY2(meant.exitCode == 0, QByteArray(meant.out + meant.err).constData());
    }

    void aFileThatCannotBeReadIsNoCleanRun() {
        write("users/broken.yml", "<<<<<<< mine\n");
        const CliResult run = cli({"run", "users"});
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(run.err.contains("broken.yml"), run.err.constData());
        QCOMPARE(cli({"run", "users/list.yml"}).exitCode, 0);
    }

    void noAnswerIsInconclusive() {
        request("silent.yml", "GET", "http://127.0.0.1:9/", {});
        const CliResult run = cli({"run", "silent.yml"});
        QCOMPARE(run.exitCode, 3);
        QVERIFY2(run.out.contains("error"), run.out.constData());
    }

    void bailSkipsTheRest() {
        request("users/aaa.yml", "GET", "{{base}}/health",
                "runtime:\n  assertions:\n    - expression: res.status\n      operator: eq\n      value: "
                "\"500\"\n");
        const CliResult run = cli({"run", "users", "--bail", "--json"});
        QCOMPARE(run.exitCode, 1);
        QCOMPARE(run.json().value("summary").toObject().value("skipped").toInt(), 2);
    }

    /// Said before the run begins, of a token that nothing renews.
    void aRunThatOutlivesItsTokenIsSaid() {
        QCOMPARE(
            cli({"profile", "add", "Brief", "--kind", "bearer", "--allow", m_practice->url(), "--storage",
                 "memory", "--expires", QDateTime::currentDateTimeUtc().addSecs(10).toString(Qt::ISODate)})
                .exitCode,
            0);
        m_secrets.insert("KEYBEARER_SECRET_BRIEF", "a-token-that-says-nothing-of-itself");
        request("plain.yml", "GET", "{{base}}/users", {});
        const CliResult brief = cli({"run", "plain.yml", "--as", "Brief"});
        QVERIFY2(brief.exitCode == 0 && !brief.err.contains("Nothing renews it"), brief.err.constData());
        const CliResult longer = cli({"run", "plain.yml", "--as", "Brief", "--iterations", "200"});
        QVERIFY2(longer.err.contains("Brief's token ends in") && longer.err.contains("Nothing renews it"),
                 longer.err.constData());
        QVERIFY(!cli({"run", "plain.yml", "--iterations", "200"}).err.contains("Nothing renews it"));
    }

    void manyInFlight() {
        for (int i = 0; i < 20; ++i)
            request(QString("many/%1.yml").arg(i), "GET", "{{base}}/health",
                    "runtime:\n  assertions:\n    - expression: res.status\n      operator: eq\n      value: "
                    "\"200\"\n");
        const CliResult run = cli({"run", "many", "--parallel", "8", "--iterations", "3", "--json"});
        QVERIFY2(run.exitCode == 0, QByteArray(run.out + run.err).constData());
        QCOMPARE(run.json().value("summary").toObject().value("passed").toInt(), 60);
    }
};

QTEST_GUILESS_MAIN(TestCliRun)
#include "test_cli_run.moc"
