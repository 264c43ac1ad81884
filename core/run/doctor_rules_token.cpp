// SPDX-License-Identifier: GPL-3.0-or-later
// Causes the token itself shows. Claims are read, never verified.
#include "core/run/doctor_case.h"

namespace kb {

namespace {

/// What a server says when it means the token, or leaves open what it means.
bool mayBeTheToken(const DoctorCase& of) {
    return of.context.credentialSent && (of.status == 401 || of.error == QLatin1String("invalid_token"));
}

QString rejectedEvidence(const DoctorCase& of) {
    if (of.error != QLatin1String("invalid_token")) return missingChallengeEvidence(of);
    return of.errorFromBody ? DoctorText::tr("The server says invalid_token in its body.")
                            : DoctorText::tr("The server says so in %1.").arg(challengeQuote(of));
}

QString wrongStatusEvidence(const DoctorCase& of) {
    return of.status == 403 ? DoctorText::tr("The server answers 403 where RFC 6750 §3.1 has 401.")
                            : QString();
}

/// The word of the server about another reason weighs more than a date in a claim it may not look at.
bool namesAnotherReason(const DoctorCase& of) {
    return of.status == 403 && of.error != QLatin1String("invalid_token") && of.problem &&
           !of.problem->title.isEmpty();
}

} // namespace

std::optional<Diagnosis> malformedRule(const DoctorCase& of) {
    if (!mayBeTheToken(of)) return std::nullopt;
    std::optional<Diagnosis> out;
    QString unreadable = of.context.facts ? of.context.facts->unreadable : QString();
    if (of.jwt && !of.jwt->encrypted && !of.jwt->claims.isObject())
        unreadable = DoctorText::tr("Its middle part is not a JSON object, so it holds no claims.");
    if (!unreadable.isEmpty())
        out = finding(of, "token-unreadable",
                      DoctorText::tr("The token looks like a JWT, but it cannot be read as one."),
                      {unreadable, DoctorText::tr("It may have been cut or changed when it was copied."),
                       rejectedEvidence(of)});
    else if (!of.context.tokenProblem.isEmpty())
        out = finding(of, "token-malformed", DoctorText::tr("The token holds what no bearer token may hold."),
                      {of.context.tokenProblem, rejectedEvidence(of)});
    if (out) out->remedies = {replaceToken(of)};
    return out;
}

std::optional<Diagnosis> tokenKindRule(const DoctorCase& of) {
    if (!mayBeTheToken(of) || !of.jwt || of.jwt->type.contains(QLatin1String("at+jwt"), Qt::CaseInsensitive))
        return std::nullopt;
    const QString kind = of.claim(u"typ").toLower();
    const bool refresh = kind == QLatin1String("refresh") || kind == QLatin1String("offline") ||
                         of.jwt->type.compare(QLatin1String("rt+jwt"), Qt::CaseInsensitive) == 0;
    // at_hash and c_hash exist in ID tokens only (OpenID Connect Core §3.1.3.6).
    const QString mark = of.hasClaim(u"at_hash") ? QStringLiteral("at_hash") : QStringLiteral("c_hash");
    const bool identity = kind == QLatin1String("id") || of.hasClaim(mark);
    if (!refresh && !identity) return std::nullopt;
    const QString evidence =
        of.hasClaim(u"typ") ? DoctorText::tr("Its claim typ says %1.").arg(quoted(of.claim(u"typ"), 40))
        : identity          ? DoctorText::tr("It has the claim %1, which only ID tokens have.").arg(mark)
                            : DoctorText::tr("Its header typ says %1.").arg(quoted(of.jwt->type, 40));
    Diagnosis out =
        finding(of, "wrong-token-kind",
                refresh ? DoctorText::tr("This is a refresh token, which opens no API by itself.")
                        : DoctorText::tr("This is an ID token: it says who signed in and opens no API."),
                {evidence, rejectedEvidence(of)});
    out.remedies = {replaceToken(of)};
    return out;
}

std::optional<Diagnosis> unsecuredRule(const DoctorCase& of) {
    if (!mayBeTheToken(of) || !of.jwt || !of.jwt->unsecured) return std::nullopt;
    Diagnosis out = finding(
        of, "token-unsecured", DoctorText::tr("The token is not signed, and servers must refuse that."),
        {DoctorText::tr("Its header says alg %1 and its signature is empty or not meant to be checked.")
             .arg(quoted(of.jwt->algorithm, 20)),
         rejectedEvidence(of)});
    out.remedies = {replaceToken(of)};
    return out;
}

std::optional<Diagnosis> expiredRule(const DoctorCase& of) {
    if (!of.expired() || namesAnotherReason(of)) return std::nullopt;
    const double end = *of.context.facts->expiresAt;
    const bool hidden = of.nowS < end; // by our clock it has not expired
    const bool byHand = of.context.facts->expirySetByUser;
    const QString when = byHand ? DoctorText::tr("The date set in the profile is %1, %2 before this answer.")
                                      .arg(momentText(end), spanText(of.serverNowS - end))
                                : DoctorText::tr("It expired at %1, %2 before this answer.")
                                      .arg(momentText(end), spanText(of.serverNowS - end));
    const QStringList evidence{when, clockEvidence(of), rejectedEvidence(of), wrongStatusEvidence(of)};
    Diagnosis out =
        hidden
            ? finding(of, "clock-skew-expired",
                      DoctorText::tr("The clocks disagree: for the server this token has expired."), evidence)
            : finding(of, "token-expired",
                      byHand && of.isApiKey() ? DoctorText::tr("The key has expired by the date set for it.")
                      : byHand ? DoctorText::tr("The token has expired by the date set for it.")
                               : DoctorText::tr("The token has expired."),
                      evidence);
    if (hidden) out.remedies.append(fixClock());
    out.remedies += sendAs(of);
    out.remedies.append(replaceToken(of));
    return out;
}

std::optional<Diagnosis> notYetValidRule(const DoctorCase& of) {
    if (!of.notYetValid() || namesAnotherReason(of)) return std::nullopt;
    const TokenFacts& facts = *of.context.facts;
    const double start = facts.notBefore ? *facts.notBefore : *facts.issuedAt;
    const bool skewed = of.nowS >= start; // by our clock it is valid
    const QString when = facts.notBefore
                             ? DoctorText::tr("It becomes valid at %1, %2 after this answer.")
                                   .arg(momentText(start), spanText(start - of.serverNowS))
                             : DoctorText::tr("It says it was issued at %1, %2 after this answer.")
                                   .arg(momentText(start), spanText(start - of.serverNowS));
    Diagnosis out =
        skewed ? finding(of, "clock-skew-not-yet-valid",
                         DoctorText::tr("The clocks disagree: for the server this token is not valid yet."),
                         {when, clockEvidence(of), rejectedEvidence(of)})
               : finding(of, "token-not-yet-valid", DoctorText::tr("The token is not valid yet."),
                         {when, clockEvidence(of), rejectedEvidence(of)});
    if (skewed) out.remedies.append(fixClock());
    out.remedies += sendAs(of);
    out.remedies.append(replaceToken(of));
    return out;
}

std::optional<Diagnosis> boundTokenRule(const DoctorCase& of) {
    if (!mayBeTheToken(of) || !of.jwt) return std::nullopt;
    const JsonValue* confirmation = of.jwt->claims.find(u"cnf");
    if (!confirmation || !confirmation->isObject()) return std::nullopt;
    const bool key = confirmation->find(u"jkt") || confirmation->find(u"jwk");
    const bool certificate = confirmation->find(u"x5t#S256");
    if (!key && !certificate) return std::nullopt;
    const TokenFacts& facts = *of.context.facts;
    // A key proves nothing where no proof went along, whatever the profile has.
    const bool proved = key && of.scheme().compare("DPoP", Qt::CaseInsensitive) == 0;
    const bool unproved = key && !proved;
    if (!unproved && facts.boundToOurs && !facts.boundToOther) return std::nullopt; // it was shown, or proved
    const QString sentence =
        unproved ? DoctorText::tr("The token is bound to a key, and no proof of it was sent.")
        : !facts.boundToOther
            ? (key ? DoctorText::tr("The token is bound to a key that the profile does not have.")
                   : DoctorText::tr("The token is bound to a client certificate, and none was shown."))
        : key && certificate
            ? DoctorText::tr(
                  "The token is bound to a key and a certificate, and one of them is not the profile's.")
        : key ? DoctorText::tr("The token is bound to another key than the one that proved it.")
              : DoctorText::tr("The token is bound to another client certificate than the one shown.");
    Diagnosis out = finding(
        of, "token-bound", sentence,
        {key ? DoctorText::tr("Its claim cnf names a key (RFC 9449 §6); alone it is of no use to anybody.")
             : DoctorText::tr("Its claim cnf names a certificate (RFC 8705 §3.1)."),
         rejectedEvidence(of), clockEvidence(of)});
    out.remedies = {replaceToken(of)};
    if (!of.challenges.isEmpty()) out.remedies.append(openChallenge());
    return out;
}

} // namespace kb
