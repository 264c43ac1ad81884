// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/folder_scan.h"
#include "io/files/file_workspace_store_text.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace kb {

namespace {

constexpr qint64 maxFileBytes = 32 * 1024 * 1024;
constexpr int maxFiles = 50000;
constexpr int maxDepth = 32;

/// What a save that never ended leaves: the file's name and six letters. Such a name may be a person's own
/// ("a.yml.backup"), so those count that mix capitals in, as chance does and people do not.
bool isLeftover(const QString& name) {
    static const QRegularExpression letters(QStringLiteral("\\.yml\\.[A-Za-z]{6}$"));
    if (!name.contains(letters)) return false;
    const QString last = name.right(5);
    return last != last.toLower() && last != last.toUpper();
}

class Scanner {
public:
    Scanner(const QString& folder, bool read)
        : m_root(folder), m_read(read), m_canonicalRoot(QFileInfo(folder).canonicalFilePath() + u'/') {}

    FolderScan run() {
        folder(QString(), 0);
        return std::move(m_scan);
    }

private:
    void problem(const QString& path, const QString& what, const QString& next) {
        m_scan.problems.append({path, Error{ErrorCode::FileError, what, path, next, -1}});
    }

    void folder(const QString& relative, int depth) {
        if (depth > maxDepth) {
            problem(relative, FileWorkspaceStoreText::tr("The folders are nested too deeply."),
                    FileWorkspaceStoreText::tr("Move this folder further up."));
            return;
        }
        QStringList folders;
        QStringList files;
        QDirIterator entries(m_root + u'/' + relative, QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot);
        while (entries.hasNext()) {
            entries.next();
            const QString name = entries.fileName();
            if (isLeftover(name)) m_scan.leftovers.append(relative + name);
            const bool yaml = name.endsWith(QLatin1String(".yml"), Qt::CaseInsensitive);
            const QFileInfo info = entries.fileInfo();
            if (info.isDir()) {
                // A linked folder may lead anywhere, also round in a circle.
                if (!info.isSymLink() && name != QLatin1String("node_modules")) folders.append(name);
            } else if (yaml && info.isSymLink() && !info.canonicalFilePath().startsWith(m_canonicalRoot)) {
                problem(
                    relative + name,
                    FileWorkspaceStoreText::tr("The file is a link that leads out of the workspace folder."),
                    FileWorkspaceStoreText::tr("Put the file itself here."));
            } else if (yaml) {
                files.append(name);
            }
        }
        files.sort();
        for (const QString& name : std::as_const(files))
            file(relative + name);
        folders.sort();
        for (const QString& name : std::as_const(folders))
            folder(relative + name + u'/', depth + 1);
    }

    void file(const QString& path) {
        if (m_scan.files.size() >= maxFiles) {
            if (!m_full)
                problem(
                    path,
                    FileWorkspaceStoreText::tr("The folder holds more than %1 files; the rest is left out.")
                        .arg(maxFiles),
                    FileWorkspaceStoreText::tr("Split the workspace."));
            m_full = true;
            return;
        }
        if (!m_read) return m_scan.files.append({path, {}});
        auto bytes = readFileBytes(m_root + u'/' + path, path);
        if (bytes)
            m_scan.files.append({path, *bytes});
        else
            m_scan.problems.append({path, bytes.error()});
    }

    QString m_root;
    bool m_read;
    QString m_canonicalRoot;
    FolderScan m_scan;
    bool m_full = false;
};

} // namespace

static Result<QByteArray> readBytes(const QString& file, const QString& shown, qint64 most) {
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(ErrorCode::FileError,
                    FileWorkspaceStoreText::tr("The file cannot be read: %1.").arg(source.errorString()),
                    shown, FileWorkspaceStoreText::tr("Check its permissions, then reload."));
    const qint64 size = source.size();
    if (size > most)
        return fail(ErrorCode::FileError,
                    FileWorkspaceStoreText::tr("The file is larger than %1 MB, so it is not read.")
                        .arg(most / 1024 / 1024),
                    shown, FileWorkspaceStoreText::tr("Move large bodies out of the file."));
    // Room for what the file says it has: asking for the most would map and unmap that much for every file.
    QByteArray bytes = source.read(size + 1);
    if (bytes.size() > size) bytes += source.read(most); // it grew, or it is a pipe that tells no size
    if (source.error() != QFileDevice::NoError)
        return fail(ErrorCode::FileError,
                    FileWorkspaceStoreText::tr("The file cannot be read: %1.").arg(source.errorString()),
                    shown, FileWorkspaceStoreText::tr("Check the disk, then reload."));
    return bytes;
}

Result<QByteArray> readFileBytes(const QString& file, const QString& shown) {
    return readBytes(file, shown, maxFileBytes);
}

Result<QByteArray> readFileWithin(const QString& folder, const QString& path) {
    const QString root = QFileInfo(folder).canonicalFilePath();
    const QString file = QFileInfo(QDir(root).filePath(path)).canonicalFilePath();
    if (root.isEmpty() || file.isEmpty())
        return fail(ErrorCode::FileError, FileWorkspaceStoreText::tr("There is no such file."), path,
                    FileWorkspaceStoreText::tr("Name it by its path within the workspace's folder."));
    if (!file.startsWith(root + u'/'))
        return fail(
            ErrorCode::FileError,
            FileWorkspaceStoreText::tr("The file is outside the workspace's folder, so it is not read."),
            path, FileWorkspaceStoreText::tr("Copy it into the folder and name it there."));
    if (!QFileInfo(file).isFile()) // a pipe or a device may be waited for without end
        return fail(ErrorCode::FileError,
                    FileWorkspaceStoreText::tr("This is no ordinary file, so it is not read."), path,
                    FileWorkspaceStoreText::tr("Name a file that holds the body."));
    return readBytes(file, path, 100 * 1024 * 1024);
}

FolderScan scanFolder(const QString& folder) {
    return Scanner(folder, true).run();
}

FolderScan listFolder(const QString& folder) {
    return Scanner(folder, false).run();
}

} // namespace kb
