// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/history/sqlite_history.h"

#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#endif

using namespace kb;

class TestSqliteHistory : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;

    QString file() const { return m_folder->filePath(QStringLiteral("history.sqlite")); }
    static HistoryRecord record(int number, int status = 200) {
        HistoryRecord made;
        made.entry.timeMs = 1000000 + number;
        made.entry.method = QStringLiteral("GET");
        made.entry.host = number % 2 ? QStringLiteral("one.example") : QStringLiteral("two.example");
        made.entry.url = QStringLiteral("https://%1/items/%2").arg(made.entry.host).arg(number);
        made.entry.profileId = number % 3 ? QStringLiteral("id-reader") : QString();
        made.entry.profileName = number % 3 ? QStringLiteral("Reader") : QString();
        made.entry.requestPath = QStringLiteral("items.yml");
        made.entry.environment = QStringLiteral("Dev");
        made.entry.status = status;
        made.entry.totalMs = 12.5;
        made.requestHeaders = {{"Accept", "*/*"}, {"Authorization", "Bearer ********"}};
        made.responseHeaders = {
            {"Content-Type", "application/json"}, {"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}};
        made.responseBody = "{\"number\": " + QByteArray::number(number) + "}";
        made.entry.size = made.responseBody.size();
        made.reason = QStringLiteral("OK");
        return made;
    }
    static QList<qint64> ids(const Result<QList<HistoryEntry>>& found) {
        QList<qint64> all;
        if (found)
            for (const HistoryEntry& entry : *found)
                all.append(entry.id);
        return all;
    }
    /// Everything the file and its companions hold.
    QByteArray bytes() const {
        QByteArray all;
        for (const QString& name : QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden)) {
            QFile each(m_folder->filePath(name));
            if (each.open(QIODevice::ReadOnly)) all += each.readAll();
        }
        return all;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void whatIsKeptComesBack() {
        HistoryRecord made = record(7, 403);
        made.hasRequestBody = true;
        made.requestBody = QByteArray("\0\xff{}", 4);
        made.diagnosis = QStringLiteral("The token lacks the scope.");
        qint64 id = 0;
        {
            SqliteHistory history(file());
            const Result<qint64> added = history.add(made);
            QVERIFY2(added, added ? "" : qPrintable(added.error().text()));
            id = *added;
        }
        SqliteHistory history(file()); // another start
        const HistoryRecord back = history.read(id).value();
        made.entry.id = id;
        QCOMPARE(back.entry, made.entry);
        QCOMPARE(back.requestHeaders, made.requestHeaders);
        QCOMPARE(back.responseHeaders, made.responseHeaders);
        QCOMPARE(back.requestBody, made.requestBody);
        QCOMPARE(back.responseBody, made.responseBody);
        QCOMPARE(back.diagnosis, made.diagnosis);
        QVERIFY(!back.bodyCut);
        QCOMPARE(history.read(id + 1).error().code, ErrorCode::NotFound);
        // Nobody else reads it.
        QCOMPARE(QFileInfo(file()).permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther),
                 QFileDevice::Permissions());
    }

#ifdef Q_OS_UNIX
    /// What the history has stays, an entry that finds no room is said to be lost, and once there is room the
    /// next ones are kept again.
    void aFullDiskLosesNoEntryThatIsKept() {
        SqliteHistory history(file());
        for (int i = 0; i < 5; ++i)
            QVERIFY(history.add(record(i)));
        const QList<qint64> before = ids(history.find({}));
        QCOMPARE(before.size(), 5);
        HistoryRecord large = record(5);
        large.responseBody = QByteArray(200'000, 'x');
        const qint64 size = QFileInfo(file() + QStringLiteral("-wal")).size();
        rlimit limit{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &limit), 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        // In the middle of a page, and right where the file ends.
        for (const qint64 room : {qint64(50'000), qint64(2'000), qint64(0)}) {
            const rlimit tight{rlim_t(size + room), limit.rlim_max};
            setrlimit(RLIMIT_FSIZE, &tight);
            const Result<qint64> added = history.add(large);
            const Result<void> removed = history.remove({before.first()});
            const QList<qint64> now = ids(history.find({}));
            setrlimit(RLIMIT_FSIZE, &limit);
            QVERIFY(!added);
            QCOMPARE(added.error().code, ErrorCode::FileError);
            QCOMPARE(added.error().where, file());
            QVERIFY(!added.error().next.isEmpty());
            QVERIFY(history.notice().isEmpty()); // it is not taken for damaged
            if (room == 0) QVERIFY(!removed);
            QCOMPARE(now, removed ? before.mid(0, 4) : before);
            if (removed) break;
        }
        std::signal(SIGXFSZ, handler);
        const Result<qint64> added = history.add(large);
        QVERIFY2(added, added ? "" : qPrintable(added.error().text()));
        QCOMPARE(history.read(*added)->responseBody.size(), 200'000);
        QVERIFY(ids(SqliteHistory(file()).find({})).contains(before.last()));
        QVERIFY(!QDir(m_folder->path()).entryList({QStringLiteral("*damaged*")}).size());
    }
#endif

    void largeBodiesAreCut() {
        SqliteHistory history(file());
        HistoryRecord made = record(1);
        made.responseBody = QByteArray(HistoryLimits::bodyBytes + 5, 'x');
        const HistoryRecord back = history.read(history.add(made).value()).value();
        QCOMPARE(back.responseBody.size(), HistoryLimits::bodyBytes);
        QVERIFY(back.bodyCut);
    }

    void itIsSearched() {
        SqliteHistory history(file());
        for (int i = 1; i <= 12; ++i)
            QVERIFY(history.add(record(i, i % 4 == 0 ? 500 : i % 5 == 0 ? 0 : 200)));
        const auto find = [&](const std::function<void(HistoryQuery&)>& change) {
            HistoryQuery query;
            change(query);
            return ids(history.find(query));
        };
        QCOMPARE(find([](HistoryQuery&) {}).size(), 12);
        QCOMPARE(find([](HistoryQuery& q) { q.limit = 2; }), (QList<qint64>{12, 11})); // the newest first
        QCOMPARE(find([](HistoryQuery& q) { q.text = QStringLiteral("items/1"); }),
                 (QList<qint64>{12, 11, 10, 1}));
        QCOMPARE(find([](HistoryQuery& q) { q.text = QStringLiteral("\"number\": 7"); }), (QList<qint64>{7}));
        QCOMPARE(find([](HistoryQuery& q) { q.text = QStringLiteral("/7"); }), (QList<qint64>{7}));
        QCOMPARE(find([](HistoryQuery& q) { q.text = QStringLiteral("a OR \"b"); }), QList<qint64>());
        QCOMPARE(find([](HistoryQuery& q) { q.text = QStringLiteral("%"); }), QList<qint64>());
        QCOMPARE(find([](HistoryQuery& q) { q.statusFrom = 500, q.statusTo = 599; }),
                 (QList<qint64>{12, 8, 4}));
        QCOMPARE(find([](HistoryQuery& q) { q.failedOnly = true; }), (QList<qint64>{12, 10, 8, 5, 4}));
        QCOMPARE(find([](HistoryQuery& q) { q.host = QStringLiteral("one.example"); }).size(), 6);
        QCOMPARE(find([](HistoryQuery& q) { q.profileId = QStringLiteral("id-reader"); }).size(), 8);
        QCOMPARE(find([](HistoryQuery& q) { q.fromMs = 1000003, q.toMs = 1000005; }),
                 (QList<qint64>{5, 4, 3}));
        QVERIFY(history.pin(3, true));
        QCOMPARE(find([](HistoryQuery& q) { q.pinnedOnly = true; }), (QList<qint64>{3}));
    }

    /// Deleted is deleted: the bytes are in no file any more.
    void whatIsRemovedIsGone() {
        SqliteHistory history(file());
        HistoryRecord marked = record(1);
        marked.responseBody = "a-very-special-marker-in-the-body";
        marked.entry.url += QStringLiteral("/another-special-marker");
        const qint64 id = history.add(marked).value();
        QVERIFY(history.add(record(2)));
        QVERIFY(bytes().contains("a-very-special-marker"));
        QVERIFY(history.remove({id}));
        QCOMPARE(ids(history.find({})).size(), 1);
        QVERIFY(!bytes().contains("a-very-special-marker") && !bytes().contains("another-special-marker"));
        QVERIFY(history.clear());
        QCOMPARE(ids(history.find({})).size(), 0);
        QVERIFY(!bytes().contains("items/2"));
    }

    void itHasLimits() {
        SqliteHistory history(file());
        for (int i = 1; i <= 10; ++i)
            QVERIFY(history.add(record(i)));
        QVERIFY(history.pin(1, true));
        HistoryLimits limits;
        limits.entries = 5;
        QVERIFY(history.trim(limits, 1000010));
        QCOMPARE(ids(history.find({})), (QList<qint64>{10, 9, 8, 7, 6, 1}));
        limits.bytes = 1300; // each has some 600, with its index
        QVERIFY(history.trim(limits, 1000010));
        QCOMPARE(ids(history.find({})), (QList<qint64>{10, 9, 1}));
        limits = {};
        limits.days = 1;
        QVERIFY(history.trim(limits, 1000010 + qint64(2) * 24 * 3600 * 1000));
        QCOMPARE(ids(history.find({})), (QList<qint64>{1}));
    }

    void itsFileShrinksToo() {
        SqliteHistory history(file());
        for (int i = 1; i <= 200; ++i) {
            HistoryRecord large = record(i);
            large.responseBody = QByteArray(20000, 'x');
            QVERIFY(history.add(large));
        }
        const qint64 before = QFileInfo(file()).size();
        QVERIFY(before > 4000000);
        HistoryLimits limits;
        limits.entries = 10;
        QVERIFY(history.trim(limits, 1000010));
        QVERIFY2(QFileInfo(file()).size() < before / 4,
                 QByteArray::number(QFileInfo(file()).size()).constData());
        QCOMPARE(ids(history.find({})).size(), 10);
    }

    void theHostsThatWereAsked() {
        SqliteHistory history(file());
        for (const char* host : {"b.example.com", "a.example.com", "b.example.com", ""}) {
            HistoryRecord sent = record(1);
            sent.entry.host = QString::fromLatin1(host);
            QVERIFY(history.add(sent));
        }
        QCOMPARE(history.hosts().value(),
                 (QStringList{QStringLiteral("a.example.com"), QStringLiteral("b.example.com")}));
    }

    void aDamagedFileIsSetAside() {
        {
            SqliteHistory history(file());
            for (int i = 0; i < 200; ++i)
                QVERIFY(history.add(record(i)));
        }
        QFile broken(file());
        QVERIFY(broken.open(QIODevice::ReadWrite));
        broken.seek(4096);
        broken.write(QByteArray(20000, '\x5a'));
        broken.close();
        SqliteHistory history(file());
        QVERIFY(history.add(record(1)));
        QVERIFY2(history.notice().contains(QStringLiteral("set aside")), qPrintable(history.notice()));
        QCOMPARE(ids(history.find({})).size(), 1);
        QCOMPARE(QDir(m_folder->path()).entryList({QStringLiteral("*.damaged-*")}).size(), 1);
    }

    /// Whoever deletes all means the damaged ones too, and nothing that is not the history's.
    void deletingAllRemovesWhatWasSetAside() {
        const auto place = [&](const QString& name, const QByteArray& text) {
            QFile made(m_folder->filePath(name));
            QVERIFY(made.open(QIODevice::WriteOnly));
            made.write(text);
        };
        const QString own = QFileInfo(file()).fileName();
        place(own, QByteArray("no database, and longer than its header would be\n").repeated(40));
        place(own + QStringLiteral(".damaged-20200101-000000-000"), "of an earlier time");
        place(own + QStringLiteral(".damaged-20200101-000000-000-wal"), "its companion");
        place(QStringLiteral("other.sqlite.damaged-20200101"), "not ours");
        place(own + QStringLiteral(".kept"), "not ours");
        SqliteHistory history(file());
        QVERIFY(history.add(record(1)));
        const QDir folder(m_folder->path());
        QCOMPARE(folder.entryList({own + QStringLiteral(".damaged-*")}).size(), 3);
        QVERIFY(history.clear());
        QCOMPARE(folder.entryList({QStringLiteral("*.damaged-*")}),
                 QStringList{QStringLiteral("other.sqlite.damaged-20200101")});
        QVERIFY(QFile::exists(m_folder->filePath(own + QStringLiteral(".kept"))));
        QVERIFY(history.notice().isEmpty());
        QVERIFY(history.add(record(2)));
    }

    void whatIsNoDatabaseIsSetAsideToo() {
        QFile other(file());
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.write(QByteArray("this is no database at all, but text of some length\n").repeated(40));
        other.close();
        SqliteHistory history(file());
        QVERIFY(history.add(record(1)));
        QVERIFY(!history.notice().isEmpty());
    }

    void aPlaceThatCannotBeWrittenIsSaid() {
        SqliteHistory history(QStringLiteral("/proc/no/such/history.sqlite"));
        const Result<qint64> added = history.add(record(1));
        QVERIFY(!added);
        QVERIFY(added.error().text().contains(QStringLiteral("The history cannot be used")));
        QVERIFY(!history.find({}));
    }

    /// What was acknowledged is there after a kill at any moment.
    void aKilledProcessLosesNothingThatWasStored() {
        qint64 last = 0;
        for (int round = 0; round < 12; ++round) {
            QProcess child;
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("KB_HISTORY_FILE"), file());
            child.setProcessEnvironment(environment);
            child.start(QCoreApplication::applicationFilePath(), QStringList());
            QVERIFY(child.waitForReadyRead(10000));
            QElapsedTimer time;
            time.start();
            QByteArray told = child.readAllStandardOutput();
            while (time.elapsed() < 3 + round * 4 && child.waitForReadyRead(20))
                told += child.readAllStandardOutput();
            child.kill();
            child.waitForFinished(5000);
            told += child.readAllStandardOutput();
            const QList<QByteArray> lines = told.left(told.lastIndexOf('\n')).split('\n');
            last = lines.last().toLongLong();
            SqliteHistory history(file());
            QVERIFY2(history.read(last), lines.last().constData());
            QVERIFY(history.notice().isEmpty());
        }
        QVERIFY(last > 12);
    }

    /// Two programs at once.
    void anotherProgramMayWriteToo() {
        SqliteHistory one(file()), two(file());
        for (int i = 0; i < 20; ++i) {
            QVERIFY(one.add(record(i)));
            QVERIFY(two.add(record(100 + i)));
        }
        QCOMPARE(ids(one.find({})).size(), 40);
    }
};

/// As the process that is killed it stores exchanges for ever, and tells the number of each that is stored.
int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const QString file = qEnvironmentVariable("KB_HISTORY_FILE");
    if (!file.isEmpty()) {
        SqliteHistory history(file);
        for (int i = 0;; ++i) {
            HistoryRecord record;
            record.entry.timeMs = i;
            record.entry.url = QStringLiteral("https://example.com/%1").arg(i);
            record.responseBody = QByteArray(3000, 'x');
            const Result<qint64> id = history.add(record);
            if (!id) return 1;
            std::printf("%lld\n", static_cast<long long>(*id));
            std::fflush(stdout);
        }
    }
    TestSqliteHistory test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_sqlite_history.moc"
