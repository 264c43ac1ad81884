// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/rate_limit.h"
#include "core/probe/matrix_text.h"
#include "core/probe/outcome.h"

#include <QCryptographicHash>
#include <QSet>
#include <algorithm>

namespace kb {

namespace {

constexpr qsizetype maxShape = 2000;

/// Each path once, before they are counted: a list of thousands has few.
void addShape(const JsonValue& value, const QString& path, QSet<QString>& shape) {
    if (shape.size() >= maxShape) return;
    switch (value.type) {
    case JsonValue::Type::Object:
        for (const JsonValue::Member& member : value.members)
            addShape(member.second, path + u'/' + member.first, shape);
        break;
    case JsonValue::Type::Array:
        for (const JsonValue& item : value.items)
            addShape(item, path + QStringLiteral("/*"), shape);
        break;
    default:
        shape.insert(path);
    }
}

bool holds(const JsonValue& value, const QString& object) {
    if (value.isString()) return value.string == object;
    if (value.isNumber()) return value.numberText == object.toUtf8();
    const auto inItem = [&](const JsonValue& item) { return holds(item, object); };
    const auto inMember = [&](const JsonValue::Member& member) { return holds(member.second, object); };
    return std::any_of(value.items.begin(), value.items.end(), inItem) ||
           std::any_of(value.members.begin(), value.members.end(), inMember);
}

} // namespace

Observation observe(const Exchange& exchange, const QString& object) {
    const Response& response = exchange.response();
    Observation seen;
    seen.sent = true;
    seen.status = response.status;
    seen.request =
        QString::fromLatin1(exchange.sent().method) + u' ' + QString::fromUtf8(exchange.sent().url.text());
    seen.challenges = parseChallenges(response.headers.all("WWW-Authenticate")).challenges;
    if (const std::optional<ProblemDetails> problem = readProblem(response.headers, response.body))
        if (problem->type != QLatin1String("about:blank")) seen.problemType = problem->type;
    if (const auto location = response.headers.first("Location")) {
        seen.location = QString::fromUtf8(*location);
        const Result<HttpUrl> target = exchange.sent().url.resolve(*location);
        seen.leavesOrigin = !target || !(target->origin() == exchange.sent().url.origin());
    }
    const QByteArray body = response.body.trimmed();
    seen.bodySize = response.body.size();
    seen.bodyEmpty = body.isEmpty() || body == "[]" || body == "{}" || body == "null";
    seen.bodyDigest = QCryptographicHash::hash(response.body, QCryptographicHash::Sha256);
    if (body.size() < 4 * 1024 * 1024 && (body.startsWith('{') || body.startsWith('[')))
        if (const Result<JsonValue> json = parseJson(body)) {
            QSet<QString> shape;
            addShape(*json, QString(), shape);
            seen.bodyShape = QStringList(shape.cbegin(), shape.cend());
            seen.holdsObject = !object.isEmpty() && holds(*json, object);
            seen.bodyShape.sort();
        }
    if (const auto limit = readRateLimit(response.headers, exchange.startedMs()))
        seen.retryAfterS = limit->retryAfterSeconds;
    seen.echoedSecret = exchange.echoedSecret();
    seen.milliseconds = exchange.timings().total;
    return seen;
}

bool gotThrough(const Observation& seen) {
    if (seen.meant)
        return seen.meant->means == Outcome::Allowed || seen.meant->means == Outcome::AllowedEmpty;
    return seen.sent && seen.status / 100 == 2;
}

bool wasTurnedAway(const Observation& seen) {
    if (seen.meant)
        return seen.meant->means == Outcome::DeniedAuthn || seen.meant->means == Outcome::DeniedAuthz;
    return seen.status == 401 || seen.status == 403;
}

QString answerText(const Observation& seen) {
    const QString status = QString::number(seen.status);
    return seen.meant ? QStringLiteral("%1 (%2)").arg(status, outcomeName(seen.meant->means)) : status;
}

QString meantBy(const Observation& seen) {
    if (!seen.meant) return {};
    return MatrixText::tr("The answer means %1 by the rule \"%2\".")
        .arg(outcomeName(seen.meant->means), seen.meant->name);
}

qint64 rateLimitSpentFor(const Exchange& exchange) {
    const auto limit = readRateLimit(exchange.response().headers, exchange.startedMs());
    if (!limit || limit->remaining != 0 || limit->resetGuessed) return 0;
    return limit->resetSeconds.value_or(0);
}

quint64 markersIn(const Exchange& exchange, const QList<Marker>& markers) {
    const Response& response = exchange.response();
    quint64 found = 0;
    if (response.status / 100 != 2) return found;
    for (const Marker& marker : markers)
        if (marker.profile < 64 && response.body.contains(marker.text)) found |= quint64(1) << marker.profile;
    return found;
}

void shareEqualParts(Observation& seen, const Observation& known) {
    const auto share = [](auto& own, const auto& other) {
        if (own == other) own = other;
    };
    share(seen.problem, known.problem);
    share(seen.challenges, known.challenges);
    share(seen.problemType, known.problemType);
    share(seen.location, known.location);
    share(seen.bodyDigest, known.bodyDigest);
    share(seen.bodyShape, known.bodyShape);
    share(seen.request, known.request);
}

} // namespace kb
