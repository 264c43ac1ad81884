// SPDX-License-Identifier: GPL-3.0-or-later
// Exports in the formats of others, by programs and schemas of others: newman runs a Postman collection and
// sends what Keybearer sends; HAR and OpenAPI are what their schemas say.
#include "core/interchange/export.h"
#include "tests/interop/forty_sent.h"

#include <QProcess>
#include <QtTest>

using namespace kb;

class TestExports : public QObject {
    Q_OBJECT
    Listener m_server{{"content-type", "x-one", "x-two", "x-folder", "cookie", "authorization", "x-api-key"}};
    QTemporaryDir m_folder;
    Workspace m_workspace;

    QByteArray write(const QString& format, const QString& name) {
        const Result<Exported> made = exportRequests(format, {m_workspace, "Local", {}});
        if (!made) qFatal("%s", qPrintable(made.error().text()));
        save(name, made->text);
        return made->text;
    }
    void save(const QString& name, const QByteArray& text) {
        QFile file(m_workspace.folder + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    std::pair<int, QByteArray> node(const QStringList& arguments) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("KEYBEARER_INTEROP", KB_INTEROP_DIR);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_workspace.folder);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start("node", arguments);
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 120000)) process.kill();
        return {process.exitCode(), process.readAll()};
    }

private Q_SLOTS:
    void initTestCase() {
        FileWorkspaceStore store;
        const Result<Workspace> saved = forty::save(store, m_folder.filePath("w"), m_server.url({}));
        QVERIFY(saved);
        m_workspace = *saved;
    }

    void newmanSendsWhatKeybearerSends() {
        const QMap<QByteArray, Arrived> ours = forty::sent(m_workspace, m_server);
        QCOMPARE(ours.size(), 40);
        write("postman", "postman.json");
        m_server.everything.clear();
        QStringList arguments{KB_INTEROP_DIR "/node_modules/newman/bin/newman.js", "run", "postman.json",
                              "--color", "off"};
        for (const char* name : {"READER", "ADA", "KEY"})
            arguments << "--env-var"
                      << QString("KEYBEARER_SECRET_") + name + u'=' + QString::fromUtf8(forty::secret);
        const auto [code, said] = node(arguments);
        QVERIFY2(code == 0, said.constData());
        QVERIFY2(m_server.everything.size() == 40, said.constData());
        for (const Arrived& theirs : std::as_const(m_server.everything)) {
            const Arrived expected = ours.value(forty::key(theirs));
            QVERIFY2(
                theirs == expected,
                QByteArray("Keybearer:\n" + expected.text() + "\nnewman:\n" + theirs.text()).constData());
        }
    }

    void harAndOpenApiFitTheirSchemas() {
        const QByteArray har = write("har", "a.json"), api = write("openapi", "b.json");
        // The check can fail.
        save("c.json", QByteArray(har).replace("\"httpVersion\"", "\"version\""));
        save("d.json", QByteArray(api).replace("\"title\"", "\"name\""));
        const auto [code, said] =
            node({KB_INTEROP_SOURCE "/export_schemas.mjs", "a.json", "b.json", "c.json", "d.json"});
        QVERIFY2(code == 0, said.constData());
        const QByteArrayList lines = said.trimmed().split('\n');
        QVERIFY2(lines.size() == 4, said.constData());
        QCOMPARE(lines.at(0), QByteArray("[\"\"]"));
        QCOMPARE(lines.at(1), QByteArray("[\"\"]"));
        QVERIFY2(lines.at(2).contains("httpVersion"), said.constData());
        QVERIFY2(lines.at(3).contains("title"), said.constData());
    }
};

QTEST_GUILESS_MAIN(TestExports)
#include "test_exports.moc"
