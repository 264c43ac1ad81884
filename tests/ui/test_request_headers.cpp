// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/headers_table_model.h"
#include "ui/request_editor_table.h"

#include <QAbstractItemModelTester>
#include <QTest>
#include <QToolButton>

using namespace kb;

class TestRequestHeaders : public QObject {
    Q_OBJECT

    static HeaderRow row(const char* name, const char* value, bool enabled = true) {
        return {QString::fromLatin1(name), QString::fromLatin1(value), {}, enabled};
    }
    static QString cell(const HeadersModel& model, int at, int column) {
        return model.data(model.index(at, column), Qt::DisplayRole).toString();
    }
    static int state(const HeadersModel& model, int at) {
        return model.data(model.index(at, HeadersModel::On), Qt::CheckStateRole).toInt();
    }
    static QStringList names(const HeadersModel& model) {
        QStringList names;
        for (const HeaderRow& each : model.headers())
            names.append(each.name + QLatin1Char('=') + each.value);
        return names;
    }

private Q_SLOTS:
    void keepsOrderAndRepeats() {
        HeadersModel model;
        QAbstractItemModelTester tester(&model);
        const QList<HeaderRow> rows = {row("X-A", "1"), row("x-a", "2"), row("X-A", "1"),
                                       row("B", " spaced ", false)};
        model.load(rows, {});
        QCOMPARE(model.headers(), rows);
        QCOMPARE(model.usedCount(), 3);
        QVERIFY(model.moveRows({}, 0, 1, {}, 3));
        QCOMPARE(names(model), (QStringList{"x-a=2", "X-A=1", "X-A=1", "B= spaced "}));
    }

    void theEmptyRowAddsOne() {
        HeadersModel model;
        QAbstractItemModelTester tester(&model);
        model.setDefaults({{"Accept", "*/*"}});
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(model.setData(model.index(0, HeadersModel::Name), QStringLiteral("X-New"), Qt::EditRole));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(names(model), QStringList{"X-New="});
        QCOMPARE(cell(model, 2, HeadersModel::Name), QStringLiteral("Accept"));
    }

    void defaultsCanBeLeftOut() {
        HeadersModel model;
        QAbstractItemModelTester tester(&model);
        model.load({}, {QStringLiteral("accept"), QStringLiteral("Content-Type")});
        model.setDefaults({{"User-Agent", "Keybearer"}, {"Accept", "*/*"}});
        QCOMPARE(state(model, 1), int(Qt::Checked));
        QCOMPARE(state(model, 2), int(Qt::Unchecked));
        QVERIFY(model.setData(model.index(1, HeadersModel::On), Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(model.setData(model.index(2, HeadersModel::On), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(model.removedDefaults(), (QStringList{"Content-Type", "User-Agent"}));
        QVERIFY(!model.setData(model.index(1, HeadersModel::Name), QStringLiteral("X"), Qt::EditRole));
        QVERIFY(!model.removeRows(1, 1));
    }

    void anOwnRowReplacesTheDefault() {
        HeadersModel model;
        QAbstractItemModelTester tester(&model);
        model.setDefaults({{"Accept", "*/*"}});
        model.load({row("ACCEPT", "text/html")}, {});
        QCOMPARE(state(model, 2), int(Qt::Unchecked));
        QVERIFY(!(model.flags(model.index(2, HeadersModel::On)) & Qt::ItemIsUserCheckable));
        QVERIFY(model.setData(model.index(0, HeadersModel::On), Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(state(model, 2), int(Qt::Checked));
    }

    void theProfilesFieldIsShownMasked() {
        HeadersModel model;
        QAbstractItemModelTester tester(&model);
        model.setDefaults({{"Accept", "*/*"}});
        model.setCredential(QStringLiteral("Authorization"), QStringLiteral("Bearer eyJh••••"),
                            QStringLiteral("Reader"));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(cell(model, 2, HeadersModel::Value), QStringLiteral("Bearer eyJh••••"));
        QVERIFY(!model.data(model.index(2, HeadersModel::On), Qt::CheckStateRole).isValid());
        model.setCredential({}, {}, {});
        QCOMPARE(model.rowCount(), 2);
    }

    void severalRowsMoveAndGoTogether() {
        HeadersModel model;
        model.load({row("A", "1"), row("B", "2"), row("C", "3"), row("D", "4")}, {});
        model.setDefaults({{"Accept", "*/*"}});
        TablePane pane(&model, QStringLiteral("Headers"));
        pane.table().setColumnShares({0, 28, 42, 30});
        pane.resize(600, 260);
        pane.show();
        EditTable& table = pane.table();
        const auto select = [&](const QList<int>& rows) {
            table.clearSelection();
            for (const int each : rows)
                table.selectionModel()->select(model.index(each, 0),
                                               QItemSelectionModel::Select | QItemSelectionModel::Rows);
        };
        select({1, 2});
        QTest::keyClick(&table, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(names(model), (QStringList{"B=2", "C=3", "A=1", "D=4"}));
        QCOMPARE(table.selectedRowNumbers(), (QList<int>{0, 1}));
        QVERIFY(!table.canMove(-1));
        QTest::keyClick(&table, Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(&table, Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(&table, Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(&table, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(names(model), (QStringList{"A=1", "D=4", "B=2", "C=3"}));
        // The rows the program adds are neither moved nor removed.
        select({0, 3, 5});
        const QList<QToolButton*> buttons = pane.findChildren<QToolButton*>();
        const auto remove = std::find_if(buttons.begin(), buttons.end(), [](QToolButton* each) {
            return each->accessibleName() == QStringLiteral("Remove");
        });
        QVERIFY(remove != buttons.end());
        QVERIFY((*remove)->isEnabled());
        (*remove)->click();
        QCOMPARE(names(model), (QStringList{"D=4", "B=2"}));
        QCOMPARE(model.rowCount(), 4);
    }
};

QTEST_MAIN(TestRequestHeaders)
#include "test_request_headers.moc"
