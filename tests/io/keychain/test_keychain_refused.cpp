// SPDX-License-Identifier: GPL-3.0-or-later
// A keyring that is there and unlocked, and may not be asked: a sandbox or a policy says no.
#include "tests/io/keychain/keychain_fixture.h"

using namespace kb;
using namespace kb::test;

class TestKeychainRefused : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readingSaysRefused() {
        KeychainStore store;
        QVERIFY(writeNow(store, QStringLiteral("kept"), "x"));
        const Result<SecretRecord> record = readNow(store, QStringLiteral("kept"));
        QVERIFY(!record);
        QCOMPARE(errorCodeName(record.error().code), errorCodeName(ErrorCode::StoreRefused));
        QVERIFY(isForPeople(record.error()));
    }

    void probeSeesTheKeyring() {
        KeychainStore store;
        QCOMPARE(probeNow(store).kind, StoreState::Kind::Available);
    }
};

QTEST_GUILESS_MAIN(TestKeychainRefused)
#include "test_keychain_refused.moc"
