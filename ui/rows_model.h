// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractTableModel>

namespace kb {

/// A table whose rows a person adds, changes, removes and moves one by one. Rows that are not the person's
/// (computed ones, the empty one that adds) stay where they are.
class RowsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    bool removeRows(int row, int count, const QModelIndex& parent = {}) override;
    bool moveRows(const QModelIndex& from, int row, int count, const QModelIndex& to,
                  int destination) override;

Q_SIGNALS:
    void edited();

protected:
    /// Whether this row is the person's, so that it may go and move.
    virtual bool isOwn(int row) const = 0;
    virtual void eraseOwn(int row, int count) = 0;
    virtual void moveOwn(int from, int to) = 0;
    /// What else depends on the rows; comes before edited().
    virtual void ownChanged() {}
};

} // namespace kb
