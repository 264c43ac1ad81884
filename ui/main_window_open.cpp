// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that opens workspaces.
#include "core/interchange/import.h"
#include "ui/main_window.h"
#include "ui/notice_bar.h"
#include "ui/recent_workspaces.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

namespace kb {

void MainWindow::openWorkspaceFolder() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open workspace"));
    if (!folder.isEmpty()) openFolder(folder);
}

void MainWindow::openFolder(const QString& folder) {
    const Result<void> opened = m_session.openWorkspace(folder);
    if (opened || opened.error().code != ErrorCode::NotFound || !QDir(folder).exists()) return report(opened);
    m_notice->showNotice(tr("%1 is not a workspace yet.").arg(QDir::toNativeSeparators(folder)), Tone::Info,
                         {{tr("Make one here"),
                           [this, folder] {
                               const Result<Workspace> made =
                                   m_session.services().workspaces.create(folder, QDir(folder).dirName());
                               report(made ? m_session.openWorkspace(folder)
                                           : Result<void>(tl::unexpected(made.error())));
                           }}},
                         0);
}

QString MainWindow::workspaceOf(const Session& session, const QString& path) {
    const QFileInfo info(path);
    const QString name = info.fileName();
    // Any other file is one to import, wherever it lies.
    const bool ours =
        info.isDir() || (info.isFile() && (name.endsWith(QLatin1String(".yml"), Qt::CaseInsensitive) ||
                                           name.endsWith(QLatin1String(".yaml"), Qt::CaseInsensitive)));
    return ours ? session.services().workspaces.findFolder(info.isDir() ? path : info.path()) : QString();
}

void MainWindow::openPlace(const QString& path) {
    const QFileInfo info(path);
    const QString shown = QDir::toNativeSeparators(path);
    if (!info.exists()) return m_notice->showNotice(tr("%1 was not found.").arg(shown), Tone::Bad, {}, 0);
    if (!info.isReadable())
        return m_notice->showNotice(tr("%1 cannot be read.").arg(shown), Tone::Bad, {}, 0);
    const QString folder = workspaceOf(m_session, path);
    if (info.isDir() && folder.isEmpty()) return openFolder(path);
    if (!folder.isEmpty() && m_session.workspace().folder != folder) {
        if (const Result<void> opened = m_session.openWorkspace(folder); !opened) return report(opened);
    }
    if (info.isDir()) return;
    const QString within = folder.isEmpty() ? QString() : QDir(folder).relativeFilePath(path);
    if (!within.isEmpty()) {
        if (openRequest(within)) return;
        // One that is broken was named when the workspace was opened; the others are no requests.
        const auto& problems = m_session.workspace().problems;
        const bool broken = std::any_of(problems.cbegin(), problems.cend(),
                                        [&](const FileProblem& problem) { return problem.path == within; });
        const QString name = info.fileName();
        if (broken || name == QLatin1String("opencollection.yml") || name == QLatin1String("folder.yml") ||
            within.startsWith(QLatin1String("environments/")))
            return;
    }
    const bool yaml = info.suffix().startsWith(QLatin1Char('y'), Qt::CaseInsensitive);
    if (folder.isEmpty() && yaml && m_session.services().readImport) {
        // Most likely a request that was torn out of its workspace: the dialog would not say so.
        if (const Result<Imported> read = m_session.services().readImport({path}); !read)
            return m_notice->showNotice(tr("%1 belongs to no workspace: no folder above it has an "
                                           "opencollection.yml. It cannot be imported either: %2")
                                            .arg(shown, read.error().text()),
                                        Tone::Bad, {}, 0);
    }
    showImport(path);
}

void MainWindow::fillRecentMenu(QMenu* menu) {
    menu->clear();
    const QStringList folders = recentWorkspaces(m_session.services().settings);
    for (const QString& folder : folders) {
        QString text = QDir::toNativeSeparators(folder);
        QAction* action = menu->addAction(text.replace(u'&', QLatin1String("&&")));
        // One that is gone stays in sight, greyed: its disk may come back.
        action->setEnabled(m_session.services().workspaces.findFolder(folder) == folder);
        connect(action, &QAction::triggered, this, [this, folder] { openFolder(folder); });
    }
    if (folders.isEmpty()) menu->addAction(tr("No workspace was opened yet"))->setEnabled(false);
    menu->addSeparator();
    QAction* clear = menu->addAction(tr("Clear list"));
    clear->setEnabled(!folders.isEmpty());
    connect(clear, &QAction::triggered, this, [this] { forgetWorkspaces(m_session.services().settings); });
}

} // namespace kb
