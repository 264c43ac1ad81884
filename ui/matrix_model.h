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
    enum Role { CellRole = Qt::UserRole, MethodRole, PathRole, BindingRole, TagsRole, AbsentRole };
    static constexpr int firstProfileColumn = 1; ///< column 0 says what the operation needs

    using QAbstractTableModel::QAbstractTableModel;

    /// Takes a plan, nothing sent yet; or a record, with what came of it.
    void setRecord(RunRecord record);
    void setSeen(int cell, const Observation& seen); ///< while it runs
    const RunRecord& record() const { return m_record; }
    /// Profiles without a credential, and why: columns behind the others, in which nothing is sent.
    void setAbsent(const QList<std::pair<QString, QString>>& namesAndReasons);
    const QList<std::pair<QString, QString>>& absent() const { return m_absent; }
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
    const std::pair<QString, QString>* absentAt(int column) const; ///< nullptr: there
    RunRecord m_record;
    QList<std::pair<QString, QString>> m_absent;
    QList<Row> m_rows;
};

/// Shows the rows that fit each word of a text and have a cell of the kind that is looked for. A method's
/// name is that method, "tag:x" a tag that holds x, any other word a part of the method or path; a whole
/// tag's name will do. Rows move when they are sorted or judged, not while a run fills them.
class MatrixFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    enum class Kind {
        All,
        Findings,
        Bypass,
        OverRestricted,
        Suspect,
        Error,
        Undecided,
        NotProven,
        Changed,
        Unsafe
    };
    explicit MatrixFilter(QObject* parent = nullptr);
    void setText(const QString& text);
    void setKind(Kind kind);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    /// By what the operation needs in the first column, else by how bad the column's cell is.
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    bool fitsText(int row) const;
    QString m_text;
    QStringList m_methods, m_tags, m_words;
    Kind m_kind = Kind::All;
};

} // namespace kb
