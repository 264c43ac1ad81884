// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/flow_layout.h"

#include <QEvent>

namespace kb {

FlowLayout::FlowLayout(QWidget* parent, int spacingX, int spacingY)
    : QLayout(parent), m_spacingX(spacingX), m_spacingY(spacingY) {
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout() {
    qDeleteAll(m_items);
}

QLayoutItem* FlowLayout::takeAt(int index) {
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

void FlowLayout::clear() {
    // Emptied first: a widget that leaves its parent takes its item out of the layout.
    const QList<QLayoutItem*> items = std::exchange(m_items, {});
    for (QLayoutItem* item : items) {
        QWidget* widget = item->widget();
        delete item;
        if (!widget) continue;
        // It may be the button whose click brought us here, so it goes later, but nobody finds it any more.
        widget->setParent(nullptr);
        widget->deleteLater();
    }
    invalidate();
}

int FlowLayout::heightForWidth(int width) const {
    return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const {
    const QMargins margins = contentsMargins();
    int width = 0;
    int height = 0;
    for (const QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        width += item->sizeHint().width() + (width > 0 ? m_spacingX : 0);
        height = qMax(height, item->sizeHint().height());
    }
    return {width + margins.left() + margins.right(), height + margins.top() + margins.bottom()};
}

QSize FlowLayout::minimumSize() const {
    const QMargins margins = contentsMargins();
    QSize size;
    for (const QLayoutItem* item : m_items)
        if (!item->isEmpty()) size = size.expandedTo(item->minimumSize());
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool apply) const {
    const QMargins margins = contentsMargins();
    const QRect inside = rect.marginsRemoved(margins);
    int y = inside.top();
    QList<QLayoutItem*> row;
    int rowWidth = 0;
    const auto placeRow = [&] {
        int height = 0;
        for (const QLayoutItem* item : std::as_const(row))
            height = qMax(height, item->sizeHint().height());
        int x = inside.left();
        for (QLayoutItem* item : std::as_const(row)) {
            const QSize hint = item->sizeHint();
            const int width = qMin(hint.width(), inside.width());
            if (apply) item->setGeometry(QRect(x, y + (height - hint.height()) / 2, width, hint.height()));
            x += width + m_spacingX;
        }
        y += height;
        row.clear();
        rowWidth = 0;
    };
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        const int width = item->sizeHint().width();
        if (!row.isEmpty() && rowWidth + m_spacingX + width > inside.width()) {
            placeRow();
            y += m_spacingY;
        }
        rowWidth += width + (row.isEmpty() ? 0 : m_spacingX);
        row.append(item);
    }
    if (!row.isEmpty()) placeRow();
    return y - rect.top() + margins.bottom();
}

SideBySide::SideBySide(QWidget* main, QWidget* side, QWidget* parent)
    : QWidget(parent), m_main(main), m_side(side), m_layout(new QBoxLayout(QBoxLayout::LeftToRight, this)) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->addWidget(main, 1);
    m_layout->addWidget(side, 0);
}

void SideBySide::setMainWidth(int width) {
    m_mainWidth = width;
    arrange();
}

void SideBySide::arrange() {
    const QMargins margins = m_layout->contentsMargins();
    const int wanted = (m_mainWidth >= 0 ? m_mainWidth : m_main->sizeHint().width()) +
                       m_side->sizeHint().width() + m_layout->spacing() + margins.left() + margins.right();
    const bool beside = m_side->isHidden() || wanted <= width();
    const auto direction = beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom;
    if (m_layout->direction() != direction) m_layout->setDirection(direction);
}

void SideBySide::resizeEvent(QResizeEvent* event) {
    arrange();
    QWidget::resizeEvent(event);
}

bool SideBySide::event(QEvent* event) {
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::LayoutRequest) arrange();
    return handled;
}

} // namespace kb
