// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/http_signature.h"
#include "core/run/doctor_case.h"

#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace kb {

namespace {

constexpr qsizetype mostWords = 20;
constexpr qint64 agreesMs = 5000; ///< Date has whole seconds, and the answer took its way

} // namespace

QString quoted(const QString& text, qsizetype longest) {
    QString out;
    for (const QChar c : text) {
        // Directional overrides could make evidence read as something else.
        const bool unseen = c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
        out += unseen ? QLatin1Char(' ') : c;
        if (out.size() > longest * 4) break;
    }
    out = out.simplified();
    return out.size() <= longest ? out : QString(out.left(longest - 1) + QChar(0x2026));
}

QString quotedList(const QStringList& words) {
    QStringList out;
    for (const QString& word : words.mid(0, mostWords))
        out.append(quoted(word, 80));
    if (words.size() > mostWords) out.append(DoctorText::tr("and %1 more").arg(words.size() - mostWords));
    return out.join(QStringLiteral(", "));
}

QString spanText(double seconds) {
    const double span = std::fabs(seconds);
    if (span < 10) return DoctorText::tr("%1 s").arg(QLocale().toString(span, 'f', 1));
    if (span < 100) return DoctorText::tr("%1 s").arg(qint64(std::round(span)));
    if (span < 100 * 60) return DoctorText::tr("%1 min").arg(qint64(std::round(span / 60)));
    if (span < 48 * 3600) return DoctorText::tr("%1 h").arg(qint64(std::round(span / 3600)));
    return DoctorText::tr("%1 d").arg(qint64(std::round(std::min(span, 1e14) / 86400)));
}

QString momentText(double unixSeconds) {
    // A claim may hold any number; a calendar does not.
    if (!(std::fabs(unixSeconds) < 250000000000.0)) return QString::number(unixSeconds);
    const QDateTime moment = QDateTime::fromSecsSinceEpoch(qint64(std::floor(unixSeconds)), Qt::UTC);
    return DoctorText::tr("%1 UTC").arg(moment.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")));
}

QString challengeQuote(const DoctorCase& of) {
    if (of.challenges.isEmpty()) return {};
    const QString field = QString::fromLatin1(of.challengeField) + QStringLiteral(": ");
    if (of.errorChallenge)
        return field + quoted(QString::fromUtf8(of.errorChallenge->scheme), 40) +
               QStringLiteral(" error=\"") + quoted(of.error, 80) + QLatin1Char('"');
    QStringList each;
    for (const Challenge& challenge : of.challenges)
        each.append(quoted(challenge.text()));
    return field + quoted(each.join(QStringLiteral(", ")), 240);
}

QString clockEvidence(const DoctorCase& of) {
    if (!of.clockDifferenceMs)
        return of.timesHold()
                   ? DoctorText::tr(
                         "By this computer's clock the token has not expired; the server sent no Date to "
                         "compare with.")
                   : QString();
    const double difference = double(*of.clockDifferenceMs) / 1000;
    const QString span = spanText(difference);
    if (std::llabs(*of.clockDifferenceMs) <= agreesMs)
        return of.timesHold()
                   ? DoctorText::tr("The clock agrees with the server to %1, so expiry is not the cause.")
                         .arg(span)
                   : DoctorText::tr("The clock agrees with the server to %1.").arg(span);
    const QString compared =
        difference > 0 ? DoctorText::tr("This computer's clock is %1 behind the server's.").arg(span)
                       : DoctorText::tr("This computer's clock is %1 ahead of the server's.").arg(span);
    if (!of.context.facts || !of.context.facts->expiresAt || of.expired() || of.notYetValid())
        return compared;
    return compared + QLatin1Char(' ') + DoctorText::tr("By the server's clock the token has not expired.");
}

QString serverWordsEvidence(const DoctorCase& of) {
    if (!of.problem) return {};
    const QString title = quoted(of.problem->title), detail = quoted(of.problem->detail);
    if (title.isEmpty() && detail.isEmpty()) return {};
    if (title.isEmpty() || detail.isEmpty() || title == detail)
        return DoctorText::tr("The server says: “%1”").arg(title.isEmpty() ? detail : title);
    return DoctorText::tr("The server says: “%1” – “%2”").arg(title, detail);
}

QString missingChallengeEvidence(const DoctorCase& of) {
    if (!of.challengeFieldMissing) return {};
    if (of.status == 401)
        return DoctorText::tr("The answer has no WWW-Authenticate, which RFC 9110 §15.5.2 demands of a 401.");
    if (of.status == 407)
        return DoctorText::tr(
            "The answer has no Proxy-Authenticate, which RFC 9110 §15.5.8 demands of a 407.");
    return {};
}

QString scopesEvidence(const DoctorCase& of) {
    if (!of.jwt)
        return of.context.bearer && of.context.credentialSent
                   ? DoctorText::tr("This token is opaque: its scopes cannot be read here.")
                   : QString();
    if (of.jwt->encrypted) return DoctorText::tr("This token is encrypted: its scopes cannot be read here.");
    if (of.jwt->scopes.isEmpty()) return DoctorText::tr("This token carries no scopes.");
    return DoctorText::tr("This token carries %1.").arg(quotedList(of.jwt->scopes));
}

QString rolesEvidence(const DoctorCase& of) {
    return of.roles().isEmpty() ? QString() : DoctorText::tr("Its roles are %1.").arg(quotedList(of.roles()));
}

QString wantedSignatureEvidence(const DoctorCase& of) {
    const QString sentence = acceptSignatureSentence(of.answer.response());
    return sentence.isEmpty() ? QString() : quoted(sentence, 600);
}

namespace {

/// The error_description of RFC 6750 §3 goes behind the sentence that quotes its challenge.
void addDescription(const DoctorCase& of, QStringList& evidence) {
    if (!of.errorChallenge) return;
    const QString words = quoted(QString::fromUtf8(of.errorChallenge->param("error_description")));
    const auto has = [&](const QString& text) {
        return std::any_of(evidence.cbegin(), evidence.cend(),
                           [&](const QString& each) { return each.contains(text); });
    };
    if (words.isEmpty() || has(words)) return;
    const QString quote = challengeQuote(of);
    for (qsizetype i = 0; i < evidence.size(); ++i) {
        if (!evidence.at(i).contains(quote)) continue;
        evidence.insert(i + 1, DoctorText::tr("It adds: “%1”").arg(words));
        return;
    }
    evidence.append(DoctorText::tr("The server says: “%1”").arg(words));
}

/// RFC 9110 §11.2: which of two values counts cannot be told, so none does.
void addRepeated(const DoctorCase& of, QStringList& evidence) {
    for (const Challenge& challenge : of.challenges)
        for (const QByteArray& name : challenge.repeatedParams().mid(0, mostWords))
            evidence.append(
                DoctorText::tr(
                    "The %1 challenge gives %2 twice, which RFC 9110 §11.2 forbids: it is not read.")
                    .arg(quoted(QString::fromUtf8(challenge.scheme), 40),
                         quoted(QString::fromUtf8(name), 40)));
}

} // namespace

Diagnosis finding(const DoctorCase& of, const QByteArray& cause, const QString& sentence,
                  const QStringList& evidence) {
    Diagnosis out;
    out.cause = cause;
    out.sentence = sentence;
    for (const QString& each : evidence)
        if (!each.isEmpty()) out.evidence.append(each);
    if (const QString wanted = wantedSignatureEvidence(of);
        !wanted.isEmpty() && !out.evidence.contains(wanted))
        out.evidence.append(wanted);
    addDescription(of, out.evidence);
    addRepeated(of, out.evidence);
    out.decided = true;
    out.clockDifferenceMs = of.clockDifferenceMs;
    out.challengeText = challengeQuote(of);
    for (const QString& scope : of.scopes().mid(0, mostWords))
        out.tokenScopes.append(quoted(scope, 80));
    return out;
}

Diagnosis undecided(const DoctorCase& of, const QString& sentence, const QStringList& evidence,
                    const QStringList& wouldDecide) {
    Diagnosis out = finding(of, "undecided", sentence, evidence);
    out.decided = false;
    for (const QString& each : wouldDecide)
        if (!each.isEmpty()) out.wouldDecide.append(each);
    return out;
}

} // namespace kb
