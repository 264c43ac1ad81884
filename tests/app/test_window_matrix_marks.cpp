// SPDX-License-Identifier: GPL-3.0-or-later
// Cells decided by hand in the window: marks, waivers, the numbers that filter, and what a run shows while it
// fills the grid.
#include "tests/app/matrix_window_fixture.h"
#include "ui/expect_dialog.h"
#include "ui/matrix_delegate.h"
#include "ui/matrix_header.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>

using namespace kb;

class TestWindowMatrixMarks : public QObject, MatrixWindowFixture {
    Q_OBJECT

    template<class Dialog> Dialog* dialogOf(const QString& action) {
        trigger(action);
        const auto all = m_matrix->findChildren<Dialog*>();
        if (all.isEmpty()) qFatal("no dialog of %s", qPrintable(action));
        return all.last();
    }
    template<class Widget> static Widget* named(QDialog* dialog, const QString& name) {
        for (Widget* each : dialog->findChildren<Widget*>())
            if (each->accessibleName() == name) return each;
        qFatal("no %s", qPrintable(name));
    }
    static void press(QDialog* dialog) {
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->click();
        QTest::qWait(0);
    }
    void mark(int scope, const QString& expected, const QString& reason = {}) {
        auto* dialog = dialogOf<ExpectDialog>("Expect…");
        named<QComboBox>(dialog, "For")->setCurrentIndex(scope);
        auto* box = named<QComboBox>(dialog, "Expected");
        QVERIFY2(box->findText(expected) >= 0, qPrintable(expected));
        box->setCurrentIndex(box->findText(expected));
        QTest::keyClicks(named<QLineEdit>(dialog, "Reason"), reason);
        press(dialog);
    }
    MatrixSettings onDisk() { return m->workspaces.load(m->practiceFolder())->matrix; }
    const Expectation& expected(const QString& row, const QString& profile) const {
        return m_matrix->model().record().plan.cells.at(cellOf(row, profile)).expectation;
    }
    CountTile* tile(const QString& word) const {
        for (CountTile* each : m_matrix->findChildren<CountTile*>())
            if (each->isVisible() && each->accessibleName().endsWith(word)) return each;
        return nullptr;
    }

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

    /// Before anything was sent, with a reason; on a cell, a row, a column. Each can be undone.
    void aMarkIsSetByHand() {
        const QString row = "GET /users/{id} [peer]";
        choose(row, "Reader");
        QVERIFY(expected(row, "Reader").provenance != Provenance::Manual);
        mark(0, MatrixDetails::expectationText(Expect::Conceal), "agreed in review");
        QCOMPARE(expected(row, "Reader").expect, Expect::Conceal);
        QVERIFY(expected(row, "Reader").why.contains("agreed in review"));
        QVERIFY(expected(row, "Other reader").provenance != Provenance::Manual);
        QCOMPARE(onDisk().marks.size(), 1);

        mark(1, MatrixDetails::expectationText(Expect::Deny));
        QCOMPARE(expected(row, "Other reader").expect, Expect::Deny);
        QCOMPARE(expected(row, "Reader").expect, Expect::Conceal); // the cell's own mark is stronger
        QVERIFY(expected("GET /users/{id} [self]", "Other reader").provenance != Provenance::Manual);
        mark(2, MatrixDetails::expectationText(Expect::Allow));
        QCOMPARE(expected("GET /plans", "Reader").provenance, Provenance::Manual);
        QCOMPARE(onDisk().marks.size(), 3);

        mark(0, "what the rules and the document say");
        QCOMPARE(onDisk().marks.size(), 2);
        QCOMPARE(expected(row, "Reader").expect, Expect::Deny); // the row's
        m_matrix->undo();
        QCOMPARE(expected(row, "Reader").expect, Expect::Conceal);
        for (int i = 0; i < 3; ++i)
            m_matrix->undo();
        QVERIFY(onDisk().marks.isEmpty());
    }

    /// What a mark in the file says exactly of the answer is not lost when its reason is written anew.
    void whatIsSaidExactlyStays() {
        MatrixSettings settings = onDisk();
        MatrixMark exact{"GET /users", "practice-reader", "none", Expect::Allow, "old"};
        exact.exactly = ExactAnswer();
        exact.exactly->statuses = {"200"};
        settings.marks = {exact};
        QVERIFY(m->session->saveMatrix(settings));
        choose("GET /users", "Reader");
        mark(0, MatrixDetails::expectationText(Expect::Allow), "new");
        QCOMPARE(onDisk().marks.size(), 1);
        QCOMPARE(onDisk().marks.first().reason, "new");
        QVERIFY(onDisk().marks.first().exactly == exact.exactly);
    }

    /// Of what nobody decided, what is suggested stands there first: not what came.
    void whatIsUndecidedIsSuggestedToBeConcealed() {
        choose("GET /users/{id} [peer]", "Reader");
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        mark(1, MatrixDetails::expectationText(Expect::Unknown));
        auto* dialog = dialogOf<ExpectDialog>("Expect…");
        QCOMPARE(dialog->expectation(), std::optional(Expect::Conceal));
        dialog->reject();
    }

    void aFindingIsWaived() {
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        choose("GET /plans", "Reader");
        trigger("Waive…");
        QVERIFY(m_matrix->findChildren<WaiveDialog*>().isEmpty());
        QVERIFY2(said().contains("nothing to waive"), qPrintable(said()));

        const QString row = "GET /users/{id} [peer]";
        choose(row, "Reader");
        QCOMPARE(result(row, "Reader").judged.verdict, Verdict::Bypass);
        const int doors = tile("open door")->accessibleName().section(u' ', 0, 0).toInt();
        auto* dialog = dialogOf<WaiveDialog>("Waive…");
        QPushButton* ok = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        QVERIFY(!ok->isEnabled()); // without a reason
        QTest::keyClicks(named<QLineEdit>(dialog, "Reason"), "fixed in 2.1");
        QVERIFY(ok->isEnabled());
        named<QLineEdit>(dialog, "Until, as 2030-01-31")->setText("soon");
        QVERIFY(!ok->isEnabled());
        named<QLineEdit>(dialog, "Until, as 2030-01-31")->setText("2099-01-31");
        press(dialog);
        QCOMPARE(onDisk().waivers.size(), 1);
        QCOMPARE(onDisk().waivers.first().finding, "bola GET /users/{id}");
        QVERIFY(result(row, "Reader").waived);
        const CellPlan& plan = m_matrix->model().record().plan.cells.at(cellOf(row, "Reader"));
        QCOMPARE(lookOf(result(row, "Reader"), plan).sign, "~");
        QVERIFY2(m_matrix->details().text().contains("Waived: fixed in 2.1"),
                 qPrintable(m_matrix->details().text()));
        QVERIFY(tile("waived"));
        QVERIFY(!tile("open door") ||
                tile("open door")->accessibleName().section(u' ', 0, 0).toInt() < doors);
        filter().setKind(MatrixFilter::Kind::Findings);
        QVERIFY(!filter().mapFromSource(m_matrix->model().indexOf(cellOf(row, "Reader"))).isValid() ||
                m_matrix->model().hasFinding(m_matrix->model().indexOf(cellOf(row, "Reader")).row()));
        tile("waived")->click();
        QVERIFY(filter().rowCount() > 0);
        QVERIFY(filter().mapFromSource(m_matrix->model().indexOf(cellOf(row, "Reader"))).isValid());
    }

    void theNumbersFilter() {
        runAll();
        const int all = filter().rowCount();
        QVERIFY(tile("not decided"));
        tile("not decided")->click();
        QVERIFY(filter().rowCount() > 0 && filter().rowCount() < all);
        for (int row = 0; row < filter().rowCount(); ++row) {
            bool any = false;
            for (int column = 1; column < filter().columnCount(); ++column) {
                const int cell = m_matrix->model().cellAt(filter().mapToSource(filter().index(row, column)));
                any = any || (cell >= 0 && m_matrix->model().record().results.at(cell).judged.verdict ==
                                               Verdict::Undecided);
            }
            QVERIFY(any);
        }
        tile("not decided")->click(); // once more: all
        QCOMPARE(filter().rowCount(), all);
        tile("as expected")->setFocus();
        QTest::keyClick(tile("as expected"), Qt::Key_Space);
        QVERIFY(filter().rowCount() > 0);
    }

    /// While it fills, a cell shows what the new answer comes to, not what the run before made of another.
    void aCellThatIsFilledIsNotJudgedByThePast() {
        runAll();
        MatrixModel& model = m_matrix->model();
        const int cell = cellOf("GET /users", "Anonymous");
        QCOMPARE(model.record().results.at(cell).judged.verdict, Verdict::Pass);
        Observation open = model.record().results.at(cell).seen;
        open.status = 200;
        open.challenges.clear();
        open.bodyEmpty = false;
        model.setSeen(cell, open);
        QCOMPARE(model.record().results.at(cell).judged.verdict, Verdict::Bypass);
        QCOMPARE(lookOf(model.record().results.at(cell), model.record().plan.cells.at(cell)).tone, Tone::Bad);
    }

    /// Nobody who may got through: the row says that its refusals prove nothing.
    void aRowWithoutAControlSaysSo() {
        runAll();
        MatrixModel& model = m_matrix->model();
        const auto rowOf = [&](const char* name) { return model.indexOf(cellOf(name, "Anonymous")).row(); };
        QVERIFY(!model.lacksControl(rowOf("GET /users")));
        QCOMPARE(model.headerData(rowOf("GET /users"), Qt::Vertical, MatrixModel::AlarmRole),
                 QVariant(false));
        RunRecord record = model.record();
        for (CellResult& each : record.results)
            if (record.plan.operationOf(record.plan.cells.at(each.cell)).path == "/users" &&
                each.seen.status / 100 == 2)
                each.seen.status = 403;
        evaluate(record, {}, 0);
        model.setRecord(record);
        QVERIFY(model.lacksControl(rowOf("GET /users")));
        QVERIFY(model.headerData(rowOf("GET /users"), Qt::Vertical, Qt::ToolTipRole)
                    .toString()
                    .contains("Nobody who is allowed"));
    }

    /// A forged credential is nothing to copy or to type.
    void whatIsForgedIsNotCopied() {
        MatrixSettings settings = m->session->workspace().matrix;
        settings.derived = {{"f1", "Reader, unsigned", "practice-reader", TokenDefect::NoSignature}};
        QVERIFY(m->session->saveMatrix(settings));
        Q_EMIT m->session->profilesChanged();
        QTRY_COMPARE(m_matrix->model().columnCount(), 8);
        choose("GET /users", "Reader, unsigned (forged)");
        QGuiApplication::clipboard()->setText("before");
        trigger("Copy as curl");
        QCOMPARE(QGuiApplication::clipboard()->text(), "before");
        QVERIFY2(said().contains("none to copy"), qPrintable(said()));
        QSignalSpy opened(m_matrix, &MatrixWindow::openRequested);
        QTest::keyClick(&m_matrix->grid(), Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.first().first().value<RequestSpec>().profileId, "practice-reader");
        QVERIFY2(said().contains("Opened with the good credential"), qPrintable(said()));
    }
};

QTEST_MAIN(TestWindowMatrixMarks)
#include "test_window_matrix_marks.moc"
