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
/// A test suite a tag, a test case a cell. A failure is what RunRecord::isFinding() says is one; what was not
/// proven, is undecided, borne or does not count is skipped with its reason.
QByteArray junitReport(const RunRecord& record);
/// SARIF 2.1.0: a result a cell that counts, at the operation's `security` line; what is borne is suppressed,
/// and what is gone since the baseline absent.
QByteArray sarifReport(const RunRecord& record);
/// A file as a relative reference (RFC 3986 §4.2), from `folder` where it is in there; also of an address or
/// of an absolute path elsewhere.
QString sarifUri(const QString& file, const QString& folder);
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
/// The same of one that the baseline alone knows.
QString goneTitle(const GoneCell& gone);
/// The status, or what there was in its place: "not-sent".
QString observedText(const CellResult& result);

} // namespace kb
