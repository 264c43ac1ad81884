// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/matrix_run.h"
#include "core/probe/matrix_text.h"

#include <QTimer>
#include <QVariant>
#include <deque>

namespace kb {

namespace {

struct Item {
    int cell = 0;
    bool canary = false;
    int tries = 0;
};

/// One profile's requests in their order. A canary waits for all before it, and all behind wait for the
/// canary.
struct Lane {
    std::deque<Item> items;
    int underWay = 0;
    bool blocked = false;
    int canariesDone = 0;
    int lastCell = -1; ///< the cell that was answered last
    std::unique_ptr<AuthMemory> memory = std::make_unique<AuthMemory>();
};

} // namespace

struct MatrixRun::Private {
    MatrixRun& q;
    Transport& transport;
    const Clock& clock;
    NoSecrets nobody; ///< outlives the runs that read from it
    QMap<QString, Sender> identities;
    MatrixSettings settings;
    Options options;
    RunRecord record;
    std::vector<Lane> lanes;                   ///< one a profile, in the plan's order
    std::map<Run*, std::unique_ptr<Run>> runs; ///< under way
    QMap<int, int> healthOf;                   ///< profile index to its place in record.health
    std::vector<int> lastOfOperation;          ///< the cell of each that was answered last, or -1
    QTimer pacing;
    qint64 nextSendMs = 0;
    size_t nextLane = 0;
    std::map<int, std::unique_ptr<FixtureChain>> chains; ///< of cells with a disposable object, under way
    QList<int> deferred;                                 ///< cells that wait for what others of their row get
    QList<Marker> markers;
    QHash<QString, QString> ownProblems; ///< by variable: why its value is not known
    qsizetype question = 0;              ///< the next one of the plan's
    std::unique_ptr<Run> asking;
    int underWay = 0, waiting = 0, done = 0, total = 0, silent = 0;
    bool stopping = false, ended = false;
    QString stopReason;

    explicit Private(MatrixRun& owner, Transport& t, const Clock& c) : q(owner), transport(t), clock(c) {}

    /// Of a canary, `cell` is the profile.
    const CellPlan& cellOf(const Item& item) const {
        return item.canary ? *record.plan.canaryOf(item.cell) : record.plan.cells.at(item.cell);
    }

    void fillLanes() {
        lanes.resize(size_t(record.plan.profiles.size()));
        lastOfOperation.assign(size_t(record.plan.api.operations.size()), -1);
        for (int profile = 0; profile < record.plan.profiles.size(); ++profile) {
            const MatrixProfile& who = record.plan.profiles.at(profile);
            Lane& lane = lanes[size_t(profile)];
            const bool canary = record.plan.canaryOf(profile) && identities.contains(who.id);
            if (who.kind == MatrixProfile::Kind::Live) {
                healthOf.insert(profile, int(record.health.size()));
                record.health.append({who.id, {}, {}});
                if (!canary)
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

    /// Asks for the values that requests name, one after the other; then the cells begin.
    void ask() {
        if (ended) return;
        if (stopping || question == record.plan.questions.size()) {
            record.remarks += settleOwnValues(record.plan, options.variables, ownProblems);
            fillLanes();
            if (stopping) clearLanes(stopReason);
            return pump();
        }
        const OwnQuestion& each = record.plan.questions.at(question);
        const QString id = record.plan.profiles.at(each.profile).id;
        const auto identity = identities.constFind(id);
        if (!each.spec || identity == identities.constEnd()) {
            ownProblems.insert(each.variable,
                               each.spec ? MatrixText::tr("The profile is gone.") : each.problem);
            ++question;
            return ask();
        }
        if (const qint64 wait = waitMs(); wait > 0) {
            QTimer::singleShot(int(wait), &q, [this] { ask(); });
            return;
        }
        countSent();
        RunInput input = commonInput();
        input.spec = *each.spec;
        input.spec.settings.timeoutMs = options.timeoutMs;
        input.profile = identity->profile;
        input.trustFileOrigins = identity->trustFileOrigins;
        asking = std::make_unique<Run>(
            Run::Services{transport, *identity->store, clock, nullptr, identity->grants}, std::move(input));
        QObject::connect(asking.get(), &Run::finished, &q, [this](const RunResult& result) {
            asking.release()->deleteLater();
            const OwnQuestion& answered = record.plan.questions.at(question++);
            if (const Result<QString> value = ownValueIn(result, answered.source))
                options.variables.insert(answered.variable, *value);
            else
                ownProblems.insert(answered.variable, value.error().what);
            silent = result.hops.isEmpty() && !result.nothingSent ? silent + 1 : 0;
            if (silent >= options.maxSilent && !stopping)
                giveUp(MatrixText::tr("The server stopped answering; the run was ended."));
            ask();
        });
        asking->start();
    }

    QString objectOf(const CellPlan& cell) const { return ownObject(cell.object, options.variables); }

    void pump() {
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

    /// What waited for the answers of the others, and what flaps, once. False when there is nothing more.
    bool secondRound() {
        QList<int> cells = behindOpenGates();
        deferred.clear();
        if (cells.isEmpty()) cells = failedAndFlapping();
        for (const int cell : cells)
            lanes[size_t(record.plan.cells.at(cell).profile)].items.push_back({cell, false});
        for (size_t i = 0; i < lanes.size(); ++i)
            if (!lanes[i].items.empty() && lanes[i].canariesDone > 0)
                lanes[i].items.push_back({int(i), true});
        for (const Lane& lane : lanes)
            total += int(lane.items.size());
        return !cells.isEmpty();
    }

    /// An impossible precondition is safe only where it was seen to be heeded: 412 for who may.
    QList<int> behindOpenGates() {
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

    /// Those that are asked once more, each once.
    QList<int> failedAndFlapping() {
        QList<int> cells;
        if (options.flapping.isEmpty()) return cells;
        const QStringList remarks = record.remarks; // those of this judgement are not the last word
        evaluate(record, settings, clock.wallMs(), options.strict);
        record.remarks = remarks;
        for (CellResult& result : record.results) {
            const CellPlan& cell = record.plan.cells.at(result.cell);
            const Verdict verdict = result.judged.verdict;
            const bool failed = verdict == Verdict::OverRestricted || verdict == Verdict::Suspect ||
                                verdict == Verdict::Error;
            const bool reads =
                cell.spec->method == QLatin1String("GET") || cell.spec->method == QLatin1String("HEAD");
            if (!failed || !reads || result.askedTwice || !options.flapping.contains(cell.id)) continue;
            result.askedTwice = true;
            cells.append(result.cell);
        }
        return cells;
    }

    /// How long the next request has to wait for its turn.
    qint64 waitMs() const { return options.perSecond > 0 ? nextSendMs - clock.bootMs() : 0; }
    void countSent() {
        if (options.perSecond > 0)
            nextSendMs = qMax(nextSendMs, clock.bootMs()) + qint64(1000 / options.perSecond);
    }

    bool sendNext() {
        if (const qint64 wait = waitMs(); wait > 0) {
            if (!pacing.isActive()) pacing.start(int(wait));
            return false;
        }
        for (size_t step = 0; step < lanes.size(); ++step) {
            const size_t index = (nextLane + step) % lanes.size();
            Lane& lane = lanes[index];
            if (lane.items.empty() || lane.blocked) continue;
            if (lane.items.front().canary && lane.underWay > 0) continue;
            const Item item = lane.items.front();
            lane.items.pop_front();
            nextLane = index + 1;
            countSent();
            send(lane, item);
            return true;
        }
        return false;
    }

    FixtureChain* chainOf(const Item& item) const {
        const auto found = item.canary ? chains.end() : chains.find(item.cell);
        return found == chains.end() ? nullptr : found->second.get();
    }

    QString senderOf(const Item& item) const {
        const FixtureChain* chain = chainOf(item);
        return chain ? chain->who() : record.plan.profileOf(cellOf(item)).id;
    }

    RunInput commonInput() const {
        RunInput input;
        input.environment = options.environment;
        input.variables = options.variables;
        input.secretVariables = options.secretVariables;
        input.caFile = options.caFile;
        input.proxy = options.proxy;
        input.bodyLimit = 8 * 1024 * 1024;
        return input;
    }

    RunInput inputFor(const Item& item) const {
        const CellPlan& cell = cellOf(item);
        const FixtureChain* chain = chainOf(item);
        const bool probe = !chain || chain->isProbe();
        const MatrixProfile& who = record.plan.profileOf(cell);
        RunInput input = commonInput();
        input.spec = chain ? chain->spec() : *cell.spec;
        input.spec.settings.timeoutMs = options.timeoutMs;
        if (probe && who.kind == MatrixProfile::Kind::Anonymous) return input;
        const Sender& identity = *identities.find(senderOf(item));
        input.profile = identity.profile;
        input.trustFileOrigins = identity.trustFileOrigins;
        input.sendAsIs = probe && who.isDefective();
        input.defect = identity.defect;
        // A refusal that was expected is the result, not a reason to refresh.
        if (probe && cell.expectation.expect != Expect::Allow) {
            if (auto* oauth = std::get_if<OAuthScheme>(&input.profile->scheme)) oauth->refreshOn401 = false;
            if (auto* login = std::get_if<LoginScheme>(&input.profile->scheme)) login->refreshOn401 = false;
        }
        return input;
    }

    void send(Lane& lane, const Item& item) {
        const CellPlan& cell = cellOf(item);
        ++underWay;
        ++lane.underWay;
        lane.blocked = lane.blocked || item.canary;
        if (!item.canary && cell.fixture)
            chains[item.cell] =
                std::make_unique<FixtureChain>(*cell.fixture, *cell.spec, record.plan.profileOf(cell).id);
        startRun(lane, item);
    }

    void startRun(Lane& lane, const Item& item) {
        const auto identity = identities.constFind(senderOf(item));
        SecretStore& store =
            identity == identities.constEnd() ? static_cast<SecretStore&>(nobody) : *identity->store;
        GrantKeeper* grants = identity == identities.constEnd() ? nullptr : identity->grants;
        auto run = std::make_unique<Run>(Run::Services{transport, store, clock, lane.memory.get(), grants},
                                         inputFor(item));
        Run* started = run.get();
        if (const FixtureChain* chain = chainOf(item)) started->setProperty("keep", !chain->mayBeCancelled());
        QObject::connect(started, &Run::finished, &q, [this, started, item](const RunResult& result) {
            finishedOne(started, item, result);
        });
        runs[started] = std::move(run);
        started->start();
    }

    void finishedOne(Run* run, const Item& item, const RunResult& result) {
        const auto owned = runs.find(run);
        if (owned == runs.end()) return;
        owned->second.release()->deleteLater();
        runs.erase(owned);
        Lane& lane = lanes[size_t(cellOf(item).profile)];
        if (FixtureChain* chain = chainOf(item)) {
            chain->answered(result, stopping);
            if (chain->step() != FixtureChain::Step::Done) return startRun(lane, item);
        }
        --underWay;
        --lane.underWay;
        Observation seen;
        if (FixtureChain* chain = chainOf(item)) {
            seen = chain->seen();
            if (!chain->leftBehind().isEmpty()) record.remarks.append(chain->leftBehind());
            chains.erase(item.cell);
        } else if (!result.hops.isEmpty()) {
            seen = observe(result.hops.last(), objectOf(cellOf(item)));
            seen.markersOf = markersIn(result.hops.last(), markers);
        } else {
            seen.sent = !result.nothingSent;
            seen.problem = result.error ? result.error->text() : QString();
        }
        if (!stopping && !(cellOf(item).fixture && !item.canary) && waitAndRetry(lane, item, seen))
            return pump();
        if (item.canary)
            canaryDone(lane, item, seen);
        else
            cellDone(lane, item, seen);
        ++done;
        Q_EMIT q.progress(done, total);
        watchServer(item, seen);
        pump();
    }

    /// A throttled request is sent again when the server said, within reason.
    bool waitAndRetry(Lane& lane, const Item& item, const Observation& seen) {
        const bool throttled = seen.status == 429 || (seen.status == 503 && seen.retryAfterS);
        const qint64 wait = seen.retryAfterS.value_or(1);
        if (!throttled || item.tries >= options.retries || wait > options.longestWaitS) return false;
        ++waiting;
        lane.blocked = true; // nothing of this profile goes out meanwhile
        QTimer::singleShot(int(wait * 1000), &q, [this, &lane, item] {
            --waiting;
            lane.blocked = false;
            lane.items.push_front({item.cell, item.canary, item.tries + 1});
            pump();
        });
        return true;
    }

    void canaryDone(Lane& lane, const Item& item, const Observation& seen) {
        lane.blocked = false;
        ++lane.canariesDone;
        ProfileHealth& health = record.health[healthOf.value(cellOf(item).profile)];
        const bool good = (seen.status >= 200 && seen.status < 300) || (cellOf(item).dry && wasReached(seen));
        health.canaries.append(good);
        if (good) return;
        health.problem = seen.status == 0
                             ? seen.problem
                             : MatrixText::tr("%1 got %2.").arg(cellOf(item).spec->name).arg(seen.status);
    }

    void cellDone(Lane& lane, const Item& item, Observation seen) {
        // The same identity gets like answers everywhere, and the same operation is the same request.
        int& lastHere = lastOfOperation[size_t(record.plan.cells.at(item.cell).operation)];
        for (const int known : {lane.lastCell, lastHere})
            if (known >= 0) shareEqualParts(seen, record.results.at(known).seen);
        lane.lastCell = lastHere = item.cell;
        CellResult& result = record.results[item.cell];
        result.seen = std::move(seen);
        result.segment = qMax(0, lane.canariesDone - 1);
        Q_EMIT q.cellDone(item.cell);
    }

    /// A server that is silent, or fails even those who may, is left alone.
    void watchServer(const Item& item, const Observation& seen) {
        const bool failing = seen.status >= 500 && cellOf(item).expectation.expect == Expect::Allow;
        const bool quiet = seen.sent && seen.status == 0;
        if (seen.sent) silent = failing || quiet ? silent + 1 : 0;
        if (silent < options.maxSilent || stopping) return;
        giveUp(quiet ? MatrixText::tr("The server stopped answering; the run was ended.")
                     : MatrixText::tr("The server kept failing; the run was ended."));
    }

    void giveUp(const QString& why) {
        stopping = true;
        record.stopped = true;
        record.remarks.append(why);
        stopReason = why;
        clearLanes(why);
        if (asking) QMetaObject::invokeMethod(asking.get(), &Run::cancel, Qt::QueuedConnection);
        // What makes or removes a disposable object is not broken off: it has to be taken down.
        for (const auto& [run, owned] : runs)
            if (!owned->property("keep").toBool())
                QMetaObject::invokeMethod(run, &Run::cancel, Qt::QueuedConnection);
    }

    void clearLanes(const QString& why) {
        for (Lane& lane : lanes) {
            for (const Item& item : lane.items)
                if (!item.canary) record.results[item.cell].seen.problem = why;
            lane.items.clear();
        }
        for (const int cell : std::as_const(deferred))
            if (!record.results.at(cell).seen.sent) record.results[cell].seen.problem = why;
    }

    void end() {
        ended = true;
        record.endedMs = clock.wallMs();
        evaluate(record, settings, clock.wallMs(), options.strict);
        Q_EMIT q.finished();
    }
};

MatrixRun::MatrixRun(Transport& transport, const Clock& clock, MatrixPlan plan,
                     QMap<QString, Sender> identities, MatrixSettings settings, Options options,
                     QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(*this, transport, clock)) {
    d->identities = std::move(identities);
    d->settings = std::move(settings);
    d->options = std::move(options);
    d->record.plan = std::move(plan);
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
    d->markers = d->record.plan.markers(d->settings);
    QTimer::singleShot(0, this, [this] { d->ask(); });
}

void MatrixRun::stop() {
    if (d->stopping || d->ended) return;
    d->giveUp(MatrixText::tr("The run was stopped."));
    if (d->asking) return; // its end goes on
    const bool begun = !d->lanes.empty();
    QTimer::singleShot(0, this, [this, begun] { begun ? d->pump() : d->ask(); });
}

const RunRecord& MatrixRun::record() const {
    return d->record;
}

RunRecord MatrixRun::takeRecord() {
    return std::move(d->record);
}

} // namespace kb
