// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "io/history/sqlite_history.h"

#include <QDir>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

namespace kb {

/// The file itself: opened at its first use, set aside when it is damaged.
struct SqliteHistory::Private {
    QString file;
    QString connection; ///< its name, of this object's own
    bool opened = false;
    bool indexForgets = false; ///< the index too overwrites what is deleted (SQLite 3.42)
    QString notice;
    bool damaged = false; ///< what the last work met

    explicit Private(QString path);
    QSqlDatabase database() const { return QSqlDatabase::database(connection, false); }
    /// The error for people; remembers when it is the file that is damaged.
    tl::unexpected<Error> failure(const QSqlError& error);
    /// Of a commit that failed, as on a full disk: the transaction would else stay open, and no other begin.
    tl::unexpected<Error> givenUp();
    Result<void> connect();
    void readIndex(QSqlQuery& query);
    void setAside();
    /// Damaged files hold exchanges too.
    Result<void> removeSetAside();
    void close();

    /// Opens the file where that has not been done, and does the work. A damaged file is set aside, and the
    /// work done once more with a new one. To look through the whole file at each start would take too long.
    template<class Work> auto with(Work work) -> decltype(work()) {
        for (int attempt = 0;; ++attempt) {
            damaged = false;
            if (!opened) {
                QDir().mkpath(QFileInfo(file).absolutePath());
                const Result<void> made = connect();
                opened = bool(made);
                if (!made && (!damaged || attempt > 0)) {
                    close();
                    return tl::unexpected(made.error());
                }
            }
            if (opened) {
                auto result = work();
                if (!damaged || attempt > 0) return result;
            }
            setAside();
        }
    }
};

} // namespace kb
