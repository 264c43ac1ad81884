// SPDX-License-Identifier: GPL-3.0-or-later
// What the server did, and what that means against what was expected: every rule and every field of the
// table.
#include "core/probe/outcome.h"

#include <QTest>

using namespace kb;

Q_DECLARE_METATYPE(kb::Observation)

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

Observation answer(int status, const char* challenge = "", const char* location = "") {
    Observation seen;
    seen.sent = true;
    seen.status = status;
    seen.bodyEmpty = false;
    seen.bodyDigest = "digest";
    if (*challenge) seen.challenges = parseChallenges({QByteArray(challenge)}).challenges;
    seen.location = s(location);
    return seen;
}

constexpr auto live = MatrixProfile::Kind::Live;
constexpr auto nobody = MatrixProfile::Kind::Anonymous;

} // namespace

class TestVerdict : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void outcomes_data() {
        QTest::addColumn<Observation>("seen");
        QTest::addColumn<int>("control"); // status of the row's control; 0: none
        QTest::addColumn<bool>("proven"); // alive, and of a kind the operation accepts
        QTest::addColumn<bool>("anonymous");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<bool>("remarked");
        const auto row = [](const char* name, const Observation& seen, int control, bool proven,
                            bool anonymous, const char* expected, bool remarked = false) {
            QTest::newRow(name) << seen << control << proven << anonymous << s(expected) << remarked;
        };
        Observation unsent;
        row("not sent", unsent, 200, true, false, "not-sent");
        Observation silent = answer(0);
        row("no answer", silent, 200, true, false, "no-answer");
        silent.changedState = true; // as the object's owner saw
        row("no answer, and the object is gone", silent, 200, true, false, "allowed", true);
        row("429", answer(429), 200, true, false, "throttled");
        Observation busy = answer(503);
        row("503", busy, 200, true, false, "server-error");
        busy.retryAfterS = 2;
        row("503 with Retry-After", busy, 200, true, false, "throttled");
        row("401", answer(401), 200, false, false, "denied-authn");
        row("401 anonymous", answer(401, "Bearer"), 200, false, true, "denied-authn");
        row("401 insufficient_scope", answer(401, "Bearer error=\"insufficient_scope\""), 200, false, false,
            "denied-authz", true);
        row("401 to a proven token", answer(401, "Bearer error=\"invalid_token\""), 200, true, false,
            "denied-authz", true);
        row("403", answer(403), 200, true, false, "denied-authz");
        row("403 invalid_token", answer(403, "Bearer error=\"invalid_token\""), 200, true, false,
            "denied-authn", true);
        row("403 anonymous", answer(403), 200, false, true, "denied-authn", true);
        row("407", answer(407), 200, true, false, "proxy-problem", true);
        row("302 to a login", answer(302, "", "/login?next=/a"), 200, false, false, "denied-redirect", true);
        row("302 elsewhere", answer(302, "", "/users/"), 200, false, false, "redirected");
        Observation away = answer(307, "", "https://other.example/x");
        away.leavesOrigin = true;
        row("307 to another origin", away, 200, false, false, "denied-redirect", true);
        row("304", answer(304), 200, true, false, "no-answer", true);
        row("404 where the control got 200", answer(404), 200, true, false, "concealed");
        row("404 where the control got 404", answer(404), 404, true, false, "reached-missing");
        row("404 without a control", answer(404), 0, true, false, "ambiguous");
        row("410 where the control got 403", answer(410), 403, true, false, "ambiguous");
        row("400 as the control", answer(400), 400, true, false, "reached");
        row("400 otherwise", answer(400), 200, true, false, "ambiguous");
        row("400 invalid_token", answer(400, "Bearer error=\"invalid_token\""), 200, false, false,
            "denied-authn", true);
        row("400 invalid_request", answer(400, "Bearer error=\"invalid_request\""), 200, false, false,
            "denied-authn");
        row("400 use_dpop_nonce", answer(400, "DPoP error=\"use_dpop_nonce\""), 200, false, false,
            "denied-authn", true);
        row("400 insufficient_scope", answer(400, "Bearer error=\"insufficient_scope\""), 200, false, false,
            "denied-authz", true);
        row("415 as the control", answer(415), 415, true, false, "reached");
        row("500", answer(500), 200, true, false, "server-error");
        row("200", answer(200), 200, true, false, "allowed");
        Observation empty = answer(200);
        empty.bodyEmpty = true;
        row("200 with nothing", empty, 200, true, false, "allowed-empty");
        Observation gone = answer(204);
        gone.bodyEmpty = true;
        row("204", gone, 204, true, false, "allowed");
    }
    void outcomes() {
        QFETCH(Observation, seen);
        QFETCH(int, control);
        QFETCH(bool, proven);
        QFETCH(bool, anonymous);
        QFETCH(QString, expected);
        QFETCH(bool, remarked);
        const Observation other = answer(control);
        OutcomeContext context;
        context.kind = anonymous ? nobody : live;
        context.control = control ? &other : nullptr;
        context.alive = context.accepted = proven;
        const Classified got = classify(seen, context);
        QCOMPARE(outcomeName(got.outcome), expected);
        QCOMPARE(!got.advisories.isEmpty(), remarked);
    }

    void whoGetsWhatAnonymousGetsWasNotKnown() {
        const Observation open = answer(200);
        OutcomeContext context;
        context.anonymous = &open;
        QCOMPARE(classify(answer(200), context).outcome, Outcome::AllowedEmpty);
        Observation own = answer(200);
        own.bodyDigest = "another";
        QCOMPARE(classify(own, context).outcome, Outcome::Allowed);
        const Observation denied = answer(401);
        context.anonymous = &denied;
        QCOMPARE(classify(answer(200), context).outcome, Outcome::Allowed);
    }

    // The table: what was expected down, what happened across.
    void verdicts_data() {
        QTest::addColumn<QString>("expected");
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("verdict");
        QTest::addColumn<bool>("dry");
        const char* const rows[] = {"allow", "deny-authn", "deny-authz", "deny", "conceal", "unknown"};
        // P pass, p pass with a remark, O over-restricted, B bypass, b weak bypass, S suspect, E error, - not
        // proven, ? undecided; the outcomes in their order.
        const char* const table[] = {
            // not  no   thr  401  403  prox redL redir conc miss ambi reach 5xx  ok   empty
            "---OO-O-O---EPp", //
            "---Pp-P-pS-SSBb", //
            "---pP-p-pS-SSBb", //
            "---PP-P-pS-SSBb", //
            "---PP-P-PS-SSBb", //
            "???????????????"};
        for (int i = 0; i < 6; ++i)
            for (int outcome = 0; outcome < 15; ++outcome)
                QTest::addRow("%s, %s", rows[i], qPrintable(outcomeName(Outcome(outcome))))
                    << s(rows[i]) << outcome << QString(QChar::fromLatin1(table[i][outcome])) << false;
        // Sent so that it cannot succeed: to have been reached is all there is.
        for (const Outcome outcome : {Outcome::Reached, Outcome::ReachedMissing})
            QTest::addRow("allow, dry, %s", qPrintable(outcomeName(outcome)))
                << s("allow") << int(outcome) << s("P") << true;
    }
    void verdicts() {
        QFETCH(QString, expected);
        QFETCH(int, outcome);
        QFETCH(QString, verdict);
        QFETCH(bool, dry);
        Proof proof;
        proof.dry = dry;
        const Expectation expectation{*expectFromName(expected), Provenance::Spec, s("why"), false};
        const Judged judged = judge(expectation, {Outcome(outcome), {}}, proof);
        const QChar letter = judged.verdict == Verdict::Pass     ? (judged.advisories.isEmpty() ? u'P' : u'p')
                             : judged.verdict == Verdict::Bypass ? (judged.weak ? u'b' : u'B')
                             : judged.verdict == Verdict::OverRestricted ? u'O'
                             : judged.verdict == Verdict::Suspect        ? u'S'
                             : judged.verdict == Verdict::Error          ? u'E'
                             : judged.verdict == Verdict::Undecided      ? u'?'
                                                                         : u'-';
        QCOMPARE(QString(letter), verdict);
        if (letter == u'-') QVERIFY(!judged.reason.isEmpty());
    }

    /// HEAD has no body, whoever asks: to get none is no sign of an empty answer.
    void anAnswerToHead() {
        Observation nothing = answer(200);
        nothing.bodyEmpty = true;
        OutcomeContext context;
        QCOMPARE(classify(nothing, context).outcome, Outcome::AllowedEmpty);
        context.isHead = true;
        context.anonymous = &nothing;
        QCOMPARE(classify(nothing, context).outcome, Outcome::Allowed);
    }

    /// Of an object that nobody has, all get 404 where it is looked for before the permission, and so they do
    /// where they may. That tells nothing.
    void anAbsentObjectThatAllMiss() {
        Proof proof;
        proof.dry = proof.absent = true;
        const Expectation allowed{Expect::Allow, Provenance::Spec, {}, false};
        for (const Expect expect : {Expect::DenyAuthn, Expect::DenyAuthz, Expect::Conceal}) {
            const Expectation denied{expect, Provenance::Spec, {}, false};
            const Judged judged = judge(denied, {Outcome::ReachedMissing, {}}, proof);
            QCOMPARE(judged.verdict, Verdict::NotProven);
            QVERIFY2(judged.reason.contains(s("order of checks is not known")), qPrintable(judged.reason));
            QCOMPARE(judge(denied, {Outcome::Reached, {}}, proof).verdict, Verdict::Suspect);
            QCOMPARE(judge(denied, {Outcome::DeniedAuthz, {}}, proof).verdict, Verdict::Pass);
        }
        QCOMPARE(judge(allowed, {Outcome::ReachedMissing, {}}, proof).verdict, Verdict::Pass);
    }

    void concealmentThatWasAgreedOnNeedsNoRemark() {
        const Expectation agreed{Expect::DenyAuthz, Provenance::Spec, {}, true};
        QVERIFY(judge(agreed, {Outcome::Concealed, {}}, {}).advisories.isEmpty());
    }

    void proofIsNeeded() {
        const Expectation denied{Expect::DenyAuthz, Provenance::Spec, {}, false};
        const Expectation allowed{Expect::Allow, Provenance::Spec, {}, false};
        Proof dead;
        dead.alive = false;
        for (const Outcome outcome : {Outcome::Allowed, Outcome::DeniedAuthz, Outcome::ServerError})
            for (const Expectation& each : {denied, allowed})
                QCOMPARE(judge(each, {outcome, {}}, dead).verdict, Verdict::NotProven);
        Proof shut;
        shut.hasControl = false;
        QCOMPARE(judge(denied, {Outcome::DeniedAuthz, {}}, shut).verdict, Verdict::NotProven);
        QCOMPARE(judge(denied, {Outcome::Allowed, {}}, shut).verdict, Verdict::Bypass); // open is open
        QCOMPARE(judge(allowed, {Outcome::DeniedAuthz, {}}, shut).verdict, Verdict::OverRestricted);
    }

    void strictModeTakesKindsSeriously() {
        const Expectation denied{Expect::DenyAuthz, Provenance::Spec, {}, false};
        QCOMPARE(judge(denied, {Outcome::DeniedAuthn, {}}, {}, true).verdict, Verdict::OverRestricted);
        // Of the right kind, as the answer says, by the wrong status.
        const Classified wrong{Outcome::DeniedAuthz, {s("401 was used")}, true};
        QCOMPARE(judge(denied, wrong, {}).verdict, Verdict::Pass);
        QCOMPARE(judge(denied, wrong, {}, true).verdict, Verdict::OverRestricted);
        QCOMPARE(judge(denied, wrong, {}, true).reason, s("401 was used"));
        const Expectation either{Expect::Deny, Provenance::Spec, {}, false};
        QCOMPARE(judge(either, wrong, {}, true).verdict, Verdict::Pass);
    }

    void aRedirectPassesWhereItIsDocumented() {
        const Expectation allowed{Expect::Allow, Provenance::Spec, {}, false};
        Proof proof;
        proof.redirectDocumented = true;
        QCOMPARE(judge(allowed, {Outcome::Redirected, {}}, proof).verdict, Verdict::Pass);
    }

    void evidenceHasGrades() {
        Observation seen = answer(200);
        seen.bodyShape = {s("/id")};
        Observation control = seen;
        QCOMPARE(evidenceGrade(Verdict::Pass, seen, &control), QString());
        QCOMPARE(evidenceGrade(Verdict::Bypass, seen, &control), s("probable"));
        control.bodyShape = {s("/other")};
        QCOMPARE(evidenceGrade(Verdict::Bypass, seen, &control), s("possible"));
        seen.holdsObject = true; // in an answer of another form: an error may repeat what was asked for
        QCOMPARE(evidenceGrade(Verdict::Bypass, seen, &control), s("possible"));
        QCOMPARE(evidenceGrade(Verdict::Bypass, seen, nullptr), s("possible"));
        control.bodyShape = seen.bodyShape;
        QCOMPARE(evidenceGrade(Verdict::Bypass, seen, &control), s("confirmed"));
    }
};

QTEST_APPLESS_MAIN(TestVerdict)
#include "test_verdict.moc"
