// SPDX-License-Identifier: GPL-3.0-or-later
// JUnit, Markdown and CSV.
#include "core/probe/matrix_text.h"
#include "core/probe/report.h"

#include "core/base/utf8.h"

#include <QXmlStreamWriter>

namespace kb {

namespace {

QString observed(const CellResult& result) {
    return result.seen.status ? QString::number(result.seen.status) : outcomeName(result.outcome.outcome);
}

QString detail(const CellPlan& cell, const CellResult& result) {
    QStringList lines{
        MatrixText::tr("Expected: %1. %2").arg(expectName(cell.expectation.expect), cell.expectation.why),
        MatrixText::tr("Observed: %1 (%2)").arg(observed(result), outcomeName(result.outcome.outcome))};
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

bool isSkipped(const CellResult& result) {
    return result.waived || result.judged.verdict == Verdict::NotProven ||
           result.judged.verdict == Verdict::Undecided;
}

void writeCase(QXmlStreamWriter& xml, const RunRecord& record, const CellResult& result,
               const QString& suite) {
    const CellPlan& cell = record.plan.cells.at(result.cell);
    xml.writeStartElement(QStringLiteral("testcase"));
    xml.writeAttribute(QStringLiteral("name"), xmlText(cellTitle(record.plan, cell)));
    xml.writeAttribute(QStringLiteral("classname"), xmlText(suite));
    xml.writeAttribute(QStringLiteral("time"), QString::number(result.seen.milliseconds / 1000, 'f', 3));
    if (isSkipped(result)) {
        xml.writeEmptyElement(QStringLiteral("skipped"));
        const QString why = result.waived ? MatrixText::tr("waived") : result.judged.reason;
        xml.writeAttribute(QStringLiteral("message"), xmlText(why));
    } else if (result.judged.verdict != Verdict::Pass) {
        xml.writeStartElement(QStringLiteral("failure"));
        xml.writeAttribute(QStringLiteral("type"), verdictName(result.judged.verdict));
        xml.writeAttribute(QStringLiteral("message"),
                           xmlText(MatrixText::tr("expected %1, got %2")
                                       .arg(expectName(cell.expectation.expect), observed(result))));
        xml.writeCharacters(xmlText(detail(cell, result)));
        xml.writeEndElement();
    } else if (!result.judged.advisories.isEmpty()) {
        xml.writeTextElement(QStringLiteral("system-out"), xmlText(result.judged.advisories.join(u'\n')));
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
            if (isSkipped(result))
                ++skipped;
            else if (result.judged.verdict != Verdict::Pass)
                ++failures;
        }
        xml.writeStartElement(QStringLiteral("testsuite"));
        xml.writeAttribute(QStringLiteral("name"), xmlText(suite.key()));
        xml.writeAttribute(QStringLiteral("tests"), QString::number(suite->size()));
        xml.writeAttribute(QStringLiteral("failures"), QString::number(failures));
        xml.writeAttribute(QStringLiteral("errors"), QStringLiteral("0"));
        xml.writeAttribute(QStringLiteral("skipped"), QString::number(skipped));
        for (const int index : *suite)
            writeCase(xml, record, record.results.at(index), suite.key());
        xml.writeEndElement();
    }
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
        counts.append(QStringLiteral("%1 **%2**").arg(each.value()).arg(each.key()));
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
            for (const int index : defect.results) {
                const CellResult& result = record.results.at(index);
                who.append(record.plan.profileOf(record.plan.cells.at(result.cell)).name);
                if (!got.contains(observed(result))) got.append(observed(result));
            }
            who.removeDuplicates();
            out += QStringLiteral("| %1 | `%2` | %3 | %4 |\n")
                       .arg(markdownCell(defect.title), markdownCell(defect.operation),
                            markdownCell(who.join(QStringLiteral(", "))), got.join(QStringLiteral(", ")));
        }
        out += u'\n';
    }
    for (const QString& remark : record.remarks)
        out += QStringLiteral("- ") + markdownCell(remark) + u'\n';
    return out.toUtf8();
}

} // namespace kb
