// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/folder_watch.h"

#include "io/files/folder_scan.h"

#include <QDir>
#include <QFileSystemWatcher>
#include <QSet>
#include <QTimer>

namespace kb {

namespace {

constexpr int quietMs = 250;           // a branch switch comes as thousands of changes
constexpr int longestMs = 2000;        // but somebody who writes without end does not hold us off
constexpr qsizetype mostPaths = 20000; // the system's watches are few, and others want some too

} // namespace

class FileFolderWatch::Private {
public:
    Private() {
        m_quiet.setSingleShot(true);
        m_longest.setSingleShot(true);
        const auto heard = [this] {
            m_quiet.start(quietMs);
            if (!m_longest.isActive()) m_longest.start(longestMs);
        };
        QObject::connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_quiet, heard);
        QObject::connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_quiet, heard);
        QObject::connect(&m_quiet, &QTimer::timeout, &m_quiet, [this] { tell(); });
        QObject::connect(&m_longest, &QTimer::timeout, &m_quiet, [this] { tell(); });
    }

    void watch(const QString& folder, std::function<void()> changed) {
        m_quiet.stop();
        m_longest.stop();
        m_folder = QDir::cleanPath(folder);
        m_more.clear();
        m_changed = std::move(changed);
        const QStringList before = m_watcher.files() + m_watcher.directories();
        if (!before.isEmpty()) m_watcher.removePaths(before);
        // The window comes first.
        if (!folder.isEmpty()) QTimer::singleShot(0, &m_quiet, [this] { follow(); });
    }

    void alsoWatch(const QStringList& paths) {
        if (paths == m_more) return;
        m_more = paths;
        QTimer::singleShot(0, &m_quiet, [this] {
            follow();
            if (!m_folder.isEmpty()) m_quiet.start(quietMs); // they may have changed since they were read
        });
    }

private:
    void tell() {
        m_quiet.stop();
        m_longest.stop();
        follow(); // a file that was replaced is another one from now on
        if (m_changed) m_changed();
    }

    void follow() {
        if (m_folder.isEmpty()) return;
        const QStringList present = m_watcher.files() + m_watcher.directories();
        const QSet<QString> watched(present.cbegin(), present.cend());
        QStringList more;
        QSet<QString> seen;
        const auto want = [&](const QString& path) {
            if (seen.contains(path)) return;
            seen.insert(path);
            if (!watched.contains(path) && watched.size() + more.size() < mostPaths) more.append(path);
        };
        wantFoldersIn(m_folder, want);
        const FolderScan scan = listFolder(m_folder);
        QSet<QString> listed; // a folder of a thousand requests is listed once, not for each of them
        for (const opencollection::File& file : scan.files)
            for (qsizetype end = file.path.lastIndexOf(u'/'); end > 0;
                 end = file.path.lastIndexOf(u'/', end - 1)) {
                const QString folder = file.path.left(end);
                if (listed.contains(folder)) break; // and so are those above it
                listed.insert(folder);
                wantFoldersIn(m_folder + u'/' + folder, want);
            }
        for (const QString& path : std::as_const(m_more)) {
            const QString file = QDir::cleanPath(m_folder + u'/' + path);
            if (!file.startsWith(m_folder + u'/')) continue;
            // It and its folders may not be there yet: then the one in which they will be made tells.
            for (qsizetype end = file.lastIndexOf(u'/'); end > m_folder.size();
                 end = file.lastIndexOf(u'/', end - 1))
                want(file.left(end));
            want(file);
        }
        for (const opencollection::File& file : scan.files)
            want(m_folder + u'/' + file.path);
        if (!more.isEmpty()) m_watcher.addPaths(more);
    }

    /// The folder and those in it, which may be empty yet: what is written there later must be heard.
    static void wantFoldersIn(const QString& folder, const std::function<void(const QString&)>& want) {
        want(folder);
        const QDir dir(folder);
        for (const QString& name : dir.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks))
            if (name != QLatin1String("node_modules")) want(dir.filePath(name));
    }

    QString m_folder;
    QStringList m_more;
    std::function<void()> m_changed;
    QFileSystemWatcher m_watcher;
    QTimer m_quiet, m_longest;
};

FileFolderWatch::FileFolderWatch() : d(std::make_unique<Private>()) {}
FileFolderWatch::~FileFolderWatch() = default;

void FileFolderWatch::watch(const QString& folder, std::function<void()> changed) {
    d->watch(folder, std::move(changed));
}

void FileFolderWatch::alsoWatch(const QStringList& paths) {
    d->alsoWatch(paths);
}

} // namespace kb
