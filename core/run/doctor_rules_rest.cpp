// SPDX-License-Identifier: GPL-3.0-or-later
// What is left: keys and passwords that are not accepted, reasons in the server's words, and answers that
// decide nothing.
#include "core/auth/basic_flow.h"
#include "core/http/host.h"
#include "core/run/doctor_case.h"

#include <algorithm>

namespace kb {

namespace {

/// Titles that only say the status again.
bool isGeneric(const QString& title) {
    static const QStringList words{QStringLiteral("forbidden"),
                                   QStringLiteral("403 forbidden"),
                                   QStringLiteral("access denied"),
                                   QStringLiteral("access_denied"),
                                   QStringLiteral("accessdenied"),
                                   QStringLiteral("permission denied"),
                                   QStringLiteral("permission_denied"),
                                   QStringLiteral("not allowed"),
                                   QStringLiteral("unauthorized"),
                                   QStringLiteral("unauthorised"),
                                   QStringLiteral("not authorized"),
                                   QStringLiteral("error"),
                                   QStringLiteral("client error"),
                                   QStringLiteral("403"),
                                   QStringLiteral("denied"),
                                   QStringLiteral("authorization error")};
    QString plain = title.trimmed().toLower();
    while (plain.endsWith(QLatin1Char('.')) || plain.endsWith(QLatin1Char('!')))
        plain.chop(1);
    return plain.isEmpty() || words.contains(plain);
}

QString sentInEvidence(const DoctorCase& of) {
    if (of.context.credentialName.isEmpty()) return {};
    return DoctorText::tr("The key went out in %1.").arg(quoted(of.context.credentialName, 60));
}

QString askedEvidence(const DoctorCase& of) {
    if (of.error == QLatin1String("invalid_token") && !of.errorFromBody)
        return DoctorText::tr("The server says %1.").arg(challengeQuote(of));
    if (!of.error.isEmpty() && of.errorFromBody)
        return DoctorText::tr("The server says %1 in its body.").arg(quoted(of.error, 80));
    if (of.challenges.isEmpty()) return {};
    return DoctorText::tr("The server asks for %1 in %2.")
        .arg(quotedList(of.askedSchemes()), challengeQuote(of));
}

/// RFC 7617 §2.1: a server may say that it reads UTF-8; one that says nothing may read either.
QString charsetEvidence(const DoctorCase& of) {
    if (of.context.charset.isEmpty() || wantsBasicInUtf8(of.answer.response())) return {};
    const bool utf8 = of.context.charset == QLatin1String("UTF-8");
    return DoctorText::tr(
               "User name or password go beyond ASCII and were sent in %1; the server does not say which "
               "charset it reads. %2 is worth a try: the profile has a switch for it.")
        .arg(of.context.charset, utf8 ? QStringLiteral("ISO-8859-1") : QStringLiteral("UTF-8"));
}

/// The audience beside the target: a hint only, since an audience need not be an address.
QString audienceEvidence(const DoctorCase& of) {
    if (!of.jwt || of.jwt->audience.isEmpty()) return {};
    const QString audience = quotedList(of.jwt->audience);
    for (const Challenge& each : of.challenges) {
        const QString realm = QString::fromUtf8(each.param("realm"));
        const bool names = realm.contains(QLatin1String("://")) || realm.startsWith(QLatin1String("urn:"));
        if (names && !of.jwt->audience.contains(realm) && realm != of.jwt->issuer)
            return DoctorText::tr("The token is meant for %1; the server calls its realm %2.")
                .arg(audience, quoted(realm));
    }
    const Origin& target = of.answer.sent().url.origin();
    const auto elsewhere = [&](const QString& each) {
        const Result<HttpUrl> url = HttpUrl::parse(each);
        return url && url->origin() != target;
    };
    if (std::all_of(of.jwt->audience.cbegin(), of.jwt->audience.cend(), elsewhere))
        return DoctorText::tr("The token is meant for %1; the request went to %2.")
            .arg(audience, target.text());
    return {};
}

QString issuerEvidence(const DoctorCase& of) {
    return of.jwt && !of.jwt->issuer.isEmpty()
               ? DoctorText::tr("It names the issuer %1; its signature is not verified here.")
                     .arg(quoted(of.jwt->issuer))
               : QString();
}

QString webPageSentence() {
    return DoctorText::tr(
        "The answer is a web page: a gateway or a login page may have refused before the API.");
}

Diagnosis webPage(const DoctorCase& of) {
    Diagnosis out =
        undecided(of, webPageSentence(),
                  {DoctorText::tr("An API usually explains a %1 in JSON.").arg(of.status),
                   of.context.credentialSent ? QString() : DoctorText::tr("No credential was sent."),
                   askedEvidence(of), missingChallengeEvidence(of), clockEvidence(of)},
                  {DoctorText::tr("What the API's own errors look like: compare with one."),
                   DoctorText::tr("The log of whatever stands before the API.")});
    out.remedies = {openTimeline()};
    return out;
}

} // namespace

std::optional<Diagnosis> keyRule(const DoctorCase& of) {
    if (of.status != 401 || !of.isApiKey()) return std::nullopt;
    const bool cookie = of.context.credentialName.isEmpty();
    Diagnosis out = finding(
        of, cookie ? "cookie-rejected" : "api-key-rejected",
        cookie ? DoctorText::tr("The server does not accept the cookie that was sent.")
               : DoctorText::tr("The server does not know this API key."),
        {sentInEvidence(of), askedEvidence(of), missingChallengeEvidence(of), serverWordsEvidence(of)});
    out.remedies = sendAs(of);
    out.remedies.append(replaceToken(of));
    return out;
}

std::optional<Diagnosis> basicRule(const DoctorCase& of) {
    if (of.status != 401 || of.scheme().compare("Basic", Qt::CaseInsensitive) != 0) return std::nullopt;
    Diagnosis out = finding(
        of, "basic-rejected", DoctorText::tr("The server does not accept this user name and password."),
        {askedEvidence(of), charsetEvidence(of), missingChallengeEvidence(of), serverWordsEvidence(of)});
    out.remedies = {replaceToken(of)};
    return out;
}

/// RFC 4559: the ticket is the desktop's, and made for a service that has the name of the URL's host.
std::optional<Diagnosis> ticketRule(const DoctorCase& of) {
    if (of.status != 401 || of.scheme().compare("Negotiate", Qt::CaseInsensitive) != 0) return std::nullopt;
    const QByteArray& host = of.answer.sent().url.origin().host;
    const QString service = DoctorText::tr("Negotiate asks Kerberos for a ticket for the service %1.")
                                .arg(QStringLiteral("HTTP/") + quoted(QString::fromLatin1(host)));
    if (of.answer.sent().headers.contains("Authorization")) {
        Diagnosis out =
            finding(of, "ticket-rejected", DoctorText::tr("The server does not accept the Kerberos ticket."),
                    {service,
                     DoctorText::tr("No server is handed a ticket to use in the user's name; one that "
                                    "demands it refuses."),
                     askedEvidence(of), clockEvidence(of), serverWordsEvidence(of)});
        out.remedies = {openTimeline()};
        return out;
    }
    const bool address = host.startsWith('[') || isIpv4(host);
    return finding(
        of, "no-ticket",
        DoctorText::tr("There is no Kerberos ticket for this server, so no credential was sent."),
        {service,
         address ? DoctorText::tr("%1 is an address; Kerberos knows a server by its name.")
                       .arg(QString::fromLatin1(host))
                 : DoctorText::tr("A ticket comes with the sign-in to a domain or with kinit; klist shows "
                                  "those that are there."),
         askedEvidence(of)});
}

std::optional<Diagnosis> reasonGivenRule(const DoctorCase& of) {
    if (of.status != 403 || !of.problem || of.errorFromBody || isGeneric(of.problem->title))
        return std::nullopt;
    const QString detail = quoted(of.problem->detail);
    const bool typed = of.problem->type != QLatin1String("about:blank");
    Diagnosis out = finding(
        of, "refused-with-reason",
        DoctorText::tr("The server refuses and names the reason: “%1”").arg(quoted(of.problem->title, 100)),
        {detail.isEmpty() ? QString() : DoctorText::tr("It adds: “%1”").arg(detail),
         typed ? DoctorText::tr("Its problem type is %1.")
                     .arg(quoted(problemType(*of.problem, of.answer.sent().url)))
               : QString(),
         scopesEvidence(of), rolesEvidence(of), clockEvidence(of)});
    out.remedies = sendAsOthers(of);
    return out;
}

Diagnosis restOf401(const DoctorCase& of) {
    if (of.isWebPage() && of.challenges.isEmpty()) return webPage(of);
    const bool rejected = of.error == QLatin1String("invalid_token");
    QString sentence;
    if (rejected && of.jwt)
        sentence = DoctorText::tr("The server rejects this token, and its times do not say why.");
    else if (rejected)
        sentence = DoctorText::tr("The server rejects this token, and an opaque token does not show why.");
    else if (of.timesHold())
        sentence = DoctorText::tr("The server gives no reason, and by its times the token should pass.");
    else
        sentence = DoctorText::tr("The server gives no reason, and the token shows none.");
    QStringList would;
    if (of.jwt) {
        would << DoctorText::tr("A check of the signature with the issuer's keys.")
              << DoctorText::tr("The issuer's word whether the token was revoked.");
        if (!of.jwt->audience.isEmpty())
            would << DoctorText::tr("The audience the API expects; this token is for %1.")
                         .arg(quotedList(of.jwt->audience));
    } else {
        would << DoctorText::tr("The issuer's word whether the token is still active.")
              << DoctorText::tr("The same token at an address where it is known to pass.");
    }
    Diagnosis out = undecided(of, sentence,
                              {askedEvidence(of), missingChallengeEvidence(of), serverWordsEvidence(of),
                               audienceEvidence(of), issuerEvidence(of), clockEvidence(of)},
                              would);
    out.remedies = sendAs(of);
    out.remedies.append(replaceToken(of));
    if (!of.challenges.isEmpty()) out.remedies.append(openChallenge());
    return out;
}

Diagnosis restOf403(const DoctorCase& of) {
    if (of.isWebPage() && of.challenges.isEmpty()) return webPage(of);
    const bool basic = of.scheme().compare("Basic", Qt::CaseInsensitive) == 0;
    QString sentence;
    QStringList would;
    if (of.error == QLatin1String("invalid_token")) {
        sentence =
            DoctorText::tr("The server rejects this token, but with the status for one that lacks a right.");
        would << DoctorText::tr("A check of the signature with the issuer's keys.")
              << DoctorText::tr("The issuer's word whether the token was revoked.");
    } else if (of.isApiKey() || basic) {
        sentence =
            basic ? DoctorText::tr("The server does not say whether this user is unknown or may not do this.")
                  : DoctorText::tr("The server does not say whether the key is unknown or may not do this.");
        would << DoctorText::tr("Another request with the same credential: does any pass?");
    } else {
        sentence = DoctorText::tr("The server refuses this request and does not say what is missing.");
    }
    would << DoctorText::tr("The same request as a profile with another role.")
          << DoctorText::tr("A record that belongs to this user, in case ownership is what counts.");
    const QString plan = of.claim(u"plan");
    Diagnosis out =
        undecided(of, sentence,
                  {askedEvidence(of), serverWordsEvidence(of), sentInEvidence(of), scopesEvidence(of),
                   rolesEvidence(of),
                   plan.isEmpty() ? QString() : DoctorText::tr("Its plan is %1.").arg(quoted(plan, 60)),
                   clockEvidence(of)},
                  would);
    out.remedies = sendAsOthers(of);
    if (!of.challenges.isEmpty()) out.remedies.append(openChallenge());
    return out;
}

} // namespace kb
