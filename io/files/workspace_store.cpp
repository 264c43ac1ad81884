// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/workspace_store.h"
#include "io/files/file_workspace_store_text.h"

#include "core/workspace/file_name.h"
#include "io/files/folder_scan.h"
#include "io/files/workspace_folder.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QSet>

namespace kb {

namespace oc = opencollection;

namespace {

QByteArray digestOf(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha1);
}

QString native(const QString& path) {
    return QDir::toNativeSeparators(path);
}

QString absolute(const QString& folder) {
    return QDir::cleanPath(QFileInfo(folder).absoluteFilePath());
}

tl::unexpected<Error> notWritten(const QString& what, const QString& file) {
    return fail(ErrorCode::FileError, what, native(file),
                FileWorkspaceStoreText::tr(
                    "Check that the folder may be written to and that the disk has room, then save again."));
}

/// What a save left that was cut off, once no program can still be at it. The file itself must be there: what
/// stands nowhere else stays.
void removeLeftover(const QString& file) {
    const QFileInfo info(file);
    const bool old = info.lastModified().secsTo(QDateTime::currentDateTime()) > 3600;
    if (old && info.isFile() && !info.isSymLink() && QFileInfo::exists(file.chopped(7))) QFile::remove(file);
}

} // namespace

Result<Workspace> FileWorkspaceStore::load(const QString& folder) {
    const QString root = absolute(folder);
    if (!QFileInfo(root).isDir())
        return fail(ErrorCode::NotFound, FileWorkspaceStoreText::tr("There is no such folder."), native(root),
                    FileWorkspaceStoreText::tr("Choose another folder."));
    const FolderScan scan = scanFolder(root);
    // If the root file could not be read, that is the error, not its absence.
    for (const FileProblem& problem : scan.problems) {
        if (problem.path == oc::rootFileName()) return tl::unexpected(problem.error);
    }
    auto workspace = oc::read(scan.files);
    if (!workspace) {
        Error error = workspace.error();
        error.where = error.where.isEmpty() ? native(root) : native(root + u'/' + error.where);
        return tl::unexpected(error);
    }
    workspace->folder = root;

    QSet<QString> broken;
    for (const FileProblem& problem : std::as_const(workspace->problems))
        broken.insert(problem.path);
    const QString prefix = root + u'/';
    m_known.removeIf([&](const QHash<QString, Known>::iterator it) { return it.key().startsWith(prefix); });
    for (const oc::File& file : scan.files) {
        Known known{digestOf(file.text), !broken.contains(file.path)};
        known.stamp = stampOf(prefix + file.path);
        if (oc::isEnvironmentPath(file.path)) known.environment = oc::environmentName(file);
        m_known.insert(prefix + file.path, known);
    }
    // What was left out is remembered too, so that it counts as new only once.
    for (const FileProblem& problem : scan.problems)
        m_known.insert(prefix + problem.path, Known{{}, false, {}, stampOf(prefix + problem.path)});
    workspace->problems += scan.problems;
    for (const QString& path : scan.leftovers)
        removeLeftover(prefix + path);
    m_dotEnv.removeIf(
        [&](const QHash<QString, QByteArray>::iterator it) { return it.key().startsWith(prefix); });
    for (Environment& environment : workspace->environments)
        readDotEnvOf(environment, *workspace);
    return workspace;
}

void FileWorkspaceStore::readDotEnvOf(Environment& environment, Workspace& workspace) {
    if (environment.dotEnvFile.isEmpty()) return;
    noteDotEnv(workspace.folder, environment.dotEnvFile);
    // That it is missing is usual: such files are each person's own.
    if (!QFileInfo::exists(workspace.folder + u'/' + environment.dotEnvFile)) return;
    const Result<QByteArray> text = readBodyFile(workspace.folder, environment.dotEnvFile);
    if (text)
        environment.fromFile = readDotEnv(*text);
    else
        workspace.problems.append({environment.dotEnvFile, text.error()});
}

Result<Workspace> FileWorkspaceStore::create(const QString& folder, const QString& name) {
    const QString root = absolute(folder);
    if (!QDir().mkpath(root))
        return notWritten(FileWorkspaceStoreText::tr("The folder cannot be made."), root);
    if (QFileInfo::exists(root + u'/' + oc::rootFileName())) return load(root);
    Workspace workspace;
    workspace.folder = root;
    workspace.name = name;
    if (auto saved = saveRoot(workspace); !saved) return tl::unexpected(saved.error());
    return load(root);
}

Result<QString> FileWorkspaceStore::fileFor(const Workspace& workspace, const QString& path) const {
    if (workspace.folder.isEmpty())
        return fail(ErrorCode::InvalidInput, FileWorkspaceStoreText::tr("The workspace has no folder yet."),
                    QString(), FileWorkspaceStoreText::tr("Choose a folder to save it in."));
    if (!isSafeRelativePath(path))
        return fail(ErrorCode::InvalidInput, FileWorkspaceStoreText::tr("The file name cannot be used."),
                    path,
                    FileWorkspaceStoreText::tr("Use a path inside the workspace folder, without \"..\"."));
    const QString root = absolute(workspace.folder);
    const QString file = root + u'/' + path;
    // A folder or a file on the way may be a link; what counts is where it ends.
    QString existing = file;
    while (existing.size() > root.size() && !QFileInfo::exists(existing) && !QFileInfo(existing).isSymLink())
        existing = parentOf(existing);
    const QString end = QFileInfo(existing).canonicalFilePath() + u'/';
    if (QFileInfo::exists(root) && !end.startsWith(QFileInfo(root).canonicalFilePath() + u'/'))
        return fail(ErrorCode::FileError,
                    FileWorkspaceStoreText::tr("The path leads out of the workspace folder through a link."),
                    path, FileWorkspaceStoreText::tr("Remove the link, or choose another folder."));
    return file;
}

Result<QByteArray> FileWorkspaceStore::presentBytes(const QString& file, const QString& shown) const {
    if (!QFileInfo::exists(file))
        return QByteArray(); // deleted meanwhile: saving brings it back, nothing is lost
    auto bytes = readFileBytes(file, shown);
    if (!bytes) return bytes;
    const auto known = m_known.constFind(file);
    if (known == m_known.constEnd())
        return fail(
            ErrorCode::Conflict,
            FileWorkspaceStoreText::tr("A file of this name was made by another program."), shown,
            FileWorkspaceStoreText::tr("Reload the workspace to see it, or save under another name."));
    if (known->digest != digestOf(*bytes))
        return fail(
            ErrorCode::Conflict,
            FileWorkspaceStoreText::tr("Another program changed this file since it was read."), shown,
            FileWorkspaceStoreText::tr("Reload the workspace to see that change, then make yours again."));
    if (!known->readable)
        return fail(ErrorCode::Conflict,
                    FileWorkspaceStoreText::tr("This file could not be read, so it is not written over."),
                    shown, FileWorkspaceStoreText::tr("Correct the file in a text editor, then reload."));
    return bytes;
}

static Result<void> writeWhole(const QString& file, const QByteArray& text) {
    if (!QDir().mkpath(parentOf(file)))
        return notWritten(FileWorkspaceStoreText::tr("The folder cannot be made."), parentOf(file));
    QSaveFile target(file);
    // commit() does not notice when what write() kept back finds no room, and would put an empty file in
    // place.
    if (!target.open(QIODevice::WriteOnly) || target.write(text) != text.size() || !target.flush() ||
        !target.commit())
        return notWritten(
            FileWorkspaceStoreText::tr("The file cannot be saved: %1.").arg(target.errorString()), file);
    return {};
}

Result<void> FileWorkspaceStore::save(const Workspace& workspace, const QString& path, const QByteArray& text,
                                      const QByteArray& previous) {
    auto file = fileFor(workspace, path);
    if (!file) return tl::unexpected(file.error());
    if (text != previous || !QFileInfo::exists(*file))
        if (const Result<void> written = writeWhole(*file, text); !written) return written;
    Known known{digestOf(text)};
    known.stamp = stampOf(*file);
    if (oc::isEnvironmentPath(path)) known.environment = oc::environmentName({path, text});
    m_known.insert(*file, known);
    return {};
}

Result<void> FileWorkspaceStore::saveRoot(const Workspace& workspace) {
    const QString path = oc::rootFileName();
    return fileFor(workspace, path)
        .and_then([&](const QString& file) { return presentBytes(file, path); })
        .and_then([&](const QByteArray& previous) {
            return oc::writeRoot(workspace, previous).and_then([&](const QByteArray& text) {
                return save(workspace, path, text, previous);
            });
        });
}

Result<void> FileWorkspaceStore::saveRequest(const Workspace& workspace, const TreeItem& request) {
    if (request.kind != TreeItem::Kind::Request ||
        !request.path.endsWith(QLatin1String(".yml"), Qt::CaseInsensitive))
        return fail(ErrorCode::InvalidInput,
                    FileWorkspaceStoreText::tr("A request is saved in a file that ends in .yml."),
                    request.path);
    return fileFor(workspace, request.path)
        .and_then([&](const QString& file) { return presentBytes(file, request.path); })
        .and_then([&](const QByteArray& previous) {
            return oc::writeRequest(request, previous).and_then([&](const QByteArray& text) {
                return save(workspace, request.path, text, previous);
            });
        });
}

Result<void> FileWorkspaceStore::saveFolder(const Workspace& workspace, const TreeItem& folder) {
    const QString path = folder.path + u'/' + oc::folderFileName();
    return fileFor(workspace, path)
        .and_then([&](const QString& file) { return presentBytes(file, path); })
        .and_then([&](const QByteArray& previous) {
            return oc::writeFolder(folder, previous).and_then([&](const QByteArray& text) {
                return save(workspace, path, text, previous);
            });
        });
}

QString FileWorkspaceStore::environmentPath(const Workspace& workspace, const QString& name) const {
    const QString folder = QStringLiteral("environments/");
    const QString prefix = absolute(workspace.folder) + u'/';
    QString found; // the first of its name in the order of the file names
    for (auto it = m_known.cbegin(); it != m_known.cend(); ++it) {
        if (!it.key().startsWith(prefix + folder) || it->environment != name) continue;
        if (!QFileInfo::exists(it.key())) continue;
        const QString path = it.key().mid(prefix.size());
        if (found.isEmpty() || path < found) found = path;
    }
    if (!found.isEmpty()) return found;
    const QString stem = folder + environmentFileStem(name);
    QString path = stem + QLatin1String(".yml");
    for (int number = 2; m_known.contains(prefix + path) && QFileInfo::exists(prefix + path); ++number)
        path = stem + u'-' + QString::number(number) + QLatin1String(".yml");
    return path;
}

Result<void> FileWorkspaceStore::saveEnvironment(const Workspace& workspace, const Environment& environment) {
    if (environment.name.trimmed().isEmpty())
        return fail(ErrorCode::InvalidInput, FileWorkspaceStoreText::tr("The environment has no name."),
                    QString(), FileWorkspaceStoreText::tr("Give it a name."));
    const QString path = environmentPath(workspace, environment.name);
    return fileFor(workspace, path)
        .and_then([&](const QString& file) { return presentBytes(file, path); })
        .and_then([&](const QByteArray& previous) {
            return oc::writeEnvironment(environment, previous).and_then([&](const QByteArray& text) {
                return save(workspace, path, text, previous);
            });
        })
        .map([&] {
            if (!environment.dotEnvFile.isEmpty()) noteDotEnv(workspace.folder, environment.dotEnvFile);
        });
}

Result<void> FileWorkspaceStore::removeFile(const Workspace& workspace, const QString& path) {
    auto file = fileFor(workspace, path);
    if (!file) return tl::unexpected(file.error());
    if (!QFileInfo::exists(*file)) {
        m_known.remove(*file);
        return {};
    }
    if (auto present = presentBytes(*file, path); !present) return tl::unexpected(present.error());
    QFile target(*file);
    if (!target.remove())
        return fail(ErrorCode::FileError,
                    FileWorkspaceStoreText::tr("The file cannot be removed: %1.").arg(target.errorString()),
                    native(*file),
                    FileWorkspaceStoreText::tr("Check that the folder may be written to, then try again."));
    m_known.remove(*file);
    return {};
}

Result<void> FileWorkspaceStore::removeItem(const Workspace& workspace, const QString& path) {
    if (path == oc::rootFileName())
        return fail(ErrorCode::InvalidInput, FileWorkspaceStoreText::tr("This file is the workspace itself."),
                    path);
    auto file = fileFor(workspace, path);
    if (!file) return tl::unexpected(file.error());
    if (!QFileInfo(*file).isDir()) return removeFile(workspace, path);

    // A folder: only the files that were read from it, and only if none of them has changed; the rest is not
    // ours.
    QStringList paths;
    const QString root = absolute(workspace.folder) + u'/';
    for (auto it = m_known.cbegin(); it != m_known.cend(); ++it) {
        if (it.key().startsWith(*file + u'/') && it->readable) paths.append(it.key().mid(root.size()));
    }
    for (const QString& inside : std::as_const(paths)) {
        if (auto present = presentBytes(root + inside, inside); !present)
            return tl::unexpected(present.error());
    }
    for (const QString& inside : std::as_const(paths))
        if (auto removed = removeFile(workspace, inside); !removed) return removed;
    removeEmptyFolders(workspace, paths + QStringList{path + u'/'});
    return {};
}

Result<void> FileWorkspaceStore::removeEnvironment(const Workspace& workspace,
                                                   const QString& environmentName) {
    return removeFile(workspace, environmentPath(workspace, environmentName));
}

Result<QByteArray> FileWorkspaceStore::readBodyFile(const QString& folder, const QString& path) {
    return readFileWithin(folder, path);
}

Result<void> FileWorkspaceStore::writeBeside(const Workspace& workspace, const QString& path,
                                             const QByteArray& bytes) {
    return fileFor(workspace, path).and_then([&](const QString& file) -> Result<void> {
        // What belongs to the collection has ways of its own, which notice what others changed.
        if (m_known.contains(file))
            return fail(ErrorCode::InvalidInput,
                        FileWorkspaceStoreText::tr("This file is part of the workspace."), path,
                        FileWorkspaceStoreText::tr("Choose another name."));
        return writeWhole(file, bytes);
    });
}

QString FileWorkspaceStore::findFolder(const QString& start) const {
    return nearestWorkspace(start);
}

QStringList FileWorkspaceStore::takenNames(const Workspace& workspace, const QString& folder) const {
    const QString prefix = folder.isEmpty() ? QString() : folder + u'/';
    QStringList taken;
    if (!workspace.folder.isEmpty())
        taken = QDir(absolute(workspace.folder) + u'/' + prefix)
                    .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    const TreeItem* parent = workspace.find(folder);
    for (const TreeItem& item : folder.isEmpty() ? workspace.items
                                : parent         ? parent->children
                                                 : QList<TreeItem>())
        taken.append(item.path.mid(prefix.size()));
    return taken;
}

QString FileWorkspaceStore::freePath(const Workspace& workspace, const QString& folder,
                                     const QString& name) const {
    // Names that differ only in case are one name on some systems, so they count as taken on all.
    const QStringList taken = takenNames(workspace, folder);
    const QString stem = requestFileStem(name);
    QString file = stem + QLatin1String(".yml");
    for (int number = 2; taken.contains(file, Qt::CaseInsensitive); ++number)
        file = stem + u'-' + QString::number(number) + QLatin1String(".yml");
    return folder.isEmpty() ? file : folder + u'/' + file;
}

} // namespace kb
