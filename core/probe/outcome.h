// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/challenge.h"
#include "core/http/problem.h"
#include "core/probe/matrix.h"
#include "core/run/exchange.h"

#include <memory>

namespace kb {

/// What was seen of one cell, without its body and without secrets.
struct Observation {
    // Those that are small stand together: a large grid has tens of thousands of these.
    int status = 0; ///< 0 without an answer
    bool sent = false;
    bool leavesOrigin = false; ///< of a redirect's target
    bool bodyEmpty = true;     ///< nothing, or "[]", "{}", "null"
    bool holdsObject = false;  ///< the body has the object that was asked for, by its value
    bool changedState = false; ///< a disposable object was changed or removed, as its owner saw
    bool echoedSecret = false; ///< the answer held the secret that was sent
    QString problem;           ///< why it was not sent, or why no answer came
    QList<Challenge> challenges;
    QString problemType; ///< RFC 9457 `type`, where the body is such a document
    QString location;    ///< of a redirect, which is never followed
    qint64 bodySize = 0;
    QByteArray bodyDigest; ///< SHA-256, to compare and never to show
    QStringList bodyShape; ///< the JSON paths of the body, sorted; empty for what is no JSON
    std::optional<qint64> retryAfterS;
    /// Whose markers the body has: a bit for each of the plan's profiles, in their order.
    quint64 markersOf = 0;
    /// The user's rule that says what the answer means; null: the status does.
    std::shared_ptr<const OutcomeRule> meant;
    double milliseconds = 0;
    QString request; ///< what was sent, redacted: "GET https://…"
};
/// Reads an exchange. Nothing of the body stays but its measures. `object` is the value of the object that
/// was asked for; empty where it does not matter.
Observation observe(const Exchange& exchange, const QString& object = {});
/// Whether it is an answer that only somebody who was let through gets: 2xx, or what a rule says.
bool gotThrough(const Observation& seen);
/// 401 or 403, or what a rule says.
bool wasTurnedAway(const Observation& seen);
/// "200", or "200 (denied-authz)" where a rule says what it means.
QString answerText(const Observation& seen);
/// Which rule says what an answer means, a sentence; empty where none does.
QString meantBy(const Observation& seen);
/// For how many seconds nothing is left of the rate limit, as the answer says; else 0.
qint64 rateLimitSpentFor(const Exchange& exchange);
/// A text that only one profile's objects hold.
struct Marker {
    int profile = 0; ///< index in the plan, below 64
    QByteArray text;
};
/// The bits of those whose markers are in the exchange's answer; none where it is no success.
quint64 markersIn(const Exchange& exchange, const QList<Marker>& markers);
/// Lets `seen` share with `known` what is equal in both, so that a grid of like answers stays small.
void shareEqualParts(Observation& seen, const Observation& known);

/// What an answer is read against.
struct OutcomeContext {
    MatrixProfile::Kind kind = MatrixProfile::Kind::Live;
    const Observation* control = nullptr;   ///< of the same row and binding: who is allowed
    const Observation* anonymous = nullptr; ///< of the same row and binding
    bool alive = false;                     ///< the profile's canary proved that its credential is good
    bool isHead = false;                    ///< an answer to HEAD has no body, whoever gets it
    bool accepted = false;                  ///< it sent a credential of a kind that the operation accepts
};
struct Classified {
    Outcome outcome = Outcome::NotSent;
    QStringList advisories; ///< a sentence each
    bool wrongStatus =
        false; ///< a denial by a status that is meant for another kind; the first advisory says so
};
Classified classify(const Observation& seen, const OutcomeContext& context);

enum class Verdict { Pass, OverRestricted, Bypass, Suspect, Error, NotProven, Undecided };
QString verdictName(Verdict verdict); ///< "pass", "over-restricted", "bypass", "suspect", "error", …

/// What the proof of a cell rests on.
struct Proof {
    bool alive = true; ///< the profile's credential was good while the cell was sent; for a defective one:
                       ///< its parent's or nobody's
    bool hasControl = true; ///< somebody got through on this row
    bool redirectDocumented = false;
    bool dry = false;    ///< it was sent so that it could not succeed: to have been reached is all there is
    bool absent = false; ///< dry, and sent to an object that does not exist: 404 tells nothing of a denial
};
struct Judged {
    Verdict verdict = Verdict::NotProven;
    bool weak = false;      ///< a bypass that got nothing to see
    QStringList advisories; ///< "403 instead of 401" and what classify() noticed
    QString reason;         ///< of NotProven: what is missing
};
/// The table of docs/access-matrix.md. `strict`: a denial of the wrong kind, or with the wrong status, is
/// over-restricted rather than a remark.
Judged judge(const Expectation& expected, const Classified& got, const Proof& proof, bool strict = false);

/// How sure a bypass is: "confirmed", "probable", "possible"; empty for every other verdict. `foreign`: the
/// answer holds what only another identity's objects do.
QString evidenceGrade(Verdict verdict, const Observation& seen, const Observation* control,
                      bool foreign = false);

} // namespace kb
