// SPDX-License-Identifier: GPL-3.0-or-later
// Expected against observed.
#include "core/probe/matrix_text.h"
#include "core/probe/outcome.h"

namespace kb {

namespace {

Judged notProven(const QString& reason) {
    return {Verdict::NotProven, false, {}, reason};
}

QString unprovenReason(Outcome outcome) {
    switch (outcome) {
    case Outcome::NotSent:
        return MatrixText::tr("It was not sent.");
    case Outcome::NoAnswer:
        return MatrixText::tr("No answer came.");
    case Outcome::Throttled:
        return MatrixText::tr("The server throttled it.");
    case Outcome::ProxyProblem:
        return MatrixText::tr("The proxy asked for a login.");
    case Outcome::Redirected:
        return MatrixText::tr("It was redirected, which the document does not say.");
    default:
        return MatrixText::tr("The answer can mean one thing or the other.");
    }
}

bool isUndecidable(Outcome outcome) {
    return outcome == Outcome::NotSent || outcome == Outcome::NoAnswer || outcome == Outcome::Throttled ||
           outcome == Outcome::Ambiguous || outcome == Outcome::ProxyProblem;
}

Judged whereAllowed(Outcome outcome, const Proof& proof) {
    switch (outcome) {
    case Outcome::Allowed:
        return {Verdict::Pass, false, {}, {}};
    case Outcome::Reached:
    case Outcome::ReachedMissing:
        return proof.dry ? Judged{Verdict::Pass, false, {}, {}}
                         : notProven(MatrixText::tr("Nobody was turned away, and nobody got a success: give "
                                                    "its parameters examples that exist."));
    case Outcome::AllowedEmpty:
        return {Verdict::Pass, false, {MatrixText::tr("It was let in and got nothing of its own.")}, {}};
    case Outcome::Redirected:
        return proof.redirectDocumented ? Judged{Verdict::Pass, false, {}, {}}
                                        : notProven(unprovenReason(outcome));
    case Outcome::ServerError:
        return {Verdict::Error, false, {}, {}};
    default:
        return {Verdict::OverRestricted, false, {}, {}};
    }
}

/// Whether the denial is of the kind that was expected.
bool isExpectedDenial(const Expectation& expected, Outcome outcome) {
    const bool authn = outcome == Outcome::DeniedAuthn || outcome == Outcome::DeniedRedirect;
    switch (expected.expect) {
    case Expect::DenyAuthn:
        return authn;
    case Expect::DenyAuthz:
        return outcome == Outcome::DeniedAuthz;
    default:
        return true;
    }
}

Judged wrongDenial(const Expectation& expected, bool strict) {
    const QString remark = expected.expect == Expect::DenyAuthn
                               ? MatrixText::tr("403 where 401 was expected.")
                               : MatrixText::tr("401 where 403 was expected.");
    if (strict) return {Verdict::OverRestricted, false, {remark}, remark};
    return {Verdict::Pass, false, {remark}, {}};
}

Judged whereDenied(const Expectation& expected, const Classified& got, const Proof& proof, bool strict) {
    switch (got.outcome) {
    case Outcome::Allowed:
        return {Verdict::Bypass, false, {}, {}};
    case Outcome::AllowedEmpty:
        return {Verdict::Bypass, true, {}, {}};
    case Outcome::DeniedAuthn:
    case Outcome::DeniedAuthz:
    case Outcome::DeniedRedirect:
        if (!isExpectedDenial(expected, got.outcome)) return wrongDenial(expected, strict);
        if (strict && got.wrongStatus && expected.expect != Expect::Deny &&
            expected.expect != Expect::Conceal)
            return {Verdict::OverRestricted, false, {}, got.advisories.value(0)};
        return {Verdict::Pass, false, {}, {}};
    case Outcome::Concealed:
        if (expected.expect == Expect::Conceal || expected.concealed) return {Verdict::Pass, false, {}, {}};
        return {Verdict::Pass, false, {MatrixText::tr("404 where a denial was expected.")}, {}};
    case Outcome::Reached:
    case Outcome::ReachedMissing:
        // Such an answer is right for who may; what is looked at first, the object or who asks, is not known.
        if (proof.absent && got.outcome == Outcome::ReachedMissing)
            return notProven(
                MatrixText::tr("All get 404 for an object that does not exist: the order of checks "
                               "is not known."));
        return {
            Verdict::Suspect, false, {MatrixText::tr("The request was judged before the permission.")}, {}};
    case Outcome::ServerError:
        return {Verdict::Suspect, false, {MatrixText::tr("A server error is no denial.")}, {}};
    default:
        return notProven(unprovenReason(got.outcome));
    }
}

} // namespace

QString verdictName(Verdict verdict) {
    static const char* const names[] = {"pass",  "over-restricted", "bypass",   "suspect",
                                        "error", "not-proven",      "undecided"};
    return QString::fromLatin1(names[int(verdict)]);
}

Judged judge(const Expectation& expected, const Classified& got, const Proof& proof, bool strict) {
    Judged judged;
    if (expected.expect == Expect::Unknown || expected.expect == Expect::NotApplicable)
        judged = {Verdict::Undecided, false, {}, expected.why};
    else if (isUndecidable(got.outcome))
        judged = notProven(unprovenReason(got.outcome));
    else if (!proof.alive)
        judged = notProven(MatrixText::tr("The profile's credential was not proven to be good."));
    else if (expected.expect == Expect::Allow)
        judged = whereAllowed(got.outcome, proof);
    else
        judged = whereDenied(expected, got, proof, strict);
    // Without anybody who gets through, a closed door proves nothing: the row may be broken for all.
    if (judged.verdict == Verdict::Pass && expected.expect != Expect::Allow && !proof.hasControl)
        judged = notProven(MatrixText::tr("Nobody who is allowed got through on this row."));
    judged.advisories = got.advisories + judged.advisories;
    return judged;
}

QString evidenceGrade(Verdict verdict, const Observation& seen, const Observation* control, bool foreign) {
    if (verdict != Verdict::Bypass) return {};
    if (foreign || seen.changedState) return QStringLiteral("confirmed");
    // An error in 200 may repeat what was asked for, but does not look like the object.
    const bool alike = control && !seen.bodyShape.isEmpty() && seen.bodyShape == control->bodyShape;
    if (!alike) return QStringLiteral("possible");
    return seen.holdsObject ? QStringLiteral("confirmed") : QStringLiteral("probable");
}

} // namespace kb
