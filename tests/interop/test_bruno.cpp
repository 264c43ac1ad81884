// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace of 40 requests of every kind, as Keybearer saves it: Bruno's command line runs the folder, and
// sends what Keybearer sends.
#include "core/runner/collection_run.h"
#include "tests/interop/answer_checks.h"
#include "tests/interop/forty_sent.h"

#include <QProcess>
#include <QtTest>

using namespace kb;

class TestBruno : public QObject {
    Q_OBJECT
    Listener m_server{{"content-type", "x-one", "x-two", "x-folder", "cookie", "authorization", "x-api-key"}};
    QTemporaryDir m_folder;
    Workspace m_workspace;

private Q_SLOTS:
    void initTestCase() {
        FileWorkspaceStore store;
        const QString folder = m_folder.filePath("w");
        const Result<Workspace> saved = forty::save(store, folder, m_server.url({}));
        QVERIFY(saved);
        m_workspace = *saved;
        // What was saved is what is loaded.
        const Result<Workspace> loaded = store.load(folder);
        QVERIFY(loaded && loaded->problems.isEmpty());
        QCOMPARE(loaded->items, m_workspace.items);
    }

    void itSendsWhatKeybearerSends() {
        QMap<QByteArray, Arrived> ours = forty::sent(m_workspace, m_server);
        QCOMPARE(ours.size(), 40);
        // Who sends it is Keybearer's own, and stays there; all else is the same.
        int asSomebody = 0;
        for (Arrived& each : ours)
            asSomebody += int(each.headers.remove("authorization") + each.headers.remove("x-api-key"));
        QCOMPARE(asSomebody, 11);
        QCOMPARE(ours.value("12").headers.value("x-folder"), QByteArray("inner hello"));
        QCOMPARE(ours.value("13").headers.value("x-folder"), QByteArray("thirteen hello"));
        m_server.everything.clear();
        QProcess bruno;
        bruno.setWorkingDirectory(m_workspace.folder);
        bruno.setProcessChannelMode(QProcess::MergedChannels);
        bruno.start("node", {KB_INTEROP_DIR "/node_modules/.bin/bru", "run", "-r", "--env", "Local"});
        QVERIFY(QTest::qWaitFor([&] { return bruno.state() == QProcess::NotRunning; }, 120000));
        const QByteArray said = bruno.readAll();
        QVERIFY2(bruno.exitCode() == 0, said.constData());
        QVERIFY2(m_server.everything.size() == 40, said.constData());
        for (const Arrived& theirs : std::as_const(m_server.everything)) {
            const Arrived expected = ours.value(forty::key(theirs));
            QVERIFY2(theirs == expected,
                     QByteArray("Keybearer:\n" + expected.text() + "\nBruno:\n" + theirs.text()).constData());
        }
    }

    // Checks mean the same to both, and a value of one answer reaches the next request.
    void checksMeanTheSame() {
        FileWorkspaceStore store;
        QTemporaryDir folder;
        Workspace workspace = store.create(folder.filePath("w"), "Checks").value();
        const Environment environment{"Local", {{"base", m_server.url({}), true}}};
        QVERIFY(store.saveEnvironment(workspace, environment));
        TreeItem item;
        item.name = item.request.name = "first";
        item.path = "first.yml";
        item.request.url = "{{base}}/json";
        item.request.checks = checksOfAnAnswer();
        item.request.captures = {{"number", AnswerPart::Expression, "res.body.n", true}};
        QVERIFY(store.saveRequest(workspace, item));
        TreeItem second;
        second.name = second.request.name = "second";
        second.path = "second.yml";
        second.order = 2;
        second.request.url = "{{base}}/number/{{number}}";
        QVERIFY(store.saveRequest(workspace, second));
        m_server.type = "application/json";
        m_server.body = checkedAnswer;

        QStringList ours;
        {
            MemoryStore secrets;
            CurlTransport transport;
            SystemClock clock;
            CollectionRun::Options options;
            options.variables = {{"base", m_server.url({})}};
            CollectionRun run(
                transport, clock,
                {{item.path, item.name, item.request}, {second.path, second.name, second.request}}, {},
                options);
            QSignalSpy finished(&run, &CollectionRun::finished);
            run.start();
            QVERIFY(finished.wait(20000));
            for (const CheckResult& check : run.record().entries.first().checks)
                ours.append(check.title() + (check.state == CheckResult::State::Passed ? " pass" : " fail"));
            QCOMPARE(m_server.everything.last().line, QByteArray("GET /number/3 HTTP/1.1"));
        }
        QByteArray said;
        // Bruno does not wait until its script engine is loaded; an answer may be faster.
        for (int attempt = 0; attempt < 5 && (attempt == 0 || said.contains("'newContext'")); ++attempt) {
            m_server.everything.clear();
            QProcess bruno;
            bruno.setWorkingDirectory(workspace.folder);
            bruno.setProcessChannelMode(QProcess::MergedChannels);
            bruno.start("node", {KB_INTEROP_DIR "/node_modules/.bin/bru", "run", "-r", "--env", "Local",
                                 "--output", "out.json"});
            QVERIFY(QTest::qWaitFor([&] { return bruno.state() == QProcess::NotRunning; }, 120000));
            said = bruno.readAll();
        }
        QFile out(workspace.folder + "/out.json");
        QVERIFY2(out.open(QIODevice::ReadOnly), said.constData());
        const Result<JsonValue> report = parseJson(out.readAll());
        QVERIFY(report);
        QStringList theirs;
        for (const JsonValue& result : report->items.first().find(u"results")->items)
            for (const JsonValue& each : result.find(u"assertionResults")->items)
                theirs.append(QStringList{each.text(u"lhsExpr"), each.text(u"rhsExpr")}.join(u' ').trimmed() +
                              ' ' + each.text(u"status"));
        QCOMPARE(theirs.size(), ours.size());
        for (qsizetype i = 0; i < ours.size(); ++i)
            QVERIFY2(theirs.at(i) == ours.at(i),
                     QByteArray(theirs.at(i).toUtf8() + " against " + ours.at(i).toUtf8() + '\n' + said +
                                '\n' + writeJson(*report))
                         .constData());
        QVERIFY(!m_server.everything.isEmpty());
        QCOMPARE(m_server.everything.last().line, QByteArray("GET /number/3 HTTP/1.1"));
    }
};

QTEST_GUILESS_MAIN(TestBruno)
#include "test_bruno.moc"
