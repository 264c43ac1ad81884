// SPDX-License-Identifier: GPL-3.0-or-later
// A plan for people, and as JSON.
#include "app/matrix/plan_text.h"

#include "app/cli/cli_text.h"
#include "core/base/json_make.h"
#include "core/probe/matrix_run.h"
#include "core/probe/report.h"

namespace kb::cli {

void printPlan(const MatrixPlan& plan, const Output& out) {
    QList<JsonValue> cells, counts;
    for (const CellPlan& cell : plan.cells) {
        cells.append(JsonObject()
                         .add(QStringLiteral("id"), cell.id)
                         .add(QStringLiteral("method"), cell.spec->method)
                         .add(QStringLiteral("path"), plan.operationOf(cell).path)
                         .add(QStringLiteral("url"), cell.address())
                         .add(QStringLiteral("profile"), plan.profileOf(cell).name)
                         .add(QStringLiteral("binding"), bindingName(cell.binding))
                         .add(QStringLiteral("expected"), expectName(cell.expectation.expect))
                         .add(QStringLiteral("provenance"), provenanceName(cell.expectation.provenance))
                         .add(QStringLiteral("why"), cell.expectation.why)
                         .add(QStringLiteral("not_sent"), cell.notSent)
                         .value());
        if (out.json) continue;
        out.line(QStringLiteral("%1  %2%3")
                     .arg(expectName(cell.expectation.expect), -11)
                     .arg(cellTitle(plan, cell),
                          cell.notSent.isEmpty() ? QString() : QStringLiteral("  — ") + cell.notSent));
    }
    int total = 0;
    for (const auto& [what, count] : plan.countsByMethodAndHost()) {
        total += count;
        counts.append(JsonObject()
                          .add(QStringLiteral("method"), what.section(u' ', 0, 0))
                          .add(QStringLiteral("host"), what.section(u' ', 1))
                          .add(QStringLiteral("requests"), qint64(count))
                          .value());
        if (!out.json) out.line(QStringLiteral("%1 × %2").arg(count).arg(what));
    }
    QList<JsonValue> canaries;
    for (const CellPlan& canary : plan.canaries) {
        const QString who = plan.profileOf(canary).name;
        canaries.append(JsonObject()
                            .add(QStringLiteral("profile"), who)
                            .add(QStringLiteral("method"), canary.spec->method)
                            .add(QStringLiteral("url"), canary.address())
                            .value());
    }
    for (int i = 0; i < plan.profiles.size(); ++i)
        if (const IssuerWord word = plan.issuerWordOf(i); word != IssuerWord::None)
            canaries.append(JsonObject()
                                .add(QStringLiteral("profile"), plan.profiles.at(i).name)
                                .add(QStringLiteral("issuer"), issuerWordName(word))
                                .value());
    const QStringList beyond = plan.limitSentences(plan.isCautious() ? 1 : 2, plan.isCautious() ? 1 : 0);
    if (!out.json && !plan.runHeader.isEmpty())
        out.line(CliText::tr("Each request tells the run's id in the header %1.").arg(plan.runHeader));
    if (!out.json)
        for (const QString& sentence : beyond)
            out.line(sentence);
    if (!out.json)
        for (const QString& sentence : plan.canarySentences(MatrixRun::Options().canaryEvery))
            out.line(sentence);
    QList<JsonValue> asked;
    for (const OwnQuestion& each : plan.questions) {
        const QString who = plan.profiles.at(each.profile).name;
        asked.append(JsonObject()
                         .add(QStringLiteral("profile"), who)
                         .add(QStringLiteral("parameter"), each.parameter)
                         .add(QStringLiteral("operation"), each.source.operation)
                         .add(QStringLiteral("problem"), each.problem)
                         .value());
        if (!out.json)
            out.line(each.problem.isEmpty() ? CliText::tr("Asked first: %1 as %2, for its own %3.")
                                                  .arg(each.source.operation, who, each.parameter)
                                            : each.problem);
    }
    if (out.json)
        out.document(JsonObject()
                         .add(QStringLiteral("asked_first"), jsonArray(std::move(asked)))
                         .add(QStringLiteral("canaries"), jsonArray(std::move(canaries)))
                         .add(QStringLiteral("cells"), jsonArray(std::move(cells)))
                         .add(QStringLiteral("requests"), jsonArray(std::move(counts)))
                         .add(QStringLiteral("beyond_limits"), jsonTexts(beyond))
                         .add(QStringLiteral("run_header"), plan.runHeader)
                         .add(QStringLiteral("total"), qint64(total)));
}

} // namespace kb::cli
