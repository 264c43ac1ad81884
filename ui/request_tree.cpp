// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_tree.h"

#include "ui/request_tree_model.h"
#include "ui/theme.h"

#include <QApplication>
#include <QDragMoveEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

namespace kb {

namespace {

/// Draws the method in its colour and a fixed column, then the name.
class RequestDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return {QStyledItemDelegate::sizeHint(option, index).width(), option.fontMetrics.height() + 11};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme().selection);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, theme().window);
        QRect rect = option.rect.adjusted(4, 0, -6, 0);
        QFont font = option.font;
        if (index.data(RequestTreeModel::IsFolderRole).toBool()) {
            font.setWeight(QFont::DemiBold);
        } else {
            QFont mono = theme().monospace();
            mono.setPointSizeF(mono.pointSizeF() * 0.85);
            const QFontMetrics metrics(mono);
            const QString method = index.data(RequestTreeModel::MethodRole).toString();
            const int column = metrics.horizontalAdvance(QStringLiteral("OPTIONS"));
            painter->setFont(mono);
            painter->setPen(theme().methodColour(method));
            painter->drawText(QRect(rect.left(), rect.top(), column, rect.height()), Qt::AlignVCenter,
                              metrics.elidedText(method, Qt::ElideRight, column));
            rect.setLeft(rect.left() + column + 10);
        }
        painter->setFont(font);
        painter->setPen(theme().text);
        const QString name = index.data(Qt::DisplayRole).toString();
        painter->drawText(rect, Qt::AlignVCenter,
                          QFontMetrics(font).elidedText(name, Qt::ElideRight, rect.width()));
        if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_Selected) {
            painter->setPen(theme().accent);
            painter->drawLine(option.rect.topLeft(), option.rect.bottomLeft());
        }
        painter->restore();
    }
};

/// Unfolds the folder that one waits over while dragging. Qt's own auto-expanding folds it where it was open.
class DragTree final : public QTreeView {
public:
    explicit DragTree(QWidget* parent) : QTreeView(parent) {
        m_wait.setSingleShot(true);
        m_wait.setInterval(600);
        connect(&m_wait, &QTimer::timeout, this, [this] { expand(m_over); });
    }

protected:
    void dragMoveEvent(QDragMoveEvent* event) override {
        QTreeView::dragMoveEvent(event);
        const QModelIndex over = indexAt(event->position().toPoint());
        if (over == m_over) return;
        m_over = over;
        m_wait.start();
    }
    void dragLeaveEvent(QDragLeaveEvent* event) override {
        stopWaiting();
        QTreeView::dragLeaveEvent(event);
    }
    void dropEvent(QDropEvent* event) override {
        stopWaiting();
        QTreeView::dropEvent(event);
    }

private:
    void stopWaiting() {
        m_wait.stop();
        m_over = QModelIndex();
    }
    QPersistentModelIndex m_over;
    QTimer m_wait;
};

} // namespace

RequestTree::RequestTree(Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_model(new RequestTreeModel(this)),
      m_filter(new QSortFilterProxyModel(this)),
      m_edit(new QLineEdit(this)),
      m_view(new DragTree(this)) {
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    m_filter->setSourceModel(m_model);
    m_filter->setRecursiveFilteringEnabled(true);
    m_filter->setAutoAcceptChildRows(true); // a folder that is found is shown with what is in it
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_edit->setPlaceholderText(tr("Filter requests"));
    m_edit->setClearButtonEnabled(true);
    m_edit->setAccessibleName(tr("Filter requests"));
    m_view->setModel(m_filter);
    m_view->setItemDelegate(new RequestDelegate(m_view));
    m_view->setHeaderHidden(true);
    m_view->setIndentation(16);
    m_view->setMouseTracking(true);
    m_view->setUniformRowHeights(true);
    m_view->setAccessibleName(tr("Requests"));
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_view->setDragDropMode(QAbstractItemView::DragDrop);
    m_view->setDefaultDropAction(Qt::MoveAction);
    m_view->setDragDropOverwriteMode(false);
    addKeys();
    auto* heading = new QLabel(tr("Requests"), this);
    heading->setProperty("heading", true);
    heading->setContentsMargins(2, 6, 0, 2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 0, 0);
    layout->setSpacing(4);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(0, 0, 10, 0);
    top->addWidget(m_edit);
    layout->addLayout(top);
    layout->addWidget(heading);
    layout->addWidget(m_view, 1);

    connect(m_edit, &QLineEdit::textChanged, this, &RequestTree::filter);
    const auto open = [this](const QModelIndex& index) {
        if (!index.data(RequestTreeModel::IsFolderRole).toBool())
            Q_EMIT requestOpened(index.data(RequestTreeModel::PathRole).toString());
    };
    connect(m_view, &QTreeView::clicked, this, [open](const QModelIndex& index) {
        // With these keys one selects.
        if (!(QApplication::keyboardModifiers() & (Qt::ControlModifier | Qt::ShiftModifier))) open(index);
    });
    connect(m_model, &RequestTreeModel::renamed, this, &RequestTree::renameRequested);
    connect(m_model, &RequestTreeModel::dropped, this, &RequestTree::moveRequested);
    connect(m_view, &QTreeView::activated, this, open);
    connect(m_view, &QTreeView::customContextMenuRequested, this, &RequestTree::showMenu);
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        m_model->setItems({});
        reload();
    });
    connect(&m_session, &Session::itemsMoved, this,
            [this](const QHash<QString, QString>& moved) { m_moved = moved; });
    connect(&m_session, &Session::requestsChanged, this, &RequestTree::reload);
    connect(&theme(), &Theme::changed, m_view->viewport(), qOverload<>(&QWidget::update));
    reload();
}

void RequestTree::addKeys() {
    const auto add = [this](const QKeySequence& keys, auto run) {
        connect(new QShortcut(keys, m_view, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated,
                this, run);
    };
    add(QKeySequence::Delete, [this] {
        if (const QStringList paths = selected(); !paths.isEmpty()) Q_EMIT removeRequested(paths);
    });
    add(QKeySequence(Qt::ALT | Qt::Key_Up), [this] { moveSelected(-1); });
    add(QKeySequence(Qt::ALT | Qt::Key_Down), [this] { moveSelected(1); });
}

QStringList RequestTree::selected() const {
    QStringList paths;
    for (const QModelIndex& index : m_view->selectionModel()->selectedIndexes())
        paths.append(index.data(RequestTreeModel::PathRole).toString());
    return paths;
}

bool RequestTree::hasKeyboard() const {
    return m_view->hasFocus();
}

void RequestTree::rename(const QString& path) {
    select(path);
    if (!m_view->currentIndex().isValid()) return;
    m_view->setFocus(Qt::OtherFocusReason);
    m_view->edit(m_view->currentIndex());
}

void RequestTree::moveSelected(int rows) {
    const QModelIndex index = m_filter->mapToSource(m_view->currentIndex());
    if (!index.isValid() || selected().size() != 1) return;
    const auto path = [](const QModelIndex& at) { return at.data(RequestTreeModel::PathRole).toString(); };
    const auto isFolder = [](const QModelIndex& at) {
        return at.data(RequestTreeModel::IsFolderRole).toBool();
    };
    const QModelIndex other = index.sibling(index.row() + rows, 0);
    // Folders stand before requests.
    if (!other.isValid() || isFolder(other) != isFolder(index)) return;
    const QModelIndex before = rows < 0 ? other : index.sibling(index.row() + 2, 0);
    const bool last = !before.isValid() || isFolder(before) != isFolder(index);
    Q_EMIT moveRequested({path(index)}, path(index.parent()), last ? QStringLiteral("") : path(before));
}

QStringList RequestTree::expanded() const {
    QStringList paths;
    const std::function<void(const QModelIndex&)> walk = [&](const QModelIndex& parent) {
        for (int row = 0; row < m_filter->rowCount(parent); ++row) {
            const QModelIndex index = m_filter->index(row, 0, parent);
            // To the view, what has nothing in it can be unfolded as well.
            if (!m_view->isExpanded(index) || !m_filter->hasChildren(index)) continue;
            paths.append(index.data(RequestTreeModel::PathRole).toString());
            walk(index);
        }
    };
    walk({});
    return paths;
}

void RequestTree::filter(const QString& text) {
    const bool was = !std::exchange(m_text, text).isEmpty();
    if (!was) m_unfolded = expanded();
    m_filter->setFilterFixedString(text);
    if (!text.isEmpty()) return m_view->expandAll();
    // As it was before one looked for something, and what was found in view.
    m_view->collapseAll();
    for (const QString& path : std::as_const(m_unfolded))
        m_view->expand(m_filter->mapFromSource(m_model->indexOf(path)));
    if (m_view->currentIndex().isValid()) m_view->scrollTo(m_view->currentIndex());
}

/// Where these are after what was moved last.
static QStringList placesAfter(const QHash<QString, QString>& moved, QStringList paths) {
    for (QString& path : paths)
        for (auto it = moved.cbegin(); it != moved.cend(); ++it)
            if (path == it.key() || path.startsWith(it.key() + u'/')) {
                path = it.value() + path.mid(it.key().size());
                break;
            }
    return paths;
}

void RequestTree::reload() {
    const auto moved = std::exchange(m_moved, {});
    const QString current =
        placesAfter(moved, {m_view->currentIndex().data(RequestTreeModel::PathRole).toString()}).first();
    const QStringList open = placesAfter(moved, expanded()), chosen = placesAfter(moved, selected());
    m_unfolded = placesAfter(moved, m_unfolded);
    const bool first = m_model->rowCount() == 0;
    m_model->setItems(m_session.workspace().items);
    // A large workspace opens folded, so that the first screen lays out only what it shows.
    if (first && m_model->rowCount() <= 12) m_view->expandToDepth(0);
    for (const QString& path : open)
        m_view->expand(m_filter->mapFromSource(m_model->indexOf(path)));
    if (!current.isEmpty()) select(current);
    for (const QString& path : chosen.size() > 1 ? chosen : QStringList())
        m_view->selectionModel()->select(m_filter->mapFromSource(m_model->indexOf(path)),
                                         QItemSelectionModel::Select);
}

void RequestTree::select(const QString& path) {
    const QModelIndex index = m_filter->mapFromSource(m_model->indexOf(path));
    if (!index.isValid()) {
        m_view->setCurrentIndex({});
        return;
    }
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

void RequestTree::focusFilter() {
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

QString RequestTree::currentFolder() const {
    QModelIndex index = m_view->currentIndex();
    while (index.isValid() && !index.data(RequestTreeModel::IsFolderRole).toBool())
        index = index.parent();
    return index.data(RequestTreeModel::PathRole).toString();
}

void RequestTree::showMenu(const QPoint& position) {
    const QModelIndex index = m_view->indexAt(position);
    const QString path = index.data(RequestTreeModel::PathRole).toString();
    const bool folder = index.data(RequestTreeModel::IsFolderRole).toBool();
    const QStringList paths = index.isValid() ? selected() : QStringList();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const QString& text, const QKeySequence& keys, auto run) {
        QAction* action = menu->addAction(text);
        // Shown, not bound: the keys are the tree's and the window's own.
        if (!keys.isEmpty())
            action->setText(text + QLatin1Char('\t') + keys.toString(QKeySequence::NativeText));
        connect(action, &QAction::triggered, this, run);
    };
    const QString into = index.isValid() ? currentFolder() : QString();
    if (index.isValid() && !folder && paths.size() == 1)
        add(tr("Open"), {}, [this, path] { Q_EMIT requestOpened(path); });
    add(tr("New request"), {}, [this, into] { Q_EMIT newRequested(into); });
    add(tr("New folder"), {}, [this, into] { Q_EMIT folderRequested(into); });
    if (!index.isValid() || (folder && paths.size() == 1))
        add(index.isValid() ? tr("Folder settings…") : tr("Workspace settings…"), {},
            [this, path] { Q_EMIT settingsRequested(path); });
    add(tr("Run with checks…"), {}, [this, paths] { Q_EMIT runRequested(paths); });
    if (index.isValid()) {
        menu->addSeparator();
        if (paths.size() == 1) add(tr("Rename"), QKeySequence(Qt::Key_F2), [this, path] { rename(path); });
        add(tr("Duplicate"), QKeySequence(Qt::CTRL | Qt::Key_D),
            [this, paths] { Q_EMIT duplicateRequested(paths); });
        add(tr("Delete"), QKeySequence(QKeySequence::Delete),
            [this, paths] { Q_EMIT removeRequested(paths); });
    }
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

} // namespace kb
