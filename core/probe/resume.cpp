// SPDX-License-Identifier: GPL-3.0-or-later
// A run that ended early, and what is left of it.
#include "core/probe/resume.h"

#include "core/base/json_make.h"
#include "core/http/url_template.h"
#include "core/probe/baseline.h"
#include "core/probe/matrix_text.h"
#include "core/probe/outcome_rules.h"
#include "core/probe/part_run.h"

#include <QCryptographicHash>
#include <QSet>
#include <algorithm>

namespace kb {

namespace {

bool isTrue(const JsonValue& object, QStringView name) {
    const JsonValue* member = object.find(name);
    return member && member->boolean;
}

qint64 whole(const JsonValue& object, QStringView name) {
    const JsonValue* member = object.find(name);
    return member && member->isNumber() ? qint64(member->toDouble()) : 0;
}

/// "Bearer invalid_token, Basic", as challengeNames() writes it.
QList<Challenge> challengesNamed(const QString& names) {
    QList<Challenge> challenges;
    for (const QString& each : names.split(QStringLiteral(", "), Qt::SkipEmptyParts)) {
        Challenge challenge;
        challenge.scheme = each.section(u' ', 0, 0).toLatin1();
        if (const QString error = each.section(u' ', 1); !error.isEmpty())
            challenge.params.append({"error", error.toLatin1()});
        challenges.append(challenge);
    }
    return challenges;
}

Observation seenOf(const JsonValue& cell, const JsonValue& seen, const MatrixPlan& plan,
                   const OutcomeRules& rules) {
    Observation got;
    got.sent = true;
    got.status = int(whole(cell, u"status"));
    got.challenges = challengesNamed(cell.text(u"challenge"));
    got.problemType = cell.text(u"problem_type");
    got.problem = seen.text(u"problem");
    got.request = seen.text(u"request");
    got.location = seen.text(u"location");
    got.leavesOrigin = isTrue(seen, u"leaves_origin");
    got.bodySize = whole(seen, u"body_size");
    got.bodyEmpty = isTrue(seen, u"body_empty");
    got.bodyDigest = QByteArray::fromHex(seen.text(u"body_digest").toLatin1());
    if (const JsonValue* shape = seen.find(u"body_shape"))
        for (const JsonValue& path : shape->items)
            got.bodyShape.append(path.string);
    if (const JsonValue* wait = seen.find(u"retry_after_s"); wait && wait->isNumber())
        got.retryAfterS = qint64(wait->toDouble());
    got.holdsObject = isTrue(seen, u"holds_object");
    got.changedState = isTrue(seen, u"changed_state");
    got.echoedSecret = isTrue(seen, u"echoed_secret");
    if (const JsonValue* took = seen.find(u"milliseconds")) got.milliseconds = took->toDouble();
    if (const JsonValue* of = seen.find(u"markers_of"))
        for (const JsonValue& id : of->items)
            for (int i = 0; i < qMin(64, int(plan.profiles.size())); ++i)
                if (plan.profiles.at(i).id == id.string) got.markersOf |= quint64(1) << i;
    const QString rule = cell.text(u"outcome_rule");
    for (const auto& each : rules)
        if (each->name == rule && !rule.isEmpty()) got.meant = each;
    return got;
}

ProfileHealth healthOf(const JsonValue& row) {
    ProfileHealth health;
    health.profile = row.text(u"profile_id");
    health.problem = row.text(u"problem");
    health.run = int(whole(row, u"run"));
    if (const JsonValue* canaries = row.find(u"canaries"))
        for (const JsonValue& good : canaries->items)
            health.canaries.append(good.boolean);
    return health;
}

/// Whether no canary of its profile came behind it, where it has any.
bool isUnclosed(const RunRecord& record, const CellResult& result) {
    const QString id = record.plan.profileOf(record.plan.cells.at(result.cell)).id;
    return std::any_of(record.health.begin(), record.health.end(), [&](const ProfileHealth& each) {
        return each.profile == id && each.run == result.run && !each.canaries.isEmpty() &&
               result.segment >= each.canaries.size() - 1;
    });
}

Error refused(const QString& what, const QString& file, const QString& next) {
    return {ErrorCode::InvalidInput, what, file, next};
}

} // namespace

QString planHash(const MatrixPlan& plan) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](const QString& text) { hash.addData(QString(text + u'\n').toUtf8()); };
    add(plan.baseUrl);
    for (const MatrixProfile& profile : plan.profiles)
        add(profile.id);
    for (const CellPlan& cell : plan.cells) {
        add(cell.id);
        add(cell.notSent);
        // The id of an object that does not exist is made anew for each plan.
        const bool made = cell.binding == Binding::Absent || cell.absent;
        add(cell.spec->method + u' ' + (made ? cell.spec->url : cell.address()));
        if (!made) add(cell.object);
    }
    return QString::fromLatin1(hash.result().toHex());
}

QList<int> cellsLeft(const RunRecord& record) {
    QSet<int> left, groups;
    const auto groupOf = [&](const CellPlan& cell) {
        return cell.operation * int(record.plan.profiles.size()) + cell.profile;
    };
    const auto isSafe = [](const CellPlan& cell) { return isSafeMethod(cell.spec->method.toUtf8()); };
    for (int i = 0; i < record.results.size(); ++i) {
        const CellResult& result = record.results.at(i);
        const CellPlan& cell = record.plan.cells.at(result.cell);
        if (!cell.notSent.isEmpty()) continue;
        const bool answered = result.seen.status != 0;
        const bool again = answered ? record.stopped && isUnclosed(record, result) : true;
        if (!again || (result.seen.sent && !isSafe(cell))) continue;
        left.insert(i);
        groups.insert(groupOf(cell));
    }
    // What is asked for before a run may be another value this time: who compares, compares the same.
    if (!record.plan.questions.isEmpty())
        for (int i = 0; i < record.results.size(); ++i) {
            const CellPlan& cell = record.plan.cells.at(record.results.at(i).cell);
            if (cell.notSent.isEmpty() && isSafe(cell) && groups.contains(groupOf(cell))) left.insert(i);
        }
    QList<int> cells(left.begin(), left.end());
    std::sort(cells.begin(), cells.end());
    return cells;
}

MatrixPlan partOf(const MatrixPlan& plan, const QList<int>& cells) {
    MatrixPlan part = plan;
    part.cells.clear();
    for (const int cell : cells)
        part.cells.append(plan.cells.at(cell));
    return part;
}

JsonValue seenJson(const RunRecord& record, const CellResult& result) {
    const Observation& seen = result.seen;
    QStringList markers;
    for (int i = 0; i < qMin(64, int(record.plan.profiles.size())); ++i)
        if (seen.markersOf >> i & 1) markers.append(record.plan.profiles.at(i).id);
    JsonObject object;
    object.add("request", seen.request)
        .add("asked_twice", result.askedTwice)
        .add("problem", seen.problem)
        .add("location", seen.location.section(u'?', 0, 0).section(u'#', 0, 0))
        .add("leaves_origin", seen.leavesOrigin)
        .add("body_size", seen.bodySize)
        .add("body_empty", seen.bodyEmpty)
        .add("body_digest", QString::fromLatin1(seen.bodyDigest.toHex()))
        .add("body_shape", jsonTexts(seen.bodyShape))
        .add("holds_object", seen.holdsObject)
        .add("markers_of", jsonTexts(markers))
        .add("changed_state", seen.changedState)
        .add("echoed_secret", seen.echoedSecret)
        .add("milliseconds", jsonNumber(seen.milliseconds));
    if (seen.retryAfterS) object.add("retry_after_s", *seen.retryAfterS);
    return object.value();
}

Result<RunRecord> readStoppedRun(const QByteArray& json, const QString& file, const MatrixPlan& plan,
                                 const MatrixSettings& settings) {
    const QString anew = MatrixText::tr("Run the matrix anew, without --resume.");
    const Result<JsonValue> run = parseJson(json);
    const JsonValue* cells = run ? run->find(u"cells") : nullptr;
    const JsonValue* hash = run ? run->find(u"plan_hash") : nullptr;
    if (!cells || !cells->isArray() || !hash || !hash->isString())
        return tl::unexpected(refused(
            MatrixText::tr("This is no JSON report of a run that can be resumed."), file,
            MatrixText::tr("Name the file that --report json=FILE wrote for a run that was stopped.")));
    if (hash->string != planHash(plan))
        return tl::unexpected(
            refused(MatrixText::tr(
                        "This run was made from another plan: the document, the identities, the place of the "
                        "API or what was chosen of them are others now."),
                    file, anew));
    RunRecord record;
    record.plan = plan;
    record.planHash = hash->string;
    record.id = run->text(u"run_id");
    QHash<QString, const JsonValue*> known;
    for (const JsonValue& cell : cells->items)
        known.insert(cell.text(u"id"), &cell);
    const OutcomeRules rules = outcomeRules(settings);
    for (int i = 0; i < plan.cells.size(); ++i) {
        CellResult& result = record.results.emplaceBack();
        result.cell = i;
        const JsonValue* cell = known.value(plan.cells.at(i).id);
        const JsonValue* seen = cell ? cell->find(u"seen") : nullptr;
        if (!seen || !seen->isObject()) continue;
        result.seen = seenOf(*cell, *seen, plan, rules);
        result.segment = int(whole(*cell, u"segment"));
        result.epoch = quint32(whole(*cell, u"epoch"));
        result.run = int(whole(*cell, u"run"));
        result.askedTwice = isTrue(*seen, u"asked_twice");
    }
    const JsonValue* health = run->find(u"health");
    if (const JsonValue* profiles = health ? health->find(u"profiles") : nullptr)
        for (const JsonValue& row : profiles->items)
            record.health.append(healthOf(row));
    record.stopped = health && isTrue(*health, u"stopped");
    if (!record.stopped)
        return tl::unexpected(
            refused(MatrixText::tr("This run came to its end: there is nothing to resume."), file, anew));
    return record;
}

} // namespace kb
