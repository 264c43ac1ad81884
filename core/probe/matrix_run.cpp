// SPDX-License-Identifier: GPL-3.0-or-later
// What is sent when, and when it ends. How one request goes out and what comes of it: matrix_run_send.cpp.
#include "core/probe/matrix_run_p.h"
#include "core/probe/matrix_text.h"
#include "core/probe/resume.h"

#include <QUuid>
#include <QVariant>
#include <chrono>

namespace kb {

void MatrixRun::Private::fillLanes() {
    lanes.resize(size_t(record.plan.profiles.size()));
    lastOfOperation.assign(size_t(record.plan.api.operations.size()), -1);
    for (int profile = 0; profile < record.plan.profiles.size(); ++profile) {
        const MatrixProfile& who = record.plan.profiles.at(profile);
        Lane& lane = lanes[size_t(profile)];
        const bool canary = hasCanary(profile);
        if (who.kind == MatrixProfile::Kind::Live) {
            healthOf.insert(profile, int(record.health.size()));
            record.health.append({who.id, {}, who.problem});
            if (!canary && who.problem.isEmpty())
                record.health.last().problem =
                    MatrixText::tr("No request is known that only a good credential gets through.");
        }
        int since = 0;
        const auto addCanary = [&] {
            if (canary) lane.items.push_back({profile, true});
            since = 0;
        };
        addCanary();
        const bool known = who.kind == MatrixProfile::Kind::Anonymous || identities.contains(who.id);
        for (int i = 0; i < record.plan.cells.size(); ++i) {
            const CellPlan& cell = record.plan.cells.at(i);
            if (cell.profile != profile || !cell.notSent.isEmpty()) continue;
            if (!known) record.results[i].seen.problem = MatrixText::tr("The profile is gone.");
            if (!known) continue;
            if (cell.fixture && cell.fixture->precondition && cell.expectation.expect != Expect::Allow) {
                deferred.append(i);
                continue;
            }
            if (since == options.canaryEvery) addCanary();
            lane.items.push_back({i, false});
            ++since;
        }
        if (!lane.items.empty() && since > 0) addCanary();
        total += int(lane.items.size());
    }
}

void MatrixRun::Private::ask() {
    if (ended) return;
    if (stopping || question == record.plan.questions.size()) {
        record.remarks += settleOwnValues(record.plan, options.variables, ownProblems);
        fillLanes();
        if (stopping) clearLanes(record.stopReason);
        return pump();
    }
    const OwnQuestion& each = record.plan.questions.at(question);
    const QString id = record.plan.profiles.at(each.profile).id;
    const auto identity = identities.constFind(id);
    if (!each.spec || identity == identities.constEnd()) {
        ownProblems.insert(each.variable, each.spec ? MatrixText::tr("The profile is gone.") : each.problem);
        ++question;
        return ask();
    }
    if (const qint64 wait = waitMs(); wait > 0) {
        QTimer::singleShot(int(wait), &q, [this] { ask(); });
        return;
    }
    if (!mayCost(1)) return ask();
    countSent();
    RunInput input = commonInput();
    input.spec = *each.spec;
    tellRun(input.spec);
    input.spec.settings.timeoutMs = options.timeoutMs;
    input.profile = identity->profile;
    input.trustFileOrigins = identity->trustFileOrigins;
    asking = std::make_unique<Run>(
        Run::Services{transport, *identity->store, clock, nullptr, identity->grants}, std::move(input));
    QObject::connect(asking.get(), &Run::finished, &q, [this](const RunResult& result) {
        asking.release()->deleteLater();
        if (questionNeedsLogin(result)) return;
        const OwnQuestion& answered = record.plan.questions.at(question++);
        if (const Result<QString> value = ownValueIn(result, answered.source, answered.inPath)) {
            options.variables.insert(answered.variable, *value);
            record.own.insert(answered.variable, *value);
        } else {
            ownProblems.insert(answered.variable, value.error().what);
        }
        silent = result.hops.isEmpty() && !result.nothingSent ? silent + 1 : 0;
        if (silent >= options.maxSilent && !stopping)
            giveUp(MatrixText::tr("The server stopped answering; the run was ended."));
        ask();
    });
    asking->start();
}

bool MatrixRun::Private::questionNeedsLogin(const RunResult& result) {
    const int profile = record.plan.questions.at(question).profile;
    const QString id = record.plan.profiles.at(profile).id;
    if (!options.asks || stopping || !result.error || result.error->code != ErrorCode::LoginNeeded ||
        refusedLogins.contains(id))
        return false;
    questionWaits = id;
    askForLogin(profile, result.error->what);
    return true;
}

void MatrixRun::Private::pump() {
    if (ended) return;
    if (!stopping)
        while (underWay < options.parallel && sendNext()) {
        }
    const bool empty =
        std::all_of(lanes.begin(), lanes.end(), [](const Lane& lane) { return lane.items.empty(); });
    if (underWay != 0 || (!stopping && (!empty || waiting != 0))) return;
    if (!stopping && secondRound()) return pump();
    end();
}

bool MatrixRun::Private::secondRound() {
    QList<int> cells = behindOpenGates();
    deferred.clear();
    if (cells.isEmpty()) cells = failedAndFlapping();
    for (const int cell : cells)
        lanes[size_t(record.plan.cells.at(cell).profile)].items.push_back({cell, false});
    for (size_t i = 0; i < lanes.size(); ++i)
        if (!lanes[i].items.empty() && lanes[i].canariesDone > 0) lanes[i].items.push_back({int(i), true});
    for (const Lane& lane : lanes)
        total += int(lane.items.size());
    return !cells.isEmpty();
}

QList<int> MatrixRun::Private::behindOpenGates() {
    QMap<int, bool> gates;
    for (const CellResult& result : std::as_const(record.results)) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        if (!cell.fixture || !cell.fixture->precondition || cell.expectation.expect != Expect::Allow ||
            !result.seen.sent)
            continue;
        const bool heeded = result.seen.status == 412 && !result.seen.changedState;
        gates[cell.operation] = gates.value(cell.operation, true) && heeded;
    }
    QList<int> open;
    for (const int cell : std::as_const(deferred)) {
        const int operation = record.plan.cells.at(cell).operation;
        if (gates.value(operation, false))
            open.append(cell);
        else
            record.results[cell].seen.problem = MatrixText::tr(
                "Not sent: nobody who may was seen to get 412 for an If-Match that fits nothing.");
    }
    return open;
}

QList<int> MatrixRun::Private::failedAndFlapping() {
    QList<int> cells;
    if (options.flapping.isEmpty()) return cells;
    const QStringList remarks = record.remarks; // those of this judgement are not the last word
    evaluate(record, settings, clock.wallMs(), options.strict);
    record.remarks = remarks;
    for (CellResult& result : record.results) {
        const CellPlan& cell = record.plan.cells.at(result.cell);
        const Verdict verdict = result.judged.verdict;
        const bool failed =
            verdict == Verdict::OverRestricted || verdict == Verdict::Suspect || verdict == Verdict::Error;
        const bool reads =
            cell.spec->method == QLatin1String("GET") || cell.spec->method == QLatin1String("HEAD");
        if (!failed || !reads || result.askedTwice || !options.flapping.contains(cell.id)) continue;
        result.askedTwice = true;
        cells.append(result.cell);
    }
    return cells;
}

void MatrixRun::Private::countSent() {
    if (options.perSecond > 0)
        nextSendMs = qMax(nextSendMs, clock.bootMs()) + qint64(1000 / options.perSecond);
}

int MatrixRun::Private::costOf(const Item& item) const {
    const CellPlan* cell = item.canary ? nullptr : &record.plan.cells.at(item.cell);
    if (!cell || !cell->fixture) return 1;
    return cell->fixture->verify.url.isEmpty() ? 3 : 5;
}

bool MatrixRun::Private::mayCost(int requests) {
    const int limit = record.plan.limits.requests;
    if (limit > 0 && spent + requests > limit) {
        giveUp(MatrixText::tr("The run's limit of %1 requests is reached.").arg(limit), true);
        return false;
    }
    spent += requests;
    return true;
}

bool MatrixRun::Private::sendNext() {
    if (const qint64 wait = waitMs(); wait > 0) {
        if (!pacing.isActive()) pacing.start(int(wait));
        return false;
    }
    for (size_t step = 0; step < lanes.size(); ++step) {
        const size_t index = (nextLane + step) % lanes.size();
        Lane& lane = lanes[index];
        if (lane.items.empty() || lane.blocked || lane.paused || lane.waiting > 0) continue;
        if (lane.items.front().canary && lane.underWay > 0) continue;
        const Item item = lane.items.front();
        if (!mayCost(costOf(item))) return false;
        lane.items.pop_front();
        nextLane = index + 1;
        countSent();
        send(lane, item);
        return true;
    }
    return false;
}

void MatrixRun::Private::giveUp(const QString& why, bool drain) {
    stopping = true;
    draining = drain;
    record.stopped = true;
    record.remarks.append(why);
    record.stopReason = why;
    clearLanes(why);
    if (drain) return;
    if (asking) QMetaObject::invokeMethod(asking.get(), &Run::cancel, Qt::QueuedConnection);
    for (const auto& [proof, owned] : proofs)
        QMetaObject::invokeMethod(proof, &IssuerProof::cancel, Qt::QueuedConnection);
    // What makes or removes a disposable object is not broken off: it has to be taken down.
    for (const auto& [run, owned] : runs)
        if (!owned->property("keep").toBool())
            QMetaObject::invokeMethod(run, &Run::cancel, Qt::QueuedConnection);
}

void MatrixRun::Private::goOnStopped() {
    if (asking) return; // its end goes on
    const bool begun = !lanes.empty();
    QTimer::singleShot(0, &q, [this, begun] { begun ? pump() : ask(); });
}

void MatrixRun::Private::clearLanes(const QString& why) {
    for (Lane& lane : lanes) {
        for (const Item& item : lane.items)
            if (!item.canary) record.results[item.cell].seen.problem = why;
        lane.items.clear();
    }
    for (const int cell : std::as_const(deferred))
        if (!record.results.at(cell).seen.sent) record.results[cell].seen.problem = why;
}

void MatrixRun::Private::end() {
    ended = true;
    record.endedMs = clock.wallMs();
    record.runRemarks = record.remarks;
    if (record.stopped) // what waited for another try, too
        for (CellResult& result : record.results)
            if (!result.seen.sent && result.seen.problem.isEmpty()) result.seen.problem = record.stopReason;
    evaluate(record, settings, clock.wallMs(), options.strict);
    Q_EMIT q.finished();
}

/// Two that renew one grant take each other's tokens: one at a time it is done, and no more is known.
void MatrixRun::Private::remarkSharedGrants() {
    QMap<QString, QStringList> names; // by what the grant is kept as
    for (const MatrixProfile& who : std::as_const(record.plan.profiles)) {
        const auto identity = identities.constFind(who.id);
        if (who.kind != MatrixProfile::Kind::Live || identity == identities.constEnd()) continue;
        const AuthScheme& scheme = identity->profile.scheme;
        const bool renews =
            std::holds_alternative<OAuthScheme>(scheme) || std::holds_alternative<LoginScheme>(scheme);
        const ProfileBinding* binding = identity->profile.bindingFor(options.environment);
        if (renews && binding) names[binding->secret.id].append(who.name);
    }
    for (const QStringList& each : std::as_const(names))
        if (each.size() > 1)
            record.remarks.append(
                MatrixText::tr("%1 share one grant: whoever renews it ends the others' token.")
                    .arg(each.join(QStringLiteral(", "))));
}

MatrixRun::MatrixRun(Transport& transport, const Clock& clock, MatrixPlan plan,
                     QMap<QString, Sender> identities, MatrixSettings settings, Options options,
                     QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(*this, transport, clock)) {
    d->identities = std::move(identities);
    d->settings = std::move(settings);
    d->options = std::move(options);
    d->record.plan = std::move(plan);
    d->record.planHash = planHash(d->record.plan);
    d->record.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    d->record.conditions = {d->options.environment, d->options.parallel, d->options.perSecond,
                            d->options.strict,
                            qEnvironmentVariable("USER", qEnvironmentVariable("USERNAME"))};
    for (int i = 0; i < d->record.plan.cells.size(); ++i)
        d->record.results.emplaceBack().cell = i;
    d->pacing.setSingleShot(true);
    connect(&d->pacing, &QTimer::timeout, this, [this] { d->pump(); });
}

MatrixRun::~MatrixRun() {
    d->ended = true;
}

void MatrixRun::start() {
    d->record.startedMs = d->clock.wallMs();
    d->remarkSharedGrants();
    d->markers = d->record.plan.markers(d->settings);
    d->rules = outcomeRules(d->settings);
    d->anyExact = std::any_of(d->settings.marks.begin(), d->settings.marks.end(),
                              [](const MatrixMark& mark) { return mark.exactly.has_value(); });
    if (const int limit = d->record.plan.limits.seconds; limit > 0)
        QTimer::singleShot(std::chrono::seconds(limit), this, [this, limit] {
            if (d->ended || (d->stopping && !d->draining)) return;
            d->giveUp(MatrixText::tr("The run's limit of %1 s is reached.").arg(limit));
            d->goOnStopped();
        });
    QTimer::singleShot(0, this, [this] { d->ask(); });
}

void MatrixRun::goOn(const QString& profileId, bool loggedIn) {
    d->goOn(profileId, loggedIn);
}

void MatrixRun::stop() {
    if (d->ended || (d->stopping && !d->draining)) return;
    d->giveUp(MatrixText::tr("The run was stopped."));
    d->goOnStopped();
}

const RunRecord& MatrixRun::record() const {
    return d->record;
}

RunRecord MatrixRun::takeRecord() {
    return std::move(d->record);
}

} // namespace kb
