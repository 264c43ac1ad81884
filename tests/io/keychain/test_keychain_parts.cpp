// SPDX-License-Identifier: GPL-3.0-or-later
// Records in several items, as on a system whose keychain holds only 2560 bytes each, in the real keyring.
#include "tests/io/keychain/keychain_fixture.h"

#include "io/keychain/chunked_record.h"

using namespace kb;
using namespace kb::test;

namespace {

KeychainStore::Options options() {
    KeychainStore::Options result;
    result.service = QStringLiteral("Keybearer parts");
    result.maxItemBytes = 2400;
    return result;
}

/// How many parts the keyring holds of one record, in one set.
int partsOf(const QString& id, char set) {
    const QByteArray found = secretTool(
        {QStringLiteral("search"), QStringLiteral("--all"), QStringLiteral("server"), options().service}, {},
        QProcess::MergedChannels);
    const QByteArray line = "attribute.user = " + id.toUtf8() + '/' + set;
    return int(found.count(line));
}

} // namespace

class TestKeychainParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void largeRecordsGoRound_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("parts");
        QTest::newRow("fits") << 100 << 0;
        QTest::newRow("3 kB") << 3000 << 2;
        QTest::newRow("6 kB") << 6000 << 4;
        QTest::newRow("20 kB") << 20000 << 12;
    }
    void largeRecordsGoRound() {
        QFETCH(int, size);
        QFETCH(int, parts);
        const QString id = QStringLiteral("round-%1").arg(size);
        KeychainStore store(options());
        const Result<void> written = writeNow(store, id, bytesOfSize(size));
        QVERIFY2(written.has_value(), written ? "" : qPrintable(written.error().text()));
        QCOMPARE(partsOf(id, 'a'), parts);
        QVERIFY(QByteArray::fromBase64(storedItem(options().service, id)).size() <= 2400);
        KeychainStore another(options());
        const Result<SecretRecord> back = readNow(another, id);
        QVERIFY2(back.has_value(), back ? "" : qPrintable(back.error().text()));
        QCOMPARE(textOf(back->secret), bytesOfSize(size));
        QVERIFY(removeNow(another, id));
        QCOMPARE(partsOf(id, 'a'), 0);
        QCOMPARE(readNow(another, id).error().code, ErrorCode::SecretMissing);
    }

    void shrinkingCleansUp() {
        const QString id = QStringLiteral("shrinks");
        KeychainStore store(options());
        QVERIFY(writeNow(store, id, bytesOfSize(20000)));
        QVERIFY(writeNow(store, id, bytesOfSize(3000)));
        QCOMPARE(partsOf(id, 'a'), 0);
        QCOMPARE(partsOf(id, 'b'), 2);
        QCOMPARE(textOf(readNow(store, id)->secret), bytesOfSize(3000));
        QVERIFY(writeNow(store, id, "small"));
        QCOMPARE(partsOf(id, 'a') + partsOf(id, 'b'), 0);
        QCOMPARE(textOf(readNow(store, id)->secret), QByteArray("small"));
    }

    void aMissingPartIsUnreadable() {
        const QString id = QStringLiteral("torn");
        KeychainStore store(options());
        QVERIFY(writeNow(store, id, bytesOfSize(6000)));
        clearItem(options().service, ChunkedRecord::partKey(id, 'a', 2));
        const Result<SecretRecord> record = readNow(store, id);
        QVERIFY(!record);
        QCOMPARE(record.error().code, ErrorCode::SecretUnreadable);
        QVERIFY(isForPeople(record.error()));
        QVERIFY(writeNow(store, id, bytesOfSize(6000)));
        QVERIFY(readNow(store, id).has_value());
    }

    void aChangedPartIsUnreadable() {
        const QString id = QStringLiteral("patched");
        KeychainStore store(options());
        QVERIFY(writeNow(store, id, bytesOfSize(6000)));
        replaceItem(options().service, ChunkedRecord::partKey(id, 'a', 1), QByteArray(2400, 'x'));
        QCOMPARE(readNow(store, id).error().code, ErrorCode::SecretUnreadable);
    }

    void aWriteThatWasCutShortLeavesTheOldRecord() {
        const QString id = QStringLiteral("cut-short");
        KeychainStore store(options());
        QVERIFY(writeNow(store, id, bytesOfSize(3000)));
        // As if a longer record had been on its way into the other set when the program ended.
        for (int number = 1; number <= 5; ++number) {
            replaceItem(options().service, ChunkedRecord::partKey(id, 'b', number), "half of something");
        }
        QCOMPARE(textOf(readNow(store, id)->secret), bytesOfSize(3000));
        QVERIFY(writeNow(store, id, bytesOfSize(4000)));
        QCOMPARE(textOf(readNow(store, id)->secret), bytesOfSize(4000));
        QCOMPARE(partsOf(id, 'a'), 0);
        QCOMPARE(partsOf(id, 'b'), 3);
    }

    void changeIsToldForPartsToo() {
        const QString id = QStringLiteral("changed");
        KeychainStore store(options()), another(options());
        QVERIFY(writeNow(store, id, bytesOfSize(6000)));
        QVERIFY(writeNow(another, id, bytesOfSize(6001)));
        QCOMPARE(readNow(store, id).error().code, ErrorCode::SecretChanged);
        QCOMPARE(textOf(readNow(store, id)->secret), bytesOfSize(6001));
    }
};

QTEST_GUILESS_MAIN(TestKeychainParts)
#include "test_keychain_parts.moc"
