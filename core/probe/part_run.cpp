// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/part_run.h"

#include <QSet>
#include <algorithm>

namespace kb {

void takeOver(RunRecord& whole, const RunRecord& part, const QList<int>& cells) {
    int run = 0;
    for (const ProfileHealth& each : std::as_const(whole.health))
        run = qMax(run, each.run + 1);
    for (int i = 0; i < cells.size(); ++i) {
        // Values that are asked for before a run may tell that a cell is not sent, or asks for another's
        // object.
        CellPlan& plan = whole.plan.cells[cells.at(i)];
        const CellPlan& settled = part.plan.cells.at(i);
        plan.spec = settled.spec;
        plan.object = settled.object;
        plan.notSent = settled.notSent;
        CellResult& result = whole.results[cells.at(i)];
        const CellResult& got = part.results.at(i);
        result.seen = got.seen;
        result.epoch = got.epoch;
        whole.exact.remove(cells.at(i));
        if (const auto exact = part.exact.constFind(i); exact != part.exact.cend())
            whole.exact.insert(cells.at(i), *exact);
        result.segment = got.segment;
        result.askedTwice = got.askedTwice;
        result.run = run;
    }
    for (auto value = part.own.cbegin(); value != part.own.cend(); ++value)
        whole.own.insert(value.key(), value.value());
    QList<ProfileHealth> newest = part.health;
    for (ProfileHealth& each : newest) {
        each.run = run;
        // A run that was stopped at once says nothing new of it.
        const ProfileHealth* before = newestHealth(whole, each.profile);
        if (each.canaries.isEmpty() && each.problem.isEmpty() && before) each.problem = before->problem;
    }
    QSet<int> used;
    for (const CellResult& result : std::as_const(whole.results))
        if (result.seen.sent) used.insert(result.run);
    whole.health.removeIf([&](const ProfileHealth& each) {
        return each.canaries.isEmpty() || each.run == run || !used.contains(each.run);
    });
    whole.health += newest;
    whole.startedMs = part.startedMs;
    whole.endedMs = part.endedMs;
    whole.stopped = part.stopped;
    whole.stopReason = part.stopReason;
    whole.id = part.id;
    whole.conditions = part.conditions;
    whole.runRemarks = part.runRemarks;
}

const ProfileHealth* newestHealth(const RunRecord& record, const QString& profile) {
    const auto found =
        std::find_if(record.health.crbegin(), record.health.crend(),
                     [&profile](const ProfileHealth& each) { return each.profile == profile; });
    return found == record.health.crend() ? nullptr : &*found;
}

} // namespace kb
