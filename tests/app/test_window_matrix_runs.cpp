// SPDX-License-Identifier: GPL-3.0-or-later
// The access matrix in the window from run to run: baselines, what earlier runs saw, sorting, forged columns.
#include "core/probe/matrix_run.h"
#include "core/probe/past_runs.h"
#include "tests/app/matrix_window_fixture.h"
#include "ui/pill.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>

using namespace kb;

class TestWindowMatrixRuns : public QObject, MatrixWindowFixture {
    Q_OBJECT
    QString rowAt(int row) const { return filter().headerData(row, Qt::Vertical).toString().simplified(); }
    static QByteArray bytesOf(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void clickHeader(const QString& profile) {
        QHeaderView& header = *m_matrix->grid().horizontalHeader();
        const int column = columnOf(profile);
        QTest::mouseClick(header.viewport(), Qt::LeftButton, {},
                          {header.sectionViewportPosition(column) + 20, header.height() / 2});
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
        open();
        QTRY_COMPARE(m_matrix->model().columnCount(), 7);
    }
    void cleanup() { m.reset(); }

    void aBaselineIsSetAndComparedWith() {
        trigger("Set as baseline"); // nothing was sent yet, so it would stand for nothing
        QVERIFY2(said().contains("proves too little"), qPrintable(said()));
        const QString file = m->practiceFolder() + "/matrix-baseline.json";
        QVERIFY(!QFile::exists(file));
        runAll();
        trigger("Set as baseline");
        QVERIFY(QFile::exists(file));
        QCOMPARE(m->workspaces.load(m->practiceFolder())->matrix.baseline, "matrix-baseline.json");
        QVERIFY(!m_matrix->summary().contains("changed since"));
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        // Four doors stand open, and what does not exist gets 404 where it got 403.
        QVERIFY2(m_matrix->summary().contains("7 changed since the baseline"),
                 qPrintable(m_matrix->summary()));
        QCOMPARE(result("GET /users/{id} [peer]", "Reader").drift, "critical");
        choose("GET /users/{id} [peer]", "Reader");
        const QString details = m_matrix->details().text();
        QVERIFY2(details.contains("outcome was denied-authz, is allowed"), qPrintable(details));
        filter().setKind(MatrixFilter::Kind::Changed);
        QCOMPARE(filter().rowCount(), 5);
        filter().setKind(MatrixFilter::Kind::All);
        // Only what changed is asked again.
        QVERIFY(m->practice.setDefect("bola", false));
        int seen = 0;
        connect(&m_matrix->model(), &QAbstractItemModel::dataChanged, this, [&seen] { ++seen; });
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        trigger("Run what changed since the baseline");
        QVERIFY(finished.wait(20000));
        QCOMPARE(seen, 7);
        QVERIFY2(!m_matrix->summary().contains("changed since"), qPrintable(m_matrix->summary()));
        // The next window compares too, until there is no baseline any more.
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        trigger("Compare with no baseline");
        QVERIFY(!m_matrix->summary().contains("changed since"));
        QCOMPARE(m->workspaces.load(m->practiceFolder())->matrix.baseline, "");
        QVERIFY(QFile::exists(file)); // it may be another branch's
    }

    void aBaselineThatCannotBeReadIsSaid() {
        MatrixSettings settings = m->session->workspace().matrix;
        settings.baseline = "../elsewhere.json";
        QVERIFY(m->session->saveMatrix(settings));
        m_matrix->load();
        QTRY_VERIFY2(said().contains("elsewhere.json"), qPrintable(said()));
        QVERIFY(m_matrix->model().rowCount() > 0);
    }

    /// Where a baseline goes comes from the workspace's file, which may be anybody's.
    void aBaselineIsWrittenWithinTheWorkspaceOnly() {
        runAll();
        for (const char* place : {"../outside.json", "opencollection.yml", "link/outside.json"}) {
            MatrixSettings settings = m->session->workspace().matrix;
            settings.baseline = place;
            QVERIFY(m->session->saveMatrix(settings));
            const QByteArray root = bytesOf(m->practiceFolder() + "/opencollection.yml");
#ifndef Q_OS_WIN
            QFile::link(m->folder.path(), m->practiceFolder() + "/link");
#endif
            trigger("Set as baseline");
            QVERIFY(!QFile::exists(m->folder.filePath("outside.json")));
            QCOMPARE(bytesOf(m->practiceFolder() + "/opencollection.yml"), root);
            QVERIFY2(said().contains(place), qPrintable(said()));
        }
    }

    void whatEarlierRunsSawIsShown() {
        choose("GET /users/{id} [peer]", "Reader");
        QVERIFY2(m_matrix->details().text().contains("None is kept."),
                 qPrintable(m_matrix->details().text()));
        runAll();
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        choose("GET /users/{id} [self]", "Reader");
        QVERIFY2(m_matrix->details().text().contains("2 run(s)"), qPrintable(m_matrix->details().text()));
        choose("GET /users/{id} [peer]", "Reader");
        QVERIFY2(m_matrix->details().text().contains("It changed in the last run."),
                 qPrintable(m_matrix->details().text()));
        QStringList pills;
        for (const Pill* pill : m_matrix->details().findChildren<Pill*>())
            pills.append(pill->text());
        QCOMPARE(pills, (QStringList{"open door", "403", "200"}));
    }

    void whoKeepsNoHistoryGetsNone() {
        m->settings.setValue("history/enabled", false);
        runAll();
        choose("GET /users", "Reader");
        QVERIFY(m_matrix->details().text().contains("None is kept."));
        const MatrixPlan& plan = m_matrix->model().record().plan;
        const Result<QList<CellSight>> kept =
            m->history.sightsOf(matrixPlace(m->practiceFolder(), plan.baseUrl), plan.cells.first().id);
        QVERIFY(kept && kept->isEmpty());
    }

    void aColumnIsSorted() {
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        const QString first = rowAt(0), last = rowAt(filter().rowCount() - 1);
        clickHeader("Reader");
        QCOMPARE(rowAt(0), "GET /users/{id} [peer]");
        QCOMPARE(rowAt(1), "GET /users/{id}/invoices [peer]");
        // A run keeps the order, and the cell that is chosen, wherever its row goes.
        choose("GET /users", "Reader");
        QVERIFY(m->practice.setDefect("bola", false));
        runAll();
        QVERIFY(rowAt(0) != "GET /users/{id} [peer]");
        QVERIFY2(m_matrix->details().text().contains("GET /users as Reader"),
                 qPrintable(m_matrix->details().text()));
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        QCOMPARE(rowAt(0), "GET /users/{id} [peer]");
        clickHeader("Reader");
        QVERIFY(rowAt(filter().rowCount() - 1).endsWith("[peer]"));
        QVERIFY(rowAt(filter().rowCount() - 2).endsWith("[peer]"));
        clickHeader("Reader");
        QCOMPARE(rowAt(0), first);
        QCOMPARE(rowAt(filter().rowCount() - 1), last);
        m_matrix->grid().sortByColumn(0, Qt::AscendingOrder); // the other ways stay, too
        QVERIFY(filter().data(filter().index(0, 0)).toString() <=
                filter().data(filter().index(5, 0)).toString());
    }

    void rowsAreFilteredByTagAndVerdict() {
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        const ApiDescription& api = m_matrix->model().record().plan.api;
        QString tag;
        for (const ApiOperation& operation : api.operations)
            if (tag.isEmpty() && !operation.tags.isEmpty() &&
                !operation.path.contains(operation.tags.first(), Qt::CaseInsensitive))
                tag = operation.tags.first();
        QVERIFY2(!tag.isEmpty(), "a tag that no path holds");
        filter().setText(tag.toUpper());
        QVERIFY(filter().rowCount() > 0 && filter().rowCount() < m_matrix->model().rowCount());
        filter().setText({});
        filter().setKind(MatrixFilter::Kind::Bypass);
        QCOMPARE(filter().rowCount(), 3);
        filter().setKind(MatrixFilter::Kind::OverRestricted);
        QCOMPARE(filter().rowCount(), 0);
    }

    /// A forgery is a column; it goes out only after a yes, once for a server.
    void forgedIdentitiesAreAskedFor() {
        trigger("Forged identities…");
        auto* dialog = m_matrix->findChild<QDialog*>();
        QVERIFY(dialog);
        auto* tree = dialog->findChild<QTreeWidget*>();
        QTreeWidgetItem* reader = nullptr;
        for (int i = 0; i < tree->topLevelItemCount(); ++i)
            if (tree->topLevelItem(i)->text(0) == "Reader") reader = tree->topLevelItem(i);
        QVERIFY(reader);
        QVERIFY(reader->childCount() >= 10);
        reader->child(0)->setCheckState(0, Qt::Checked);
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
        QTRY_COMPARE(m_matrix->model().columnCount(), 8);
        const QList<DerivedProfile> saved = m->workspaces.load(m->practiceFolder())->matrix.derived;
        QCOMPARE(saved.size(), 1);
        QCOMPARE(saved.first().parent, "practice-reader");
        const QString column = saved.first().name + " (forged)";
        QVERIFY2(columnOf(column) > 0, qPrintable(column));
        m_matrix->run();
        QVERIFY(!m_matrix->isRunning());
        QVERIFY2(said().contains("forged credential to " + m->practice.baseUrl()), qPrintable(said()));
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        for (QPushButton* button : m_matrix->findChildren<QPushButton*>())
            if (button->text() == "Send them") button->click();
        QVERIFY(finished.wait(30000));
        QCOMPARE(result("GET /users", column).judged.verdict, Verdict::Pass);
        QCOMPARE(result("GET /users", column).seen.status, 401);
        m_matrix->run(); // it was asked once
        QVERIFY(m_matrix->isRunning());
        QVERIFY(finished.wait(30000));
        // Unchecked, the column goes.
        trigger("Forged identities…");
        QTRY_VERIFY(m_matrix->findChild<QDialog*>() && m_matrix->findChild<QDialog*>() != nullptr);
        dialog = m_matrix->findChildren<QDialog*>().last();
        tree = dialog->findChild<QTreeWidget*>();
        for (int i = 0; i < tree->topLevelItemCount(); ++i)
            for (int j = 0; j < tree->topLevelItem(i)->childCount(); ++j)
                tree->topLevelItem(i)->child(j)->setCheckState(0, Qt::Unchecked);
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
        QTRY_COMPARE(m_matrix->model().columnCount(), 7);
    }

    void theKeysDoIt() {
        runAll();
        choose("GET /users", "Reader");
        m_matrix->grid().setFocus();
        int seen = 0;
        connect(&m_matrix->model(), &QAbstractItemModel::dataChanged, this, [&seen] { ++seen; });
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        QTest::keyClick(&m_matrix->grid(), Qt::Key_F5);
        QVERIFY(finished.wait(20000));
        QCOMPARE(seen, 1);
        choose("GET /users", "Reader");
        QTest::keyClick(&m_matrix->grid(), Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(m->workspaces.load(m->practiceFolder())->matrix.marks.size(), 1);
        QTest::keyClick(&m_matrix->grid(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(m->workspaces.load(m->practiceFolder())->matrix.marks.size(), 0);
    }
};

QTEST_MAIN(TestWindowMatrixRuns)
#include "test_window_matrix_runs.moc"
