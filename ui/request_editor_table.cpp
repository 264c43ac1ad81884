// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor_table.h"

#include "ui/request_editor_delegate.h"
#include "ui/theme.h"

#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QToolButton>
#include <algorithm>

namespace kb {

EditTable::EditTable(QWidget* parent) : QTableView(parent) {
    setItemDelegate(new CellDelegate(this));
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(QFrame::NoFrame);
    setTabKeyNavigation(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(DoubleClicked | EditKeyPressed | AnyKeyPressed);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 13);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    // As far from the edge as the text of the cells below.
    horizontalHeader()->setStyleSheet(QStringLiteral("QHeaderView::section { padding: 6px 3px; }"));
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(24);
    connect(this, &QTableView::clicked, this, [this](const QModelIndex& index) {
        const bool plain = QGuiApplication::keyboardModifiers() == Qt::NoModifier;
        if (plain && index.flags() & Qt::ItemIsEditable) edit(index);
    });
    connect(&theme(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void EditTable::setColumnShares(const QList<int>& shares) {
    m_shares = shares;
    fitColumns();
}

void EditTable::fitColumns() {
    if (!model() || m_shares.size() != model()->columnCount()) return;
    int fixed = 0, total = 0;
    for (int column = 0; column < m_shares.size(); ++column) {
        total += m_shares[column];
        if (m_shares[column]) continue;
        const int width =
            column == 0 ? 30
                        : qMax(sizeHintForColumn(column) + 8, horizontalHeader()->sectionSizeHint(column));
        setColumnWidth(column, width);
        fixed += width;
    }
    const int free = qMax(0, viewport()->width() - fixed);
    int used = 0;
    qsizetype last = m_shares.size() - 1;
    while (last > 0 && !m_shares[last])
        --last;
    for (int column = 0; column < m_shares.size(); ++column) {
        if (!m_shares[column]) continue;
        const int width = column == last ? free - used : free * m_shares[column] / qMax(1, total);
        setColumnWidth(column, qMax(24, width));
        used += width;
    }
}

void EditTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

QList<int> EditTable::selectedRowNumbers() const {
    QList<int> rows;
    if (!selectionModel()) return rows;
    const QModelIndexList selected = selectionModel()->selectedRows();
    for (const QModelIndex& index : selected)
        if (index.data(TableRole::Removable).toBool()) rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void EditTable::removeSelected() {
    const QList<int> rows = selectedRowNumbers();
    if (rows.isEmpty()) return;
    for (auto row = rows.crbegin(); row != rows.crend(); ++row)
        model()->removeRows(*row, 1);
    const int next = qMin(rows.first(), model()->rowCount() - 1);
    selectionModel()->setCurrentIndex(model()->index(next, qMax(0, currentIndex().column())),
                                      QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

bool EditTable::canMove(int by) const {
    const QList<int> rows = selectedRowNumbers();
    if (rows.isEmpty()) return false;
    const int beyond = by < 0 ? rows.first() - 1 : rows.last() + 1;
    return beyond >= 0 && model()->index(beyond, 0).data(TableRole::Removable).toBool();
}

void EditTable::moveSelected(int by) {
    if (!canMove(by)) return;
    QList<int> rows = selectedRowNumbers();
    if (by > 0) std::reverse(rows.begin(), rows.end());
    for (const int row : rows)
        model()->moveRows({}, row, 1, {}, by < 0 ? row - 1 : row + 2);
    scrollTo(currentIndex());
    Q_EMIT selectionMoved();
}

QModelIndex EditTable::nextEditable(const QModelIndex& from, int step) const {
    const int columns = model()->columnCount();
    for (int at = from.row() * columns + from.column() + step; at >= 0 && at < model()->rowCount() * columns;
         at += step) {
        const QModelIndex index = model()->index(at / columns, at % columns);
        if (index.flags() & Qt::ItemIsEditable) return index;
    }
    return {};
}

void EditTable::closeEditor(QWidget* editor, QAbstractItemDelegate::EndEditHint hint) {
    if (hint != QAbstractItemDelegate::EditNextItem && hint != QAbstractItemDelegate::EditPreviousItem) {
        QTableView::closeEditor(editor, hint);
        return;
    }
    // Qt's own walk stops at the first cell that cannot be edited.
    const QModelIndex next =
        nextEditable(currentIndex(), hint == QAbstractItemDelegate::EditNextItem ? 1 : -1);
    QTableView::closeEditor(editor, QAbstractItemDelegate::NoHint);
    if (!next.isValid()) return;
    setCurrentIndex(next);
    edit(next);
}

void EditTable::keyPressEvent(QKeyEvent* event) {
    const QModelIndex current = currentIndex();
    const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!plain) break;
        if (current.flags() & Qt::ItemIsEditable)
            edit(current);
        else if (const QModelIndex next = nextEditable(current, 1); next.isValid())
            setCurrentIndex(next);
        return;
    case Qt::Key_Delete:
        if (!plain) break;
        removeSelected();
        return;
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (event->modifiers() != Qt::AltModifier) break;
        moveSelected(event->key() == Qt::Key_Up ? -1 : 1);
        return;
    case Qt::Key_Space: {
        const QModelIndex check = current.siblingAtColumn(0);
        if (!plain || !(check.flags() & Qt::ItemIsUserCheckable)) break;
        const bool on = check.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        model()->setData(check, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
        return;
    }
    default:
        break;
    }
    QTableView::keyPressEvent(event);
}

void EditTable::contextMenuEvent(QContextMenuEvent* event) {
    const auto add = [this](QMenu* menu, const QString& text, const QKeySequence& key, bool enabled,
                            auto run) {
        QAction* action = menu->addAction(text, this, run);
        action->setShortcut(key);
        action->setEnabled(enabled);
    };
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    add(menu, tr("Move up"), QKeySequence(Qt::ALT | Qt::Key_Up), canMove(-1), [this] { moveSelected(-1); });
    add(menu, tr("Move down"), QKeySequence(Qt::ALT | Qt::Key_Down), canMove(1), [this] { moveSelected(1); });
    add(menu, tr("Remove"), QKeySequence(Qt::Key_Delete), !selectedRowNumbers().isEmpty(),
        [this] { removeSelected(); });
    menu->popup(event->globalPos());
}

void EditTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
    QTableView::selectionChanged(selected, deselected);
    Q_EMIT selectionMoved();
}

void EditTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    Q_EMIT selectionMoved();
}

TablePane::TablePane(QAbstractItemModel* model, const QString& accessibleName, QWidget* parent)
    : QWidget(parent), m_table(new EditTable(this)) {
    m_table->setModel(model);
    m_table->setAccessibleName(accessibleName);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    auto* buttons = new QVBoxLayout;
    buttons->setContentsMargins(2, 4, 4, 4);
    buttons->setSpacing(2);
    const auto add = [&](const QString& sign, const QString& name, const QString& key, auto run) {
        auto* button = new QToolButton(this);
        button->setText(sign);
        button->setAutoRaise(true);
        button->setAccessibleName(name);
        button->setToolTip(key.isEmpty() ? name : name + QStringLiteral(" (") + key + QStringLiteral(")"));
        button->setFixedSize(24, 24);
        connect(button, &QToolButton::clicked, this, run);
        buttons->addWidget(button);
        return button;
    };
    const auto keyText = [](const QKeySequence& key) { return key.toString(QKeySequence::NativeText); };
    m_up = add(QStringLiteral("↑"), tr("Move up"), keyText(QKeySequence(Qt::ALT | Qt::Key_Up)),
               [this] { m_table->moveSelected(-1); });
    m_down = add(QStringLiteral("↓"), tr("Move down"), keyText(QKeySequence(Qt::ALT | Qt::Key_Down)),
                 [this] { m_table->moveSelected(1); });
    m_remove = add(QStringLiteral("✕"), tr("Remove"), keyText(QKeySequence(Qt::Key_Delete)),
                   [this] { m_table->removeSelected(); });
    buttons->addStretch();
    layout->addLayout(buttons);
    connect(m_table, &EditTable::selectionMoved, this, &TablePane::updateButtons);
    connect(model, &QAbstractItemModel::rowsInserted, this, &TablePane::updateButtons);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &TablePane::updateButtons);
    updateButtons();
}

void TablePane::updateButtons() {
    m_up->setEnabled(m_table->canMove(-1));
    m_down->setEnabled(m_table->canMove(1));
    m_remove->setEnabled(!m_table->selectedRowNumbers().isEmpty());
}

} // namespace kb
