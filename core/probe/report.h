// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"

#include <functional>

namespace kb {

/// A run as files for people and machines. None holds a body or a secret: what was seen has neither.

using ReportSink = std::function<void(const QByteArray&)>;

/// The machine-readable record, schema version 1 (docs/access-matrix.md). Baselines (baseline.h) are pinned
/// from it. It comes piece by piece, since a large run's is many times as large as the run.
void writeRunJson(const RunRecord& record, const ReportSink& sink);
/// A test suite a tag, a test case a cell; what was not proven is skipped with its reason.
QByteArray junitReport(const RunRecord& record);
/// SARIF 2.1.0: a result a cell with a finding, at the operation's `security` line.
QByteArray sarifReport(const RunRecord& record);
/// One page that needs nothing else.
QByteArray htmlReport(const RunRecord& record);
/// For a pull request.
QByteArray markdownReport(const RunRecord& record);
QByteArray csvReport(const RunRecord& record);
/// "html", "junit", "sarif", "json", "markdown", "csv".
QStringList reportKinds();
/// Gives the report of that kind to the sink; nothing for another word.
void writeReport(const QString& kind, const RunRecord& record, const ReportSink& sink);
QByteArray reportOf(const QString& kind, const RunRecord& record); ///< as one piece

/// "GET /users/{id} [peer] as Reader"
QString cellTitle(const MatrixPlan& plan, const CellPlan& cell);

} // namespace kb
