// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QList>
#include <compare>
#include <vector>

namespace kb {

/// A place between two bytes of a shown line.
struct BodyPosition {
    qint64 line = 0;
    qint64 byte = 0; ///< offset in the line as shown
    auto operator<=>(const BodyPosition&) const = default;
};

/// A stretch of bytes, of a body or of one shown line.
struct BodyStretch {
    qint64 start = 0;
    qint64 length = 0;
    bool operator==(const BodyStretch&) const = default;
};

/// The lines of a body over its bytes, which are kept once and never copied whole. Lines end with LF or CRLF.
/// The index holds one mark for many lines, so it stays small beside the bytes. In hex mode a line is sixteen
/// bytes, written out only when asked for.
class BodyLines {
public:
    enum class Mode { Text, Hex };
    static constexpr int hexRow = 16;

    BodyLines() { setBytes({}, Mode::Text); }
    void setBytes(QByteArray bytes, Mode mode);
    const QByteArray& bytes() const { return m_bytes; }
    Mode mode() const { return m_mode; }

    qint64 lineCount() const { return m_lineCount; } ///< at least 1
    qint64 longestLine() const { return m_longest; } ///< the line with the most bytes
    /// The line as shown, without its line end. In text mode it refers to the bytes: valid while they are.
    QByteArray line(qint64 index) const;
    qint64 lineLength(qint64 index) const;

    /// Where a byte of the body stands.
    BodyPosition positionOf(qint64 offset) const;
    /// The byte of the body a position stands at or, in hex mode, the row's byte nearest to it.
    qint64 offsetOf(BodyPosition position) const;
    /// Where a stretch of the body's bytes is shown in one line: nothing, one part, or two in hex mode.
    QList<BodyStretch> shownIn(qint64 line, BodyStretch ofBytes) const;
    /// The shown text between two positions, line ends as in the body.
    QByteArray text(BodyPosition from, BodyPosition to) const;
    /// The number of bytes text() would give, without making them.
    qint64 textSize(BodyPosition from, BodyPosition to) const;

private:
    struct Mark {
        qint64 line;
        qint64 offset;
    };
    qint64 lineStart(qint64 index) const;
    BodyStretch lineStretch(qint64 index) const;
    QByteArray hexLine(qint64 index) const;
    int offsetDigits() const;

    QByteArray m_bytes;
    Mode m_mode = Mode::Text;
    std::vector<Mark> m_marks;
    qint64 m_lineCount = 1;
    qint64 m_longest = 0;
};

} // namespace kb
