// SPDX-License-Identifier: GPL-3.0-or-later
// Files of the sizes that people bring: a workspace of N requests made or loaded, an OpenAPI document
// imported, a history of N exchanges made or searched. What is measured is printed in milliseconds.
#include "core/interchange/import.h"
#include "io/files/workspace_store.h"
#include "io/history/sqlite_history.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <cstdio>

namespace {

int make(const QString& folder, int count) {
    kb::FileWorkspaceStore store;
    kb::Result<kb::Workspace> workspace = store.create(folder, QStringLiteral("Bench"));
    if (!workspace) return 1;
    kb::Environment environment{QStringLiteral("local"),
                                {{QStringLiteral("baseUrl"), QStringLiteral("http://127.0.0.1:1"), true}}};
    if (!store.saveEnvironment(*workspace, environment)) return 1;
    for (int i = 0; i < count; ++i) {
        kb::TreeItem item;
        item.name = QStringLiteral("Request %1").arg(i);
        item.path = QStringLiteral("Folder %1/request-%2.yml").arg(i % 20).arg(i);
        item.order = i;
        item.request.name = item.name;
        item.request.method = i % 3 == 0 ? QStringLiteral("POST") : QStringLiteral("GET");
        item.request.url = QStringLiteral("{{baseUrl}}/users/:id?page=%1").arg(i);
        item.request.params = {{kb::ParamRow::In::Path, QStringLiteral("id"), QString::number(i), {}, true}};
        item.request.headers = {{QStringLiteral("Accept"), QStringLiteral("application/json"), {}, true}};
        if (i % 3 == 0)
            item.request.body = {
                kb::BodySpec::Kind::Json, QStringLiteral("{\n  \"name\": \"Ada\"\n}\n"), {}, {}};
        if (!store.saveRequest(*workspace, item)) return 1;
    }
    return 0;
}

int load(const QString& folder) {
    kb::FileWorkspaceStore store;
    return store.load(folder) ? 0 : 1;
}

int importFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return 1;
    const kb::Result<kb::Imported> made = kb::importFiles({{QStringLiteral("api.json"), file.readAll()}});
    return made && made->requestCount() > 0 ? 0 : 1;
}

/// An answer of about 2 kB such as APIs give: rows of people's words and numbers, none like the other.
QByteArray answer(int number) {
    static const char* const names[] = {"Ada Lovelace",   "Grace Hopper",    "Alan Turing",
                                        "Barbara Liskov", "Edsger Dijkstra", "Margaret Hamilton",
                                        "Donald Knuth",   "Radia Perlman"};
    static const char* const states[] = {"paid", "open", "overdue", "cancelled", "refunded"};
    QByteArray body = "{\"id\": " + QByteArray::number(number) + ", \"invoices\": [";
    for (int row = 0; row < 14; ++row) {
        const unsigned mixed = (unsigned(number) * 16U + unsigned(row)) * 2654435761U;
        body += QByteArray(row ? ", " : "") + "{\"invoice\": \"" + QByteArray::number(mixed, 16) +
                "\", \"customer\": \"" + names[mixed % 8] + "\", \"state\": \"" + states[mixed / 8 % 5] +
                "\", \"amount\": " + QByteArray::number(mixed / 64 % 100000) + ".50, \"due\": \"2026-" +
                QByteArray::number(1 + mixed % 12).rightJustified(2, '0') + "-11T08:00:00Z\"}";
    }
    return body + "]}";
}

int makeHistory(const QString& path, int count) {
    kb::SqliteHistory history(path);
    for (int i = 0; i < count; ++i) {
        kb::HistoryRecord record;
        record.entry.timeMs = i;
        record.entry.method = QStringLiteral("GET");
        record.entry.host = QStringLiteral("api.example.com");
        record.entry.url =
            QStringLiteral("https://api.example.com/users/%1/invoices?page=%2").arg(i).arg(i % 7);
        record.entry.profileName = QStringLiteral("Reader");
        record.entry.status = i % 9 ? 200 : 403;
        record.responseHeaders = {{"Content-Type", "application/json"}};
        record.responseBody = answer(i);
        if (!history.add(record)) return 1;
    }
    return 0;
}

int search(kb::SqliteHistory& history, const char* text, bool found) {
    kb::HistoryQuery query;
    query.text = QLatin1String(text);
    const kb::Result<QList<kb::HistoryEntry>> entries = history.find(query);
    return entries && entries->isEmpty() != found ? 0 : 1;
}

template<class Work> int timed(Work work) {
    QElapsedTimer timer;
    timer.start();
    const int code = work();
    std::printf("%.1f ms\n", double(timer.nsecsElapsed()) / 1e6);
    return code;
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    if (argc < 3) return 2;
    const QByteArray what(argv[1]);
    const QString path = QString::fromLocal8Bit(argv[2]);
    const int count = argc > 3 ? QByteArray(argv[3]).toInt() : 0;
    if (what == "make") return make(path, count);
    if (what == "load") return timed([&] { return load(path); });
    if (what == "import") return timed([&] { return importFile(path); });
    if (what == "make-history") return makeHistory(path, count);
    if (what == "history") {
        kb::SqliteHistory history(path);
        if (search(history, "nothing has this in it", false)) return 1; // opens the file
        return timed([&] {
            return search(history, "users/77777/", true) | search(history, "\"id\": 4242,", true) |
                   search(history, "Ada", true) | search(history, "nothing like it", false);
        });
    }
    return 2;
}
