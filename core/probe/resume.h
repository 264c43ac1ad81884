// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"
#include "core/probe/run_record.h"

namespace kb {

/// Tells one plan from another: what would be sent where and as whom, not what is expected. 64 hexadecimal
/// digits (SHA-256), the same wherever and whenever the same is planned.
QString planHash(const MatrixPlan& plan);

/// The cells that a run which ended early has left, by their place in the record: those that got no answer,
/// and those that no canary followed, since what came after the last one proves nothing. What is not safe and
/// was sent is not among them, answered or not.
QList<int> cellsLeft(const RunRecord& record);

/// The same plan with these cells alone.
MatrixPlan partOf(const MatrixPlan& plan, const QList<int>& cells);

/// What a later run needs of a cell that was sent, to go on from there: measures, no text of the answer.
JsonValue seenJson(const RunRecord& record, const CellResult& result);

/// Reads the JSON report of a run that was stopped, of the very plan that was made now. Its cells have what
/// they got then, not yet judged. InvalidInput where it is no such report, of another plan, or complete.
Result<RunRecord> readStoppedRun(const QByteArray& json, const QString& file, const MatrixPlan& plan,
                                 const MatrixSettings& settings);

} // namespace kb
