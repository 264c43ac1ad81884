// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/outcome.h"
#include "core/probe/plan.h"

#include <QSet>

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
    QString rule;        ///< of a finding: the Defect's it belongs to; else empty
    QString drift;       ///< against the baseline, see baseline.h; empty: none
    QString driftReason; ///< a sentence: what it was then and is now
    QString before;      ///< the verdict that the baseline has; empty: it does not know the cell
    QString waiver;      ///< why it is borne, for how long and who says so; see `waived`
    bool waived = false;
    bool oracle = false;     ///< another's object is told apart from one that does not exist
    bool leaks = false;      ///< it holds a member that a rule on fields keeps from who asked
    bool askedTwice = false; ///< it flapped in earlier runs and failed, so it was asked once more
    quint32 epoch = 0;       ///< of its grant's access tokens the one that was sent; 0: no grant
    int segment = -1;        ///< between which canaries of its profile it was sent
    int run = 0;             ///< in which of the record's runs: see takeOver()
};

/// How an answer stood to what a mark expects exactly when it came. Its body is not kept to look again.
struct ExactSight {
    ExactAnswer of;
    QString unlike; ///< a sentence; empty: it was just so
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
    /// What a waiver names: "bola GET /users/{id}".
    QString id() const { return rule + u' ' + operation; }
};

/// What the baseline has and the run has not.
struct GoneCell {
    QString id;        ///< the cell's; empty for an operation none of whose cells was ever sent
    QString operation; ///< "GET /users/{id}"; empty where the baseline is of an older version
    QString binding;
    QString who;
    QString outcome;
    QString verdict;
    int status = 0;
};

/// How a run was made, for its reports.
struct RunConditions {
    QString environment;
    int parallel = 0;     ///< requests in flight; 0: not known
    double perSecond = 0; ///< 0: as fast as the answers come
    bool strict = false;
    QString by = {}; ///< who ran it: the user's name on this machine; may be empty
};

/// What makes a run fail where nothing else is said: verdicts, "drift", "advisory".
QStringList defaultFailOn();

/// A whole run, without bodies and without secrets.
struct RunRecord {
    QString id;       ///< of the run, new for each; of a grid that was run part by part, of the last one
    QString planHash; ///< of the plan as it was made, see planHash()
    MatrixPlan plan;
    QList<CellResult> results;   ///< one a cell, in the plan's order
    QMap<int, ExactSight> exact; ///< by place in `results`, where a mark says exactly what is expected
    QList<ProfileHealth> health; ///< of each run that cells rest on, the newest last
    QList<Defect> defects;
    QMap<QString, int> summary; ///< how many cells have each verdict
    QStringList remarks;        ///< of cross-cell checks, waivers that ran out and the document
    QStringList runRemarks; ///< those of them that the newest run itself made; evaluate() makes the others
    VariableMap own;        ///< the values that were asked for before a run
    qint64 startedMs = 0;
    qint64 endedMs = 0;
    QStringList failOn = defaultFailOn();
    RunConditions conditions;
    QString folder; ///< that places in reports are relative to; empty: as they were named
    bool stopped = false;
    QString stopReason;           ///< a sentence
    bool compared = false;        ///< with a baseline
    QList<GoneCell> gone;         ///< cells of the baseline that the plan has not
    QSet<int> newOperations;      ///< by place in the API: those that the baseline does not know
    QSet<int> rowsWithoutControl; ///< by place in the API: where a denial was expected and nobody got through
    int decided = 0;              ///< cells that were to be sent and have an expectation
    int proven = 0;               ///< of these, with a verdict that stands

    bool isInconclusive() const;
    /// Of the cells that were sent: how many there are, how many got no answer, and how many were throttled
    /// to the end.
    struct Shares {
        int sent = 0, unreachable = 0, throttled = 0;
    };
    Shares shares() const;
    QStringList namesOfRowsWithoutControl() const; ///< "GET /users/{id}", in the document's order
    /// By the id of who sent them: answers, and how many of them were 401 or 403. Nobody is left out.
    QMap<QString, std::pair<int, int>> answersByProfile() const;
    /// Whether it was kept back on purpose, by what the user or the environment allows. Who has no secret at
    /// hand would have been sent.
    bool isHeldBack(const CellResult& result) const;
    /// As what a cell counts for `failOn`, waived or not: its verdict's name, "drift" or "advisory"; empty
    /// where it does not.
    /// - What was held back has no verdict that counts.
    /// - An operation the baseline does not know is undecided, sent or not and whatever came of it, until a
    /// mark
    ///   or a rule speaks of it or a new baseline has it. It is drift, too, as is what is no longer asked.
    /// - "low" drift does not count.
    QString countsAs(const CellResult& result) const;
    /// Whether a result is a finding: it counts and is not waived. The exit code, JUnit and SARIF go by it.
    bool isFinding(const CellResult& result) const { return !result.waived && !countsAs(result).isEmpty(); }
    bool goneCounts() const; ///< those that are gone count as drift
    int findings() const;    ///< how many there are, with those that are gone
};

/// Classifies and judges what was seen: controls, canaries, verdicts, grades, causes. `strict` as in judge().
void evaluate(RunRecord& record, const MatrixSettings& settings, qint64 nowMs, bool strict = false);

} // namespace kb
