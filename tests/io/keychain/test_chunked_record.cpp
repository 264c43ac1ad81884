// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/chunked_record.h"

#include <QtTest>

using namespace kb;

class TestChunkedRecord : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void splitsAndJoins_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("items");
        QTest::newRow("empty") << 0 << 1;
        QTest::newRow("just fits") << 2400 << 1;
        QTest::newRow("one byte more") << 2401 << 3;
        QTest::newRow("3 kB") << 3000 << 3;
        QTest::newRow("6 kB") << 6000 << 4;
        QTest::newRow("20 kB") << 20000 << 10;
    }
    void splitsAndJoins() {
        QFETCH(int, size);
        QFETCH(int, items);
        QByteArray record;
        for (int i = 0; i < size; ++i)
            record.append(char(i * 31 % 251));
        QList<QByteArray> split = ChunkedRecord::split(record, 2400, 'b');
        QCOMPARE(int(split.size()), items);
        for (const QByteArray& item : std::as_const(split))
            QVERIFY(item.size() <= 2400);
        const ChunkedRecord::Head head = ChunkedRecord::readHead(split.at(0));
        QCOMPARE(head.parts, items - 1);
        if (items == 1) {
            QCOMPARE(split.at(0), record);
            return;
        }
        QCOMPARE(head.set, 'b');
        split.removeFirst();
        const Result<QByteArray> joined = ChunkedRecord::join(head, split);
        QVERIFY(joined.has_value());
        QCOMPARE(*joined, record);
    }

    void zeroNeverSplits() { QCOMPARE(ChunkedRecord::split(QByteArray(100000, 'x'), 0, 'a').size(), 1); }

    void damageIsSeen() {
        QList<QByteArray> parts = ChunkedRecord::split(QByteArray(6000, 'x'), 2400, 'a');
        const ChunkedRecord::Head head = ChunkedRecord::readHead(parts.takeFirst());
        QVERIFY(ChunkedRecord::join(head, parts).has_value());
        const auto isRefused = [&head](const QList<QByteArray>& damaged) {
            const Result<QByteArray> joined = ChunkedRecord::join(head, damaged);
            return !joined && joined.error().code == ErrorCode::SecretUnreadable &&
                   !joined.error().next.isEmpty();
        };
        QList<QByteArray> missing = parts;
        missing.removeLast();
        QVERIFY(isRefused(missing));
        QList<QByteArray> extra = parts;
        extra.append("y");
        QVERIFY(isRefused(extra));
        QList<QByteArray> emptyExtra = parts;
        emptyExtra.append(QByteArray());
        QVERIFY(isRefused(emptyExtra));
        QList<QByteArray> changed = parts;
        changed[1][5] = 'y';
        QVERIFY(isRefused(changed));
        QList<QByteArray> swapped = parts;
        swapped[2] = QByteArray(1, 'x');
        QVERIFY(isRefused(swapped));
    }

    void whatIsNoHead_data() {
        QTest::addColumn<QByteArray>("item");
        QTest::newRow("a record") << QByteArray(R"({"keybearer":1,"secret":""})");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no parts") << QByteArray("keybearer-parts:a:0:00");
        QTest::newRow("negative") << QByteArray("keybearer-parts:a:-1:00");
        QTest::newRow("too many") << QByteArray("keybearer-parts:a:1000:00");
        QTest::newRow("no number") << QByteArray("keybearer-parts:a:x:00");
        QTest::newRow("other set") << QByteArray("keybearer-parts:c:1:00");
        QTest::newRow("no digest") << QByteArray("keybearer-parts:a:1");
    }
    void whatIsNoHead() {
        QFETCH(QByteArray, item);
        QCOMPARE(ChunkedRecord::readHead(item).parts, 0);
    }

    void setsTakeTurns() {
        ChunkedRecord::Head head;
        QCOMPARE(ChunkedRecord::otherSet(head), 'a');
        head.parts = 1;
        head.set = 'a';
        QCOMPARE(ChunkedRecord::otherSet(head), 'b');
        head.set = 'b';
        QCOMPARE(ChunkedRecord::otherSet(head), 'a');
        QVERIFY(ChunkedRecord::partKey(QStringLiteral("k"), 'a', 1) !=
                ChunkedRecord::partKey(QStringLiteral("k"), 'b', 1));
    }
};

QTEST_GUILESS_MAIN(TestChunkedRecord)
#include "test_chunked_record.moc"
