// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session.h"

#include "core/interchange/import_save.h"
#include "core/run/history_store.h"
#include "core/workspace/inherit.h"

#include "core/http/rate_limit.h"
#include "ui/practice_workspace.h"
#include "ui/recent_workspaces.h"
#include "ui/session_removal.h"

#include <QPointer>
#include <algorithm>

namespace kb {

Session::Session(UiServices services, QObject* parent)
    : QObject(parent), m_services(std::move(services)), m_time(m_services.clock) {
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        refreshStatuses();
        refreshDueGrants();
        const qint64 jump = m_time.jumpMs();
        if (jump != m_reportedJump && (jump == 0 || qAbs(jump - m_reportedJump) > 2000)) {
            m_reportedJump = jump;
            Q_EMIT clockJumped(jump);
        }
        Q_EMIT ticked();
    });
    connect(this, &Session::environmentChanged, this, &Session::watchDotEnvFiles);
}

Session::~Session() {
    m_undo.clear(); // and with it the secrets of deleted profiles
    finishRemoval();
}

void Session::begin() {
    if (m_tick.isActive()) return; // a second window, in another language
    probeStore();
    finishOldRemovals();
    loadStates();
    watchFolder();
    m_tick.start();
}

Result<void> Session::openWorkspace(const QString& folder) {
    Result<Workspace> loaded = m_services.workspaces.load(folder);
    if (!loaded) return tl::unexpected(loaded.error());
    Q_EMIT workspaceLeaving();
    m_undo.clear(); // and with it the secrets of deleted profiles
    finishRemoval();
    m_diskProblem.clear();
    m_workspace = std::move(*loaded);
    m_sessionVariables.clear();
    m_states.clear();
    m_environment = m_services.settings.value(QStringLiteral("workspace/environment")).toString();
    if (!m_workspace.environment(m_environment))
        m_environment =
            m_workspace.environments.isEmpty() ? QString() : m_workspace.environments.first().name;
    if (m_services.practice.isRunning()) m_services.practice.stop();
    m_practiceStarting = false;
    m_services.settings.setValue(QStringLiteral("workspace/last"), folder);
    rememberWorkspace(m_services.settings, folder);
    if (m_tick.isActive()) {
        loadStates();
        watchFolder();
    }
    Q_EMIT workspaceChanged();
    return {};
}

Result<void> Session::openPractice(const QString& folder) {
    if (m_services.workspaces.findFolder(folder) != folder) {
        const Result<void> made = makePracticeWorkspace(m_services.workspaces, folder);
        if (!made) return made;
    }
    if (const Result<void> opened = openWorkspace(folder); !opened) return opened;
    m_practiceStarting = true;
    const QPointer<Session> self(this);
    PracticeSettings settings;
    settings.preferredPort = m_services.practicePort;
    const Result<void> begun = m_services.practice.begin(settings, [self](const Result<void>& made) {
        if (self) self->finishPracticeStart(made);
    });
    if (!begun) {
        m_practiceStarting = false;
        return begun;
    }
    m_sessionVariables.insert(QStringLiteral("baseUrl"), m_services.practice.baseUrl());
    if (m_tick.isActive()) loadStates();
    Q_EMIT workspaceChanged();
    return {};
}

void Session::finishPracticeStart(const Result<void>& made) {
    m_practiceStarting = false;
    if (made)
        takePracticeTokens();
    else
        Q_EMIT message(made.error().text());
    if (m_tick.isActive()) loadStates();
    Q_EMIT practiceReady();
}

bool Session::practiceRunning() const {
    return m_services.practice.isRunning();
}

void Session::takePracticeTokens() {
    const QString origin = m_services.practice.baseUrl();
    m_services.practice.takeTokens([&](PracticeToken token) {
        const TokenProfile* profile = m_workspace.profile(token.name);
        if (!profile || profile->storage != SecretStorage::Memory || profile->bindings.isEmpty()) return;
        SecretRecord record;
        record.secret = std::move(token.secret);
        record.allowedOrigins = {origin};
        keep(m_services.memorySecrets.write(profile->bindings.first().secret, std::move(record),
                                            [](const Result<void>&) {}));
    });
}

void Session::setEnvironment(const QString& name) {
    if (name == m_environment) return;
    m_environment = name;
    m_services.settings.setValue(QStringLiteral("workspace/environment"), name);
    m_states.clear();
    loadStates();
    Q_EMIT environmentChanged();
    Q_EMIT profilesChanged();
}

VariableMap Session::variables(const QString& path) const {
    return variablesOf(m_workspace, m_environment, m_sessionVariables, path);
}

VariableMap Session::variables(const RequestSpec& spec) const {
    return variablesOf(m_workspace, m_environment, m_sessionVariables, spec);
}

EnvironmentKind Session::environmentKind() const {
    return m_workspace.kindOf(m_environment);
}

Result<void> Session::saveEnvironment(const Environment& changed) {
    const Environment* present = m_workspace.environment(changed.name);
    const auto save = [&] { return m_services.workspaces.saveEnvironment(m_workspace, changed); };
    // A secret that is replaced or taken away is gone from the keychain: undoing would name what is not
    // there.
    const bool sameSecrets = (present ? present->secrets : QList<SecretVariable>()) == changed.secrets;
    const Result<void> saved =
        sameSecrets ? recorded(present ? tr("Change environment %1").arg(changed.name)
                                       : tr("New environment %1").arg(changed.name),
                               m_services.workspaces.environmentPath(m_workspace, changed.name), save)
                    : save();
    if (!saved) return saved;
    Environment environment = changed;
    environment.fromFile.clear();
    if (!environment.dotEnvFile.isEmpty())
        if (const auto text = m_services.workspaces.readBodyFile(m_workspace.folder, environment.dotEnvFile))
            environment.fromFile = readDotEnv(*text);
    const auto at = std::find_if(m_workspace.environments.begin(), m_workspace.environments.end(),
                                 [&](const Environment& e) { return e.name == environment.name; });
    if (at == m_workspace.environments.end())
        m_workspace.environments.append(environment);
    else
        *at = environment;
    if (m_environment.isEmpty()) m_environment = environment.name;
    Q_EMIT environmentChanged();
    return {};
}

Result<void> Session::removeEnvironment(const QString& name) {
    const auto remove = [&] { return m_services.workspaces.removeEnvironment(m_workspace, name); };
    const Environment* present = m_workspace.environment(name);
    const Result<void> removed =
        present && present->secrets.isEmpty()
            ? recorded(tr("Delete environment %1").arg(name),
                       m_services.workspaces.environmentPath(m_workspace, name), remove)
            : remove();
    if (!removed) return removed;
    if (const Environment* gone = m_workspace.environment(name))
        for (const SecretVariable& variable : gone->secrets)
            forgetValue(variable);
    m_workspace.environments.removeIf([&](const Environment& e) { return e.name == name; });
    if (m_environment == name)
        setEnvironment(m_workspace.environments.isEmpty() ? QString()
                                                          : m_workspace.environments.first().name);
    else
        Q_EMIT environmentChanged();
    return {};
}

double Session::nowSeconds() const {
    return static_cast<double>(m_time.nowMs()) / 1000.0;
}

void Session::acceptClock() {
    m_time.acceptWallClock();
    m_reportedJump = 0;
    refreshStatuses();
    Q_EMIT clockJumped(0);
    Q_EMIT ticked();
}

const ProfileState* Session::state(const QString& profileId) const {
    const auto at = m_states.constFind(profileId);
    return at == m_states.constEnd() ? nullptr : &*at;
}

void Session::refreshStatuses() {
    const double now = nowSeconds();
    for (const TokenProfile& profile : m_workspace.profiles) {
        const auto at = m_states.find(profile.id);
        if (at == m_states.end() || !at->facts) continue;
        const TokenState before = at->status.state;
        at->status = statusAt(*at->facts, now, at->firstSeenSeconds);
        if (at->status.state == before) continue;
        warnBeforeExpiry(profile, *at, before);
        Q_EMIT profileStateChanged(profile.id);
    }
}

void Session::warnBeforeExpiry(const TokenProfile& profile, ProfileState& state, TokenState before) {
    if (state.status.state != TokenState::DueSoon || before != TokenState::Valid || !m_services.notify)
        return;
    if (!m_services.settings.value(QStringLiteral("notify/expiry"), true).toBool()) return;
    m_services.notify(tr("%1 expires soon").arg(profile.name),
                      tr("Time left: %1.").arg(timeLeftText(state.status)));
}

void Session::probeStore() {
    keep(m_services.secrets.probe([this](const StoreState& state) {
        m_storeState = state;
        Q_EMIT storeStateChanged();
    }));
}

void Session::keep(HandlePtr handle) {
    // Handles of finished work are let go in bulk: there are few, and none is known to be done from outside.
    if (m_handles.size() > 256) m_handles.erase(m_handles.begin(), m_handles.begin() + 128);
    m_handles.push_back(std::move(handle));
}

Result<QString> Session::saveRequest(const RequestSpec& spec, const QString& folder) {
    const TreeItem* existing = spec.id.isEmpty() ? nullptr : m_workspace.find(spec.id);
    TreeItem item = existing ? *existing : TreeItem();
    item.request = spec;
    item.name = spec.name;
    item.path = existing ? existing->path : m_services.workspaces.freePath(m_workspace, folder, spec.name);
    item.order = existing ? existing->order : 0;
    item.request.id = item.path;
    const Result<void> saved =
        recorded(existing ? tr("Change %1").arg(item.name) : tr("New request %1").arg(item.name), item.path,
                 [&] { return m_services.workspaces.saveRequest(m_workspace, item); });
    if (!saved) return tl::unexpected(saved.error());
    if (existing) {
        *const_cast<TreeItem*>(existing) = item;
    } else {
        TreeItem* parent = folder.isEmpty() ? nullptr : const_cast<TreeItem*>(m_workspace.find(folder));
        (parent ? parent->children : m_workspace.items).append(item);
    }
    Q_EMIT requestsChanged();
    return item.path;
}

ProxySetting Session::proxySetting() const {
    const Settings& settings = m_services.settings;
    const QString mode = settings.value(QStringLiteral("proxy/mode"), QStringLiteral("system")).toString();
    ProxySetting proxy;
    proxy.kind = mode == QLatin1String("none")     ? ProxySetting::Kind::None
                 : mode == QLatin1String("manual") ? ProxySetting::Kind::Manual
                                                   : ProxySetting::Kind::System;
    proxy.url = settings.value(QStringLiteral("proxy/url")).toString();
    return proxy;
}

std::unique_ptr<Run> Session::makeRun(const RequestSpec& asked, bool allowPlainHttpOnce, bool sendAsIs) {
    const RequestSpec spec = withInherited(m_workspace, asked);
    RunInput input;
    input.spec = spec;
    input.environment = m_environment;
    input.variables = variables(spec);
    input.secretVariables = secretVariables();
    input.allowPlainHttpOnce = allowPlainHttpOnce;
    input.sendAsIs = sendAsIs;
    input.proxy = proxySetting();
    input.readFile = [&store = m_services.workspaces, folder = m_workspace.folder](const QString& path) {
        return store.readBodyFile(folder, path);
    };
    const TokenProfile* profile = spec.profileId.isEmpty() ? nullptr : m_workspace.profile(spec.profileId);
    if (profile) input.profile = *profile;
    for (const TokenProfile& other : m_workspace.profiles) {
        input.profileNames.insert(other.id, other.name);
        const ProfileState* known = state(other.id);
        if (other.id != spec.profileId && known && known->facts)
            input.otherProfiles.append({other.id, *known->facts});
    }
    SecretStore& store = profile ? storeFor(*profile) : m_services.secrets;
    const HistorySource kept{spec, profile ? profile->id : QString(), profile ? profile->name : QString(),
                             m_environment, input.variables};
    auto run = std::make_unique<Run>(Run::Services{m_services.transport, store, m_services.clock,
                                                   &m_authMemory, profile ? grantsFor(*profile) : nullptr},
                                     std::move(input));
    connect(run.get(), &Run::finished, this, &Session::observe);
    connect(run.get(), &Run::finished, this,
            [this, id = spec.profileId](const RunResult& result) { recordRun(id, result); });
    connect(run.get(), &Run::finished, this,
            [this, kept](const RunResult& result) { keepInHistory(kept, result); });
    return run;
}

void Session::observe(const RunResult& result) {
    if (result.hops.isEmpty()) return;
    const std::optional<QByteArray> date = result.hops.last().response().headers.first("Date");
    if (!date) return;
    if (const std::optional<qint64> serverMs = parseHttpDate(*date)) m_time.observeServerDate(*serverMs);
}

} // namespace kb
