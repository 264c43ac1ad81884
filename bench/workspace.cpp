// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a workspace of N requests in a folder, or loads one and says how long it took.
#include "io/files/workspace_store.h"

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

} // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    if (argc < 3) return 2;
    const QString folder = QString::fromLocal8Bit(argv[2]);
    if (QByteArray(argv[1]) == "make" && argc > 3) return make(folder, QByteArray(argv[3]).toInt());
    QElapsedTimer timer;
    timer.start();
    kb::FileWorkspaceStore store;
    const kb::Result<kb::Workspace> loaded = store.load(folder);
    if (!loaded) return 1;
    std::printf("%.1f ms\n", double(timer.nsecsElapsed()) / 1e6);
    return 0;
}
