// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view.h"

#include "ui/body_view_accessible.h"
#include "ui/theme.h"

#include <QAccessible>
#include <QClipboard>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QScrollBar>
#include <algorithm>

namespace kb {

namespace {

constexpr size_t cachedLongLines = 8;

int clampToInt(qint64 value) {
    return static_cast<int>(qBound(qint64(0), value, qint64(std::numeric_limits<int>::max())));
}

} // namespace

BodyView::BodyView(QWidget* parent) : QAbstractScrollArea(parent) {
    installBodyViewAccessibility();
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Body"));
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAttribute(Qt::WA_InputMethodEnabled, false);
    setViewportMargins(0, 4, 0, 0);
    m_dragScroll.setInterval(40);
    connect(&m_dragScroll, &QTimer::timeout, this, &BodyView::autoScroll);
    connect(&theme(), &Theme::changed, this, &BodyView::updateMetrics);
    updateMetrics();
}

void BodyView::setText(const QByteArray& utf8, BodyKind kind) {
    setBytes(utf8, BodyLines::Mode::Text, kind);
}

void BodyView::setHex(const QByteArray& bytes) {
    setBytes(bytes, BodyLines::Mode::Hex, BodyKind::Binary);
}

void BodyView::setBytes(const QByteArray& bytes, BodyLines::Mode mode, BodyKind kind) {
    m_columnCache.clear();
    m_shortLine = {-1, LineColumns()};
    m_lines.setBytes(bytes, mode);
    m_kind = kind;
    m_matches.clear();
    m_match = -1;
    m_caret = m_anchor = {};
    m_wishColumn = -1;
    m_widest = columnsOf(m_lines.longestLine()).columns();
    updateMetrics();
    verticalScrollBar()->setValue(0);
    horizontalScrollBar()->setValue(0);
    if (QAccessible::isActive()) {
        QAccessibleValueChangeEvent changed(this, visibleText());
        QAccessible::updateAccessibility(&changed);
    }
    Q_EMIT caretMoved();
}

const LineColumns& BodyView::columnsOf(qint64 line) const {
    if (m_shortLine.first == line) return m_shortLine.second;
    for (const auto& entry : m_columnCache)
        if (entry.first == line) return entry.second;
    QByteArray bytes = m_lines.line(line);
    if (bytes.size() > LineColumns::longLine) {
        if (m_columnCache.size() >= cachedLongLines) m_columnCache.pop_back();
        m_columnCache.emplace_front(line, LineColumns(bytes));
        return m_columnCache.front().second;
    }
    m_shortLine = {line, LineColumns(bytes)};
    return m_shortLine.second;
}

void BodyView::updateMetrics() {
    QFont font = theme().monospace();
    font.setKerning(false);
    viewport()->setFont(font);
    const QFontMetricsF metrics(font);
    m_cell = qMax(1.0, metrics.horizontalAdvance(QString(64, u'M')) / 64);
    m_lineHeight = qMax(1, qRound(metrics.height() * 1.2));
    m_ascent = qRound(metrics.ascent() + (m_lineHeight - metrics.height()) / 2);
    const bool numbered = m_lines.mode() == BodyLines::Mode::Text;
    const auto digits = QString::number(m_lines.lineCount()).size();
    m_gutter =
        numbered ? qRound(m_cell * static_cast<double>(qMax<qsizetype>(digits, 2) + 2)) : qRound(m_cell);
    updateScrollBars();
    viewport()->update();
}

void BodyView::updateScrollBars() {
    const qint64 lines = visibleLines();
    verticalScrollBar()->setPageStep(clampToInt(lines));
    verticalScrollBar()->setRange(0, clampToInt(m_lines.lineCount() - lines));
    const qint64 columns = qMax<qint64>(1, static_cast<qint64>((viewport()->width() - m_gutter) / m_cell));
    horizontalScrollBar()->setPageStep(clampToInt(columns));
    horizontalScrollBar()->setSingleStep(4);
    // One column more than the text, for the caret behind its end.
    horizontalScrollBar()->setRange(0, clampToInt(m_widest + 1 - columns));
}

void BodyView::widen(qint64 columns) {
    if (columns <= m_widest) return;
    m_widest = columns;
    QMetaObject::invokeMethod(this, &BodyView::updateScrollBars, Qt::QueuedConnection);
}

qint64 BodyView::firstVisibleLine() const {
    return verticalScrollBar()->value();
}

qint64 BodyView::visibleLines() const {
    return qMax(1, viewport()->height() / m_lineHeight);
}

qint64 BodyView::firstVisibleColumn() const {
    return horizontalScrollBar()->value();
}

double BodyView::columnX(qint64 column) const {
    return m_gutter + static_cast<double>(column - firstVisibleColumn()) * m_cell;
}

BodyPosition BodyView::clamped(BodyPosition position) const {
    position.line = qBound<qint64>(0, position.line, m_lines.lineCount() - 1);
    position.byte = qBound<qint64>(0, position.byte, m_lines.lineLength(position.line));
    return position;
}

void BodyView::setCaret(BodyPosition position, bool select) {
    m_caret = clamped(position);
    if (!select) m_anchor = m_caret;
    m_wishColumn = -1;
    ensureVisible(m_caret, 2);
    viewport()->update();
    if (QAccessible::isActive()) {
        QAccessibleTextCursorEvent moved(this, visibleOffset(m_caret));
        QAccessible::updateAccessibility(&moved);
    }
    Q_EMIT caretMoved();
}

void BodyView::ensureVisible(BodyPosition position, int marginColumns) {
    const qint64 lines = visibleLines();
    if (position.line < firstVisibleLine())
        verticalScrollBar()->setValue(clampToInt(position.line));
    else if (position.line >= firstVisibleLine() + lines)
        verticalScrollBar()->setValue(clampToInt(position.line - lines + 1));
    const LineColumns& line = columnsOf(position.line);
    const qint64 column = line.columnOf(position.byte);
    if (column > m_widest) {
        m_widest = line.columns();
        updateScrollBars();
    }
    const qint64 columns = horizontalScrollBar()->pageStep();
    if (column < firstVisibleColumn())
        horizontalScrollBar()->setValue(clampToInt(column - marginColumns));
    else if (column + marginColumns > firstVisibleColumn() + columns)
        horizontalScrollBar()->setValue(clampToInt(column + marginColumns - columns));
}

void BodyView::selectAll() {
    m_anchor = {};
    m_caret = clamped({m_lines.lineCount() - 1, std::numeric_limits<qint64>::max()});
    viewport()->update();
    Q_EMIT caretMoved();
}

QString BodyView::selectedText() const {
    return QString::fromUtf8(m_lines.text(qMin(m_anchor, m_caret), qMax(m_anchor, m_caret)));
}

void BodyView::copy() {
    if (!hasSelection()) return;
    if (m_lines.textSize(qMin(m_anchor, m_caret), qMax(m_anchor, m_caret)) > copyLimit) {
        Q_EMIT copyRefused(tr("That is too much for the clipboard. Save the body to a file instead."));
        return;
    }
    QGuiApplication::clipboard()->setText(selectedText());
    Q_EMIT copied();
}

void BodyView::setMatches(const QList<BodyStretch>& matches) {
    m_matches = matches;
    m_match = -1;
    viewport()->update();
}

void BodyView::showMatch(qsizetype index) {
    m_match = index >= 0 && index < m_matches.size() ? index : -1;
    if (m_match >= 0) {
        const BodyStretch match = m_matches[m_match];
        const BodyPosition start = m_lines.positionOf(match.start);
        // A match below or above what is in sight comes to the middle, where its surroundings are seen too.
        if (start.line < firstVisibleLine() || start.line >= firstVisibleLine() + visibleLines())
            verticalScrollBar()->setValue(clampToInt(start.line - visibleLines() / 2));
        m_caret = m_anchor = start;
        BodyPosition end = start;
        if (m_lines.mode() == BodyLines::Mode::Text) end = m_lines.positionOf(match.start + match.length);
        if (end.line == start.line) ensureVisible(end, 8);
        ensureVisible(start, 8);
        Q_EMIT caretMoved();
    }
    viewport()->update();
}

qsizetype BodyView::matchAfterCaret() const {
    const qint64 offset = m_lines.offsetOf(qMin(m_caret, m_anchor));
    const auto found =
        std::lower_bound(m_matches.begin(), m_matches.end(), offset,
                         [](const BodyStretch& match, qint64 value) { return match.start < value; });
    if (found == m_matches.end()) return m_matches.isEmpty() ? -1 : 0;
    return found - m_matches.begin();
}

QRect BodyView::cellRect(BodyPosition position) const {
    const LineColumns& line = columnsOf(position.line);
    const qint64 column = line.columnOf(position.byte);
    const double x = columnX(qBound(firstVisibleColumn() - 4, column, firstVisibleColumn() + 100000));
    const qint64 row = qBound(qint64(-4), position.line - firstVisibleLine(), qint64(100000));
    return {qRound(x), static_cast<int>(row) * m_lineHeight, qRound(m_cell), m_lineHeight};
}

BodyPosition BodyView::positionAt(QPoint point) const {
    const qint64 row = point.y() < 0 ? -1 : point.y() / m_lineHeight;
    const qint64 line = qBound<qint64>(0, firstVisibleLine() + row, m_lines.lineCount() - 1);
    const double column = static_cast<double>(firstVisibleColumn()) + (point.x() - m_gutter) / m_cell;
    return {line, columnsOf(line).nearestByte(column)};
}

void BodyView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBars();
}

void BodyView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) updateMetrics();
}

void BodyView::scrollContentsBy(int, int) {
    viewport()->update();
}

} // namespace kb
