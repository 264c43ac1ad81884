// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>

namespace kb {

/// The grid: a row for each operation and whose object it asks for, a column for what it needs and one for
/// each profile. Shows a plan before it was run, and fills while it runs. Grouped, each group has a row of
/// its own before its operations.
class MatrixModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { CellRole = Qt::UserRole, MethodRole, PathRole, BindingRole, TagsRole, AbsentRole, AlarmRole };
    /// A row's place in the tree.
    struct Place {
        QString group;      ///< empty where rows are not grouped
        bool head = false;  ///< the group's own row: no cell is in it
        bool first = false; ///< of an operation's rows, which are one for each binding
        int more = 0;       ///< of a first one: how many others there are
        int operation = -1;
    };
    static constexpr int firstProfileColumn = 1; ///< column 0 says what the operation needs

    using QAbstractTableModel::QAbstractTableModel;

    /// Takes a plan, nothing sent yet; or a record, with what came of it.
    void setRecord(RunRecord record);
    void setSeen(int cell, const Observation& seen); ///< while it runs
    const RunRecord& record() const { return m_record; }
    /// Profiles without a credential, and why: columns behind the others, in which nothing is sent.
    void setAbsent(const QList<std::pair<QString, QString>>& namesAndReasons);
    const QList<std::pair<QString, QString>>& absent() const { return m_absent; }
    /// By the operation's first tag, else by the first part of its path.
    void setGrouped(bool grouped);
    bool isGrouped() const { return m_grouped; }
    Place placeOf(int row) const;
    /// Whether it was run, and nobody who may got through: then no refusal of it is proven.
    bool lacksControl(int row) const;
    /// Whether one of its cells is a finding, waived or not.
    bool hasFinding(int row) const;
    /// The outcomes of the run before the newest one, by the cells' ids. They show with the next record.
    void setBefore(QHash<QString, QString> outcomes);
    /// What a cell's outcome was in the run before, where it is another now; else empty.
    QString before(int cell) const;
    /// The cell at an index; -1 where there is none.
    int cellAt(const QModelIndex& index) const;
    QModelIndex indexOf(int cell) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        int operation = -1; ///< of a group's own row: none
        Binding binding = Binding::None;
        QList<int> cells; ///< one a profile; -1 for none
        QString group = {};
        int rows =
            0; ///< of a group's own row: how many it has; of an operation's first: how many further ones
        bool first = false; ///< it also shows the cells of those who have none in it
    };
    QList<Row> operationRows() const;
    void arrange();
    QString groupOf(const ApiOperation& operation) const;
    QString headText(const Row& row, int at) const;
    QString needs(const ApiOperation& operation) const;
    const std::pair<QString, QString>* absentAt(int column) const; ///< nullptr: there
    RunRecord m_record;
    QList<std::pair<QString, QString>> m_absent;
    QList<Row> m_rows;
    QHash<std::pair<int, int>, int> m_rowOf; ///< by operation and binding
    QHash<QString, QString> m_before;
    bool m_grouped = false;
};

} // namespace kb
