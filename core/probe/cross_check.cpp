// SPDX-License-Identifier: GPL-3.0-or-later
// What only shows when cells stand side by side.
#include "core/probe/cross_check.h"

#include "core/http/headers.h"
#include "core/http/url.h"
#include "core/probe/matrix_text.h"

#include <QHash>
#include <QSet>
#include <algorithm>
#include <functional>

namespace kb {

namespace {

/// Where nobody is turned away as nobody is, a credential that is no good must be as well.
void checkDefective(RunRecord& record) {
    const QList<MatrixProfile>& profiles = record.plan.profiles;
    if (std::none_of(profiles.begin(), profiles.end(), std::mem_fn(&MatrixProfile::isDefective))) return;
    QHash<QString, bool> nobodies; // turned away
    for (const CellResult& result : std::as_const(record.results))
        if (const CellPlan& cell = record.plan.cells.at(result.cell);
            record.plan.profileOf(cell).kind == MatrixProfile::Kind::Anonymous)
            nobodies.insert(QString::number(cell.operation) + bindingName(cell.binding),
                            wasTurnedAway(result.seen));
    for (const CellResult& result : std::as_const(record.results)) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        const MatrixProfile& who = record.plan.profileOf(cell);
        const bool nobody = nobodies.value(QString::number(cell.operation) + bindingName(cell.binding));
        if (who.isDefective() && gotThrough(result.seen) && nobody)
            record.remarks.append(MatrixText::tr("%1 lets %2 in and turns anonymous away.")
                                      .arg(operationName(record.plan.operationOf(cell)), who.name));
    }
}

/// HEAD must answer as GET does (RFC 9110 §9.3.2): one guard for both.
void checkHeads(RunRecord& record) {
    const QList<ApiOperation>& operations = record.plan.api.operations;
    if (std::none_of(operations.begin(), operations.end(),
                     [](const ApiOperation& each) { return each.method == QLatin1String("HEAD"); }))
        return;
    QHash<QString, const CellResult*> gets; // by path, profile and binding
    const auto keyOf = [&](const CellPlan& cell) -> QString {
        return record.plan.operationOf(cell).path + u'\n' + QString::number(cell.profile) +
               bindingName(cell.binding);
    };
    for (const CellResult& result : std::as_const(record.results))
        if (const CellPlan& cell = record.plan.cells.at(result.cell);
            cell.spec->method == QLatin1String("GET") && result.seen.status != 0)
            gets.insert(keyOf(cell), &result);
    for (const CellResult& result : std::as_const(record.results)) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        if (cell.spec->method != QLatin1String("HEAD") || result.seen.status == 0) continue;
        const CellResult* get = gets.value(keyOf(cell));
        if (get && gotThrough(get->seen) != gotThrough(result.seen))
            record.remarks.append(MatrixText::tr("%1 as %2 gets %3, and GET gets %4.")
                                      .arg(operationName(record.plan.operationOf(cell)),
                                           record.plan.profileOf(cell).name, answerText(result.seen),
                                           answerText(get->seen)));
    }
}

/// Operations that stand for one collection: what the path names before its first parameter.
QString collectionOf(const ApiOperation& operation) {
    QString path = operation.path.section(u'{', 0, 0);
    while (path.endsWith(u'/'))
        path.chop(1);
    return path;
}

/// A write that is open to somebody whom all its siblings turn away is likely to lack its guard, though
/// nobody said what is expected, or the document says nothing of it.
void checkSiblings(RunRecord& record) {
    struct Writes {
        QList<const CellResult*> through;
        int refused = 0, other = 0;
    };
    QMap<QString, Writes> groups; // by collection and profile
    for (const CellResult& result : std::as_const(record.results)) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        if (result.seen.status == 0 || isSafeMethod(cell.spec->method.toUtf8()) ||
            (cell.binding != Binding::None && cell.binding != Binding::Self))
            continue;
        Writes& writes = groups[QString(collectionOf(record.plan.operationOf(cell)) + u'\n' +
                                        QString::number(cell.profile))];
        if (gotThrough(result.seen))
            writes.through.append(&result);
        else
            ++(wasTurnedAway(result.seen) ? writes.refused : writes.other);
    }
    for (const Writes& writes : std::as_const(groups)) {
        if (writes.through.size() != 1 || writes.refused < 2 || writes.other > 0) continue;
        const CellPlan& cell = record.plan.cells.at(writes.through.first()->cell);
        record.remarks.append(
            MatrixText::tr("%1 lets %2 in, whom all %n other write(s) there turn away.", nullptr,
                           writes.refused)
                .arg(operationName(record.plan.operationOf(cell)), record.plan.profileOf(cell).name));
    }
}

/// What the run itself showed of how credentials travel: where others can read them.
void checkTransport(RunRecord& record) {
    QSet<int> inAddress;
    QSet<QString> servers;
    for (const CellResult& result : std::as_const(record.results)) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        const MatrixProfile& who = record.plan.profileOf(cell);
        if (!result.seen.sent || result.seen.status == 0 || who.kind == MatrixProfile::Kind::Anonymous)
            continue;
        const auto isQuery = [](const ApiKeyScheme& key) { return key.in == ApiKeyScheme::In::Query; };
        const auto* own = std::get_if<ApiKeyScheme>(&who.scheme);
        if ((own && isQuery(*own)) || std::any_of(who.keys.begin(), who.keys.end(), isQuery))
            inAddress.insert(cell.profile);
        if (!cell.spec->url.startsWith(QLatin1String("http:"), Qt::CaseInsensitive)) continue;
        const Result<HttpUrl> url = HttpUrl::parse(cell.address());
        if (url && !url->origin().isLoopback()) servers.insert(url->origin().text());
    }
    for (const int profile : std::as_const(inAddress))
        record.remarks.append(
            MatrixText::tr("The key of %1 goes in the address, which logs and histories keep (CWE-598).")
                .arg(record.plan.profiles.at(profile).name));
    for (const QString& server : std::as_const(servers))
        record.remarks.append(MatrixText::tr("Credentials went to %1 in clear text (CWE-319).").arg(server));
}

} // namespace

void crossCheck(RunRecord& record) {
    QSet<int> openRows, shutRows;
    for (const CellResult& result : std::as_const(record.results)) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        const MatrixProfile::Kind kind = record.plan.profileOf(cell).kind;
        if (kind == MatrixProfile::Kind::Anonymous && gotThrough(result.seen))
            openRows.insert(cell.operation);
        if (kind == MatrixProfile::Kind::Live && wasTurnedAway(result.seen)) shutRows.insert(cell.operation);
    }
    checkHeads(record);
    checkSiblings(record);
    checkDefective(record);
    checkTransport(record);
    for (int operation = 0; operation < record.plan.api.operations.size(); ++operation)
        if (openRows.contains(operation) && shutRows.contains(operation))
            record.remarks.append(MatrixText::tr("%1 lets anonymous in and turns a known identity away.")
                                      .arg(operationName(record.plan.api.operations.at(operation))));
}

} // namespace kb
