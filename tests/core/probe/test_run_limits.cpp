// SPDX-License-Identifier: GPL-3.0-or-later
// What a run may cost, and how the server's people can tell its requests.
#include "core/probe/report.h"
#include "tests/core/probe/safety_bench.h"

#include <QElapsedTimer>

using namespace kbtest;

namespace {

/// Some rows to read, and webhooks that are made for each probe and removed after it.
struct LimitBench : SafetyBench {
    QByteArrayList made, removed;
    LimitBench() {
        operation("GET", "/me");
        for (int i = 0; i < 3; ++i)
            operation("GET", qPrintable(QStringLiteral("/r%1").arg(i)));
        transport.api = [this](const Request& request) {
            if (whoOf(request).isEmpty()) return json(401);
            if (request.method == "POST") {
                made.append("w" + QByteArray::number(made.size()));
                return json(201, "{\"id\":\"" + made.last() + "\"}");
            }
            if (request.method == "DELETE") removed.append(request.url.path().mid(7));
            return json(200);
        };
    }
    void withHooks() {
        operation("POST", "/hooks");
        operation("GET", "/hooks");
        operation("DELETE", "/hooks/{id}", {QStringLiteral("id")});
        const QString probed = QStringLiteral("DELETE /hooks/{id}");
        settings.strategies.insert(probed, ProbeStrategy::Fixture);
        settings.fixtures.insert(probed, {QStringLiteral("POST /hooks"),
                                          QStringLiteral("ada"),
                                          {},
                                          {},
                                          QStringLiteral("GET /hooks"),
                                          probed});
        allowUnsafe = true;
    }
};

} // namespace

class TestRunLimits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// No limit is passed, wherever it falls; what was made is removed, and what was sent is waited for.
    void requestsAreLimited() {
        LimitBench whole;
        whole.withHooks();
        whole.go();
        const int all = int(whole.transport.sent.size());
        QCOMPARE(whole.plan().requestCount(), all);
        QVERIFY(all > 20);
        for (int limit = 1; limit <= all; ++limit) {
            LimitBench bench;
            bench.withHooks();
            bench.options.parallel = 3;
            bench.settings.limits.requests = limit;
            const RunRecord record = bench.go();
            QVERIFY2(bench.transport.sent.size() <= limit, qPrintable(QString::number(limit)));
            QVERIFY(limit < 5 || bench.transport.sent.size() > limit - 5);
            QCOMPARE(QSet<QByteArray>(bench.removed.begin(), bench.removed.end()),
                     QSet<QByteArray>(bench.made.begin(), bench.made.end()));
            QCOMPARE(record.stopped, limit < all);
            for (const CellResult& result : record.results)
                QVERIFY(result.seen.status != 0 || !result.seen.sent);
        }
    }

    void whatIsBeyondIsSaid() {
        LimitBench bench;
        bench.settings.limits.requests = 4;
        const MatrixPlan plan = bench.plan();
        QCOMPARE(plan.requestCount(), 4 + 4 + 2);
        QVERIFY2(plan.limitSentences(1, 0).join(u' ').contains(
                     QStringLiteral("10 requests, and a run may send 4")),
                 qPrintable(plan.limitSentences(1, 0).join(u' ')));
        const RunRecord record = bench.go();
        QCOMPARE(bench.transport.sent.size(), 4);
        QVERIFY(record.stopped && record.isInconclusive());
        const CellResult& last = SafetyBench::cell(record, "ada", "GET /r2");
        QCOMPARE(last.outcome.outcome, Outcome::NotSent);
        QCOMPARE(last.judged.verdict, Verdict::NotProven);
        const QString why = QStringLiteral("The run's limit of 4 requests is reached.");
        QCOMPARE(last.judged.reason, why);
        QVERIFY(record.remarks.contains(why));
        QVERIFY(reportOf(QStringLiteral("json"), record)
                    .contains(QByteArray("\"stop_reason\":\"" + why.toUtf8())));

        bench.settings.limits.requests = 10;
        QVERIFY(bench.plan().limitSentences(1, 0).isEmpty());
        QVERIFY(!bench.go().stopped);
        QCOMPARE(bench.transport.sent.size(), 10);
    }

    /// What is asked before the cells counts as well.
    void questionsCount() {
        LimitBench bench;
        bench.operation("GET", "/notes/{id}", {QStringLiteral("id")}).ownObjectsOnly = true;
        bench.settings.own[QStringLiteral("id")] = {
            {QStringLiteral("ada"), QStringLiteral("from:GET /me#/a")}};
        bench.settings.limits.requests = 1;
        const RunRecord record = bench.go();
        QCOMPARE(bench.transport.sent.size(), 1);
        QVERIFY(record.stopped);
    }

    /// A server that never answers does not hold a run beyond its time.
    void timeIsLimited() {
        LimitBench bench;
        bench.transport.silentAt = "/r1";
        bench.settings.limits.seconds = 1;
        QElapsedTimer timer;
        timer.start();
        const RunRecord record = bench.go();
        QVERIFY2(timer.elapsed() >= 900 && timer.elapsed() < 10000,
                 qPrintable(QString::number(timer.elapsed())));
        QVERIFY(record.stopped);
        QCOMPARE(record.stopReason, QStringLiteral("The run's limit of 1 s is reached."));
        QCOMPARE(SafetyBench::cell(record, "ada", "GET /r2").judged.reason, record.stopReason);

        bench.settings.limits.seconds = 5;
        QCOMPARE(bench.plan().limitSentences(1, 1).size(), 1); // ten requests, one a second
        bench.settings.limits.seconds = 60;
        QVERIFY(bench.plan().limitSentences(1, 1).isEmpty());
    }

    /// Each request of a run, whatever it is for, tells the run's id; another run has another.
    void requestsTellTheirRun() {
        LimitBench bench;
        bench.withHooks();
        bench.operation("GET", "/notes/{id}", {QStringLiteral("id")}).ownObjectsOnly = true;
        bench.settings.own[QStringLiteral("id")] = {
            {QStringLiteral("ada"), QStringLiteral("from:GET /me#/a")}};
        bench.go();
        for (const Request& each : std::as_const(bench.transport.sent))
            QVERIFY(!each.headers.contains("X-Run"));
        bench.settings.runHeader = QStringLiteral("X-Run");
        QSet<QByteArray> ids;
        for (int i = 0; i < 2; ++i) {
            const RunRecord record = bench.go();
            QVERIFY(record.id.size() > 30);
            for (const Request& each : std::as_const(bench.transport.sent))
                QCOMPARE(each.headers.all("X-Run"), QList<QByteArray>{record.id.toUtf8()});
            QVERIFY(reportOf(QStringLiteral("json"), record)
                        .contains(QByteArray("\"run_id\":\"" + record.id.toUtf8())));
            ids.insert(record.id.toUtf8());
        }
        QCOMPARE(ids.size(), 2);
    }

    /// A header that has a meaning already is left alone, in whatever case it is written: a run's id would
    /// pass for a credential.
    void noCredentialIsOverwritten_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("fine");
        for (const char* name : {"Authorization", "COOKIE", "Proxy-Authorization", "DPoP", "Signature",
                                 "Content-Type", "Host", "If-Match", "X-Amz-Date", "x-api-key", "X-Second",
                                 "X-Scheme-Key", "x-tenant", "X Run", "X-Run:"})
            QTest::newRow(name) << QString::fromLatin1(name) << false;
        QTest::newRow("X-Run") << QStringLiteral("X-Run") << true;
    }
    void noCredentialIsOverwritten() {
        QFETCH(QString, name);
        QFETCH(bool, fine);
        LimitBench bench;
        ApiKeyScheme key;
        key.in = ApiKeyScheme::In::Header;
        key.name = QStringLiteral("X-Api-Key");
        SecretRecord record;
        record.secret = Secret("key-of-bob-0123456789");
        bench.add(QStringLiteral("bob"), key, std::move(record));
        ApiKeyScheme second = key;
        second.name = QStringLiteral("X-Second");
        bench.profiles.last().keys = {second};
        ApiSecurityScheme scheme;
        scheme.name = QStringLiteral("other");
        scheme.type = QStringLiteral("apiKey");
        scheme.in = QStringLiteral("header");
        scheme.parameter = QStringLiteral("X-Scheme-Key");
        bench.api.schemes.append(scheme);
        ApiParameter tenant;
        tenant.in = QStringLiteral("header");
        tenant.name = QStringLiteral("X-Tenant");
        bench.api.operations.first().parameters = {tenant};
        bench.settings.runHeader = name;
        const MatrixPlan plan = bench.plan();
        QCOMPARE(!plan.runProblem, fine);
        QCOMPARE(plan.runHeader, fine ? name : QString());
        if (fine) return;
        QVERIFY2(plan.runProblem->text().contains(name), qPrintable(plan.runProblem->text()));
        const RunRecord run = bench.go();
        for (const Request& each : std::as_const(bench.transport.sent))
            for (const HeaderField& field : each.headers.fields)
                QVERIFY(field.value != run.id.toUtf8());
    }
};

QTEST_GUILESS_MAIN(TestRunLimits)
#include "test_run_limits.moc"
