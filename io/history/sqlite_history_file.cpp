// SPDX-License-Identifier: GPL-3.0-or-later
// The history's file: made, opened, brought up to date, set aside.
#include "io/history/history_text.h"
#include "io/history/sqlite_history_private.h"

#include <QDateTime>
#include <QUuid>

namespace kb {

namespace {

constexpr QLatin1String damagedMark(".damaged-");

/// What each version of the file adds to the one before.
const QList<const char*> versions[] = {
    {"CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, method TEXT, url "
     "TEXT, "
     "host TEXT, profile_id TEXT, profile TEXT, path TEXT, environment TEXT, status INTEGER, problem TEXT, "
     "total REAL, size INTEGER, pinned INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL)",
     "CREATE TABLE content (id INTEGER PRIMARY KEY REFERENCES entry(id) ON DELETE CASCADE, request_headers "
     "BLOB, request_body BLOB, has_body INTEGER, reason TEXT, response_headers BLOB, response_body BLOB, cut "
     "INTEGER, diagnosis TEXT)",
     "CREATE INDEX entry_time ON entry(time)",
     // Any part of a word can be looked for; its rows go with the entry's.
     "CREATE VIRTUAL TABLE search USING fts5(text, tokenize='trigram')",
     "CREATE TRIGGER entry_gone AFTER DELETE ON entry BEGIN DELETE FROM search WHERE rowid = old.id; END"},
    {"CREATE TABLE matrix_run (id INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT NOT NULL, time INTEGER NOT "
     "NULL)",
     "CREATE INDEX matrix_run_place ON matrix_run(place)",
     "CREATE TABLE matrix_cell (cell TEXT NOT NULL, run INTEGER NOT NULL REFERENCES matrix_run(id) ON DELETE "
     "CASCADE, outcome TEXT, verdict TEXT, status INTEGER, PRIMARY KEY (cell, run)) WITHOUT ROWID",
     "CREATE INDEX matrix_cell_run ON matrix_cell(run)"}};
constexpr int newest = int(std::size(versions));

} // namespace

SqliteHistory::Private::Private(QString path)
    : file(std::move(path)),
      connection(QStringLiteral("history-") + QUuid::createUuid().toString(QUuid::Id128)) {}

tl::unexpected<Error> SqliteHistory::Private::failure(const QSqlError& error) {
    // SQLITE_CORRUPT and SQLITE_NOTADB, with their extended codes.
    const int code = error.nativeErrorCode().toInt() & 0xff;
    damaged = damaged || code == 11 || code == 26;
    return fail(ErrorCode::FileError, HistoryText::tr("The history cannot be used: %1").arg(error.text()),
                file,
                code == 13 // SQLITE_FULL
                    ? HistoryText::tr("Make room on the disk. What the history has is kept.")
                    : HistoryText::tr("Close other programs that use it, and check the disk."));
}

tl::unexpected<Error> SqliteHistory::Private::givenUp() {
    QSqlDatabase open = database();
    auto problem = failure(open.lastError());
    open.rollback();
    return problem;
}

Result<void> SqliteHistory::Private::connect() {
    QSqlDatabase made = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
    made.setDatabaseName(file);
    made.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    // Only its owner reads it, from the start.
    QFile first(file);
    if (!first.exists() && first.open(QIODevice::WriteOnly))
        first.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    first.close();
    if (!made.open()) return failure(made.lastError());
    QSqlQuery query(made);
    const auto run = [&](const QString& text) { return query.exec(text); };
    run(QStringLiteral("PRAGMA auto_vacuum=FULL")); // of a new file; an old one keeps its size
    if (!run(QStringLiteral("PRAGMA journal_mode=WAL")) ||
        !run(QStringLiteral("PRAGMA synchronous=NORMAL")) || !run(QStringLiteral("PRAGMA foreign_keys=ON")) ||
        !run(QStringLiteral("PRAGMA secure_delete=ON")))
        return failure(query.lastError());
    if (!run(QStringLiteral("PRAGMA user_version")) || !query.next()) return failure(query.lastError());
    const int version = query.value(0).toInt();
    if (version > newest)
        return fail(ErrorCode::Unsupported, HistoryText::tr("A newer Keybearer made this history."), file,
                    HistoryText::tr("Use that version, or move the file away."));
    if (version == newest) {
        readIndex(query);
        return {};
    }
    query.finish();
    // The window and the command line may come to a new version at once: the second waits, and finds it done.
    if (!run(QStringLiteral("BEGIN IMMEDIATE"))) return failure(query.lastError());
    const auto undo = [&] {
        const Result<void> problem = failure(query.lastError());
        run(QStringLiteral("ROLLBACK"));
        return problem;
    };
    if (!run(QStringLiteral("PRAGMA user_version")) || !query.next()) return undo();
    const int now = query.value(0).toInt();
    query.finish();
    for (int next = now; next < newest; ++next)
        for (const char* statement : versions[next])
            if (!run(QString::fromLatin1(statement))) return undo();
    if (!run(QStringLiteral("PRAGMA user_version=%1").arg(newest)) || !run(QStringLiteral("COMMIT")))
        return undo();
    readIndex(query);
    return {};
}

void SqliteHistory::Private::readIndex(QSqlQuery& query) {
    // Asked for once: it stays with the file. An older SQLite does not know it, and says so.
    query.exec(QStringLiteral("SELECT v FROM search_config WHERE k = 'secure-delete'"));
    indexForgets = query.next() && query.value(0).toInt() == 1;
    query.finish();
    if (indexForgets) return;
    indexForgets = query.exec(QStringLiteral("INSERT INTO search(search, rank) VALUES('secure-delete', 1)"));
    // What was deleted before goes too.
    if (indexForgets) query.exec(QStringLiteral("INSERT INTO search(search) VALUES('optimize')"));
}

void SqliteHistory::Private::setAside() {
    close();
    const QString aside =
        file + damagedMark + QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz"));
    if (!QFile::rename(file, aside)) return;
    for (const char* companion : {"-wal", "-shm"}) // what they hold belongs to it
        QFile::rename(file + QLatin1String(companion), aside + QLatin1String(companion));
    notice = HistoryText::tr("The history was damaged. It was set aside as %1, and a new one begun.")
                 .arg(QDir::toNativeSeparators(aside));
}

Result<void> SqliteHistory::Private::removeSetAside() {
    const QFileInfo own(file);
    QDir folder = own.absoluteDir();
    // By their beginning: a file's name may hold what a pattern would mean something by.
    const QString begin = own.fileName() + damagedMark;
    for (const QString& name : folder.entryList(QDir::Files | QDir::Hidden | QDir::System))
        if (name.startsWith(begin) && !folder.remove(name))
            return fail(ErrorCode::FileError,
                        HistoryText::tr("A damaged history that was set aside cannot be deleted."),
                        folder.filePath(name));
    notice.clear(); // it named one of them
    return {};
}

void SqliteHistory::Private::close() {
    {
        QSqlDatabase open = database();
        open.close();
    }
    QSqlDatabase::removeDatabase(connection);
    opened = false;
}

} // namespace kb
