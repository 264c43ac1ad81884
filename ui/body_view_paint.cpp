// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view.h"
#include "ui/theme.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

namespace kb {

namespace {

// Colours of a long line are decided from a stretch around what is in sight, this far to its left.
constexpr qint64 colourLead = 2048;

QColor colourOf(Span::Kind kind) {
    const Theme& t = theme();
    switch (kind) {
    case Span::Kind::Key:
    case Span::Kind::Attribute:
        return t.syntaxKey;
    case Span::Kind::String:
        return t.syntaxString;
    case Span::Kind::Number:
        return t.syntaxNumber;
    case Span::Kind::Literal:
        return t.syntaxLiteral;
    case Span::Kind::Tag:
        return t.syntaxTag;
    case Span::Kind::Comment:
        return t.syntaxComment;
    case Span::Kind::Punctuation:
        break;
    }
    return t.text;
}

/// The colour at a byte; spans are in order, and `at` remembers where the last question was answered.
QColor colourAt(const QList<Span>& spans, qsizetype& at, qint64 byte) {
    while (at < spans.size() && spans[at].start + spans[at].length <= byte)
        ++at;
    if (at < spans.size() && spans[at].start <= byte) return colourOf(spans[at].kind);
    return theme().text;
}

QColor withAlpha(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return colour;
}

} // namespace

void BodyView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    const Theme& t = theme();
    painter.fillRect(event->rect(), t.window);
    const qint64 first = firstVisibleLine();
    const qint64 last = qMin(m_lines.lineCount(), first + viewport()->height() / m_lineHeight + 2);
    painter.setFont(viewport()->font());
    painter.setLayoutDirection(Qt::LeftToRight);
    const bool numbered = m_lines.mode() == BodyLines::Mode::Text && !m_lines.bytes().isEmpty();
    for (qint64 line = first; line < last; ++line) {
        const int top = static_cast<int>(line - first) * m_lineHeight;
        if (top > event->rect().bottom() || top + m_lineHeight < event->rect().top()) continue;
        if (numbered) {
            painter.setPen(line == m_caret.line && hasFocus() ? t.muted : t.faint);
            const QString number = QString::number(line + 1);
            const double right = m_gutter - m_cell;
            painter.drawText(QPointF(right - static_cast<double>(number.size()) * m_cell, top + m_ascent),
                             number);
        }
        painter.save();
        painter.setClipRect(m_gutter - 1, top, viewport()->width() - m_gutter + 1, m_lineHeight);
        paintLine(painter, line, top);
        painter.restore();
    }
}

void BodyView::paintLine(QPainter& painter, qint64 line, int top) {
    const LineColumns& columns = columnsOf(line);
    const qint64 from = firstVisibleColumn();
    const qint64 to = from + static_cast<qint64>((viewport()->width() - m_gutter) / m_cell) + 2;
    const std::vector<BodyCell> cells = columns.cells(from, to);
    if (!cells.empty()) widen(cells.back().column + cells.back().width);
    paintGround(painter, line, top, columns);
    if (!cells.empty()) {
        const QList<Span> spans =
            spansOf(line, columns, cells.front().byte, cells.back().byte + cells.back().bytes);
        paintCells(painter, cells, spans, top + m_ascent);
    }
    if (line == m_caret.line && hasFocus()) {
        const QRect caret = cellRect(m_caret);
        painter.fillRect(caret.left(), top + 1, 1, m_lineHeight - 2, theme().text);
    }
}

void BodyView::paintGround(QPainter& painter, qint64 line, int top, const LineColumns& columns) {
    const auto fill = [&](BodyStretch bytes, const QColor& colour) {
        const double width = viewport()->width();
        const double left = qBound(-10.0, columnX(columns.columnOf(bytes.start)), width + 10);
        const double right = qBound(-10.0, columnX(columns.columnOf(bytes.start + bytes.length)), width + 10);
        painter.fillRect(QRectF(left, top, right - left, m_lineHeight), colour);
    };
    if (!m_matches.isEmpty()) {
        const Theme& t = theme();
        const BodyPosition lineStart{line, 0};
        const qint64 offset =
            m_lines.mode() == BodyLines::Mode::Hex ? line * BodyLines::hexRow : m_lines.offsetOf(lineStart);
        const qint64 visibleFrom =
            m_lines.mode() == BodyLines::Mode::Hex ? offset : offset + columns.byteAt(firstVisibleColumn());
        const qint64 visibleTo =
            m_lines.mode() == BodyLines::Mode::Hex
                ? offset + BodyLines::hexRow
                : offset + columns.byteAt(firstVisibleColumn() + horizontalScrollBar()->pageStep() + 2);
        auto match = std::lower_bound(m_matches.begin(), m_matches.end(), visibleFrom,
                                      [](const BodyStretch& m, qint64 v) { return m.start + m.length <= v; });
        for (; match != m_matches.end() && match->start <= visibleTo; ++match) {
            const bool present = match - m_matches.begin() == m_match;
            const QColor colour = present ? withAlpha(t.tone(Tone::Warn).text, 110) : t.tone(Tone::Warn).fill;
            for (const BodyStretch& part : m_lines.shownIn(line, *match))
                fill(part, colour);
        }
    }
    const BodyPosition from = qMin(m_anchor, m_caret);
    const BodyPosition to = qMax(m_anchor, m_caret);
    if (from == to || line < from.line || line > to.line) return;
    const qint64 start = line == from.line ? from.byte : 0;
    const qint64 end = line == to.line ? to.byte : columns.line().size();
    const QColor colour = withAlpha(theme().accent, theme().isDark() ? 90 : 60);
    fill({start, end - start}, colour);
    // The line end is selected too: a stroke behind the text says so.
    if (line != to.line) {
        const double x = columnX(columns.columns());
        painter.fillRect(QRectF(qMax(x, double(m_gutter)), top, m_cell / 2, m_lineHeight), colour);
    }
}

QList<Span> BodyView::spansOf(qint64 line, const LineColumns& columns, qint64 fromByte, qint64 toByte) const {
    if (m_kind != BodyKind::Json && m_kind != BodyKind::Xml && m_kind != BodyKind::Html) return {};
    Q_UNUSED(line)
    const QByteArray& bytes = columns.line();
    if (bytes.size() <= LineColumns::longLine) return highlightLine(bytes, m_kind);
    qint64 start = qMax<qint64>(0, fromByte - colourLead);
    // Begin after a comma or a tag's end, where the state is most likely plain.
    const QByteArrayView lead = QByteArrayView(bytes).sliced(start, fromByte - start);
    const auto plain = start == 0 ? -1 : lead.indexOf(m_kind == BodyKind::Json ? ',' : '>');
    if (plain >= 0) start += plain + 1;
    QList<Span> spans = highlightLine(QByteArrayView(bytes).sliced(start, toByte - start), m_kind);
    for (Span& span : spans)
        span.start += start;
    return spans;
}

void BodyView::paintCells(QPainter& painter, const std::vector<BodyCell>& cells, const QList<Span>& spans,
                          int baseline) {
    qsizetype spanAt = 0;
    for (size_t i = 0; i < cells.size();) {
        const BodyCell& cell = cells[i];
        const QColor colour = colourAt(spans, spanAt, cell.byte);
        const double x = columnX(cell.column);
        QString text = cell.text;
        size_t next = i + 1;
        if (cell.kind == BodyCell::Kind::Simple) {
            // Neighbours of one colour in one go.
            while (next < cells.size() && cells[next].kind == BodyCell::Kind::Simple &&
                   colourAt(spans, spanAt, cells[next].byte) == colour)
                text += cells[next++].text;
        } else if (cell.kind == BodyCell::Kind::Rtl) {
            while (next < cells.size() &&
                   (cells[next].kind == BodyCell::Kind::Rtl ||
                    (cells[next].text == QLatin1String(" ") && next + 1 < cells.size() &&
                     cells[next + 1].kind == BodyCell::Kind::Rtl)))
                text += cells[next++].text;
        }
        i = next;
        if (cell.kind == BodyCell::Kind::Space) continue;
        if (cell.kind == BodyCell::Kind::Escape) {
            painter.setPen(theme().tone(Tone::Warn).text);
        } else {
            painter.setPen(colour);
        }
        painter.drawText(QPointF(x, baseline), text);
    }
}

} // namespace kb
