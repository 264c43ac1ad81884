// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace kb {

/// The grid: a row for each operation and whose object it asks for, a column for what it needs and one for
/// each profile. Shows a plan before it was run, and fills while it runs.
class MatrixModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { CellRole = Qt::UserRole, MethodRole, PathRole, BindingRole, TagsRole };
    static constexpr int firstProfileColumn = 1; ///< column 0 says what the operation needs

    using QAbstractTableModel::QAbstractTableModel;

    /// Takes a plan, nothing sent yet; or a record, with what came of it.
    void setRecord(RunRecord record);
    void setSeen(int cell, const Observation& seen); ///< while it runs
    const RunRecord& record() const { return m_record; }
    /// The cell at an index; -1 where there is none.
    int cellAt(const QModelIndex& index) const;
    QModelIndex indexOf(int cell) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        int operation = 0;
        Binding binding = Binding::None;
        QList<int> cells; ///< one a profile; -1 for none
    };
    QString needs(const ApiOperation& operation) const;
    RunRecord m_record;
    QList<Row> m_rows;
};

/// Shows the rows whose method, path or tags hold a text and that have a cell of the kind that is looked for.
/// Rows move when they are sorted or judged, not while a run fills them.
class MatrixFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    enum class Kind { All, Findings, Bypass, OverRestricted, Suspect, Error, Undecided, NotProven, Changed };
    explicit MatrixFilter(QObject* parent = nullptr);
    void setText(const QString& text);
    void setKind(Kind kind);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    /// By what the operation needs in the first column, else by how bad the column's cell is.
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QString m_text;
    Kind m_kind = Kind::All;
};

} // namespace kb
