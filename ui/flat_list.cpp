// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/flat_list.h"

#include <QHeaderView>
#include <QTreeView>

namespace kb {

void makeFlatList(QTreeView& view) {
    view.setRootIsDecorated(false);
    view.setItemsExpandable(false);
    view.setIndentation(0);
    view.setUniformRowHeights(true);
    view.setAllColumnsShowFocus(true);
    view.setEditTriggers(QAbstractItemView::NoEditTriggers);
    view.setTabKeyNavigation(false);
    view.setFrameShape(QFrame::NoFrame);
    view.header()->setSectionsMovable(false);
}

} // namespace kb
