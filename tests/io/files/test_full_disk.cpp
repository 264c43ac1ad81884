// SPDX-License-Identifier: GPL-3.0-or-later
// A full disk, at every kind of file: the old one stays whole, nothing is left lying about, the error says
// which file, and the save goes through once there is room.
#include "core/run/tree_edit.h"
#include "io/files/draft_store.h"
#include "io/files/workspace_store.h"

#include "tests/io/files/folder_fixture.h"

#include <QTest>
#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#endif

using namespace kb;

#ifdef Q_OS_UNIX
namespace {

/// While it lives no file may grow beyond some bytes, which is what a full disk looks like.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : m_handler(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit tight{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int);
};

const QByteArray rootText = "info: {name: w}\n";
const QByteArray folderText = "info: {name: F, type: folder}\n";
const QByteArray environmentText = "name: E\nvariables:\n  - {name: a, value: '1'}\n";
const QByteArray requestText = "info: {name: r, type: http}\nhttp: {method: GET, url: 'https://a.test/'}\n";

} // namespace
#endif

class TestFullDisk : public QObject {
    Q_OBJECT
#ifdef Q_OS_UNIX
    std::unique_ptr<FolderFixture> m_folder;
    FileWorkspaceStore m_store;
    Workspace m_workspace;

    QMap<QString, QByteArray> files() const {
        QMap<QString, QByteArray> all;
        QDirIterator each(m_folder->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QString path = each.next().mid(m_folder->path().size() + 1);
            all.insert(path, m_folder->read(path));
        }
        return all;
    }

    /// Saves on a full disk and then with room; the path is the file it is about.
    template<class Save> void failsWhole(const QString& path, const Save& save) {
        const QMap<QString, QByteArray> before = files();
        Result<void> saved;
        {
            const FullDisk full(10);
            saved = save();
        }
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::FileError);
        QVERIFY2(saved.error().where.endsWith(QDir::toNativeSeparators(path)),
                 qPrintable(saved.error().where));
        QVERIFY2(saved.error().next.contains(QStringLiteral("disk has room")),
                 qPrintable(saved.error().text()));
        QCOMPARE(files(), before);
        QVERIFY(m_store.load(m_folder->path()));
        const Result<void> again = save();
        QVERIFY2(again, again ? "" : qPrintable(again.error().text()));
        QVERIFY(files() != before);
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<FolderFixture>();
        m_folder->write(QStringLiteral("opencollection.yml"), rootText);
        m_folder->write(QStringLiteral("f/folder.yml"), folderText);
        m_folder->write(QStringLiteral("environments/E.yml"), environmentText);
        m_folder->write(QStringLiteral("f/r.yml"), requestText);
        m_folder->write(QStringLiteral("s.yml"), requestText);
        m_workspace = *m_store.load(m_folder->path());
        QVERIFY(m_workspace.problems.isEmpty());
    }

    void theWorkspaceItself() {
        m_workspace.name = QStringLiteral("Another name");
        TokenProfile profile;
        profile.id = QStringLiteral("p");
        profile.name = QStringLiteral("Reader");
        m_workspace.profiles.append(profile);
        failsWhole(QStringLiteral("opencollection.yml"), [&] { return m_store.saveRoot(m_workspace); });
    }

    void aFolder() {
        TreeItem folder = *m_workspace.find(QStringLiteral("f"));
        folder.defaults.variables = {{QStringLiteral("v"), QStringLiteral("1"), true}};
        failsWhole(QStringLiteral("f/folder.yml"), [&] { return m_store.saveFolder(m_workspace, folder); });
    }

    void anEnvironment() {
        Environment environment = m_workspace.environments.first();
        environment.variables.append({QStringLiteral("b"), QStringLiteral("2"), true});
        failsWhole(QStringLiteral("environments/E.yml"),
                   [&] { return m_store.saveEnvironment(m_workspace, environment); });
    }

    void aNewEnvironment() {
        Environment environment;
        environment.name = QStringLiteral("New");
        failsWhole(QStringLiteral("environments/New.yml"),
                   [&] { return m_store.saveEnvironment(m_workspace, environment); });
    }

    /// Several files at once: all of them or none.
    void aMove() {
        const auto change =
            moveItems(m_store, m_workspace, {QStringLiteral("s.yml"), QStringLiteral("f/r.yml")},
                      QStringLiteral("f"), QString());
        QVERIFY(change);
        QVERIFY(change->files.size() > 1);
        failsWhole(change->files.first().path, [&] { return m_store.apply(m_workspace, change->files); });
    }

    /// Where there is room for one file and not for the next, the first is taken back.
    void aMoveThatIsCutOff() {
        FileChange small{QStringLiteral("a.yml"), std::nullopt, QByteArray("info: {name: a}\n")};
        FileChange large{QStringLiteral("b.yml"), std::nullopt, requestText};
        const QMap<QString, QByteArray> before = files();
        Result<void> applied;
        {
            const FullDisk full(40);
            applied = m_store.apply(m_workspace, {small, large});
        }
        QVERIFY(!applied);
        QVERIFY(applied.error().where.endsWith(QStringLiteral("b.yml")));
        QCOMPARE(files(), before);
    }

    /// An edit that is kept aside: the one that was kept before stays.
    void aDraft() {
        QTemporaryDir place;
        FileDraftStore drafts(place.filePath(QStringLiteral("drafts")));
        QVERIFY(drafts.keep(m_folder->path(), QStringLiteral("1"), "the edit before"));
        Result<void> kept;
        {
            const FullDisk full(10);
            kept = drafts.keep(m_folder->path(), QStringLiteral("1"), "the edit that finds no room");
        }
        QVERIFY(!kept);
        QVERIFY2(kept.error().where.contains(QStringLiteral("_1.draft")), qPrintable(kept.error().where));
        QVERIFY(!kept.error().what.isEmpty() && !kept.error().next.isEmpty());
        const auto all = drafts.entries(m_folder->path());
        QCOMPARE(all.size(), 1);
        QCOMPARE(all.first().text, QByteArray("the edit before"));
        QVERIFY(drafts.keep(m_folder->path(), QStringLiteral("1"), "the edit that finds room"));
        QCOMPARE(drafts.entries(m_folder->path()).first().text, QByteArray("the edit that finds room"));
        int files = 0;
        for (QDirIterator each(place.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
             each.hasNext(); each.next())
            ++files;
        QCOMPARE(files, 2); // it and the lock
    }
#endif
};

QTEST_GUILESS_MAIN(TestFullDisk)
#include "test_full_disk.moc"
