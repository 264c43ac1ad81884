// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"
#include "core/auth/token_status.h"
#include "core/base/clock.h"
#include "core/base/settings.h"
#include "core/run/practice_control.h"
#include "core/run/profile_timeline.h"
#include "core/run/registration_manager.h"
#include "core/run/run.h"
#include "core/run/workspace_store.h"
#include "core/workspace/api_description.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>
#include <QUndoStack>
#include <memory>

namespace kb {

class BodyJudge;
struct Captured;
class CollectionRun;
class DraftStore;
class FolderWatch;
class HistoryStore;
struct HistoryRecord;
struct HistorySource;
struct CellSight;
struct RunRecord;
class ImportSave;
class MatrixRun;
struct CheckTools;
struct Imported;
struct MatrixPlan;
struct MatrixProfile;
struct TreeChange;

/// What the window may use of the outside world. The app makes these and outlives the window.
struct UiServices {
    Transport& transport;
    SecretStore& secrets;
    SecretStore& memorySecrets;
    WorkspaceStore& workspaces;
    Settings& settings;
    const Clock& clock;
    PracticeControl& practice;
    std::function<void(const QString& title, const QString& text)> notify; ///< a desktop notification
    GrantLock* lock = nullptr;            ///< without one, OAuth tokens are sent as they are
    RedirectListener* listener = nullptr; ///< for logins in the browser
    BrowserOpener* browser = nullptr;
    /// The modules of a QR code, row by row; empty where none can be made. Unset: no QR codes.
    std::function<QList<QByteArray>(const QString& text)> qrCode = {};
    /// Reads an OpenAPI document from a file. Unset: only addresses can be named.
    std::function<Result<ApiDescription>(const QString& path)> readApi = {};
    /// The files of an import, from a file or a folder, made into what it would be. Unset: only what is
    /// pasted.
    std::function<Result<Imported>(const QStringList& paths)> readImport = {};
    HistoryStore* history = nullptr;     ///< without one, nothing is kept
    BodyJudge* judge = nullptr;          ///< without one, jq filters and schemas are unclear
    ProfileTimeline* timeline = nullptr; ///< without one, events are kept until the program ends
    FolderWatch* watch = nullptr; ///< without one, files are looked at when the window comes to the front
    DraftStore* drafts = nullptr; ///< without one, edits that are not saved end with the program
    /// Opens a workspace's folder in a program of its own; false where none starts. Unset: not offered.
    std::function<bool(const QString& folder)> openElsewhere = {};
    /// The practice API's, where it is free: what is kept by address is found again at the next start. 0:
    /// any.
    quint16 practicePort = 0;
};

/// What a run of saved requests is to be.
struct RunnerChoice {
    QStringList paths; ///< requests and folders; empty: all
    std::optional<QString> asProfile;
    int iterations = 1;
    int parallel = 1;
    bool bail = false;
    QList<VariableMap> data = {};
    bool unsafeInProduction = false; ///< the user said yes to it
};

/// What is known at this moment of one profile in the environment in force. No secret.
struct ProfileState {
    enum class Loading { NotYet, Waiting, Done, Failed };
    Loading loading = Loading::NotYet;
    std::optional<Error> problem; ///< why the secret could not be had
    std::optional<TokenFacts> facts;
    double firstSeenSeconds = 0;
    QStringList confirmedOrigins; ///< kept with the secret
    QStringList keyParts;    ///< of the keys that go along: those stored in this environment, by keyPart()
    bool registered = false; ///< its client was registered from here, and can be managed
    TokenStatus status;      ///< as of the last tick
};

/// The window's state and the only place its intents go: workspace, environment, profiles, runs. Knows no
/// widget.
class Session final : public QObject {
    Q_OBJECT
public:
    explicit Session(UiServices services, QObject* parent = nullptr);
    ~Session() override;

    const Workspace& workspace() const { return m_workspace; }
    Result<void> openWorkspace(const QString& folder);
    /// Makes the practice workspace where it is missing, starts the practice API and opens it.
    Result<void> openPractice(const QString& folder);
    bool practiceRunning() const;
    /// The practice API listens, and still makes its keys: its tokens come with practiceReady().
    bool practiceStarting() const { return m_practiceStarting; }
    UiServices& services() { return m_services; }
    const UiServices& services() const { return m_services; }
    ProxySetting proxySetting() const; ///< as the settings have it
    /// Starts reading the profiles' secrets; called once the window is on the screen.
    void begin();

    QString environmentName() const { return m_environment; }
    /// What the environment in force is for, as it says; Unset where it says nothing.
    EnvironmentKind environmentKind() const;
    void setEnvironment(const QString& name);
    VariableMap variables(const QString& path = {}) const; ///< in force for a request at that path
    VariableMap variables(const RequestSpec& spec) const;  ///< likewise, with its own
    QList<SecretSource> secretVariables() const;           ///< likewise, with where their values are
    Result<void> saveEnvironment(const Environment& environment);
    Result<void> removeEnvironment(const QString& name); ///< with the values of its secret variables
    /// Saves the environment with a variable that is secret: `value` goes into the keychain; without one what
    /// is there stays, and only where it may go changes. A plain variable of that name goes.
    void setSecretVariable(Environment environment, SecretVariable variable, std::optional<Secret> value,
                           std::function<void(Result<void>)> done);
    /// Saves the environment without that secret variable, and removes its value.
    Result<void> removeSecretVariable(Environment environment, const QString& name);

    // Profiles
    const QList<TokenProfile>& profiles() const { return m_workspace.profiles; }
    const ProfileState* state(const QString& profileId) const;
    double nowSeconds() const; ///< trusted Unix time
    const TrustedTime& time() const { return m_time; }
    void acceptClock();
    /// Adds or changes a profile. `record` replaces what the store holds for the binding in force; without
    /// one only the plain data changes (an allowed origin that is new is confirmed together with it, since
    /// the user typed it).
    void saveProfile(const TokenProfile& profile, std::optional<SecretRecord> record,
                     std::function<void(Result<void>)> done);
    /// Puts parts beside the profile's secret: a client certificate (PEM with its key), API keys. An empty
    /// one is taken away.
    void setBeside(const QString& profileId, std::map<QString, Secret> parts,
                   std::function<void(Result<void>)> done);
    Result<void> duplicateProfile(const QString& profileId);
    Result<void> moveProfile(int from, int to);
    /// The keychain item goes after undoSeconds(). Until the workspace is left, undoing brings both back: the
    /// secret is held by the undo step, and only there.
    void removeProfile(const QString& profileId);
    void undoRemoveProfile(); ///< of the one that was deleted last, with what was done since
    int undoSeconds() const { return 10; }
    void reloadProfile(const QString& profileId);
    /// Confirms one more origin for the profile (and plain http, or an unverified certificate, where asked).
    void allowOrigin(const QString& profileId, const QString& origin, bool plainHttp, bool insecureTls,
                     std::function<void(Result<void>)> done);
    /// Takes the origins the file proposes as the confirmed ones.
    void confirmProposedOrigins(const QString& profileId, std::function<void(Result<void>)> done);
    /// Hands the secret out for showing or copying. The caller wipes it.
    HandlePtr revealSecret(const QString& profileId, std::function<void(Result<Secret>)> done);
    /// Logs in, refreshes, revokes or introspects. Null where the profile is no OAuth profile. Destroying the
    /// handle gives a login up.
    /// `tryOldAt`: of a rotation, where the user lets one GET be sent with the old token. `stepUp`: what an
    /// API wants of a login.
    HandlePtr runGrant(const QString& profileId, GrantOperation::Kind kind, LoginView view,
                       std::function<void(Result<GrantOutcome>)> done, const QString& tryOldAt = {},
                       const StepUp& stepUp = {});
    /// Reads the registration of a profile's client at its server, and changes what is wanted otherwise (RFC
    /// 7592). Null where there is no such profile.
    HandlePtr manageRegistration(const QString& profileId, const RegistrationChange& change,
                                 std::function<void(Result<std::shared_ptr<RegistrationView>>)> done);
    /// What happened to a profile, the newest first: of all time where a timeline is kept, which it is unless
    /// the history is switched off.
    QList<ProfileEvent> events(const QString& profileId) const;
    void clearEvents(const QString& profileId);
    /// The address of the last GET that a profile got through with, without its query; empty if there was
    /// none since the start.
    QString lastGoodGet(const QString& profileId) const { return m_goodGets.value(profileId); }
    StoreState storeState() const { return m_storeState; }
    void probeStore();

    // Requests
    Result<QString> saveRequest(const RequestSpec& spec,
                                const QString& folder); ///< the path it is saved under
    // Edits of the tree. Each can be undone, byte for byte, as long as no other program changed its files.
    Result<void> removeItems(const QStringList& paths);
    Result<QStringList> duplicateItems(const QStringList& paths); ///< the copies' paths
    Result<void> renameItem(const QString& path, const QString& name);
    /// Before a neighbour (empty: behind all), or anywhere in the folder (empty: the workspace's own).
    Result<void> moveItems(const QStringList& paths, const QString& folder,
                           const std::optional<QString>& before);
    Result<QString> makeFolder(const QString& folder, const QString& name); ///< its path
    QUndoStack& undoStack() { return m_undo; }
    /// Takes over what other programs changed in the workspace's files, if anything.
    void refreshFromDisk();
    /// What a folder (path empty: the workspace) gives to the requests below it.
    Result<void> saveDefaults(const QString& path, const RequestDefaults& defaults);
    /// A run of that request as that profile (empty: anonymous), not yet started.
    std::unique_ptr<Run> makeRun(const RequestSpec& spec, bool allowPlainHttpOnce = false,
                                 bool sendAsIs = false);

    /// What the checks of this workspace's requests may use.
    CheckTools checkTools();
    /// Captured values become variables until the program ends. Those that are secret do not: variables are
    /// shown.
    void keepValues(const QList<Captured>& captures);
    /// A run of saved requests, all as one profile (empty: nobody) or as each says, not yet started.
    std::unique_ptr<CollectionRun> makeCollectionRun(const RunnerChoice& choice);
    /// A sentence for each identity whose token ends before such a run does, and that nothing renews.
    QStringList outlivedByRun(const RunnerChoice& choice) const;

    // The access matrix
    QList<MatrixProfile> matrixProfiles() const; ///< anonymous, and whoever has a credential at hand
    /// Whose credential is missing, by name, and why: forged ones that would be made from it, too.
    QList<std::pair<QString, QString>> matrixAbsent() const;
    QStringList matrixOrigins() const;                                ///< where any of them may go
    std::unique_ptr<MatrixRun> makeMatrixRun(const MatrixPlan& plan); ///< not yet started
    /// The API's document as it was read last, or as the file that the workspace names says it now. One at an
    /// address is known once the access matrix has read it.
    std::optional<ApiDescription> matrixApi() const;
    void setMatrixApi(ApiDescription api);
    Result<void> saveMatrix(const MatrixSettings& matrix);
    /// Keeps what a run saw of those cells, where a history is kept.
    void keepMatrixRun(const RunRecord& record, const QList<int>& cells);
    /// What the last runs saw of a cell, the newest first.
    /// What each cell's outcome was in its last run at that place, by id; empty where no history is kept.
    QHash<QString, QString> outcomesBefore(const QString& baseUrl) const;
    QList<CellSight> sightsOf(const QString& baseUrl, const QString& cell) const;

    // History
    bool keepsHistory() const; ///< there is one, and it is switched on
    /// Stores what a run sent and got, redacted. Called for every run of makeRun().
    void keepInHistory(const HistorySource& source, const RunResult& result);
    void keepInHistory(const HistoryRecord& record);
    /// Puts a run of many requests into the timeline of each profile, by its id or name: answers, and how
    /// many of them were 401 or 403.
    void recordMany(const QString& what, const QMap<QString, std::pair<int, int>>& answers);

    // Import and export
    /// Puts an import into the workspace, below that folder; done() gets what went wrong, if anything did.
    void importRequests(Imported imported, const QString& folder, SecretStorage storage,
                        const QString& document, std::function<void(const std::optional<Error>&)> done);
    /// A request as code or a command in one of snippetTargets(), with its secret as an environment variable.
    Result<QString> requestAsCode(const RequestSpec& spec, const QString& target) const;

Q_SIGNALS:
    void workspaceLeaving(); ///< another one will be opened now
    void workspaceChanged();
    /// The workspace was read again: by another program's change, or by an edit of the tree.
    void itemsReplaced();
    void itemsMoved(const QHash<QString, QString>& paths); ///< from their old to their new place
    void practiceReady();                                  ///< its tokens are there, or never will be
    void requestsChanged();
    void environmentChanged();
    void profilesChanged();
    void profileStateChanged(const QString& profileId);
    void profileRemoved(const QString& name); ///< with undo on offer
    void profileEventsChanged(const QString& profileId);
    void storeStateChanged();
    void historyChanged();
    void ticked(); ///< once a second while the window is shown
    void clockJumped(qint64 milliseconds);
    void message(const QString& text); ///< for the notice bar
    void languageChanged(const QString& language);

private:
    struct Removal;
    struct RemovedProfile;
    class TreeCommand;
    class DefaultsCommand;
    class ProfilePresence;
    class ProfileOrder;
    class ProfileEdit;
    Result<void> applyTree(const TreeChange& change);
    Result<void> applyDefaults(const RequestDefaults& defaults); ///< the workspace's own
    /// The bytes of all files but the workspace's own, which holds the profiles.
    QHash<QString, QByteArray> filesNow() const;
    void recordImport(const QString& name, const QHash<QString, QByteArray>& before);
    Result<void> edit(const QString& text, const Result<TreeChange>& change);
    /// Does something to one file, so that it can be undone.
    Result<void> recorded(const QString& text, const QString& path,
                          const std::function<Result<void>()>& save);
    void takeOver(Workspace now);
    void watchFolder();
    void watchDotEnvFiles();
    void loadStates();
    void loadState(const TokenProfile& profile);
    void refreshStatuses();
    void finishPracticeStart(const Result<void>& made);
    void takePracticeTokens();
    Result<void> savePlain(const TokenProfile& profile);
    QStringList resolvedOrigins(const ProfileBinding& binding) const;
    void keep(HandlePtr handle);
    void changeRecord(const QString& profileId, std::function<void(SecretRecord&)> change,
                      std::function<void(Result<void>)> done);
    void recordProfile(const std::optional<TokenProfile>& before, const TokenProfile& after, bool typed,
                       const std::optional<QStringList>& confirmed);
    Result<void> takeOut(const QString& profileId, const std::shared_ptr<RemovedProfile>& removed,
                         bool offered);
    Result<void> putBack(const std::shared_ptr<RemovedProfile>& removed);
    void restoreSecret(const std::shared_ptr<RemovedProfile>& removed, const SecretRef& ref);
    void removeSecret(const TokenProfile& profile, const SecretRef& ref,
                      const std::weak_ptr<RemovedProfile>& removed);
    void forgetSecret(const TokenProfile& profile);
    void finishOldRemovals();
    void forgetValue(const SecretVariable& variable);
    void observe(const RunResult& result);
    SecretStore& storeFor(const TokenProfile& profile);
    GrantKeeper* grantsFor(const TokenProfile& profile);
    GrantInput grantInput(const TokenProfile& profile) const;
    void refreshDueGrants();
    void record(const QString& profileId, ProfileEvent event);
    ProfileTimeline* timeline() const; ///< null: in memory
    void recordRun(const QString& profileId, const RunResult& result);
    void warnBeforeExpiry(const TokenProfile& profile, ProfileState& state, TokenState before);
    void finishRemoval();

    UiServices m_services;
    Workspace m_workspace;
    std::optional<ApiDescription> m_matrixApi;
    QString m_matrixApiFolder; ///< of the workspace it was read for
    QString m_environment;
    VariableMap m_sessionVariables;
    TrustedTime m_time;
    QTimer m_tick;
    qint64 m_reportedJump = 0;
    bool m_practiceStarting = false;
    StoreState m_storeState;
    QHash<QString, ProfileState> m_states;
    QHash<QString, QList<ProfileEvent>> m_events; ///< where there is no timeline
    QHash<QString, QString> m_goodGets;
    QSet<QString> m_refreshing;
    AuthMemory m_authMemory;
    std::unique_ptr<GrantKeeper> m_keychainGrants, m_memoryGrants;
    QString m_historyNotice;
    int m_historyAdded = 0;
    std::unique_ptr<ImportSave> m_import;
    QUndoStack m_undo;
    QString m_diskProblem; ///< what was said last of files that could not be read again
    std::vector<HandlePtr> m_handles;
    std::unique_ptr<Removal> m_removal;
};

} // namespace kb
