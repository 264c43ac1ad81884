// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/grant_operation.h"
#include "core/run/profile_timeline.h"

#include <map>

namespace kb {

/// Keeps the grants of a process alive: refreshes ahead of expiry, once however many requests wait, and
/// remembers what went wrong. Windows share one keeper; processes share the grant's lock.
class GrantKeeper final : public QObject {
    Q_OBJECT
public:
    explicit GrantKeeper(GrantOperation::Services services, QObject* parent = nullptr);
    ~GrantKeeper() override;

    /// What a request is sent with.
    struct Ready {
        SecretRecord record;
        quint64 epoch = 0;         ///< for judge()
        QString note;              ///< what was done or is odd, a sentence; may be empty
        QList<Exchange> exchanges; ///< with the authorization server
    };
    using ReadyDone = std::function<void(Result<Ready>)>;

    /// Before a request, with the record as just read: refreshed first where it is due. `asIs` sends an
    /// expired token on purpose. ErrorCode::LoginNeeded where only the user can help.
    HandlePtr ready(const GrantInput& input, SecretRecord record, bool asIs, ReadyDone done);
    /// An answer to a request that the token was sent with.
    struct Answer {
        int status = 0;
        ChallengeList challenges;
        std::optional<qint64> serverMs = {}; ///< as serverTimeMs() reads it
        QString what = {};                   ///< "GET /users: 401", for the timeline
    };
    /// After any answer: what to do about it. Nothing is started. Its time tells how far the server's clock
    /// is from ours, and a refusal that ends in another send is told with happened(): no result shows it.
    AnswerDecision judge(const GrantInput& input, const Answer& answer, const SentWith& sent);
    /// Refreshes now, or joins the refresh under way.
    HandlePtr renew(const GrantInput& input, ReadyDone done);
    /// Log in, revoke, introspect; or refresh on the user's wish.
    HandlePtr run(const GrantInput& input, GrantOperation::Kind kind, LoginView view,
                  std::function<void(Result<GrantOutcome>)> done);

    /// The grant's phase and its next due time, for lists and timers; nullptr before its record was seen.
    const GrantState* stateOf(const QString& grantId) const;
    /// Takes notice of a record that was read for another purpose.
    void observe(const GrantInput& input, const SecretRecord& record);
    /// What the profile says of renewing counts from now on, for questions to stateOf(). Whatever is given a
    /// GrantInput does the same.
    void follow(const GrantInput& input);
    GrantMoment now() const;

Q_SIGNALS:
    void changed(const QString& grantId); ///< its tokens or its phase are others now
    /// For the profile's timeline: tokens came, went, were asked about, or could not be had.
    void happened(const QString& profileId, const kb::ProfileEvent& event);

private:
    struct Grant;
    class Waiter;
    Grant& grantOf(const GrantInput& input);
    void adopt(Grant& grant, const SecretRecord& record);
    HandlePtr wait(Grant& grant, std::function<void(Result<GrantOutcome>)> done);
    HandlePtr saveFirst(Grant& grant, ReadyDone done);
    void begin(Grant& grant, const GrantInput& input, GrantOperation::Kind kind, LoginView view);
    void ended(Grant& grant, GrantOperation::Kind kind, Result<GrantOutcome> outcome);
    void tell(const Grant& grant, ProfileEvent::Kind kind, const QString& text);
    /// What was revoked is gone, also where the login after it was not.
    void takeRevocation(Grant& grant, const GrantOperation& operation);

    GrantOperation::Services m_services;
    TrustedTime m_time;
    std::map<QString, std::unique_ptr<Grant>> m_grants;
};

} // namespace kb
