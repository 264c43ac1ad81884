// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that opens workspaces.
#include "ui/main_window.h"
#include "ui/notice_bar.h"
#include "ui/recent_workspaces.h"

#include <QDir>
#include <QFileDialog>
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
