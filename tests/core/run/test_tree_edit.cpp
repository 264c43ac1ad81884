// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/tree_edit.h"

#include <QtTest>

using namespace kb;

class TestTreeEdit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fewNumbersChange_data() {
        QTest::addColumn<QList<int>>("present");
        QTest::addColumn<QList<int>>("wanted");
        QTest::newRow("as they are") << QList<int>{1, 2, 3} << QList<int>{1, 2, 3};
        QTest::newRow("room between") << QList<int>{10, 30, 20} << QList<int>{10, 11, 20};
        QTest::newRow("last to the front") << QList<int>{4, 1, 2, 3} << QList<int>{4, 5, 6, 7};
        QTest::newRow("first to the end") << QList<int>{2, 3, 4, 1} << QList<int>{2, 3, 4, 5};
        QTest::newRow("none") << QList<int>{0, 0} << QList<int>{1, 2};
        QTest::newRow("equal") << QList<int>{1, 1, 2} << QList<int>{1, 2, 3};
        QTest::newRow("empty") << QList<int>{} << QList<int>{};
    }
    void fewNumbersChange() {
        QFETCH(QList<int>, present);
        QFETCH(QList<int>, wanted);
        QCOMPARE(numbersInOrder(present), wanted);
    }
};

QTEST_GUILESS_MAIN(TestTreeEdit)
#include "test_tree_edit.moc"
