// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QMainWindow>

class QActionGroup;
class QLabel;
class QMenu;
class QPushButton;
class QSplitter;
class QTabWidget;
class QToolButton;

namespace kb {

class CommandPalette;
class DraftKeeper;
class ImportDialog;
class NoticeBar;
class ProfileList;
class ProfilePanel;
class RequestTab;
class RequestTree;
struct TokenSpot;

/// The window: requests and profiles at the left, open requests in the middle, the chosen profile at the
/// right.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    enum class Contents { Now, Later };
    /// With Contents::Later the window is a bare frame, on the screen at once; build() fills it.
    explicit MainWindow(Session& session, Contents contents = Contents::Now);
    ~MainWindow() override;

    /// Makes all that is in the window and opens the workspace's first request.
    void build();
    /// Shows what was built in a window that stands already, and looks for the keychain. A window that is
    /// shown after it was built needs no call.
    void begin();

    Session& session() { return m_session; }
    RequestTab* currentTab() const;
    RequestTab* openRequest(const QString& path);
    RequestTab* openSpec(const RequestSpec& spec);
    ProfileList& profileList() { return *m_profiles; }
    NoticeBar& notice() { return *m_notice; }
    void selectProfile(const QString& profileId);
    /// Opens what the command line or a file manager names, an absolute path: a workspace's folder or one
    /// within it, a file of a workspace (a request is shown), or a file to import. What cannot be opened is
    /// said in a notice.
    void openPlace(const QString& path);
    /// The workspace that a path belongs to; empty if there is none.
    static QString workspaceOf(const Session& session, const QString& path);
    /// Takes over the open requests, edits that are not saved included: the window in another language.
    void takeTabsFrom(MainWindow& old);

protected:
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override; ///< a file or an address to import

private:
    void buildMenus();
    void buildToolBar();
    void buildPanels();
    void buildStatusBar();
    void connectSession();
    void rebuildEnvironmentMenu();
    void showEnvironment();
    void updateStatus();
    void updateTabTitles();
    void placeNewTabButton();
    void workspaceOpened();
    void newRequest(const QString& folder);
    void saveCurrent();
    void closeTab(int index);
    void removeItems(const QStringList& paths);
    void duplicateItems(const QStringList& paths);
    void newFolder(const QString& parent);
    void editTree(); ///< connects the tree, the session's files and the drafts
    void filesChanged();
    void placesChanged(const QHash<QString, QString>& moved);
    void undo();
    void redo();
    void offerDrafts();
    void restoreDrafts();
    void openWorkspaceFolder();
    void openFolder(const QString& folder); ///< a workspace, or offers to make one there
    void fillRecentMenu(QMenu* menu);
    void openPractice();
    void editProfile(const QString& profileId);
    void compareProfile(const QString& profileId);
    void addProfile(SecretStorage storage = SecretStorage::Keychain);
    void takeBack(const SecretRecord& record);
    void findLogin(RequestTab* tab, const QString& url, const QList<QByteArray>& challenges);
    void moveTokenToProfile(RequestTab* tab, const TokenSpot& place);
    void editEnvironments();
    void showSettings();
    void showMatrix();
    ImportDialog* showImport(const QString& place);
    void showExport();
    void showHistory();
    void showEveryone();
    void showRunner(const QStringList& paths);
    void showFolder(const QString& path);
    void fillCodeMenu(QMenu* menu);
    void showPalette();
    void focusNextPane(bool backwards);
    void addTray();
    void sendAsNumber(int number);
    void report(const Result<void>& result);
    QString practiceFolder() const;

    Session& m_session;
    RequestTree* m_tree = nullptr;
    ProfileList* m_profiles = nullptr;
    ProfilePanel* m_panel = nullptr;
    QTabWidget* m_tabs = nullptr;
    NoticeBar* m_notice = nullptr;
    DraftKeeper* m_drafts = nullptr;
    CommandPalette* m_palette = nullptr;
    QSplitter* m_columns = nullptr;
    QSplitter* m_left = nullptr;
    QMenu* m_environmentMenu = nullptr;
    QLabel* m_title = nullptr;
    QToolButton* m_environmentButton = nullptr;
    QPushButton* m_goTo = nullptr;
    QToolButton* m_plus = nullptr;
    QLabel* m_storeLabel = nullptr;
    QLabel* m_profilesLabel = nullptr;
    QLabel* m_practiceLabel = nullptr;
    QLabel* m_savedLabel = nullptr;
    bool m_built = false;
    bool m_begun = false;
    bool m_closeAnyway = false;
    std::vector<HandlePtr> m_endings; ///< registrations that are taken back; small, and kept
};

} // namespace kb
