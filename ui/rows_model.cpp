// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rows_model.h"

namespace kb {

bool RowsModel::removeRows(int row, int count, const QModelIndex& parent) {
    if (parent.isValid() || count <= 0) return false;
    for (int i = row; i < row + count; ++i)
        if (!isOwn(i)) return false;
    beginRemoveRows({}, row, row + count - 1);
    eraseOwn(row, count);
    endRemoveRows();
    ownChanged();
    Q_EMIT edited();
    return true;
}

bool RowsModel::moveRows(const QModelIndex& from, int row, int count, const QModelIndex& to,
                         int destination) {
    const int target = destination > row ? destination - 1 : destination;
    if (from.isValid() || to.isValid() || count != 1 || !isOwn(row) || !isOwn(target)) return false;
    if (!beginMoveRows({}, row, row, {}, destination)) return false;
    moveOwn(row, target);
    endMoveRows();
    ownChanged();
    Q_EMIT edited();
    return true;
}

} // namespace kb
