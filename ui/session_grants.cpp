// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that keeps OAuth tokens alive, and what each profile lived through.
#include "ui/session.h"

#include "core/auth/profile_facts.h"

namespace kb {

namespace {

constexpr qsizetype eventsKept = 50;

ProfileEvent::Kind eventOf(GrantOperation::Kind kind) {
    switch (kind) {
    case GrantOperation::Kind::Revoke:
        return ProfileEvent::Kind::Ended;
    case GrantOperation::Kind::Introspect:
        return ProfileEvent::Kind::Asked;
    case GrantOperation::Kind::Renew:
    case GrantOperation::Kind::Login:
        break;
    }
    return ProfileEvent::Kind::Obtained;
}

QString eventText(const GrantOutcome& outcome) {
    if (!outcome.introspection) return outcome.note;
    return outcome.introspection->active ? Session::tr("The server knows it as active.")
                                         : Session::tr("The server says that it is not active.");
}

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
    }
    return keeper.get();
}

GrantInput Session::grantInput(const TokenProfile& profile) const {
    return {profile, m_environment, variables(), proxySetting(), {}, false};
}

HandlePtr Session::runGrant(const QString& profileId, GrantOperation::Kind kind, LoginView view,
                            std::function<void(Result<GrantOutcome>)> done) {
    const TokenProfile* profile = m_workspace.profile(profileId);
    GrantKeeper* keeper = profile ? grantsFor(*profile) : nullptr;
    if (!keeper) return nullptr;
    return keeper->run(grantInput(*profile), kind, std::move(view),
                       [this, profileId, kind, done = std::move(done)](Result<GrantOutcome> outcome) {
                           if (outcome)
                               record(profileId, eventOf(kind), eventText(*outcome));
                           else
                               record(profileId, ProfileEvent::Kind::Trouble, outcome.error().text());
                           done(std::move(outcome));
                       });
}

void Session::refreshDueGrants() {
    for (const TokenProfile& profile : std::as_const(m_workspace.profiles)) {
        GrantKeeper* keeper = renewalWish(profile.scheme).ahead ? grantsFor(profile) : nullptr;
        const ProfileBinding* binding = keeper ? profile.bindingFor(m_environment) : nullptr;
        const GrantState* state = binding ? keeper->stateOf(binding->secret.id) : nullptr;
        if (!state || !state->hasRefreshToken() || m_refreshing.contains(profile.id)) continue;
        const GrantMoment now = keeper->now();
        // Only what can be refreshed without the user, and is due; what failed waits for its time.
        if (state->beforeSend(now).action != GrantDecision::Action::RefreshFirst) continue;
        m_refreshing.insert(profile.id);
        keep(keeper->renew(grantInput(profile), [this, id = profile.id](Result<GrantKeeper::Ready> ready) {
            m_refreshing.remove(id);
            record(id, ready ? ProfileEvent::Kind::Obtained : ProfileEvent::Kind::Trouble,
                   ready ? tr("Refreshed ahead of its expiry.") : ready.error().text());
        }));
    }
}

void Session::record(const QString& profileId, ProfileEvent::Kind kind, const QString& text) {
    QList<ProfileEvent>& events = m_events[profileId];
    events.prepend({nowSeconds(), kind, text});
    if (events.size() > eventsKept) events.removeLast();
    Q_EMIT profileEventsChanged(profileId);
}

void Session::recordRun(const QString& profileId, const RunResult& result) {
    if (profileId.isEmpty()) return;
    if (!result.grantExchanges.isEmpty())
        record(profileId, ProfileEvent::Kind::Obtained, tr("Refreshed for a request."));
    if (result.hops.isEmpty()) {
        if (result.error && result.nothingSent)
            record(profileId, ProfileEvent::Kind::Trouble, result.error->text());
        return;
    }
    const Exchange& answer = result.hops.last();
    const int status = answer.response().status;
    const bool refused = status == 401 || status == 403;
    record(profileId, refused ? ProfileEvent::Kind::Refused : ProfileEvent::Kind::Used,
           tr("%1 %2: %3")
               .arg(QString::fromUtf8(answer.sent().method), QString::fromUtf8(answer.sent().url.path()))
               .arg(status));
}

} // namespace kb
