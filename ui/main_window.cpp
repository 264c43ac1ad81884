// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "ui/answer_pane.h"
#include "ui/command_palette.h"
#include "ui/compare_dialog.h"
#include "ui/discovery_dialog.h"
#include "ui/environment_dialog.h"
#include "ui/expiry_tray.h"
#include "ui/matrix_window.h"
#include "ui/notice_bar.h"
#include "ui/profile_dialog.h"
#include "ui/profile_list.h"
#include "ui/profile_panel.h"
#include "ui/recent_workspaces.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/request_tree.h"
#include "ui/settings_dialog.h"

#include <QDir>
#include <QLabel>
#include <QLayout>
#include <QMenu>
#include <QMenuBar>
#include <QSplitter>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolButton>

namespace kb {

namespace {

constexpr int trayDelayMs = 1500;

} // namespace

MainWindow::~MainWindow() = default;

void MainWindow::connectSession() {
    connect(&m_session, &Session::workspaceChanged, this, &MainWindow::workspaceOpened);
    connect(&m_session, &Session::environmentChanged, this, &MainWindow::rebuildEnvironmentMenu);
    connect(&m_session, &Session::profilesChanged, this, &MainWindow::updateStatus);
    connect(&m_session, &Session::profileStateChanged, this, &MainWindow::updateStatus);
    connect(&theme(), &Theme::changed, this, &MainWindow::updateStatus);
    connect(&theme(), &Theme::changed, this, &MainWindow::showEnvironment);
    connect(&m_session, &Session::message, this,
            [this](const QString& text) { m_notice->showNotice(text, Tone::Warn); });
    connect(&m_session, &Session::profileRemoved, this, [this](const QString& name) {
        m_notice->showNotice(tr("%1 was deleted. Its secret leaves the keychain in %2 seconds.")
                                 .arg(name)
                                 .arg(m_session.undoSeconds()),
                             Tone::Neutral, {{tr("Undo"), [this] { m_session.undoRemoveProfile(); }}},
                             m_session.undoSeconds());
    });
    connect(&m_session, &Session::clockJumped, this, [this](qint64 milliseconds) {
        if (milliseconds == 0) return;
        m_notice->showNotice(
            tr("The system clock was moved by %1 s. Times go on as before.").arg(milliseconds / 1000),
            Tone::Warn, {{tr("Use the new time"), [this] { m_session.acceptClock(); }}}, 0);
    });
    connect(&m_session, &Session::storeStateChanged, this, [this] {
        updateStatus();
        const StoreState state = m_session.storeState();
        if (state.kind == StoreState::Kind::Available || state.kind == StoreState::Kind::Unknown) return;
        m_notice->showNotice(state.message, Tone::Warn,
                             {{tr("Try again"), [this] { m_session.probeStore(); }},
                              {tr("New profile in memory…"), [this] { addProfile(SecretStorage::Memory); }}},
                             0);
    });
}

void MainWindow::showEvent(QShowEvent* event) {
    QMainWindow::showEvent(event);
    begin();
}

void MainWindow::begin() {
    if (!m_built || m_begun) return;
    m_begun = true;
    // What was made in a window that stands already is shown by its layout only later, piece by piece.
    for (QWidget* part : findChildren<QWidget*>(Qt::FindDirectChildrenOnly))
        if (!part->isWindow() && !part->testAttribute(Qt::WA_WState_ExplicitShowHide)) part->show();
    layout()->activate();
    // The profiles take the room they need, up to a half; the requests have the rest.
    const int profiles = qMin(m_profiles->wantedHeight(), m_left->height() / 2);
    m_left->setSizes({m_left->height() - profiles, profiles});
    if (RequestTab* tab = currentTab()) tab->editor().setFocus(Qt::OtherFocusReason);
    // The keychain is asked once the first screen stands, so that a slow one does not hold the window back.
    QTimer::singleShot(0, &m_session, &Session::begin);
    QTimer::singleShot(trayDelayMs, this, &MainWindow::addTray); // the desktop's tray may be slow to answer
}

void MainWindow::addTray() {
    auto* tray = new ExpiryTray(m_session, this);
    const auto raiseThis = [this] {
        setWindowState(windowState() & ~Qt::WindowMinimized);
        show();
        raise();
        activateWindow();
    };
    connect(tray, &ExpiryTray::openWanted, this, raiseThis);
    connect(tray, &ExpiryTray::quitWanted, this, &QWidget::close);
    connect(tray, &ExpiryTray::profileChosen, this, [this, raiseThis](const QString& id) {
        raiseThis();
        selectProfile(id);
    });
}

void MainWindow::workspaceOpened() {
    delete findChild<MatrixWindow*>(); // it is of the workspace before
    while (m_tabs->count() > 0) {
        QWidget* tab = m_tabs->widget(0);
        m_tabs->removeTab(0);
        tab->deleteLater();
    }
    m_title->setText(m_session.workspace().name);
    setWindowTitle(m_session.workspace().name.isEmpty()
                       ? QStringLiteral("Keybearer")
                       : m_session.workspace().name + QStringLiteral(" — Keybearer"));
    rebuildEnvironmentMenu();
    // The first request in the workspace's own order stands open, so that the first click can be Send.
    const TreeItem* first = nullptr;
    const std::function<void(const QList<TreeItem>&)> look = [&](const QList<TreeItem>& items) {
        for (const TreeItem& item : items) {
            if (item.kind == TreeItem::Kind::Request && (!first || item.order < first->order)) first = &item;
            look(item.children);
        }
    };
    look(m_session.workspace().items);
    if (first)
        openRequest(first->path);
    else
        newRequest({});
    for (const FileProblem& problem : m_session.workspace().problems)
        m_notice->showNotice(problem.path + QStringLiteral(": ") + problem.error.text(), Tone::Bad, {}, 0);
    offerDrafts();
}

void MainWindow::rebuildEnvironmentMenu() {
    m_environmentMenu->clear();
    const QString current = m_session.environmentName();
    for (const Environment& environment : m_session.workspace().environments) {
        QAction* action = m_environmentMenu->addAction(environment.name);
        action->setCheckable(true);
        action->setChecked(environment.name == current);
        connect(action, &QAction::triggered, this,
                [this, name = environment.name] { m_session.setEnvironment(name); });
    }
    m_environmentMenu->addSeparator();
    connect(m_environmentMenu->addAction(tr("Edit environments…")), &QAction::triggered, this,
            &MainWindow::editEnvironments);
    showEnvironment();
    updateStatus();
}

/// Production cannot be overlooked: it says so, in red, and the bar has a red edge.
void MainWindow::showEnvironment() {
    const Environment* environment = m_session.workspace().environment(m_session.environmentName());
    const bool production = m_session.environmentKind() == EnvironmentKind::Production;
    const QString name = environment ? environment->name : tr("none");
    m_environmentButton->setText(production ? tr("⚠ Production: %1").arg(name)
                                            : tr("Environment: %1").arg(name));
    const QColor colour(environment ? environment->colour : QString());
    const ToneColours bad = theme().tone(Tone::Bad);
    QString look;
    if (production)
        look = QStringLiteral(
                   "QToolButton { background: %1; color: %2; border: 1px solid %2; font-weight: 600; }")
                   .arg(bad.fill.name(), bad.text.name());
    else if (colour.isValid())
        look = QStringLiteral("QToolButton { border: 1px solid %1; border-left: 6px solid %1; }")
                   .arg(colour.name());
    if (m_environmentButton->styleSheet() != look) m_environmentButton->setStyleSheet(look);
    auto* bar = m_environmentButton->parentWidget();
    const QString edge =
        production ? QStringLiteral("QToolBar { border-bottom: 3px solid %1; }").arg(bad.text.name())
                   : QString();
    if (bar->styleSheet() != edge) bar->setStyleSheet(edge);
}

void MainWindow::updateStatus() {
    const StoreState store = m_session.storeState();
    const bool good = store.kind == StoreState::Kind::Available;
    QString text;
    switch (store.kind) {
    case StoreState::Kind::Available:
        text = tr("Keychain unlocked: %1").arg(store.name);
        break;
    case StoreState::Kind::Locked:
        text = tr("Keychain locked: %1").arg(store.name);
        break;
    case StoreState::Kind::Unavailable:
        text = tr("No keychain: secrets can be kept in memory only");
        break;
    case StoreState::Kind::Unknown:
        text = tr("Looking for the keychain…");
        break;
    }
    m_storeLabel->setText((good ? QStringLiteral("● ") : QStringLiteral("○ ")) + text);
    const ToneColours colours = theme().tone(good                                      ? Tone::Good
                                             : store.kind == StoreState::Kind::Unknown ? Tone::Neutral
                                                                                       : Tone::Warn);
    m_storeLabel->setStyleSheet(QStringLiteral("color: %1").arg(colours.text.name()));
    m_storeLabel->setToolTip(store.message);
    int expired = 0;
    for (const TokenProfile& profile : m_session.profiles()) {
        const ProfileState* state = m_session.state(profile.id);
        if (state && state->facts && state->status.state == TokenState::Expired) ++expired;
    }
    const int count = static_cast<int>(m_session.profiles().size());
    m_profilesLabel->setText(expired == 0 ? tr("%n profile(s)", nullptr, count)
                                          : tr("%n profile(s), %1 expired", nullptr, count).arg(expired));
    m_practiceLabel->setText(m_session.practiceRunning()
                                 ? tr("Practice API at %1").arg(m_session.services().practice.baseUrl())
                                 : QString());
    RequestTab* tab = currentTab();
    m_savedLabel->setText(!tab                    ? QString()
                          : tab->isModified()     ? tr("Not saved")
                          : tab->path().isEmpty() ? QString()
                                                  : tr("Saved"));
}

void MainWindow::selectProfile(const QString& profileId) {
    m_profiles->setCurrent(profileId);
    m_panel->setProfile(profileId);
}

QString MainWindow::practiceFolder() const {
    return m_session.services().settings.value(QStringLiteral("workspace/practice")).toString();
}

void MainWindow::openPractice() {
    report(m_session.openPractice(practiceFolder()));
}

void MainWindow::addProfile(SecretStorage storage) {
    auto* dialog = new ProfileDialog(m_session, QString(), this);
    dialog->setStorage(storage);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ProfileDialog::saved, this, [this](const QString& id) {
        if (RequestTab* tab = currentTab()) tab->setProfile(id);
    });
    dialog->open();
}

void MainWindow::moveTokenToProfile(RequestTab* tab, const TokenSpot& place) {
    const RequestSpec spec = tab->editor().spec();
    std::optional<MisplacedToken> token = tokenAt(spec, place);
    if (!token) {
        m_notice->showNotice(tr("There is no token to move."), Tone::Info);
        return;
    }
    const UrlCheck target = checkUrl(spec, m_session.variables());
    auto* dialog = new ProfileDialog(m_session, QString(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->propose(token->scheme, std::move(token->secret),
                    target.origin ? target.origin->text() : QString());
    // Only once the secret is stored does it leave the request: a refusal by the keychain loses nothing.
    connect(dialog, &ProfileDialog::saved, tab, [this, tab, place](const QString& id) {
        RequestSpec clean = withoutToken(tab->editor().spec(), place);
        clean.profileId = id;
        tab->editor().replaceSpec(clean);
        selectProfile(id);
    });
    dialog->open();
}

void MainWindow::findLogin(RequestTab* tab, const QString& url, const QList<QByteArray>& challenges) {
    auto* dialog = new DiscoveryDialog(m_session, url, challenges, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const auto open = [this, tab](const AuthScheme& scheme, const QString& origin) {
        auto* profile = new ProfileDialog(m_session, QString(), this);
        profile->setAttribute(Qt::WA_DeleteOnClose);
        profile->propose(scheme, Secret(), origin);
        connect(profile, &ProfileDialog::saved, tab, [tab](const QString& id) { tab->setProfile(id); });
        profile->open();
        return profile;
    };
    connect(dialog, &DiscoveryDialog::found, tab, open);
    connect(dialog, &DiscoveryDialog::registered, tab,
            [this, open](const std::shared_ptr<RegisteredClient>& client, const QString& origin) {
                ProfileDialog* profile = open(client->scheme, origin);
                const auto record = std::make_shared<SecretRecord>();
                if (const Result<void> put = putRegisteredClient(*record, *client); !put)
                    return m_notice->showNotice(put.error().text(), Tone::Warn);
                profile->keepRegistration(record->revealCopy(), client->findings);
                connect(profile, &ProfileDialog::registrationUnused, this,
                        [this, record] { takeBack(*record); });
            });
    dialog->open();
    dialog->ask();
}

/// Whoever gives a profile up leaves no client behind at the server.
void MainWindow::takeBack(const SecretRecord& record) {
    const QString client = record.fact(QStringLiteral("client_id"));
    const QString issuer = record.fact(QStringLiteral("issuer"));
    m_endings.push_back(deleteRegistration(
        m_session.services().transport, m_session.services().clock, record, m_session.proxySetting(), {},
        [this, client, issuer](const Result<void>& gone) {
            if (gone) return;
            m_notice->showNotice(tr("%1 still has the client %2 that was registered from here: %3")
                                     .arg(issuer, client, gone.error().text()),
                                 Tone::Warn);
        }));
}

void MainWindow::editProfile(const QString& profileId) {
    if (profileId.isEmpty()) {
        addProfile();
        return;
    }
    auto* dialog = new ProfileDialog(m_session, profileId, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::compareProfile(const QString& profileId) {
    if (!CompareDialog::isPossible(m_session, profileId)) {
        m_notice->showNotice(tr("There is no second profile with a JWT to compare with."), Tone::Info);
        return;
    }
    auto* dialog = new CompareDialog(m_session, profileId, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::editEnvironments() {
    auto* dialog = new EnvironmentDialog(m_session, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showSettings() {
    auto* dialog = new SettingsDialog(m_session, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showMatrix() {
    auto* matrix = findChild<MatrixWindow*>();
    if (!matrix) {
        matrix = new MatrixWindow(m_session, this);
        connect(matrix, &MatrixWindow::openRequested, this, [this](RequestSpec spec) {
            spec.id.clear();
            openSpec(spec);
            activateWindow();
        });
    }
    matrix->show();
    matrix->raise();
    matrix->activateWindow();
}

void MainWindow::showPalette() {
    QList<CommandPalette::Entry> entries;
    const std::function<void(const QList<TreeItem>&)> walk = [&](const QList<TreeItem>& items) {
        for (const TreeItem& item : items) {
            if (item.kind == TreeItem::Kind::Request)
                entries.append({tr("Request"), item.request.method + QLatin1Char(' ') + item.name, item.path,
                                [this, path = item.path] { openRequest(path); }});
            walk(item.children);
        }
    };
    walk(m_session.workspace().items);
    for (const TokenProfile& profile : m_session.profiles())
        entries.append({tr("Profile"), tr("Send as %1").arg(profile.name), {}, [this, id = profile.id] {
                            if (RequestTab* tab = currentTab()) tab->setProfile(id);
                        }});
    // Whether they are there is found out when they are opened: a lost network disk would hold the palette
    // back.
    for (const QString& folder : recentWorkspaces(m_session.services().settings))
        if (folder != m_session.workspace().folder)
            entries.append({tr("Workspace"), QDir(folder).dirName(), QDir::toNativeSeparators(folder),
                            [this, folder] { openFolder(folder); }});
    for (const QAction* top : menuBar()->actions()) {
        if (!top->menu()) continue;
        for (QAction* action : top->menu()->actions()) {
            if (action->isSeparator() || action->text().isEmpty() || !action->isEnabled()) continue;
            if (action->menu()) continue; // it does nothing by itself
            entries.append({tr("Action"), QString(action->text()).remove(QLatin1Char('&')),
                            action->shortcut().toString(QKeySequence::NativeText),
                            [action] { action->trigger(); }});
        }
    }
    if (!m_palette) m_palette = new CommandPalette(this);
    m_palette->open(std::move(entries));
}

void MainWindow::focusNextPane(bool backwards) {
    QList<QWidget*> panes{m_tree, m_profiles};
    if (RequestTab* tab = currentTab()) panes << &tab->editor() << &tab->answer();
    if (m_panel->isVisible()) panes << m_panel;
    const QWidget* focused = focusWidget();
    qsizetype at = backwards ? 0 : -1;
    for (qsizetype i = 0; i < panes.size(); ++i)
        if (focused && (panes.at(i) == focused || panes.at(i)->isAncestorOf(focused))) at = i;
    const qsizetype next = (at + (backwards ? panes.size() - 1 : 1)) % panes.size();
    QWidget* pane = panes.at(next);
    // The pane's first control that takes the focus by Tab.
    for (QWidget* child : pane->findChildren<QWidget*>()) {
        if (!child->isVisible() || !child->isEnabled() || !(child->focusPolicy() & Qt::TabFocus)) continue;
        child->setFocus(Qt::TabFocusReason);
        return;
    }
    pane->setFocus(Qt::TabFocusReason);
}

void MainWindow::sendAsNumber(int number) {
    RequestTab* tab = currentTab();
    if (!tab || number > m_session.profiles().size()) return;
    tab->setProfile(number == 0 ? QString() : m_session.profiles().at(number - 1).id);
}

void MainWindow::report(const Result<void>& result) {
    if (!result) m_notice->showNotice(result.error().text(), Tone::Bad, {}, 0);
}

} // namespace kb
