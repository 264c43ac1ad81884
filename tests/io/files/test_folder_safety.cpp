// SPDX-License-Identifier: GPL-3.0-or-later
// What must not happen on a disk: following links out, reading what is too large, writing where one may not.
#include "io/files/workspace_store.h"

#include "tests/io/files/folder_fixture.h"

#include <QTest>
#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace kb;

class TestFolderSafety : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<FolderFixture>(); }
    void otherFilesAreIgnored();
    void brokenFilesAreShownAndKept();
    void hugeFilesAreRefused();
    void whatSavesLeftIsCleanedUp();
    void brokenRootSaysWhere();
    void pathsOutAreRefused();
    void namesOfEveryKind();
#ifdef Q_OS_UNIX
    void linksOutAreNotFollowed();
    void savesDoNotLeaveThroughLinks();
    void readOnlyFolders();
    void permissionsStay();
    void aFullDiskKeepsTheOldFile();
    void aPipeIsNoBody();
#endif

private:
    std::unique_ptr<FolderFixture> m_folder;
    FileWorkspaceStore m_store;
};

namespace {
const QByteArray requestText = "info: {name: r, type: http}\nhttp: {method: GET}\n";
}

void TestFolderSafety::otherFilesAreIgnored() {
    m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
    for (const char* path :
         {".git/a.yml", "node_modules/p/a.yml", ".hidden/a.yml", "a.json", "a.yml.bak", "b/.a.yml"})
        m_folder->write(QString::fromLatin1(path), requestText);
    const auto workspace = m_store.load(m_folder->path());
    QVERIFY(workspace.has_value());
    QVERIFY(workspace->items.isEmpty());
    QVERIFY(workspace->problems.isEmpty());
}

void TestFolderSafety::brokenFilesAreShownAndKept() {
    m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
    m_folder->write(QStringLiteral("good.yml"), requestText);
    m_folder->write(QStringLiteral("bad.yml"), "info:\n  name: \"x\n");
    auto workspace = m_store.load(m_folder->path());
    QVERIFY(workspace.has_value());
    QVERIFY(workspace->find(QStringLiteral("good.yml")));
    QCOMPARE(workspace->problems.size(), 1);
    QCOMPARE(workspace->problems[0].path, QStringLiteral("bad.yml"));
    const auto saved =
        m_store.saveRequest(*workspace, requestItem(QStringLiteral("bad.yml"), QStringLiteral("x")));
    QVERIFY(!saved);
    QVERIFY(!m_store.removeItem(*workspace, QStringLiteral("bad.yml")));
    QCOMPARE(m_folder->read(QStringLiteral("bad.yml")), QByteArray("info:\n  name: \"x\n"));
}

void TestFolderSafety::hugeFilesAreRefused() {
    m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
    QFile huge(m_folder->path(QStringLiteral("huge.yml")));
    QVERIFY(huge.open(QIODevice::WriteOnly));
    QVERIFY(huge.resize(qint64(100) * 1024 * 1024));
    huge.close();
    const auto workspace = m_store.load(m_folder->path());
    QVERIFY(workspace.has_value());
    QCOMPARE(workspace->problems.size(), 1);
    QVERIFY(workspace->problems[0].error.what.contains(QStringLiteral("32 MB")));
    QVERIFY(!m_store.saveRequest(*workspace, requestItem(QStringLiteral("huge.yml"), QStringLiteral("x"))));
}

/// A program that is killed may leave a file of its save. Once no save can still be at it, loading removes
/// it; whatever may be somebody's stays.
void TestFolderSafety::whatSavesLeftIsCleanedUp() {
    m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
    m_folder->write(QStringLiteral("f/r.yml"), requestText);
    const QStringList gone{QStringLiteral("opencollection.yml.aBcDeF"), QStringLiteral("f/r.yml.xxxXxx")};
    const QStringList kept{
        QStringLiteral("f/r.yml.backup"),   QStringLiteral("f/r.yml.BackUp1"),
        QStringLiteral("f/r.yml.Backup"),
        QStringLiteral("f/new.yml.aBcDeF"), // the file itself is not there: this is all there is of it
        QStringLiteral("f/r.yaml.aBcDeF"),  QStringLiteral("f/r.yml.aBcDe1")};
    for (const QString& name : gone + kept) {
        m_folder->write(name, requestText);
        m_folder->age(name);
    }
    m_folder->write(QStringLiteral("f/r.yml.YoUnGs"), requestText); // another program may be at it
    QVERIFY(QFile::link(m_folder->path(QStringLiteral("f/r.yml")),
                        m_folder->path(QStringLiteral("f/r.yml.LiNkEd"))));
    const auto workspace = m_store.load(m_folder->path());
    QVERIFY(workspace);
    QVERIFY(workspace->problems.isEmpty());
    for (const QString& name : gone)
        QVERIFY2(!QFileInfo::exists(m_folder->path(name)), qPrintable(name));
    for (const QString& name :
         kept + QStringList{QStringLiteral("f/r.yml.YoUnGs"), QStringLiteral("f/r.yml.LiNkEd"),
                            QStringLiteral("f/r.yml"), QStringLiteral("opencollection.yml")})
        QVERIFY2(QFileInfo::exists(m_folder->path(name)), qPrintable(name));
}

void TestFolderSafety::brokenRootSaysWhere() {
    m_folder->write(QStringLiteral("opencollection.yml"), "info:\n  name: [\n");
    const auto workspace = m_store.load(m_folder->path());
    QVERIFY(!workspace);
    QCOMPARE(workspace.error().code, ErrorCode::ParseError);
    QVERIFY2(workspace.error().where.endsWith(QStringLiteral("opencollection.yml, line 3, column 1")),
             qPrintable(workspace.error().text()));
    // Nor is it written over by making a workspace there.
    QVERIFY(!m_store.create(m_folder->path(), QStringLiteral("w")));
    QCOMPARE(m_folder->read(QStringLiteral("opencollection.yml")), QByteArray("info:\n  name: [\n"));
}

void TestFolderSafety::pathsOutAreRefused() {
    const auto workspace = m_store.create(m_folder->path(QStringLiteral("w")), QStringLiteral("w"));
    for (const char* path :
         {"../a.yml", "/tmp/a.yml", "x/../../a.yml", "", ".git/a.yml", "a.txt", "opencollection"}) {
        const auto saved =
            m_store.saveRequest(*workspace, requestItem(QString::fromLatin1(path), QStringLiteral("x")));
        QVERIFY2(!saved, path);
        QCOMPARE(saved.error().code, ErrorCode::InvalidInput);
    }
    QVERIFY(!QFileInfo::exists(m_folder->path(QStringLiteral("a.yml"))));
    Workspace nowhere;
    QCOMPARE(m_store.saveRoot(nowhere).error().code, ErrorCode::InvalidInput);
}

void TestFolderSafety::namesOfEveryKind() {
    auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    const QStringList names{QStringLiteral("\U0001F600"),
                            QStringLiteral("a/b"),
                            QStringLiteral("CON"),
                            QStringLiteral("..."),
                            QString(),
                            QString(300, u'ß'),
                            QStringLiteral("folder"),
                            QStringLiteral("x\ny"),
                            QStringLiteral("\U0001F600\U0001F680")};
    for (const QString& name : names) {
        const QString path = m_store.freePath(*workspace, QString(), name);
        TreeItem request = requestItem(path, name.isEmpty() ? QStringLiteral("-") : name);
        const auto saved = m_store.saveRequest(*workspace, request);
        QVERIFY2(saved.has_value(), saved ? "" : qPrintable(saved.error().text()));
        workspace = m_store.load(m_folder->path());
        QVERIFY(workspace->find(path));
        QCOMPARE(workspace->find(path)->name, request.name);
    }
    QCOMPARE(workspace->items.size(), names.size());
}

#ifdef Q_OS_UNIX
void TestFolderSafety::linksOutAreNotFollowed() {
    const FolderFixture outside;
    outside.write(QStringLiteral("secret.yml"), requestText);
    m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
    m_folder->write(QStringLiteral("real/a.yml"), requestText);
    QVERIFY(
        QFile::link(outside.path(QStringLiteral("secret.yml")), m_folder->path(QStringLiteral("out.yml"))));
    QVERIFY(QFile::link(outside.path(), m_folder->path(QStringLiteral("outdir"))));
    QVERIFY(
        QFile::link(m_folder->path(QStringLiteral("real/a.yml")), m_folder->path(QStringLiteral("in.yml"))));
    QVERIFY(QFile::link(m_folder->path(), m_folder->path(QStringLiteral("real/loop"))));
    QVERIFY(QFile::link(m_folder->path(QStringLiteral("gone.yml")),
                        m_folder->path(QStringLiteral("dangling.yml"))));
    const auto workspace = m_store.load(m_folder->path());
    QVERIFY(workspace.has_value());
    QVERIFY(workspace->find(QStringLiteral("in.yml")));
    QVERIFY(workspace->find(QStringLiteral("real/a.yml")));
    QVERIFY(!workspace->find(QStringLiteral("out.yml")));
    QCOMPARE(workspace->items.size(), 2);
    QStringList paths;
    for (const FileProblem& problem : workspace->problems)
        paths.append(problem.path);
    QVERIFY2(paths.contains(QStringLiteral("out.yml")), qPrintable(paths.join(u' ')));
}

void TestFolderSafety::savesDoNotLeaveThroughLinks() {
    const FolderFixture outside;
    const auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    QVERIFY(QFile::link(outside.path(), m_folder->path(QStringLiteral("outdir"))));
    QVERIFY(
        QFile::link(outside.path(QStringLiteral("not-yet.yml")), m_folder->path(QStringLiteral("out.yml"))));
    for (const char* path : {"outdir/a.yml", "outdir/b/c.yml", "out.yml"}) {
        const auto saved =
            m_store.saveRequest(*workspace, requestItem(QString::fromLatin1(path), QStringLiteral("x")));
        QVERIFY2(!saved, path);
        QCOMPARE(saved.error().code, ErrorCode::FileError);
    }
    QVERIFY(QDir(outside.path()).isEmpty());
}

void TestFolderSafety::aPipeIsNoBody() {
    m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
    const QString pipe = m_folder->path() + QStringLiteral("/body.bin");
    QCOMPARE(mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    // Nobody writes into it: who reads it waits for ever.
    const Result<QByteArray> body = m_store.readBodyFile(m_folder->path(), QStringLiteral("body.bin"));
    QVERIFY(!body);
    QVERIFY2(body.error().what.contains(QLatin1String("no ordinary file")), qPrintable(body.error().what));
}

void TestFolderSafety::readOnlyFolders() {
    const auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    const TreeItem request = requestItem(QStringLiteral("a.yml"), QStringLiteral("a"));
    QVERIFY(m_store.saveRequest(*workspace, request).has_value());
    const QByteArray before = m_folder->read(QStringLiteral("a.yml"));
    const QByteArray folder = QFile::encodeName(m_folder->path());
    QCOMPARE(chmod(folder.constData(), 0555), 0);
    // To the super-user every folder is writable, so be nobody for the moment.
    const bool root = geteuid() == 0;
    QVERIFY(!root || seteuid(65534) == 0);
    TreeItem changed = request;
    changed.request.url = QStringLiteral("http://x/");
    const auto saved = m_store.saveRequest(*workspace, changed);
    const auto made =
        m_store.saveRequest(*workspace, requestItem(QStringLiteral("sub/b.yml"), QStringLiteral("b")));
    const auto removed = m_store.removeItem(*workspace, QStringLiteral("a.yml"));
    QVERIFY(!root || seteuid(0) == 0);
    QCOMPARE(chmod(folder.constData(), 0755), 0);
    for (const auto* result : {&saved, &made, &removed}) {
        QVERIFY(!*result);
        QCOMPARE(result->error().code, ErrorCode::FileError);
        QVERIFY(!result->error().next.isEmpty());
        QVERIFY(result->error().where.contains(m_folder->path()));
    }
    QCOMPARE(m_folder->read(QStringLiteral("a.yml")), before);
    QVERIFY(m_folder->leftovers().isEmpty());
}

void TestFolderSafety::permissionsStay() {
    const auto workspace = m_store.create(m_folder->path(), QStringLiteral("w"));
    TreeItem request = requestItem(QStringLiteral("a.yml"), QStringLiteral("a"));
    QVERIFY(m_store.saveRequest(*workspace, request).has_value());
    const QByteArray file = QFile::encodeName(m_folder->path(QStringLiteral("a.yml")));
    QCOMPARE(chmod(file.constData(), 0640), 0);
    request.request.url = QStringLiteral("http://x/");
    QVERIFY(m_store.saveRequest(*workspace, request).has_value());
    struct stat state = {};
    QCOMPARE(stat(file.constData(), &state), 0);
    QCOMPARE(int(state.st_mode & 0777), 0640);
}
#endif

#ifdef Q_OS_UNIX
void TestFolderSafety::aFullDiskKeepsTheOldFile() {
    m_folder->write(QStringLiteral("opencollection.yml"), "info: {name: w}\n");
    m_folder->write(QStringLiteral("r.yml"), requestText);
    const auto workspace = m_store.load(m_folder->path());
    QVERIFY(workspace.has_value());
    const TreeItem changed = requestItem(QStringLiteral("r.yml"), QStringLiteral("changed"));
    // No file may grow beyond some bytes, which is what a full disk looks like.
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{20, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tight);
    const auto saved = m_store.saveRequest(*workspace, changed);
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::FileError);
    QCOMPARE(m_folder->read(QStringLiteral("r.yml")), requestText);
    QCOMPARE(m_folder->leftovers(), QStringList());
    QVERIFY(m_store.saveRequest(*workspace, changed));
    QVERIFY(m_folder->read(QStringLiteral("r.yml")).contains("changed"));
}
#endif

QTEST_GUILESS_MAIN(TestFolderSafety)
#include "test_folder_safety.moc"
