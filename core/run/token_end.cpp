// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/token_end.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct EndText {
    Q_DECLARE_TR_FUNCTIONS(TokenEnd)
};

constexpr double roundTrip = 0.1; // of an API over the internet

} // namespace

QList<TokenEnd> tokenEnds(const TokenProfile& profile, const TokenFacts& facts) {
    QList<TokenEnd> ends;
    if (!profile.declared.stale.isEmpty()) return ends;
    const auto add = [&](TokenEnd::What what, const std::optional<double>& end) {
        if (end) ends.append({profile.name, *end, what});
    };
    if (!facts.refreshable && !facts.madePerRequest) add(TokenEnd::What::Token, facts.expiresAt);
    if (facts.refreshable) {
        // What obtains a token without the user needs no refresh token.
        if (!obtainsAlone(profile.scheme)) add(TokenEnd::What::RefreshToken, facts.refreshExpiresAt);
        add(TokenEnd::What::ClientSecret, facts.clientSecretExpiresAt);
    }
    add(TokenEnd::What::Certificate, facts.certificateExpiresAt);
    return ends;
}

namespace {

QString endedText(TokenEnd::What what) {
    switch (what) {
    case TokenEnd::What::RefreshToken:
        return EndText::tr("%1's refresh token has ended: a login is needed when its token ends.");
    case TokenEnd::What::ClientSecret:
        return EndText::tr("%1's client secret has ended: no token can be had with it.");
    case TokenEnd::What::Certificate:
        return EndText::tr("%1's client certificate has ended.");
    case TokenEnd::What::Token:
        break;
    }
    return EndText::tr("%1's token has ended.");
}

QString endsText(TokenEnd::What what) {
    switch (what) {
    case TokenEnd::What::RefreshToken:
        return EndText::tr("%1's refresh token ends in %2 s, and this run may take %3 s. "
                           "After that a login is needed.");
    case TokenEnd::What::ClientSecret:
        return EndText::tr("%1's client secret ends in %2 s, and this run may take %3 s. "
                           "No token can be had with it after that.");
    case TokenEnd::What::Certificate:
        return EndText::tr("%1's client certificate ends in %2 s, and this run may take %3 s.");
    case TokenEnd::What::Token:
        break;
    }
    return EndText::tr("%1's token ends in %2 s, and this run may take %3 s. Nothing renews it.");
}

} // namespace

QStringList outlivedTokens(const QList<TokenEnd>& ends, double nowSeconds, double runSeconds) {
    QStringList sentences;
    for (const TokenEnd& end : ends) {
        if (end.endsAt >= nowSeconds + runSeconds) continue;
        const int left = qRound(end.endsAt - nowSeconds);
        sentences.append(left <= 0 ? endedText(end.what).arg(end.name)
                                   : endsText(end.what).arg(end.name).arg(left).arg(qRound(runSeconds)));
    }
    return sentences;
}

double estimatedRunSeconds(int requests, int parallel, double perSecond) {
    const double byAnswers = requests * roundTrip / qMax(1, parallel);
    return perSecond > 0 ? qMax(byAnswers, requests / perSecond) : byAnswers;
}

} // namespace kb
