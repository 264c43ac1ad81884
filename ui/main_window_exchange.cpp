// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the window that takes requests from other programs and gives them away.
#include "core/interchange/export.h"
#include "ui/everyone_window.h"
#include "ui/folder_dialog.h"
#include "ui/history_window.h"
#include "ui/import_dialog.h"
#include "ui/main_window.h"
#include "ui/notice_bar.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/request_tree.h"
#include "ui/runner_window.h"
#include "ui/save_file.h"

#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QInputDialog>
#include <QMenu>
#include <QMimeData>
#include <QUrl>

namespace kb {

ImportDialog* MainWindow::showImport(const QString& place) {
    auto* dialog = new ImportDialog(m_session, m_tree->currentFolder(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ImportDialog::imported, this, [this](int requests) {
        m_notice->showNotice(tr("%n request(s) imported.", nullptr, requests), Tone::Good);
    });
    dialog->open();
    if (!place.isEmpty()) dialog->readPlace(place);
    return dialog;
}

void MainWindow::fillCodeMenu(QMenu* menu) {
    menu->clear();
    for (const SnippetTarget& target : snippetTargets())
        connect(menu->addAction(target.label), &QAction::triggered, this, [this, target] {
            RequestTab* tab = currentTab();
            if (!tab) return;
            const Result<QString> code = m_session.requestAsCode(tab->editor().spec(), target.id);
            if (!code) return m_notice->showNotice(code.error().text(), Tone::Bad, {}, 0);
            QApplication::clipboard()->setText(*code);
            m_notice->showNotice(tr("Copied as %1. Its secret is an environment variable.").arg(target.label),
                                 Tone::Good);
        });
}

void MainWindow::showExport() {
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Export requests"));
    dialog->setLabelText(tr("All requests of the workspace as:"));
    dialog->setComboBoxItems(exportFormats());
    dialog->setOkButtonText(tr("Export…"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& format) {
        const Result<Exported> exported =
            exportRequests(format, {m_session.workspace(), m_session.environmentName(), {}});
        if (!exported) return m_notice->showNotice(exported.error().text(), Tone::Bad, {}, 0);
        auto* file = new QFileDialog(this, tr("Export requests"));
        file->setAttribute(Qt::WA_DeleteOnClose);
        file->setAcceptMode(QFileDialog::AcceptSave);
        file->setDefaultSuffix(exportExtension(format));
        connect(file, &QFileDialog::fileSelected, this, [this, out = *exported](const QString& path) {
            const Result<void> saved = saveFile(path, out.text);
            if (!saved) return m_notice->showNotice(saved.error().text(), Tone::Bad, {}, 0);
            m_notice->showNotice(
                out.notes.isEmpty() ? tr("Exported. Secrets are environment variables in it.")
                                    : tr("Exported, but: %1").arg(out.notes.join(QStringLiteral("; "))),
                out.notes.isEmpty() ? Tone::Good : Tone::Warn, {}, out.notes.isEmpty() ? 10 : 0);
        });
        file->open();
    });
    dialog->open();
}

void MainWindow::showHistory() {
    if (!m_session.services().history) return;
    auto* history = findChild<HistoryWindow*>();
    if (!history) {
        history = new HistoryWindow(m_session, this);
        history->setAttribute(Qt::WA_DeleteOnClose);
        connect(history, &HistoryWindow::openRequested, this, [this](const RequestSpec& spec) {
            openSpec(spec);
            activateWindow();
        });
        connect(history, &HistoryWindow::openSavedRequested, this, [this](const QString& path) {
            openRequest(path);
            activateWindow();
        });
    }
    history->show();
    history->raise();
    history->activateWindow();
}

/// Of the request that is open, as it stands there.
void MainWindow::showEveryone() {
    RequestTab* tab = currentTab();
    if (!tab) return;
    auto* everyone = new EveryoneWindow(m_session, tab->editor().spec(), this);
    everyone->setAttribute(Qt::WA_DeleteOnClose);
    connect(everyone, &EveryoneWindow::sendAsRequested, tab, [this, tab](const QString& profileId) {
        tab->setProfile(profileId);
        tab->send();
        activateWindow();
    });
    everyone->show();
    everyone->run();
}

void MainWindow::showFolder(const QString& path) {
    auto* dialog = new FolderDialog(m_session, path, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showRunner(const QStringList& paths) {
    auto* runner = findChild<RunnerWindow*>();
    if (!runner) {
        runner = new RunnerWindow(m_session, this);
        runner->setAttribute(Qt::WA_DeleteOnClose);
        connect(runner, &RunnerWindow::openRequested, this, [this](const QString& chosen) {
            openRequest(chosen);
            activateWindow();
        });
    }
    runner->choose(paths);
    runner->show();
    runner->raise();
    runner->activateWindow();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls() || event->mimeData()->hasText()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    const QList<QUrl> urls = event->mimeData()->urls();
    QStringList files;
    for (const QUrl& url : urls)
        if (url.isLocalFile()) files.append(url.toLocalFile());
    if (files.size() > 1) return showImport({})->readFiles(files);
    if (!urls.isEmpty()) {
        showImport(files.isEmpty() ? urls.first().toString() : files.first());
        return;
    }
    showImport({})->takeText(event->mimeData()->text()); // a curl line, from wherever it was
}

} // namespace kb
