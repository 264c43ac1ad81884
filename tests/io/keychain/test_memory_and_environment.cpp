// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/environment_secrets.h"
#include "io/keychain/memory_store.h"
#include "tests/io/keychain/keychain_fixture.h"

#ifdef Q_OS_UNIX
#include <unistd.h>
extern char** environ;
#endif

using namespace kb;
using namespace kb::test;

class TestMemoryAndEnvironment : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void memoryKeepsRecords() {
        MemoryStore store;
        QCOMPARE(readNow(store, QStringLiteral("a")).error().code, ErrorCode::SecretMissing);
        SecretRecord record;
        record.secret = Secret("x");
        record.allowedOrigins = {QStringLiteral("https://h")};
        QVERIFY(writeNow(store, QStringLiteral("a"), std::move(record)));
        for (int round = 0; round < 2; ++round) {
            const Result<SecretRecord> back = readNow(store, QStringLiteral("a"));
            QCOMPARE(textOf(back->secret), QByteArray("x"));
            QCOMPARE(back->allowedOrigins, QStringList{QStringLiteral("https://h")});
        }
        QVERIFY(writeNow(store, QStringLiteral("a"), "y"));
        QCOMPARE(textOf(readNow(store, QStringLiteral("a"))->secret), QByteArray("y"));
        QVERIFY(removeNow(store, QStringLiteral("a")));
        QCOMPARE(readNow(store, QStringLiteral("a")).error().code, ErrorCode::SecretMissing);
        QVERIFY(isForPeople(readNow(store, QStringLiteral("a")).error()));
        const StoreState state = probeNow(store);
        QCOMPARE(state.kind, StoreState::Kind::Available);
        QCOMPARE(state.name, QStringLiteral("memory only"));
    }

    void memoryIsSilentOnceTheHandleIsGone() {
        MemoryStore store;
        int answers = 0;
        {
            const HandlePtr read =
                store.read({QStringLiteral("a")}, [&](Result<SecretRecord>) { ++answers; });
            const HandlePtr write = store.write({QStringLiteral("b")}, {}, [&](Result<void>) { ++answers; });
            const HandlePtr probe = store.probe([&](StoreState) { ++answers; });
        }
        readNow(store, QStringLiteral("a"));
        QCOMPARE(answers, 0);
        HandlePtr handle;
        handle = store.probe([&](StoreState) {
            handle.reset();
            ++answers;
        });
        QTRY_COMPARE(answers, 1);
    }

    void variableNames() {
        QCOMPARE(EnvironmentSecrets::variableName(QStringLiteral("Other reader")),
                 QStringLiteral("KEYBEARER_SECRET_OTHER_READER"));
        QCOMPARE(EnvironmentSecrets::variableName(QStringLiteral("build-bot.2")),
                 QStringLiteral("KEYBEARER_SECRET_BUILD_BOT_2"));
        QCOMPARE(EnvironmentSecrets::variableName(QString::fromUtf8("Prüfer")),
                 QStringLiteral("KEYBEARER_SECRET_PR_FER"));
    }

    void namesThatCollide() {
        QVERIFY(
            EnvironmentSecrets::checkNames({QStringLiteral("Reader"), QStringLiteral("Admin")}).has_value());
        QVERIFY(EnvironmentSecrets::checkNames({}).has_value());
        const Result<void> collision = EnvironmentSecrets::checkNames(
            {QStringLiteral("Build bot"), QStringLiteral("Admin"), QStringLiteral("build-bot")});
        QVERIFY(!collision);
        QCOMPARE(collision.error().code, ErrorCode::Conflict);
        for (const char* named : {"Build bot", "build-bot", "KEYBEARER_SECRET_BUILD_BOT"}) {
            QVERIFY(collision.error().what.contains(QLatin1String(named)));
        }
    }

    void secretsLeaveTheEnvironment() {
        qputenv("KEYBEARER_SECRET_READER", "token-of-reader=with=equals");
        qputenv("KEYBEARER_SECRET_EMPTY", "");
        qputenv("KEYBEARER_OTHER", "stays");
#ifdef Q_OS_UNIX
        const char* place = ::getenv("KEYBEARER_SECRET_READER");
        QVERIFY(place);
#endif
        const EnvironmentSecrets secrets = EnvironmentSecrets::takeFromProcess();
        QVERIFY(secrets.has(QStringLiteral("Reader")));
        QVERIFY(secrets.has(QStringLiteral("reader")));
        QCOMPARE(textOf(secrets.copy(QStringLiteral("reader"))), QByteArray("token-of-reader=with=equals"));
        QVERIFY(!secrets.has(QStringLiteral("Empty")));
        QVERIFY(!secrets.has(QStringLiteral("Admin")));
        QVERIFY(secrets.copy(QStringLiteral("Admin")).isEmpty());
        QVERIFY(!qEnvironmentVariableIsSet("KEYBEARER_SECRET_READER"));
        QVERIFY(!qEnvironmentVariableIsSet("KEYBEARER_SECRET_EMPTY"));
        QCOMPARE(qgetenv("KEYBEARER_OTHER"), QByteArray("stays"));
#ifdef Q_OS_UNIX
        for (char** entry = environ; *entry; ++entry)
            QVERIFY(!QByteArray(*entry).contains("token-of-reader"));
#endif
        QVERIFY(!EnvironmentSecrets::takeFromProcess().has(QStringLiteral("Reader")));
    }

#ifdef Q_OS_LINUX
    void theBlockTheKernelShowsIsOverwritten() {
        // A process of its own, because only what it was started with stands in that block.
        QProcess child;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("KEYBEARER_SECRET_CHILD"), QStringLiteral("canary-in-the-block"));
        environment.insert(QStringLiteral("KB_SHOW_BLOCK"), QStringLiteral("1"));
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath(), {});
        QVERIFY(child.waitForFinished(20000));
        const QByteArray output = child.readAllStandardOutput();
        QVERIFY2(output.startsWith("before:1 taken:1 after:0"), output.constData());
    }
#endif
};

#ifdef Q_OS_LINUX
namespace {

bool blockHasCanary() {
    QFile block(QStringLiteral("/proc/self/environ"));
    return block.open(QIODevice::ReadOnly) && block.readAll().contains("canary-in-the-block");
}

} // namespace
#endif

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
#ifdef Q_OS_LINUX
    if (qEnvironmentVariableIsSet("KB_SHOW_BLOCK")) {
        const bool before = blockHasCanary();
        const EnvironmentSecrets secrets = EnvironmentSecrets::takeFromProcess();
        std::printf("before:%d taken:%d after:%d\n", before, secrets.has(QStringLiteral("child")),
                    blockHasCanary());
        return 0;
    }
#endif
    TestMemoryAndEnvironment test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_memory_and_environment.moc"
