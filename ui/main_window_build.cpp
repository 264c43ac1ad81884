// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MainWindow that makes its menus, tool bar, panels and status bar.
#include "ui/main_window.h"

#include "ui/draft_keeper.h"
#include "ui/notice_bar.h"
#include "ui/profile_list.h"
#include "ui/profile_panel.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/request_tree.h"

#include <QApplication>
#include <QFileDialog>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace kb {

MainWindow::MainWindow(Session& session, Contents contents) : m_session(session) {
    setWindowTitle(QStringLiteral("Keybearer"));
    resize(1440, 900);
    setMinimumSize(900, 560);
    const QByteArray place =
        m_session.services().settings.value(QStringLiteral("window/geometry")).toByteArray();
    if (!place.isEmpty()) restoreGeometry(place);
    if (contents == Contents::Now) build();
}

void MainWindow::build() {
    buildToolBar();
    buildPanels();
    buildMenus();
    buildStatusBar();
    m_drafts = new DraftKeeper(m_session, this);
    connectSession();
    workspaceOpened();
    const QByteArray columns =
        m_session.services().settings.value(QStringLiteral("window/columns")).toByteArray();
    if (!columns.isEmpty()) m_columns->restoreState(columns);
    setAcceptDrops(true);
    m_built = true;
}

void MainWindow::buildMenus() {
    const auto add = [this](QMenu* menu, const QString& text, const QKeySequence& key, auto run) {
        QAction* action = menu->addAction(text);
        action->setShortcut(key);
        connect(action, &QAction::triggered, this, run);
        return action;
    };
    QMenu* file = menuBar()->addMenu(tr("&File"));
    add(file, tr("New request"), QKeySequence::AddTab, [this] { newRequest(m_tree->currentFolder()); });
    add(file, tr("New folder"), {}, [this] { newFolder(m_tree->currentFolder()); });
    add(file, tr("Open workspace…"), QKeySequence::Open, [this] { openWorkspaceFolder(); });
    if (m_session.services().openElsewhere)
        add(file, tr("Open in a new window…"), {}, [this] {
            const QString folder = QFileDialog::getExistingDirectory(this, tr("Open in a new window"));
            if (!folder.isEmpty() && !m_session.services().openElsewhere(folder))
                m_notice->showNotice(tr("Keybearer could not be started once more."), Tone::Bad);
        });
    QMenu* recent = file->addMenu(tr("Open recent"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecentMenu(recent); });
    add(file, tr("Open practice workspace"), {}, [this] { openPractice(); });
    file->addSeparator();
    add(file, tr("Folder settings…"), {}, [this] { showFolder(m_tree->currentFolder()); });
    add(file, tr("Workspace settings…"), {}, [this] { showFolder({}); });
    add(file, tr("Environments…"), {}, [this] { editEnvironments(); });
    file->addSeparator();
    add(file, tr("Import…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I), [this] { showImport({}); });
    add(file, tr("Export…"), {}, [this] { showExport(); });
    file->addSeparator();
    add(file, tr("Save request"), QKeySequence::Save, [this] { saveCurrent(); });
    add(file, tr("Close request"), QKeySequence::Close, [this] { closeTab(m_tabs->currentIndex()); });
    file->addSeparator();
    add(file, tr("Settings…"), QKeySequence(Qt::CTRL | Qt::Key_Comma), [this] {
        showSettings();
    })->setMenuRole(QAction::PreferencesRole);
    add(file, tr("Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), [this] {
        close();
    })->setMenuRole(QAction::QuitRole);

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    // In a text field they are about its text, elsewhere about the workspace.
    add(edit, tr("Undo"), QKeySequence::Undo, [this] { undo(); });
    add(edit, tr("Redo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), [this] { redo(); });
    // The focused field's own commands; they are here so that a menu and a screen reader show them.
    const std::pair<QString, const char*> commands[] = {
        {tr("Cut"), "cut"}, {tr("Copy"), "copy"}, {tr("Paste"), "paste"}, {tr("Select all"), "selectAll"}};
    for (const auto& [text, slot] : commands) {
        connect(edit->addAction(text), &QAction::triggered, this, [slot = slot] {
            if (QWidget* focused = QApplication::focusWidget()) QMetaObject::invokeMethod(focused, slot);
        });
    }

    QMenu* view = menuBar()->addMenu(tr("&View"));
    add(view, tr("Go to…"), QKeySequence(Qt::CTRL | Qt::Key_K), [this] { showPalette(); });
    add(view, tr("History…"), QKeySequence(Qt::CTRL | Qt::Key_H), [this] {
        showHistory();
    })->setEnabled(m_session.services().history);
    add(view, tr("Filter requests"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
        [this] { m_tree->focusFilter(); });
    add(view, tr("Next pane"), QKeySequence(Qt::Key_F6), [this] { focusNextPane(false); });
    add(view, tr("Previous pane"), QKeySequence(Qt::SHIFT | Qt::Key_F6), [this] { focusNextPane(true); });
    view->addSeparator();
    QAction* panel = view->addAction(tr("Profile panel"));
    panel->setCheckable(true);
    panel->setChecked(true);
    panel->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_I));
    connect(panel, &QAction::toggled, this, [this](bool on) { m_panel->setVisible(on); });

    QMenu* request = menuBar()->addMenu(tr("&Request"));
    add(request, tr("Send"), QKeySequence(Qt::CTRL | Qt::Key_Return), [this] {
        if (RequestTab* tab = currentTab()) tab->send();
    });
    add(request, tr("Cancel"), QKeySequence(Qt::CTRL | Qt::Key_Period), [this] {
        if (RequestTab* tab = currentTab()) tab->cancel();
    });
    add(request, tr("Go to the URL"), QKeySequence(Qt::CTRL | Qt::Key_L), [this] {
        if (RequestTab* tab = currentTab()) tab->editor().focusUrl();
    });
    request->addSeparator();
    add(request, tr("Duplicate"), QKeySequence(Qt::CTRL | Qt::Key_D), [this] {
        RequestTab* tab = currentTab();
        if (m_tree->hasKeyboard())
            duplicateItems(m_tree->selected());
        else if (tab)
            duplicateItems({tab->path()});
    });
    add(request, tr("Send as everyone…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return),
        [this] { showEveryone(); });
    add(request, tr("Run requests…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R),
        [this] { showRunner(QStringList()); });
    QMenu* code = request->addMenu(tr("Copy as"));
    connect(code, &QMenu::aboutToShow, this, [this, code] { fillCodeMenu(code); });
    add(request, tr("Delete"), {}, [this] {
        if (RequestTab* tab = currentTab(); tab && !tab->path().isEmpty()) removeItems({tab->path()});
    });

    QMenu* profiles = menuBar()->addMenu(tr("&Profiles"));
    add(profiles, tr("New profile…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P),
        [this] { addProfile(); });
    add(profiles, tr("Edit profile…"), QKeySequence(Qt::CTRL | Qt::Key_E), [this] {
        if (RequestTab* tab = currentTab()) editProfile(tab->editor().profileId());
    });
    add(profiles, tr("Duplicate profile"), {}, [this] { m_profiles->duplicateCurrent(); });
    add(profiles, tr("Compare the token…"), {}, [this] { compareProfile(m_profiles->current()); });
    add(profiles, tr("Colour of the profile…"), {}, [this] { m_profiles->colourCurrent(); });
    add(profiles, tr("Move profile up"), {}, [this] { m_profiles->moveCurrent(-1); });
    add(profiles, tr("Move profile down"), {}, [this] { m_profiles->moveCurrent(1); });
    add(profiles, tr("Delete profile"), {}, [this] { m_profiles->removeCurrent(); });
    profiles->addSeparator();
    add(profiles, tr("Look for the keychain again"), {}, [this] { m_session.probeStore(); });
    profiles->addSeparator();
    for (int number = 1; number <= 9; ++number)
        add(profiles, tr("Send as profile %1").arg(number), QKeySequence(Qt::CTRL | (Qt::Key_0 + number)),
            [this, number] { sendAsNumber(number); });
    add(profiles, tr("Send as anonymous"), QKeySequence(Qt::CTRL | Qt::Key_0), [this] { sendAsNumber(0); });

    QMenu* access = menuBar()->addMenu(tr("&Access"));
    add(access, tr("Access matrix…"), QKeySequence(Qt::CTRL | Qt::Key_M), [this] { showMatrix(); });

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    connect(help->addAction(tr("About Keybearer")), &QAction::triggered, this, [this] {
        auto* box =
            new QMessageBox(QMessageBox::NoIcon, tr("About Keybearer"),
                            tr("Keybearer %1\n\nAn API client with tokens at its heart.\n"
                               "Free software under the GNU General Public License, version 3 or later.")
                                .arg(QCoreApplication::applicationVersion()),
                            QMessageBox::Ok, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
}

void MainWindow::buildToolBar() {
    auto* bar = new QToolBar(tr("Workspace"), this);
    bar->setObjectName(QStringLiteral("workspaceBar"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setContentsMargins(4, 2, 4, 2);
    m_title = new QLabel(bar);
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_title->setContentsMargins(8, 0, 12, 0);
    m_environmentMenu = new QMenu(this);
    m_environmentButton = new QToolButton(bar);
    m_environmentButton->setProperty("button", true);
    m_environmentButton->setPopupMode(QToolButton::InstantPopup);
    m_environmentButton->setMenu(m_environmentMenu);
    m_environmentButton->setAccessibleName(tr("Environment"));
    m_environmentButton->setFocusPolicy(Qt::TabFocus);
    m_goTo = new QPushButton(tr("Go to request, profile or action   Ctrl+K"), bar);
    m_goTo->setAccessibleName(tr("Go to a request, profile or action"));
    connect(m_goTo, &QPushButton::clicked, this, &MainWindow::showPalette);
    // The two stand on one line, as high as each other.
    m_environmentButton->ensurePolished();
    const int height = m_goTo->fontMetrics().height() + 14;
    m_environmentButton->setFixedHeight(height);
    m_goTo->setFixedHeight(height);
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(m_title);
    bar->addWidget(m_environmentButton);
    bar->addWidget(space);
    bar->addWidget(m_goTo);
    addToolBar(bar);
}

void MainWindow::buildPanels() {
    m_columns = new QSplitter(Qt::Horizontal, this);
    m_columns->setChildrenCollapsible(false);
    auto* left = m_left = new QSplitter(Qt::Vertical, m_columns);
    left->setChildrenCollapsible(false);
    left->setMinimumWidth(220);
    m_tree = new RequestTree(m_session, left);
    m_profiles = new ProfileList(m_session, left);
    left->addWidget(m_tree);
    left->addWidget(m_profiles);
    left->setStretchFactor(0, 1);
    left->setSizes({420, 400});
    m_tabs = new QTabWidget(m_columns);
    m_tabs->setTabsClosable(true);
    m_tabs->setAccessibleName(tr("Open requests"));
    m_tabs->setMovable(true);
    m_tabs->setDocumentMode(true);
    m_tabs->setElideMode(Qt::ElideRight);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setAccessibleName(tr("Open requests"));
    auto* plus = m_plus = new QToolButton(m_tabs);
    plus->setText(QStringLiteral("+"));
    plus->setAutoRaise(true);
    plus->setFixedSize(30, 30);
    plus->setFocusPolicy(Qt::TabFocus);
    plus->setToolTip(tr("New request"));
    plus->setAccessibleName(tr("New request"));
    // It stands behind the last tab; the corner keeps its place where the tabs are many.
    auto* corner = new QWidget(m_tabs);
    corner->setFixedSize(plus->width() + 8, 1);
    m_tabs->setCornerWidget(corner, Qt::TopRightCorner);
    m_tabs->tabBar()->installEventFilter(this);
    m_panel = new ProfilePanel(m_session, m_columns);
    m_panel->setMinimumWidth(240);
    m_columns->addWidget(left);
    m_columns->addWidget(m_tabs);
    m_columns->addWidget(m_panel);
    m_columns->setStretchFactor(1, 1);
    m_columns->setSizes({270, 870, 300});
    m_notice = new NoticeBar(this);
    auto* middle = new QWidget(this);
    auto* layout = new QVBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_columns, 1);
    layout->addWidget(m_notice);
    setCentralWidget(middle);

    connect(plus, &QToolButton::clicked, this, [this] { newRequest(m_tree->currentFolder()); });
    connect(m_tree, &RequestTree::requestOpened, this, &MainWindow::openRequest);
    connect(m_tree, &RequestTree::newRequested, this, &MainWindow::newRequest);
    editTree();
    connect(m_tree, &RequestTree::settingsRequested, this, &MainWindow::showFolder);
    connect(m_tree, &RequestTree::runRequested, this, &MainWindow::showRunner);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &MainWindow::closeTab);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (RequestTab* tab = currentTab()) {
            m_tree->select(tab->path());
            selectProfile(tab->editor().profileId());
        }
        updateStatus();
    });
    connect(m_profiles, &ProfileList::chosen, this, [this](const QString& id) {
        if (RequestTab* tab = currentTab())
            tab->setProfile(id);
        else
            selectProfile(id);
    });
    connect(m_profiles, &ProfileList::addRequested, this, [this] { addProfile(); });
    connect(m_profiles, &ProfileList::editRequested, this, &MainWindow::editProfile);
    connect(m_panel, &ProfilePanel::editRequested, this, &MainWindow::editProfile);
    connect(m_panel, &ProfilePanel::compareRequested, this, &MainWindow::compareProfile);
    connect(m_profiles, &ProfileList::compareRequested, this, &MainWindow::compareProfile);
}

void MainWindow::buildStatusBar() {
    statusBar()->setSizeGripEnabled(false);
    m_storeLabel = new QLabel(this);
    m_profilesLabel = new QLabel(this);
    m_practiceLabel = new QLabel(this);
    m_savedLabel = new QLabel(this);
    for (QLabel* label : {m_storeLabel, m_profilesLabel, m_practiceLabel, m_savedLabel})
        label->setContentsMargins(8, 2, 8, 2);
    m_profilesLabel->setProperty("muted", true);
    m_practiceLabel->setProperty("muted", true);
    m_savedLabel->setProperty("muted", true);
    statusBar()->addWidget(m_storeLabel);
    statusBar()->addWidget(m_profilesLabel);
    statusBar()->addWidget(m_practiceLabel);
    statusBar()->addPermanentWidget(m_savedLabel);
}

} // namespace kb
