// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/runner/runner_record.h"

#include <QAbstractTableModel>

namespace kb {

/// The requests of a run and what came of them.
class RunnerModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { State, Request, As, Iteration, Status, Checks, Time, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setRecord(const RunnerRecord& record);
    void setEntry(int index, const RunnerEntry& entry);
    void finish(const RunnerRecord& record); ///< the same entries, at the end of the run
    const RunnerRecord& record() const { return m_record; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textAt(const RunnerEntry& entry, int column) const;
    RunnerRecord m_record;
};

} // namespace kb
