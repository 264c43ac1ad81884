// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/baseline.h"
#include "core/probe/matrix_text.h"

#include "core/base/json_make.h"

#include <QCryptographicHash>

namespace kb {

namespace {

bool isDenial(const QString& outcome) {
    return outcome.startsWith(QLatin1String("denied")) || outcome == QLatin1String("concealed");
}
bool isAllowance(const QString& outcome) {
    return outcome.startsWith(QLatin1String("allowed")) || outcome.startsWith(QLatin1String("reached"));
}

/// An answer of the server's that is neither.
bool isUnclear(const QString& outcome) {
    return outcome == QLatin1String("server-error") || outcome == QLatin1String("ambiguous") ||
           outcome == QLatin1String("redirected");
}

Baseline::Cell cellOf(const RunRecord& record, const CellResult& result) {
    const CellPlan& plan = record.plan.cells.at(result.cell);
    Baseline::Cell cell;
    cell.operation = operationName(record.plan.operationOf(plan));
    cell.binding = bindingName(plan.binding);
    cell.who = record.plan.profileOf(plan).name;
    cell.expected = expectName(plan.expectation.expect);
    cell.outcome = outcomeName(result.outcome.outcome);
    cell.verdict = verdictName(result.judged.verdict);
    cell.status = result.seen.status;
    cell.challenge = challengeNames(result.seen.challenges);
    cell.problemType = placelessType(record.plan, result.seen);
    cell.shape = shapeDigest(result.seen.bodyShape);
    cell.evidence = result.evidence;
    cell.complete = true;
    return cell;
}

/// The schemes alone: a challenge with another error is still a challenge.
QStringList schemesOf(const QString& challenges) {
    QStringList schemes;
    for (const QString& each : challenges.split(QStringLiteral(", "), Qt::SkipEmptyParts))
        schemes.append(each.section(u' ', 0, 0).toLower());
    return schemes;
}

/// How bad the difference between two sights of a cell is; empty where there is none that counts.
QString degreeOf(const Baseline::Cell& before, const Baseline::Cell& now, Provenance provenance) {
    if (isDenial(before.outcome) && isAllowance(now.outcome)) return QStringLiteral("critical");
    if (isAllowance(before.outcome) && isDenial(now.outcome)) return QStringLiteral("high");
    if (isDenial(before.outcome) && isDenial(now.outcome) && before.outcome != now.outcome)
        return QStringLiteral("medium");
    if (before.verdict == QLatin1String("pass") && now.verdict == QLatin1String("suspect"))
        return QStringLiteral("medium");
    if ((isAllowance(before.outcome) || isDenial(before.outcome)) && isUnclear(now.outcome))
        return QStringLiteral("medium");
    if (!before.complete) return {};
    const QStringList schemes = schemesOf(now.challenge);
    for (const QString& scheme : schemesOf(before.challenge))
        if (isDenial(now.outcome) && !schemes.contains(scheme)) return QStringLiteral("medium");
    if (before.expected != now.expected && provenance != Provenance::Manual)
        return QStringLiteral("expected");
    if (before.status != now.status || before.challenge != now.challenge ||
        before.problemType != now.problemType || before.shape != now.shape || before.evidence != now.evidence)
        return QStringLiteral("low");
    return {};
}

/// "403 denied-authz, 200 allowed": what differs, then and now.
QString reasonOf(const Baseline::Cell& before, const Baseline::Cell& now) {
    QStringList parts;
    const auto compare = [&](const QString& what, const QString& then, const QString& today) {
        const QString none = MatrixText::tr("none");
        if (then != today)
            parts.append(MatrixText::tr("%1 was %2, is %3")
                             .arg(what, then.isEmpty() ? none : then, today.isEmpty() ? none : today));
    };
    if (before.complete) compare(MatrixText::tr("expected"), before.expected, now.expected);
    compare(MatrixText::tr("outcome"), before.outcome, now.outcome);
    compare(MatrixText::tr("status"), QString::number(before.status), QString::number(now.status));
    if (before.verdict != now.verdict) compare(MatrixText::tr("verdict"), before.verdict, now.verdict);
    if (before.complete) {
        compare(MatrixText::tr("challenge"), before.challenge, now.challenge);
        compare(MatrixText::tr("problem type"), before.problemType, now.problemType);
        compare(MatrixText::tr("evidence"), before.evidence, now.evidence);
        if (before.shape != now.shape) parts.append(MatrixText::tr("the body has other members"));
    }
    return parts.join(QStringLiteral("; ")) + u'.';
}

/// What the baseline has and the plan has not, by operation and by identity.
void findGone(RunRecord& record, const Baseline& baseline) {
    QSet<QString> ids, operations, names, goneOperations, goneNames;
    for (const CellPlan& cell : std::as_const(record.plan.cells))
        ids.insert(cell.id);
    for (const ApiOperation& operation : std::as_const(record.plan.api.operations))
        operations.insert(operationName(operation));
    for (const MatrixProfile& profile : std::as_const(record.plan.profiles))
        names.insert(profile.name);
    for (auto each = baseline.cells.cbegin(); each != baseline.cells.cend(); ++each) {
        if (ids.contains(each.key())) continue;
        record.gone.append({each.key(), each->operation, each->binding, each->who, each->outcome,
                            each->verdict, each->status});
        if (!each->complete) continue;
        if (!operations.contains(each->operation))
            goneOperations.insert(each->operation);
        else if (!names.contains(each->who))
            goneNames.insert(each->who);
    }
    for (const QString& operation : baseline.operations)
        if (!operations.contains(operation) && !goneOperations.contains(operation)) {
            goneOperations.insert(operation); // none of its cells was ever sent
            GoneCell never;
            never.operation = operation;
            never.outcome = outcomeName(Outcome::NotSent);
            record.gone.append(never);
        }
    QStringList sentences;
    for (const QString& operation : std::as_const(goneOperations))
        sentences.append(
            MatrixText::tr("%1 is in the baseline and no longer in the document.").arg(operation));
    for (const QString& name : std::as_const(goneNames))
        sentences.append(MatrixText::tr("%1 is in the baseline and not among the identities.").arg(name));
    sentences.sort();
    record.remarks.append(sentences);
}

} // namespace

QString challengeNames(const QList<Challenge>& challenges) {
    QStringList names;
    for (const Challenge& challenge : challenges) {
        QString name = QString::fromLatin1(challenge.scheme);
        const QByteArray error = challenge.param("error");
        // Free text of the server's: what is no error code of RFC 6750 is not kept.
        const bool isCode =
            !error.isEmpty() && error.size() <= 64 && std::all_of(error.begin(), error.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
            });
        if (isCode) name += u' ' + QString::fromLatin1(error);
        names.append(name);
    }
    return names.join(QStringLiteral(", "));
}

QString placelessType(const MatrixPlan& plan, const Observation& seen) {
    const Result<HttpUrl> base = HttpUrl::parse(plan.baseUrl);
    const QString origin = base ? base->origin().text() : QString();
    return !origin.isEmpty() && seen.problemType.startsWith(origin + u'/')
               ? seen.problemType.mid(origin.size())
               : seen.problemType;
}

QString shapeDigest(const QStringList& paths) {
    if (paths.isEmpty()) return {};
    return QString::fromLatin1(
        QCryptographicHash::hash(paths.join(u'\n').toUtf8(), QCryptographicHash::Sha256).toHex().left(16));
}

Result<Baseline> readBaseline(const QByteArray& text, const QString& file) {
    const Result<JsonValue> document = parseJson(text);
    if (!document) {
        Error error = document.error();
        error.where = file + QStringLiteral(", ") + error.where;
        return tl::unexpected(error);
    }
    const JsonValue* cells = document->find(u"cells");
    if (!cells || !cells->isArray())
        return fail(ErrorCode::ParseError, MatrixText::tr("This is neither a run nor a baseline."), file,
                    MatrixText::tr("Name the JSON report of a run, or what \"matrix baseline\" made of it."));
    Baseline baseline;
    if (const JsonValue* health = document->find(u"health"))
        if (const JsonValue* inconclusive = health->find(u"inconclusive"))
            baseline.inconclusive = inconclusive->boolean;
    for (const JsonValue& each : cells->items) {
        const JsonValue* status = each.find(u"status");
        Baseline::Cell cell;
        cell.outcome = each.text(u"outcome");
        const QString path = each.text(u"path");
        cell.operation =
            path.isEmpty() ? each.text(u"operation") : QString(each.text(u"method") + u' ' + path);
        if (!path.isEmpty()) baseline.operations.insert(cell.operation);
        if (cell.outcome == QLatin1String("not-sent")) continue;
        cell.binding = each.text(u"binding");
        cell.who = each.text(u"profile");
        cell.expected = each.text(u"expected");
        cell.verdict = each.text(u"verdict");
        cell.status = status ? int(status->toDouble()) : 0;
        cell.challenge = each.text(u"challenge");
        cell.problemType = each.text(u"problem_type");
        cell.shape = each.text(u"body_shape");
        cell.evidence = each.text(u"evidence_grade");
        cell.complete = each.find(u"body_shape") != nullptr;
        baseline.cells.insert(each.text(u"id"), cell);
    }
    if (const JsonValue* operations = document->find(u"operations"))
        for (const JsonValue& each : operations->items)
            baseline.operations.insert(each.string);
    return baseline;
}

Baseline baselineOf(const RunRecord& record) {
    Baseline baseline;
    baseline.inconclusive = record.isInconclusive();
    for (const CellResult& result : record.results) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        baseline.operations.insert(operationName(record.plan.operationOf(cell)));
        if (result.outcome.outcome != Outcome::NotSent)
            baseline.cells.insert(cell.id, cellOf(record, result));
    }
    return baseline;
}

QByteArray baselineJson(const Baseline& baseline) {
    // A cell a line, in the order of what it is about: it is kept in git.
    QMap<QString, QByteArray> lines;
    for (auto each = baseline.cells.cbegin(); each != baseline.cells.cend(); ++each) {
        JsonObject object;
        object.add("id", each.key());
        if (each->complete)
            object.add("operation", each->operation)
                .add("binding", each->binding)
                .add("profile", each->who)
                .add("expected", each->expected);
        object.add("outcome", each->outcome)
            .add("verdict", each->verdict)
            .add("status", qint64(each->status));
        if (each->complete)
            object.add("challenge", each->challenge)
                .add("problem_type", each->problemType)
                .add("body_shape", each->shape)
                .add("evidence_grade", each->evidence);
        lines.insert(each->operation + u'\n' + each->binding + u'\n' + each->who + u'\n' + each.key(),
                     writeJson(object.value()));
    }
    QByteArray text = "{\"schema_version\":1,\"cells\":[\n" + lines.values().join(",\n") + "\n]";
    if (!baseline.operations.isEmpty()) {
        QStringList operations(baseline.operations.cbegin(), baseline.operations.cend());
        operations.sort();
        QByteArrayList names;
        for (const QString& each : std::as_const(operations))
            names.append(writeJson(jsonText(each)));
        text += ",\"operations\":[\n" + names.join(",\n") + "\n]";
    }
    return text + "}\n";
}

namespace {

void setDrift(CellResult& result, const QString& drift, const QString& reason) {
    result.drift = drift;
    result.driftReason = reason;
}

/// What was not sent is not compared, but neither does it pass in silence: a new operation, or one that is no
/// longer asked. What a run that was stopped did not come to is neither.
void compareUnsent(const RunRecord& record, CellResult& result, const Baseline& baseline) {
    const CellPlan& cell = record.plan.cells.at(result.cell);
    const QString why = cell.notSent.isEmpty() ? result.seen.problem : cell.notSent;
    if (record.newOperations.contains(cell.operation)) {
        setDrift(result, QStringLiteral("new"), MatrixText::tr("The baseline does not know this operation."));
        return;
    }
    const auto before = baseline.cells.constFind(cell.id);
    if (before == baseline.cells.constEnd() || why.isEmpty() || (cell.notSent.isEmpty() && record.stopped))
        return;
    result.before = before->verdict;
    setDrift(result, QStringLiteral("unasked"),
             MatrixText::tr("The baseline has %1 here. It was not asked: %2").arg(before->outcome, why));
}

} // namespace

void compareWithBaseline(RunRecord& record, const Baseline& baseline, bool whole) {
    record.compared = true;
    record.gone.clear();
    record.newOperations.clear();
    // A file of an older version does not say which there were.
    for (int i = 0; i < record.plan.api.operations.size() && !baseline.operations.isEmpty(); ++i)
        if (!baseline.operations.contains(operationName(record.plan.api.operations.at(i))))
            record.newOperations.insert(i);
    for (CellResult& result : record.results) {
        result.drift.clear();
        result.driftReason.clear();
        result.before.clear();
        if (result.outcome.outcome == Outcome::NotSent) {
            compareUnsent(record, result, baseline);
            continue;
        }
        const CellPlan& cell = record.plan.cells.at(result.cell);
        const auto before = baseline.cells.constFind(cell.id);
        if (before == baseline.cells.constEnd()) {
            setDrift(result, QStringLiteral("new"),
                     record.newOperations.contains(cell.operation)
                         ? MatrixText::tr("The baseline does not know this operation.")
                         : MatrixText::tr("The baseline does not know this cell."));
            continue;
        }
        const Baseline::Cell now = cellOf(record, result);
        result.before = before->verdict;
        result.drift = degreeOf(*before, now, cell.expectation.provenance);
        if (!result.drift.isEmpty()) result.driftReason = reasonOf(*before, now);
    }
    if (whole) findGone(record, baseline);
}

} // namespace kb
