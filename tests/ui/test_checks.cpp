// SPDX-License-Identifier: GPL-3.0-or-later
// The checks of a request as a table, and what came of them as lists.
#include "core/runner/runner_record.h"
#include "ui/check_results.h"
#include "ui/checks_tab.h"
#include "ui/checks_table_model.h"
#include "ui/request_editor_table.h"
#include "ui/runner_model.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QMenu>
#include <QToolButton>
#include <QtTest>

using namespace kb;

class TestChecks : public QObject {
    Q_OBJECT
    static CheckSpec check(AnswerPart part, const char* expression, const char* op, const char* value) {
        return {part, QString::fromUtf8(expression), QString::fromUtf8(op), QString::fromUtf8(value), {},
                true};
    }
    static QString text(const QAbstractItemModel& model, int row, int column) {
        return model.index(row, column).data().toString();
    }

private Q_SLOTS:
    void theTableKeepsWhatItWasGiven() {
        ChecksModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QList<CheckSpec> checks{check(AnswerPart::Expression, "res.status", "eq", "200"),
                                      check(AnswerPart::Jq, ".a", "isNull", ""),
                                      check(AnswerPart::Schema, "s.json", "eq", ""),
                                      check(AnswerPart::Expression, "res.body", "ownOperator", "1")};
        const QList<CaptureSpec> captures{{"id", AnswerPart::Expression, "res.body.id", false}};
        model.load(checks, captures);
        QCOMPARE(model.checks(), checks);
        QCOMPARE(model.captures(), captures);
        QCOMPARE(model.usedCount(), 4);
        QCOMPARE(model.rowCount(), 6);
        QCOMPARE(text(model, 0, ChecksModel::Operator), "equals");
        QCOMPARE(text(model, 3, ChecksModel::Operator), "ownOperator");
        QCOMPARE(text(model, 4, ChecksModel::Operator), "becomes");
        QCOMPARE(text(model, 4, ChecksModel::Value), "id");
        // What has no value cannot be given one.
        QVERIFY(!(model.flags(model.index(1, ChecksModel::Value)) & Qt::ItemIsEditable));
        QVERIFY(!(model.flags(model.index(2, ChecksModel::Operator)) & Qt::ItemIsEditable));
        QVERIFY(!model.setData(model.index(2, ChecksModel::Operator), "equals", Qt::EditRole));
    }

    void typingChangesIt() {
        ChecksModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy edited(&model, &ChecksModel::edited);
        QVERIFY(model.setData(model.index(0, ChecksModel::What), "res.status", Qt::EditRole));
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(model.setData(model.index(0, ChecksModel::Operator), "is more than", Qt::EditRole));
        QVERIFY(model.setData(model.index(0, ChecksModel::Value), "399", Qt::EditRole));
        QCOMPARE(model.checks(), QList<CheckSpec>{check(AnswerPart::Expression, "res.status", "gt", "399")});
        QVERIFY(model.setData(model.index(0, ChecksModel::Kind), "Keep jq", Qt::EditRole));
        QVERIFY(model.checks().isEmpty());
        QCOMPARE(model.captures(), (QList<CaptureSpec>{{"399", AnswerPart::Jq, "res.status", true}}));
        QVERIFY(model.setData(model.index(0, ChecksModel::On), Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(model.usedCount(), 0);
        QVERIFY(!model.setData(model.index(0, ChecksModel::Kind), "Nonsense", Qt::EditRole));
        model.add(check(AnswerPart::Expression, "res.size", "lt", "10"));
        QVERIFY(model.moveRows({}, 1, 1, {}, 0));
        QCOMPARE(text(model, 0, ChecksModel::What), "res.size");
        QVERIFY(model.removeRows(0, 2));
        QVERIFY(model.checks().isEmpty() && model.captures().isEmpty());
        QVERIFY(edited.count() >= 8);
    }

    void theOperatorIsChosenFromAList() {
        ChecksTab tab;
        tab.load({check(AnswerPart::Expression, "res.status", "eq", "200")}, {});
        QVERIFY(!tab.table()); // not made before it is seen
        tab.resize(700, 300);
        tab.show();
        QVERIFY(QTest::qWaitForWindowExposed(&tab));
        EditTable& table = tab.table()->table();
        table.setCurrentIndex(table.model()->index(0, ChecksModel::Operator));
        table.edit(table.currentIndex());
        auto* box = table.viewport()->findChild<QComboBox*>();
        QVERIFY(box);
        QCOMPARE(box->currentText(), "equals");
        box->setCurrentText("contains");
        Q_EMIT box->activated(box->currentIndex());
        QCOMPARE(tab.checks().first().op, "contains");
        // A ready-made check from the menu.
        QToolButton* add = nullptr;
        for (QToolButton* each : tab.findChildren<QToolButton*>())
            if (each->text() == "Add a check") add = each;
        QVERIFY(add);
        add->menu()->actions().first()->trigger();
        QCOMPARE(tab.checks().last(), check(AnswerPart::Expression, "res.status", "eq", "200"));
        QCOMPARE(tab.usedCount(), 2);
    }

    void everyOperatorHasWords() {
        for (const QString& op : checkOperators())
            QVERIFY2(op == "contains" || op == "matches" || ChecksModel::operatorText(op) != op,
                     qPrintable(op));
    }

    void resultsSayWhatAndWhy() {
        CheckResultsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setResults(
            {{check(AnswerPart::Expression, "res.status", "eq", "200"), CheckResult::State::Passed, {}},
             {check(AnswerPart::Jq, ".a", "eq", "1"), CheckResult::State::Failed, "It is 2."},
             {check(AnswerPart::Jq, "[", "eq", "1"), CheckResult::State::Unclear, "cannot be read"}},
            {{"id", "value-not-shown", false, {}}, {"no", {}, false, "not there"}});
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(model.passedCount(), 2);
        QCOMPARE(text(model, 0, CheckResultsModel::State), "✓ passed");
        QCOMPARE(text(model, 1, CheckResultsModel::Message), "It is 2.");
        QCOMPARE(text(model, 2, CheckResultsModel::State), "? unclear");
        QCOMPARE(text(model, 3, CheckResultsModel::Title), "kept as {{id}}");
        QCOMPARE(text(model, 4, CheckResultsModel::State), "✕ failed");
        for (int row = 0; row < 5; ++row)
            for (int column = 0; column < 3; ++column)
                QVERIFY(!text(model, row, column).contains("value-not-shown"));
    }

    void theRunIsAList() {
        RunnerModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        RunnerRecord record;
        record.requests = {{"a.yml", "First", {}}, {"b.yml", "Second", {}}};
        record.entries.resize(2);
        record.entries[1].request = 1;
        model.setRecord(record);
        QCOMPARE(text(model, 0, RunnerModel::State), "waiting");
        QCOMPARE(text(model, 1, RunnerModel::Request), "GET Second");
        RunnerEntry entry = record.entries.at(1);
        entry.state = RunnerEntry::State::Failed;
        entry.status = 404;
        entry.milliseconds = 12;
        entry.checks = {
            {check(AnswerPart::Expression, "res.status", "eq", "200"), CheckResult::State::Failed, "no"}};
        model.setEntry(1, entry);
        QCOMPARE(text(model, 1, RunnerModel::State), "✕ failed");
        QCOMPARE(text(model, 1, RunnerModel::Checks), "0/1");
        QCOMPARE(text(model, 1, RunnerModel::Time), "12 ms");
        QCOMPARE(text(model, 1, RunnerModel::As), "anonymous");
        model.setEntry(7, entry); // of another run
    }
};

QTEST_MAIN(TestChecks)
#include "test_checks.moc"
