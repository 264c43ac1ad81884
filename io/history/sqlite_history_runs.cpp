// SPDX-License-Identifier: GPL-3.0-or-later
// What runs of access matrices saw.
#include "io/history/sqlite_history_private.h"

namespace kb {

Result<void> SqliteHistory::addRun(const QString& place, qint64 timeMs,
                                   const std::function<std::optional<CellSight>()>& next) {
    return d->with([&]() -> Result<void> {
        QSqlDatabase database = d->database();
        if (!database.transaction()) return d->failure(database.lastError());
        QSqlQuery query(database);
        const auto undo = [&]() -> Result<void> {
            const auto problem = d->failure(query.lastError());
            database.rollback();
            return problem;
        };
        query.prepare(QStringLiteral("INSERT INTO matrix_run (place, time) VALUES (?, ?)"));
        query.addBindValue(place);
        query.addBindValue(timeMs);
        if (!query.exec()) return undo();
        const qint64 run = query.lastInsertId().toLongLong();
        query.prepare(
            QStringLiteral("INSERT OR REPLACE INTO matrix_cell (cell, run, outcome, verdict, status) "
                           "VALUES (?, ?, ?, ?, ?)"));
        while (const std::optional<CellSight> sight = next()) {
            query.bindValue(0, sight->cell);
            query.bindValue(1, run);
            query.bindValue(2, sight->outcome);
            query.bindValue(3, sight->verdict);
            query.bindValue(4, sight->status);
            if (!query.exec()) return undo();
        }
        // Each cell's own last ones stay: a run of one cell takes no other's away.
        query.prepare(QStringLiteral(
            "DELETE FROM matrix_cell WHERE (cell, run) IN (SELECT cell, run FROM (SELECT cell, run, "
            "ROW_NUMBER() "
            "OVER (PARTITION BY cell ORDER BY run DESC) AS turn FROM matrix_cell JOIN matrix_run ON id = run "
            "WHERE "
            "place = ? AND cell IN (SELECT cell FROM matrix_cell WHERE run = ?)) WHERE turn > ?)"));
        query.addBindValue(place);
        query.addBindValue(run);
        query.addBindValue(runsKept);
        if (!query.exec()) return undo();
        query.prepare(QStringLiteral("DELETE FROM matrix_run WHERE place = ? AND NOT EXISTS (SELECT 1 FROM "
                                     "matrix_cell WHERE run = id)"));
        query.addBindValue(place);
        if (!query.exec()) return undo();
        query.finish();
        if (!database.commit()) return d->givenUp();
        return {};
    });
}

Result<QList<CellSight>> SqliteHistory::sightsOf(const QString& place, const QString& cell) {
    return d->with([&]() -> Result<QList<CellSight>> {
        QSqlQuery query(d->database());
        query.setForwardOnly(true);
        query.prepare(
            QStringLiteral("SELECT time, outcome, verdict, status FROM matrix_cell JOIN matrix_run ON "
                           "id = run WHERE cell = ? AND place = ? ORDER BY run DESC LIMIT ?"));
        query.addBindValue(cell);
        query.addBindValue(place);
        query.addBindValue(runsKept);
        if (!query.exec()) return d->failure(query.lastError());
        QList<CellSight> sights;
        while (query.next())
            sights.append({cell, query.value(0).toLongLong(), query.value(1).toString(),
                           query.value(2).toString(), query.value(3).toInt()});
        return sights;
    });
}

Result<QHash<QString, QString>> SqliteHistory::lastOutcomes(const QString& place) {
    return d->with([&]() -> Result<QHash<QString, QString>> {
        QSqlQuery query(d->database());
        query.setForwardOnly(true);
        query.prepare(
            QStringLiteral("SELECT cell, outcome, MAX(run) FROM matrix_cell JOIN matrix_run ON id = run "
                           "WHERE place = ? GROUP BY cell"));
        query.addBindValue(place);
        if (!query.exec()) return d->failure(query.lastError());
        QHash<QString, QString> outcomes;
        while (query.next())
            outcomes.insert(query.value(0).toString(), query.value(1).toString());
        return outcomes;
    });
}

Result<QSet<QString>> SqliteHistory::flappingCells(const QString& place) {
    return d->with([&]() -> Result<QSet<QString>> {
        QSqlQuery query(d->database());
        query.setForwardOnly(true);
        query.prepare(QStringLiteral(
            "SELECT cell FROM (SELECT cell, outcome, LAG(outcome) OVER (PARTITION BY cell ORDER BY run) AS "
            "before FROM matrix_cell JOIN matrix_run ON id = run WHERE place = ?) WHERE before IS NOT NULL "
            "AND "
            "before <> outcome GROUP BY cell HAVING COUNT(*) >= 2"));
        query.addBindValue(place);
        if (!query.exec()) return d->failure(query.lastError());
        QSet<QString> cells;
        while (query.next())
            cells.insert(query.value(0).toString());
        return cells;
    });
}

} // namespace kb
