// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that keeps OAuth tokens alive, and what each profile lived through.
#include "ui/session.h"

#include "core/auth/profile_facts.h"

namespace kb {

namespace {

constexpr qsizetype eventsKept = 50;

} // namespace

GrantKeeper* Session::grantsFor(const TokenProfile& profile) {
    if (!m_services.lock || !isGrant(profile.scheme)) return nullptr;
    std::unique_ptr<GrantKeeper>& keeper =
        profile.storage == SecretStorage::Memory ? m_memoryGrants : m_keychainGrants;
    if (!keeper) {
        keeper = std::make_unique<GrantKeeper>(
            GrantOperation::Services{m_services.transport, storeFor(profile), m_services.clock,
                                     *m_services.lock, m_services.listener, m_services.browser});
        connect(keeper.get(), &GrantKeeper::changed, this, [this](const QString& grantId) {
            for (const TokenProfile& each : std::as_const(m_workspace.profiles)) {
                const ProfileBinding* binding = each.bindingFor(m_environment);
                if (binding && binding->secret.id == grantId) reloadProfile(each.id);
            }
        });
        connect(keeper.get(), &GrantKeeper::happened, this, &Session::record);
    }
    return keeper.get();
}

GrantInput Session::grantInput(const TokenProfile& profile) const {
    return {profile, m_environment, variables(), proxySetting(), {}, false};
}

HandlePtr Session::runGrant(const QString& profileId, GrantOperation::Kind kind, LoginView view,
                            std::function<void(Result<GrantOutcome>)> done, const QString& tryOldAt,
                            const StepUp& stepUp) {
    const TokenProfile* profile = m_workspace.profile(profileId);
    GrantKeeper* keeper = profile ? grantsFor(*profile) : nullptr;
    if (!keeper) return nullptr;
    GrantInput input = grantInput(*profile);
    input.tryOldAt = tryOldAt;
    input.stepUp = stepUp;
    return keeper->run(input, kind, std::move(view), std::move(done));
}

HandlePtr Session::manageRegistration(const QString& profileId, const RegistrationChange& change,
                                      std::function<void(Result<std::shared_ptr<RegistrationView>>)> done) {
    const TokenProfile* profile = m_workspace.profile(profileId);
    const ProfileBinding* binding = profile ? profile->bindingFor(m_environment) : nullptr;
    if (!binding || binding->secret.isEmpty()) return nullptr;
    return manageClient(m_services.transport, storeFor(*profile), m_services.lock, m_services.clock,
                        binding->secret, change, proxySetting(), {},
                        [this, profileId, done](const Result<std::shared_ptr<RegistrationView>>& seen) {
                            reloadProfile(profileId); // the client may have another secret now
                            done(seen);
                        });
}

void Session::refreshDueGrants() {
    for (const TokenProfile& profile : std::as_const(m_workspace.profiles)) {
        GrantKeeper* keeper = renewalWish(profile.scheme).ahead ? grantsFor(profile) : nullptr;
        const ProfileBinding* binding = keeper ? profile.bindingFor(m_environment) : nullptr;
        if (keeper) keeper->follow(grantInput(profile));
        const GrantState* state = binding ? keeper->stateOf(binding->secret.id) : nullptr;
        if (!state || !state->hasRefreshToken() || m_refreshing.contains(profile.id)) continue;
        const GrantMoment now = keeper->now();
        // Only what can be refreshed without the user, and is due; what failed waits for its time.
        if (state->beforeSend(now).action != GrantDecision::Action::RefreshFirst) continue;
        m_refreshing.insert(profile.id);
        keep(keeper->renew(grantInput(profile), [this, id = profile.id](const Result<GrantKeeper::Ready>&) {
            m_refreshing.remove(id);
        }));
    }
}

ProfileTimeline* Session::timeline() const {
    // Who wants no history wants none of this either.
    return m_services.settings.value(QStringLiteral("history/enabled"), true).toBool() ? m_services.timeline
                                                                                       : nullptr;
}

QList<ProfileEvent> Session::events(const QString& profileId) const {
    const ProfileTimeline* kept = timeline();
    return kept ? kept->read(profileId) : m_events.value(profileId);
}

void Session::clearEvents(const QString& profileId) {
    m_events.remove(profileId);
    if (m_services.timeline)
        if (const Result<void> cleared = m_services.timeline->clear(profileId); !cleared)
            Q_EMIT message(cleared.error().text());
    Q_EMIT profileEventsChanged(profileId);
}

void Session::record(const QString& profileId, ProfileEvent event) {
    if (event.seconds == 0) event.seconds = nowSeconds();
    event.environment = m_environment;
    if (ProfileTimeline* kept = timeline()) {
        kept->append(profileId, event);
    } else {
        QList<ProfileEvent>& events = m_events[profileId];
        events.prepend(std::move(event));
        if (events.size() > eventsKept) events.removeLast();
    }
    Q_EMIT profileEventsChanged(profileId);
}

void Session::recordRun(const QString& profileId, const RunResult& result) {
    const std::optional<ProfileEvent> event = profileEventOf(result);
    if (profileId.isEmpty() || !event) return;
    record(profileId, *event);
    if (result.hops.size() != 1) return; // a redirect's end may be elsewhere
    const Exchange& answer = result.hops.first();
    const int status = answer.response().status;
    if (answer.sent().method != "GET" || status < 200 || status > 299) return;
    const HttpUrl& url = answer.sent().url;
    m_goodGets.insert(profileId, url.origin().text() + QString::fromUtf8(url.path()));
}

void Session::recordMany(const QString& what, const QMap<QString, std::pair<int, int>>& answers) {
    for (auto each = answers.cbegin(); each != answers.cend(); ++each)
        if (const TokenProfile* profile = m_workspace.profile(each.key()))
            if (const auto event = profileEventOfMany(what, each->first, each->second))
                record(profile->id, *event);
}

} // namespace kb
