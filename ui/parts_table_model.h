// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/request_spec.h"
#include "ui/rows_model.h"

namespace kb {

/// The parts of a multipart/form-data body, and an empty row that adds one.
class PartsModel final : public RowsModel {
    Q_OBJECT
public:
    enum Column { On, Name, Value, IsFile, Type, ColumnCount };

    using RowsModel::RowsModel;

    void load(const QList<BodyPart>& parts);
    QList<BodyPart> parts() const { return m_parts; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    bool isOwn(int row) const override { return row >= 0 && row < m_parts.size(); }
    void eraseOwn(int row, int count) override { m_parts.remove(row, count); }
    void moveOwn(int from, int to) override { m_parts.move(from, to); }
    QList<BodyPart> m_parts;
};

} // namespace kb
