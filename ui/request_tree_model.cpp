// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_tree_model.h"

#include <QMimeData>
#include <QTimer>
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
            const bool below = path.size() > child->path.size() && path.at(child->path.size()) == u'/' &&
                               path.startsWith(child->path);
            if (below) return search(*child);
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
    case Qt::EditRole:
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

bool RequestTreeModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    const QString name = value.toString().trimmed();
    if (role != Qt::EditRole || !index.isValid() || name.isEmpty() || name == node(index)->name) return false;
    // Later: the editor still stands on this row, which is made anew.
    QTimer::singleShot(0, this, [this, path = node(index)->path, name] { Q_EMIT renamed(path, name); });
    return true;
}

Qt::ItemFlags RequestTreeModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::ItemIsDropEnabled;
    const Qt::ItemFlags all =
        Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable | Qt::ItemIsDragEnabled;
    return node(index)->folder ? all | Qt::ItemIsDropEnabled : all;
}

QStringList RequestTreeModel::mimeTypes() const {
    return {QStringLiteral("application/x-keybearer-items")};
}

QMimeData* RequestTreeModel::mimeData(const QModelIndexList& indexes) const {
    QStringList paths;
    for (const QModelIndex& index : indexes)
        paths.append(node(index)->path);
    auto* data = new QMimeData;
    data->setData(mimeTypes().first(), paths.join(u'\n').toUtf8());
    return data;
}

bool RequestTreeModel::dropMimeData(const QMimeData* data, Qt::DropAction, int row, int,
                                    const QModelIndex& parent) {
    const QStringList paths =
        QString::fromUtf8(data->data(mimeTypes().first())).split(u'\n', Qt::SkipEmptyParts);
    if (paths.isEmpty()) return false;
    const Node* into = node(parent);
    const auto at = static_cast<std::size_t>(row);
    const QString before = row < 0                      ? QString()
                           : at < into->children.size() ? into->children[at]->path
                                                        : QStringLiteral("");
    QTimer::singleShot(0, this,
                       [this, paths, folder = into->path, before] { Q_EMIT dropped(paths, folder, before); });
    return false; // the view takes nothing out itself: the tree is made anew
}

} // namespace kb
