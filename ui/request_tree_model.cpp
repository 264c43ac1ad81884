// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_tree_model.h"

#include <functional>
#include <vector>

namespace kb {

struct RequestTreeModel::Node {
    QString path;
    QString name;
    QString method;
    bool folder = false;
    int row = 0;
    const Node* parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;
};

RequestTreeModel::RequestTreeModel(QObject* parent)
    : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) {}

RequestTreeModel::~RequestTreeModel() = default;

void RequestTreeModel::setItems(const QList<TreeItem>& items) {
    beginResetModel();
    m_root = std::make_unique<Node>();
    const std::function<void(Node&, const QList<TreeItem>&)> fill = [&](Node& into,
                                                                        const QList<TreeItem>& from) {
        for (const TreeItem& item : from) {
            auto node = std::make_unique<Node>();
            node->path = item.path;
            node->name = item.name;
            node->method = item.request.method;
            node->folder = item.kind == TreeItem::Kind::Folder;
            node->row = static_cast<int>(into.children.size());
            node->parent = &into;
            fill(*node, item.children);
            into.children.push_back(std::move(node));
        }
    };
    fill(*m_root, items);
    endResetModel();
}

const RequestTreeModel::Node* RequestTreeModel::node(const QModelIndex& index) const {
    return index.isValid() ? static_cast<const Node*>(index.constInternalPointer()) : m_root.get();
}

QModelIndex RequestTreeModel::indexOf(const QString& path) const {
    const std::function<QModelIndex(const Node&)> search = [&](const Node& from) -> QModelIndex {
        for (const auto& child : from.children) {
            if (child->path == path) return createIndex(child->row, 0, child.get());
            if (const QModelIndex found = search(*child); found.isValid()) return found;
        }
        return {};
    };
    return search(*m_root);
}

QModelIndex RequestTreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, node(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex RequestTreeModel::parent(const QModelIndex& child) const {
    if (!child.isValid()) return {};
    const Node* above = node(child)->parent;
    return above == m_root.get() ? QModelIndex() : createIndex(above->row, 0, above);
}

int RequestTreeModel::rowCount(const QModelIndex& parent) const {
    return parent.column() > 0 ? 0 : static_cast<int>(node(parent)->children.size());
}

int RequestTreeModel::columnCount(const QModelIndex&) const {
    return 1;
}

QVariant RequestTreeModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Node* item = node(index);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return item->name;
    case Qt::AccessibleTextRole:
        return item->folder ? tr("Folder %1").arg(item->name) : tr("%1 %2").arg(item->method, item->name);
    case PathRole:
        return item->path;
    case MethodRole:
        return item->method;
    case IsFolderRole:
        return item->folder;
    default:
        return {};
    }
}

} // namespace kb
