// SPDX-License-Identifier: GPL-3.0-or-later
// Causes that lie before the token: the proxy, a redirect, a gateway, a rate limit, no credential at all.
#include "core/auth/http_signature.h"
#include "core/http/rate_limit.h"
#include "core/run/doctor_case.h"

namespace kb {

namespace {

struct Edge {
    const char* field;
    const char* part; ///< of the value, in lower case; empty: the field's presence is enough
    const char* name;
};

constexpr Edge edges[] = {
    {"Server", "cloudflare", "Cloudflare"},
    {"CF-Ray", "", "Cloudflare"},
    {"Server", "cloudfront", "CloudFront"},
    {"X-Amz-Cf-Id", "", "CloudFront"},
    {"Server", "awselb", "AWS load balancer"},
    {"Server", "akamai", "Akamai"},
    {"Server", "sucuri", "Sucuri"},
    {"X-Sucuri-ID", "", "Sucuri"},
    {"Server", "imperva", "Imperva"},
    {"X-Iinfo", "", "Imperva"},
    {"Server", "big-ip", "F5 BIG-IP"},
    {"Server", "bigip", "F5 BIG-IP"},
    {"X-Azure-Ref", "", "Azure Front Door"},
    {"Server", "varnish", "Varnish"},
    {"X-Squid-Error", "", "Squid"},
    {"Server", "squid", "Squid"},
};

const Edge* knownEdge(const DoctorCase& of) {
    for (const Edge& edge : edges) {
        const QString value = of.header(edge.field);
        if (!value.isEmpty() && value.toLower().contains(QLatin1String(edge.part))) return &edge;
    }
    return nullptr;
}

bool isSafeMethod(const QByteArray& method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

bool speaksOfCsrf(QString text) {
    text = text.toLower();
    return text.contains(QLatin1String("csrf")) || text.contains(QLatin1String("xsrf"));
}

} // namespace

std::optional<Diagnosis> proxyRule(const DoctorCase& of) {
    if (of.status != 407) return std::nullopt;
    const QStringList schemes = of.askedSchemes();
    const QString proxy = of.answer.connection().proxy;
    Diagnosis out = finding(
        of, "proxy-authentication",
        DoctorText::tr("The proxy wants a credential; the API was never reached."),
        {schemes.isEmpty()
             ? QString()
             : DoctorText::tr("The proxy asks for %1 in %2.").arg(quotedList(schemes), challengeQuote(of)),
         proxy.isEmpty() ? QString() : DoctorText::tr("The request went through the proxy %1.").arg(proxy),
         missingChallengeEvidence(of)});
    if (!schemes.isEmpty()) out.remedies.append(openChallenge());
    out.remedies.append(openTimeline());
    return out;
}

std::optional<Diagnosis> redirectRule(const DoctorCase& of) {
    if (!of.context.credentialDroppedByRedirect || of.context.credentialSent) return std::nullopt;
    Diagnosis out =
        finding(of, "redirect-dropped-credential",
                DoctorText::tr("A redirect led elsewhere, and the credential did not travel along."),
                {DoctorText::tr("The redirect led to %1; a credential stays with the origin it is for.")
                     .arg(quoted(of.context.droppedAtOrigin)),
                 DoctorText::tr("If that address is right, send the request there directly."),
                 missingChallengeEvidence(of)});
    out.remedies.append(openTimeline());
    return out;
}

std::optional<Diagnosis> rateLimitRule(const DoctorCase& of) {
    if (of.status != 403 || !of.error.isEmpty()) return std::nullopt;
    const std::optional<RateLimitState> limit = readRateLimit(of.answer.response().headers, of.context.nowMs);
    if (!limit) return std::nullopt;
    const bool usedUp = limit->remaining && *limit->remaining <= 0;
    if (!usedUp && !limit->retryAfterSeconds) return std::nullopt;
    QString left;
    if (usedUp && limit->limit)
        left = DoctorText::tr("%1 tells that none of %2 requests is left.")
                   .arg(quoted(limit->source))
                   .arg(*limit->limit);
    else if (usedUp)
        left = DoctorText::tr("%1 tells that no request is left.").arg(quoted(limit->source));
    const std::optional<qint64> wait =
        limit->retryAfterSeconds ? limit->retryAfterSeconds : limit->resetSeconds;
    return finding(of, "rate-limited",
                   DoctorText::tr("The rate limit is used up; the token is not the cause."),
                   {left, wait ? DoctorText::tr("Try again in %1.").arg(spanText(double(*wait))) : QString(),
                    serverWordsEvidence(of)});
}

std::optional<Diagnosis> csrfRule(const DoctorCase& of) {
    if (of.status != 403 || !of.error.isEmpty() || isSafeMethod(of.answer.sent().method)) return std::nullopt;
    QString evidence;
    for (const HeaderField& field : of.answer.response().headers.fields) {
        const QString name = QString::fromUtf8(field.name);
        if (speaksOfCsrf(name))
            evidence = DoctorText::tr("The answer has the field %1.").arg(quoted(name, 60));
    }
    const bool inBody = speaksOfCsrf(QString::fromUtf8(of.answer.response().body.left(4096)));
    if (evidence.isEmpty() && inBody) evidence = DoctorText::tr("The answer's body speaks of CSRF.");
    if (evidence.isEmpty()) return std::nullopt;
    Diagnosis out =
        finding(of, "csrf", DoctorText::tr("The server wants a CSRF token, as it does from browsers."),
                {evidence,
                 DoctorText::tr(
                     "Such a check guards requests that are known by their cookie; an API token needs none."),
                 serverWordsEvidence(of)});
    out.remedies.append(openTimeline());
    return out;
}

std::optional<Diagnosis> gatewayRule(const DoctorCase& of) {
    if (!of.challenges.isEmpty()) return std::nullopt;
    const bool mitigated = !of.header("cf-mitigated").isEmpty();
    if (!of.isWebPage() && !mitigated) return std::nullopt;
    const Edge* edge = knownEdge(of);
    if (!edge && !mitigated) return std::nullopt;
    const QString name = mitigated ? QStringLiteral("Cloudflare") : QString::fromLatin1(edge->name);
    const QString field = mitigated ? QStringLiteral("cf-mitigated") : QString::fromLatin1(edge->field);
    const QByteArray fieldName = field.toLatin1();
    Diagnosis out = finding(
        of, "gateway-refused",
        DoctorText::tr("A gateway in front of the API seems to have refused the request."),
        {of.isWebPage() ? DoctorText::tr("The answer is a web page, not what an API sends.") : QString(),
         DoctorText::tr("It came through %1 (%2: %3).").arg(name, field, quoted(of.header(fieldName), 60)),
         missingChallengeEvidence(of)});
    out.remedies.append(openTimeline());
    return out;
}

/// RFC 9421 §5.1. A server that asks for another scheme as well is asked in that one first.
std::optional<Diagnosis> signatureRule(const DoctorCase& of) {
    const QStringList covered = coveredComponents(of.answer.sent());
    const bool sent = !covered.isEmpty();
    const QString wanted = wantedSignatureEvidence(of);
    if (of.status != 401 || !of.challenges.isEmpty() || (wanted.isEmpty() && !sent)) return std::nullopt;
    if (!sent) {
        Diagnosis out = finding(
            of, "signature-wanted", DoctorText::tr("The server wants the request to be signed."),
            {wanted, DoctorText::tr("A profile of the kind HTTP signature can cover these components."),
             missingChallengeEvidence(of), serverWordsEvidence(of)});
        out.remedies = {addToken()};
        return out;
    }
    QStringList missing;
    for (const WantedSignature& each : wantedSignatures(of.answer.response()).mid(0, 1))
        for (const QString& component : each.components)
            if (!covered.contains(component)) missing.append(component);
    Diagnosis out = finding(
        of, "signature-rejected", DoctorText::tr("The server does not accept the request's signature."),
        {DoctorText::tr("The signature covers %1.").arg(quotedList(covered)), wanted,
         missing.isEmpty()
             ? QString()
             : DoctorText::tr("It does not cover %1: add that to the profile.").arg(quotedList(missing)),
         serverWordsEvidence(of), clockEvidence(of)});
    out.remedies = {replaceToken(of)};
    return out;
}

std::optional<Diagnosis> noCredentialRule(const DoctorCase& of) {
    if (of.context.credentialSent) return std::nullopt;
    // A 403 page without any sign of an API may come from anywhere.
    if (of.status == 403 && of.isWebPage() && of.challenges.isEmpty()) return std::nullopt;
    const QStringList schemes = of.askedSchemes();
    const QString who =
        of.context.profileName.isEmpty()
            ? DoctorText::tr("The request was sent as anonymous.")
            : DoctorText::tr("The request went out without the secret of %1.").arg(of.context.profileName);
    const QString early = of.errorChallenge
                              ? DoctorText::tr("It gives the error code %1 although no credential came; RFC "
                                               "6750 §3.1 advises against that.")
                                    .arg(quoted(of.error, 60))
                              : QString();
    Diagnosis out = finding(
        of, "no-credential",
        of.status == 403
            ? DoctorText::tr("No credential was sent, and the server refuses the request without one.")
            : DoctorText::tr("The server wants a credential, and none was sent."),
        {who,
         schemes.isEmpty()
             ? QString()
             : DoctorText::tr("The server asks for %1 in %2.").arg(quotedList(schemes), challengeQuote(of)),
         early, missingChallengeEvidence(of), serverWordsEvidence(of)});
    out.remedies = sendAs(of);
    out.remedies.append(addToken());
    if (!schemes.isEmpty()) out.remedies.append(openChallenge());
    return out;
}

} // namespace kb
