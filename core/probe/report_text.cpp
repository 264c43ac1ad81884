// SPDX-License-Identifier: GPL-3.0-or-later
// JUnit, Markdown and CSV.
#include "core/probe/matrix_text.h"
#include "core/probe/report.h"

#include "core/base/utf8.h"

#include <QXmlStreamWriter>

namespace kb {

namespace {

QString detail(const CellPlan& cell, const CellResult& result) {
    QStringList lines{
        MatrixText::tr("Expected: %1. %2").arg(expectName(cell.expectation.expect), cell.expectation.why),
        MatrixText::tr("Observed: %1 (%2)").arg(observedText(result), outcomeName(result.outcome.outcome))};
    if (!result.seen.request.isEmpty()) lines.append(MatrixText::tr("Sent: %1").arg(result.seen.request));
    for (const Challenge& challenge : result.seen.challenges)
        lines.append(MatrixText::tr("Challenge: %1").arg(challenge.text()));
    if (!result.evidence.isEmpty()) lines.append(MatrixText::tr("Evidence: %1").arg(result.evidence));
    if (!result.drift.isEmpty())
        lines.append(MatrixText::tr("Against the baseline: %1").arg(result.drift) + u' ' +
                     result.driftReason);
    lines.append(result.judged.advisories);
    return lines.join(u'\n');
}

/// What a finding is called: its verdict, "drift" or "advisory". A denial of the wrong kind turns nobody
/// away.
QString failureType(const RunRecord& record, const CellResult& result) {
    const QString counts = record.countsAs(result);
    const bool wrongCode = result.rule == QLatin1String("wrong-status-code");
    return wrongCode && counts == verdictName(result.judged.verdict) ? result.rule : counts;
}

/// Why a cell is neither passed nor failed; empty where it is one of them.
QString skipReason(const RunRecord& record, const CellResult& result) {
    const QString counts = record.countsAs(result);
    if (result.waived && !counts.isEmpty()) return MatrixText::tr("waived: %1").arg(result.waiver);
    const Verdict verdict = result.judged.verdict;
    if (!counts.isEmpty() || verdict == Verdict::Pass) return {};
    if (verdict == Verdict::NotProven || verdict == Verdict::Undecided)
        return result.judged.reason.isEmpty() ? verdictName(verdict) : result.judged.reason;
    return MatrixText::tr("%1, which does not count in this run").arg(verdictName(verdict));
}

QString failureMessage(const CellPlan& cell, const CellResult& result, const QString& type) {
    if (type == QLatin1String("drift")) return result.drift + QStringLiteral(": ") + result.driftReason;
    if (type == QLatin1String("advisory")) return result.judged.advisories.join(u' ');
    if (type == QLatin1String("not-proven")) return result.judged.reason;
    if (type != verdictName(result.judged.verdict) && !result.driftReason.isEmpty())
        return result.driftReason; // it is new, whatever it is otherwise
    return MatrixText::tr("expected %1, got %2")
        .arg(expectName(cell.expectation.expect), observedText(result));
}

void beginCase(QXmlStreamWriter& xml, const QString& name, const QString& suite, double milliseconds) {
    xml.writeStartElement(QStringLiteral("testcase"));
    xml.writeAttribute(QStringLiteral("name"), xmlText(name));
    xml.writeAttribute(QStringLiteral("classname"), xmlText(suite));
    xml.writeAttribute(QStringLiteral("time"), QString::number(milliseconds / 1000, 'f', 3));
}

void writeFailure(QXmlStreamWriter& xml, const QString& type, const QString& message, const QString& text) {
    xml.writeStartElement(QStringLiteral("failure"));
    xml.writeAttribute(QStringLiteral("type"), type);
    xml.writeAttribute(QStringLiteral("message"), xmlText(message));
    xml.writeCharacters(xmlText(text));
    xml.writeEndElement();
}

void writeSkipped(QXmlStreamWriter& xml, const QString& why) {
    xml.writeEmptyElement(QStringLiteral("skipped"));
    xml.writeAttribute(QStringLiteral("message"), xmlText(why));
}

void writeCase(QXmlStreamWriter& xml, const RunRecord& record, const CellResult& result,
               const QString& suite) {
    const CellPlan& cell = record.plan.cells.at(result.cell);
    beginCase(xml, cellTitle(record.plan, cell), suite, result.seen.milliseconds);
    if (const QString why = skipReason(record, result); !why.isEmpty()) {
        writeSkipped(xml, why);
    } else if (record.isFinding(result)) {
        const QString type = failureType(record, result);
        writeFailure(xml, type, failureMessage(cell, result, type), detail(cell, result));
    } else if (!result.judged.advisories.isEmpty()) {
        xml.writeTextElement(QStringLiteral("system-out"), xmlText(result.judged.advisories.join(u'\n')));
    }
    xml.writeEndElement();
}

void beginSuite(QXmlStreamWriter& xml, const QString& name, qsizetype tests, int failures, int skipped) {
    xml.writeStartElement(QStringLiteral("testsuite"));
    xml.writeAttribute(QStringLiteral("name"), xmlText(name));
    xml.writeAttribute(QStringLiteral("tests"), QString::number(tests));
    xml.writeAttribute(QStringLiteral("failures"), QString::number(failures));
    xml.writeAttribute(QStringLiteral("errors"), QStringLiteral("0"));
    xml.writeAttribute(QStringLiteral("skipped"), QString::number(skipped));
}

/// What the baseline has and this run has not.
void writeGone(QXmlStreamWriter& xml, const RunRecord& record) {
    if (record.gone.isEmpty()) return;
    const QString suite = MatrixText::tr("Gone since the baseline");
    const int count = int(record.gone.size());
    const bool fails = record.goneCounts();
    beginSuite(xml, suite, count, fails ? count : 0, fails ? 0 : count);
    for (const GoneCell& gone : record.gone) {
        beginCase(xml, goneTitle(gone), suite, 0);
        const QString why = MatrixText::tr("The baseline has %1 here.").arg(gone.outcome);
        if (fails)
            writeFailure(xml, QStringLiteral("drift"), MatrixText::tr("It is gone."), why);
        else
            writeSkipped(xml, why);
        xml.writeEndElement();
    }
    xml.writeEndElement();
}

QString csvField(QString text) {
    // A spreadsheet takes a text that begins so for a formula.
    if (!text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text.front())) text.prepend(u'\'');
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QString markdownCell(QString text) {
    return text.replace(u'|', QStringLiteral("\\|"))
        .replace(u'\n', u' ')
        .replace(u'<', QStringLiteral("&lt;"));
}

} // namespace

QByteArray junitReport(const RunRecord& record) {
    QMap<QString, QList<int>> suites;
    for (int i = 0; i < record.results.size(); ++i) {
        const ApiOperation& operation =
            record.plan.operationOf(record.plan.cells.at(record.results.at(i).cell));
        suites[operation.tags.isEmpty() ? operation.path : operation.tags.first()].append(i);
    }
    QByteArray out;
    QXmlStreamWriter xml(&out);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("testsuites"));
    for (auto suite = suites.cbegin(); suite != suites.cend(); ++suite) {
        int failures = 0, skipped = 0;
        for (const int index : *suite) {
            const CellResult& result = record.results.at(index);
            if (record.isFinding(result))
                ++failures;
            else if (!skipReason(record, result).isEmpty())
                ++skipped;
        }
        beginSuite(xml, suite.key(), suite->size(), failures, skipped);
        for (const int index : *suite)
            writeCase(xml, record, record.results.at(index), suite.key());
        xml.writeEndElement();
    }
    writeGone(xml, record);
    xml.writeEndElement();
    xml.writeEndDocument();
    return out;
}

QByteArray csvReport(const RunRecord& record) {
    QStringList lines{
        QStringLiteral("id,method,path,binding,profile,expected,provenance,status,outcome,verdict,"
                       "evidence,drift,reason")};
    for (const CellResult& result : record.results) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        const ApiOperation& operation = record.plan.operationOf(cell);
        QStringList fields;
        for (const QString& field :
             {cell.id, operation.method, operation.path, bindingName(cell.binding),
              record.plan.profileOf(cell).name, expectName(cell.expectation.expect),
              provenanceName(cell.expectation.provenance), QString::number(result.seen.status),
              outcomeName(result.outcome.outcome), verdictName(result.judged.verdict), result.evidence,
              result.drift, result.judged.reason})
            fields.append(csvField(field));
        lines.append(fields.join(u','));
    }
    return lines.join(QStringLiteral("\r\n")).toUtf8() + "\r\n";
}

QByteArray markdownReport(const RunRecord& record) {
    QString out = QStringLiteral("## ") + MatrixText::tr("Access matrix") + QStringLiteral("\n\n");
    QStringList counts;
    for (auto each = record.summary.cbegin(); each != record.summary.cend(); ++each)
        counts.append(QStringLiteral("%1 **%2**").arg(QString::number(each.value()), each.key()));
    out += counts.join(QStringLiteral(" · ")) + QStringLiteral("\n\n");
    if (record.isInconclusive())
        out += MatrixText::tr("The run is **inconclusive**: %1 of %2 decided cells are proven.")
                   .arg(record.proven)
                   .arg(record.decided) +
               QStringLiteral("\n\n");
    if (!record.defects.isEmpty()) {
        out += QStringLiteral("| %1 | %2 | %3 | %4 |\n|---|---|---|---|\n")
                   .arg(MatrixText::tr("Finding"), MatrixText::tr("Operation"), MatrixText::tr("Who"),
                        MatrixText::tr("Got"));
        for (const Defect& defect : record.defects) {
            QStringList who, got;
            QString waived = record.results.at(defect.results.first()).waiver;
            for (const int index : defect.results) {
                const CellResult& result = record.results.at(index);
                if (!result.waived) waived.clear();
                who.append(record.plan.profileOf(record.plan.cells.at(result.cell)).name);
                if (!got.contains(observedText(result))) got.append(observedText(result));
            }
            who.removeDuplicates();
            // What is borne does not look like what counts.
            const QString title = waived.isEmpty() ? defect.title
                                                   : QString(defect.title + QStringLiteral(" – ") +
                                                             MatrixText::tr("waived: %1").arg(waived));
            out += QStringLiteral("| %1 | `%2` | %3 | %4 |\n")
                       .arg(markdownCell(title), markdownCell(defect.operation),
                            markdownCell(who.join(QStringLiteral(", "))), got.join(QStringLiteral(", ")));
        }
        out += u'\n';
    }
    for (const QString& remark : record.remarks)
        out += QStringLiteral("- ") + markdownCell(remark) + u'\n';
    return out.toUtf8();
}

} // namespace kb
