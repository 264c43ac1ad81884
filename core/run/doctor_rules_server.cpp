// SPDX-License-Identifier: GPL-3.0-or-later
// Causes the server names: in its challenges (RFC 6750 §3, RFC 9449 §7, RFC 9470 §3) or its problem details.
#include "core/run/doctor_case.h"

#include <algorithm>

namespace kb {

namespace {

QString saysEvidence(const DoctorCase& of) {
    if (of.error.isEmpty()) return {};
    if (of.errorFromBody) return DoctorText::tr("The server says %1 in its body.").arg(quoted(of.error, 80));
    return DoctorText::tr("The server says so in %1.").arg(challengeQuote(of));
}

QString asksForEvidence(const DoctorCase& of) {
    if (of.requiredScopes.isEmpty()) return saysEvidence(of);
    return DoctorText::tr("The server asks for %1 in %2.")
        .arg(quotedList(of.requiredScopes), challengeQuote(of));
}

bool carriesAll(const TokenFacts& facts, const QStringList& scopes) {
    return facts.jwt && std::all_of(scopes.cbegin(), scopes.cend(),
                                    [&](const QString& each) { return facts.jwt->scopes.contains(each); });
}

std::optional<double> challengeNumber(const Challenge& challenge, QByteArrayView name) {
    bool ok = false;
    const double number = challenge.param(name).toDouble(&ok);
    return ok && number >= 0 ? std::optional<double>(number) : std::nullopt;
}

Diagnosis scopeCarried(const DoctorCase& of) {
    Diagnosis out = undecided(
        of, DoctorText::tr("The token carries the scope the server asks for, and is refused all the same."),
        {asksForEvidence(of), scopesEvidence(of), rolesEvidence(of), clockEvidence(of)},
        {DoctorText::tr("Whether the server reads scopes from another claim, or from its own records."),
         DoctorText::tr(
             "Whether the role, the plan or the owner of the data matters: send as another profile."),
         DoctorText::tr("The server's log for this request.")});
    out.remedies = sendAsOthers(of);
    out.remedies.append(openChallenge());
    return out;
}

} // namespace

std::optional<Diagnosis> stepUpRule(const DoctorCase& of) {
    if (of.error != QLatin1String("insufficient_user_authentication")) return std::nullopt;
    QString level, age;
    StepUp wish;
    if (of.errorChallenge) {
        wish.acrValues =
            QString::fromUtf8(of.errorChallenge->param("acr_values")).split(u' ', Qt::SkipEmptyParts);
        const QString wanted = quoted(QString::fromUtf8(of.errorChallenge->param("acr_values")), 80);
        const QString has = quoted(of.claim(u"acr"), 60);
        if (!wanted.isEmpty())
            level =
                has.isEmpty()
                    ? DoctorText::tr("It accepts the sign-in levels %1; this token tells none.").arg(wanted)
                    : DoctorText::tr("It accepts the sign-in levels %1; this token has %2.").arg(wanted, has);
        const std::optional<double> most = challengeNumber(*of.errorChallenge, "max_age");
        if (most && *most < 1e9) wish.maxAgeS = qint64(*most);
        if (most) age = DoctorText::tr("The sign-in may be at most %1 old.").arg(spanText(*most));
        const JsonValue* signedIn = of.jwt ? of.jwt->claims.find(u"auth_time") : nullptr;
        if (most && signedIn && signedIn->isNumber())
            age += QLatin1Char(' ') + DoctorText::tr("This token's was %1 ago.")
                                          .arg(spanText(of.serverNowS - signedIn->toDouble()));
    }
    Diagnosis out = finding(of, "step-up-needed",
                            DoctorText::tr("The server wants a fresher or stronger sign-in for this."),
                            {saysEvidence(of), level, age, clockEvidence(of)});
    if (const std::optional<Remedy> login = stepUp(of, wish)) out.remedies.append(*login);
    out.remedies.append(openChallenge());
    return out;
}

std::optional<Diagnosis> scopeRule(const DoctorCase& of) {
    if (of.error != QLatin1String("insufficient_scope")) return std::nullopt;
    const bool readable = of.jwt && !of.jwt->encrypted;
    QStringList missing;
    for (const QString& scope : of.requiredScopes)
        if (!readable || !of.jwt->scopes.contains(scope)) missing.append(scope);
    if (readable && !of.requiredScopes.isEmpty() && missing.isEmpty()) return scopeCarried(of);

    const QString unnamed =
        of.requiredScopes.isEmpty()
            ? DoctorText::tr("It does not say which scope; RFC 6750 §3.1 lets it, and that would help.")
            : QString();
    const QString lacks =
        readable && !missing.isEmpty() ? DoctorText::tr("It lacks %1.").arg(quotedList(missing)) : QString();
    Diagnosis out = finding(of, "insufficient-scope",
                            of.isApiKey() ? DoctorText::tr("The key is known, but it may not do this.")
                                          : DoctorText::tr("The token is valid, but it may not do this."),
                            {asksForEvidence(of), unnamed, scopesEvidence(of), lacks, clockEvidence(of)});
    out.missingScopes = missing;
    if (!of.requiredScopes.isEmpty()) {
        out.remedies =
            sendAs(of, [&](const TokenFacts& facts) { return carriesAll(facts, of.requiredScopes); });
        out.remedies.append(requestScopes(of, missing));
    } else {
        out.remedies = sendAsOthers(of);
    }
    if (of.errorChallenge) out.remedies.append(openChallenge());
    return out;
}

std::optional<Diagnosis> dpopRule(const DoctorCase& of) {
    if (!of.context.credentialSent || of.scheme().compare("DPoP", Qt::CaseInsensitive) == 0)
        return std::nullopt;
    const bool nonce = of.error == QLatin1String("use_dpop_nonce");
    const bool proof = of.error == QLatin1String("invalid_dpop_proof");
    const bool onlyDpop = of.status == 401 && of.askedSchemes().size() == 1 && of.asksFor("DPoP");
    if (!nonce && !proof && !onlyDpop) return std::nullopt;
    Diagnosis out = finding(
        of, nonce ? "dpop-nonce" : "dpop-required",
        nonce ? DoctorText::tr("The server wants a DPoP proof with its nonce, and no proof was sent.")
              : DoctorText::tr("The server wants a DPoP proof with the token, and none was sent."),
        {DoctorText::tr("It asks in %1.").arg(challengeQuote(of)),
         of.header("DPoP-Nonce").isEmpty() ? QString()
                                           : DoctorText::tr("It hands out a nonce in DPoP-Nonce."),
         DoctorText::tr("The request went out with the scheme %1.")
             .arg(of.isApiKey() ? of.context.credentialName : quoted(QString::fromUtf8(of.scheme()), 40))});
    out.remedies = {openChallenge()};
    return out;
}

std::optional<Diagnosis> invalidRequestRule(const DoctorCase& of) {
    if (!of.errorChallenge || of.error != QLatin1String("invalid_request")) return std::nullopt;
    Diagnosis out = finding(
        of, "invalid-request", DoctorText::tr("The server finds the request malformed, not the token."),
        {saysEvidence(of),
         DoctorText::tr(
             "Often the credential came twice, or in a place where the server does not look for it."),
         serverWordsEvidence(of)});
    out.remedies = {openChallenge(), openTimeline()};
    return out;
}

std::optional<Diagnosis> schemeRule(const DoctorCase& of) {
    if (of.status != 401 || !of.context.credentialSent || of.challenges.isEmpty()) return std::nullopt;
    const QByteArray sent = of.scheme();
    const auto fits = [&](const Challenge& each) {
        return sent.isEmpty()
                   ? each.scheme.toLower().contains("key") || each.scheme.toLower().contains("cookie")
                   : each.is(sent);
    };
    if (std::any_of(of.challenges.cbegin(), of.challenges.cend(), fits)) return std::nullopt;
    const QString asked = of.askedSchemes().join(DoctorText::tr(" or "));
    const QString sentence =
        !sent.isEmpty()
            ? DoctorText::tr("The server asks for %1, but %2 was sent.").arg(asked, QString::fromUtf8(sent))
        : of.context.credentialName.isEmpty()
            ? DoctorText::tr("The server asks for %1, but a cookie was sent.").arg(asked)
            : DoctorText::tr("The server asks for %1, but an API key was sent.").arg(asked);
    Diagnosis out =
        finding(of, "scheme-mismatch", sentence,
                {DoctorText::tr("It asks in %1.").arg(challengeQuote(of)), serverWordsEvidence(of)});
    out.remedies = {addToken(), openChallenge()};
    return out;
}

std::optional<Diagnosis> audienceRule(const DoctorCase& of) {
    if (of.status != 401 || !of.jwt || of.jwt->audience.isEmpty()) return std::nullopt;
    for (const Challenge& each : of.challenges) {
        for (const QByteArrayView name : {QByteArrayView("audience"), QByteArrayView("resource")}) {
            const QString wanted = QString::fromUtf8(each.param(name));
            if (wanted.isEmpty() || of.jwt->audience.contains(wanted)) continue;
            Diagnosis out =
                finding(of, "audience-mismatch", DoctorText::tr("The token is meant for another API."),
                        {DoctorText::tr("Its audience is %1; the server calls itself %2 in its challenge.")
                             .arg(quotedList(of.jwt->audience), quoted(wanted)),
                         clockEvidence(of)});
            out.remedies = sendAs(of, [&](const TokenFacts& facts) {
                return facts.jwt && facts.jwt->audience.contains(wanted);
            });
            out.remedies.append({replaceToken(of), openChallenge()});
            return out;
        }
    }
    return std::nullopt;
}

} // namespace kb
