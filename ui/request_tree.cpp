// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_tree.h"

#include "ui/request_tree_model.h"
#include "ui/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
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

} // namespace

RequestTree::RequestTree(Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_model(new RequestTreeModel(this)),
      m_filter(new QSortFilterProxyModel(this)),
      m_edit(new QLineEdit(this)),
      m_view(new QTreeView(this)) {
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    m_filter->setSourceModel(m_model);
    m_filter->setRecursiveFilteringEnabled(true);
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

    connect(m_edit, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_filter->setFilterFixedString(text);
        m_view->expandAll();
    });
    const auto open = [this](const QModelIndex& index) {
        if (!index.data(RequestTreeModel::IsFolderRole).toBool())
            Q_EMIT requestOpened(index.data(RequestTreeModel::PathRole).toString());
    };
    connect(m_view, &QTreeView::clicked, this, open);
    connect(m_view, &QTreeView::activated, this, open);
    connect(m_view, &QTreeView::customContextMenuRequested, this, &RequestTree::showMenu);
    connect(&m_session, &Session::workspaceChanged, this, &RequestTree::reload);
    connect(&m_session, &Session::requestsChanged, this, &RequestTree::reload);
    connect(&theme(), &Theme::changed, m_view->viewport(), qOverload<>(&QWidget::update));
    reload();
}

void RequestTree::reload() {
    const QString current = m_view->currentIndex().data(RequestTreeModel::PathRole).toString();
    m_model->setItems(m_session.workspace().items);
    // A large workspace opens folded, so that the first screen lays out only what it shows.
    if (m_model->rowCount() <= 12) m_view->expandToDepth(0);
    if (!current.isEmpty()) select(current);
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
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("New request")), &QAction::triggered, this,
            [this] { Q_EMIT newRequested(currentFolder()); });
    if (!index.isValid() || index.data(RequestTreeModel::IsFolderRole).toBool())
        connect(menu->addAction(index.isValid() ? tr("Folder settings…") : tr("Workspace settings…")),
                &QAction::triggered, this, [this, path] { Q_EMIT settingsRequested(path); });
    connect(menu->addAction(tr("Run with checks…")), &QAction::triggered, this,
            [this, path] { Q_EMIT runRequested(path); });
    if (index.isValid() && !index.data(RequestTreeModel::IsFolderRole).toBool()) {
        connect(menu->addAction(tr("Open")), &QAction::triggered, this,
                [this, path] { Q_EMIT requestOpened(path); });
        connect(menu->addAction(tr("Duplicate")), &QAction::triggered, this,
                [this, path] { Q_EMIT duplicateRequested(path); });
        connect(menu->addAction(tr("Delete")), &QAction::triggered, this,
                [this, path] { Q_EMIT removeRequested(path); });
    }
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

} // namespace kb
