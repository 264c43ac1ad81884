// SPDX-License-Identifier: GPL-3.0-or-later
// What runs of access matrices saw, kept beside the history.
#include "io/history/sqlite_history.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace kb;

class TestMatrixRuns : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString m_file;

    static QString s(const char* text) { return QString::fromUtf8(text); }
    /// A run with the outcome of one cell each, "a" and on.
    static Result<void> add(HistoryStore& history, const char* place, qint64 time,
                            const QStringList& outcomes) {
        int i = 0;
        return history.addRun(s(place), time, [&]() -> std::optional<CellSight> {
            if (i == outcomes.size()) return std::nullopt;
            const QString cell(QChar(u'a' + i));
            const QString outcome = outcomes.at(i++);
            return CellSight{cell, 0, outcome, s("pass"), outcome == s("allowed") ? 200 : 403};
        });
    }

private Q_SLOTS:
    void init() {
        static int number = 0;
        m_file = m_folder.filePath(QString::number(++number) + s(".sqlite"));
    }

    void theLastRunsComeNewestFirst() {
        SqliteHistory history(m_file);
        QVERIFY(add(history, "here", 1, {s("allowed"), s("denied-authz")}));
        QVERIFY(add(history, "here", 2, {s("denied-authz"), s("denied-authz")}));
        QVERIFY(add(history, "elsewhere", 3, {s("server-error")}));
        const Result<QList<CellSight>> seen = history.sightsOf(s("here"), s("a"));
        QVERIFY(seen);
        QCOMPARE(*seen, (QList<CellSight>{{s("a"), 2, s("denied-authz"), s("pass"), 403},
                                          {s("a"), 1, s("allowed"), s("pass"), 200}}));
        QVERIFY(history.sightsOf(s("here"), s("z"))->isEmpty());
    }

    void onlyTheLastTwentyStay() {
        SqliteHistory history(m_file);
        QVERIFY(add(history, "elsewhere", 1, {s("allowed")}));
        for (int i = 1; i <= 25; ++i)
            QVERIFY(add(history, "here", i, {s("allowed")}));
        const Result<QList<CellSight>> seen = history.sightsOf(s("here"), s("a"));
        QVERIFY(seen);
        QCOMPARE(seen->size(), 20);
        QCOMPARE(seen->last().timeMs, 6);
        QCOMPARE(history.sightsOf(s("elsewhere"), s("a"))->size(), 1);
    }

    /// A cell that is run alone, again and again, takes no other's past away.
    void aRunOfOneCellLeavesTheOthers() {
        SqliteHistory history(m_file);
        QVERIFY(add(history, "here", 1, {s("allowed"), s("denied-authz")}));
        for (int i = 2; i <= 30; ++i)
            QVERIFY(add(history, "here", i, {s("allowed")}));
        QCOMPARE(history.sightsOf(s("here"), s("a"))->size(), 20);
        QCOMPARE(history.sightsOf(s("here"), s("b"))->size(), 1);
    }

    void oldRunsGoWithTheHistorysLimit() {
        SqliteHistory history(m_file);
        const qint64 day = 86'400'000;
        QVERIFY(add(history, "gone", day, {s("allowed")}));
        QVERIFY(add(history, "here", 100 * day, {s("allowed")}));
        HistoryLimits limits;
        limits.days = 30;
        QVERIFY(history.trim(limits, 101 * day));
        QVERIFY(history.sightsOf(s("gone"), s("a"))->isEmpty());
        QCOMPARE(history.sightsOf(s("here"), s("a"))->size(), 1);
    }

    void whatChangesToAndFroFlaps() {
        SqliteHistory history(m_file);
        for (const char* outcome : {"allowed", "denied-authz", "allowed"})
            QVERIFY(add(history, "here", 1, {s(outcome), s("allowed"), s("allowed")}));
        QVERIFY(
            add(history, "here", 2, {s("allowed"), s("allowed"), s("denied-authz")})); // mended once: no flap
        const Result<QSet<QString>> flapping = history.flappingCells(s("here"));
        QVERIFY(flapping);
        QCOMPARE(*flapping, QSet<QString>{s("a")});
        QVERIFY(history.flappingCells(s("elsewhere"))->isEmpty());
    }

    /// Of each cell the newest run that saw it, be it of that cell alone.
    void theLastOutcomes() {
        SqliteHistory history(m_file);
        QVERIFY(history.lastOutcomes(s("here"))->isEmpty());
        QVERIFY(add(history, "here", 1, {s("allowed"), s("denied-authz")}));
        QVERIFY(add(history, "here", 2, {s("server-error")}));
        QVERIFY(add(history, "elsewhere", 3, {s("concealed")}));
        const QHash<QString, QString> expected{{s("a"), s("server-error")}, {s("b"), s("denied-authz")}};
        QCOMPARE(*history.lastOutcomes(s("here")), expected);
    }

    void clearingTakesThemToo() {
        SqliteHistory history(m_file);
        QVERIFY(add(history, "here", 1, {s("allowed")}));
        QVERIFY(history.clear());
        QVERIFY(history.sightsOf(s("here"), s("a"))->isEmpty());
    }

    /// A file of the version before, as it was made then: what it holds stays.
    void anOlderFileIsBroughtUpToDate() {
        {
            SqliteHistory history(m_file);
            HistoryRecord record;
            record.entry.url = s("https://example.com/kept");
            QVERIFY(history.add(record));
        }
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(s("QSQLITE"), s("older"));
            database.setDatabaseName(m_file);
            QVERIFY(database.open());
            QSqlQuery query(database);
            for (const char* statement :
                 {"DROP TABLE matrix_cell", "DROP TABLE matrix_run", "PRAGMA user_version=1"})
                QVERIFY(query.exec(s(statement)));
        }
        QSqlDatabase::removeDatabase(s("older"));
        SqliteHistory one(m_file), two(m_file);
        QVERIFY(add(one, "here", 1, {s("allowed")}));
        QVERIFY(add(two, "here", 2, {s("allowed")}));
        QCOMPARE(one.sightsOf(s("here"), s("a"))->size(), 2);
        const Result<QList<HistoryEntry>> kept = one.find({});
        QVERIFY(kept && kept->size() == 1);
        QCOMPARE(kept->first().url, s("https://example.com/kept"));
        QVERIFY(one.notice().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestMatrixRuns)
#include "test_matrix_runs.moc"
