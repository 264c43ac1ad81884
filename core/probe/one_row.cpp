// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/one_row.h"

#include "core/probe/matrix_text.h"
#include "core/probe/plan_objects.h"

#include <QUrl>

namespace kb {

namespace {

/// The path of an address, and what is left of it behind a server's.
QStringList pathsOf(const ApiDescription& api, const ApiOperation& operation, const QString& path) {
    QStringList all{path};
    for (const ApiServer& server : operation.servers.isEmpty() ? api.servers : operation.servers) {
        QString base = QUrl(server.url).path();
        while (base.endsWith(u'/'))
            base.chop(1);
        if (!base.isEmpty() && path.startsWith(base + u'/')) all.append(path.mid(base.size()));
    }
    return all;
}

/// Whether the credential was seen to be good: by what it got, since no canary is sent.
bool seenAlive(const Observation& seen) {
    return seen.status >= 200 && seen.status < 500 && seen.status != 401 && seen.status != 407 &&
           seen.status != 429;
}

/// The value in the address that tells whose object is asked for. Empty where more than one place tells it,
/// or one outside the path: that is for a whole run to find out.
QString objectIn(const MatrixPlan& plan, const MatrixSettings& settings,
                 const QHash<QString, QString>& values) {
    const auto nobodyAsks = [](const ApiParameter&, int, const OwnSource&, const QString&) {
        return QString();
    };
    const QList<ApiParameter> places =
        PlanObjects(plan, settings, nobodyAsks).placesOf(plan.api.operations.first());
    const bool one = places.size() == 1 && places.first().in == QLatin1String("path");
    return one ? values.value(places.first().name) : QString();
}

/// The cell that asks for this very object, else the one that stands for another's.
CellPlan cellFor(const MatrixPlan& plan, int profile, const QString& object, const MatrixSettings& settings) {
    CellPlan other;
    other.profile = profile;
    other.binding = Binding::Peer;
    bool unknown = object.isEmpty(), any = false;
    for (const CellPlan& cell : plan.cells) {
        if (cell.profile != profile) continue;
        if (cell.binding == Binding::None) return cell;
        any = true;
        unknown = unknown || cell.object.startsWith(QLatin1String("{{"));
        const bool real = cell.binding != Binding::Absent && cell.binding != Binding::Malformed;
        if (real && !object.isEmpty() && cell.object == object) return cell;
    }
    if (!any) other.binding = Binding::None;
    other.expectation =
        unknown && any
            ? Expectation{Expect::Unknown, Provenance::None,
                          MatrixText::tr("Whose object this is, only a run of the matrix finds out."), false}
            : expectationFor(plan.api, plan.api.operations.first(), plan.profiles.at(profile), other.binding,
                             settings);
    return other;
}

} // namespace

std::optional<QHash<QString, QString>> pathValues(const QString& pathTemplate, const QString& path) {
    const QStringList wanted = pathTemplate.split(u'/'), given = path.split(u'/');
    if (wanted.size() != given.size()) return std::nullopt;
    QHash<QString, QString> values;
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        const QString& part = wanted.at(i);
        const qsizetype open = part.indexOf(u'{'), close = part.lastIndexOf(u'}');
        const QString value = QUrl::fromPercentEncoding(given.at(i).toUtf8());
        if (open < 0 || close < open) {
            if (part != value) return std::nullopt;
            continue;
        }
        const QString before = part.left(open), after = part.mid(close + 1);
        if (value.size() <= before.size() + after.size() || !value.startsWith(before) ||
            !value.endsWith(after))
            return std::nullopt;
        values.insert(part.mid(open + 1, close - open - 1),
                      value.mid(before.size(), value.size() - before.size() - after.size()));
    }
    return values;
}

std::optional<OperationAt> operationAt(const ApiDescription& api, const QString& method,
                                       const QString& path) {
    std::optional<OperationAt> best;
    for (const ApiOperation& operation : api.operations) {
        if (operation.method != method) continue;
        for (const QString& each : pathsOf(api, operation, path)) {
            const auto values = pathValues(operation.path, each);
            if (values && (!best || values->size() < best->values.size())) best = {&operation, *values};
        }
    }
    return best;
}

RunRecord rowOf(const ApiDescription& api, const ApiOperation& operation,
                const QList<MatrixProfile>& profiles, const QList<Observation>& seen,
                const QHash<QString, QString>& values, const MatrixSettings& settings, qint64 nowMs) {
    ApiDescription alone = api;
    alone.operations = {operation};
    PlanOptions options;
    options.kind = EnvironmentKind::Test; // what is sent is decided elsewhere
    options.allowUnsafe = true;
    RunRecord record;
    // Whose object a request is for is seen in it: none is made for it.
    MatrixSettings plain = settings;
    plain.strategies.clear();
    record.plan = makePlan(alone, profiles, plain, options);
    record.plan.narrowed = true;
    const QString object = objectIn(record.plan, settings, values);
    QList<CellPlan> cells;
    for (int profile = 0; profile < profiles.size(); ++profile) {
        CellPlan cell = cellFor(record.plan, profile, object, settings);
        const Observation observed = seen.value(profile);
        cell.notSent = observed.sent ? QString() : MatrixText::tr("It has not been sent.");
        cell.dry = false;
        cells.append(cell);
        CellResult& result = record.results.emplaceBack();
        result.cell = profile;
        result.seen = observed;
        result.segment = 0;
        if (profiles.at(profile).kind == MatrixProfile::Kind::Live) {
            ProfileHealth& health = record.health.emplaceBack();
            health.profile = profiles.at(profile).id;
            // Before and after: what it got stands between.
            health.canaries = QList<bool>(2, seenAlive(observed));
        }
    }
    record.plan.cells = cells;
    evaluate(record, settings, nowMs);
    return record;
}

} // namespace kb
