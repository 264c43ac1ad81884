// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/workspace.h"

namespace kb {

const TokenProfile* Workspace::profile(const QString& idOrName) const {
    if (idOrName.isEmpty()) return nullptr;
    for (const TokenProfile& candidate : profiles) {
        if (candidate.id == idOrName) return &candidate;
    }
    for (const TokenProfile& candidate : profiles) {
        if (candidate.name == idOrName) return &candidate;
    }
    // A name typed on a command line in another case still means the same profile, if only one can be meant.
    const TokenProfile* loose = nullptr;
    for (const TokenProfile& candidate : profiles) {
        if (candidate.name.compare(idOrName, Qt::CaseInsensitive) != 0) continue;
        if (loose) return nullptr;
        loose = &candidate;
    }
    return loose;
}

const Environment* Workspace::environment(const QString& environmentName) const {
    for (const Environment& candidate : environments) {
        if (candidate.name == environmentName) return &candidate;
    }
    return nullptr;
}

EnvironmentKind Workspace::kindOf(const QString& environmentName) const {
    const Environment* each = environment(environmentName);
    for (int depth = 0; each && depth < 10; ++depth, each = environment(each->extends))
        if (each->kind != EnvironmentKind::Unset) return each->kind;
    return EnvironmentKind::Unset;
}

static const TreeItem* findIn(const QList<TreeItem>& items, const QString& path) {
    for (const TreeItem& item : items) {
        if (item.path == path) return &item;
        if (item.kind == TreeItem::Kind::Folder && path.startsWith(item.path + u'/')) {
            if (const TreeItem* found = findIn(item.children, path)) return found;
        }
    }
    return nullptr;
}

const TreeItem* Workspace::find(const QString& path) const {
    return findIn(items, path);
}

} // namespace kb
