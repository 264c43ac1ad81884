// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/history/sqlite_history.h"
#include "io/history/history_text.h"

#include "io/history/sqlite_history_private.h"

namespace kb {

namespace {

constexpr qsizetype searchedBytes = 4096; ///< of an answer's beginning
/// What a byte of searched text takes in the file, with its index of three letters each.
constexpr qint64 bytesOfIndexed = 5;
constexpr int pagesMerged = 300; ///< at one time: some milliseconds

/// "name: value" lines, as on the wire.
QByteArray linesOf(const QList<HeaderField>& fields) {
    QByteArray out;
    for (const HeaderField& field : fields)
        out += field.name + ": " + field.value + '\n';
    return out;
}
QList<HeaderField> fieldsOf(const QByteArray& lines) {
    QList<HeaderField> fields;
    for (const QByteArray& line : lines.split('\n')) {
        const qsizetype colon = line.indexOf(": ");
        if (colon > 0) fields.append({line.left(colon), line.mid(colon + 2)});
    }
    return fields;
}

HistoryEntry entryOf(const QSqlQuery& row) {
    HistoryEntry entry;
    entry.id = row.value(0).toLongLong();
    entry.timeMs = row.value(1).toLongLong();
    entry.method = row.value(2).toString();
    entry.url = row.value(3).toString();
    entry.host = row.value(4).toString();
    entry.profileId = row.value(5).toString();
    entry.profileName = row.value(6).toString();
    entry.requestPath = row.value(7).toString();
    entry.environment = row.value(8).toString();
    entry.status = row.value(9).toInt();
    entry.problem = row.value(10).toString();
    entry.totalMs = row.value(11).toDouble();
    entry.size = row.value(12).toLongLong();
    entry.pinned = row.value(13).toBool();
    return entry;
}
const QString columns = QStringLiteral("id, time, method, url, host, profile_id, profile, path, environment, "
                                       "status, problem, total, size, pinned");

} // namespace

SqliteHistory::SqliteHistory(QString file) : d(std::make_unique<Private>(std::move(file))) {}

SqliteHistory::~SqliteHistory() {
    if (d->opened) d->close();
}

QString SqliteHistory::notice() const {
    return d->notice;
}

Result<qint64> SqliteHistory::add(const HistoryRecord& record) {
    return d->with([&]() -> Result<qint64> {
        QSqlDatabase database = d->database();
        const HistoryEntry& entry = record.entry;
        const QByteArray requestHeaders = linesOf(record.requestHeaders),
                         responseHeaders = linesOf(record.responseHeaders);
        const QByteArray requestBody = record.requestBody.left(HistoryLimits::bodyBytes);
        const QByteArray responseBody = record.responseBody.left(HistoryLimits::bodyBytes);
        if (!database.transaction()) return d->failure(database.lastError());
        QSqlQuery query(database);
        const auto give = [&](const QVariantList& values) {
            for (const QVariant& value : values)
                query.addBindValue(value);
            return query.exec();
        };
        const auto undo = [&]() -> Result<qint64> {
            const auto problem = d->failure(query.lastError());
            database.rollback();
            return problem;
        };
        const QString searched = entry.method + u' ' + entry.url + u'\n' + entry.profileName + u'\n' +
                                 QString::fromUtf8(responseBody.left(searchedBytes));
        query.prepare(QStringLiteral(
            "INSERT INTO entry (time, method, url, host, profile_id, profile, path, environment, "
            "status, problem, total, size, pinned, bytes) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
        const qint64 bytes = requestHeaders.size() + responseHeaders.size() + requestBody.size() +
                             responseBody.size() + entry.url.size() + 200 + bytesOfIndexed * searched.size();
        if (!give({entry.timeMs, entry.method, entry.url, entry.host, entry.profileId, entry.profileName,
                   entry.requestPath, entry.environment, entry.status, entry.problem, entry.totalMs,
                   entry.size, entry.pinned, bytes}))
            return undo();
        const qint64 id = query.lastInsertId().toLongLong();
        query.prepare(QStringLiteral("INSERT INTO content VALUES (?,?,?,?,?,?,?,?,?)"));
        if (!give({id, requestHeaders, requestBody, record.hasRequestBody, record.reason, responseHeaders,
                   responseBody, record.bodyCut || responseBody.size() < record.responseBody.size(),
                   record.diagnosis}))
            return undo();
        query.prepare(QStringLiteral("INSERT INTO search (rowid, text) VALUES (?,?)"));
        if (!give({id, searched})) return undo();
        if (!database.commit()) return d->givenUp();
        return id;
    });
}

Result<QList<HistoryEntry>> SqliteHistory::find(const HistoryQuery& wanted) {
    return d->with([&]() -> Result<QList<HistoryEntry>> {
        QStringList conditions;
        QVariantList values;
        const auto add = [&](const QString& condition, const QVariantList& given) {
            conditions.append(condition);
            values += given;
        };
        const QString text = wanted.text.trimmed();
        if (text.size() >= 3) { // as a phrase: nothing in it is an operator
            QString phrase = text;
            phrase.replace(u'"', QLatin1String("\"\""));
            add(QStringLiteral("search MATCH ?"), {QString(u'"' + phrase + u'"')});
        } else if (!text.isEmpty()) { // too short for the index
            QString part = text;
            for (const char special : {'\\', '%', '_'})
                part.replace(QLatin1Char(special), QLatin1String("\\") + QLatin1Char(special));
            add(QStringLiteral("(url LIKE ? ESCAPE '\\' OR profile LIKE ? ESCAPE '\\')"),
                {QString(u'%' + part + u'%'), QString(u'%' + part + u'%')});
        }
        if (wanted.statusFrom || wanted.statusTo)
            add(QStringLiteral("status BETWEEN ? AND ?"), {wanted.statusFrom, wanted.statusTo});
        if (wanted.failedOnly) add(QStringLiteral("(status = 0 OR status >= 400)"), {});
        if (!wanted.profileId.isEmpty()) add(QStringLiteral("profile_id = ?"), {wanted.profileId});
        if (!wanted.host.isEmpty()) add(QStringLiteral("host = ?"), {wanted.host});
        if (wanted.fromMs) add(QStringLiteral("time >= ?"), {wanted.fromMs});
        if (wanted.toMs) add(QStringLiteral("time <= ?"), {wanted.toMs});
        if (wanted.pinnedOnly) add(QStringLiteral("pinned = 1"), {});
        QSqlQuery query(d->database());
        query.setForwardOnly(true);
        // In the order of the index that is gone through, so that it ends at the limit.
        const bool indexed = text.size() >= 3;
        query.prepare(QStringLiteral("SELECT ") + columns +
                      (indexed ? QStringLiteral(" FROM search JOIN entry ON entry.id = search.rowid ")
                               : QStringLiteral(" FROM entry ")) +
                      (conditions.isEmpty()
                           ? QString()
                           : QString(QStringLiteral("WHERE ") + conditions.join(QStringLiteral(" AND ")))) +
                      (indexed ? QStringLiteral(" ORDER BY search.rowid DESC LIMIT ?")
                               : QStringLiteral(" ORDER BY id DESC LIMIT ?")));
        values.append(qMax(1, wanted.limit));
        for (const QVariant& value : std::as_const(values))
            query.addBindValue(value);
        if (!query.exec()) return d->failure(query.lastError());
        QList<HistoryEntry> found;
        while (query.next())
            found.append(entryOf(query));
        return found;
    });
}

Result<HistoryRecord> SqliteHistory::read(qint64 id) {
    return d->with([&]() -> Result<HistoryRecord> {
        QSqlQuery query(d->database());
        query.prepare(
            QStringLiteral("SELECT ") + QStringLiteral("entry.") + columns +
            QStringLiteral(
                ", request_headers, request_body, has_body, reason, response_headers, response_body, cut, "
                "diagnosis FROM entry JOIN content ON content.id = entry.id WHERE entry.id = ?"));
        query.addBindValue(id);
        if (!query.exec()) return d->failure(query.lastError());
        if (!query.next())
            return fail(ErrorCode::NotFound, HistoryText::tr("This exchange is no longer in the history."),
                        d->file);
        HistoryRecord record;
        record.entry = entryOf(query);
        record.requestHeaders = fieldsOf(query.value(14).toByteArray());
        record.requestBody = query.value(15).toByteArray();
        record.hasRequestBody = query.value(16).toBool();
        record.reason = query.value(17).toString();
        record.responseHeaders = fieldsOf(query.value(18).toByteArray());
        record.responseBody = query.value(19).toByteArray();
        record.bodyCut = query.value(20).toBool();
        record.diagnosis = query.value(21).toString();
        return record;
    });
}

Result<QStringList> SqliteHistory::hosts() {
    return d->with([&]() -> Result<QStringList> {
        QSqlQuery query(d->database());
        if (!query.exec(QStringLiteral("SELECT DISTINCT host FROM entry WHERE host <> '' ORDER BY host")))
            return d->failure(query.lastError());
        QStringList all;
        while (query.next())
            all.append(query.value(0).toString());
        return all;
    });
}

Result<void> SqliteHistory::pin(qint64 id, bool pinned) {
    return d->with([&]() -> Result<void> {
        QSqlQuery query(d->database());
        query.prepare(QStringLiteral("UPDATE entry SET pinned = ? WHERE id = ?"));
        query.addBindValue(pinned);
        query.addBindValue(id);
        if (!query.exec()) return d->failure(query.lastError());
        return {};
    });
}

Result<void> SqliteHistory::remove(const QList<qint64>& ids) {
    return d->with([&]() -> Result<void> {
        QSqlDatabase database = d->database();
        if (!database.transaction()) return d->failure(database.lastError());
        QSqlQuery query(database);
        query.prepare(QStringLiteral("DELETE FROM entry WHERE id = ?"));
        for (const qint64 id : ids) {
            query.bindValue(0, id);
            if (!query.exec()) {
                const Result<void> problem = d->failure(query.lastError());
                database.rollback();
                return problem;
            }
        }
        if (!database.commit()) return d->givenUp();
        // secure_delete has overwritten the pages; the log of changes still holds them until it is cut. An
        // index that cannot do the same keeps what it was of, until it is written anew.
        if (!d->indexForgets) query.exec(QStringLiteral("INSERT INTO search(search) VALUES('optimize')"));
        query.exec(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
        return {};
    });
}

Result<void> SqliteHistory::clear() {
    const Result<void> cleared = d->with([&]() -> Result<void> {
        QSqlQuery query(d->database());
        for (const char* statement : {"DELETE FROM entry", "DELETE FROM search", "DELETE FROM matrix_run",
                                      "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"})
            if (!query.exec(QString::fromLatin1(statement))) return d->failure(query.lastError());
        return {};
    });
    // Also those that this one was set aside for.
    return cleared ? d->removeSetAside() : cleared;
}

Result<void> SqliteHistory::trim(const HistoryLimits& limits, qint64 nowMs) {
    return d->with([&]() -> Result<void> {
        QSqlQuery query(d->database());
        const auto run = [&](const QString& text, const QVariantList& values) {
            query.prepare(text);
            for (const QVariant& value : values)
                query.addBindValue(value);
            return query.exec();
        };
        // Mostly there is nothing to do, which is quickly seen.
        if (!run(QStringLiteral("SELECT COUNT(*), SUM(bytes), MIN(time) FROM entry WHERE pinned = 0"), {}) ||
            !query.next())
            return d->failure(query.lastError());
        const qint64 oldest = nowMs - qint64(limits.days) * 24 * 3600 * 1000;
        bool done =
            run(QStringLiteral("DELETE FROM entry WHERE pinned = 0 AND time < ?"), {oldest}) &&
            run(QStringLiteral(
                    "DELETE FROM entry WHERE pinned = 0 AND id NOT IN (SELECT id FROM entry WHERE pinned = "
                    "0 ORDER BY time DESC, id DESC LIMIT ?)"),
                {limits.entries});
        // The newest whose bytes together stay below the limit remain.
        done = done &&
               run(QStringLiteral(
                       "DELETE FROM entry WHERE pinned = 0 AND id IN (SELECT id FROM (SELECT id, SUM(bytes) "
                       "OVER (ORDER BY time DESC, id DESC) AS total FROM entry WHERE pinned = 0) WHERE "
                       "total > ?)"),
                   {limits.bytes});
        done = done && run(QStringLiteral("DELETE FROM matrix_run WHERE time < ?"), {oldest});
        if (!done) return d->failure(query.lastError());
        // What went leaves the index, and the file shrinks, a piece each time: all at once would take
        // seconds.
        if (!d->indexForgets)
            for (const int pages : {-pagesMerged, pagesMerged})
                run(QStringLiteral("INSERT INTO search(search, rank) VALUES('merge', ?)"), {pages});
        query.exec(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
        return {};
    });
}

} // namespace kb
