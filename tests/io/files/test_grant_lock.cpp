// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/grant_lock.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace kb;

namespace {

/// Waits for a lock and gives it, or the error.
Result<HandlePtr> take(FileGrantLock& locks, const QString& id, int timeoutMs) {
    std::optional<Result<HandlePtr>> got;
    const HandlePtr wait =
        locks.acquire(id, timeoutMs, [&got](Result<HandlePtr> result) { got.emplace(std::move(result)); });
    if (!QTest::qWaitFor([&got] { return got.has_value(); }, 20000))
        return fail(ErrorCode::Internal, QStringLiteral("no answer"));
    return std::move(*got);
}

} // namespace

class TestGrantLock : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneAtATime() {
        FileGrantLock locks(m_folder.path());
        Result<HandlePtr> first = take(locks, QStringLiteral("grant"), 100);
        QVERIFY(first.has_value());
        const Result<HandlePtr> second = take(locks, QStringLiteral("grant"), 100);
        QVERIFY(!second.has_value());
        QCOMPARE(second.error().code, ErrorCode::TimedOut);
        QVERIFY(!second.error().next.isEmpty());
        QVERIFY(take(locks, QStringLiteral("another"), 100).has_value());
        first->reset();
        QVERIFY(take(locks, QStringLiteral("grant"), 100).has_value());
    }

    void whoWaitsGetsItWhenItIsGivenBack() {
        FileGrantLock locks(m_folder.path());
        Result<HandlePtr> first = take(locks, QStringLiteral("waited-for"), 100);
        QVERIFY(first.has_value());
        bool got = false;
        const HandlePtr wait =
            locks.acquire(QStringLiteral("waited-for"), 20000,
                          [&got](const Result<HandlePtr>& result) { got = result.has_value(); });
        QTest::qWait(100);
        QVERIFY(!got);
        first->reset();
        QTRY_VERIFY(got);
    }

    void neverInsideTheCallAndSilentWhenGone() {
        FileGrantLock locks(m_folder.path());
        bool called = false;
        HandlePtr wait = locks.acquire(QStringLiteral("quiet"), 100,
                                       [&called](const Result<HandlePtr>&) { called = true; });
        QVERIFY(!called);
        wait.reset();
        QTest::qWait(100);
        QVERIFY(!called);
    }

    void strangeIdsStayInTheFolder() {
        FileGrantLock locks(m_folder.path());
        QVERIFY(take(locks, QStringLiteral("../../etc/passwd"), 100).has_value());
        QVERIFY(take(locks, QString(5000, QLatin1Char('/')), 100).has_value());
    }

    void aFolderThatCannotBeMadeIsSaid() {
        FileGrantLock locks(QStringLiteral("/proc/no-such-place"));
        const Result<HandlePtr> none = take(locks, QStringLiteral("grant"), 1000);
        QVERIFY(!none.has_value());
        QCOMPARE(none.error().code, ErrorCode::FileError);
    }

    void anotherProcessHoldsItUntilItDies() {
        QProcess other;
        other.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--hold"), m_folder.path()});
        QVERIFY(other.waitForReadyRead(20000));
        FileGrantLock locks(m_folder.path());
        const Result<HandlePtr> refused = take(locks, QStringLiteral("shared"), 200);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::TimedOut);
        other.kill(); // no chance to give anything back
        QVERIFY(other.waitForFinished(20000));
        QVERIFY(take(locks, QStringLiteral("shared"), 10000).has_value());
    }

    /// Killed between making the lock's file and writing into it whose it is.
    void aLockThatNamesNobodyIsNobodys() {
        FileGrantLock locks(m_folder.path());
        QVERIFY(take(locks, QStringLiteral("nameless"), 100).has_value());
        {
            const Result<HandlePtr> held = take(locks, QStringLiteral("nameless"), 100);
            const QStringList files = QDir(m_folder.path()).entryList(QDir::Files);
            QVERIFY(!files.isEmpty());
            for (const QString& name : files)
                m_left.setFileName(m_folder.filePath(name));
        }
        QVERIFY(m_left.open(QIODevice::WriteOnly));
        m_left.close();
        QVERIFY(take(locks, QStringLiteral("nameless"), 10000).has_value());
    }

private:
    QTemporaryDir m_folder;
    QFile m_left;
};

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    if (app.arguments().value(1) == QLatin1String("--hold")) {
        FileGrantLock locks(app.arguments().value(2));
        const Result<HandlePtr> held = take(locks, QStringLiteral("shared"), 1000);
        if (!held) return 1;
        std::puts("held");
        std::fflush(stdout);
        return QCoreApplication::exec();
    }
    TestGrantLock test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_grant_lock.moc"
