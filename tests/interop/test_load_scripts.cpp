// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace exported for engines that make load: JMeter runs its plan, k6's script fits k6's own types and
// runs where something stands in for k6. Both ask for what Keybearer sends.
#include "core/interchange/export.h"
#include "core/run/answer_value.h"
#include "tests/interop/answer_checks.h"
#include "tests/interop/forty_sent.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

using namespace kb;

class TestLoadScripts : public QObject {
    Q_OBJECT
    Listener m_server{{"content-type", "x-one", "x-two", "x-folder", "cookie", "authorization", "x-api-key"}};
    QTemporaryDir m_folder;
    Workspace m_workspace;
    QMap<QByteArray, Arrived> m_ours;

    struct Said {
        int exitCode;
        QByteArray out, all;
    };
    /// In the workspace's folder, where its files are.
    Said run(const QString& command, const QByteArray& input = {}) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"READER", "ADA", "KEY"})
            environment.insert(QString("KEYBEARER_SECRET_") + name, QString::fromUtf8(forty::secret));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_workspace.folder);
        process.start("bash", {"-c", command});
        process.write(input);
        process.closeWriteChannel();
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 180000)) process.kill();
        const QByteArray out = process.readAllStandardOutput();
        return {process.exitCode(), out, out + process.readAllStandardError()};
    }
    /// Writes an export beside what it needs; gives its notes.
    QStringList write(const QString& format, const QString& name, const Workspace& workspace) {
        const Result<Exported> made = exportRequests(format, {workspace, "Local", {}});
        QFile file(m_workspace.folder + u'/' + name);
        if (!made || !file.open(QIODevice::WriteOnly)) qFatal("%s was not exported", qPrintable(format));
        file.write(made->text);
        return made->notes;
    }
    void compare(const QByteArrayList& leftOut) {
        QByteArrayList missing = m_ours.keys();
        for (Arrived theirs : std::as_const(m_server.everything)) {
            // JMeter says of no body what it would be.
            if (theirs.body.isEmpty()) theirs.headers.remove("content-type");
            missing.removeOne(forty::key(theirs));
            const Arrived ours = m_ours.value(forty::key(theirs));
            QVERIFY2(
                theirs == ours,
                QByteArray("Keybearer:\n" + ours.text() + "\nthe engine:\n" + theirs.text()).constData());
        }
        QCOMPARE(missing, leftOut);
        QCOMPARE(m_server.everything.size(), m_ours.size() - leftOut.size());
    }

private Q_SLOTS:
    void initTestCase() {
        FileWorkspaceStore store;
        const Result<Workspace> saved = forty::save(store, m_folder.filePath("w"), m_server.url({}));
        QVERIFY(saved);
        m_workspace = *saved;
        m_ours = forty::sent(m_workspace, m_server);
        QCOMPARE(m_ours.size(), 40);
    }
    void init() { m_server.everything.clear(); }

    void jmeterRunsThePlan() {
        const auto name = [&](int number) {
            return m_workspace.items.at(number / 10).children.at(number % 10).name;
        };
        QCOMPARE(write("jmeter", "plan.jmx", m_workspace),
                 (QStringList{name(15) + " is left out: its method PURGE",
                              name(22) + " is left out: files in a form with PUT",
                              name(28) + " is left out: files in a form with PATCH"}));
        // Debian's JMeter refuses every plan, its own too, with Debian's XStream; RunPlan.java lets it read
        // them.
        const Said said =
            run("java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djmeter.home=/usr/share/jmeter -cp \"$(ls "
                "/usr/share/jmeter/lib/*.jar "
                "/usr/share/jmeter/lib/ext/*.jar "
                "/usr/share/jmeter/bin/*.jar /usr/share/java/*.jar | tr '\\n' ':')\" " KB_INTEROP_SOURCE
                "/RunPlan.java -n -t plan.jmx -l result.csv -j jmeter.log -JKEYBEARER_SECRET_READER=\""
                "$KEYBEARER_SECRET_READER\" -JKEYBEARER_SECRET_ADA=\"$KEYBEARER_SECRET_ADA\" "
                "-JKEYBEARER_SECRET_KEY=\"$KEYBEARER_SECRET_KEY\"");
        QVERIFY2(said.exitCode == 0, said.all.constData());
        compare({"15", "22", "28"});
        QVERIFY(!QTest::currentTestFailed());
        QFile result(m_workspace.folder + "/result.csv");
        QVERIFY2(result.open(QIODevice::ReadOnly), said.all.constData());
        const QByteArray rows = result.readAll();
        QVERIFY2(rows.count(",200,") == 37, rows.constData());
    }

    void k6sScriptAsksForTheSame() {
        QCOMPARE(write("k6", "load.js", m_workspace), QStringList());
        const Said said = run("node " KB_INTEROP_SOURCE "/k6_run.mjs load.js --send",
                              "{\"status\": 200, \"headers\": {}, \"body\": \"\"}");
        QVERIFY2(said.exitCode == 0, said.all.constData());
        compare({});
    }

    /// And each check of its own means what it means here.
    void k6sScriptFitsItsTypes() {
        Workspace checked = m_workspace;
        checked.items.first().children.first().request.checks = checksOfAnAnswer();
        QCOMPARE(write("k6", "load.js", checked), QStringList());
        const QByteArray types =
            "ln -sfn " KB_INTEROP_DIR "/node_modules node_modules && node_modules/.bin/tsc --noEmit "
            "--allowJs --checkJs --strict --target es2020 --module esnext --moduleResolution bundler "
            "--types k6 --pretty false load.js broken.js";
        // The check can fail.
        QFile broken(m_workspace.folder + "/broken.js");
        QVERIFY(broken.open(QIODevice::WriteOnly));
        QFile script(m_workspace.folder + "/load.js");
        QVERIFY(script.open(QIODevice::ReadOnly));
        broken.write(script.readAll().replace("http.request(\"GET\"", "http.request(7"));
        broken.close();
        const Said typed = run(types);
        QVERIFY2(typed.all.contains("broken.js("), typed.all.constData());
        QVERIFY2(!typed.all.contains("load.js("), typed.all.constData());

        const QJsonObject answer{{"status", 200},
                                 {"headers", QJsonObject{{"Content-Type", "application/json"}}},
                                 {"body", checkedAnswer}};
        const Said said =
            run("node " KB_INTEROP_SOURCE "/k6_run.mjs load.js", QJsonDocument(answer).toJson());
        QVERIFY2(said.exitCode == 0, said.all.constData());
        const QJsonObject verdicts = QJsonDocument::fromJson(said.out).object();
        Response response;
        response.status = 200;
        response.headers.append("Content-Type", "application/json");
        const QByteArray body = checkedAnswer;
        const AnswerView view = answerView(response, body, 1);
        for (const CheckSpec& check : checksOfAnAnswer()) {
            const QString title = QString(check.expression + u' ' + check.op + u' ' + check.value).trimmed();
            QVERIFY2(verdicts.contains(title), qPrintable(title));
            QCOMPARE(
                verdicts.value(title).toBool(),
                compareValue(valueOf(check.expression, view).value(), check.op, check.value).has_value());
        }
        QCOMPARE(verdicts.size(), checksOfAnAnswer().size() + 1); // and what the others have: no error status
    }
};

QTEST_GUILESS_MAIN(TestLoadScripts)
#include "test_load_scripts.moc"
