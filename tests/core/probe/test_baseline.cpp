// SPDX-License-Identifier: GPL-3.0-or-later
// What counts as drift, and how bad it is.
#include "core/probe/baseline.h"

#include <QTest>

using namespace kb;

class TestBaseline : public QObject {
    Q_OBJECT

    /// One cell, GET /things as Reader, as it was seen.
    static RunRecord seen(Outcome outcome, int status, Verdict verdict = Verdict::Pass) {
        RunRecord record;
        ApiOperation operation;
        operation.method = "GET";
        operation.path = "/things";
        record.plan.api.operations = {operation};
        MatrixProfile reader;
        reader.id = "reader";
        reader.name = "Reader";
        record.plan.profiles = {reader};
        CellPlan cell;
        cell.id = "0123456789abcdef";
        cell.expectation = {Expect::Allow, Provenance::Spec, "why"};
        record.plan.cells = {cell};
        CellResult result;
        result.outcome.outcome = outcome;
        result.judged.verdict = verdict;
        result.seen.sent = true;
        result.seen.status = status;
        record.results = {result};
        return record;
    }
    static Challenge challenge(const QByteArray& scheme, const QByteArray& error = {}) {
        Challenge made;
        made.scheme = scheme;
        if (!error.isEmpty()) made.params.append({"error", error});
        return made;
    }
    static QString drift(const RunRecord& before, RunRecord now) {
        compareWithBaseline(now, baselineOf(before), true);
        return now.results.first().drift;
    }

private Q_SLOTS:
    void theDegreeOfADifference_data() {
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("statusBefore");
        QTest::addColumn<int>("now");
        QTest::addColumn<int>("statusNow");
        QTest::addColumn<QString>("drift");
        const auto row = [](const char* name, Outcome a, int statusA, Outcome b, int statusB,
                            const char* expected) {
            QTest::newRow(name) << int(a) << statusA << int(b) << statusB << QString(expected);
        };
        row("same", Outcome::Allowed, 200, Outcome::Allowed, 200, "");
        row("opened", Outcome::DeniedAuthz, 403, Outcome::Allowed, 200, "critical");
        row("revealed", Outcome::Concealed, 404, Outcome::AllowedEmpty, 200, "critical");
        row("reached", Outcome::DeniedAuthn, 401, Outcome::Reached, 400, "critical");
        row("shut", Outcome::Allowed, 200, Outcome::DeniedAuthn, 401, "high");
        row("hidden", Outcome::Allowed, 200, Outcome::Concealed, 404, "high");
        row("401 to 403", Outcome::DeniedAuthn, 401, Outcome::DeniedAuthz, 403, "medium");
        row("another status", Outcome::Allowed, 200, Outcome::Allowed, 204, "low");
        row("fell over", Outcome::Allowed, 200, Outcome::ServerError, 500, "medium");
        row("unclear", Outcome::Allowed, 200, Outcome::Ambiguous, 404, "medium");
        row("unclear denial", Outcome::DeniedAuthz, 403, Outcome::Ambiguous, 404, "medium");
        row("moved", Outcome::Allowed, 200, Outcome::Redirected, 302, "medium");
        row("silent", Outcome::Allowed, 200, Outcome::NoAnswer, 0, "low");
        row("not sent now", Outcome::Allowed, 200, Outcome::NotSent, 0, "");
    }
    void theDegreeOfADifference() {
        QFETCH(int, before);
        QFETCH(int, statusBefore);
        QFETCH(int, now);
        QFETCH(int, statusNow);
        QTEST(drift(seen(Outcome(before), statusBefore), seen(Outcome(now), statusNow)), "drift");
    }

    void aPassThatBecameSuspect() {
        QCOMPARE(drift(seen(Outcome::DeniedAuthz, 403), seen(Outcome::ServerError, 500, Verdict::Suspect)),
                 "medium");
    }

    void aChallengeThatIsGone() {
        RunRecord before = seen(Outcome::DeniedAuthn, 401), now = before;
        before.results[0].seen.challenges = {challenge("Bearer", "invalid_token"), challenge("DPoP")};
        now.results[0].seen.challenges = {challenge("bearer", "invalid_token")};
        QCOMPARE(drift(before, now), "medium");
        now.results[0].seen.challenges = {challenge("Bearer", "invalid_request"), challenge("DPoP")};
        QCOMPARE(drift(before, now), "low");
        QCOMPARE(drift(before, before), "");
    }

    void theBodyAndTheProblem() {
        RunRecord before = seen(Outcome::Allowed, 200), now = before;
        before.results[0].seen.bodyShape = {"/id", "/name"};
        now.results[0].seen.bodyShape = {"/id", "/name", "/password"};
        QCOMPARE(drift(before, now), "low");
        now = before;
        now.results[0].seen.problemType = "https://errors.example/other";
        QCOMPARE(drift(before, now), "low");
        now = before;
        now.results[0].evidence = "confirmed";
        QCOMPARE(drift(before, now), "low");
    }

    /// The same API elsewhere names its own types elsewhere.
    void anotherPlace() {
        RunRecord before = seen(Outcome::DeniedAuthz, 403), now = before;
        before.plan.baseUrl = "http://127.0.0.1:8080/v1";
        before.results[0].seen.problemType = "http://127.0.0.1:8080/problems/scope";
        now.plan.baseUrl = "https://staging.example/v1";
        now.results[0].seen.problemType = "https://staging.example/problems/scope";
        QCOMPARE(drift(before, now), "");
        now.results[0].seen.problemType = "https://staging.example/problems/role";
        QCOMPARE(drift(before, now), "low");
    }

    /// The document's security changed: both are told. A mark by hand is the user's own will.
    void anotherExpectation() {
        const RunRecord before = seen(Outcome::Allowed, 200);
        RunRecord now = before;
        now.plan.cells[0].expectation.expect = Expect::DenyAuthz;
        compareWithBaseline(now, baselineOf(before), true);
        QCOMPARE(now.results.first().drift, "expected");
        QVERIFY2(now.results.first().driftReason.contains("expected was allow, is deny-authz"),
                 qPrintable(now.results.first().driftReason));
        now.plan.cells[0].expectation.provenance = Provenance::Manual;
        QCOMPARE(drift(before, now), "");
    }

    void newAndGone() {
        const RunRecord before = seen(Outcome::Allowed, 200);
        RunRecord now = before;
        now.plan.cells[0].id = "fedcba9876543210";
        now.plan.api.operations[0].path = "/goods";
        compareWithBaseline(now, baselineOf(before), true);
        QCOMPARE(now.results.first().drift, "new");
        QCOMPARE(now.gone.size(), 1);
        QCOMPARE(now.remarks, QStringList{"GET /things is in the baseline and no longer in the document."});
        now.failOn = {"drift"};
        QCOMPARE(now.findings(), 2);
        now.remarks.clear();
        compareWithBaseline(now, baselineOf(before), false); // narrowed: what is not there is not gone
        QVERIFY(now.gone.isEmpty());
        QVERIFY(now.remarks.isEmpty());
        now = before;
        now.plan.cells.clear();
        now.results.clear();
        now.plan.profiles.clear();
        compareWithBaseline(now, baselineOf(before), true);
        QCOMPARE(now.remarks, QStringList{"Reader is in the baseline and not among the identities."});
    }

    /// A new operation does not pass in silence because nobody may send it.
    void aNewOperationThatIsNotSent() {
        const RunRecord before = seen(Outcome::Allowed, 200);
        RunRecord now = before;
        ApiOperation post;
        post.method = "POST";
        post.path = "/things";
        now.plan.api.operations.append(post);
        CellPlan cell;
        cell.id = "aaaaaaaaaaaaaaaa";
        cell.operation = 1;
        cell.notSent = "POST can change something.";
        now.plan.cells.append(cell);
        CellResult unsent;
        unsent.cell = 1;
        now.results.append(unsent);
        compareWithBaseline(now, baselineOf(before), true);
        QCOMPARE(now.results.last().drift, "new");
        QCOMPARE(now.countsAs(now.results.last()), "undecided");
        QCOMPARE(now.findings(), 1);
        now.failOn = {"drift"};
        QCOMPARE(now.countsAs(now.results.last()), "drift");
        // Pinned, it is known, sent or not; also from the file.
        const Result<Baseline> pinned = readBaseline(baselineJson(baselineOf(now)), "file");
        QVERIFY(pinned);
        compareWithBaseline(now, *pinned, true);
        QCOMPARE(now.results.last().drift, "");
        QCOMPARE(now.findings(), 0);
        // And when it is gone again, that is told, though it was never sent.
        RunRecord later = before;
        compareWithBaseline(later, *pinned, true);
        QCOMPARE(later.gone.size(), 1);
        QCOMPARE(later.remarks,
                 QStringList{"POST /things is in the baseline and no longer in the document."});
        // A file of an older version does not say which there were: nothing is made up.
        Baseline old = *pinned;
        old.operations.clear();
        old.cells.clear();
        compareWithBaseline(now, old, true);
        QCOMPARE(now.results.last().drift, "");
    }

    /// Nor because it does what the document says: whoever opened it by mistake wrote that as well.
    void aNewOperationThatPasses() {
        const RunRecord before = seen(Outcome::Allowed, 200);
        RunRecord now = before;
        ApiOperation open;
        open.method = "GET";
        open.path = "/fresh";
        now.plan.api.operations.append(open);
        CellPlan cell = before.plan.cells.first();
        cell.id = "aaaaaaaaaaaaaaaa";
        cell.operation = 1;
        now.plan.cells.append(cell);
        CellResult passed = before.results.first();
        passed.cell = 1;
        now.results.append(passed);
        QCOMPARE(now.findings(), 0); // without a baseline nothing is new
        compareWithBaseline(now, baselineOf(before), true);
        QCOMPARE(now.failOn, defaultFailOn());
        QCOMPARE(now.countsAs(now.results.last()), "undecided");
        QCOMPARE(now.countsAs(now.results.first()), "");
        QCOMPARE(now.findings(), 1);
        now.plan.cells[1].expectation.decided = true; // by a mark or rule, or by a new baseline
        QCOMPARE(now.findings(), 0);
        now.plan.cells[1].expectation.decided = false;
        now.results[1].judged.verdict = Verdict::Bypass;
        QCOMPARE(now.countsAs(now.results.last()), "bypass");
        compareWithBaseline(now, baselineOf(now), true);
        now.results[1].judged.verdict = Verdict::Pass;
        QCOMPARE(now.findings(), 0);
        // A new identity is no new operation: what the document says of others holds for it.
        now = before;
        now.plan.cells[0].id = "bbbbbbbbbbbbbbbb";
        compareWithBaseline(now, baselineOf(before), true);
        QCOMPARE(now.results.first().drift, "new");
        QCOMPARE(now.findings(), 0);
    }

    void whatIsNoLongerAsked() {
        const RunRecord before = seen(Outcome::DeniedAuthz, 403);
        RunRecord now = before;
        now.results[0].seen = {};
        now.results[0].outcome.outcome = Outcome::NotSent;
        now.results[0].judged.verdict = Verdict::NotProven;
        now.failOn = {"drift"};
        QCOMPARE(drift(before, now), ""); // it did not come to that, or nobody began
        now.plan.cells[0].notSent = "Unsafe methods are off.";
        compareWithBaseline(now, baselineOf(before), true);
        QCOMPARE(now.results.first().drift, "unasked");
        QVERIFY2(now.results.first().driftReason.contains("denied-authz") &&
                     now.results.first().driftReason.contains("Unsafe methods are off."),
                 qPrintable(now.results.first().driftReason));
        QCOMPARE(now.findings(), 1);
        now.plan.cells[0].notSent.clear();
        now.results[0].seen.problem = "The run was stopped.";
        now.stopped = true;
        QCOMPARE(drift(before, now), "");
    }

    void onlyWhatIsWorseThanLowFails() {
        RunRecord now = seen(Outcome::Allowed, 204);
        compareWithBaseline(now, baselineOf(seen(Outcome::Allowed, 200)), true);
        QCOMPARE(now.results.first().drift, "low");
        now.failOn = {"drift"};
        QCOMPARE(now.findings(), 0);
    }

    /// A file of a version that kept outcomes only.
    void anOldFile() {
        const Result<Baseline> old = readBaseline(
            R"({"cells":[{"id":"0123456789abcdef","outcome":"allowed","status":200,"verdict":"pass"}]})",
            "old");
        QVERIFY(old);
        RunRecord now = seen(Outcome::Allowed, 204);
        compareWithBaseline(now, *old, true);
        QCOMPARE(now.results.first().drift, "");
        now = seen(Outcome::DeniedAuthn, 401);
        compareWithBaseline(now, *old, true);
        QCOMPARE(now.results.first().drift, "high");
    }

    void aFileOfItsOwnComesBack() {
        RunRecord record = seen(Outcome::DeniedAuthn, 401);
        record.results[0].seen.challenges = {challenge("Bearer", "invalid_token")};
        record.results[0].seen.problemType = "urn:x";
        record.results[0].seen.bodyShape = {"/a"};
        const QByteArray text = baselineJson(baselineOf(record));
        QCOMPARE(text.count('\n'), 5); // a cell a line, an operation a line
        const Result<Baseline> read = readBaseline(text, "file");
        QVERIFY(read);
        compareWithBaseline(record, *read, true);
        QCOMPARE(record.results.first().drift, "");
        QCOMPARE(baselineJson(*read), text);
    }

    /// What a server writes where an error code belongs may be anything.
    void aChallengeKeepsOnlyCodes() {
        QCOMPARE(challengeNames({challenge("Bearer", "invalid_token"), challenge("Basic"),
                                 challenge("Bearer", "Token eyJhbGciOi was not liked")}),
                 "Bearer invalid_token, Basic, Bearer");
    }
};

QTEST_APPLESS_MAIN(TestBaseline)
#include "test_baseline.moc"
