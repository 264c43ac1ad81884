// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/outcome.h"
#include "core/probe/plan.h"

namespace kb {

/// Whether an answer is one that only somebody who was let through gets, though it is no success: the object
/// does not exist, or the body was refused.
bool wasReached(const Observation& seen);

/// What came of one cell.
struct CellResult {
    int cell = 0; ///< index in the plan
    Observation seen;
    Classified outcome;
    Judged judged;
    QString evidence;    ///< grade of a bypass
    QString drift;       ///< against the baseline, see baseline.h; empty: none
    QString driftReason; ///< a sentence: what it was then and is now
    bool waived = false;
    bool askedTwice = false; ///< it flapped in earlier runs and failed, so it was asked once more
    int segment = -1;        ///< between which canaries of its profile it was sent
    int run = 0;             ///< in which of the record's runs: see takeOver()
};

/// Whether a profile's credential was good in one run, canary by canary.
struct ProfileHealth {
    QString profile; ///< its id
    QList<bool> canaries;
    QString problem; ///< what the last canary that failed got, or why there was none
    int run = 0;
    bool aliveIn(int segment) const;
    bool lastFailed() const { return !canaries.isEmpty() && !canaries.last(); }
};

/// A cause of one or more findings: one row in reports, however many cells it shows in.
struct Defect {
    QString rule;  ///< "missing-authentication", "broken-token-validation", "bola", "bfla", …
    QString title; ///< for people
    QString operation;
    QList<int> results;
};

/// A whole run, without bodies and without secrets.
struct RunRecord {
    MatrixPlan plan;
    QList<CellResult> results;   ///< one a cell, in the plan's order
    QList<ProfileHealth> health; ///< of each run that cells rest on, the newest last
    QList<Defect> defects;
    QMap<QString, int> summary; ///< how many cells have each verdict
    QStringList remarks;        ///< of cross-cell checks, waivers that ran out and the document
    QStringList runRemarks; ///< those of them that the newest run itself made; evaluate() makes the others
    VariableMap own;        ///< the values that were asked for before a run
    qint64 startedMs = 0;
    qint64 endedMs = 0;
    bool stopped = false;
    bool compared = false; ///< with a baseline
    int gone = 0;          ///< cells of the baseline that the plan has not
    int decided = 0;       ///< cells that were to be sent and have an expectation
    int proven = 0;        ///< of these, with a verdict that stands

    bool isInconclusive() const;
    /// By the id of who sent them: answers, and how many of them were 401 or 403. Nobody is left out.
    QMap<QString, std::pair<int, int>> answersByProfile() const;
    /// How many cells count for `--fail-on`: not waived, with one of the verdicts, "drift" (of any degree but
    /// "low", and those that are gone) or "advisory".
    int findings(const QStringList& failOn) const;
};

/// Classifies and judges what was seen: controls, canaries, verdicts, grades, causes. `strict` as in judge().
void evaluate(RunRecord& record, const MatrixSettings& settings, qint64 nowMs, bool strict = false);

} // namespace kb
