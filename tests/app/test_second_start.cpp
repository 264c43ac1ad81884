// SPDX-License-Identifier: GPL-3.0-or-later
// Keybearer started while it runs: the real program, several times.
#include "io/files/settings.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#ifndef Q_OS_WIN
#include <csignal>
#endif

using namespace kb;

class TestSecondStart : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_home;

    static QString s(const char* text) { return QString::fromUtf8(text); }
    QString place(const char* name) const { return m_home->filePath(s(name)); }
    void prepare(QProcess& process) const {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(s("XDG_CONFIG_HOME"), place("config"));
        environment.insert(s("XDG_DATA_HOME"), place("data"));
        environment.insert(s("XDG_RUNTIME_DIR"), place("runtime"));
        environment.insert(s("QT_QPA_PLATFORM"), s("offscreen"));
        process.setProcessEnvironment(environment);
        process.setProgram(s(KB_BIN_DIR "/keybearer"));
    }
    void start(QProcess& process, const QStringList& arguments) const {
        prepare(process);
        process.setArguments(arguments);
        process.start();
        QVERIFY(process.waitForStarted());
    }
    QStringList sockets() const {
        return QDir(place("runtime")).entryList({s("keybearer-*")}, QDir::Files | QDir::System);
    }
    /// The workspace that was opened last, as the program's own settings have it.
    QString last() const {
        return FileSettings(place("config/keybearer/settings.ini")).value(s("workspace/last"), {}).toString();
    }
    void makeWorkspace(const char* name) const {
        QVERIFY(QDir().mkpath(place(name)));
        QFile root(place(name) + s("/opencollection.yml"));
        QVERIFY(root.open(QIODevice::WriteOnly));
        root.write("opencollection: 1.0.0\ninfo:\n  name: One of them\n");
    }

private Q_SLOTS:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir().mkpath(place("runtime")));
        QFile::setPermissions(place("runtime"),
                              QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
        makeWorkspace("one");
        makeWorkspace("two");
    }

#ifndef Q_OS_WIN
    void theSecondHandsOverAndEnds() {
        QProcess first;
        start(first, {place("one")});
        QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 1, 20000);
        QCOMPARE(last(), place("one"));
        // Nobody else may speak to it.
        const QFile::Permissions others = QFile::permissions(place("runtime/") + sockets().first()) &
                                          (QFileDevice::WriteGroup | QFileDevice::WriteOther);
        QCOMPARE(int(others), 0);
        QProcess second;
        start(second, {place("two")});
        QVERIFY(second.waitForFinished(20000));
        QCOMPARE(second.exitCode(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(last(), place("two"), 10000);
        QCOMPARE(first.state(), QProcess::Running);
        // From another folder, by a relative path.
        QProcess third;
        third.setWorkingDirectory(m_home->path());
        start(third, {s("one")});
        QVERIFY(third.waitForFinished(20000));
        QTRY_COMPARE_WITH_TIMEOUT(last(), place("one"), 10000);
        // One that wants a window of its own gets it.
        QProcess own;
        start(own, {s("--new-window"), place("two")});
        QTRY_COMPARE_WITH_TIMEOUT(last(), place("two"), 20000);
        QCOMPARE(own.state(), QProcess::Running);
        for (QProcess* each : {&first, &own}) {
            each->kill();
            QVERIFY(each->waitForFinished());
        }
    }

    /// Two at the same moment: one of them stays.
    void twoAtOnceBecomeOne() {
        QProcess one, two;
        start(one, {place("one")});
        start(two, {place("one")});
        QTRY_VERIFY_WITH_TIMEOUT(one.state() == QProcess::NotRunning || two.state() == QProcess::NotRunning,
                                 20000);
        QProcess& ended = one.state() == QProcess::NotRunning ? one : two;
        QProcess& stays = &ended == &one ? two : one;
        QCOMPARE(ended.exitCode(), 0);
        QTest::qWait(300);
        QCOMPARE(stays.state(), QProcess::Running);
        stays.kill();
        QVERIFY(stays.waitForFinished());
    }

    /// Killed, it leaves its socket and its lock; the next start takes both over.
    void aKilledOneIsFollowed() {
        QProcess first;
        start(first, {place("one")});
        QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 1, 20000);
        first.kill();
        QVERIFY(first.waitForFinished());
        QCOMPARE(sockets().size(), 1);
        QProcess next;
        start(next, {place("two")});
        QTRY_COMPARE_WITH_TIMEOUT(last(), place("two"), 20000);
        QCOMPARE(next.state(), QProcess::Running);
        QProcess third;
        start(third, {place("one")});
        QVERIFY(third.waitForFinished(20000));
        QTRY_COMPARE_WITH_TIMEOUT(last(), place("one"), 10000);
        next.kill();
        QVERIFY(next.waitForFinished());
    }

    /// One that hangs is not waited for.
    void aHungOneIsNotWaitedFor() {
        QProcess first;
        start(first, {place("one")});
        QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 1, 20000);
        QCOMPARE(::kill(pid_t(first.processId()), SIGSTOP), 0);
        QProcess second;
        start(second, {place("two")});
        QTRY_COMPARE_WITH_TIMEOUT(last(), place("two"), 20000);
        QCOMPARE(second.state(), QProcess::Running);
        second.kill();
        QVERIFY(second.waitForFinished());
        first.kill();
        QVERIFY(first.waitForFinished());
    }
#endif
};

QTEST_GUILESS_MAIN(TestSecondStart)
#include "test_second_start.moc"
