// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/draft_store.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUuid>

namespace kb {

namespace {

constexpr auto ours = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr qint64 mostBytes = 64 * 1024 * 1024;

bool makePrivateFolder(const QString& folder) {
    return QDir().mkpath(folder) && QFile::setPermissions(folder, ours | QFileDevice::ExeOwner);
}

} // namespace

FileDraftStore::FileDraftStore(const QString& folder)
    : m_folder(folder), m_program(QUuid::createUuid().toString(QUuid::Id128)) {}

FileDraftStore::~FileDraftStore() = default;

bool FileDraftStore::begin() {
    if (m_lock) return true;
    if (!makePrivateFolder(m_folder)) return false;
    auto lock = std::make_unique<QLockFile>(m_folder + u'/' + m_program + QStringLiteral(".lock"));
    lock->setStaleLockTime(0); // as long as the program lives
    if (!lock->tryLock(0)) return false;
    m_lock = std::move(lock);
    return true;
}

QString FileDraftStore::folderOf(const QString& workspaceFolder) const {
    const QString canonical = QFileInfo(workspaceFolder).canonicalFilePath();
    const QByteArray name = (canonical.isEmpty() ? workspaceFolder : canonical).toUtf8();
    return m_folder + u'/' +
           QString::fromLatin1(QCryptographicHash::hash(name, QCryptographicHash::Sha256).toHex().left(32));
}

QString FileDraftStore::fileOf(const QString& workspaceFolder, const QString& id) const {
    return folderOf(workspaceFolder) + u'/' + m_program + u'_' + id + QStringLiteral(".draft");
}

Result<void> FileDraftStore::keep(const QString& workspaceFolder, const QString& id, const QByteArray& text) {
    const QString path = fileOf(workspaceFolder, id);
    QSaveFile file(path);
    const bool kept = begin() && makePrivateFolder(QFileInfo(path).path()) &&
                      file.open(QIODevice::WriteOnly) && file.setPermissions(ours) &&
                      file.write(text) == text.size() && file.flush() && file.commit();
    if (kept) return {};
    return fail(
        ErrorCode::FileError,
        QCoreApplication::translate("FileDraftStore", "Edits that are not saved cannot be kept aside."),
        QDir::toNativeSeparators(path),
        QCoreApplication::translate("FileDraftStore", "Save them now and then."));
}

void FileDraftStore::drop(const QString& workspaceFolder, const QString& id) {
    QFile::remove(fileOf(workspaceFolder, id));
    QDir().rmdir(folderOf(workspaceFolder));
}

QList<DraftStore::Entry> FileDraftStore::entries(const QString& workspaceFolder) {
    QList<Entry> found;
    const QDir folder(folderOf(workspaceFolder));
    const QStringList names = folder.entryList({QStringLiteral("*_*.draft")}, QDir::Files | QDir::Hidden,
                                               QDir::Time | QDir::Reversed);
    if (names.isEmpty() || !begin()) return found;
    for (const QString& name : names) {
        const QString program = name.section(u'_', 0, 0);
        const QString id = name.section(u'_', 1).chopped(6);
        if (program != m_program) {
            // Whoever gets the lock is the only one who does.
            QLockFile lock(m_folder + u'/' + program + QStringLiteral(".lock"));
            lock.setStaleLockTime(0);
            if (!lock.tryLock(0)) continue;
            if (!QFile::rename(folder.filePath(name), fileOf(workspaceFolder, id))) continue;
        }
        QFile file(fileOf(workspaceFolder, id));
        if (file.open(QIODevice::ReadOnly) && file.size() <= mostBytes) found.append({id, file.readAll()});
    }
    return found;
}

} // namespace kb
