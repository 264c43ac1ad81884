// SPDX-License-Identifier: GPL-3.0-or-later
// Edits that are kept aside, and who gets them after a program was killed.
#include "io/files/draft_store.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QtTest>

#ifndef Q_OS_WIN // what the meta-object compiler can tell
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace kb;

class TestDraftStore : public QObject {
    Q_OBJECT
    QTemporaryDir m_data;
    QTemporaryDir m_workspace;

private Q_SLOTS:
    void init() { QVERIFY(QDir(m_data.path()).removeRecursively() && QDir().mkpath(m_data.path())); }

    void whatIsKeptIsFoundAndDropped() {
        FileDraftStore store(m_data.filePath("drafts"));
        QVERIFY(store.keep(m_workspace.path(), "one", "first"));
        QVERIFY(store.keep(m_workspace.path(), "one", "second"));
        QCOMPARE(store.entries(m_workspace.path()).size(), 1);
        QCOMPARE(store.entries(m_workspace.path()).first().text, QByteArray("second"));
        QVERIFY(store.entries(m_data.path()).isEmpty()); // another workspace's are others
        store.drop(m_workspace.path(), "one");
        QVERIFY(store.entries(m_workspace.path()).isEmpty());
    }

#ifndef Q_OS_WIN // what the meta-object compiler can tell
    void onlyThisUserMayReadThem() {
        FileDraftStore store(m_data.filePath("drafts"));
        QVERIFY(store.keep(m_workspace.path(), "one", "text"));
        QDirIterator each(m_data.filePath("drafts"), QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot,
                          QDirIterator::Subdirectories);
        int drafts = 0;
        while (each.hasNext()) {
            const QFileInfo file(each.next());
            if (file.suffix() == "lock") continue; // holds a process number
            drafts += file.suffix() == "draft";
            const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther |
                                QFileDevice::WriteOther;
            QVERIFY2(!(file.permissions() & others), qPrintable(file.filePath()));
        }
        QCOMPARE(drafts, 1);
    }

    /// A living program's drafts are its own; a killed one's go to the first that asks.
    void aKilledProgramsDraftsAreTakenOver() {
        int ready[2];
        QVERIFY(::pipe(ready) == 0);
        const pid_t child = ::fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            FileDraftStore store(m_data.filePath("drafts"));
            const char kept = store.keep(m_workspace.path(), "lost", "not lost") ? 'y' : 'n';
            (void)!::write(ready[1], &kept, 1);
            for (;;)
                ::pause();
        }
        char kept = 0;
        QCOMPARE(::read(ready[0], &kept, 1), ssize_t(1));
        QCOMPARE(kept, 'y');
        FileDraftStore store(m_data.filePath("drafts"));
        const auto whileItLives = store.entries(m_workspace.path());
        QVERIFY(::kill(child, SIGKILL) == 0 && ::waitpid(child, nullptr, 0) == child);
        QVERIFY(whileItLives.isEmpty());
        const auto found = store.entries(m_workspace.path());
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.first().text, QByteArray("not lost"));
        FileDraftStore late(m_data.filePath("drafts"));
        QVERIFY(late.entries(m_workspace.path()).isEmpty());
        QCOMPARE(store.entries(m_workspace.path()).size(), 1);
    }
#endif
};

QTEST_GUILESS_MAIN(TestDraftStore)
#include "test_draft_store.moc"
