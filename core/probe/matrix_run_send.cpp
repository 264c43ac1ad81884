// SPDX-License-Identifier: GPL-3.0-or-later
// One request of a run, from its place in the plan to what came of it.
#include "core/probe/matrix_run_p.h"
#include "core/probe/matrix_text.h"

#include <QVariant>

namespace kb {

const CellPlan& MatrixRun::Private::cellOf(const Item& item) const {
    return item.canary ? *record.plan.canaryOf(item.cell) : record.plan.cells.at(item.cell);
}

FixtureChain* MatrixRun::Private::chainOf(const Item& item) const {
    const auto found = item.canary ? chains.end() : chains.find(item.cell);
    return found == chains.end() ? nullptr : found->second.get();
}

QString MatrixRun::Private::senderOf(const Item& item) const {
    const FixtureChain* chain = chainOf(item);
    return chain ? chain->who() : record.plan.profileOf(cellOf(item)).id;
}

RunInput MatrixRun::Private::commonInput() const {
    RunInput input;
    input.environment = options.environment;
    input.variables = options.variables;
    input.secretVariables = options.secretVariables;
    input.caFile = options.caFile;
    input.proxy = options.proxy;
    input.bodyLimit = 8 * 1024 * 1024;
    return input;
}

RunInput MatrixRun::Private::inputFor(const Item& item) const {
    const CellPlan& cell = cellOf(item);
    const FixtureChain* chain = chainOf(item);
    const bool probe = !chain || chain->isProbe();
    const MatrixProfile& who = record.plan.profileOf(cell);
    RunInput input = commonInput();
    input.spec = chain ? chain->spec() : *cell.spec;
    tellRun(input.spec);
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

void MatrixRun::Private::tellRun(RequestSpec& spec) const {
    if (!record.plan.runHeader.isEmpty()) spec.headers.append({record.plan.runHeader, record.id, {}, true});
}

void MatrixRun::Private::send(Lane& lane, const Item& item) {
    ++underWay;
    ++lane.underWay;
    lane.blocked = lane.blocked || item.canary;
    if (item.canary && !record.plan.canaryOf(item.cell)) return askIssuer(lane, item);
    const CellPlan& cell = cellOf(item);
    if (!item.canary && cell.fixture)
        chains[item.cell] =
            std::make_unique<FixtureChain>(*cell.fixture, *cell.spec, record.plan.profileOf(cell).id);
    startRun(lane, item);
}

void MatrixRun::Private::startRun(Lane& lane, const Item& item) {
    const auto identity = identities.constFind(senderOf(item));
    SecretStore& store =
        identity == identities.constEnd() ? static_cast<SecretStore&>(nobody) : *identity->store;
    GrantKeeper* grants = identity == identities.constEnd() ? nullptr : identity->grants;
    auto run = std::make_unique<Run>(Run::Services{transport, store, clock, lane.memory.get(), grants},
                                     inputFor(item));
    Run* started = run.get();
    if (const FixtureChain* chain = chainOf(item)) started->setProperty("keep", !chain->mayBeCancelled());
    QObject::connect(started, &Run::finished, &q,
                     [this, started, item](const RunResult& result) { finishedOne(started, item, result); });
    runs[started] = std::move(run);
    started->start();
}

void MatrixRun::Private::finishedOne(Run* run, const Item& item, const RunResult& result) {
    const auto owned = runs.find(run);
    if (owned == runs.end()) return;
    owned->second.release()->deleteLater();
    runs.erase(owned);
    Lane& lane = lanes[size_t(cellOf(item).profile)];
    // What a login or a challenge took is known only now.
    spent += qMax(0, int(result.hops.size()) - 1) + int(result.grantExchanges.size());
    const std::shared_ptr<const OutcomeRule> meant =
        result.hops.isEmpty()
            ? nullptr
            : ruleFor(rules, record.plan.operationOf(cellOf(item)), result.hops.last().response());
    if (!item.canary && !result.hops.isEmpty() && (!chainOf(item) || chainOf(item)->isProbe()))
        compareExactly(item, result.hops.last().response());
    if (FixtureChain* chain = chainOf(item)) {
        chain->answered(result, stopping && !draining, meant);
        if (chain->step() != FixtureChain::Step::Done) return startRun(lane, item);
    }
    --underWay;
    --lane.underWay;
    if (waitForLogin(lane, item, result)) return pump();
    Observation seen;
    if (FixtureChain* chain = chainOf(item)) {
        seen = chain->seen();
        if (!chain->leftBehind().isEmpty()) record.remarks.append(chain->leftBehind());
        chains.erase(item.cell);
    } else {
        seen = seenOf(item, result, meant);
    }
    if (!stopping && !(cellOf(item).fixture && !item.canary) && waitAndRetry(lane, item, seen)) return pump();
    // One that spent the last of its rate limit is the last for a while (RateLimit: "remaining" and "reset").
    const qint64 spent = result.hops.isEmpty() ? 0 : rateLimitSpentFor(result.hops.last());
    if (!stopping && !lane.items.empty() && spent > 0 && spent <= options.longestWaitS) rest(lane, spent);
    // It was refused, and let in once its token was renewed: the token had ended some time before.
    if (!stopping && !result.grantExchanges.isEmpty() && result.hops.size() > 1 &&
        result.hops.first().response().status == 401)
        askAgain(lane, cellOf(item).profile);
    if (item.canary)
        canaryDone(lane, item, seen);
    else
        cellDone(lane, item, seen, result.tokenEpoch);
    ++done;
    Q_EMIT q.progress(done, total);
    watchServer(item, seen);
    pump();
}

void MatrixRun::Private::compareExactly(const Item& item, const Response& answer) {
    if (!anyExact) return;
    const CellPlan& cell = record.plan.cells.at(item.cell);
    if (const ExactAnswer* exactly =
            exactlyFor(settings, record.plan.operationOf(cell), record.plan.profileOf(cell), cell.binding))
        record.exact.insert(item.cell, {*exactly, unlikeness(*exactly, answer)});
}

Observation MatrixRun::Private::seenOf(const Item& item, const RunResult& result,
                                       const std::shared_ptr<const OutcomeRule>& meant) const {
    Observation seen;
    if (result.hops.isEmpty()) {
        seen.sent = !result.nothingSent;
        seen.problem = result.error ? result.error->text() : QString();
        return seen;
    }
    seen = observe(result.hops.last(), objectOf(cellOf(item)));
    seen.meant = meant;
    seen.markersOf = markersIn(result.hops.last(), markers);
    return seen;
}

bool MatrixRun::Private::waitForLogin(Lane& lane, const Item& item, const RunResult& result) {
    if (!options.asks || stopping || chainOf(item)) return false;
    const MatrixProfile& who = record.plan.profileOf(cellOf(item));
    const auto identity = identities.constFind(who.id);
    if (who.kind != MatrixProfile::Kind::Live || identity == identities.constEnd() || !identity->grants)
        return false;
    bool needed = result.error && result.error->code == ErrorCode::LoginNeeded;
    // What must get through did not: nothing but a login makes such a token good again.
    if (item.canary && !result.hops.isEmpty() && result.hops.last().response().status == 401) {
        const ProfileBinding* binding = identity->profile.bindingFor(options.environment);
        const GrantState* grant = binding ? identity->grants->stateOf(binding->secret.id) : nullptr;
        needed = needed || (grant && !grant->canRefresh());
    }
    if (!needed || refusedLogins.contains(who.id)) return false;
    if (item.canary) lane.blocked = false;
    lane.items.push_front(item);
    if (!std::exchange(lane.paused, true))
        askForLogin(cellOf(item).profile, result.error ? result.error->what : result.authNote);
    return true;
}

void MatrixRun::Private::askForLogin(int profile, const QString& why) {
    // Whoever hears of it may answer at once.
    QMetaObject::invokeMethod(
        &q, [this, id = record.plan.profiles.at(profile).id, why] { Q_EMIT q.loginNeeded(id, why); },
        Qt::QueuedConnection);
}

void MatrixRun::Private::goOn(const QString& profileId, bool loggedIn) {
    if (ended || stopping) return;
    if (!loggedIn) refusedLogins.insert(profileId);
    if (questionWaits == profileId) {
        questionWaits.clear();
        return ask();
    }
    for (size_t i = 0; i < lanes.size(); ++i)
        if (record.plan.profiles.at(int(i)).id == profileId && std::exchange(lanes[i].paused, false) &&
            !loggedIn)
            leaveOut(lanes[i], int(i));
    pump();
}

/// Without a login nothing more goes out as it, and what was sent since its last canary proves nothing.
void MatrixRun::Private::leaveOut(Lane& lane, int profile) {
    const QString why = MatrixText::tr("Not sent: it needs a login, and nobody logged in.");
    total -= int(lane.items.size());
    for (const Item& item : lane.items)
        if (!item.canary) record.results[item.cell].seen.problem = why;
    lane.items.clear();
    canarySeen(lane, profile, false, why);
}

bool MatrixRun::Private::waitAndRetry(Lane& lane, const Item& item, const Observation& seen) {
    const bool throttled = seen.status == 429 || (seen.status == 503 && seen.retryAfterS);
    const qint64 wait = seen.retryAfterS.value_or(1);
    if (!throttled || item.tries >= options.retries || wait > options.longestWaitS) return false;
    rest(lane, wait, [&lane, item] {
        if (item.canary) lane.blocked = false;
        lane.items.push_front({item.cell, item.canary, item.tries + 1});
    });
    return true;
}

void MatrixRun::Private::rest(Lane& lane, qint64 seconds, std::function<void()> next) {
    ++waiting;
    ++lane.waiting;
    QTimer::singleShot(int(seconds * 1000), &q, [this, &lane, next = std::move(next)] {
        --waiting;
        --lane.waiting;
        if (next) next();
        pump();
    });
}

void MatrixRun::Private::canaryDone(Lane& lane, const Item& item, const Observation& seen) {
    const CellPlan& cell = cellOf(item);
    const bool good = gotThrough(seen) || (cell.dry && wasReached(seen));
    canarySeen(lane, item.cell, good,
               seen.status == 0 ? seen.problem
                                : MatrixText::tr("%1 got %2.").arg(cell.spec->name, answerText(seen)));
}

/// What was sent since the last canary is sent again where that does no harm, each once; what could do harm
/// is not proven, whatever it got. But whoever got through where nobody should did so all the same.
void MatrixRun::Private::askAgain(Lane& lane, int profile) {
    bool any = false;
    for (int i = int(record.results.size()) - 1; i >= 0; --i) {
        CellResult& result = record.results[i];
        const CellPlan& cell = record.plan.cells.at(i);
        if (cell.profile != profile || !result.seen.sent || result.segment != lane.canariesDone - 1) continue;
        const bool reads = isSafeMethod(cell.spec->method.toUtf8());
        if (reads && !repaired.contains(i)) {
            repaired.insert(i);
            lane.items.push_front({i, false});
            ++total;
            any = true;
        } else if (!reads && (cell.expectation.expect == Expect::Allow ||
                              !(gotThrough(result.seen) || result.seen.changedState))) {
            result.seen = {};
            result.seen.sent = true;
            result.seen.problem =
                MatrixText::tr("Its token had ended when it was sent, and it is not sent twice.");
        }
    }
    const auto isCanary = [](const Item& item) { return item.canary; };
    if (!any || std::any_of(lane.items.begin(), lane.items.end(), isCanary)) return;
    lane.items.push_back({profile, true});
    ++total;
}

void MatrixRun::Private::canarySeen(Lane& lane, int profile, bool good, const QString& problem) {
    lane.blocked = false;
    ++lane.canariesDone;
    ProfileHealth& health = record.health[healthOf.value(profile)];
    health.canaries.append(good);
    if (!good) health.problem = problem;
}

/// After a 401 that should not have been, the credential is looked at again at once: what follows may be
/// worth nothing. Where it is dead already, or is good and refused on and on, that is known.
void MatrixRun::Private::doubt(Lane& lane, const CellPlan& cell, const Observation& seen) {
    constexpr int enough = 3;
    const bool unauthorized = seen.meant ? seen.meant->means == Outcome::DeniedAuthn : seen.status == 401;
    const bool unexpected = unauthorized && cell.expectation.expect == Expect::Allow;
    if (!unexpected || stopping || lane.doubts == enough || !hasCanary(cell.profile)) return;
    if (record.plan.profileOf(cell).kind != MatrixProfile::Kind::Live) return;
    if (record.health.at(healthOf.value(cell.profile)).lastFailed()) return;
    if (!lane.items.empty() && lane.items.front().canary) return;
    ++lane.doubts;
    ++total;
    lane.items.push_front({cell.profile, true});
}

bool MatrixRun::Private::hasCanary(int profile) const {
    const auto who = identities.constFind(record.plan.profiles.at(profile).id);
    return who != identities.constEnd() &&
           (record.plan.canaryOf(profile) ||
            (who->grants && record.plan.issuerWordOf(profile) != IssuerWord::None));
}

void MatrixRun::Private::askIssuer(Lane& lane, const Item& item) {
    const Sender& identity = *identities.find(record.plan.profiles.at(item.cell).id);
    auto proof =
        std::make_unique<IssuerProof>(identity,
                                      GrantInput{identity.profile, options.environment, options.variables,
                                                 options.proxy, options.caFile, identity.trustFileOrigins},
                                      record.plan.issuerWordOf(item.cell));
    IssuerProof* started = proof.get();
    QObject::connect(started, &IssuerProof::finished, &q,
                     [this, &lane, item, started](bool good, const QString& problem) {
                         const auto owned = proofs.find(started);
                         owned->second.release()->deleteLater();
                         proofs.erase(owned);
                         --underWay;
                         --lane.underWay;
                         canarySeen(lane, item.cell, good, problem);
                         ++done;
                         Q_EMIT q.progress(done, total);
                         pump();
                     });
    proofs[started] = std::move(proof);
    started->start();
}

void MatrixRun::Private::cellDone(Lane& lane, const Item& item, Observation seen, quint64 epoch) {
    // The same identity gets like answers everywhere, and the same operation is the same request.
    int& lastHere = lastOfOperation[size_t(record.plan.cells.at(item.cell).operation)];
    for (const int known : {lane.lastCell, lastHere})
        if (known >= 0) shareEqualParts(seen, record.results.at(known).seen);
    lane.lastCell = lastHere = item.cell;
    CellResult& result = record.results[item.cell];
    doubt(lane, record.plan.cells.at(item.cell), seen);
    result.seen = std::move(seen);
    result.epoch = quint32(epoch);
    result.segment = qMax(0, lane.canariesDone - 1);
    Q_EMIT q.cellDone(item.cell);
}

void MatrixRun::Private::watchServer(const Item& item, const Observation& seen) {
    const bool broken = seen.status >= 500 || (seen.meant && seen.meant->means == Outcome::ServerError);
    const bool failing = broken && cellOf(item).expectation.expect == Expect::Allow;
    const bool quiet = seen.sent && seen.status == 0;
    // A server error in place of a denial is a finding, and no sign of a server that is well.
    const bool neutral = broken && !failing;
    if (seen.sent && !neutral) silent = failing || quiet ? silent + 1 : 0;
    if (silent < options.maxSilent || stopping) return;
    giveUp(quiet ? MatrixText::tr("The server stopped answering; the run was ended.")
                 : MatrixText::tr("The server kept failing; the run was ended."));
}

} // namespace kb
