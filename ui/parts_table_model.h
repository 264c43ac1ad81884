// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/request_spec.h"

#include <QAbstractTableModel>

namespace kb {

/// The parts of a multipart/form-data body, and an empty row that adds one.
class PartsModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { On, Name, Value, IsFile, Type, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void load(const QList<BodyPart>& parts);
    QList<BodyPart> parts() const { return m_parts; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool removeRows(int row, int count, const QModelIndex& parent = {}) override;
    bool moveRows(const QModelIndex& from, int row, int count, const QModelIndex& to,
                  int destination) override;

Q_SIGNALS:
    void edited();

private:
    QList<BodyPart> m_parts;
};

} // namespace kb
