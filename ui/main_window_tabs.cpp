// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that opens, saves and closes requests.
#include "ui/main_window.h"

#include "ui/draft_keeper.h"
#include "ui/notice_bar.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/request_tree.h"

#include <QCloseEvent>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

namespace kb {

void MainWindow::closeEvent(QCloseEvent* event) {
    QStringList problems;
    int neverSaved = 0;
    for (int i = 0; i < m_tabs->count(); ++i) {
        auto* tab = static_cast<RequestTab*>(m_tabs->widget(i));
        if (!tab->isModified()) continue;
        // A request that has a file keeps its edits; one that never had one is asked about.
        if (tab->path().isEmpty())
            ++neverSaved;
        else if (const Result<void> saved = tab->save({}); !saved)
            problems.append(saved.error().text());
    }
    if (neverSaved > 0) problems.append(tr("%n request(s) were never saved.", nullptr, neverSaved));
    if (!problems.isEmpty() && !m_closeAnyway) {
        const auto leave = [this] {
            m_closeAnyway = true;
            close();
        };
        const auto saveAll = [this] {
            for (int i = 0; i < m_tabs->count(); ++i) {
                auto* tab = static_cast<RequestTab*>(m_tabs->widget(i));
                if (!tab->isModified()) continue;
                if (const Result<void> saved = tab->save({}); !saved) return report(saved);
            }
            close();
        };
        QList<NoticeBar::Action> ways{{tr("Close without saving"), leave}};
        if (neverSaved > 0) ways.prepend({tr("Save and close"), saveAll});
        m_notice->showNotice(problems.join(QLatin1Char('\n')), Tone::Warn, ways, 0);
        event->ignore();
        return;
    }
    m_drafts->dropAll(); // saved, or left behind on purpose
    Settings& settings = m_session.services().settings;
    settings.setValue(QStringLiteral("window/columns"), m_columns->saveState());
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    QMainWindow::closeEvent(event);
}

void MainWindow::takeTabsFrom(MainWindow& old) {
    const int current = old.m_tabs->currentIndex();
    old.m_drafts->dropAll(); // they are kept anew under this window's tabs
    while (m_tabs->count() > 0)
        delete m_tabs->widget(0);
    for (int i = 0; i < old.m_tabs->count(); ++i) {
        auto* from = static_cast<RequestTab*>(old.m_tabs->widget(i));
        const TreeItem* saved = m_session.workspace().find(from->path());
        const RequestSpec now = from->editor().spec();
        RequestSpec spec = saved ? saved->request : from->isModified() ? RequestSpec() : now;
        spec.id = from->path();
        spec.name = now.name;
        RequestTab* tab = openSpec(spec);
        if (from->isModified()) tab->editor().replaceSpec(now);
    }
    if (current >= 0) m_tabs->setCurrentIndex(current);
}

RequestTab* MainWindow::currentTab() const {
    return static_cast<RequestTab*>(m_tabs->currentWidget());
}

RequestTab* MainWindow::openRequest(const QString& path) {
    for (int i = 0; i < m_tabs->count(); ++i) {
        auto* tab = static_cast<RequestTab*>(m_tabs->widget(i));
        if (tab->path() != path) continue;
        m_tabs->setCurrentIndex(i);
        return tab;
    }
    const TreeItem* item = m_session.workspace().find(path);
    if (!item || item->kind != TreeItem::Kind::Request) return nullptr;
    RequestSpec spec = item->request;
    spec.id = item->path;
    spec.name = item->name;
    return openSpec(spec);
}

RequestTab* MainWindow::openSpec(const RequestSpec& spec) {
    auto* tab = new RequestTab(m_session, spec, m_tabs);
    connect(tab, &RequestTab::titleChanged, this, &MainWindow::updateTabTitles);
    connect(tab, &RequestTab::titleChanged, m_drafts, [this, tab] { m_drafts->touch(tab); });
    connect(tab, &RequestTab::profileChanged, this, &MainWindow::selectProfile);
    connect(tab, &RequestTab::finished, this, &MainWindow::updateStatus);
    connect(tab, &RequestTab::message, this,
            [this](const QString& text) { m_notice->showNotice(text, Tone::Info); });
    connect(tab, &RequestTab::newProfileRequested, this, [this] { addProfile(); });
    connect(tab, &RequestTab::editProfileRequested, this, &MainWindow::editProfile);
    connect(tab, &RequestTab::moveTokenRequested, this,
            [this, tab](const TokenSpot& place) { moveTokenToProfile(tab, place); });
    connect(tab, &RequestTab::discoveryRequested, this,
            [this, tab](const QString& url, const QList<QByteArray>& challenges) {
                findLogin(tab, url, challenges);
            });
    m_tabs->setCurrentIndex(m_tabs->addTab(tab, {}));
    updateTabTitles();
    selectProfile(spec.profileId);
    return tab;
}

void MainWindow::updateTabTitles() {
    for (int i = 0; i < m_tabs->count(); ++i) {
        auto* tab = static_cast<RequestTab*>(m_tabs->widget(i));
        QString title = tab->editor().spec().method + QStringLiteral("  ") + tab->title();
        title.replace(QLatin1Char('&'), QLatin1String("&&"));
        m_tabs->setTabText(i, tab->isModified() ? title + QStringLiteral(" •") : title);
        m_tabs->setTabToolTip(i, tab->title());
    }
    updateStatus();
}

void MainWindow::placeNewTabButton() {
    const QTabBar* bar = m_tabs->tabBar();
    const QRect last = bar->count() > 0 ? bar->tabRect(bar->count() - 1) : QRect(0, 0, 0, m_plus->height());
    const int x = qMin(bar->x() + last.right() + 6, m_tabs->width() - m_plus->width() - 4);
    m_plus->move(qMax(0, x), bar->y() + qMax(0, (last.height() - m_plus->height()) / 2));
    m_plus->raise();
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    // Tabs come, go, move and change their width; each ends in one of these.
    if (watched == m_tabs->tabBar() && (event->type() == QEvent::Resize || event->type() == QEvent::Paint ||
                                        event->type() == QEvent::LayoutRequest))
        placeNewTabButton();
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::newRequest(const QString& folder) {
    RequestSpec spec;
    spec.url = folder.isEmpty() ? QString() : QStringLiteral("{{baseUrl}}/");
    if (!m_session.profiles().isEmpty()) spec.profileId = m_session.profiles().first().id;
    openSpec(spec)->editor().focusUrl();
}

void MainWindow::saveCurrent() {
    if (RequestTab* tab = currentTab()) report(tab->save(m_tree->currentFolder()));
}

void MainWindow::closeTab(int index) {
    auto* tab = static_cast<RequestTab*>(m_tabs->widget(index));
    if (!tab) return;
    const RequestSpec spec = tab->editor().spec();
    const bool offerUndo = tab->isModified();
    m_drafts->drop(tab->draftId());
    m_tabs->removeTab(index);
    tab->deleteLater();
    if (!offerUndo) return;
    m_notice->showNotice(tr("%1 was closed with changes that are not saved.").arg(tab->title()), Tone::Warn,
                         {{tr("Open it again"), [this, spec] { openSpec(spec)->editor().changed(); }}}, 15);
}

} // namespace kb
