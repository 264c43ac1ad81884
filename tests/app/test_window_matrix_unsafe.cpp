// SPDX-License-Identifier: GPL-3.0-or-later
// Operations that can change something, in the window: a strategy each, a disposable object, and what is done
// for real only once its number was typed.
#include "tests/app/matrix_window_fixture.h"
#include "ui/unsafe_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>

using namespace kb;

class TestWindowMatrixUnsafe : public QObject, MatrixWindowFixture {
    Q_OBJECT

    UnsafeDialog* m_dialog = nullptr;

    void openDialog() {
        trigger("Unsafe methods…");
        m_dialog = m_matrix->findChildren<UnsafeDialog*>().last();
        QVERIFY(m_dialog);
    }
    template<class Widget> Widget* named(const QString& name) const {
        for (Widget* each : m_dialog->findChildren<Widget*>())
            if (each->accessibleName() == name) return each;
        qFatal("no %s", qPrintable(name));
    }
    void choose(const QString& box, const QString& text) {
        auto* combo = named<QComboBox>(box);
        QVERIFY2(combo->findText(text) >= 0, qPrintable(text));
        combo->setCurrentIndex(combo->findText(text));
    }
    void type(const QString& name, const QString& text) {
        auto* line = named<QLineEdit>(name);
        line->clear();
        QTest::keyClicks(line, text);
    }
    void save() {
        m_dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
        QTest::qWait(0);
    }
    QString heldBack(const QString& row, const QString& profile) const {
        return m_matrix->model().record().plan.cells.at(cellOf(row, profile)).notSent;
    }
    MatrixSettings onDisk() { return m->workspaces.load(m->practiceFolder())->matrix; }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
        open();
        QTRY_COMPARE(m_matrix->model().columnCount(), 7);
    }
    void cleanup() {
        m_matrix = nullptr;
        m.reset();
    }

    /// A strategy alone sends nothing: it has to be said that they are sent.
    void aStrategyIsSentOnceThatIsSaid() {
        const QString row = "PATCH /admin/users/{id}/role";
        QVERIFY(!heldBack(row, "Admin").isEmpty());
        openDialog();
        choose("Strategy of " + row, "An object that nobody has");
        save();
        QCOMPARE(onDisk().strategies.value(row), ProbeStrategy::AbsentObject);
        QVERIFY2(heldBack(row, "Admin").contains("unsafe methods are off"),
                 qPrintable(heldBack(row, "Admin")));
        openDialog();
        QCOMPARE(named<QComboBox>("Strategy of " + row)->currentText(), "An object that nobody has");
        m_dialog->findChild<QCheckBox*>()->setChecked(true);
        save();
        QCOMPARE(heldBack(row, "Admin"), QString());
        runAll();
        QCOMPARE(result(row, "Admin").seen.status, 404);
        QCOMPARE(result(row, "Reader").seen.status, 403);
        QCOMPARE(result(row, "Anonymous").seen.status, 401);
        // Off again, and nothing goes out.
        openDialog();
        m_dialog->findChild<QCheckBox*>()->setChecked(false);
        save();
        QVERIFY(!heldBack(row, "Admin").isEmpty());
    }

    /// The requests around a disposable object are chosen and kept.
    void aDisposableObjectIsDescribed() {
        const QString row = "DELETE /webhooks/{id}";
        openDialog();
        choose("Strategy of " + row, "A disposable object");
        choose("Made by", "POST /webhooks");
        choose("As", "Admin");
        choose("Looked at with", "GET /webhooks");
        choose("Removed by", row);
        type("Its id, in the answer", "/id");
        // Another row's form is empty, and does not take this one's.
        choose("Strategy of PATCH /admin/users/{id}/role", "A disposable object");
        QCOMPARE(named<QComboBox>("Made by")->currentText(), QString());
        choose("Strategy of PATCH /admin/users/{id}/role", "Not sent");
        m_dialog->findChild<QCheckBox*>()->setChecked(true);
        save();
        const MatrixFixture saved = onDisk().fixtures.value(row);
        QCOMPARE(saved.setup, "POST /webhooks");
        QCOMPARE(saved.verify, "GET /webhooks");
        QCOMPARE(saved.teardown, row);
        QCOMPARE(saved.pointer, "/id");
        QVERIFY(!saved.owner.isEmpty());
        QCOMPARE(heldBack(row, "Admin"), QString());
        runAll();
        QCOMPARE(result(row, "Admin").judged.verdict, Verdict::Pass);
        QVERIFY(result(row, "Admin").seen.changedState || result(row, "Admin").seen.status / 100 == 2);
    }

    /// What is done for real needs its number, and each run needs it anew.
    void forRealNeedsTheNumber() {
        const QString row = "POST /webhooks";
        openDialog();
        choose("Strategy of " + row, "For real");
        m_dialog->findChild<QCheckBox*>()->setChecked(true);
        const int columns = m_matrix->model().columnCount() - MatrixModel::firstProfileColumn;
        type("How many requests are really done", QString::number(columns + 1));
        save();
        QVERIFY2(heldBack(row, "Admin").contains("not confirmed"), qPrintable(heldBack(row, "Admin")));
        openDialog();
        type("How many requests are really done", QString::number(columns));
        save();
        QCOMPARE(heldBack(row, "Admin"), QString());
        runAll();
        QCOMPARE(result(row, "Admin").seen.status / 100, 2);
        m_matrix->run();
        QVERIFY(!m_matrix->isRunning());
        openDialog();
        type("How many requests are really done", QString::number(columns));
        save();
        runAll();
    }
};

QTEST_MAIN(TestWindowMatrixUnsafe)
#include "test_window_matrix_unsafe.moc"
