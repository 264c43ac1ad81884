// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/fixture.h"
#include "core/probe/matrix.h"
#include "core/probe/own_values.h"
#include "core/workspace/environment.h"
#include "core/workspace/request_spec.h"

#include <QHash>
#include <memory>
#include <optional>

namespace kb {

/// One cell as it would be sent, or why it would not.
struct CellPlan {
    QString id;
    int operation = 0; ///< index in MatrixPlan::api.operations
    int profile = 0;   ///< index in MatrixPlan::profiles
    Binding binding = Binding::None;
    Expectation expectation;
    /// Without the profile: shared by all cells that send the same. Never null in a plan.
    std::shared_ptr<const RequestSpec> spec = std::make_shared<const RequestSpec>();
    std::shared_ptr<const FixturePlan> fixture; ///< the disposable object it is sent to; else null
    QString notSent;                            ///< a sentence; empty for what will be sent
    QString object;   ///< whose object is asked for: its value in the path; empty where that does not matter
    bool dry = false; ///< sent so that it changes nothing: an absent object or a body that is no good
    bool absent = false; ///< dry, and sent to an object that does not exist

    /// The address with the path's values in place; `missing` gets the names that have none.
    QString address(QStringList* missing = nullptr) const;
};

/// Everything that would be sent, before anything is.
struct MatrixPlan {
    ApiDescription api;
    QList<MatrixProfile> profiles; ///< anonymous first
    QString baseUrl;
    EnvironmentKind kind = EnvironmentKind::Unset; ///< as said, or as the host tells
    QList<CellPlan> cells;                         ///< by operation, then profile, then binding
    /// A safe request for each live profile that only a good credential gets through: sent first, now and
    /// then, and last. Of any operation, also one that is not among the cells.
    QList<CellPlan> canaries;
    /// The object of who asks, by the id of a cell that asks for another's or for none. Beside the cells,
    /// since of sixty thousand few have one.
    QHash<QString, QString> owns;
    /// What is asked for before the cells: their requests name its variables.
    QList<OwnQuestion> questions;
    RunLimits limits;                ///< what a run of it may cost
    QString runHeader;               ///< a field of each request that tells the run's id; empty: none
    std::optional<Error> runProblem; ///< why there is none though one was wanted
    bool narrowed = false;           ///< to some operations or identities: what is not here may be elsewhere

    const ApiOperation& operationOf(const CellPlan& cell) const { return api.operations.at(cell.operation); }
    const MatrixProfile& profileOf(const CellPlan& cell) const { return profiles.at(cell.profile); }
    static constexpr int usualCanaryEvery = 20; ///< cells of a profile between two canaries
    /// "GET https://api.example.com" with how many requests go there: cells, what makes, looks at and removes
    /// their objects, canaries, and what is asked first. Only what a server's answers bring about is not
    /// known: a second try, say.
    QList<std::pair<QString, int>> countsByMethodAndHost(int canaryEvery = usualCanaryEvery) const;
    /// How often the canary of this profile is sent, or its issuer asked.
    int canaryCount(int profile, int every = usualCanaryEvery) const;
    /// Production, or nobody knows: nothing unsafe is sent, and one request a second.
    bool isCautious() const { return kind == EnvironmentKind::Production || kind == EnvironmentKind::Unset; }
    /// About how long a run takes: as many requests as are sent, canaries among them, at that pace.
    double estimatedSeconds(int parallel, double perSecond) const;
    /// A sentence for each identity whose token ends before such a run does, and that nothing renews.
    QStringList outlivedTokens(double nowSeconds, int parallel, double perSecond) const;
    /// All requests of the plan, those to issuers of tokens among them.
    int requestCount() const;
    /// Where a run of it comes to more than its limits allow, a sentence each.
    QStringList limitSentences(int parallel, double perSecond) const;
    int sendCount() const; ///< of the cells alone
    /// The ids of the cells that would be done for real: those of the strategy Live.
    QStringList liveCells(const MatrixSettings& settings) const;
    int liveCount(const MatrixSettings& settings) const { return int(liveCells(settings).size()); }
    const CellPlan* canaryOf(int profile) const;
    /// What the issuer of a live profile's token is asked in place of a canary; None where there is one.
    IssuerWord issuerWordOf(int profile) const;
    /// A sentence for each live profile: how it is seen that its credential is good.
    QStringList canarySentences(int every) const;
    QList<Marker>
    markers(const MatrixSettings& settings) const; ///< of those profiles, forged ones not among them
};

struct PlanOptions {
    QString baseUrl;                               ///< absolute, variables resolved
    QStringList only;                              ///< globs over "GET /users/{id}"; empty: every operation
    bool allowUnsafe = false;                      ///< the saved strategies count
    bool live = false;                             ///< the strategy Live too
    EnvironmentKind kind = EnvironmentKind::Unset; ///< of the environment; Unset: told by the host
};

/// Only GET and HEAD are sent by themselves; another method needs a saved strategy, `allowUnsafe` and an
/// environment that is known not to be production; the strategy Live one that is local or a test. OPTIONS
/// and TRACE are not part of the matrix.
MatrixPlan makePlan(const ApiDescription& api, const QList<MatrixProfile>& profiles,
                    const MatrixSettings& settings, const PlanOptions& options);

/// The name of the field that tells a run's id, where the settings want one: no name that a credential, a
/// parameter of the API or a rule of HTTP has use for.
Result<QString> runHeaderFor(const MatrixPlan& plan, const MatrixSettings& settings);

} // namespace kb
