// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/grant_keeper.h"
#include "core/auth/oauth_answer.h"
#include "core/run/key_source.h"

#include "core/base/later.h"

#include <QCoreApplication>
#include <QPointer>
#include <utility>
#include <vector>

namespace kb {

namespace {

struct KeeperText {
    Q_DECLARE_TR_FUNCTIONS(GrantKeeper)
};

const QString obtainedFact = QStringLiteral("obtained_ms");

GrantPolicy policyOf(const GrantInput& input) {
    GrantPolicy policy;
    const AuthScheme& scheme = input.profile.scheme;
    const RenewalWish wish = renewalWish(scheme);
    policy.refreshAhead = wish.ahead;
    policy.refreshOn401 = wish.on401;
    policy.leewayMs = qint64(wish.leewayS) * 1000;
    policy.canObtainAlone = obtainsAlone(scheme);
    policy.any401 = std::holds_alternative<LoginScheme>(scheme);
    policy.keptAsIs = !input.profile.declared.stale.isEmpty();
    return policy;
}

QString grantIdOf(const GrantInput& input) {
    const ProfileBinding* binding = input.profile.bindingFor(input.environment);
    return binding ? binding->secret.id : QString();
}

GrantOutcome copyOf(const GrantOutcome& outcome) {
    return {outcome.record.revealCopy(), outcome.exchanges, outcome.note,     outcome.findings,
            outcome.introspection,       outcome.oldToken,  outcome.userinfo, outcome.idTokenVerified,
            outcome.serverAheadMs};
}

template<class Value> HandlePtr answerLater(std::function<void(Result<Value>)> done, Result<Value> value) {
    auto held = std::make_shared<Result<Value>>(std::move(value));
    return std::make_unique<Later>([done = std::move(done), held] { done(std::move(*held)); });
}

ProfileEvent::Kind eventOf(GrantOperation::Kind kind) {
    switch (kind) {
    case GrantOperation::Kind::Renew:
        return ProfileEvent::Kind::Refreshed;
    case GrantOperation::Kind::Revoke:
        return ProfileEvent::Kind::Revoked;
    case GrantOperation::Kind::Rotate:
        return ProfileEvent::Kind::Rotated;
    case GrantOperation::Kind::Introspect:
    case GrantOperation::Kind::Userinfo:
        return ProfileEvent::Kind::Asked;
    case GrantOperation::Kind::Login:
        break;
    }
    return ProfileEvent::Kind::Obtained;
}

QString eventText(const GrantOutcome& outcome) {
    if (outcome.introspection)
        return outcome.introspection->active ? KeeperText::tr("The server knows it as active.")
                                             : KeeperText::tr("The server says that it is not active.");
    if (outcome.userinfo)
        return KeeperText::tr("The server says who it is: %1.")
            .arg(serverText(outcome.userinfo->claims.text(u"sub"), Redactor()).left(100));
    return outcome.oldToken ? outcome.note + u' ' + outcome.oldToken->sentence : outcome.note;
}

} // namespace

struct GrantKeeper::Grant {
    QString id;
    QString profileId, environment; ///< of the operation under way
    bool ahead = false;             ///< it refreshes a token that is still good
    GrantPolicy policy;             ///< as the profile last said
    std::unique_ptr<GrantState> state;
    QString obtained; ///< the fact of the record last seen
    std::unique_ptr<GrantOperation> operation;
    GrantOperation::Kind kind = GrantOperation::Kind::Renew;
    std::vector<Waiter*> waiters;
    std::optional<SecretRecord> unsaved;
    SecretRecord unsavedBase; ///< what the store had before it
    std::shared_ptr<DpopNonces> nonces = std::make_shared<DpopNonces>();
};

/// One of those that wait for an operation's end.
class GrantKeeper::Waiter final : public Handle {
public:
    Waiter(Grant& grant, std::function<void(Result<GrantOutcome>)> done)
        : m_grant(&grant), m_done(std::move(done)) {
        m_grant->waiters.push_back(this);
    }
    ~Waiter() override {
        if (m_grant) std::erase(m_grant->waiters, this);
    }
    std::function<void(Result<GrantOutcome>)> take() {
        m_grant = nullptr;
        return std::move(m_done);
    }

private:
    Grant* m_grant;
    std::function<void(Result<GrantOutcome>)> m_done;
};

GrantKeeper::GrantKeeper(GrantOperation::Services services, QObject* parent)
    : QObject(parent), m_services(services), m_time(services.clock) {
    if (!m_services.keys) m_services.keys = std::make_shared<KeyCache>();
}

GrantKeeper::~GrantKeeper() {
    for (auto& [id, grant] : m_grants)
        for (Waiter* waiter : std::exchange(grant->waiters, {}))
            waiter->take();
}

GrantMoment GrantKeeper::now() const {
    return {m_services.clock.bootMs(), m_time.nowMs()};
}

GrantKeeper::Grant& GrantKeeper::grantOf(const GrantInput& input) {
    const QString id = grantIdOf(input);
    std::unique_ptr<Grant>& grant = m_grants[id];
    if (!grant) {
        grant = std::make_unique<Grant>();
        grant->id = id;
    }
    // The profile may have been edited since, here or in its file.
    grant->policy = policyOf(input);
    if (grant->state) grant->state->setPolicy(grant->policy);
    return *grant;
}

void GrantKeeper::follow(const GrantInput& input) {
    if (m_grants.contains(grantIdOf(input))) grantOf(input);
}

const GrantState* GrantKeeper::stateOf(const QString& grantId) const {
    const auto found = m_grants.find(grantId);
    return found == m_grants.end() ? nullptr : found->second->state.get();
}

void GrantKeeper::adopt(Grant& grant, const SecretRecord& record) {
    const QString obtained = record.fact(obtainedFact);
    if (!grant.state) {
        grant.state = std::make_unique<GrantState>(grant.policy, grantFacts(record), now());
    } else if (grant.obtained != obtained && !grant.operation && !grant.unsaved) {
        // Somebody else has obtained a token: another process, or the user by hand.
        grant.state->obtained(grantFacts(record), now(), true);
        grant.state->saved();
    }
    if (!grant.unsaved) grant.obtained = obtained;
}

void GrantKeeper::observe(const GrantInput& input, const SecretRecord& record) {
    adopt(grantOf(input), record);
}

HandlePtr GrantKeeper::wait(Grant& grant, std::function<void(Result<GrantOutcome>)> done) {
    return std::make_unique<Waiter>(grant, std::move(done));
}

namespace {

/// Turns an operation's outcome into what a request is sent with.
std::function<void(Result<GrantOutcome>)> asReady(std::function<quint64()> epoch,
                                                  GrantKeeper::ReadyDone done) {
    return [epoch = std::move(epoch), done = std::move(done)](Result<GrantOutcome> outcome) {
        if (!outcome) return done(tl::unexpected(outcome.error()));
        done(GrantKeeper::Ready{std::move(outcome->record), epoch(), outcome->note, outcome->exchanges});
    };
}

} // namespace

HandlePtr GrantKeeper::ready(const GrantInput& input, SecretRecord record, bool asIs, ReadyDone done) {
    Grant& grant = grantOf(input);
    adopt(grant, record);
    const GrantDecision decision = grant.state->beforeSend(now(), asIs);
    switch (decision.action) {
    case GrantDecision::Action::Send:
        return answerLater<Ready>(std::move(done),
                                  Ready{std::move(record), decision.epoch, decision.note, {}});
    case GrantDecision::Action::RefreshFirst:
    case GrantDecision::Action::Wait:
        return renew(input, std::move(done));
    case GrantDecision::Action::SaveFirst:
        return saveFirst(grant, std::move(done));
    case GrantDecision::Action::Login:
    case GrantDecision::Action::Blocked:
        break;
    }
    const bool login = decision.action == GrantDecision::Action::Login;
    return answerLater<Ready>(std::move(done),
                              fail(login ? ErrorCode::LoginNeeded : ErrorCode::SendFailed, decision.note,
                                   input.profile.name,
                                   login ? KeeperText::tr("Log in with this profile.")
                                         : KeeperText::tr("Mend this, then refresh the token by hand.")));
}

AnswerDecision GrantKeeper::judge(const GrantInput& input, const Answer& answer, const SentWith& sent) {
    Grant& grant = grantOf(input);
    if (answer.serverMs) m_time.observeServerDate(*answer.serverMs);
    if (!grant.state) return {};
    if (answer.serverMs) grant.state->observeServerDate(*answer.serverMs, now());
    const AnswerDecision decision = grant.state->afterAnswer(answer.status, answer.challenges, sent, now());
    const bool again = decision.action == AnswerDecision::Action::Resend ||
                       decision.action == AnswerDecision::Action::RefreshAndResend;
    if (again)
        Q_EMIT happened(input.profile.id, {double(now().trustedMs) / 1000, ProfileEvent::Kind::Refused,
                                           answer.what, input.environment});
    return decision;
}

HandlePtr GrantKeeper::renew(const GrantInput& input, ReadyDone done) {
    Grant& grant = grantOf(input);
    const auto epoch = [&grant] { return grant.state ? grant.state->epoch() : 0; };
    if (!grant.operation) begin(grant, input, GrantOperation::Kind::Renew, {});
    return wait(grant, asReady(epoch, std::move(done)));
}

HandlePtr GrantKeeper::run(const GrantInput& input, GrantOperation::Kind kind, LoginView view,
                           std::function<void(Result<GrantOutcome>)> done) {
    Grant& grant = grantOf(input);
    if (grant.operation) {
        if (grant.kind == kind) return wait(grant, std::move(done));
        return answerLater<GrantOutcome>(
            std::move(done),
            fail(ErrorCode::Conflict, KeeperText::tr("Something else is under way with this token."),
                 input.profile.name, KeeperText::tr("Wait for its end, and try again.")));
    }
    begin(grant, input, kind, std::move(view));
    HandlePtr waiter = wait(grant, std::move(done));
    // Nobody else waits for a login: who started it may end it.
    if (kind == GrantOperation::Kind::Renew) return waiter;
    struct Owner final : Handle {
        HandlePtr waiter;
        QPointer<GrantKeeper> keeper;
        QString id;
        ~Owner() override {
            waiter.reset();
            if (!keeper) return;
            const auto found = keeper->m_grants.find(id);
            if (found == keeper->m_grants.end() || !found->second->waiters.empty()) return;
            const auto given = std::exchange(found->second->operation, nullptr);
            if (given) keeper->takeRevocation(*found->second, *given);
        }
    };
    auto owner = std::make_unique<Owner>();
    owner->waiter = std::move(waiter);
    owner->keeper = this;
    owner->id = grant.id;
    return owner;
}

void GrantKeeper::begin(Grant& grant, const GrantInput& input, GrantOperation::Kind kind, LoginView view) {
    grant.kind = kind;
    grant.profileId = input.profile.id;
    grant.environment = input.environment;
    grant.ahead =
        kind == GrantOperation::Kind::Renew && grant.state && grant.state->phase(now()) == GrantPhase::Due;
    if (kind == GrantOperation::Kind::Renew && grant.state) grant.state->beginRefresh();
    GrantOperation::Services services = m_services;
    services.nonces = grant.nonces;
    grant.operation = std::make_unique<GrantOperation>(
        services, input, kind, std::move(view), grant.obtained,
        [this, &grant, kind](Result<GrantOutcome> outcome) { ended(grant, kind, std::move(outcome)); });
    grant.operation->start();
    Q_EMIT changed(grant.id);
}

void GrantKeeper::ended(Grant& grant, GrantOperation::Kind kind, Result<GrantOutcome> outcome) {
    const std::unique_ptr<GrantOperation> operation = std::move(grant.operation);
    const GrantMoment moment = now();
    const bool tokens = kind == GrantOperation::Kind::Renew || kind == GrantOperation::Kind::Login ||
                        kind == GrantOperation::Kind::Rotate;
    if (!outcome) takeRevocation(grant, *operation);
    // Where somebody else had refreshed it, it is in the timeline already.
    if (!outcome)
        tell(grant, ProfileEvent::Kind::Trouble, outcome.error().text());
    else if (!outcome->exchanges.isEmpty())
        // Nobody reads the outcome of a refresh by the clock: what is odd about it stands here.
        tell(grant, eventOf(kind),
             QStringList(QStringList{grant.ahead ? KeeperText::tr("Refreshed ahead of its expiry.")
                                                 : eventText(*outcome)} +
                         outcome->findings)
                 .join(u' '));
    if (outcome && outcome->serverAheadMs && grant.state)
        grant.state->observeServerDate(moment.trustedMs + *outcome->serverAheadMs, moment);
    if (outcome && tokens) {
        const GrantFacts facts = grantFacts(outcome->record);
        if (!grant.state) grant.state = std::make_unique<GrantState>(grant.policy, facts, moment);
        // The record says all there is, the kept refresh token included.
        grant.state->obtained(facts, moment, true);
        grant.state->saved();
        grant.unsaved.reset();
        grant.obtained = outcome->record.fact(obtainedFact);
    } else if (outcome && kind == GrantOperation::Kind::Revoke && grant.state) {
        grant.state->revoked();
        grant.obtained.clear();
    } else if (!outcome && tokens && grant.state) {
        if (const SecretRecord* record = operation->unsaved()) {
            grant.unsaved = record->revealCopy();
            grant.unsavedBase = operation->stored().revealCopy();
            grant.state->obtained(grantFacts(*record), moment, true);
            grant.state->saveFailed(outcome.error());
        } else if (operation->failure()) {
            grant.state->refreshFailed(*operation->failure(), moment);
        } else if (outcome.error().code == ErrorCode::ConsentNeeded) {
            grant.state->refreshCancelled();
        } else {
            grant.state->refreshNotAnswered(outcome.error(), moment);
        }
    }
    const QPointer<GrantKeeper> alive(this);
    const QString id = grant.id;
    std::vector<std::function<void(Result<GrantOutcome>)>> answers;
    for (Waiter* waiter : std::exchange(grant.waiters, {}))
        answers.push_back(waiter->take());
    Q_EMIT changed(id);
    for (const auto& answer : answers) {
        if (outcome)
            answer(copyOf(*outcome));
        else
            answer(tl::unexpected(outcome.error()));
        if (!alive) return;
    }
}

void GrantKeeper::tell(const Grant& grant, ProfileEvent::Kind kind, const QString& text) {
    Q_EMIT happened(grant.profileId, {double(now().trustedMs) / 1000, kind, text, grant.environment});
}

void GrantKeeper::takeRevocation(Grant& grant, const GrantOperation& operation) {
    if (!operation.revoked()) return;
    if (grant.state) grant.state->revoked();
    grant.obtained.clear();
    tell(grant, ProfileEvent::Kind::Revoked, KeeperText::tr("Revoked, and taken out of the keychain."));
    Q_EMIT changed(grant.id);
}

HandlePtr GrantKeeper::saveFirst(Grant& grant, ReadyDone done) {
    // What the store did not take is tried again before it is used, with what has come to the profile
    // meanwhile.
    struct Saving final : Handle {
        HandlePtr read, write;
    };
    auto saving = std::make_unique<Saving>();
    Saving* const both = saving.get();
    const SecretRef ref{grant.id};
    saving->read = m_services.secrets.read(ref, [this, &grant, ref, both, done](Result<SecretRecord> now) {
        // Whoever removed the profile wants none of it.
        if (!now && now.error().code == ErrorCode::SecretMissing) {
            grant.unsaved.reset();
            return done(tl::unexpected(now.error()));
        }
        auto record = std::make_shared<SecretRecord>(now ? grant.unsaved->mergedInto(grant.unsavedBase, *now)
                                                         : grant.unsaved->revealCopy());
        both->write = m_services.secrets.write(
            ref, record->revealCopy(), [this, &grant, record, done](const Result<void>& written) {
                if (!written) {
                    grant.state->saveFailed(written.error());
                    return done(tl::unexpected(written.error()));
                }
                grant.state->saved();
                grant.obtained = record->fact(obtainedFact);
                grant.unsaved.reset();
                Q_EMIT changed(grant.id);
                done(Ready{std::move(*record), grant.state->epoch(), {}, {}});
            });
    });
    return saving;
}

} // namespace kb
