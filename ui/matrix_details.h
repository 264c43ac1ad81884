// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"
#include "core/run/history_store.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace kb {

class Pill;

/// One cell in words: what was expected and why, what was sent, what came, and what can be done about it.
class MatrixDetails final : public QWidget {
    Q_OBJECT
public:
    explicit MatrixDetails(QWidget* parent = nullptr);
    /// `cell` -1 shows nothing but `instead`, or how to choose one.
    void setCell(const RunRecord& record, int cell, const QString& instead = {});
    /// Whether it can be run: also one that the last run found not to be sent may be tried again.
    void setMayRun(bool may);
    /// What earlier runs saw of it, the newest first.
    void setSights(const QList<CellSight>& newestFirst);
    QString text() const; ///< all of it, for a screen reader and for tests

    enum class Scope { Cell, Row, Column };
    static QString expectationText(Expect expect); ///< "may in"

Q_SIGNALS:
    void openRequested(int cell);
    void copyRequested(int cell); ///< as a curl command
    /// What was seen is to be what is expected: of this cell, of its row or of its column.
    void acceptRequested(int cell, kb::MatrixDetails::Scope scope);
    void runRequested(int cell);

private:
    QLabel* add(const QString& heading);
    int m_cell = -1;
    QList<QLabel*> m_headings;
    Pill* m_verdict;
    QLabel* m_title;
    QLabel *m_expected, *m_seen, *m_remarks, *m_past;
    QWidget* m_strip; ///< a pill for each run
    QPushButton *m_open, *m_copy, *m_run, *m_accept, *m_acceptRow, *m_acceptColumn;
};

} // namespace kb
