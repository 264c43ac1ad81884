// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/grant_lock.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QLockFile>
#include <QStandardPaths>
#include <QTimer>

namespace kb {

namespace {

constexpr int lookAgainMs = 25;
constexpr int unnamedForMs = 500; ///< far longer than it takes to write a name

struct LockText {
    Q_DECLARE_TR_FUNCTIONS(GrantLock)
};

QString usualFolder() {
    QString base = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    if (base.isEmpty()) base = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return base + QStringLiteral("/keybearer/locks");
}

class HeldLock final : public Handle {
public:
    explicit HeldLock(std::unique_ptr<QLockFile> lock) : m_lock(std::move(lock)) {}

private:
    std::unique_ptr<QLockFile> m_lock;
};

/// Looks again and again until the lock is free: no system tells when a file lock is given back.
class LockWait final : public Handle {
public:
    LockWait(const QString& file, int timeoutMs, std::function<void(Result<HandlePtr>)> done)
        : m_lock(std::make_unique<QLockFile>(file)), m_timeoutMs(timeoutMs), m_done(std::move(done)) {
        // A refresh that hangs is still a refresh: only a dead process loses its lock.
        m_lock->setStaleLockTime(0);
        m_since.start();
        m_timer.setSingleShot(true);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
        m_timer.start(0);
    }

private:
    /// Whoever is killed between making the file and writing its name into it leaves one that names nobody,
    /// and so never counts as of a dead process. A living holder's is not taken: the system keeps it locked.
    void dropUnnamed() {
        qint64 pid = 0;
        QString host, program;
        const QDateTime made = QFileInfo(m_lock->fileName()).lastModified();
        if (made.isValid() && made.msecsTo(QDateTime::currentDateTime()) > unnamedForMs &&
            !m_lock->getLockInfo(&pid, &host, &program))
            m_lock->removeStaleLockFile();
    }

    void look() {
        if (m_lock->tryLock(0)) return answer(std::make_unique<HeldLock>(std::move(m_lock)));
        if (m_lock->error() == QLockFile::LockFailedError && m_since.elapsed() < m_timeoutMs) {
            dropUnnamed();
            return m_timer.start(lookAgainMs);
        }
        if (m_lock->error() == QLockFile::LockFailedError)
            return answer(fail(ErrorCode::TimedOut,
                               LockText::tr("Another Keybearer is busy with this token."), m_lock->fileName(),
                               LockText::tr("Wait for it, or close it, and try again.")));
        answer(fail(ErrorCode::FileError, LockText::tr("The lock for this token cannot be made."),
                    m_lock->fileName(), LockText::tr("Check that the folder can be written.")));
    }
    void answer(Result<HandlePtr> result) {
        // The answer may destroy this object.
        const auto done = std::move(m_done);
        done(std::move(result));
    }

    std::unique_ptr<QLockFile> m_lock;
    int m_timeoutMs;
    std::function<void(Result<HandlePtr>)> m_done;
    QElapsedTimer m_since;
    QTimer m_timer;
};

} // namespace

FileGrantLock::FileGrantLock(QString folder)
    : m_folder(folder.isEmpty() ? usualFolder() : std::move(folder)) {}

HandlePtr FileGrantLock::acquire(const QString& grantId, int timeoutMs,
                                 std::function<void(Result<HandlePtr>)> done) {
    QDir().mkpath(m_folder);
    // An id comes from a shared file and may be anything; its hash is a file name everywhere.
    const QByteArray name = QCryptographicHash::hash(grantId.toUtf8(), QCryptographicHash::Sha256).toHex();
    return std::make_unique<LockWait>(m_folder + QLatin1Char('/') + QLatin1String(name.left(32)) +
                                          QStringLiteral(".lock"),
                                      timeoutMs, std::move(done));
}

} // namespace kb
