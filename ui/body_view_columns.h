// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QString>
#include <vector>

namespace kb {

/// What stands in one or more columns: a character with the marks that belong to it.
struct BodyCell {
    enum class Kind {
        Simple,  ///< printable ASCII; neighbours can be drawn together
        Cluster, ///< any other character, drawn at its own column
        Rtl,     ///< written from right to left; neighbours are drawn together so that they join
        Space,   ///< a tab: nothing to draw
        Escape   ///< something that cannot be seen, written out: a control, a broken byte, a direction mark
    };
    qint64 byte = 0; ///< offset in the line
    int bytes = 0;
    qint64 column = 0;
    int width = 1; ///< in columns
    Kind kind = Kind::Simple;
    QString text;
};

/// The columns of one line of UTF-8 in a fixed-pitch view. Nothing is laid out but what is asked for; a long
/// line gets marks on the way, so that a place in its middle is found without walking from its start each
/// time.
class LineColumns {
public:
    static constexpr int tabStop = 4;
    /// Lines longer than this keep marks and are worth caching.
    static constexpr qint64 longLine = 16 * 1024;

    LineColumns() = default;
    /// The line is not copied: whoever made it keeps its bytes.
    explicit LineColumns(QByteArray line);

    const QByteArray& line() const { return m_line; }
    qint64 columns() const;                  ///< width of the whole line
    qint64 columnOf(qint64 byte) const;      ///< of the cell that holds the byte
    qint64 byteAt(qint64 column) const;      ///< start of the cell in that column; the line's end beyond it
    qint64 nearestByte(double column) const; ///< the boundary nearest to a point between columns
    qint64 next(qint64 byte) const;          ///< the boundary after
    qint64 previous(qint64 byte) const;      ///< the boundary before
    std::vector<BodyCell> cells(qint64 fromColumn, qint64 toColumn) const;

private:
    struct Mark {
        qint64 byte;
        qint64 column;
    };
    Mark markBeforeByte(qint64 byte) const;
    Mark markBeforeColumn(qint64 column) const;

    QByteArray m_line;
    std::vector<Mark> m_marks;
    qint64 m_columns = -1; ///< known for long lines
};

} // namespace kb
