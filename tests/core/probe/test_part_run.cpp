// SPDX-License-Identifier: GPL-3.0-or-later
// A run of some cells in the record of all: each cell rests on the canaries of the run that sent it.
#include "core/probe/part_run.h"

#include <QtTest>

using namespace kb;

namespace {

/// Two operations, and: nobody, ada, a forgery of ada's credential, an expired one.
RunRecord partRunGrid() {
    ApiDescription api;
    api.security = ApiSecurity{{{QStringLiteral("token"), {}}}};
    api.schemes = {{}};
    api.schemes.first().name = QStringLiteral("token");
    api.schemes.first().type = QStringLiteral("http");
    api.schemes.first().httpScheme = QStringLiteral("bearer");
    for (const char* path : {"/a", "/b"}) {
        ApiOperation& operation = api.operations.emplaceBack();
        operation.method = QStringLiteral("GET");
        operation.path = QLatin1String(path);
    }
    MatrixProfile ada, expired;
    ada.id = ada.name = QStringLiteral("ada");
    expired.id = expired.name = QStringLiteral("expired");
    expired.kind = MatrixProfile::Kind::Stale;
    const DerivedProfile forged{QStringLiteral("forged"), QStringLiteral("forged"), QStringLiteral("ada"),
                                TokenDefect::NoSignature};
    PlanOptions options;
    options.baseUrl = QStringLiteral("http://127.0.0.1:8080");
    RunRecord record;
    record.plan = makePlan(api, withDerived({anonymousProfile(), ada, expired}, {forged}), {}, options);
    for (int i = 0; i < record.plan.cells.size(); ++i)
        record.results.emplaceBack().cell = i;
    return record;
}

int cellAt(const RunRecord& record, const char* who, const char* path) {
    for (int i = 0; i < record.plan.cells.size(); ++i) {
        const CellPlan& cell = record.plan.cells.at(i);
        if (record.plan.profileOf(cell).id == QLatin1String(who) &&
            record.plan.operationOf(cell).path == QLatin1String(path))
            return i;
    }
    return -1;
}

/// A run of those cells: ada gets `status`, everybody else 401.
RunRecord partOf(const RunRecord& whole, const QList<int>& cells, const QList<bool>& canaries, int status) {
    RunRecord part;
    part.plan = whole.plan;
    part.plan.cells.clear();
    for (const int cell : cells) {
        CellResult& result = part.results.emplaceBack();
        result.cell = int(part.plan.cells.size());
        part.plan.cells.append(whole.plan.cells.at(cell));
        result.seen.sent = true;
        result.seen.status =
            part.plan.profileOf(part.plan.cells.last()).id == QLatin1String("ada") ? status : 401;
        result.segment = 0;
    }
    part.health.append({QStringLiteral("ada"), canaries,
                        canaries.contains(false) ? QStringLiteral("It got 401.") : QString()});
    return part;
}

} // namespace

class TestPartRun : public QObject {
    Q_OBJECT
    QList<int> m_all;
    static Verdict verdict(const RunRecord& record, const char* who, const char* path) {
        return record.results.at(cellAt(record, who, path)).judged.verdict;
    }
    static void put(RunRecord& whole, const QList<int>& cells, const QList<bool>& canaries, int status) {
        takeOver(whole, partOf(whole, cells, canaries, status), cells);
        evaluate(whole, {}, 0);
    }

private Q_SLOTS:
    void init() {
        m_all.clear();
        for (int i = 0; i < partRunGrid().plan.cells.size(); ++i)
            m_all.append(i);
    }

    void whatADeadCredentialGotStaysUnproven() {
        RunRecord whole = partRunGrid();
        put(whole, m_all, {false, false}, 401);
        for (const char* who : {"ada", "forged", "expired"})
            QCOMPARE(verdict(whole, who, "/b"), Verdict::NotProven);
        put(whole, {cellAt(whole, "ada", "/a")}, {true, true}, 200);
        QCOMPARE(verdict(whole, "ada", "/a"), Verdict::Pass);
        for (const char* who : {"ada", "forged", "expired"})
            QCOMPARE(verdict(whole, who, "/b"), Verdict::NotProven);
        QVERIFY(newestHealth(whole, QStringLiteral("ada"))->problem.isEmpty());
        QVERIFY(whole.isInconclusive()); // much still rests on the dead one
        // A forgery and an expired one are proven by the run that sent them.
        const int a = cellAt(whole, "ada", "/a");
        put(whole, {a, cellAt(whole, "forged", "/a"), cellAt(whole, "expired", "/a")}, {true, true}, 200);
        QCOMPARE(verdict(whole, "forged", "/a"), Verdict::Pass);
        QCOMPARE(verdict(whole, "expired", "/a"), Verdict::Pass);
        QCOMPARE(verdict(whole, "forged", "/b"), Verdict::NotProven);
        put(whole, m_all, {true, true}, 200);
        for (const char* who : {"ada", "forged", "expired"})
            for (const char* path : {"/a", "/b"})
                QCOMPARE(verdict(whole, who, path), Verdict::Pass);
        QCOMPARE(whole.health.size(), 1); // nothing rests on the others any more
        QVERIFY(!whole.isInconclusive());
    }

    void whatAGoodCredentialGotStaysProven() {
        RunRecord whole = partRunGrid();
        put(whole, m_all, {true}, 200); // stopped before its last canary
        put(whole, {cellAt(whole, "ada", "/a")}, {false, false}, 401);
        QCOMPARE(verdict(whole, "ada", "/a"), Verdict::NotProven);
        for (const char* who : {"ada", "forged", "expired"})
            QCOMPARE(verdict(whole, who, "/b"), Verdict::Pass);
        QCOMPARE(newestHealth(whole, QStringLiteral("ada"))->problem, QStringLiteral("It got 401."));
        QVERIFY(whole.isInconclusive());
    }

    /// Without canaries there is one word of why, however many runs there were.
    void withoutCanariesNothingGrows() {
        RunRecord whole = partRunGrid();
        for (int i = 0; i < 3; ++i) {
            RunRecord part = partOf(whole, {m_all.at(i)}, {}, 200);
            part.health.first().problem = QStringLiteral("No request is known.");
            takeOver(whole, part, {m_all.at(i)});
        }
        QCOMPARE(whole.health.size(), 1);
        QCOMPARE(whole.health.first().problem, QStringLiteral("No request is known."));
        // One that was stopped at once says nothing new.
        takeOver(whole, partOf(whole, {}, {}, 0), {});
        QCOMPARE(newestHealth(whole, QStringLiteral("ada"))->problem, QStringLiteral("No request is known."));
    }

    void whatTheRunFoundOutIsTakenOver() {
        RunRecord whole = partRunGrid();
        const int a = cellAt(whole, "ada", "/a");
        RunRecord part = partOf(whole, {a}, {true}, 0);
        part.plan.cells.first().notSent = QStringLiteral("It cannot be found out.");
        part.plan.cells.first().object = QStringLiteral("{{own.id.bob}}");
        part.own.insert(QStringLiteral("own.id.ada"), QStringLiteral("7"));
        part.runRemarks = QStringList{QStringLiteral("Not known.")};
        part.stopped = true;
        takeOver(whole, part, {a});
        QCOMPARE(whole.plan.cells.at(a).notSent, QStringLiteral("It cannot be found out."));
        QCOMPARE(whole.plan.cells.at(a).object, QStringLiteral("{{own.id.bob}}"));
        QCOMPARE(whole.own.value(QStringLiteral("own.id.ada")), QStringLiteral("7"));
        QCOMPARE(whole.runRemarks, QStringList{QStringLiteral("Not known.")});
        QVERIFY(whole.stopped);
        QVERIFY(whole.plan.cells.at(cellAt(whole, "ada", "/b")).notSent.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestPartRun)
#include "test_part_run.moc"
