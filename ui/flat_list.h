// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTreeView;

namespace kb {

/// Makes a tree view a plain list with columns: no branches, whole rows in focus, nothing edited in place,
/// and Tab goes on to the next control.
void makeFlatList(QTreeView& view);

} // namespace kb
