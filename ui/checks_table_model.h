// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/check_spec.h"
#include "ui/rows_model.h"

namespace kb {

/// The checks of a request and the values it keeps for later ones, and an empty row that adds one.
class ChecksModel final : public RowsModel {
    Q_OBJECT
public:
    enum Column { On, Kind, What, Operator, Value, ColumnCount };

    using RowsModel::RowsModel;

    void load(const QList<CheckSpec>& checks, const QList<CaptureSpec>& captures);
    QList<CheckSpec> checks() const;
    QList<CaptureSpec> captures() const;
    int usedCount() const; ///< rows that are on
    void add(const CheckSpec& check);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// An operator in words: "eq" is "equals".
    static QString operatorText(const QString& op);

private:
    bool isOwn(int row) const override { return row >= 0 && row < m_rows.size(); }
    void eraseOwn(int row, int count) override { m_rows.remove(row, count); }
    void moveOwn(int from, int to) override { m_rows.move(from, to); }

    /// A check; or, with `keeps`, a capture whose variable is the check's value.
    struct Row {
        CheckSpec check;
        bool keeps = false;
    };
    static QStringList kindTexts();
    static int kindOf(const Row& row);
    static QStringList operatorTexts();
    bool hasOperator(const Row& row) const { return !row.keeps && row.check.part != AnswerPart::Schema; }
    bool hasValue(const Row& row) const {
        return row.keeps || (hasOperator(row) && operatorTakesValue(row.check.op));
    }
    QString textAt(const Row& row, int column) const;
    QString placeholder(const Row& row, int column) const;

    QList<Row> m_rows;
};

} // namespace kb
