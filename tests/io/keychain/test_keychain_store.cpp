// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/io/keychain/keychain_fixture.h"

#include <QDirIterator>

using namespace kb;
using namespace kb::test;

namespace {
const QString service = QStringLiteral("Keybearer test");
}

class TestKeychainStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recordsGoRound_data() {
        QTest::addColumn<QByteArray>("secret");
        QTest::newRow("short") << QByteArray("s");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("3 kB") << bytesOfSize(3000);
        QTest::newRow("6 kB") << bytesOfSize(6000);
        QTest::newRow("20 kB") << bytesOfSize(20000);
        QTest::newRow("not text") << QByteArray("\x00\xff\xfe\r\n\x80", 6);
    }
    void recordsGoRound() {
        QFETCH(QByteArray, secret);
        KeychainStore store({service});
        SecretRecord record;
        record.secret = Secret({secret.constData(), std::size_t(secret.size())});
        record.allowedOrigins = {QStringLiteral("https://api.example.com"),
                                 QStringLiteral("https://ünï.example")};
        record.plainHttpOrigins = {QStringLiteral("http://intranet")};
        record.insecureTlsOrigins = {QStringLiteral("https://self-signed:8443")};
        const Result<void> written = writeNow(store, QStringLiteral("round"), record.revealCopy());
        QVERIFY2(written.has_value(), written ? "" : qPrintable(written.error().text()));
        KeychainStore another({service});
        const Result<SecretRecord> back = readNow(another, QStringLiteral("round"));
        QVERIFY2(back.has_value(), back ? "" : qPrintable(back.error().text()));
        QCOMPARE(textOf(back->secret), secret);
        QCOMPARE(back->allowedOrigins, record.allowedOrigins);
        QCOMPARE(back->plainHttpOrigins, record.plainHttpOrigins);
        QCOMPARE(back->insecureTlsOrigins, record.insecureTlsOrigins);
    }

    void servicesAndItemsAreApart() {
        KeychainStore store({service}), other({QStringLiteral("Another program")});
        QVERIFY(writeNow(store, QStringLiteral("one"), "first"));
        QVERIFY(writeNow(store, QStringLiteral("two"), "second"));
        QCOMPARE(textOf(readNow(store, QStringLiteral("one"))->secret), QByteArray("first"));
        QCOMPARE(textOf(readNow(store, QStringLiteral("two"))->secret), QByteArray("second"));
        QCOMPARE(readNow(other, QStringLiteral("one")).error().code, ErrorCode::SecretMissing);
    }

    void missingAndRemoved() {
        KeychainStore store({service});
        const Result<SecretRecord> missing = readNow(store, QStringLiteral("never written"));
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::SecretMissing);
        QVERIFY(isForPeople(missing.error()));
        QVERIFY(writeNow(store, QStringLiteral("short-lived"), "x"));
        QVERIFY(removeNow(store, QStringLiteral("short-lived")));
        QCOMPARE(readNow(store, QStringLiteral("short-lived")).error().code, ErrorCode::SecretMissing);
        QVERIFY(storedItem(service, QStringLiteral("short-lived")).isEmpty());
    }

    void removedByAnotherProgram() {
        KeychainStore store({service});
        QVERIFY(writeNow(store, QStringLiteral("gone"), "x"));
        clearItem(service, QStringLiteral("gone"));
        QCOMPARE(readNow(store, QStringLiteral("gone")).error().code, ErrorCode::SecretMissing);
    }

    void changedByAnotherProgramIsToldOnce() {
        KeychainStore store({service});
        QVERIFY(writeNow(store, QStringLiteral("changed"), "mine"));
        SecretRecord theirs;
        theirs.secret = Secret("theirs");
        replaceItem(service, QStringLiteral("changed"), encodeSecretRecord(theirs));
        const Result<SecretRecord> told = readNow(store, QStringLiteral("changed"));
        QVERIFY(!told);
        QCOMPARE(told.error().code, ErrorCode::SecretChanged);
        QVERIFY(isForPeople(told.error()));
        QVERIFY(!told.error().text().contains(QLatin1String("theirs")));
        const Result<SecretRecord> taken = readNow(store, QStringLiteral("changed"));
        QVERIFY(taken.has_value());
        QCOMPARE(textOf(taken->secret), QByteArray("theirs"));
        // A process that never saw the old one has nothing to compare with, and our own write is no change.
        KeychainStore fresh({service});
        QVERIFY(readNow(fresh, QStringLiteral("changed")).has_value());
        QVERIFY(writeNow(fresh, QStringLiteral("changed"), "mine again"));
        QVERIFY(readNow(fresh, QStringLiteral("changed")).has_value());
    }

    void notARecordOfOurs() {
        KeychainStore store({service});
        replaceItem(service, QStringLiteral("foreign"), "ghp_not_a_record");
        const Result<SecretRecord> foreign = readNow(store, QStringLiteral("foreign"));
        QVERIFY(!foreign);
        QCOMPARE(foreign.error().code, ErrorCode::SecretUnreadable);
        QVERIFY(isForPeople(foreign.error()));
        QVERIFY(!foreign.error().text().contains(QLatin1String("ghp_")));
        QVERIFY(writeNow(store, QStringLiteral("foreign"), "better"));
        QCOMPARE(textOf(readNow(store, QStringLiteral("foreign"))->secret), QByteArray("better"));
    }

    void noAnswerOnceTheHandleIsGone() {
        KeychainStore store({service});
        QVERIFY(writeNow(store, QStringLiteral("silent"), "x"));
        int answers = 0;
        {
            const HandlePtr read =
                store.read({QStringLiteral("silent")}, [&](Result<SecretRecord>) { ++answers; });
            const HandlePtr write =
                store.write({QStringLiteral("silent-2")}, SecretRecord(), [&](Result<void>) { ++answers; });
            const HandlePtr remove =
                store.remove({QStringLiteral("silent-3")}, [&](Result<void>) { ++answers; });
            const HandlePtr probe = store.probe([&](StoreState) { ++answers; });
        }
        // Jobs run one after the other: once a later call is answered, the earlier ones are over.
        QVERIFY(readNow(store, QStringLiteral("silent")).has_value());
        probeNow(store);
        QCOMPARE(answers, 0);
    }

    void theHandleMayGoInsideTheAnswer() {
        KeychainStore store({service});
        QVERIFY(writeNow(store, QStringLiteral("inside"), "x"));
        int answers = 0;
        HandlePtr handle;
        handle = store.read({QStringLiteral("inside")}, [&](Result<SecretRecord> record) {
            handle.reset();
            if (record) ++answers;
        });
        QTRY_COMPARE(answers, 1);
    }

    void theStoreMayGoBeforeTheAnswer() {
        auto store = std::make_unique<KeychainStore>(KeychainStore::Options{service});
        QVERIFY(writeNow(*store, QStringLiteral("outlived"), "x"));
        std::optional<Result<SecretRecord>> answer;
        const HandlePtr handle = store->read(
            {QStringLiteral("outlived")}, [&](Result<SecretRecord> record) { answer = std::move(record); });
        store.reset();
        QTRY_VERIFY(answer.has_value());
        QVERIFY(answer->has_value());
    }

    void manyAtOnce() {
        KeychainStore store({service});
        std::vector<HandlePtr> handles;
        int written = 0;
        for (int i = 0; i < 20; ++i) {
            SecretRecord record;
            record.secret = Secret(std::to_string(i));
            handles.push_back(store.write({QStringLiteral("many-%1").arg(i)}, std::move(record),
                                          [&](const Result<void>& result) { written += result ? 1 : 0; }));
        }
        QTRY_COMPARE_WITH_TIMEOUT(written, 20, 20000);
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(textOf(readNow(store, QStringLiteral("many-%1").arg(i))->secret), QByteArray::number(i));
        }
    }

    void probeNamesTheKeyring() {
        KeychainStore store({service});
        const StoreState state = probeNow(store);
        QCOMPARE(state.kind, StoreState::Kind::Available);
        QCOMPARE(state.name, QStringLiteral("GNOME Keyring"));
        QVERIFY(state.message.isEmpty());
    }

    void nothingIsWrittenInClearText() {
        const QByteArray canary = "canary-8f3b1c77-secret";
        KeychainStore store({service});
        QVERIFY(writeNow(store, QStringLiteral("canary"), canary));
        QVERIFY(!storedItem(service, QStringLiteral("canary")).isEmpty());
        int files = 0;
        for (const char* root : {"HOME", "XDG_RUNTIME_DIR"}) {
            QDirIterator all(qEnvironmentVariable(root), QDir::Files | QDir::Hidden,
                             QDirIterator::Subdirectories);
            while (all.hasNext()) {
                QFile file(all.next());
                if (!file.open(QIODevice::ReadOnly)) continue;
                const QByteArray bytes = file.readAll();
                ++files;
                QVERIFY2(!bytes.contains(canary), qPrintable(file.fileName()));
                QVERIFY2(!bytes.contains(canary.toBase64().left(20)), qPrintable(file.fileName()));
            }
        }
        QVERIFY(files > 0);
    }
};

QTEST_GUILESS_MAIN(TestKeychainStore)
#include "test_keychain_store.moc"
