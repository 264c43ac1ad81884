// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/grant_state.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct GrantStateText {
    Q_DECLARE_TR_FUNCTIONS(GrantState)
};

using Action = GrantDecision::Action;

/// Date counts whole seconds and travelled through a network.
constexpr qint64 ignoredSkewMs = 2000;
constexpr qint64 firstRetryMs = 1000;
constexpr qint64 longestRetryMs = 60'000;

} // namespace

GrantFacts grantFacts(const TokenSet& tokens, std::optional<qint64> serverExpiresMs) {
    GrantFacts facts;
    facts.hasAccessToken = !tokens.accessToken.isEmpty();
    facts.hasRefreshToken = !tokens.refreshToken.isEmpty();
    if (tokens.lifetimeS) facts.lifetimeMs = *tokens.lifetimeS * 1000;
    facts.serverExpiresMs = serverExpiresMs;
    return facts;
}

QByteArray grantPhaseName(GrantPhase phase) {
    switch (phase) {
    case GrantPhase::Empty:
        return "empty";
    case GrantPhase::Fresh:
        return "fresh";
    case GrantPhase::Due:
        return "due";
    case GrantPhase::Expired:
        return "expired";
    case GrantPhase::Refreshing:
        return "refreshing";
    case GrantPhase::Unsaved:
        return "unsaved";
    case GrantPhase::LoginNeeded:
        return "login-needed";
    }
    return "empty";
}

GrantState::GrantState(GrantPolicy policy, const GrantFacts& facts, GrantMoment now)
    : m_policy(policy), m_facts(facts) {
    if (facts.expiresMs) m_endBootMs = now.bootMs + (*facts.expiresMs - now.trustedMs);
}

std::optional<qint64> GrantState::remainingMs(GrantMoment now) const {
    if (!m_facts.hasAccessToken) return std::nullopt;
    if (m_endBootMs) return *m_endBootMs - now.bootMs;
    if (m_facts.serverExpiresMs) return *m_facts.serverExpiresMs - (now.trustedMs + m_skewMs);
    return std::nullopt;
}

qint64 GrantState::leewayMs() const {
    if (!m_facts.lifetimeMs) return m_policy.leewayMs;
    // A token that lives shorter than the leeway would be due all its life.
    return std::min(m_policy.leewayMs, *m_facts.lifetimeMs / 5);
}

std::optional<qint64> GrantState::dueBootMs(GrantMoment now) const {
    const auto left = remainingMs(now);
    if (!left) return std::nullopt;
    return now.bootMs + *left - leewayMs();
}

GrantPhase GrantState::phase(GrantMoment now) const {
    if (m_refreshing) return GrantPhase::Refreshing;
    if (m_unsaved) return GrantPhase::Unsaved;
    const auto left = remainingMs(now);
    const bool expired = left && *left <= 0;
    if ((!m_facts.hasAccessToken || expired) && !canRefresh() && !m_policy.keptAsIs)
        return m_facts.hasAccessToken || !m_reason.isEmpty() ? GrantPhase::LoginNeeded : GrantPhase::Empty;
    if (!m_facts.hasAccessToken) return GrantPhase::Empty;
    if (expired) return GrantPhase::Expired;
    return left && *left <= leewayMs() ? GrantPhase::Due : GrantPhase::Fresh;
}

GrantDecision GrantState::decide(Action action, const QString& note) const {
    GrantDecision decision;
    decision.action = action;
    decision.note = note;
    decision.epoch = m_epoch;
    return decision;
}

bool GrantState::mayTryNow(GrantMoment now) const {
    return !m_blocked && (!m_retryBootMs || now.bootMs >= *m_retryBootMs);
}

/// The token is due, expired (`usable` false) or not there.
GrantDecision GrantState::needsNew(GrantMoment now, bool usable) const {
    if (mayTryNow(now)) return decide(Action::RefreshFirst);
    if (usable)
        return decide(
            Action::Send,
            GrantStateText::tr("The token could not be refreshed, and is still valid. %1").arg(m_reason));
    GrantDecision decision = decide(Action::Blocked, m_reason);
    if (!m_blocked) decision.retryBootMs = m_retryBootMs;
    return decision;
}

GrantDecision GrantState::beforeSend(GrantMoment now, bool asIs) const {
    const auto left = remainingMs(now);
    const bool expired = left && *left <= 0;
    if ((asIs || m_policy.keptAsIs) && m_facts.hasAccessToken)
        return decide(Action::Send, expired
                                        ? GrantStateText::tr("The token has expired and is sent on purpose.")
                                        : QString());
    if (m_refreshing) return decide(Action::Wait);
    if (m_unsaved) return decide(Action::SaveFirst, m_reason);
    switch (phase(now)) {
    case GrantPhase::Empty:
        if (canRefresh()) return needsNew(now, false);
        return decide(Action::Login, GrantStateText::tr("There is no token yet. Log in."));
    case GrantPhase::LoginNeeded:
        return decide(Action::Login,
                      m_reason.isEmpty()
                          ? GrantStateText::tr("The token has expired and cannot be refreshed. Log in again.")
                          : m_reason);
    case GrantPhase::Due:
        if (m_policy.refreshAhead && canRefresh()) return needsNew(now, true);
        return decide(Action::Send);
    case GrantPhase::Expired:
        if (m_policy.refreshAhead) return needsNew(now, false);
        return decide(Action::Send,
                      GrantStateText::tr("The token has expired, and refreshing ahead is switched off."));
    default:
        return decide(Action::Send);
    }
}

AnswerDecision GrantState::onInvalidToken(const SentWith& sent, GrantMoment now) {
    AnswerDecision decision;
    if (sent.asIs || m_policy.keptAsIs) return decision;
    if (sent.again) {
        m_refusedEpoch = sent.epoch;
        decision.note =
            GrantStateText::tr("The server refused the new token as well. It is not refreshed again.");
        return decision;
    }
    if (sent.epoch != m_epoch && m_facts.hasAccessToken && !m_unsaved && !m_refreshing) {
        decision.action = AnswerDecision::Action::Resend;
        decision.note = GrantStateText::tr("The token was refreshed meanwhile. Sent again with the new one.");
        return decision;
    }
    if (!m_policy.refreshOn401) {
        decision.note =
            GrantStateText::tr("The server refused the token. Refreshing after a refusal is switched off.");
        return decision;
    }
    if (m_refusedEpoch == m_epoch) {
        decision.note =
            GrantStateText::tr("This token was new and is refused all the same. It is not refreshed again.");
        return decision;
    }
    if (!m_refreshing && !m_unsaved && !canRefresh()) {
        decision.note =
            GrantStateText::tr("The server refused the token, and it cannot be refreshed. Log in again.");
        return decision;
    }
    if (!m_refreshing && !m_unsaved && !mayTryNow(now)) {
        decision.note = m_reason;
        return decision;
    }
    decision.action = AnswerDecision::Action::RefreshAndResend;
    decision.note = GrantStateText::tr("The server refused the token. Refreshed once and sent again.");
    return decision;
}

AnswerDecision GrantState::afterAnswer(int status, const ChallengeList& challenges, const SentWith& sent,
                                       GrantMoment now) {
    AnswerDecision decision;
    if (status != 401 && status != 403) return decision;
    const Challenge* found = nullptr;
    for (const Challenge& challenge : challenges.challenges) {
        if (!challenge.is("Bearer") && !challenge.is("DPoP")) continue;
        // The one that names an error is meant for what was sent; the other is an offer.
        if (!found || (found->param("error").isEmpty() && challenge.hasParam("error"))) found = &challenge;
    }
    const QByteArray error = found ? found->param("error") : QByteArray();
    if (error == "insufficient_scope") {
        decision.action = AnswerDecision::Action::AskScopes;
        decision.scopes = QString::fromUtf8(found->param("scope")).split(u' ', Qt::SkipEmptyParts);
        decision.note =
            decision.scopes.isEmpty()
                ? GrantStateText::tr("The token's scopes are not enough. A refresh would not change that.")
                : GrantStateText::tr("The token's scopes are not enough. The server wants: %1.")
                      .arg(decision.scopes.join(u' '));
        return decision;
    }
    if (error == "insufficient_user_authentication") {
        decision.action = AnswerDecision::Action::StepUp;
        decision.acrValues = QString::fromUtf8(found->param("acr_values")).split(u' ', Qt::SkipEmptyParts);
        bool number = false;
        const qint64 age = found->param("max_age").toLongLong(&number);
        if (number && age >= 0) decision.maxAgeS = age;
        decision.note = GrantStateText::tr("The server wants a stronger or a more recent login.");
        return decision;
    }
    if (status != 401) return decision;
    if (error == "invalid_token") return onInvalidToken(sent, now);
    // Without an error code 401 may mean anything; the end of the token's life makes it clear.
    const auto left = remainingMs(now);
    if (error.isEmpty() && (m_policy.any401 || (left && *left <= 0))) return onInvalidToken(sent, now);
    return decision;
}

bool GrantState::beginRefresh() {
    if (m_refreshing || m_unsaved || !canRefresh() || m_policy.keptAsIs) return false;
    m_refreshing = true;
    m_blocked = false; // asked for by the user: what blocked it may be mended
    return true;
}

void GrantState::refreshCancelled() {
    m_refreshing = false;
}

void GrantState::obtained(const GrantFacts& facts, GrantMoment now, bool byLogin) {
    const bool keepsRefreshToken = !byLogin && m_facts.hasRefreshToken;
    m_facts = facts;
    m_facts.hasRefreshToken = facts.hasRefreshToken || keepsRefreshToken;
    m_endBootMs.reset();
    if (facts.lifetimeMs)
        m_endBootMs = now.bootMs + *facts.lifetimeMs;
    else if (facts.expiresMs)
        m_endBootMs = now.bootMs + (*facts.expiresMs - now.trustedMs);
    m_refreshing = false;
    m_unsaved = true;
    m_blocked = false;
    m_retryBootMs.reset();
    m_failures = 0;
    m_reason.clear();
    if (byLogin) m_refusedEpoch.reset();
}

void GrantState::saved() {
    if (!m_unsaved) return;
    m_unsaved = false;
    m_reason.clear();
    ++m_epoch;
}

void GrantState::saveFailed(const Error& error) {
    m_reason = GrantStateText::tr("The new token is not used before it is kept safely. %1").arg(error.text());
}

void GrantState::retryLater(GrantMoment now, std::optional<qint64> atLeastS) {
    const qint64 delay = std::min(firstRetryMs << std::min(m_failures, 10), longestRetryMs);
    ++m_failures;
    m_retryBootMs = now.bootMs + std::max(delay, atLeastS.value_or(0) * 1000);
}

void GrantState::refreshFailed(const OAuthFailure& failure, GrantMoment now) {
    m_refreshing = false;
    m_reason = failure.error.text();
    if (failure.kind == OAuthFailure::Kind::ServerDown) {
        retryLater(now, failure.retryAfterS);
        return;
    }
    const bool dead = failure.code == QStringLiteral("invalid_grant");
    if (dead && m_facts.hasRefreshToken) {
        m_facts.hasRefreshToken = false;
        const QString why = failure.description.isEmpty() ? failure.code : failure.description;
        m_reason = m_policy.canObtainAlone
                       ? GrantStateText::tr(
                             "The server no longer takes the refresh token: %1. A new token is obtained.")
                             .arg(why)
                       : GrantStateText::tr("The server no longer takes the refresh token: %1. Log in again.")
                             .arg(why);
        return;
    }
    m_blocked = true;
}

void GrantState::refreshNotAnswered(const Error& error, GrantMoment now) {
    m_refreshing = false;
    m_reason = error.text();
    retryLater(now, {});
}

void GrantState::revoked() {
    m_facts = {};
    m_endBootMs.reset();
    m_refreshing = false;
    m_unsaved = false;
    m_reason = GrantStateText::tr("The token was revoked.");
}

void GrantState::observeServerDate(qint64 serverMs, GrantMoment now) {
    const qint64 skew = serverMs - now.trustedMs;
    m_skewMs = std::abs(skew) <= ignoredSkewMs ? 0 : skew;
}

} // namespace kb
