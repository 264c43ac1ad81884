// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that edits the tree, follows its files, and gives kept edits back.
#include "ui/conflict_bar.h"
#include "ui/draft_keeper.h"
#include "ui/main_window.h"
#include "ui/notice_bar.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/request_tree.h"

#include <QApplication>
#include <QEvent>
#include <QTabWidget>

namespace kb {

void MainWindow::editTree() {
    connect(m_tree, &RequestTree::removeRequested, this, &MainWindow::removeItems);
    connect(m_tree, &RequestTree::duplicateRequested, this, &MainWindow::duplicateItems);
    connect(m_tree, &RequestTree::folderRequested, this, &MainWindow::newFolder);
    connect(m_tree, &RequestTree::renameRequested, this,
            [this](const QString& path, const QString& name) { report(m_session.renameItem(path, name)); });
    connect(m_tree, &RequestTree::moveRequested, this,
            [this](const QStringList& paths, const QString& folder, const QString& before) {
                report(m_session.moveItems(paths, folder,
                                           before.isNull() ? std::nullopt : std::optional(before)));
            });
    connect(&m_session, &Session::itemsMoved, this, &MainWindow::placesChanged);
    connect(&m_session, &Session::itemsReplaced, this, &MainWindow::filesChanged);
    connect(&m_session, &Session::workspaceLeaving, this, [this] {
        if (m_drafts) m_drafts->leave(); // edits are there again when this workspace is
    });
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    // For what the system's watching does not tell.
    if (event->type() == QEvent::ActivationChange && m_begun && isActiveWindow())
        QTimer::singleShot(0, &m_session, &Session::refreshFromDisk);
}

void MainWindow::removeItems(const QStringList& paths) {
    const TreeItem* only = paths.size() == 1 ? m_session.workspace().find(paths.first()) : nullptr;
    const QString name = only ? only->name : tr("%n item(s)", nullptr, static_cast<int>(paths.size()));
    if (const Result<void> removed = m_session.removeItems(paths); !removed) return report(removed);
    const int at = m_session.undoStack().index();
    m_notice->showNotice(tr("%1 was deleted.").arg(name), Tone::Neutral,
                         {{tr("Undo"),
                           [this, at] {
                               // Later edits stand on this one, and go first.
                               while (m_session.undoStack().index() >= at && m_session.undoStack().canUndo())
                                   m_session.undoStack().undo();
                           }}},
                         15);
}

void MainWindow::duplicateItems(const QStringList& paths) {
    const bool saved = std::all_of(paths.cbegin(), paths.cend(), [this](const QString& path) {
        return m_session.workspace().find(path) != nullptr;
    });
    RequestTab* tab = currentTab();
    if (paths.isEmpty()) return;
    if (!saved || (tab && paths == QStringList{tab->path()} && tab->isModified())) {
        // As it stands there, edits included; it gets a file when it is saved.
        if (!tab) return;
        RequestSpec spec = tab->editor().spec();
        spec.id.clear();
        spec.name = tr("%1 copy").arg(tab->title());
        openSpec(spec);
        return;
    }
    const Result<QStringList> made = m_session.duplicateItems(paths);
    if (!made) return report(tl::unexpected(made.error()));
    if (made->size() == 1) openRequest(made->first());
    m_tree->select(made->value(0));
}

void MainWindow::newFolder(const QString& parent) {
    const Result<QString> made = m_session.makeFolder(parent, tr("New folder"));
    if (!made) return report(tl::unexpected(made.error()));
    m_tree->rename(*made);
}

void MainWindow::placesChanged(const QHash<QString, QString>& moved) {
    for (int i = 0; i < m_tabs->count(); ++i) {
        auto* tab = static_cast<RequestTab*>(m_tabs->widget(i));
        for (auto it = moved.cbegin(); it != moved.cend(); ++it) {
            const bool within = tab->path().startsWith(it.key() + u'/');
            if (tab->path() != it.key() && !within) continue;
            tab->setPlace(it.value() + tab->path().mid(it.key().size()));
            break;
        }
    }
}

void MainWindow::filesChanged() {
    QStringList gone;
    for (int i = m_tabs->count() - 1; i >= 0; --i) {
        auto* tab = static_cast<RequestTab*>(m_tabs->widget(i));
        if (tab->path().isEmpty()) continue;
        const TreeItem* now = m_session.workspace().find(tab->path());
        const auto& problems = m_session.workspace().problems;
        const bool broken = std::any_of(problems.cbegin(), problems.cend(), [&](const FileProblem& problem) {
            return problem.path == tab->path();
        });
        if (broken) continue; // it is there and cannot be read: what is open stays as it is
        if (now || tab->isModified()) {
            tab->fileChanged(now);
            continue;
        }
        m_drafts->drop(tab->draftId());
        m_tabs->removeTab(i);
        tab->deleteLater();
    }
    updateTabTitles();
}

static bool inTextField(const char* slot) {
    QWidget* focused = QApplication::focusWidget();
    return focused &&
           focused->metaObject()->indexOfSlot(QByteArray(QByteArray(slot) + "()").constData()) >= 0 &&
           QMetaObject::invokeMethod(focused, slot);
}

void MainWindow::undo() {
    if (inTextField("undo")) return;
    QUndoStack& stack = m_session.undoStack();
    if (!stack.canUndo()) return m_notice->showNotice(tr("There is nothing to undo."), Tone::Info);
    m_notice->showNotice(tr("Undone: %1").arg(stack.undoText()), Tone::Neutral,
                         {{tr("Redo"), [this] { m_session.undoStack().redo(); }}});
    stack.undo();
}

void MainWindow::redo() {
    if (inTextField("redo")) return;
    QUndoStack& stack = m_session.undoStack();
    if (!stack.canRedo()) return m_notice->showNotice(tr("There is nothing to redo."), Tone::Info);
    m_notice->showNotice(tr("Done again: %1").arg(stack.redoText()), Tone::Neutral);
    stack.redo();
}

void MainWindow::offerDrafts() {
    const QList<DraftKeeper::Kept> kept = m_drafts->kept();
    if (kept.isEmpty()) return;
    const auto discard = [this] {
        for (const DraftKeeper::Kept& each : m_drafts->kept())
            m_drafts->drop(each.id);
    };
    m_notice->showNotice(
        tr("Edits of %n request(s) were not saved when this workspace was left.", nullptr,
           static_cast<int>(kept.size())),
        Tone::Warn, {{tr("Restore them"), [this] { restoreDrafts(); }}, {tr("Discard them"), discard}}, 0);
}

void MainWindow::restoreDrafts() {
    bool leftOut = false;
    for (const DraftKeeper::Kept& each : m_drafts->kept()) {
        const Draft& draft = each.draft;
        RequestTab* tab = draft.path.isEmpty() ? nullptr : openRequest(draft.path);
        if (!tab || tab->isModified()) { // never saved, or its file is gone
            RequestSpec spec;
            spec.name = draft.now.name;
            tab = openSpec(spec);
        }
        tab->takeUp(draft.base, draft.now);
        m_drafts->touch(tab);
        m_drafts->flush();
        m_drafts->drop(each.id);
        leftOut = leftOut || draft.withoutSecrets;
    }
    updateTabTitles();
    if (leftOut)
        m_notice->showNotice(tr("What looked like a secret was not kept. Put it into a profile."), Tone::Warn,
                             {}, 0);
}

} // namespace kb
