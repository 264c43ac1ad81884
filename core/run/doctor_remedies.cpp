// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/doctor_case.h"

#include <algorithm>

namespace kb {

namespace {

constexpr int mostProfiles = 3; ///< more buttons than that are a list, and the profile list is one already

constexpr int mostScopesNamed = 2; ///< on a button

bool addsAnything(const QStringList& theirs, const QStringList& ours) {
    return std::any_of(theirs.cbegin(), theirs.cend(),
                       [&](const QString& each) { return !ours.contains(each); });
}

} // namespace

bool looksUsable(const DoctorCase& of, const TokenFacts& facts) {
    const TokenState state = statusAt(facts, of.serverNowS, of.serverNowS).state;
    return state == TokenState::Valid || state == TokenState::DueSoon || state == TokenState::NoExpiryKnown;
}

QList<Remedy> sendAs(const DoctorCase& of, const std::function<bool(const TokenFacts&)>& wish) {
    QList<Remedy> out;
    for (const auto& [id, facts] : of.context.otherProfiles) {
        if (out.size() == mostProfiles) break;
        if (!looksUsable(of, facts) || (wish && !wish(facts))) continue;
        const QString name = of.context.profileNames.value(id, id);
        out.append({Remedy::Kind::SendAs, DoctorText::tr("Send as %1").arg(name), id});
    }
    return out;
}

QList<Remedy> sendAsOthers(const DoctorCase& of) {
    const auto more = [&](const TokenFacts& facts) {
        return facts.jwt &&
               (addsAnything(facts.jwt->scopes, of.scopes()) || addsAnything(facts.jwt->roles, of.roles()));
    };
    QList<Remedy> out = sendAs(of, more);
    const QList<Remedy> rest = sendAs(of, [&](const TokenFacts& facts) { return !more(facts); });
    for (const Remedy& each : rest)
        if (out.size() < mostProfiles) out.append(each);
    return out;
}

Remedy replaceToken(const DoctorCase& of) {
    switch (of.context.renewal) {
    case DoctorContext::Renewal::Alone:
        return {Remedy::Kind::RefreshToken, DoctorText::tr("Refresh and send again"), {}};
    case DoctorContext::Renewal::Login:
        return {Remedy::Kind::LogIn, DoctorText::tr("Log in and send again…"), {}};
    case DoctorContext::Renewal::ByHand:
        break;
    }
    return {Remedy::Kind::ReplaceToken,
            of.isApiKey()                                            ? DoctorText::tr("Replace the key")
            : of.scheme().compare("Basic", Qt::CaseInsensitive) == 0 ? DoctorText::tr("Replace the password")
                                                                     : DoctorText::tr("Replace the token"),
            {}};
}

Remedy requestScopes(const DoctorCase& of, const QStringList& scopes) {
    const bool few = scopes.size() <= mostScopesNamed;
    if (of.context.asksForScopes)
        return {Remedy::Kind::LogIn,
                few ? DoctorText::tr("Log in asking for %1…").arg(scopes.join(QStringLiteral(", ")))
                    : DoctorText::tr("Log in asking for %1 more scopes…").arg(scopes.size()),
                scopes.join(QLatin1Char(' '))};
    return {Remedy::Kind::RequestScopes,
            scopes.size() == 1 ? DoctorText::tr("Request scope %1").arg(scopes.first())
                               : DoctorText::tr("Request %1 scopes").arg(scopes.size()),
            scopes.join(QLatin1Char(' '))};
}

std::optional<Remedy> stepUp(const DoctorCase& of, const StepUp& wish) {
    if (of.context.asksForLevel)
        return Remedy{Remedy::Kind::LogIn, DoctorText::tr("Log in as the API wants it…"), {}, wish};
    if (of.context.hasUser) return Remedy{Remedy::Kind::LogIn, DoctorText::tr("Log in and send again…"), {}};
    if (of.context.renewal == DoctorContext::Renewal::Alone) return std::nullopt; // nobody signs in there
    return replaceToken(of);
}

Remedy openChallenge() {
    return {Remedy::Kind::OpenChallenge, DoctorText::tr("Open the challenge"), {}};
}
Remedy openTimeline() {
    return {Remedy::Kind::OpenTimeline, DoctorText::tr("Open the timeline"), {}};
}
Remedy fixClock() {
    return {Remedy::Kind::FixClock, DoctorText::tr("Compare the clocks"), {}};
}
Remedy addToken() {
    return {Remedy::Kind::AddToken, DoctorText::tr("Add a token"), {}};
}

} // namespace kb
