// SPDX-License-Identifier: GPL-3.0-or-later
// Real files, changed by hand and by a real git, and what is told of it.
#include "io/files/folder_watch.h"
#include "io/files/workspace_store.h"

#include "tests/io/files/folder_fixture.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace kb;

class TestFolderWatch : public QObject {
    Q_OBJECT

    bool git(const QStringList& arguments) {
        QProcess process;
        process.setWorkingDirectory(m_folder->path());
        process.start(QStringLiteral("git"),
                      QStringList{QStringLiteral("-c"), QStringLiteral("user.name=t"), QStringLiteral("-c"),
                                  QStringLiteral("user.email=t@example.com")} +
                          arguments);
        return process.waitForFinished(60000) && process.exitCode() == 0;
    }
    static QByteArray request(int number) {
        return "info: {name: r" + QByteArray::number(number) + ", type: http}\nhttp: {method: GET}\n";
    }
    void open() {
        m_told = 0;
        m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
        m_folder->write(QStringLiteral("sub/a.yml"), request(0));
        auto loaded = m_store.load(m_folder->path());
        QVERIFY(loaded.has_value());
        m_workspace = *loaded;
        m_watch.watch(m_folder->path(), [this] {
            if (!m_store.changedOutside(m_folder->path())) return;
            if (m_store.load(m_folder->path())) ++m_told;
        });
        QStringList dotEnvFiles;
        for (const Environment& environment : std::as_const(m_workspace.environments))
            dotEnvFiles.append(environment.dotEnvFile);
        m_watch.alsoWatch(dotEnvFiles);
        QTest::qWait(100); // it begins once the window stands
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<FolderFixture>(); }
    void cleanup() { m_watch.watch({}, {}); }

    void filesWrittenInPlaceAddedAndRemovedAreTold() {
        open();
        m_folder->write(QStringLiteral("sub/a.yml"), request(12));
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 1, 8000);
        m_folder->write(QStringLiteral("new/deep/b.yml"), request(1));
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 2, 8000);
        QVERIFY(QFile::remove(m_folder->path(QStringLiteral("new/deep/b.yml"))));
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 3, 8000);
    }

    /// A .env file that an environment names is one of the workspace's; others are not.
    void dotEnvFilesAreTold_data() {
        QTest::addColumn<QString>("name");
        QTest::addRow("usual") << ".env";
        QTest::addRow("any name") << "local.vars";
        QTest::addRow("hidden folders") << ".secrets/deep/values";
        QTest::addRow("among other files") << "sub/a.txt";
    }
    void dotEnvFilesAreTold() {
        QFETCH(QString, name);
        m_folder->write(QStringLiteral("environments/dev.yml"),
                        "name: Dev\ndotEnvFilePath: " + name.toUtf8() + '\n');
        m_folder->write(name, "TOKEN=one\n");
        open();
        QCOMPARE(m_workspace.environments.value(0).fromFile.value(0).value, QStringLiteral("one"));
        m_folder->write(name, "TOKEN=two\n"); // of the same size, in place
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 1, 8000);
        QCOMPARE(m_store.load(m_folder->path())->environments.value(0).fromFile.value(0).value,
                 QStringLiteral("two"));
        QVERIFY(QFile::remove(m_folder->path(name)));
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 2, 8000);
        m_folder->write(name, "TOKEN=three\n");
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 3, 8000);
        m_folder->write(QStringLiteral("other.env"), "TOKEN=four\n");
        QTest::qWait(1500);
        QCOMPARE(m_told, 3);
    }

    /// As long as neither the file nor its folders are there, the next folder above tells.
    void aDotEnvFileIsToldWhenItsFoldersAreMadeLater() {
        m_folder->write(QStringLiteral("environments/dev.yml"),
                        "name: Dev\ndotEnvFilePath: .secrets/deep/values\n");
        open();
        m_folder->write(QStringLiteral(".secrets/deep/values"), "TOKEN=one\n");
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 1, 8000);
        m_folder->write(QStringLiteral(".secrets/deep/values"), "TOKEN=two\n");
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 2, 8000);
    }

    void aFileInAFolderThatWasEmptyIsTold() {
        open();
        QVERIFY(QDir().mkpath(m_folder->path(QStringLiteral("later"))));
        QTest::qWait(1000);
        m_folder->write(QStringLiteral("later/b.yml"), request(1));
        QTRY_COMPARE_WITH_TIMEOUT(m_told, 1, 5000);
    }

    void ownSavesAndOtherFilesAreNot() {
        open();
        QVERIFY(
            m_store.saveRequest(m_workspace, requestItem(QStringLiteral("own.yml"), QStringLiteral("Own"))));
        QVERIFY(m_store.removeItem(m_workspace, QStringLiteral("sub/a.yml")));
        m_folder->write(QStringLiteral("readme.md"), "x");
        m_folder->write(QStringLiteral(".git/x.yml"), "x");
        QTest::qWait(2500);
        QCOMPARE(m_told, 0);
    }

    void aSwitchOfBranchesIsTakenWhole() {
        QVERIFY2(!QStandardPaths::findExecutable(QStringLiteral("git")).isEmpty(), "git is not here");
        m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
        for (int i = 0; i < 300; ++i)
            m_folder->write(QStringLiteral("f%1/r%2.yml").arg(i % 7).arg(i), request(i));
        QVERIFY(git({"init", "-q", "-b", "main"}) && git({"add", "-A"}) && git({"commit", "-qm", "a"}));
        QVERIFY(git({"checkout", "-qb", "other"}));
        for (int i = 0; i < 250; ++i)
            QFile::remove(m_folder->path(QStringLiteral("f%1/r%2.yml").arg(i % 7).arg(i)));
        for (int i = 0; i < 400; ++i)
            m_folder->write(QStringLiteral("g%1/r%2.yml").arg(i % 5).arg(i), request(i));
        QVERIFY(git({"add", "-A"}) && git({"commit", "-qm", "b"}) && git({"checkout", "-q", "main"}));
        open();
        QVERIFY(git({"add", "-A"}) && git({"commit", "-qm", "c"}));
        QVERIFY(git({"checkout", "-q", "other"}));
        QTRY_VERIFY_WITH_TIMEOUT(m_told > 0 && !m_store.changedOutside(m_folder->path()), 15000);
        const int told = m_told;
        const auto loaded = m_store.load(m_folder->path());
        QVERIFY(loaded.has_value());
        QVERIFY(loaded->find(QStringLiteral("g3/r3.yml")));
        QVERIFY(!loaded->find(QStringLiteral("f3/r3.yml")));
        QTest::qWait(1500);
        QCOMPARE(m_told, told); // and nothing more once it is taken over
    }

private:
    std::unique_ptr<FolderFixture> m_folder;
    FileWorkspaceStore m_store;
    Workspace m_workspace;
    FileFolderWatch m_watch;
    int m_told = 0;
};

QTEST_GUILESS_MAIN(TestFolderWatch)
#include "test_folder_watch.moc"
