// SPDX-License-Identifier: GPL-3.0-or-later
// What a run comes to: what of it counts, and whether it proves enough.
#include "core/probe/run_record.h"
#include "core/probe/part_run.h"

#include <algorithm>

namespace kb {

QStringList defaultFailOn() {
    return {QStringLiteral("bypass"), QStringLiteral("over-restricted"), QStringLiteral("suspect"),
            QStringLiteral("error"), QStringLiteral("undecided")};
}

bool RunRecord::isHeldBack(const CellResult& result) const {
    const CellPlan& cell = plan.cells.at(result.cell);
    return !cell.notSent.isEmpty() && cell.notSent != plan.profileOf(cell).problem;
}

QString RunRecord::countsAs(const CellResult& result) const {
    const auto fails = [this](const QString& what) { return failOn.contains(what); };
    const QString verdict = verdictName(result.judged.verdict);
    if (!isHeldBack(result) && fails(verdict)) return verdict;
    // That it is as the document has it says nothing: whoever opened it by mistake wrote the document as
    // well.
    const CellPlan& cell = plan.cells.at(result.cell);
    if (compared && newOperations.contains(cell.operation) && !cell.expectation.decided &&
        fails(QStringLiteral("undecided")))
        return QStringLiteral("undecided");
    const bool drifted = !result.drift.isEmpty() && result.drift != QLatin1String("low");
    if (drifted && fails(QStringLiteral("drift"))) return QStringLiteral("drift");
    if (!isHeldBack(result) && !result.judged.advisories.isEmpty() && fails(QStringLiteral("advisory")))
        return QStringLiteral("advisory");
    return {};
}

bool RunRecord::goneCounts() const {
    return failOn.contains(QStringLiteral("drift"));
}

int RunRecord::findings() const {
    return (goneCounts() ? int(gone.size()) : 0) +
           int(std::count_if(results.begin(), results.end(),
                             [this](const CellResult& result) { return isFinding(result); }));
}

bool RunRecord::isInconclusive() const {
    if (stopped || decided == 0 || proven * 10 < decided * 9) return true;
    // An older run's canary counts with the cells that rest on it.
    return std::any_of(plan.profiles.begin(), plan.profiles.end(), [&](const MatrixProfile& who) {
        const ProfileHealth* newest = newestHealth(*this, who.id);
        return newest && newest->lastFailed();
    });
}

RunRecord::Shares RunRecord::shares() const {
    Shares all;
    for (const CellResult& result : results) {
        if (!result.seen.sent) continue;
        ++all.sent;
        all.unreachable += result.outcome.outcome == Outcome::NoAnswer ? 1 : 0;
        all.throttled += result.outcome.outcome == Outcome::Throttled ? 1 : 0;
    }
    return all;
}

QStringList RunRecord::namesOfRowsWithoutControl() const {
    QStringList names;
    for (int i = 0; i < plan.api.operations.size(); ++i)
        if (rowsWithoutControl.contains(i)) names.append(operationName(plan.api.operations.at(i)));
    return names;
}

QMap<QString, std::pair<int, int>> RunRecord::answersByProfile() const {
    QMap<QString, std::pair<int, int>> all;
    for (const CellResult& result : results) {
        const MatrixProfile& who = plan.profileOf(plan.cells.at(result.cell));
        if (who.kind == MatrixProfile::Kind::Anonymous || result.seen.status == 0) continue;
        auto& [answers, refused] = all[who.id];
        ++answers;
        refused += wasTurnedAway(result.seen) ? 1 : 0;
    }
    return all;
}

} // namespace kb
