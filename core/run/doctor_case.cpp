// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/doctor_case.h"

#include "core/http/rate_limit.h"

#include <algorithm>

namespace kb {

namespace {

constexpr double leewayS = 60;                 // RFC 7519 §4.1.4 allows "usually no more than a few minutes"
constexpr qsizetype readableBody = 256 * 1024; ///< an error's explanation is short; more is data

/// The Date of the answer, Age added: an answer from a cache has the Date of its making (RFC 9111 §5.1).
std::optional<qint64> serverTimeMs(const HeaderList& headers) {
    const std::optional<QByteArray> date = headers.first("Date");
    if (!date) return std::nullopt;
    const std::optional<qint64> moment = parseHttpDate(*date);
    if (!moment) return std::nullopt;
    bool ok = false;
    const qint64 age = headers.first("Age").value_or(QByteArray()).trimmed().toLongLong(&ok);
    return ok && age > 0 && age < 1000000000 ? *moment + age * 1000 : *moment;
}

/// Date has whole seconds: a server within the second that began then agrees with us exactly.
qint64 differenceMs(qint64 serverMs, qint64 nowMs) {
    return serverMs - nowMs;
}

} // namespace

DoctorCase::DoctorCase(const Exchange& last, const DoctorContext& known)
    : answer(last), context(known), status(last.response().status) {
    const Response& response = answer.response();
    challengeField = status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
    const QList<QByteArray> lines = response.headers.all(challengeField);
    challengeFieldMissing = lines.isEmpty();
    challenges = parseChallenges(lines).challenges;
    for (const Challenge& each : std::as_const(challenges)) {
        if (each.param("error").isEmpty()) continue;
        const bool ofOurs = !scheme().isEmpty() && each.is(scheme());
        if (!errorChallenge || (ofOurs && !errorChallenge->is(scheme()))) errorChallenge = &each;
    }
    if (errorChallenge) {
        error = QString::fromUtf8(errorChallenge->param("error"));
        const QList<QByteArray> words = errorChallenge->param("scope").split(' ');
        for (const QByteArray& word : words)
            if (!word.isEmpty()) requiredScopes.append(quoted(QString::fromUtf8(word)));
        requiredScopes.removeDuplicates();
    }
    bodyKind = kb::bodyKind(response.headers, response.body.left(4096));
    if (response.body.size() <= readableBody) problem = readProblem(response.headers, response.body);
    if (problem && error.isEmpty()) {
        for (const JsonValue::Member& member : std::as_const(problem->extensions)) {
            if (member.first != QLatin1String("error") || !member.second.isString()) continue;
            error = member.second.string;
            errorFromBody = true;
        }
    }
    nowS = double(context.nowMs) / 1000;
    serverNowS = nowS;
    if (const std::optional<qint64> server = serverTimeMs(response.headers)) {
        clockDifferenceMs = differenceMs(*server, context.nowMs);
        serverNowS = double(*server) / 1000;
    }
    if (context.credentialSent && context.facts && context.facts->jwt) jwt = &*context.facts->jwt;
}

QString DoctorCase::header(QByteArrayView name) const {
    return QString::fromUtf8(answer.response().headers.first(name).value_or(QByteArray()));
}

QByteArray DoctorCase::scheme() const {
    if (!context.scheme.isEmpty()) return context.scheme;
    return context.bearer ? QByteArray("Bearer") : QByteArray();
}

bool DoctorCase::isApiKey() const {
    return context.credentialSent && scheme().isEmpty();
}

bool DoctorCase::asksFor(QByteArrayView schemeName) const {
    return std::any_of(challenges.cbegin(), challenges.cend(),
                       [&](const Challenge& each) { return each.is(schemeName); });
}

QStringList DoctorCase::askedSchemes() const {
    QStringList out;
    for (const Challenge& each : challenges) {
        const QString name = quoted(QString::fromUtf8(each.scheme), 40);
        if (!out.contains(name, Qt::CaseInsensitive)) out.append(name);
    }
    return out;
}

bool DoctorCase::expired() const {
    if (!context.credentialSent || !context.facts || !context.facts->expiresAt) return false;
    return serverNowS >= *context.facts->expiresAt;
}

bool DoctorCase::notYetValid() const {
    if (!context.credentialSent || !context.facts) return false;
    const std::optional<double> start =
        context.facts->notBefore ? context.facts->notBefore : context.facts->issuedAt;
    return start && *start > serverNowS + leewayS;
}

bool DoctorCase::timesHold() const {
    if (!context.credentialSent || !context.facts || !context.facts->expiresAt) return false;
    return !expired() && !notYetValid() && nowS < *context.facts->expiresAt;
}

QStringList DoctorCase::scopes() const {
    return jwt ? jwt->scopes : QStringList();
}
QStringList DoctorCase::roles() const {
    return jwt ? jwt->roles : QStringList();
}
QString DoctorCase::claim(QStringView name) const {
    return jwt ? jwt->claims.text(name) : QString();
}
bool DoctorCase::hasClaim(QStringView name) const {
    return jwt && jwt->claims.find(name);
}

} // namespace kb
