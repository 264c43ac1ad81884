// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/workspace.h"

#include <QAbstractItemModel>
#include <memory>

namespace kb {

/// The workspace's folders and requests as a tree. Holds its own copy, so a reload never leaves an index
/// dangling.
class RequestTreeModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Role { PathRole = Qt::UserRole + 1, MethodRole, IsFolderRole };

    explicit RequestTreeModel(QObject* parent = nullptr);
    ~RequestTreeModel() override;
    void setItems(const QList<TreeItem>& items);
    QModelIndex indexOf(const QString& path) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

Q_SIGNALS:
    void renamed(const QString& path, const QString& name);
    /// `before` is the neighbour they were dropped before; empty: behind all; null: onto the folder.
    void dropped(const QStringList& paths, const QString& folder, const QString& before);

private:
    struct Node;
    const Node* node(const QModelIndex& index) const;
    std::unique_ptr<Node> m_root;
};

} // namespace kb
