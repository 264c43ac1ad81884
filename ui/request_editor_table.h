// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QTableView>

class QToolButton;

namespace kb {

/// What the request's tables ask of their models beyond Qt's own roles.
namespace TableRole {
constexpr int Placeholder = Qt::UserRole + 1; ///< shown faint while the cell is empty
constexpr int Monospace = Qt::UserRole + 2;   ///< bool
constexpr int Faint = Qt::UserRole + 3;       ///< bool: not the user's own row
constexpr int Removable = Qt::UserRole + 4;   ///< bool: removeRows and moveRows work on it
constexpr int Choices = Qt::UserRole + 5;     ///< QStringList: the texts one may choose from
} // namespace TableRole

/// A table one types into: every keystroke reaches the model, so that a send in the middle of a cell sends
/// what is seen. Enter edits, Delete removes rows, Alt with an arrow moves them, Space switches a row on and
/// off.
class EditTable final : public QTableView {
    Q_OBJECT
public:
    explicit EditTable(QWidget* parent = nullptr);

    /// Shares of the free width, one a column; 0 keeps the column as narrow as its header.
    void setColumnShares(const QList<int>& shares);
    QList<int> selectedRowNumbers() const; ///< rows that can be removed, ascending
    void removeSelected();
    void moveSelected(int by); ///< -1 or 1
    bool canMove(int by) const;

Q_SIGNALS:
    void selectionMoved();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void closeEditor(QWidget* editor, QAbstractItemDelegate::EndEditHint hint) override;

private:
    QModelIndex nextEditable(const QModelIndex& from, int step) const;
    void fitColumns();
    QList<int> m_shares;
};

/// An EditTable with its buttons at the side: up, down, remove.
class TablePane final : public QWidget {
    Q_OBJECT
public:
    TablePane(QAbstractItemModel* model, const QString& accessibleName, QWidget* parent = nullptr);
    EditTable& table() { return *m_table; }

private:
    void updateButtons();
    EditTable* m_table;
    QToolButton* m_up;
    QToolButton* m_down;
    QToolButton* m_remove;
};

} // namespace kb
