// SPDX-License-Identifier: GPL-3.0-or-later
// A run that was stopped, gone on with from its report: what was seen stays, what is left is sent.
#include "core/probe/part_run.h"
#include "core/probe/report.h"
#include "core/probe/resume.h"
#include "tests/core/probe/safety_bench.h"

using namespace kbtest;

namespace {

/// Ten operations, and a server that lets ada in.
struct ResumeBench : SafetyBench {
    explicit ResumeBench(const char* method = "GET") {
        operation("GET", "/me");
        for (int i = 0; i < 9; ++i)
            operation(method, qPrintable(QStringLiteral("/r%1").arg(i)));
        options.canaryEvery = 3;
        transport.api = [this](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            if (request.url.path() == stopAt && run) run->stop();
            return json(200, R"({"id":"1","mail":"ada@example.com"})");
        };
    }
    /// The run of a plan, ended where `stopAt` is asked for.
    RunRecord goUntil(const MatrixPlan& wanted, const QByteArray& path = {}) {
        stopAt = path;
        transport.sent.clear();
        MatrixRun made(transport, clock, wanted, senders, settings, options);
        run = &made;
        QSignalSpy finished(&made, &MatrixRun::finished);
        made.start();
        if (finished.isEmpty() && !finished.wait(15000)) qFatal("the run did not end");
        run = nullptr;
        return made.takeRecord();
    }
    RunRecord resume(const QByteArray& report) {
        Result<RunRecord> before = readStoppedRun(report, QStringLiteral("run.json"), plan(), settings);
        if (!before) qFatal("%s", qPrintable(before.error().text()));
        const QList<int> left = cellsLeft(*before);
        const RunRecord part = goUntil(partOf(plan(), left));
        takeOver(*before, part, left);
        before->remarks = before->runRemarks;
        evaluate(*before, settings, 0);
        return std::move(*before);
    }
    MatrixRun* run = nullptr;
    QByteArray stopAt;
};

} // namespace

class TestResume : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsLeftIsSentAndWhatWasSeenStays() {
        ResumeBench bench;
        const RunRecord stopped = bench.goUntil(bench.plan(), "/r6");
        QVERIFY(stopped.stopped);
        QVERIFY(stopped.isInconclusive());
        const QByteArray report = reportOf(QStringLiteral("json"), stopped);
        QVERIFY(!report.contains("ada@example.com")); // no text of an answer
        QVERIFY(!report.contains("token-of-ada"));

        const RunRecord whole = bench.resume(report);
        QVERIFY(!whole.stopped);
        QVERIFY(!whole.isInconclusive());
        QCOMPARE(whole.summary.value(QStringLiteral("pass")), int(whole.results.size()));
        // What a canary had closed is not asked again; what came behind the last one is.
        const QByteArrayList asked = bench.paths("GET");
        QVERIFY(!asked.contains("/r0"));
        QVERIFY(asked.contains("/r5"));
        QVERIFY(asked.contains("/r8"));
        // It says of each cell what it would have said without the interruption.
        const RunRecord straight = bench.goUntil(bench.plan());
        for (int i = 0; i < whole.results.size(); ++i) {
            const Observation &one = whole.results.at(i).seen, &other = straight.results.at(i).seen;
            QCOMPARE(one.status, other.status);
            QCOMPARE(one.bodyShape, other.bodyShape);
            QCOMPARE(one.bodyDigest, other.bodyDigest);
            QCOMPARE(one.bodyEmpty, other.bodyEmpty);
            QCOMPARE(one.request, other.request);
            QCOMPARE(whole.results.at(i).judged.verdict, straight.results.at(i).judged.verdict);
        }
        QCOMPARE(whole.planHash, straight.planHash);
        // And its own report can be taken for a baseline, not for one to resume.
        const QByteArray complete = reportOf(QStringLiteral("json"), whole);
        const auto again = readStoppedRun(complete, QStringLiteral("run.json"), bench.plan(), {});
        QVERIFY(!again);
        QVERIFY2(again.error().text().contains(QStringLiteral("nothing to resume")),
                 qPrintable(again.error().text()));
    }

    /// Ids of objects that do not exist are made for each plan: it is the same plan all the same.
    void anIdMadeForEachPlanIsNoOtherPlan() {
        ResumeBench bench;
        bench.addClient();
        bench.operation("GET", "/notes/{id}", {QStringLiteral("id")}).ownObjectsOnly = true;
        bench.settings.own[QStringLiteral("id")] = {{QStringLiteral("ada"), QStringLiteral("of-ada")},
                                                    {QStringLiteral("svc"), QStringLiteral("of-svc")}};
        QStringList absent;
        for (int i = 0; i < 2; ++i)
            for (const CellPlan& cell : bench.plan().cells)
                if (cell.binding == Binding::Absent && cell.notSent.isEmpty()) absent.append(cell.address());
        QVERIFY(absent.size() >= 2 && absent.first() != absent.last());
        QCOMPARE(planHash(bench.plan()), planHash(bench.plan()));
        const RunRecord stopped = bench.goUntil(bench.plan(), "/r6");
        QVERIFY(!bench.resume(reportOf(QStringLiteral("json"), stopped)).stopped);
    }

    /// A second interruption is no worse than the first.
    void itCanBeStoppedTwice() {
        ResumeBench bench;
        const RunRecord first = bench.goUntil(bench.plan(), "/r3");
        Result<RunRecord> before = readStoppedRun(reportOf(QStringLiteral("json"), first),
                                                  QStringLiteral("run.json"), bench.plan(), {});
        QVERIFY(before);
        const QList<int> left = cellsLeft(*before);
        const RunRecord part = bench.goUntil(partOf(bench.plan(), left), "/r7");
        takeOver(*before, part, left);
        evaluate(*before, {}, 0);
        QVERIFY(before->stopped);
        const RunRecord whole = bench.resume(reportOf(QStringLiteral("json"), *before));
        QVERIFY(!whole.isInconclusive());
        QCOMPARE(whole.summary.value(QStringLiteral("pass")), int(whole.results.size()));
    }

    /// What is not safe and was sent is not sent twice, whatever came of it.
    void whatIsNotSafeIsNotSentTwice() {
        ResumeBench bench("DELETE");
        for (int i = 0; i < 9; ++i)
            bench.settings.strategies.insert(QStringLiteral("DELETE /r%1").arg(i),
                                             ProbeStrategy::InvalidBody);
        for (ApiOperation& operation : bench.api.operations) {
            if (operation.method != QLatin1String("DELETE")) continue;
            operation.bodyType = QStringLiteral("application/json");
            operation.bodyExample = QStringLiteral("{}");
        }
        bench.allowUnsafe = true;
        const RunRecord stopped = bench.goUntil(bench.plan(), "/r2");
        const QByteArrayList first = bench.paths("DELETE");
        QVERIFY(!first.isEmpty());
        bench.resume(reportOf(QStringLiteral("json"), stopped));
        const QByteArrayList second = bench.paths("DELETE");
        QVERIFY(!second.isEmpty());
        QMap<QByteArray, int> asAda;
        for (const QByteArray& path : first + second)
            ++asAda[path];
        for (auto each = asAda.cbegin(); each != asAda.cend(); ++each)
            QVERIFY2(each.value() <= 2, each.key().constData()); // once as nobody, once as ada
    }

    void anotherPlanIsRefused() {
        ResumeBench bench;
        const QByteArray report = reportOf(QStringLiteral("json"), bench.goUntil(bench.plan(), "/r6"));
        bench.operation("GET", "/new");
        const auto other = readStoppedRun(report, QStringLiteral("run.json"), bench.plan(), {});
        QVERIFY(!other);
        QVERIFY2(other.error().text().contains(QStringLiteral("another plan")),
                 qPrintable(other.error().text()));
        for (const QByteArray& text : {QByteArray("{}"), QByteArray("[1"), QByteArray("{\"cells\":[]}")}) {
            const auto none = readStoppedRun(text, QStringLiteral("run.json"), bench.plan(), {});
            QVERIFY(!none);
            QCOMPARE(none.error().code, ErrorCode::InvalidInput);
            QCOMPARE(none.error().where, QStringLiteral("run.json"));
        }
    }

    /// What is expected may change in between: the answers are judged by what is expected now.
    void whatIsExpectedMayChange() {
        ResumeBench bench;
        const QByteArray report = reportOf(QStringLiteral("json"), bench.goUntil(bench.plan(), "/r6"));
        bench.settings.marks.append(
            {QStringLiteral("GET /r0"), QStringLiteral("ada"), {}, Expect::DenyAuthz, {}});
        const RunRecord whole = bench.resume(report);
        QCOMPARE(SafetyBench::cell(whole, "ada", "GET /r0").judged.verdict, Verdict::Bypass);
    }
};

QTEST_GUILESS_MAIN(TestResume)
#include "test_resume.moc"
