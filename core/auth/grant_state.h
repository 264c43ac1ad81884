// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_response.h"
#include "core/http/challenge.h"

namespace kb {

/// What a grant's owner wants and allows.
struct GrantPolicy {
    bool refreshAhead = true;    ///< refresh before expiry
    bool refreshOn401 = true;    ///< one refresh and one resend after invalid_token
    qint64 leewayMs = 60'000;    ///< how long before expiry; never more than a fifth of the lifetime
    bool canObtainAlone = false; ///< a new token needs nobody: client credentials, an assertion …
    bool any401 = false;         ///< a bare 401 says as much as invalid_token: the API has no such codes
    bool keptAsIs = false;       ///< expired, revoked or altered on purpose: never refreshed
};

/// What there is of a grant, without the secrets themselves.
struct GrantFacts {
    bool hasAccessToken = false;
    bool hasRefreshToken = false;
    std::optional<qint64> lifetimeMs; ///< from expires_in, as of when it was obtained
    std::optional<qint64> expiresMs;  ///< trusted Unix time, kept from an earlier run
    std::optional<qint64>
        serverExpiresMs; ///< the JWT's exp, by the server's clock; used if nothing else is known
};
/// Of a new token set; `serverExpiresMs` from the access token's exp where it is a JWT.
GrantFacts grantFacts(const TokenSet& tokens, std::optional<qint64> serverExpiresMs = {});

/// Now, by both clocks: one that counts sleep and never jumps, and trusted Unix time.
struct GrantMoment {
    qint64 bootMs = 0;
    qint64 trustedMs = 0;
};

enum class GrantPhase {
    Empty, ///< there is no token yet
    Fresh,
    Due, ///< near its end
    Expired,
    Refreshing, ///< one refresh is under way
    Unsaved,    ///< new tokens are here and not yet in the store, so not yet used
    LoginNeeded ///< only the user can get a new one
};
QByteArray grantPhaseName(GrantPhase phase); ///< "empty", "fresh", "due", "expired" … for JSON and tests

/// Before a request.
struct GrantDecision {
    enum class Action {
        Send,         ///< with the token that is there; a note may say what is odd about it
        RefreshFirst, ///< beginRefresh(), then ask again
        Wait,         ///< a refresh is under way: ask again when it ended
        SaveFirst,    ///< the store must take the new tokens first
        Login,        ///< the user has to log in
        Blocked       ///< refreshing failed: `note` says why, `retryBootMs` when to try again
    };
    Action action = Action::Send;
    QString note;
    quint64 epoch = 0;                 ///< of the token to send; hand it to afterAnswer()
    std::optional<qint64> retryBootMs; ///< of Blocked, where trying again may help
};

/// After an answer.
struct AnswerDecision {
    enum class Action {
        Stands,
        Resend,           ///< a newer token came meanwhile
        RefreshAndResend, ///< once: beginRefresh(), or wait for the one under way
        AskScopes,        ///< offer to ask for `scopes`; never refreshed
        StepUp            ///< offer a stronger login (RFC 9470)
    };
    Action action = Action::Stands;
    QString note;
    QStringList scopes;
    QStringList acrValues;
    std::optional<qint64> maxAgeS;
};

/// How a request was sent.
struct SentWith {
    quint64 epoch = 0;
    bool again = false; ///< it was the resend
    bool asIs = false;  ///< an expired token sent on purpose
};

/// The life of one grant's tokens. Decides, does nothing by itself, and holds no secret. One refresh at a
/// time; a new refresh token is in the store before the new access token is used.
class GrantState {
public:
    GrantState(GrantPolicy policy, const GrantFacts& facts, GrantMoment now);

    /// The owner's wishes as they are now: they count from the next question on.
    void setPolicy(const GrantPolicy& policy) { m_policy = policy; }
    GrantPhase phase(GrantMoment now) const;
    quint64 epoch() const { return m_epoch; } ///< grows with each new access token
    bool hasRefreshToken() const { return m_facts.hasRefreshToken; }
    std::optional<qint64> remainingMs(GrantMoment now) const; ///< negative once expired
    /// The boot time at which the token becomes due, for a timer; nullopt if its end is not known.
    std::optional<qint64> dueBootMs(GrantMoment now) const;
    const QString& reason() const { return m_reason; } ///< why a login is needed or refreshing failed

    /// `asIs`: send the token on purpose, expired or not.
    GrantDecision beforeSend(GrantMoment now, bool asIs = false) const;
    AnswerDecision afterAnswer(int status, const ChallengeList& challenges, const SentWith& sent,
                               GrantMoment now);

    /// Starts a refresh (or obtains anew); false if one is under way or it cannot be done without the user.
    bool beginRefresh();
    void refreshCancelled();
    /// New tokens came. Without a new refresh token the old one stays, unless it was a login.
    void obtained(const GrantFacts& facts, GrantMoment now, bool byLogin);
    void saved();                        ///< the store has them: they may be used
    void saveFailed(const Error& error); ///< they are kept in memory and not used
    void refreshFailed(const OAuthFailure& failure, GrantMoment now);
    void refreshNotAnswered(const Error& error, GrantMoment now);
    void revoked(); ///< access and refresh token are gone
    /// A Date field: the server's clock against ours (RFC 9110 §6.6.1).
    void observeServerDate(qint64 serverMs, GrantMoment now);
    qint64 skewMs() const { return m_skewMs; } ///< server minus ours

    /// Whether a new token can be had without the user, as far as is known before it is tried.
    bool canRefresh() const { return m_facts.hasRefreshToken || m_policy.canObtainAlone; }

private:
    qint64 leewayMs() const;
    bool mayTryNow(GrantMoment now) const;
    void retryLater(GrantMoment now, std::optional<qint64> atLeastS);
    GrantDecision decide(GrantDecision::Action action, const QString& note = {}) const;
    GrantDecision needsNew(GrantMoment now, bool usable) const;
    AnswerDecision onInvalidToken(const SentWith& sent, GrantMoment now);

    GrantPolicy m_policy;
    GrantFacts m_facts;
    std::optional<qint64> m_endBootMs;
    qint64 m_skewMs = 0;
    quint64 m_epoch = 0;
    std::optional<quint64> m_refusedEpoch; ///< a token that was new and refused all the same
    bool m_refreshing = false;
    bool m_unsaved = false;
    bool m_blocked = false; ///< refreshing failed in a way that trying again does not mend
    std::optional<qint64> m_retryBootMs;
    int m_failures = 0;
    QString m_reason;
};

} // namespace kb
