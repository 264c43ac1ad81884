// SPDX-License-Identifier: GPL-3.0-or-later
// What the user says of findings and cells, held against those there are.
#include "core/probe/findings.h"
#include "core/probe/matrix_text.h"

#include <QDate>
#include <QDateTime>
#include <QSet>

namespace kb {

namespace {

/// "fixed in the next release (ada, until 2030-01-31)"
QString waiverText(const MatrixWaiver& waiver) {
    QStringList more;
    if (!waiver.author.isEmpty()) more.append(waiver.author);
    if (!waiver.expires.isEmpty()) more.append(MatrixText::tr("until %1").arg(waiver.expires));
    return more.isEmpty()
               ? waiver.reason
               : QString(waiver.reason + QStringLiteral(" (") + more.join(QStringLiteral(", ")) + u')');
}

/// The results that a waiver is about: a cell, or all of a finding.
QList<int> resultsOf(const RunRecord& record, const MatrixWaiver& waiver) {
    QList<int> found;
    for (int i = 0; i < record.results.size(); ++i)
        if (record.plan.cells.at(record.results.at(i).cell).id == waiver.cell) found.append(i);
    for (const Defect& defect : record.defects)
        if (defect.id() == waiver.finding) found += defect.results;
    return found;
}

} // namespace

void applyWaivers(RunRecord& record, const MatrixSettings& settings, qint64 nowMs) {
    for (CellResult& result : record.results) {
        result.waived = false;
        result.waiver.clear();
    }
    const QDate today = QDateTime::fromMSecsSinceEpoch(nowMs, Qt::UTC).date();
    for (const MatrixWaiver& waiver : settings.waivers) {
        const QString what = waiver.cell.isEmpty() ? waiver.finding : waiver.cell;
        const QDate end = waiverEnd(waiver);
        if (!waiver.expires.isEmpty() && !end.isValid()) {
            record.remarks.append(
                MatrixText::tr("The waiver for %1 does not count: \"%2\" is no date. Write it as 2030-01-31.")
                    .arg(what, waiver.expires));
            continue;
        }
        if (end.isValid() && end < today) {
            record.remarks.append(
                MatrixText::tr("The waiver for %1 ran out on %2.").arg(what, waiver.expires));
            continue;
        }
        if (waiver.expires.isEmpty())
            record.remarks.append(
                MatrixText::tr("The waiver for %1 has no end. Give it one with \"expires\".").arg(what));
        const QList<int> results = resultsOf(record, waiver);
        for (const int index : results) {
            record.results[index].waived = true;
            record.results[index].waiver = waiverText(waiver);
        }
        // Of a part of the matrix it is not known what the rest would have shown.
        if (results.isEmpty() && !record.plan.narrowed)
            record.remarks.append(waiver.cell.isEmpty()
                                      ? MatrixText::tr("The waiver for %1 fits no finding.").arg(what)
                                      : MatrixText::tr("The waiver for %1 fits no cell.").arg(what));
    }
}

/// A mark outlives what it was made for, and then says nothing: whoever renamed an operation has to know.
void remarkMarks(RunRecord& record, const MatrixSettings& settings) {
    if (record.plan.narrowed) return;
    QSet<QString> operations, told;
    for (const ApiOperation& operation : std::as_const(record.plan.api.operations))
        operations.insert(operationName(operation));
    for (const MatrixMark& mark : settings.marks) {
        const QString& name = mark.operation;
        if (name.isEmpty() || operations.contains(name) || told.contains(name)) continue;
        told.insert(name);
        record.remarks.append(MatrixText::tr("The mark for %1 fits no operation.").arg(name));
    }
}

} // namespace kb
