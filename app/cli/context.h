// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/output.h"
#include "app/lazy_keychain.h"
#include "core/base/clock.h"
#include "core/run/secret_source.h"
#include "core/run/variables.h"
#include "core/run/workspace_store.h"
#include "io/files/profile_timeline.h"
#include "io/keychain/environment_secrets.h"
#include "io/keychain/memory_store.h"

#include <memory>

namespace kb::cli {

/// What every command shares: where results go, the workspace, and where secrets come from. All of it is made
/// when it is first needed, so that a plain send loads no YAML and no keychain.
class Context {
public:
    explicit Context(EnvironmentSecrets secrets) : m_environmentSecrets(std::move(secrets)) {}

    Output out;
    QString folder;      ///< --workspace
    QString environment; ///< --env

    /// The workspace of --workspace, or of the folder stood in or its nearest parent that has one.
    Result<Workspace*> workspace();
    bool hasWorkspace();
    /// The same, or null where there is none yet.
    Result<Workspace*> workspaceIfAny();
    /// The same, made where there is none.
    Result<Workspace*> workspaceOrNew();
    Result<void> saveRoot();
    /// Workspaces on disk; the module that reads YAML is loaded at the first call.
    Result<WorkspaceStore*> files();
    /// The environment in force: --env, else the workspace's only one, else none. An unknown --env is an
    /// error.
    Result<QString> environmentName();

    /// Where a profile's secret comes from in this run.
    struct Source {
        SecretStore* store = nullptr;
        const TokenProfile* profile = nullptr;
        const ProfileBinding* binding = nullptr;
        bool fromEnvironment = false;
    };
    Result<Source> secretOf(const QString& profileName);
    /// The secret variables in force, each with where its value comes from in this run: the process
    /// environment (KEYBEARER_SECRET_<NAME>), else the keychain.
    Result<QList<SecretSource>> secretVariables();
    SecretStore& keychain() { return m_keychain; }
    const Clock& clock() const { return m_clock; }
    FileProfileTimeline& timeline() { return m_timeline; }
    /// Puts an event into the profile's timeline, unless its secret came from the environment: such a run
    /// keeps nothing.
    void remember(const Source& source, std::optional<ProfileEvent> event);

private:
    QString findFolder();
    EnvironmentSecrets m_environmentSecrets;
    std::unique_ptr<WorkspaceStore> m_files;
    std::optional<Workspace> m_workspace;
    LazyKeychain m_keychain;
    MemoryStore m_memory;
    SystemClock m_clock;
    FileProfileTimeline m_timeline;
    std::vector<HandlePtr> m_handles;
};

/// Runs the event loop until `start` has been answered, and gives the answer.
template<class T> T await(const std::function<HandlePtr(std::function<void(T)>)>& start);

/// Waits for the profile's record.
Result<SecretRecord> readRecord(const Context::Source& source);

/// All of standard input. From a terminal, `prompt` is shown and the typing is not.
Result<Secret> readSecretFromInput(const QString& prompt);

} // namespace kb::cli

#include <QEventLoop>

template<class T> T kb::cli::await(const std::function<HandlePtr(std::function<void(T)>)>& start) {
    std::optional<T> answer;
    QEventLoop loop;
    const HandlePtr handle = start([&](T value) {
        answer.emplace(std::move(value));
        loop.quit();
    });
    if (!answer) loop.exec();
    return std::move(*answer);
}
