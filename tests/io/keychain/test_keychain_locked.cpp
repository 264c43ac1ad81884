// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/io/keychain/keychain_fixture.h"

using namespace kb;
using namespace kb::test;

class TestKeychainLocked : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCallSaysLocked() {
        KeychainStore store;
        QCOMPARE(writeNow(store, QStringLiteral("new"), "x").error().code, ErrorCode::StoreLocked);
        const Result<SecretRecord> record = readNow(store, QStringLiteral("locked-item"));
        QVERIFY(!record);
        QCOMPARE(record.error().code, ErrorCode::StoreLocked);
        QVERIFY(isForPeople(record.error()));
        QCOMPARE(record.error().where, QStringLiteral("GNOME Keyring"));
        // What is not there must not look lost while nobody can look.
        QCOMPARE(readNow(store, QStringLiteral("never written")).error().code, ErrorCode::StoreLocked);
        for (const char* id : {"locked-item", "never written"}) {
            const Result<void> removed = removeNow(store, QString::fromLatin1(id));
            QVERIFY2(!removed, id);
            QCOMPARE(removed.error().code, ErrorCode::StoreLocked);
        }
    }

    void probeSaysLocked() {
        KeychainStore store;
        const StoreState state = probeNow(store);
        QCOMPARE(state.kind, StoreState::Kind::Locked);
        QCOMPARE(state.name, QStringLiteral("GNOME Keyring"));
        QVERIFY(state.message.contains(QLatin1String("locked")));
    }
};

QTEST_GUILESS_MAIN(TestKeychainLocked)
#include "test_keychain_locked.moc"
