// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/body_view.h"
#include "ui/body_view_columns.h"
#include "ui/body_view_lines.h"

#include <QAbstractScrollArea>
#include <QTimer>
#include <deque>

namespace kb {

/// Shows a body of any size: only what is in sight is laid out and coloured. Fixed pitch, lines and columns
/// are the units of scrolling, so neither many lines nor one very long line costs more than a screenful.
class BodyView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    /// More than this is not put on the clipboard.
    static constexpr qint64 copyLimit = 32 * 1024 * 1024;

    explicit BodyView(QWidget* parent = nullptr);

    void setText(const QByteArray& utf8, BodyKind kind); ///< kind decides the colours
    void setHex(const QByteArray& bytes);
    void clear() { setText({}, BodyKind::Empty); }
    const BodyLines& lines() const { return m_lines; }
    /// While set, nothing goes to the mouse selection clipboard by itself.
    void setSensitive(bool sensitive) { m_sensitive = sensitive; }

    BodyPosition caret() const { return m_caret; }
    void setCaret(BodyPosition position, bool select = false);
    bool hasSelection() const { return m_caret != m_anchor; }
    QString selectedText() const;
    void selectAll();
    /// Copies the selection. Without one, or with too much of it, nothing happens but copyRefused().
    void copy();

    void setMatches(const QList<BodyStretch>& matches);
    /// Marks one match as the present one and brings it into sight; -1 for none.
    void showMatch(qsizetype index);
    qsizetype matchCount() const { return m_matches.size(); }
    /// The first match at or after the caret.
    qsizetype matchAfterCaret() const;

    qint64 firstVisibleLine() const;
    qint64 visibleLines() const; ///< whole ones, at least 1
    qint64 firstVisibleColumn() const;
    /// What is in sight, for screen readers; very long lines are cut.
    QString visibleText() const;
    int visibleOffset(BodyPosition position) const; ///< into visibleText()
    BodyPosition positionAtVisibleOffset(int offset) const;
    QRect cellRect(BodyPosition position) const; ///< in the viewport
    BodyPosition positionAt(QPoint viewportPoint) const;

    QSize sizeHint() const override { return {480, 240}; }
    QSize minimumSizeHint() const override { return {160, 72}; }

Q_SIGNALS:
    void caretMoved();
    void findRequested();
    void copied(); ///< something was put on the clipboard
    void copyRefused(const QString& why);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void setBytes(const QByteArray& bytes, BodyLines::Mode mode, BodyKind kind);
    void updateMetrics();
    void updateScrollBars();
    void widen(qint64 columns);
    const LineColumns& columnsOf(qint64 line) const;
    void ensureVisible(BodyPosition position, int marginColumns);
    BodyPosition clamped(BodyPosition position) const;
    BodyPosition movedBy(BodyPosition from, qint64 lines) const;
    BodyPosition wordEdge(BodyPosition from, bool forward) const;
    bool handleMove(QKeyEvent* event);
    void autoScroll();
    void paintLine(QPainter& painter, qint64 line, int top);
    void paintCells(QPainter& painter, const std::vector<BodyCell>& cells, const QList<Span>& spans,
                    int baseline);
    void paintGround(QPainter& painter, qint64 line, int top, const LineColumns& columns);
    QList<Span> spansOf(qint64 line, const LineColumns& columns, qint64 fromByte, qint64 toByte) const;
    double columnX(qint64 column) const;

    BodyLines m_lines;
    BodyKind m_kind = BodyKind::Empty;
    QList<BodyStretch> m_matches;
    qsizetype m_match = -1;
    BodyPosition m_caret;
    BodyPosition m_anchor;
    qint64 m_wishColumn = -1; ///< the column up and down keys keep to
    qint64 m_widest = 0;      ///< columns of the widest line seen
    double m_cell = 8;
    int m_lineHeight = 16;
    int m_ascent = 12;
    int m_gutter = 40;
    QPoint m_wheelRest;
    QPoint m_dragPoint;
    QTimer m_dragScroll;
    bool m_dragging = false;
    bool m_sensitive = false;
    mutable std::deque<std::pair<qint64, LineColumns>> m_columnCache; ///< long lines, the latest first
    mutable std::pair<qint64, LineColumns> m_shortLine{-1, LineColumns()};
};

} // namespace kb
