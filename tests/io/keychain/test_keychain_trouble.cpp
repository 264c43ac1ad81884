// SPDX-License-Identifier: GPL-3.0-or-later
// A keyring that hangs, wakes again and dies. The tests run in their order; the last one kills it.
#include "tests/io/keychain/keychain_fixture.h"

#include <csignal>

using namespace kb;
using namespace kb::test;

namespace {

KeychainStore::Options options(int timeoutMs) {
    KeychainStore::Options result;
    result.service = QStringLiteral("Keybearer test");
    result.timeoutMs = timeoutMs;
    return result;
}

pid_t keyring() {
    return pid_t(qEnvironmentVariableIntValue("KB_KEYRING_PID"));
}

} // namespace

class TestKeychainTrouble : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(keyring() > 0, "run it by with-keyring.sh"); }

    void aHangingKeyringTimesOut() {
        KeychainStore store(options(30000));
        QVERIFY(writeNow(store, QStringLiteral("slow"), "x"));
        KeychainStore impatient(options(300));
        QCOMPARE(::kill(keyring(), SIGSTOP), 0);
        const Result<SecretRecord> late = readNow(impatient, QStringLiteral("slow"));
        const Result<void> queued = writeNow(impatient, QStringLiteral("slow"), "y");
        QCOMPARE(::kill(keyring(), SIGCONT), 0);
        QVERIFY(!late);
        QCOMPARE(late.error().code, ErrorCode::StoreTimeout);
        QVERIFY(isForPeople(late.error()));
        QVERIFY(!queued);
        QCOMPARE(queued.error().code, ErrorCode::StoreTimeout);
    }

    void itWorksAgainOnceItWakes() {
        KeychainStore store(options(30000));
        // The write that timed out may have been carried out meanwhile; that is no other program's change.
        const Result<SecretRecord> record = readNow(store, QStringLiteral("slow"));
        QVERIFY2(record.has_value(), record ? "" : qPrintable(record.error().text()));
    }

    void aDeadKeyringIsUnavailable() {
        KeychainStore store(options(30000));
        QVERIFY(writeNow(store, QStringLiteral("orphan"), "x"));
        QCOMPARE(::kill(keyring(), SIGKILL), 0);
        QTRY_VERIFY_WITH_TIMEOUT(probeNow(store).kind == StoreState::Kind::Unavailable, 20000);
        const Result<SecretRecord> record = readNow(store, QStringLiteral("orphan"));
        QVERIFY(!record);
        QCOMPARE(record.error().code, ErrorCode::StoreUnavailable);
        QVERIFY(isForPeople(record.error()));
        QCOMPARE(writeNow(store, QStringLiteral("orphan"), "x").error().code, ErrorCode::StoreUnavailable);
        QCOMPARE(removeNow(store, QStringLiteral("orphan")).error().code, ErrorCode::StoreUnavailable);
    }
};

QTEST_GUILESS_MAIN(TestKeychainTrouble)
#include "test_keychain_trouble.moc"
