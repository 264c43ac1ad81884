// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runner/collection_run.h"

#include "core/auth/crypto.h"
#include "core/runner/runner_text.h"

#include <QTimer>
#include <algorithm>

namespace kb {

namespace {

/// One iteration: its variables and how far it is.
struct Lane {
    VariableMap variables; ///< of its data and of answers: they win over all others
    QStringList secrets;   ///< captured values that answers show masked
    int next = 0;          ///< index of the request to send
    int underWay = 0;
};

/// A request under way, then its answer under judgement.
struct Work {
    std::unique_ptr<Run> run;
    std::optional<Exchange> answer;
    std::optional<HistoryRecord> past; ///< where somebody keeps it
    HandlePtr checking;
};

/// What a run captured as secret is masked where it was sent and where it came.
void mask(HistoryRecord& record, const QStringList& secrets) {
    if (secrets.isEmpty()) return;
    Redactor masks;
    qsizetype longest = 0;
    for (const QString& secret : secrets) {
        masks.addSecret(Secret(viewOf(secret.toUtf8())), true);
        longest = qMax(longest, secret.toUtf8().size());
    }
    // Where a body was cut, the beginning of one may stand.
    if (record.bodyCut) record.responseBody.chop(longest);
    if (record.requestBody.size() == HistoryLimits::bodyBytes) record.requestBody.chop(longest);
    for (QString* text : {&record.entry.url, &record.entry.problem, &record.diagnosis})
        *text = masks.text(*text);
    for (QList<HeaderField>* fields : {&record.requestHeaders, &record.responseHeaders})
        for (HeaderField& field : *fields)
            field.value = masks.text(field.value);
    record.requestBody = masks.text(record.requestBody);
    record.responseBody = masks.text(record.responseBody);
}

} // namespace

struct CollectionRun::Private {
    CollectionRun& q;
    Transport& transport;
    const Clock& clock;
    NoSecrets nobody; ///< outlives the runs that read from it
    QMap<QString, Sender> identities;
    Options options;
    RunnerRecord record;
    std::vector<Lane> lanes;
    std::map<int, Work> works;                             ///< by entry
    std::vector<HandlePtr> spent;                          ///< checks that told their end
    std::map<QString, std::unique_ptr<AuthMemory>> memory; ///< by profile id
    const Redactor shapes; ///< of what looks like a token, wherever it was typed
    int unsent = 0;        ///< entries that have not begun
    int firstLane = 0;     ///< those before it have begun all of theirs
    bool inOrder = false;  ///< a request needs what one before it captured
    bool stopping = false, ended = false;

    Private(CollectionRun& owner, Transport& t, const Clock& c) : q(owner), transport(t), clock(c) {}

    int requestCount() const { return int(record.requests.size()); }

    void fillLanes() {
        for (int iteration = 0; iteration < record.iterations; ++iteration) {
            Lane lane;
            if (!options.data.isEmpty()) lane.variables = options.data.at(iteration % options.data.size());
            lanes.push_back(std::move(lane));
            for (int request = 0; request < requestCount(); ++request) {
                RunnerEntry& entry = record.entries.emplaceBack();
                entry.request = request;
                entry.iteration = iteration;
            }
        }
        unsent = int(record.entries.size());
        inOrder =
            std::any_of(record.requests.begin(), record.requests.end(), [](const RunnerRequest& request) {
                return std::any_of(request.spec.captures.begin(), request.spec.captures.end(),
                                   [](const CaptureSpec& capture) { return capture.enabled; });
            });
    }

    void pump() {
        if (ended) return;
        while (!stopping && int(works.size()) < options.parallel && sendNext()) {
        }
        if (works.empty() && (stopping || unsent == 0)) end();
    }

    /// The first iteration that has something to send: iterations begin in their order.
    bool sendNext() {
        while (firstLane < int(lanes.size()) && lanes[size_t(firstLane)].next == requestCount())
            ++firstLane;
        for (int iteration = firstLane; iteration < int(lanes.size()); ++iteration) {
            Lane& lane = lanes[size_t(iteration)];
            if (lane.next == requestCount() || (inOrder && lane.underWay > 0)) continue;
            const int entry = iteration * requestCount() + lane.next;
            ++lane.next;
            --unsent;
            ++lane.underWay;
            send(entry);
            return true;
        }
        return false;
    }

    VariableMap variablesFor(const RunnerEntry& entry) const {
        VariableMap all = options.variables;
        for (const Variable& variable : record.requests.at(entry.request).ownVariables)
            all.insert(variable.name, variable.value);
        all.insert(lanes[size_t(entry.iteration)].variables);
        return all;
    }

    CheckTools toolsFor(const RunnerEntry& entry) const {
        CheckTools tools = options.tools;
        tools.secrets = lanes[size_t(entry.iteration)].secrets;
        return tools;
    }

    QString profileOf(const RequestSpec& spec) const { return options.asProfile.value_or(spec.profileId); }

    void send(int index) {
        RunnerEntry& entry = record.entries[index];
        const RunnerRequest& request = record.requests.at(entry.request);
        const QString profileId = profileOf(request.spec);
        const auto identity = identities.constFind(profileId);
        if (!profileId.isEmpty() && identity == identities.constEnd())
            return refuse(index, RunnerText::tr("The profile it is sent as is not there."));
        if (!options.caution.isEmpty() && !isSafeMethod(request.spec.method.toUtf8()))
            return refuse(index, options.caution);
        RunInput input;
        input.spec = request.spec;
        input.environment = options.environment;
        input.variables = variablesFor(entry);
        input.secretVariables = options.secretVariables;
        input.readFile = options.tools.readFile;
        input.caFile = options.caFile;
        input.proxy = options.proxy;
        SecretStore* store = &nobody;
        GrantKeeper* grants = nullptr;
        if (!profileId.isEmpty()) {
            entry.profile = identity->profile.name;
            input.profile = identity->profile;
            input.trustFileOrigins = identity->trustFileOrigins;
            store = identity->store;
            grants = identity->grants;
        }
        std::unique_ptr<AuthMemory>& known = memory[profileId];
        if (!known) known = std::make_unique<AuthMemory>();
        auto run = std::make_unique<Run>(Run::Services{transport, *store, clock, known.get(), grants},
                                         std::move(input));
        QObject::connect(run.get(), &Run::finished, &q,
                         [this, index](const RunResult& result) { answered(index, result); });
        Run* started = run.get();
        works[index].run = std::move(run);
        started->start();
    }

    /// Told later, so that it takes the way of every other request.
    void refuse(int index, const QString& why) {
        works[index];
        record.entries[index].problem = why;
        record.entries[index].nothingSent = true;
        QTimer::singleShot(0, &q, [this, index] { done(index, RunnerEntry::State::Error); });
    }

    void answered(int index, const RunResult& result) {
        const auto work = works.find(index);
        if (work == works.end()) return;
        work->second.run.release()->deleteLater();
        spent.clear();
        RunnerEntry& entry = record.entries[index];
        if (options.keep && !result.nothingSent) {
            const RequestSpec& spec = record.requests.at(entry.request).spec;
            work->second.past = historyRecord(
                {spec, profileOf(spec), entry.profile, options.environment, variablesFor(entry)}, result,
                clock.wallMs());
        }
        // An answer before the one that was to come is none: a redirect whose target did not answer.
        if (result.error || result.hops.isEmpty()) {
            entry.nothingSent = result.nothingSent && !stopping;
            entry.problem = result.error ? result.error->text() : RunnerText::tr("No answer came.");
            if (stopping) entry.problem = RunnerText::tr("The run was stopped.");
            return done(index, stopping ? RunnerEntry::State::Skipped : RunnerEntry::State::Error);
        }
        const BodyEnd end = result.hops.last().response().bodyEnd;
        if (end != BodyEnd::Complete) {
            // What of it came is no answer to judge.
            entry.status = result.hops.last().response().status;
            entry.problem = stopping ? RunnerText::tr("The run was stopped.")
                                     : RunnerText::tr("The answer is not whole. %1")
                                           .arg(result.hops.last().response().bodyNote)
                                           .trimmed();
            return done(index, stopping ? RunnerEntry::State::Skipped : RunnerEntry::State::Error);
        }
        work->second.answer = result.hops.last();
        const Exchange& answer = *work->second.answer;
        entry.status = answer.response().status;
        entry.milliseconds = answer.timings().total;
        if (result.diagnosis) entry.doctor = result.diagnosis->sentence;
        work->second.checking =
            checkAnswer(record.requests.at(entry.request).spec, answer, variablesFor(entry), toolsFor(entry),
                        [this, index](CheckedAnswer checked) { judged(index, std::move(checked)); });
    }

    void judged(int index, CheckedAnswer checked) {
        RunnerEntry& entry = record.entries[index];
        Lane& lane = lanes[size_t(entry.iteration)];
        const bool passed = checked.passed();
        for (Captured& capture : checked.captures) {
            if (capture.problem.isEmpty()) {
                lane.variables.insert(capture.variable, capture.value);
                if (capture.isSecret && capture.value.size() >= 4) lane.secrets.append(capture.value);
            }
            capture.value.clear();
        }
        entry.checks = std::move(checked.checks);
        entry.captures = std::move(checked.captures);
        spent.push_back(std::move(works[index].checking)); // the caller: its code is still under way
        done(index, passed ? RunnerEntry::State::Passed : RunnerEntry::State::Failed);
    }

    void done(int index, RunnerEntry::State state) {
        std::optional<HistoryRecord> past = std::move(works[index].past);
        works.erase(index);
        RunnerEntry& entry = record.entries[index];
        entry.state = state;
        Lane& lane = lanes[size_t(entry.iteration)];
        if (past) {
            // Of an answer that was not judged nobody knows what in it is secret.
            if (entry.captures.isEmpty() && !record.requests.at(entry.request).spec.captures.isEmpty())
                past->responseBody.clear();
            mask(*past, lane.secrets);
            options.keep(*past);
        }
        --lane.underWay;
        for (CheckResult& check : entry.checks)
            check.message = shapes.text(check.message);
        for (const QString& secret : std::as_const(lane.secrets)) {
            const QString dots(8, QChar(0x2022));
            entry.problem.replace(secret, dots);
            entry.doctor.replace(secret, dots);
            for (CheckResult& check : entry.checks)
                check.message.replace(secret, dots);
        }
        Q_EMIT q.entryDone(index);
        if (options.bail && state != RunnerEntry::State::Passed && !stopping)
            skipRest(RunnerText::tr("A request before it did not pass."));
        pump();
    }

    void skipRest(const QString& why) {
        stopping = true;
        for (int index = 0; index < record.entries.size(); ++index) {
            RunnerEntry& entry = record.entries[index];
            if (entry.state != RunnerEntry::State::Waiting || works.count(index)) continue;
            entry.state = RunnerEntry::State::Skipped;
            entry.problem = why;
        }
        for (Lane& lane : lanes)
            lane.next = requestCount();
    }

    void end() {
        ended = true;
        record.endedMs = clock.wallMs();
        Q_EMIT q.finished();
    }
};

CollectionRun::CollectionRun(Transport& transport, const Clock& clock, QList<RunnerRequest> requests,
                             QMap<QString, Sender> identities, Options options, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(*this, transport, clock)) {
    d->identities = std::move(identities);
    d->options = std::move(options);
    d->record.requests = std::move(requests);
    d->record.name = d->options.workspaceName;
    d->record.environment = d->options.environment;
    d->record.iterations = qMax(1, d->options.iterations);
    d->fillLanes();
}

CollectionRun::~CollectionRun() {
    d->ended = true;
}

void CollectionRun::start() {
    d->record.startedMs = d->clock.wallMs();
    QTimer::singleShot(0, this, [this] { d->pump(); });
}

void CollectionRun::stop() {
    if (d->stopping || d->ended) return;
    d->record.stopped = true;
    d->skipRest(RunnerText::tr("The run was stopped."));
    for (const auto& [index, work] : d->works)
        if (work.run) QMetaObject::invokeMethod(work.run.get(), &Run::cancel, Qt::QueuedConnection);
    QTimer::singleShot(0, this, [this] { d->pump(); });
}

const RunnerRecord& CollectionRun::record() const {
    return d->record;
}

} // namespace kb
