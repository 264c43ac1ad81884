// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"

#include <QSet>

namespace kb {

/// What a run looked like, to compare a later one with: decisions and measures, no body and no secret.
struct Baseline {
    struct Cell {
        QString operation; ///< "GET /users/{id}"; empty in files of older versions, like `who` to `evidence`
        QString binding;
        QString who;      ///< the profile's name at that time
        QString expected; ///< as expectName() has it
        QString outcome;
        QString verdict;
        int status = 0;
        QString challenge;   ///< as challengeNames() has it
        QString problemType; ///< RFC 9457 `type`
        QString shape;       ///< as shapeDigest() has it
        QString evidence;
        bool complete = false; ///< it holds all of these
    };
    QMap<QString, Cell> cells; ///< by id, of those that were sent
    /// Those that were planned, sent or not, as operationName() has them; empty in files of older versions.
    QSet<QString> operations;
    bool inconclusive = false; ///< the run proved too little to stand for anything
};

/// The schemes of an answer's challenges with their errors: "Bearer invalid_token, Basic".
QString challengeNames(const QList<Challenge>& challenges);
/// An answer's problem type (RFC 9457); one at the API's own origin without it, so that it is the same
/// wherever the API runs.
QString placelessType(const MatrixPlan& plan, const Observation& seen);
/// Stands for the set of JSON paths of a body: 16 hexadecimal digits; empty for what is no JSON.
QString shapeDigest(const QStringList& paths);

/// Reads the JSON of a run or of a baseline.
Result<Baseline> readBaseline(const QByteArray& json, const QString& file);
/// What a run that has just ended would be as a baseline.
Baseline baselineOf(const RunRecord& record);
QByteArray baselineJson(const Baseline& baseline);

/// Marks each result that differs from the baseline, with a sentence of then and now:
/// - "critical": a denial became an allowance
/// - "high": the other way round
/// - "medium": a denial of another kind, a challenge that is gone, a pass that became suspect, or what was
///   clear and is a server error, a redirect or ambiguous now
/// - "new": a cell that it does not know, to be decided; also one that was not sent, of an operation it does
///   not know
/// - "unasked": a cell whose answer it knows, that was not sent
/// - "expected": the document or a rule expects something else now, though nobody marked the cell
/// - "low": another status, challenge error, problem type, body shape or evidence
/// `whole`: the plan was not narrowed, so what the baseline has and the plan has not is gone; it is listed,
/// and remarked operation by operation.
void compareWithBaseline(RunRecord& record, const Baseline& baseline, bool whole);

} // namespace kb
