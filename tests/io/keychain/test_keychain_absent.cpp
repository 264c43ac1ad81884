// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/io/keychain/keychain_fixture.h"

#include <QDirIterator>

using namespace kb;
using namespace kb::test;

class TestKeychainAbsent : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCallSaysThereIsNone() {
        KeychainStore store;
        const Result<void> written = writeNow(store, QStringLiteral("new"), "no-plain-text-fallback");
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::StoreUnavailable);
        QVERIFY(isForPeople(written.error()));
        QVERIFY(written.error().next.contains(QLatin1String("memory only")));
        QCOMPARE(readNow(store, QStringLiteral("new")).error().code, ErrorCode::StoreUnavailable);
        QCOMPARE(removeNow(store, QStringLiteral("new")).error().code, ErrorCode::StoreUnavailable);
    }

    void probeSaysSoToo() {
        KeychainStore store;
        const StoreState state = probeNow(store);
        QCOMPARE(state.kind, StoreState::Kind::Unavailable);
        QVERIFY(state.message.contains(QLatin1String("no keychain service")));
        QVERIFY(state.message.contains(QLatin1String("memory only")));
    }

    void nothingWasWrittenAnywhere() {
        QDirIterator all(qEnvironmentVariable("HOME"), QDir::Files | QDir::Hidden,
                         QDirIterator::Subdirectories);
        while (all.hasNext()) {
            QFile file(all.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains("no-plain-text-fallback"), qPrintable(file.fileName()));
        }
    }
};

QTEST_GUILESS_MAIN(TestKeychainAbsent)
#include "test_keychain_absent.moc"
