// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/issuer_proof.h"
#include "core/probe/matrix_run.h"
#include "core/probe/outcome_rules.h"

#include <QTimer>
#include <deque>

namespace kb {

struct MatrixRun::Private {
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
        bool blocked = false; ///< by a canary under way
        bool paused = false;  ///< until the user has logged in, or will not
        int waiting = 0;      ///< throttled requests that wait for their next try
        int canariesDone = 0;
        int doubts = 0;    ///< canaries sent because of a 401 that should not have been
        int lastCell = -1; ///< the cell that was answered last
        std::unique_ptr<AuthMemory> memory = std::make_unique<AuthMemory>();
    };

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
    std::map<IssuerProof*, std::unique_ptr<IssuerProof>> proofs;
    QMap<int, int> healthOf;          ///< profile index to its place in record.health
    std::vector<int> lastOfOperation; ///< the cell of each that was answered last, or -1
    QTimer pacing;
    qint64 nextSendMs = 0;
    size_t nextLane = 0;
    std::map<int, std::unique_ptr<FixtureChain>> chains; ///< of cells with a disposable object, under way
    QList<int> deferred;                                 ///< cells that wait for what others of their row get
    QSet<int> repaired; ///< cells that were sent again because their token had ended
    QList<Marker> markers;
    OutcomeRules rules;
    bool anyExact = false;               ///< a mark says exactly what is expected
    QHash<QString, QString> ownProblems; ///< by variable: why its value is not known
    qsizetype question = 0;              ///< the next one of the plan's
    QString questionWaits;               ///< whose login the question waits for; else empty
    QSet<QString> refusedLogins;         ///< by profile: the user will not log in
    std::unique_ptr<Run> asking;
    int underWay = 0, waiting = 0, done = 0, total = 0, silent = 0;
    int spent = 0; ///< requests sent, and those that what is under way will need
    bool stopping = false, ended = false;
    bool draining = false; ///< stopping, and what is under way comes to its end
    explicit Private(MatrixRun& owner, Transport& t, const Clock& c) : q(owner), transport(t), clock(c) {}

    /// Of a canary, `cell` is the profile; it has none where its issuer is asked.
    const CellPlan& cellOf(const Item& item) const;
    void fillLanes();

    /// Asks for the values that requests name, one after the other; then the cells begin.
    void ask();
    bool questionNeedsLogin(const RunResult& result);
    QString objectOf(const CellPlan& cell) const { return ownObject(cell.object, options.variables); }

    void pump();

    /// What waited for the answers of the others, and what flaps, once. False when there is nothing more.
    bool secondRound();

    /// An impossible precondition is safe only where it was seen to be heeded: 412 for who may.
    QList<int> behindOpenGates();

    /// Those that are asked once more, each once.
    QList<int> failedAndFlapping();

    /// How long the next request has to wait for its turn.
    qint64 waitMs() const { return options.perSecond > 0 ? nextSendMs - clock.bootMs() : 0; }
    void countSent();
    /// What a cell needs, with what makes, looks at and removes its object.
    int costOf(const Item& item) const;
    /// False, and the run ends, where so many more are beyond its limit.
    bool mayCost(int requests);
    bool sendNext();
    FixtureChain* chainOf(const Item& item) const;
    QString senderOf(const Item& item) const;
    RunInput commonInput() const;
    RunInput inputFor(const Item& item) const;
    void tellRun(RequestSpec& spec) const;
    void send(Lane& lane, const Item& item);
    void startRun(Lane& lane, const Item& item);
    void finishedOne(Run* run, const Item& item, const RunResult& result);

    void compareExactly(const Item& item, const Response& answer);
    /// What came of it where no chain of requests belongs to it.
    Observation seenOf(const Item& item, const RunResult& result,
                       const std::shared_ptr<const OutcomeRule>& meant) const;

    /// Only the user gets its profile a new token: it waits in its lane, and the user is asked once.
    bool waitForLogin(Lane& lane, const Item& item, const RunResult& result);
    void askForLogin(int profile, const QString& why);
    void goOn(const QString& profileId, bool loggedIn);
    void leaveOut(Lane& lane, int profile);

    /// A throttled request is sent again when the server said, within reason.
    bool waitAndRetry(Lane& lane, const Item& item, const Observation& seen);
    void askAgain(Lane& lane, int profile);
    bool hasCanary(int profile) const;
    void askIssuer(Lane& lane, const Item& item);
    /// Nothing of this profile goes out meanwhile; then `next` is done, and what waits is sent.
    void rest(Lane& lane, qint64 seconds, std::function<void()> next = {});
    void canaryDone(Lane& lane, const Item& item, const Observation& seen);
    void canarySeen(Lane& lane, int profile, bool good, const QString& problem);
    void cellDone(Lane& lane, const Item& item, Observation seen, quint64 epoch);
    void doubt(Lane& lane, const CellPlan& cell, const Observation& seen);

    /// A server that is silent, or fails even those who may, is left alone.
    void watchServer(const Item& item, const Observation& seen);
    /// Nothing more is sent. `drain`: what is under way is not broken off.
    void giveUp(const QString& why, bool drain = false);
    void goOnStopped();
    void remarkSharedGrants();
    void clearLanes(const QString& why);
    void end();
};

} // namespace kb
