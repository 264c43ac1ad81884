// SPDX-License-Identifier: GPL-3.0-or-later
// The part of FileWorkspaceStore that changes several files at once, and notices what others change.
#include "core/workspace/file_name.h"
#include "io/files/file_workspace_store_text.h"
#include "io/files/folder_scan.h"
#include "io/files/workspace_store.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

namespace kb {

namespace {

/// File systems keep times in steps of up to two seconds.
constexpr qint64 settledAfterMs = 2500;

QString rootOf(const QString& folder) {
    return QDir::cleanPath(QFileInfo(folder).absoluteFilePath()) + u'/';
}

} // namespace

FileWorkspaceStore::Stamp FileWorkspaceStore::stampOf(const QString& file) {
    // Not QFileInfo: it looks up the time zone for each file, to give a local time that nobody reads.
    namespace fs = std::filesystem;
    using namespace std::chrono;
    std::error_code missing;
    const fs::path path = QFileInfo(file).filesystemFilePath();
    const fs::file_time_type changed = fs::last_write_time(path, missing);
    if (missing) return {};
    const auto size = fs::file_size(path, missing);
    if (missing) return {}; // a folder, or gone since
    const auto time = duration_cast<milliseconds>(changed.time_since_epoch());
    const auto now = duration_cast<milliseconds>(fs::file_time_type::clock::now().time_since_epoch());
    return {qint64(size), qint64(time.count()), (now - time).count() > settledAfterMs};
}

Result<std::optional<QByteArray>> FileWorkspaceStore::fileBytes(const Workspace& workspace,
                                                                const QString& path) {
    return fileFor(workspace, path).and_then([&](const QString& file) -> Result<std::optional<QByteArray>> {
        if (!QFileInfo::exists(file)) return std::optional<QByteArray>();
        return presentBytes(file, path).map([](const QByteArray& bytes) {
            return std::optional<QByteArray>(bytes);
        });
    });
}

QStringList FileWorkspaceStore::filesBelow(const Workspace& workspace, const QString& folder) const {
    const QString root = rootOf(workspace.folder);
    const QString prefix = folder.isEmpty() ? root : root + folder + u'/';
    QStringList paths;
    for (auto it = m_known.cbegin(); it != m_known.cend(); ++it)
        if (it->readable && it.key().startsWith(prefix) && QFileInfo::exists(it.key()))
            paths.append(it.key().mid(root.size()));
    paths.sort();
    return paths;
}

Result<void> FileWorkspaceStore::put(const Workspace& workspace, const QString& path,
                                     const std::optional<QByteArray>& bytes) {
    if (!bytes) return removeFile(workspace, path);
    return save(workspace, path, *bytes, {});
}

Result<void> FileWorkspaceStore::apply(const Workspace& workspace, const QList<FileChange>& changes) {
    for (const FileChange& change : changes) {
        const auto present = fileBytes(workspace, change.path);
        if (!present) return tl::unexpected(present.error());
        if (*present != change.before)
            return fail(ErrorCode::Conflict, FileWorkspaceStoreText::tr("This file has changed meanwhile."),
                        change.path, FileWorkspaceStoreText::tr("Nothing was touched."));
    }
    for (qsizetype i = 0; i < changes.size(); ++i) {
        const Result<void> done = put(workspace, changes[i].path, changes[i].after);
        if (done) continue;
        for (qsizetype back = i - 1; back >= 0; --back)
            (void)put(workspace, changes[back].path, changes[back].before);
        return done;
    }
    QStringList gone;
    for (const FileChange& change : changes)
        if (!change.after) gone.append(change.path);
    removeEmptyFolders(workspace, gone);
    return {};
}

void FileWorkspaceStore::removeEmptyFolders(const Workspace& workspace, const QStringList& paths) {
    QStringList folders;
    for (const QString& path : paths)
        for (qsizetype end = path.lastIndexOf(u'/'); end > 0; end = path.lastIndexOf(u'/', end - 1))
            if (const QString folder = path.left(end); !folders.contains(folder)) folders.append(folder);
    std::sort(folders.begin(), folders.end(),
              [](const QString& a, const QString& b) { return a.size() > b.size(); });
    for (const QString& folder : std::as_const(folders))
        if (isSafeRelativePath(folder))
            QDir().rmdir(rootOf(workspace.folder) + folder); // stays if something else is in it
}

QByteArray FileWorkspaceStore::dotEnvDigest(const QString& folder, const QString& path) {
    Result<QByteArray> bytes = readBodyFile(folder, path);
    if (!bytes) return {};
    const QByteArray digest = QCryptographicHash::hash(*bytes, QCryptographicHash::Sha256);
    bytes->fill('\0'); // such files hold secrets
    return digest;
}

void FileWorkspaceStore::noteDotEnv(const QString& folder, const QString& path) {
    // One that is known keeps what was read of it: another environment may not have taken the change over
    // yet.
    if (const QString file = rootOf(folder) + path; !m_dotEnv.contains(file))
        m_dotEnv.insert(file, dotEnvDigest(folder, path));
}

bool FileWorkspaceStore::changedOutside(const QString& folder) {
    const QString root = rootOf(folder);
    if (!QFileInfo(root).isDir()) return true;
    for (auto it = m_dotEnv.cbegin(); it != m_dotEnv.cend(); ++it)
        if (it.key().startsWith(root) && dotEnvDigest(folder, it.key().mid(root.size())) != it.value())
            return true;
    const FolderScan scan = listFolder(root.chopped(1));
    qsizetype seen = 0;
    for (const FileProblem& problem : scan.problems) {
        if (!m_known.contains(root + problem.path)) return true;
        ++seen;
    }
    for (const opencollection::File& file : scan.files) {
        const QString path = root + file.path;
        const auto known = m_known.find(path);
        if (known == m_known.end()) return true;
        ++seen;
        const Stamp now = stampOf(path);
        const bool sameStamp = now.size == known->stamp.size && now.time == known->stamp.time;
        if (sameStamp && (known->stamp.settled || known->digest.isEmpty())) continue;
        if (known->digest.isEmpty()) return true;
        const auto bytes = readFileBytes(path, file.path);
        if (!bytes || QCryptographicHash::hash(*bytes, QCryptographicHash::Sha1) != known->digest)
            return true;
        known->stamp = now;
    }
    qsizetype all = 0;
    for (auto it = m_known.cbegin(); it != m_known.cend(); ++it)
        if (it.key().startsWith(root)) ++all;
    return seen != all;
}

} // namespace kb
