// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

namespace kb {

namespace {

// More than this is not offered to the middle mouse button.
constexpr qint64 mouseSelectionLimit = 1024 * 1024;

enum class Sort { Word, Space, Other };

Sort sortOf(QByteArrayView text) {
    const auto first = static_cast<uchar>(text[0]);
    if (first == ' ' || first == '\t') return Sort::Space;
    const bool letter =
        (first >= '0' && first <= '9') || (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
    return letter || first == '_' || first == '-' || first >= 0x80 ? Sort::Word : Sort::Other;
}

Sort sortAt(const LineColumns& columns, qint64 byte) {
    return sortOf(QByteArrayView(columns.line()).sliced(byte));
}

} // namespace

bool BodyView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        // These belong to the view while it has the focus, whatever the window uses them for.
        if (key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

BodyPosition BodyView::movedBy(BodyPosition from, qint64 lines) const {
    const qint64 column = m_wishColumn >= 0 ? m_wishColumn : columnsOf(from.line).columnOf(from.byte);
    const qint64 line = qBound<qint64>(0, from.line + lines, m_lines.lineCount() - 1);
    return {line, columnsOf(line).byteAt(column)};
}

BodyPosition BodyView::wordEdge(BodyPosition from, bool forward) const {
    const LineColumns& columns = columnsOf(from.line);
    const qint64 size = columns.line().size();
    qint64 byte = from.byte;
    if (forward) {
        if (byte >= size) return from.line + 1 < m_lines.lineCount() ? BodyPosition{from.line + 1, 0} : from;
        const Sort sort = sortAt(columns, byte);
        while (byte < size && sortAt(columns, byte) == sort)
            byte = columns.next(byte);
        while (byte < size && sortAt(columns, byte) == Sort::Space)
            byte = columns.next(byte);
        return {from.line, byte};
    }
    if (byte == 0)
        return from.line > 0 ? BodyPosition{from.line - 1, m_lines.lineLength(from.line - 1)} : from;
    while (byte > 0 && sortAt(columns, columns.previous(byte)) == Sort::Space)
        byte = columns.previous(byte);
    if (byte == 0) return {from.line, 0};
    const Sort sort = sortAt(columns, columns.previous(byte));
    while (byte > 0 && sortAt(columns, columns.previous(byte)) == sort)
        byte = columns.previous(byte);
    return {from.line, byte};
}

bool BodyView::handleMove(QKeyEvent* event) {
    const bool select = event->modifiers().testFlag(Qt::ShiftModifier);
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const LineColumns& columns = columnsOf(m_caret.line);
    const qint64 lastLine = m_lines.lineCount() - 1;
    BodyPosition to = m_caret;
    qint64 wish = -1;
    const auto vertical = [&](qint64 lines) {
        wish = m_wishColumn >= 0 ? m_wishColumn : columns.columnOf(m_caret.byte);
        to = movedBy(m_caret, lines);
    };
    switch (event->key()) {
    case Qt::Key_Left:
        if (control)
            to = wordEdge(m_caret, false);
        else if (m_caret.byte > 0)
            to.byte = columns.previous(m_caret.byte);
        else if (m_caret.line > 0)
            to = {m_caret.line - 1, m_lines.lineLength(m_caret.line - 1)};
        break;
    case Qt::Key_Right:
        if (control)
            to = wordEdge(m_caret, true);
        else if (m_caret.byte < columns.line().size())
            to.byte = columns.next(m_caret.byte);
        else if (m_caret.line < lastLine)
            to = {m_caret.line + 1, 0};
        break;
    case Qt::Key_Up:
        vertical(-1);
        break;
    case Qt::Key_Down:
        vertical(1);
        break;
    case Qt::Key_PageUp:
        vertical(-visibleLines());
        break;
    case Qt::Key_PageDown:
        vertical(visibleLines());
        break;
    case Qt::Key_Home:
        to = control ? BodyPosition{} : BodyPosition{m_caret.line, 0};
        break;
    case Qt::Key_End:
        to = control ? BodyPosition{lastLine, m_lines.lineLength(lastLine)}
                     : BodyPosition{m_caret.line, columns.line().size()};
        break;
    default:
        return false;
    }
    setCaret(to, select);
    m_wishColumn = wish;
    return true;
}

void BodyView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->modifiers().testFlag(Qt::AltModifier) || !handleMove(event)) {
        event->ignore();
    }
}

void BodyView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_dragging = true;
    setCaret(positionAt(event->position().toPoint()), event->modifiers().testFlag(Qt::ShiftModifier));
}

void BodyView::mouseMoveEvent(QMouseEvent* event) {
    if (!m_dragging) return;
    m_dragPoint = event->position().toPoint();
    if (viewport()->rect().contains(m_dragPoint)) {
        m_dragScroll.stop();
        setCaret(positionAt(m_dragPoint), true);
    } else if (!m_dragScroll.isActive()) {
        m_dragScroll.start();
    }
}

void BodyView::autoScroll() {
    // The farther outside, the faster.
    const QRect inside = viewport()->rect();
    const auto steps = [](int below, int above) {
        return below > 0 ? -(1 + below / 20) : above > 0 ? 1 + above / 20 : 0;
    };
    const int lines = steps(inside.top() - m_dragPoint.y(), m_dragPoint.y() - inside.bottom());
    const int columns = steps(inside.left() - m_dragPoint.x(), m_dragPoint.x() - inside.right());
    verticalScrollBar()->setValue(verticalScrollBar()->value() + lines);
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + columns);
    const QPoint edge(qBound(inside.left(), m_dragPoint.x(), inside.right()),
                      qBound(inside.top(), m_dragPoint.y(), inside.bottom()));
    setCaret(positionAt(edge), true);
}

void BodyView::mouseReleaseEvent(QMouseEvent*) {
    m_dragging = false;
    m_dragScroll.stop();
    QClipboard* clipboard = QApplication::clipboard();
    const bool small =
        m_lines.textSize(qMin(m_anchor, m_caret), qMax(m_anchor, m_caret)) <= mouseSelectionLimit;
    if (hasSelection() && clipboard->supportsSelection() && !m_sensitive && small)
        clipboard->setText(selectedText(), QClipboard::Selection);
}

void BodyView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const QPoint point = event->position().toPoint();
    BodyPosition at = positionAt(point);
    const LineColumns& columns = columnsOf(at.line);
    const qint64 size = columns.line().size();
    if (size == 0) return;
    // The word under the pointer, not the boundary nearest to it.
    if (at.byte == size || cellRect(at).left() > point.x()) at.byte = columns.previous(at.byte);
    const Sort sort = sortAt(columns, at.byte);
    qint64 start = at.byte;
    qint64 end = at.byte;
    while (start > 0 && sortAt(columns, columns.previous(start)) == sort)
        start = columns.previous(start);
    while (end < size && sortAt(columns, end) == sort)
        end = columns.next(end);
    setCaret({at.line, start});
    setCaret({at.line, end}, true);
}

void BodyView::wheelEvent(QWheelEvent* event) {
    QPoint steps; // in columns and lines
    if (!event->pixelDelta().isNull()) {
        m_wheelRest += event->pixelDelta();
        steps = {static_cast<int>(m_wheelRest.x() / m_cell), m_wheelRest.y() / m_lineHeight};
        m_wheelRest -= QPoint(static_cast<int>(steps.x() * m_cell), steps.y() * m_lineHeight);
    } else {
        // An eighth of a degree each; fifteen degrees are one notch.
        m_wheelRest += event->angleDelta() * QApplication::wheelScrollLines();
        steps = m_wheelRest / 120;
        m_wheelRest -= steps * 120;
    }
    if (event->modifiers().testFlag(Qt::ShiftModifier) && steps.x() == 0) steps = {steps.y() * 2, 0};
    verticalScrollBar()->setValue(verticalScrollBar()->value() - steps.y());
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - steps.x());
    event->accept();
}

void BodyView::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    QAction* copyAction = menu.addAction(tr("Copy"), this, &BodyView::copy);
    copyAction->setEnabled(hasSelection());
    menu.addAction(tr("Select all"), this, &BodyView::selectAll);
    menu.addSeparator();
    menu.addAction(tr("Find…"), this, &BodyView::findRequested);
    const bool byKeyboard = event->reason() == QContextMenuEvent::Keyboard;
    menu.exec(byKeyboard ? viewport()->mapToGlobal(cellRect(m_caret).bottomLeft()) : event->globalPos());
}

void BodyView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void BodyView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace kb
