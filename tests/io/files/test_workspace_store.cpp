// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/workspace_store.h"

#include "tests/io/files/folder_fixture.h"

#include <QTest>

using namespace kb;

class TestWorkspaceStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bodyFilesStayWithinTheFolder();
    void dotEnvFilesAreReadAndNeverWritten();
    void init() { m_folder = std::make_unique<FolderFixture>(); }
    void createsAndLoads();
    void savesAndLoads();
    void unchangedFilesAreNotTouched();
    void changedOnDiskIsAConflict();
    void newOnDiskIsAConflict();
    void deletedOnDiskComesBack();
    void twoStoresDoNotOverwriteEachOther();
    void environments();
    void removesRequestsAndFolders();
    void findsTheFolder();
    void freePaths();
    void manyRequests();

private:
    std::unique_ptr<FolderFixture> m_folder;
    FileWorkspaceStore m_store;
};

void TestWorkspaceStore::createsAndLoads() {
    const QString path = m_folder->path(QStringLiteral("new/one"));
    const auto made = m_store.create(path, QStringLiteral("One \U0001F600"));
    QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().text()));
    QCOMPARE(made->name, QStringLiteral("One \U0001F600"));
    QCOMPARE(made->folder, path);
    const auto again = m_store.create(path, QStringLiteral("Two"));
    QVERIFY(again.has_value());
    QCOMPARE(again->name, QStringLiteral("One \U0001F600"));
    const auto none = m_store.load(m_folder->path(QStringLiteral("new")));
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::NotFound);
    QCOMPARE(m_store.load(m_folder->path(QStringLiteral("nowhere"))).error().code, ErrorCode::NotFound);
}

void TestWorkspaceStore::savesAndLoads() {
    auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    QVERIFY(workspace.has_value());
    const TreeItem request = requestItem(QStringLiteral("deep/er/get.yml"), QStringLiteral("Get"));
    QVERIFY(m_store.saveRequest(*workspace, request).has_value());
    workspace->profiles.append({QStringLiteral("p"), QStringLiteral("P"), {}, {}, {}, {}});
    QVERIFY(m_store.saveRoot(*workspace).has_value());
    const auto back = m_store.load(workspace->folder);
    QVERIFY(back.has_value());
    QCOMPARE(back->profiles, workspace->profiles);
    const TreeItem* found = back->find(QStringLiteral("deep/er/get.yml"));
    QVERIFY(found);
    QCOMPARE(*found, request);
    QVERIFY(m_folder->leftovers().isEmpty()); // no temporary files
}

void TestWorkspaceStore::unchangedFilesAreNotTouched() {
    auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    const QByteArray text = "# mine\ninfo: {name: a, type: http}   # odd\nhttp:\n    url:   http://h/\n";
    m_folder->write(QStringLiteral("a.yml"), text);
    workspace = m_store.load(m_folder->path());
    const QDateTime before = m_folder->age(QStringLiteral("a.yml"));
    QVERIFY(m_store.saveRequest(*workspace, *workspace->find(QStringLiteral("a.yml"))).has_value());
    QCOMPARE(m_folder->read(QStringLiteral("a.yml")), text);
    QCOMPARE(m_folder->time(QStringLiteral("a.yml")), before);
}

void TestWorkspaceStore::changedOnDiskIsAConflict() {
    auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    TreeItem request = requestItem(QStringLiteral("a.yml"), QStringLiteral("A"));
    QVERIFY(m_store.saveRequest(*workspace, request).has_value());
    const QByteArray theirs = m_folder->read(QStringLiteral("a.yml")) + "# theirs\n";
    m_folder->write(QStringLiteral("a.yml"), theirs);
    request.request.url = QStringLiteral("http://other/");
    const auto saved = m_store.saveRequest(*workspace, request);
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::Conflict);
    QVERIFY(saved.error().next.contains(QStringLiteral("Reload")));
    QCOMPARE(m_folder->read(QStringLiteral("a.yml")), theirs);
    QCOMPARE(m_store.removeItem(*workspace, QStringLiteral("a.yml")).error().code, ErrorCode::Conflict);
    // After a reload the change goes on top of theirs.
    workspace = m_store.load(m_folder->path());
    QVERIFY(m_store.saveRequest(*workspace, request).has_value());
    QVERIFY(m_folder->read(QStringLiteral("a.yml")).contains("# theirs"));
    QVERIFY(m_folder->read(QStringLiteral("a.yml")).contains("http://other/"));
}

void TestWorkspaceStore::newOnDiskIsAConflict() {
    const auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    m_folder->write(QStringLiteral("a.yml"), "info: {name: theirs, type: http}\n");
    const auto saved =
        m_store.saveRequest(*workspace, requestItem(QStringLiteral("a.yml"), QStringLiteral("A")));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::Conflict);
}

void TestWorkspaceStore::deletedOnDiskComesBack() {
    const auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    const TreeItem request = requestItem(QStringLiteral("x/a.yml"), QStringLiteral("A"));
    QVERIFY(m_store.saveRequest(*workspace, request).has_value());
    QVERIFY(QDir(m_folder->path(QStringLiteral("x"))).removeRecursively());
    QVERIFY(m_store.saveRequest(*workspace, request).has_value());
    QVERIFY(QFileInfo::exists(m_folder->path(QStringLiteral("x/a.yml"))));
}

void TestWorkspaceStore::twoStoresDoNotOverwriteEachOther() {
    FileWorkspaceStore other;
    auto mine = m_store.create(m_folder->path(), QStringLiteral("w"));
    auto theirs = other.load(m_folder->path());
    QVERIFY(theirs.has_value());
    theirs->profiles.append({QStringLiteral("p"), QStringLiteral("P"), {}, {}, {}, {}});
    QVERIFY(other.saveRoot(*theirs).has_value());
    mine->name = QStringLiteral("renamed");
    QCOMPARE(m_store.saveRoot(*mine).error().code, ErrorCode::Conflict);
    mine = m_store.load(m_folder->path());
    mine->name = QStringLiteral("renamed");
    QVERIFY(m_store.saveRoot(*mine).has_value());
    QCOMPARE(m_store.load(m_folder->path())->profiles, theirs->profiles);
}

void TestWorkspaceStore::environments() {
    auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    Environment staging{QStringLiteral("Staging/EU"), {{QStringLiteral("a"), QStringLiteral("1"), true}}};
    QVERIFY(m_store.saveEnvironment(*workspace, staging).has_value());
    QVERIFY(QFileInfo::exists(m_folder->path(QStringLiteral("environments/Staging-EU.yml"))));
    // Another name that wants the same file gets one of its own.
    const Environment twin{QStringLiteral("Staging:EU"), {}};
    QVERIFY(m_store.saveEnvironment(*workspace, twin).has_value());
    // A file may be called otherwise than its environment.
    m_folder->write(QStringLiteral("environments/other.yml"), "name: Prod\nvariables: []\n");
    workspace = m_store.load(m_folder->path());
    QCOMPARE(workspace->environments.size(), 3);
    Environment prod = *workspace->environment(QStringLiteral("Prod"));
    prod.variables.append({QStringLiteral("b"), QStringLiteral("2"), true});
    QVERIFY(m_store.saveEnvironment(*workspace, prod).has_value());
    QVERIFY(m_folder->read(QStringLiteral("environments/other.yml")).contains("name: b"));
    staging.variables.clear();
    QVERIFY(m_store.saveEnvironment(*workspace, staging).has_value());
    QVERIFY(m_store.removeEnvironment(*workspace, QStringLiteral("Prod")).has_value());
    QVERIFY(m_store.removeEnvironment(*workspace, QStringLiteral("Nobody")).has_value());
    workspace = m_store.load(m_folder->path());
    QCOMPARE(workspace->environments, (QList<Environment>{staging, twin}));
    QVERIFY(!m_store.saveEnvironment(*workspace, Environment{QStringLiteral(" "), {}}));
}

void TestWorkspaceStore::removesRequestsAndFolders() {
    auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    for (const char* name : {"a.yml", "f/b.yml", "f/g/c.yml"}) {
        const QString path = QString::fromLatin1(name);
        QVERIFY(m_store.saveRequest(*workspace, requestItem(path, path)).has_value());
    }
    QVERIFY(m_store.removeItem(*workspace, QStringLiteral("a.yml")).has_value());
    QVERIFY(!QFileInfo::exists(m_folder->path(QStringLiteral("a.yml"))));
    m_folder->write(QStringLiteral("f/readme.txt"), "keep me");
    m_folder->write(QStringLiteral("f/broken.yml"), "info: [\n");
    workspace = m_store.load(m_folder->path());
    QVERIFY(m_store.removeItem(*workspace, QStringLiteral("f")).has_value());
    QVERIFY(!QFileInfo::exists(m_folder->path(QStringLiteral("f/b.yml"))));
    QVERIFY(!QFileInfo::exists(m_folder->path(QStringLiteral("f/g"))));
    QVERIFY(QFileInfo::exists(m_folder->path(QStringLiteral("f/readme.txt"))));
    QVERIFY(QFileInfo::exists(m_folder->path(QStringLiteral("f/broken.yml"))));
    QVERIFY(!m_store.removeItem(*workspace, QStringLiteral("opencollection.yml")));
    QVERIFY(!m_store.removeItem(*workspace, QStringLiteral("../x")));
    QVERIFY(QFileInfo::exists(m_folder->path(QStringLiteral("opencollection.yml"))));
}

void TestWorkspaceStore::findsTheFolder() {
    QVERIFY(m_store.create(m_folder->path(), QStringLiteral("w")).has_value());
    QVERIFY(QDir().mkpath(m_folder->path(QStringLiteral("a/b"))));
    QCOMPARE(m_store.findFolder(m_folder->path(QStringLiteral("a/b"))), m_folder->path());
    QCOMPARE(m_store.findFolder(m_folder->path()), m_folder->path());
    const FolderFixture bare;
    QCOMPARE(m_store.findFolder(bare.path()), QString());
}

void TestWorkspaceStore::freePaths() {
    auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    const auto freePath = [&](const char* folder, const char* name) {
        return m_store.freePath(*workspace, QString::fromLatin1(folder), QString::fromLatin1(name));
    };
    QCOMPARE(freePath("", "Get user"), QStringLiteral("get-user.yml"));
    QVERIFY(m_store.saveRequest(*workspace, requestItem(QStringLiteral("get-user.yml"), QStringLiteral("x")))
                .has_value());
    QCOMPARE(freePath("", "Get user"), QStringLiteral("get-user-2.yml")); // on the disk
    workspace->items.append(requestItem(QStringLiteral("Get-User-2.yml"), QStringLiteral("x")));
    QCOMPARE(freePath("", "get USER"),
             QStringLiteral("get-user-3.yml")); // not saved yet, and in another case
    QCOMPARE(freePath("users", "Get user"), QStringLiteral("users/get-user.yml"));
    QCOMPARE(freePath("", "folder"), QStringLiteral("folder-request.yml"));
}

void TestWorkspaceStore::manyRequests() {
    const auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    for (int number = 0; number < 500; ++number) {
        const QString path = QStringLiteral("f%1/r%2.yml").arg(number % 20).arg(number);
        QVERIFY(m_store.saveRequest(*workspace, requestItem(path, path)).has_value());
    }
    const auto back = m_store.load(m_folder->path());
    QVERIFY(back.has_value());
    QCOMPARE(back->items.size(), 20);
    QCOMPARE(back->items[0].children.size(), 25);
}

void TestWorkspaceStore::dotEnvFilesAreReadAndNeverWritten() {
    QTemporaryDir root;
    const QString folder = root.filePath(QStringLiteral("w"));
    QFile outside(root.filePath(QStringLiteral("outside.env")));
    QVERIFY(outside.open(QIODevice::WriteOnly));
    outside.write("STOLEN=1");
    outside.close();
    FileWorkspaceStore store;
    Result<Workspace> workspace = store.create(folder, QStringLiteral("W"));
    QVERIFY(workspace);
    Environment environment{QStringLiteral("E"), {{QStringLiteral("a"), QStringLiteral("1"), true}}};
    environment.dotEnvFile = QStringLiteral(".env");
    QVERIFY(store.saveEnvironment(*workspace, environment));
    // Not there: usual, and no problem.
    QVERIFY(store.load(folder)->problems.isEmpty());
    QFile file(folder + QStringLiteral("/.env"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("TOKEN=dotenv-secret-0001\n");
    file.close();
    workspace = store.load(folder);
    QCOMPARE(workspace->environments.first().fromFile,
             (QList<Variable>{{QStringLiteral("TOKEN"), QStringLiteral("dotenv-secret-0001"), true}}));
    QVERIFY(store.saveEnvironment(*workspace, workspace->environments.first()));
    QFile saved(folder + QStringLiteral("/environments/E.yml"));
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QVERIFY(!saved.readAll().contains("dotenv-secret"));
    // Nothing outside the folder is read, and that is said.
    environment.dotEnvFile = QStringLiteral("../outside.env");
    QVERIFY(store.saveEnvironment(*workspace, environment));
    workspace = store.load(folder);
    QVERIFY(workspace->environments.first().fromFile.isEmpty());
    QCOMPARE(workspace->problems.size(), 1);
}

void TestWorkspaceStore::bodyFilesStayWithinTheFolder() {
    QTemporaryDir root;
    QVERIFY(QDir(root.path()).mkpath(QStringLiteral("w/sub")));
    const auto put = [&](const QString& name) {
        QFile file(root.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(name.toUtf8());
    };
    put(QStringLiteral("outside.txt"));
    put(QStringLiteral("w/sub/in.txt"));
    QVERIFY(
        QFile::link(root.filePath(QStringLiteral("outside.txt")), root.filePath(QStringLiteral("w/link"))));
    FileWorkspaceStore store;
    const QString folder = root.filePath(QStringLiteral("w"));
    QCOMPARE(store.readBodyFile(folder, QStringLiteral("sub/in.txt")).value(), QByteArray("w/sub/in.txt"));
    for (const char* bad :
         {"../outside.txt", "link", "sub/../../outside.txt", "gone", "/etc/passwd", "sub"}) {
        const Result<QByteArray> got = store.readBodyFile(folder, QLatin1String(bad));
        QVERIFY2(!got && got.error().code == ErrorCode::FileError, bad);
    }
    // Nothing is written there either, nor over what belongs to the collection.
    const Result<Workspace> workspace = store.create(folder, QStringLiteral("W"));
    QVERIFY(workspace);
    const auto bytesOf = [&](const char* name) {
        QFile file(root.filePath(QLatin1String(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QByteArray before = bytesOf("w/opencollection.yml");
    for (const char* bad :
         {"../outside.txt", "link", "sub/../../outside.txt", "/etc/passwd", "opencollection.yml"})
        QVERIFY2(!store.writeBeside(*workspace, QLatin1String(bad), "other"), bad);
    QCOMPARE(bytesOf("outside.txt"), QByteArray("outside.txt"));
    QCOMPARE(bytesOf("w/opencollection.yml"), before);
    for (const char* text : {"one", "two"}) { // its own it writes again
        QVERIFY(store.writeBeside(*workspace, QStringLiteral("runs/base.json"), text));
        QCOMPARE(bytesOf("w/runs/base.json"), QByteArray(text));
        QVERIFY(!store.changedOutside(folder));
    }
}

QTEST_GUILESS_MAIN(TestWorkspaceStore)
#include "test_workspace_store.moc"
