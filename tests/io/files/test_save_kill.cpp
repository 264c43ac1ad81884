// SPDX-License-Identifier: GPL-3.0-or-later
// A program that is killed while it saves, 200 times at random moments: after each, the workspace is whole,
// every file as it was before a save or after it.
#include "core/run/tree_edit.h"
#include "io/files/workspace_store.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDirIterator>
#include <QProcess>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

using namespace kb;

namespace {

constexpr int requests = 8;

/// What a request says in one generation: all of it of that one, and long enough that a write is more than
/// one page.
RequestSpec specOf(int number, int generation) {
    RequestSpec spec;
    spec.name = QStringLiteral("R%1").arg(number);
    spec.url = QStringLiteral("https://a.test/%1?g=%2").arg(number).arg(generation);
    spec.body = {BodySpec::Kind::Text,
                 QStringLiteral("generation %1\n").arg(generation).repeated(500 + generation % 7 * 100),
                 {}};
    return spec;
}

bool isWhole(const RequestSpec& spec, int number) {
    const int generation = spec.url.section(QStringLiteral("g="), 1).toInt();
    RequestSpec wanted = specOf(number, generation);
    return spec.url == wanted.url && spec.body.text == wanted.body.text;
}

TreeItem itemOf(const RequestSpec& spec, const QString& path) {
    TreeItem item;
    item.path = path;
    item.name = spec.name;
    item.request = spec;
    item.request.id = path;
    return item;
}

QString pathOf(int number) {
    return QStringLiteral("folder/r%1.yml").arg(number);
}

/// The program that is killed: saves one after the other, forever.
int saveForever(const QString& folder) {
    FileWorkspaceStore store;
    Result<Workspace> workspace = store.load(folder);
    if (!workspace) return 2;
    std::puts("ready");
    std::fflush(stdout);
    const int start = int(QRandomGenerator::system()->bounded(1'000'000));
    for (int generation = start;; ++generation) {
        for (int number = 0; number < requests; ++number)
            if (!store.saveRequest(*workspace, itemOf(specOf(number, generation), pathOf(number)))) return 3;
        Environment environment{QStringLiteral("E"), {}};
        for (int i = 0; i < 50; ++i)
            environment.variables.append({QStringLiteral("v%1").arg(i), QString::number(generation), true});
        if (!store.saveEnvironment(*workspace, environment)) return 4;
        workspace->name = QStringLiteral("Name %1").arg(generation);
        if (!store.saveRoot(*workspace)) return 5;
    }
}

/// Moves the folder of all requests into another one and out again, for ever.
int moveForever(const QString& folder) {
    FileWorkspaceStore store;
    if (!store.load(folder)) return 2;
    std::puts("ready");
    std::fflush(stdout);
    for (;;) {
        const Result<Workspace> workspace = store.load(folder);
        if (!workspace) return 3;
        const bool inside = workspace->find(QStringLiteral("other/folder"));
        const QString from = inside ? QStringLiteral("other/folder") : QStringLiteral("folder");
        const Result<TreeChange> change =
            moveItems(store, *workspace, {from}, inside ? QString() : QStringLiteral("other"), std::nullopt);
        if (!change || !store.apply(*workspace, change->files)) return 4;
    }
}

Result<Workspace> workspaceIn(FileWorkspaceStore& store, const QString& folder) {
    Result<Workspace> made = store.create(folder, QStringLiteral("Name 0"));
    for (int number = 0; made && number < requests; ++number)
        if (const Result<void> saved = store.saveRequest(*made, itemOf(specOf(number, 0), pathOf(number)));
            !saved)
            return tl::unexpected(saved.error());
    return made;
}

/// Lets the program work, and kills it at a random moment of what takes a few milliseconds: after it, in it,
/// before the first save. False where it ended by itself.
bool wasKilled(const QString& work, const QString& folder, int longestMs) {
    QProcess program;
    program.start(QCoreApplication::applicationFilePath(), {work, folder});
    if (!program.waitForReadyRead(20000)) return false;
    QTest::qSleep(int(QRandomGenerator::system()->bounded(longestMs)));
    program.kill();
    return program.waitForFinished(20000) && program.exitStatus() == QProcess::CrashExit;
}

} // namespace

class TestSaveKill : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWorkspaceIsWholeAfterEveryKill() {
        QTemporaryDir root;
        const QString folder = root.filePath(QStringLiteral("w"));
        {
            FileWorkspaceStore store;
            const Result<Workspace> made = workspaceIn(store, folder);
            QVERIFY(made);
            QVERIFY(store.saveEnvironment(*made, {QStringLiteral("E"), {}}));
        }
        QSet<QString> seen;
        int longestMs = 30; // on a busy machine a save takes longer
        for (int round = 0; round < 200; ++round) {
            QVERIFY(wasKilled(QStringLiteral("--save"), folder, longestMs));

            FileWorkspaceStore store;
            const Result<Workspace> loaded = store.load(folder);
            QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
            QVERIFY2(loaded->problems.isEmpty(), qPrintable(loaded->problems.value(0).error.text()));
            for (int number = 0; number < requests; ++number) {
                const TreeItem* item = loaded->find(pathOf(number));
                QVERIFY2(item, qPrintable(pathOf(number)));
                QVERIFY2(isWhole(item->request, number), qPrintable(item->request.url));
                seen.insert(item->request.url);
            }
            const Environment* environment = loaded->environment(QStringLiteral("E"));
            QVERIFY(environment);
            QVERIFY(environment->variables.isEmpty() || environment->variables.size() == 50);
            for (const Variable& variable : environment->variables)
                QCOMPARE(variable.value, environment->variables.first().value);
            QVERIFY(loaded->name.startsWith(QStringLiteral("Name ")));
            if (seen.size() < 2 * round) longestMs = qMin(2 * longestMs, 200);
        }
        // What the kills left of saves goes with the next load that comes an hour later.
        const auto left = [&] {
            QStringList all;
            for (QDirIterator each(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
                 each.hasNext();)
                if (const QString path = each.next(); !path.endsWith(QLatin1String(".yml"))) all.append(path);
            return all;
        };
        for (const QString& path : left()) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadWrite));
            QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-4000),
                                     QFileDevice::FileModificationTime));
        }
        QVERIFY(FileWorkspaceStore().load(folder));
        const QRegularExpression ofChance(QStringLiteral("\\.yml\\.[A-Za-z]([a-z]{5}|[A-Z]{5})$"));
        QCOMPARE(left(), left().filter(ofChance)); // one in fifty looks like a name that people give
        QVERIFY2(seen.size() > 200,
                 "it was killed before it could save"); // the kills came in the middle of work
    }

    /// Several files are no one step: what is on its way stands in both places rather than in none.
    void noRequestIsLostInAMove() {
        int halfWay = 0;
        for (int round = 0; round < 40; ++round) {
            QTemporaryDir root;
            const QString folder = root.filePath(QStringLiteral("w"));
            FileWorkspaceStore store;
            const Result<Workspace> made = workspaceIn(store, folder);
            QVERIFY(made);
            TreeItem other;
            other.kind = TreeItem::Kind::Folder;
            other.path = other.name = QStringLiteral("other");
            QVERIFY(store.saveFolder(*made, other));
            QVERIFY(wasKilled(QStringLiteral("--move"), folder, 60));

            const Result<Workspace> loaded = FileWorkspaceStore().load(folder);
            QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
            QVERIFY2(loaded->problems.isEmpty(), qPrintable(loaded->problems.value(0).error.text()));
            int there = 0, twice = 0;
            for (int number = 0; number < requests; ++number) {
                const TreeItem* one = loaded->find(pathOf(number));
                const TreeItem* two = loaded->find(QStringLiteral("other/") + pathOf(number));
                QVERIFY2(one || two, qPrintable(pathOf(number)));
                QVERIFY(isWhole((one ? one : two)->request, number));
                there += one ? 1 : 0;
                twice += one && two ? 1 : 0;
            }
            halfWay += twice > 0 || (there > 0 && there < requests) ? 1 : 0;
        }
        QVERIFY2(halfWay > 0, "no kill came in the middle of a move");
    }
};

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String("--save")) return saveForever(arguments.value(2));
    if (arguments.value(1) == QLatin1String("--move")) return moveForever(arguments.value(2));
    TestSaveKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_save_kill.moc"
