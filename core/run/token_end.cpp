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

std::optional<TokenEnd> tokenEnd(const TokenProfile& profile, const TokenFacts& facts) {
    if (!profile.declared.stale.isEmpty() || facts.refreshable || facts.madePerRequest || !facts.expiresAt)
        return std::nullopt;
    return TokenEnd{profile.name, *facts.expiresAt};
}

QStringList outlivedTokens(const QList<TokenEnd>& ends, double nowSeconds, double runSeconds) {
    QStringList sentences;
    for (const TokenEnd& end : ends) {
        if (end.endsAt >= nowSeconds + runSeconds) continue;
        const int left = qRound(end.endsAt - nowSeconds);
        sentences.append(
            left <= 0 ? EndText::tr("%1's token has ended.").arg(end.name)
                      : EndText::tr("%1's token ends in %2 s, and this run may take %3 s. Nothing renews it.")
                            .arg(end.name)
                            .arg(left)
                            .arg(qRound(runSeconds)));
    }
    return sentences;
}

double estimatedRunSeconds(int requests, int parallel, double perSecond) {
    const double byAnswers = requests * roundTrip / qMax(1, parallel);
    return perSecond > 0 ? qMax(byAnswers, requests / perSecond) : byAnswers;
}

} // namespace kb
