// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/json_make.h"
#include "core/probe/baseline.h"
#include "core/probe/matrix_text.h"
#include "core/probe/report.h"
#include "core/probe/resume.h"

#include "kb_version.h"

namespace kb {

namespace {

JsonValue cellJson(const RunRecord& record, const CellResult& result) {
    const CellPlan& cell = record.plan.cells.at(result.cell);
    const ApiOperation& operation = record.plan.operationOf(cell);
    JsonObject object;
    object.add(QStringLiteral("id"), cell.id)
        .add(QStringLiteral("method"), operation.method)
        .add(QStringLiteral("path"), operation.path)
        .add(QStringLiteral("profile"), record.plan.profileOf(cell).name)
        .add(QStringLiteral("binding"), bindingName(cell.binding))
        .add(QStringLiteral("expected"), expectName(cell.expectation.expect))
        .add(QStringLiteral("provenance"), provenanceName(cell.expectation.provenance))
        .add(QStringLiteral("why"), cell.expectation.why)
        .add(QStringLiteral("outcome"), outcomeName(result.outcome.outcome))
        .add(QStringLiteral("outcome_rule"), result.seen.meant ? result.seen.meant->name : QString())
        .add(QStringLiteral("verdict"), verdictName(result.judged.verdict))
        .add(QStringLiteral("weak"), result.judged.weak)
        .add(QStringLiteral("status"), qint64(result.seen.status))
        .add(QStringLiteral("challenge"), challengeNames(result.seen.challenges))
        .add(QStringLiteral("problem_type"), placelessType(record.plan, result.seen))
        .add(QStringLiteral("body_shape"), shapeDigest(result.seen.bodyShape))
        .add(QStringLiteral("evidence_grade"), result.evidence)
        .add(QStringLiteral("rule"), result.rule)
        .add(QStringLiteral("reason"), result.judged.reason)
        .add(QStringLiteral("advisories"), jsonTexts(result.judged.advisories))
        .add(QStringLiteral("drift"), result.drift)
        .add(QStringLiteral("drift_reason"), result.driftReason)
        .add(QStringLiteral("waived"), result.waived)
        .add(QStringLiteral("waiver"), result.waiver)
        .add(QStringLiteral("counts_as"), record.countsAs(result))
        .add(QStringLiteral("segment"), qint64(result.segment));
    // Which of its grant's tokens it was sent with: each one that was got meanwhile is one more.
    if (result.epoch > 0) object.add(QStringLiteral("epoch"), qint64(result.epoch));
    if (result.run > 0) object.add(QStringLiteral("run"), qint64(result.run));
    if (record.stopped && result.seen.sent) object.add(QStringLiteral("seen"), seenJson(record, result));
    return object.value();
}

} // namespace

QString cellTitle(const MatrixPlan& plan, const CellPlan& cell) {
    const QString binding =
        cell.binding == Binding::None ? QString() : QStringLiteral(" [%1]").arg(bindingName(cell.binding));
    return operationName(plan.operationOf(cell)) + binding + QStringLiteral(" as ") +
           plan.profileOf(cell).name;
}

QString goneTitle(const GoneCell& gone) {
    if (gone.operation.isEmpty()) return MatrixText::tr("cell %1").arg(gone.id);
    QString title = gone.operation;
    if (!gone.binding.isEmpty() && gone.binding != bindingName(Binding::None))
        title += QStringLiteral(" [") + gone.binding + u']';
    return gone.who.isEmpty() ? title : QString(title + QStringLiteral(" as ") + gone.who);
}

QString observedText(const CellResult& result) {
    return result.seen.status ? QString::number(result.seen.status) : outcomeName(result.outcome.outcome);
}

void writeRunJson(const RunRecord& record, const ReportSink& sink) {
    QList<JsonValue> health, defects, gone;
    for (const ProfileHealth& each : record.health) {
        QString name = each.profile, fingerprint;
        for (const MatrixProfile& profile : record.plan.profiles)
            if (profile.id == each.profile) {
                name = profile.name;
                fingerprint = profile.fingerprint;
            }
        QList<JsonValue> canaries;
        for (const bool good : each.canaries)
            canaries.append(jsonBool(good));
        JsonObject object;
        object.add("profile", name)
            .add("profile_id", each.profile)
            .add("fingerprint", fingerprint)
            .add("canaries", jsonArray(canaries))
            .add("alive", !each.canaries.isEmpty() && !each.lastFailed())
            .add("problem", each.problem);
        // Of a grid that was run part by part: which of its cells these canaries are for.
        if (each.run > 0) object.add("run", qint64(each.run));
        health.append(object.value());
    }
    for (const Defect& defect : record.defects) {
        QStringList ids;
        for (const int index : defect.results)
            ids.append(record.plan.cells.at(record.results.at(index).cell).id);
        defects.append(JsonObject()
                           .add("id", defect.id())
                           .add("rule", defect.rule)
                           .add("title", defect.title)
                           .add("operation", defect.operation)
                           .add("cells", jsonTexts(ids))
                           .value());
    }
    for (const GoneCell& each : record.gone)
        gone.append(JsonObject()
                        .add("id", each.id)
                        .add("operation", each.operation)
                        .add("binding", each.binding)
                        .add("profile", each.who)
                        .add("outcome", each.outcome)
                        .add("verdict", each.verdict)
                        .add("status", qint64(each.status))
                        .value());
    JsonObject summary;
    for (auto each = record.summary.cbegin(); each != record.summary.cend(); ++each)
        summary.add(each.key(), qint64(each.value()));
    QByteArray head = writeJson(JsonObject()
                                    .add("schema_version", qint64(1))
                                    .add("run_id", record.id)
                                    .add("plan_hash", record.planHash)
                                    .add("made_with", "Keybearer " KB_VERSION)
                                    .add("made_by", record.conditions.by)
                                    .add("target", record.plan.baseUrl)
                                    .add("document", shownPlace(record.plan.api.file))
                                    .add("environment", record.conditions.environment)
                                    .add("class", environmentKindName(record.plan.kind))
                                    .add("strict", record.conditions.strict)
                                    .add("fail_on", jsonTexts(record.failOn))
                                    .add("started_ms", record.startedMs)
                                    .add("ended_ms", record.endedMs)
                                    .value());
    const RunRecord::Shares shares = record.shares();
    head.chop(1); // the object goes on
    sink(head + ",\"cells\":[");
    for (const CellResult& result : record.results)
        sink((&result == &record.results.first() ? QByteArray() : QByteArray(",")) +
             writeJson(cellJson(record, result)));
    const QByteArray tail = writeJson(
        JsonObject()
            .add("summary", summary.value())
            .add("health", JsonObject()
                               .add("profiles", jsonArray(health))
                               .add("decided", qint64(record.decided))
                               .add("proven", qint64(record.proven))
                               .add("sent", qint64(shares.sent))
                               .add("unreachable", qint64(shares.unreachable))
                               .add("throttled", qint64(shares.throttled))
                               .add("rows_without_control", jsonTexts(record.namesOfRowsWithoutControl()))
                               .add("stopped", record.stopped)
                               .add("stop_reason", record.stopReason)
                               .add("inconclusive", record.isInconclusive())
                               .add("gone", qint64(record.gone.size()))
                               .value())
            .add("defects", jsonArray(defects))
            .add("gone", jsonArray(gone))
            .add("remarks", jsonTexts(record.remarks))
            .value());
    sink("]," + tail.mid(1) + '\n');
}

QStringList reportKinds() {
    return {QStringLiteral("html"), QStringLiteral("junit"),    QStringLiteral("sarif"),
            QStringLiteral("json"), QStringLiteral("markdown"), QStringLiteral("csv")};
}

void writeReport(const QString& kind, const RunRecord& record, const ReportSink& sink) {
    if (kind == QLatin1String("html")) sink(htmlReport(record));
    if (kind == QLatin1String("junit")) sink(junitReport(record));
    if (kind == QLatin1String("sarif")) sink(sarifReport(record));
    if (kind == QLatin1String("json")) writeRunJson(record, sink);
    if (kind == QLatin1String("markdown")) sink(markdownReport(record));
    if (kind == QLatin1String("csv")) sink(csvReport(record));
}

QByteArray reportOf(const QString& kind, const RunRecord& record) {
    QByteArray whole;
    writeReport(kind, record, [&whole](const QByteArray& piece) { whole += piece; });
    return whole;
}

} // namespace kb
