// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params_table_model.h"
#include "ui/request_editor_table.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace kb;

class TestRequestParams : public QObject {
    Q_OBJECT

    static QString cell(const ParamsModel& model, int row, int column) {
        return model.data(model.index(row, column), Qt::DisplayRole).toString();
    }
    static QStringList rows(const ParamsModel& model) {
        QStringList rows;
        for (int row = 0; row + 1 < model.rowCount(); ++row) {
            const bool on =
                model.data(model.index(row, ParamsModel::On), Qt::CheckStateRole).toInt() == Qt::Checked;
            rows.append((on ? QString() : QStringLiteral("off ")) + cell(model, row, ParamsModel::In) +
                        QLatin1Char(' ') + cell(model, row, ParamsModel::Name) + QLatin1Char('=') +
                        cell(model, row, ParamsModel::Value));
        }
        return rows;
    }
    static bool set(ParamsModel& model, int row, int column, const QString& text) {
        return model.setData(model.index(row, column), text, Qt::EditRole);
    }
    static bool check(ParamsModel& model, int row, bool on) {
        return model.setData(model.index(row, ParamsModel::On), on ? Qt::Checked : Qt::Unchecked,
                             Qt::CheckStateRole);
    }

private Q_SLOTS:
    void readsTheUrlAndTheRest() {
        ParamsModel model;
        QAbstractItemModelTester tester(&model);
        model.load(QStringLiteral("{{baseUrl}}/users/:id/{part}?a=1&a=&b"),
                   {{ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("7"),
                     QStringLiteral("the user"), true},
                    {ParamRow::In::Query, QStringLiteral("off"), QStringLiteral("x"), {}, false}});
        QCOMPARE(rows(model), (QStringList{"path id=7", "path part=", "query a=1",
                                           "query a=", "query b=", "off query off=x"}));
        QCOMPARE(model.usedCount(), 5);
        QCOMPARE(model.params().size(), 3);
        QCOMPARE(model.params().first().description, QStringLiteral("the user"));
    }

    void theUrlFollowsTheRows() {
        ParamsModel model;
        QAbstractItemModelTester tester(&model);
        model.load(QStringLiteral("http://h/x?a=1&b#top"), {});
        QSignalSpy urls(&model, &ParamsModel::urlEdited);
        QVERIFY(set(model, 0, ParamsModel::Value, QStringLiteral("2")));
        QCOMPARE(model.url(), QStringLiteral("http://h/x?a=2&b#top"));
        QVERIFY(set(model, 1, ParamsModel::Value, QStringLiteral("3")));
        QCOMPARE(model.url(), QStringLiteral("http://h/x?a=2&b=3#top"));
        QVERIFY(check(model, 0, false));
        QCOMPARE(model.url(), QStringLiteral("http://h/x?b=3#top"));
        QVERIFY(check(model, 0, true));
        QCOMPARE(model.url(), QStringLiteral("http://h/x?a=2&b=3#top"));
        QVERIFY(model.moveRows({}, 0, 1, {}, 2));
        QCOMPARE(model.url(), QStringLiteral("http://h/x?b=3&a=2#top"));
        QVERIFY(model.removeRows(0, 1));
        QVERIFY(model.removeRows(0, 1));
        QCOMPARE(model.url(), QStringLiteral("http://h/x#top"));
        QCOMPARE(urls.size(), 7);
    }

    void theRowsFollowTheUrl() {
        ParamsModel model;
        QAbstractItemModelTester tester(&model);
        model.load(QStringLiteral("http://h/:id?a=1"), {});
        set(model, 0, ParamsModel::Value, QStringLiteral("7"));
        check(model, 1, false);
        QCOMPARE(model.url(), QStringLiteral("http://h/:id"));
        model.setUrl(QStringLiteral("http://h/:id?b=2"));
        QCOMPARE(rows(model), (QStringList{"path id=7", "off query a=1", "query b=2"}));
        model.setUrl(QStringLiteral("http://h/x?b=2&c&b=%7E"));
        QCOMPARE(rows(model), (QStringList{"off query a=1", "query b=2", "query c=", "query b=%7E"}));
        // A name mistyped for a moment does not cost its value.
        model.setUrl(QStringLiteral("http://h/:id"));
        QCOMPARE(rows(model), (QStringList{"path id=7", "off query a=1"}));
    }

    void nothingTypedIsRewritten_data() {
        QTest::addColumn<QString>("url");
        for (const char* url :
             {"http://h/?", "http://h/?&&", "http://h/?a&a=&=b&a==c", "http://h/?q=%7E%zz ü#f?x",
              "{{baseUrl}}?{{name}}={{value?&}}", "", "?", "http://h/?a=1#"})
            QTest::newRow(url) << QString::fromUtf8(url);
    }
    void nothingTypedIsRewritten() {
        QFETCH(QString, url);
        ParamsModel model;
        QAbstractItemModelTester tester(&model);
        model.load(url, {});
        QCOMPARE(model.url(), url);
        model.load({}, {});
        model.setUrl(url);
        QCOMPARE(model.url(), url);
        // A change and its return leave the URL as it was.
        if (model.rowCount() > 1) {
            const QString old = cell(model, 0, ParamsModel::Name);
            set(model, 0, ParamsModel::Name, QStringLiteral("changed"));
            set(model, 0, ParamsModel::Name, old);
            QCOMPARE(model.url(), url);
        }
    }

    void theLastRowAddsAField() {
        ParamsModel model;
        QAbstractItemModelTester tester(&model);
        model.load(QStringLiteral("http://h/"), {});
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(set(model, 0, ParamsModel::Name, QStringLiteral("page")));
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(set(model, 0, ParamsModel::Value, QStringLiteral("1&2#3")));
        QCOMPARE(model.url(), QStringLiteral("http://h/?page=1%262%233"));
        QVERIFY(!set(model, 1, ParamsModel::Name, {}));
    }

    void pathRowsStayWithTheirUrl() {
        ParamsModel model;
        QAbstractItemModelTester tester(&model);
        model.load(QStringLiteral("http://h/:id"), {});
        QVERIFY(!model.removeRows(0, 1));
        QVERIFY(!set(model, 0, ParamsModel::Name, QStringLiteral("other")));
        QVERIFY(set(model, 0, ParamsModel::Value, QStringLiteral("a&b/c")));
        QCOMPARE(model.params().first().value, QStringLiteral("a&b/c"));
        QVERIFY(check(model, 0, false));
        QVERIFY(!model.params().first().enabled);
    }

    void typingInACellReachesTheUrlAtOnce() {
        ParamsModel model;
        model.load(QStringLiteral("http://h/"), {});
        TablePane pane(&model, QStringLiteral("Parameters"));
        pane.table().setColumnShares({0, 0, 20, 38, 42});
        pane.resize(700, 200);
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
        EditTable& table = pane.table();
        table.setFocus();
        table.setCurrentIndex(model.index(0, ParamsModel::Name));
        QTest::keyClick(&table, Qt::Key_Return);
        auto* cellEdit = table.viewport()->findChild<QLineEdit*>();
        QVERIFY(cellEdit);
        QTest::keyClicks(cellEdit, QStringLiteral("page"));
        QCOMPARE(model.url(), QStringLiteral("http://h/?page="));
        QTest::keyClick(cellEdit, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(cellEdit->text().size() < 4);
        QTest::keyClick(cellEdit, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(cellEdit->text(), QStringLiteral("page"));
        QTest::keyClick(cellEdit, Qt::Key_Tab);
        QCOMPARE(table.currentIndex(), model.index(0, ParamsModel::Value));
        auto* valueEdit = qobject_cast<QLineEdit*>(table.indexWidget(table.currentIndex()));
        QVERIFY(valueEdit);
        QTest::keyClicks(valueEdit, QStringLiteral("12"));
        QCOMPARE(model.url(), QStringLiteral("http://h/?page=12"));
        QTest::keyClick(valueEdit, Qt::Key_Escape);
        QCOMPARE(model.url(), QStringLiteral("http://h/?page="));
        // Space switches the row, Delete takes it out.
        table.setCurrentIndex(model.index(0, ParamsModel::In));
        // The mouse hits the box that is drawn.
        const QPoint box = table.visualRect(model.index(0, ParamsModel::On)).center();
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, QPoint(12, box.y()));
        QCOMPARE(model.url(), QStringLiteral("http://h/"));
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, QPoint(12, box.y()));
        QCOMPARE(model.url(), QStringLiteral("http://h/?page="));
        QTest::keyClick(&table, Qt::Key_Space);
        QCOMPARE(model.url(), QStringLiteral("http://h/"));
        QTest::keyClick(&table, Qt::Key_Space);
        QTest::keyClick(&table, Qt::Key_Delete);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.url(), QStringLiteral("http://h/"));
    }
};

QTEST_MAIN(TestRequestParams)
#include "test_request_params.moc"
