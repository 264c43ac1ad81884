// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/check_answer.h"

#include <QAbstractTableModel>
#include <QTreeView>

namespace kb {

/// What came of the checks of one answer, and which values were kept. Without the values.
class CheckResultsModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { State, Title, Message, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setResults(const QList<CheckResult>& checks, const QList<Captured>& captures);
    int passedCount() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        CheckResult::State state;
        QString title;
        QString message;
    };
    QList<Row> m_rows;
};

/// The list of them.
class CheckResultsView final : public QTreeView {
    Q_OBJECT
public:
    explicit CheckResultsView(QWidget* parent = nullptr);
    CheckResultsModel& results() { return *m_model; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void applyTheme();
    CheckResultsModel* m_model;
};

} // namespace kb
