// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/token_status.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <algorithm>
#include <cmath>

namespace kb {

namespace {

constexpr double dueSoonShare = 0.2;

struct TokenStatusText {
    Q_DECLARE_TR_FUNCTIONS(TokenStatus)
};

/// The start of the token's life that can be true: one before its end.
std::optional<double> startOf(const TokenFacts& facts, double expires, double firstSeen) {
    for (const std::optional<double>& start :
         {facts.issuedAt, facts.notBefore, std::optional<double>(firstSeen)}) {
        if (start && *start < expires) return start;
    }
    return std::nullopt;
}

QString twoDigits(qint64 number) {
    return QString::number(number).rightJustified(2, QLatin1Char('0'));
}

QString durationText(double seconds) {
    // Rounded up, so that 0:00 is shown at the end and not a second before it.
    const double whole = std::ceil(std::clamp(seconds, 0.0, 1e15));
    const auto total = qint64(whole);
    if (total < 3600) return QString::number(total / 60) + QLatin1Char(':') + twoDigits(total % 60);
    if (total < 86400)
        return TokenStatusText::tr("%1 h %2 min")
            .arg(QString::number(total / 3600), twoDigits(total % 3600 / 60));
    return TokenStatusText::tr("%1 d").arg(total / 86400);
}

QString agoText(double seconds) {
    const auto total = qint64(std::floor(std::clamp(seconds, 0.0, 1e15)));
    if (total < 60) return TokenStatusText::tr("expired %1 s").arg(total);
    if (total < 3600) return TokenStatusText::tr("expired %1 min").arg(total / 60);
    if (total < 86400) return TokenStatusText::tr("expired %1 h").arg(total / 3600);
    return TokenStatusText::tr("expired %1 d").arg(total / 86400);
}

} // namespace

TokenFacts factsOf(std::string_view secret, bool bearer, std::optional<qint64> userExpiry) {
    TokenFacts facts;
    facts.masked = maskedToken(secret);
    facts.size = secret.size();
    facts.kind = detectTokenKind(secret);
    // Only a bearer credential is read as a token: a password or an API key that looks like one is still
    // opaque.
    if (bearer && facts.kind.isJwt) {
        Result<DecodedJwt> jwt = decodeJwt(secret);
        if (jwt) {
            facts.issuedAt = jwt->issuedAt;
            facts.notBefore = jwt->notBefore;
            facts.expiresAt = jwt->expiresAt;
            facts.jwt = std::move(*jwt);
        } else {
            facts.unreadable = jwt.error().text();
        }
    }
    if (facts.jwt && !facts.jwt->keyId.isEmpty())
        facts.fingerprint = facts.jwt->keyId.left(64);
    else if (bearer && !secret.empty())
        facts.fingerprint = QString::fromLatin1(
            QCryptographicHash::hash(QByteArrayView(secret.data(), qsizetype(secret.size())),
                                     QCryptographicHash::Sha256)
                .toHex()
                .right(4));
    if (!facts.expiresAt && userExpiry) {
        facts.expiresAt = double(*userExpiry);
        facts.expirySetByUser = true;
    }
    return facts;
}

TokenStatus statusAt(const TokenFacts& facts, double nowSeconds, double firstSeenSeconds) {
    TokenStatus status;
    if (facts.missing) {
        status.state = TokenState::NoToken;
        return status;
    }
    if (facts.expiresAt) {
        const double left = *facts.expiresAt - nowSeconds;
        status.secondsLeft = left;
        if (left <= 0) {
            status.state = TokenState::Expired;
            return status;
        }
        const std::optional<double> start = startOf(facts, *facts.expiresAt, firstSeenSeconds);
        if (start) status.fractionLeft = std::clamp(left / (*facts.expiresAt - *start), 0.0, 1.0);
        const bool dueSoon = start && left <= dueSoonShare * (*facts.expiresAt - *start);
        status.state = dueSoon ? TokenState::DueSoon : TokenState::Valid;
    } else if (!facts.unreadable.isEmpty()) {
        status.state = TokenState::Unreadable;
        return status;
    }
    if (facts.notBefore && *facts.notBefore > nowSeconds) {
        status.state = TokenState::NotYetValid;
        status.secondsToValid = *facts.notBefore - nowSeconds;
    }
    return status;
}

QByteArray tokenStateName(TokenState state) {
    switch (state) {
    case TokenState::Valid:
        return "valid";
    case TokenState::DueSoon:
        return "due-soon";
    case TokenState::Expired:
        return "expired";
    case TokenState::NotYetValid:
        return "not-yet-valid";
    case TokenState::NoExpiryKnown:
        return "no-expiry-known";
    case TokenState::Unreadable:
        return "unreadable";
    case TokenState::NoToken:
        return "no-token";
    }
    return "no-expiry-known";
}

QString tokenStateText(TokenState state) {
    switch (state) {
    case TokenState::Valid:
        return TokenStatusText::tr("valid");
    case TokenState::DueSoon:
        return TokenStatusText::tr("due soon");
    case TokenState::Expired:
        return TokenStatusText::tr("expired");
    case TokenState::NotYetValid:
        return TokenStatusText::tr("not yet valid");
    case TokenState::NoExpiryKnown:
        return TokenStatusText::tr("no expiry known");
    case TokenState::Unreadable:
        return TokenStatusText::tr("unreadable");
    case TokenState::NoToken:
        return TokenStatusText::tr("no token yet");
    }
    return TokenStatusText::tr("no expiry known");
}

QString timeLeftText(const TokenStatus& status) {
    if (!status.secondsLeft) return {};
    return *status.secondsLeft > 0 ? durationText(*status.secondsLeft) : agoText(-*status.secondsLeft);
}

} // namespace kb
