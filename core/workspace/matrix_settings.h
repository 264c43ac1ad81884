// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/outcome_rule.h"
#include "core/workspace/token_defect.h"

#include <QDate>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <optional>

namespace kb {

/// What is expected of a cell of the access matrix.
enum class Expect {
    Allow,
    DenyAuthn, ///< 401: nobody we know
    DenyAuthz, ///< 403: known, and not allowed
    Deny,      ///< either
    Conceal,   ///< 403 or 404
    Unknown,
    NotApplicable
};
/// "allow", "deny-authn", "deny-authz", "deny", "conceal", "unknown", "n/a"
QString expectName(Expect expect);
std::optional<Expect> expectFromName(const QString& name);

/// A rule on claims: whoever meets all of `claims` is allowed, everybody else gets `otherwise`. The first
/// rule whose methods, tags and path fit an operation counts.
struct MatrixRule {
    QStringList methods; ///< empty: any
    QStringList tags;    ///< any one of them; empty: any
    QString path;        ///< a glob over the path template; empty: any
    QStringList claims;  ///< "role=admin", "scope=users:read", all of them
    Expect otherwise = Expect::DenyAuthz;
    bool operator==(const MatrixRule&) const = default;
};

/// A mark by hand. Empty parts match everything: a cell names operation and profile, a row the operation, a
/// column the profile.
struct MatrixMark {
    QString operation; ///< "GET /users/{id}"
    QString profile;   ///< a profile's id; "anonymous" for nobody
    QString binding;   ///< "self", "peer" …; empty: any
    Expect expect = Expect::Unknown;
    QString reason;
    std::optional<ExactAnswer> exactly = {}; ///< and just like this
    bool operator==(const MatrixMark&) const = default;
};

/// Members of answers that not everybody who gets the answer should see.
struct FieldRule {
    QStringList methods; ///< empty: any
    QStringList tags;    ///< any one of them; empty: any
    QString path;        ///< a glob over the path template; empty: any
    /// JSON pointers where "*" is any item of a list ("/users/*/email"), with all that is below; without a
    /// slash at its beginning a member's name, wherever it is ("ssn").
    QStringList fields;
    QStringList claims;   ///< who has all of them may see it; empty: nobody may
    QStringList bindings; ///< whose objects: "peer", "other-tenant" …; empty: anybody's
    bool operator==(const FieldRule&) const = default;
};

/// How an unsafe operation may be probed (docs/access-matrix.md).
enum class ProbeStrategy { NotSent, AbsentObject, InvalidBody, Precondition, Fixture, Live };
/// "not-sent", "absent-object", "invalid-body", "impossible-precondition", "fixture", "live"
QString strategyName(ProbeStrategy strategy);
std::optional<ProbeStrategy> strategyFromName(const QString& name);

/// A disposable object for the strategies Fixture and Precondition: made as its owner before the probe,
/// looked at as its owner after, and taken down in any case.
struct MatrixFixture {
    QString setup;    ///< the operation that makes it: "POST /webhooks"
    QString owner;    ///< the id of the profile that makes it
    QString body;     ///< sent with the setup; empty: the document's example
    QString pointer;  ///< where its answer has the object's id (RFC 6901); empty: "/id"
    QString verify;   ///< an operation that shows it, or a list that holds it: "GET /webhooks"
    QString teardown; ///< the operation that removes it: "DELETE /webhooks/{id}"
    bool operator==(const MatrixFixture&) const = default;
};

/// The object that a profile owns where a parameter's name alone does not tell of which kind it is: "id" of
/// /users/{id} is not "id" of /orders/{id}.
struct OwnValue {
    QString parameter;
    QString path; ///< a glob over the path template: only there; of several the one that says most counts
    QString profile;
    QString value;
    bool operator==(const OwnValue&) const = default;
};

/// A finding that is known and borne for a while: one cell, or all of what has one cause.
struct MatrixWaiver {
    QString cell; ///< its id
    QString reason;
    QString author;
    QString expires;      ///< a date, "2030-01-31"
    QString finding = {}; ///< in place of a cell: the rule and the operation, "bola GET /users/{id}"
    bool operator==(const MatrixWaiver&) const = default;
};
/// The last day on which a waiver counts; invalid where it has none, or where its text is no date.
QDate waiverEnd(const MatrixWaiver& waiver);

/// What one run may cost; 0: no limit.
struct RunLimits {
    int requests = 0;
    int seconds = 0;
    bool operator==(const RunLimits&) const = default;
};

/// What the user says of the access matrix. Saved in the workspace, fit for git: it holds no secret.
struct MatrixSettings {
    /// The API's document: a file, relative to the workspace, or an address, which may hold {{variables}}.
    QString document;
    QString baseline; ///< the file of the pinned run, relative to the workspace; empty: none
    QList<MatrixRule> rules;
    QList<MatrixMark> marks;
    QStringList confirmedPublic;        ///< operations without security of their own that are public
    bool conceal = false;               ///< the API answers 404 where it could answer 403
    QMap<QString, QStringList> implied; ///< a scope to the scopes it implies; "x:*" for all that begin so
    QMap<QString, ProbeStrategy> strategies;   ///< by operation, "DELETE /users/{id}"
    QMap<QString, MatrixFixture> fixtures;     ///< by operation, where its strategy needs one
    QMap<QString, QString> canaries;           ///< by profile id, the operation chosen: "GET /me"
    QMap<QString, QStringList> markers;        ///< by profile id: texts that only its own objects hold
    QList<DerivedProfile> derived;             ///< forged identities
    QMap<QString, QMap<QString, QString>> own; ///< parameter name to profile id to the value it owns
    QList<OwnValue> ownByPath;                 ///< the same for some paths only: goes before `own`
    /// By the name of a security scheme, the ids of the profiles that have a credential for it; a scheme that
    /// is not named is filled by all whose credential is of its kind.
    QMap<QString, QStringList> schemes;
    /// Origins beside the base address that operations with a server of their own may be sent to.
    QStringList servers;
    QList<MatrixWaiver> waivers;
    QList<FieldRule> fields;
    QList<OutcomeRule> outcomes; ///< what answers mean where their status does not say
    RunLimits limits;
    QString runHeader;      ///< a header field that tells each run's id with each request; empty: none
    QString tenantClaim;    ///< the claim that names an identity's tenant; empty: "tenant"
    bool malformed = false; ///< ids that no object can have are sent, too
    bool operator==(const MatrixSettings&) const = default;
};

} // namespace kb
