// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The access matrix in the window, on the practice API: what its tests share.
#include "tests/app/window_fixture.h"
#include "ui/matrix_filter.h"
#include "ui/matrix_window.h"

#include <QLabel>
#include <QTableView>

namespace kb {

class MatrixWindowFixture {
protected:
    std::unique_ptr<WindowFixture> m;
    MatrixWindow* m_matrix = nullptr;

    void open() {
        QTest::keyClick(m->window.get(), Qt::Key_M, Qt::ControlModifier);
        m_matrix = m->window->findChild<MatrixWindow*>();
        QVERIFY(m_matrix && m_matrix->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(m_matrix->model().rowCount() > 0, 10000);
    }
    void runAll() {
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        m_matrix->run();
        QVERIFY(finished.wait(30000));
    }
    void trigger(const QString& text) {
        for (QAction* action : m_matrix->findChildren<QAction*>())
            if (action->text() == text) return action->trigger();
        QFAIL(qPrintable(text));
    }
    /// Every text of the window that is seen.
    QString said() const {
        QString all;
        for (const QLabel* label : m_matrix->findChildren<QLabel*>())
            if (label->isVisible()) all += label->text() + u'\n';
        return all;
    }
    int columnOf(const QString& profile) const {
        const MatrixModel& model = m_matrix->model();
        for (int c = MatrixModel::firstProfileColumn; c < model.columnCount(); ++c)
            if (model.headerData(c, Qt::Horizontal).toString() == profile) return c;
        return -1;
    }
    int cellOf(const QString& row, const QString& profile) const {
        const MatrixModel& model = m_matrix->model();
        const int column = columnOf(profile);
        for (int r = 0; r < model.rowCount() && column >= 0; ++r)
            if (model.headerData(r, Qt::Vertical).toString().simplified() == row)
                return model.cellAt(model.index(r, column));
        return -1;
    }
    const CellResult& result(const QString& row, const QString& profile) const {
        return m_matrix->model().record().results.at(cellOf(row, profile));
    }
    MatrixFilter& filter() const { return static_cast<MatrixFilter&>(*m_matrix->grid().model()); }
    void choose(const QString& row, const QString& profile) {
        const QModelIndex at = m_matrix->model().indexOf(cellOf(row, profile));
        filter().reveal(at.row());
        m_matrix->grid().setCurrentIndex(filter().mapFromSource(at));
    }
};

} // namespace kb
