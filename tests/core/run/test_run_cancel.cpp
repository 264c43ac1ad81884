// SPDX-License-Identifier: GPL-3.0-or-later
// Cancelling, pausing and deleting a run at every moment: finished comes once or, once deleted, never.
#include "tests/core/run/run_fakes.h"

#include <QThreadPool>

using namespace kb;
using namespace kbtest;

namespace {

/// Counts what a run tells.
struct Watch {
    explicit Watch(Run& watched) : run(watched) {
        QObject::connect(&watched, &Run::finished, &context, [this](const RunResult& got) {
            inside = inside || inCall;
            result = got;
            ++finished;
        });
    }
    void call(const std::function<void()>& what) {
        inCall = true;
        what();
        inCall = false;
    }
    bool ends() {
        const bool came = QTest::qWaitFor([this] { return finished > 0; });
        QTest::qWait(2);
        return came && finished == 1 && !inside && run.isFinished();
    }
    Run& run;
    QObject context;
    RunResult result;
    int finished = 0;
    bool inCall = false;
    bool inside = false; ///< finished came inside start() or cancel()
};

} // namespace

class TestRunCancel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void beforeAndRightAfterStart() {
        for (const bool before : {true, false}) {
            Bench bench;
            const auto run = bench.make();
            Watch watch(*run);
            watch.call([&] {
                if (before) run->cancel();
                run->start();
                if (!before) run->cancel();
            });
            QVERIFY(watch.ends());
            QCOMPARE(watch.result.error->code, ErrorCode::Cancelled);
            QVERIFY(watch.result.nothingSent);
            QVERIFY(bench.store.reads.isEmpty());
            QVERIFY(bench.transport.log.isEmpty());
        }
    }

    void whileTheKeychainThinks() {
        Bench bench;
        bench.store.hold = true;
        const auto run = bench.make();
        Watch watch(*run);
        run->start();
        QTRY_COMPARE(bench.store.reads.size(), 1);
        QCOMPARE(watch.finished, 0);
        watch.call([&] { run->cancel(); });
        QVERIFY(watch.ends());
        QCOMPARE(watch.result.error->code, ErrorCode::Cancelled);
        QVERIFY(watch.result.nothingSent);
        QVERIFY(bench.transport.log.isEmpty());
    }

    void beforeAnAnswerBegan() {
        Bench bench;
        Step held;
        held.hold = true;
        bench.transport.script = {held};
        const auto run = bench.make();
        Watch watch(*run);
        run->start();
        QTRY_COMPARE(bench.transport.log.size(), 1);
        watch.call([&] {
            run->cancel();
            run->cancel();
        });
        QVERIFY(watch.ends());
        QCOMPARE(bench.transport.stopped, 1);
        QCOMPARE(watch.result.error->code, ErrorCode::Cancelled);
        QVERIFY(!watch.result.nothingSent);
        QVERIFY(watch.result.hops.isEmpty());
        run->cancel(); // after the end: nothing
        run->start();
        QTest::qWait(2);
        QCOMPARE(watch.finished, 1);
    }

    void whatCameOfTheAnswerIsKept() {
        Bench bench;
        Step half{answer(200, {}, "half of ")};
        half.hold = half.partial = true;
        bench.transport.script = {half};
        const auto run = bench.make();
        Watch watch(*run);
        run->start();
        QTRY_COMPARE(bench.transport.log.size(), 1);
        run->cancel();
        QVERIFY(watch.ends());
        QVERIFY(!watch.result.error);
        QCOMPARE(watch.result.hops.first().response().bodyEnd, BodyEnd::Cancelled);
        QCOMPARE(watch.result.hops.first().response().body, QByteArray("half of "));
    }

    void aCancelledRedirectIsNotFollowed() {
        Bench bench;
        Step half = redirectTo("/a");
        half.hold = half.partial = true;
        bench.transport.script = {half, {answer(200)}};
        const auto run = bench.make();
        Watch watch(*run);
        run->start();
        QTRY_COMPARE(bench.transport.log.size(), 1);
        run->cancel();
        QVERIFY(watch.ends());
        QCOMPARE(watch.result.error->code, ErrorCode::Cancelled);
        QCOMPARE(watch.result.hops.size(), 1);
        QCOMPARE(bench.transport.log.size(), 1);
    }

    void theLimitPausesAndGoesOn() {
        Bench bench;
        Step large{answer(200, {}, QByteArray("much ") + Bench::canary)};
        large.limit = true;
        bench.transport.script = {large};
        const auto run = bench.make();
        Watch watch(*run);
        QList<RunResult> paused;
        connect(run.get(), &Run::paused, run.get(), [&](const RunResult& soFar) { paused << soFar; });
        run->start();
        QTRY_COMPARE(paused.size(), 1);
        QVERIFY(bench.transport.pauses.first());
        QCOMPARE(paused.first().hops.size(), 1);
        QVERIFY(!holds(everythingIn(paused.first()), Bench::canary));
        QCOMPARE(watch.finished, 0);
        run->keepGoing(200);
        QVERIFY(watch.ends());
        QCOMPARE(bench.transport.keptGoing, QList<qint64>{200});
        QCOMPARE(watch.result.hops.size(), 1);
        run->keepGoing(300); // after the end: nothing
        QCOMPARE(bench.transport.keptGoing.size(), 1);
    }

    void theLimitMayEndIt() {
        Bench bench;
        Step large{answer(200, {}, "much")};
        large.limit = true;
        bench.transport.script = {large};
        const auto run = bench.make();
        Watch watch(*run);
        connect(run.get(), &Run::paused, run.get(), [&] { run->cancel(); });
        run->start();
        QVERIFY(watch.ends());
        QVERIFY(!watch.result.error);
        QCOMPARE(watch.result.hops.first().response().bodyEnd, BodyEnd::LimitReached);
    }

    void nobodyWaitsForTheRestOfARedirectsBody() {
        Bench bench;
        Step large = redirectTo("/a");
        large.limit = true;
        bench.transport.script = {large, {answer(200)}};
        const auto run = bench.make();
        Watch watch(*run);
        int paused = 0;
        connect(run.get(), &Run::paused, run.get(), [&] { ++paused; });
        run->start();
        QVERIFY(watch.ends());
        QCOMPARE(paused, 0);
        QCOMPARE(bench.transport.stopped, 1);
        QCOMPARE(watch.result.hops.size(), 2);
        QVERIFY(!watch.result.error);
    }

    void aLargeBodyIsMaskedAside() {
        const QByteArray large = QByteArray("[12, 34, 56]\n").repeated(150000) + Bench::canary;
        for (const bool limit : {false, true}) {
            Bench bench;
            Step step{answer(200, {}, large)};
            step.limit = limit;
            bench.transport.script = {step};
            const auto run = bench.make();
            Watch watch(*run);
            int paused = 0;
            connect(run.get(), &Run::paused, run.get(), [&](const RunResult& soFar) {
                ++paused;
                QVERIFY(!soFar.hops.first().response().body.contains(Bench::canary));
                run->keepGoing(0);
            });
            run->start();
            QVERIFY(watch.ends());
            QCOMPARE(paused, limit ? 1 : 0);
            QVERIFY(watch.result.hops.first().echoedSecret());
            QVERIFY(!watch.result.hops.first().response().body.contains(Bench::canary));
            QCOMPARE(watch.result.hops.first().rawBody(), large);
        }
        // Deleted meanwhile: silence, and nothing of it is touched any more.
        Bench bench;
        bench.transport.script = {{answer(200, {}, large)}};
        auto run = bench.make();
        int finished = 0;
        connect(run.get(), &Run::finished, this, [&] { ++finished; });
        run->start();
        QTRY_COMPARE(bench.transport.log.size(), 1);
        QTRY_COMPARE(bench.transport.alive, 0); // the reply came; it is being masked, or has just been
        const int before = finished;
        run.reset();
        QThreadPool::globalInstance()->waitForDone();
        QTest::qWait(2);
        QCOMPARE(finished, before);
    }

    void progressIsToldInOneStep() {
        Bench bench;
        Step step{answer(200)};
        step.progressCalls = 500;
        bench.transport.script = {step};
        const auto run = bench.make();
        Watch watch(*run);
        QSignalSpy progress(run.get(), &Run::progress);
        run->start();
        QVERIFY(watch.ends());
        QCOMPARE(progress.size(), 1);
        QCOMPARE(progress.first().at(0).toLongLong(), 500);
    }

    void deletingItInAnySlotIsFine_data() {
        QTest::addColumn<int>("slot");
        QTest::newRow("progress") << 0;
        QTest::newRow("paused") << 1;
        QTest::newRow("finished") << 2;
    }
    void deletingItInAnySlotIsFine() {
        QFETCH(int, slot);
        Bench bench;
        Step step{answer(200, {}, "body")};
        step.progressCalls = 3;
        step.limit = slot == 1;
        bench.transport.script = {step};
        Run* run = bench.make().release();
        int deleted = 0, finished = 0;
        const auto end = [&] {
            ++deleted;
            delete run;
        };
        if (slot == 0) connect(run, &Run::progress, run, end);
        if (slot == 1) connect(run, &Run::paused, run, end);
        connect(run, &Run::finished, this, [&] { ++finished; });
        if (slot == 2) connect(run, &Run::finished, this, end);
        run->start();
        QTRY_COMPARE(deleted, 1);
        QTest::qWait(2);
        QCOMPARE(finished, slot == 2 ? 1 : 0);
        QCOMPARE(bench.transport.alive, 0);
        QVERIFY(!bench.transport.destroyedInsideCallback);
    }

    void deletingItMeansSilence() {
        for (const bool inKeychain : {true, false}) {
            Bench bench;
            bench.store.hold = inKeychain;
            Step held;
            held.hold = true;
            bench.transport.script = {held};
            auto run = bench.make();
            int finished = 0;
            connect(run.get(), &Run::finished, this, [&] { ++finished; });
            run->start();
            QTRY_COMPARE(bench.store.reads.size() + bench.transport.log.size(), inKeychain ? 1 : 2);
            run.reset();
            QTest::qWait(2);
            QCOMPARE(finished, 0);
            QCOMPARE(bench.transport.alive, 0);
        }
    }
};

QTEST_GUILESS_MAIN(TestRunCancel)
#include "test_run_cancel.moc"
