// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view_columns.h"

#include <QChar>
#include <algorithm>
#include <cstring>

namespace kb {

namespace {

constexpr qint64 bytesPerColumnMark = 8 * 1024;

struct CodePoint {
    char32_t value = 0;
    int bytes = 1;
    bool broken = false;
};

/// One code point of UTF-8 (RFC 3629 §4): no overlong forms, no surrogates; a byte that fits nowhere is
/// broken.
CodePoint decode(const char* at, const char* end) {
    const auto byte = [&](int i) { return static_cast<uchar>(at[i]); };
    const uchar lead = byte(0);
    if (lead < 0x80) return {lead, 1, false};
    const int length = lead >= 0xc2 && lead < 0xe0   ? 2
                       : lead >= 0xe0 && lead < 0xf0 ? 3
                       : lead >= 0xf0 && lead < 0xf5 ? 4
                                                     : 0;
    if (length == 0 || end - at < length) return {lead, 1, true};
    char32_t value = length == 2 ? lead & 0x1fU : length == 3 ? lead & 0x0fU : lead & 0x07U;
    for (int i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {lead, 1, true};
        value = (value << 6) | (byte(i) & 0x3fU);
    }
    const bool wrong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000) ||
                       value > 0x10ffff || (value >= 0xd800 && value < 0xe000);
    if (wrong) return {lead, 1, true};
    return {value, length, false};
}

/// Wide in the sense of UAX #11, by block: good enough for columns.
bool isWide(char32_t c) {
    static constexpr char32_t ranges[][2] = {
        {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23f3},   {0x2614, 0x2615},   {0x2648, 0x2653},
        {0x26a1, 0x26a1},   {0x26bd, 0x26be},   {0x2705, 0x2705},   {0x270a, 0x270b},   {0x274c, 0x274c},
        {0x2753, 0x2757},   {0x2795, 0x2797},   {0x2b50, 0x2b55},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
        {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f004, 0x1f004},
        {0x1f18e, 0x1f19a}, {0x1f200, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff},
        {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}};
    if (c < 0x1100) return false;
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [c](const auto& range) { return c >= range[0] && c <= range[1]; });
}

bool isRegionalIndicator(char32_t c) {
    return c >= 0x1f1e6 && c <= 0x1f1ff;
}

bool isMark(char32_t c) {
    if (c < 0x300) return false;
    if (c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff)) return true;
    const QChar::Category category = QChar::category(c);
    return category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing;
}

/// Characters that show nothing or turn the text around: written out, so that nothing hides in an answer.
bool isHidden(char32_t c) {
    if (c < 0x80) return false;
    if (c < 0xa0 || c == 0xad) return true;
    if (c < 0x200b) return c == 0x061c || c == 0x180e;
    return (c <= 0x200f && c != 0x200d) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
           c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f) ||
           QChar::category(c) == QChar::Other_NotAssigned;
}

bool isRtl(char32_t c) {
    if (c < 0x590) return false;
    const QChar::Direction direction = QChar::direction(c);
    return direction == QChar::DirR || direction == QChar::DirAL;
}

QString hexOf(char32_t value) {
    return QString::number(static_cast<uint>(value), 16).toUpper();
}

/// Walks the cells of a line from a mark on.
class Walker {
public:
    Walker(const QByteArray& line, qint64 byte, qint64 column)
        : m_start(line.constData()), m_end(m_start + line.size()), m_at(m_start + byte), m_column(column) {}

    bool atEnd() const { return m_at >= m_end; }
    qint64 byte() const { return m_at - m_start; }
    qint64 column() const { return m_column; }

    /// Skips printable ASCII eight at a time, up to but not into `byteLimit` and `columnLimit`.
    void skipSimple(qint64 byteLimit, qint64 columnLimit) {
        // The cell at the end could have a combining mark behind it, so stop eight before each limit.
        while (m_end - m_at > 16 && byte() + 16 < byteLimit && m_column + 16 < columnLimit) {
            quint64 word;
            std::memcpy(&word, m_at, 8);
            constexpr quint64 high = 0x8080808080808080ULL;
            const quint64 below = (word - 0x2020202020202020ULL) & ~word;
            const quint64 del = word ^ 0x7f7f7f7f7f7f7f7fULL;
            if ((word & high) || (below & high) || ((del - 0x0101010101010101ULL) & ~del & high)) return;
            if (static_cast<uchar>(m_at[8]) >= 0x80) return;
            m_at += 8;
            m_column += 8;
        }
    }

    /// The cell here, and on to the next. Text is made only when asked for.
    BodyCell take(bool withText) {
        BodyCell cell;
        cell.byte = byte();
        cell.column = m_column;
        const CodePoint first = decode(m_at, m_end);
        m_at += first.bytes;
        const char32_t c = first.value;
        if (first.broken) {
            escape(cell, withText ? QLatin1String("\\x") + hexOf(c).rightJustified(2, u'0') : QString(), 4);
        } else if (c == '\t') {
            cell.kind = BodyCell::Kind::Space;
            cell.width = LineColumns::tabStop - static_cast<int>(m_column % LineColumns::tabStop);
        } else if (c < 0x20 || c == 0x7f) {
            // The way terminals write them: every font has these signs.
            escape(cell,
                   withText ? QLatin1Char('^') + QString(QChar(static_cast<ushort>(c ^ 0x40))) : QString(),
                   2);
        } else if (c < 0x7f) {
            if (withText) cell.text = QChar(static_cast<ushort>(c));
        } else if (isHidden(c)) {
            const QString code = hexOf(c).rightJustified(4, u'0');
            escape(cell, QLatin1Char('<') + code + QLatin1Char('>'), static_cast<int>(code.size()) + 2);
        } else {
            cell.kind = isRtl(c) ? BodyCell::Kind::Rtl : BodyCell::Kind::Cluster;
            cell.width = isWide(c) || isRegionalIndicator(c) ? 2 : 1;
            if (withText) cell.text = QString::fromUcs4(&c, 1);
        }
        if (cell.kind != BodyCell::Kind::Escape && cell.kind != BodyCell::Kind::Space)
            addMarks(cell, c, withText);
        cell.bytes = static_cast<int>(byte() - cell.byte);
        m_column += cell.width;
        return cell;
    }

private:
    static void escape(BodyCell& cell, const QString& text, int width) {
        cell.kind = BodyCell::Kind::Escape;
        cell.text = text;
        cell.width = width;
    }

    /// Combining marks, joined emoji and the second half of a flag belong to the cell before them.
    void addMarks(BodyCell& cell, char32_t before, bool withText) {
        bool flagOpen = isRegionalIndicator(before);
        // A cell without end would be a way to hang the view.
        for (int i = 0; i < 32 && m_at < m_end && static_cast<uchar>(*m_at) >= 0x80; ++i) {
            const CodePoint next = decode(m_at, m_end);
            if (next.broken) return;
            const bool joined = before == 0x200d && !isHidden(next.value);
            const bool flag = flagOpen && isRegionalIndicator(next.value);
            if (!isMark(next.value) && !joined && !flag) return;
            flagOpen = false;
            before = next.value;
            m_at += next.bytes;
            if (cell.kind == BodyCell::Kind::Simple) cell.kind = BodyCell::Kind::Cluster;
            if (withText) cell.text += QString::fromUcs4(&next.value, 1);
        }
    }

    const char* m_start;
    const char* m_end;
    const char* m_at;
    qint64 m_column;
};

constexpr qint64 noLimit = std::numeric_limits<qint64>::max() / 2;

} // namespace

LineColumns::LineColumns(QByteArray line) : m_line(std::move(line)) {
    if (m_line.size() <= longLine) return;
    Walker walker(m_line, 0, 0);
    qint64 nextMark = bytesPerColumnMark;
    while (!walker.atEnd()) {
        walker.skipSimple(nextMark, noLimit);
        if (walker.byte() >= nextMark) {
            m_marks.push_back({walker.byte(), walker.column()});
            nextMark = walker.byte() + bytesPerColumnMark;
        }
        walker.take(false);
    }
    m_columns = walker.column();
}

LineColumns::Mark LineColumns::markBeforeByte(qint64 byte) const {
    const auto after = std::upper_bound(m_marks.begin(), m_marks.end(), byte,
                                        [](qint64 value, const Mark& mark) { return value < mark.byte; });
    return after == m_marks.begin() ? Mark{0, 0} : *(after - 1);
}

LineColumns::Mark LineColumns::markBeforeColumn(qint64 column) const {
    const auto after = std::upper_bound(m_marks.begin(), m_marks.end(), column,
                                        [](qint64 value, const Mark& mark) { return value < mark.column; });
    return after == m_marks.begin() ? Mark{0, 0} : *(after - 1);
}

qint64 LineColumns::columns() const {
    if (m_columns >= 0) return m_columns;
    return columnOf(m_line.size());
}

qint64 LineColumns::columnOf(qint64 byte) const {
    const Mark mark = markBeforeByte(byte);
    Walker walker(m_line, mark.byte, mark.column);
    while (!walker.atEnd()) {
        walker.skipSimple(byte, noLimit);
        const BodyCell cell = walker.take(false);
        if (cell.byte + cell.bytes > byte) return cell.column;
    }
    return walker.column();
}

qint64 LineColumns::byteAt(qint64 column) const {
    const Mark mark = markBeforeColumn(column);
    Walker walker(m_line, mark.byte, mark.column);
    while (!walker.atEnd()) {
        walker.skipSimple(noLimit, column);
        const BodyCell cell = walker.take(false);
        if (cell.column + cell.width > column) return cell.byte;
    }
    return m_line.size();
}

qint64 LineColumns::nearestByte(double column) const {
    if (column <= 0) return 0;
    const qint64 byte = byteAt(static_cast<qint64>(column));
    if (byte >= m_line.size()) return m_line.size();
    const qint64 after = next(byte);
    const qint64 left = columnOf(byte);
    const qint64 right = after >= m_line.size() ? columns() : columnOf(after);
    return column - static_cast<double>(left) > static_cast<double>(right - left) / 2 ? after : byte;
}

qint64 LineColumns::next(qint64 byte) const {
    if (byte >= m_line.size()) return m_line.size();
    const Mark mark = markBeforeByte(byte);
    Walker walker(m_line, mark.byte, mark.column);
    while (!walker.atEnd()) {
        walker.skipSimple(byte, noLimit);
        const BodyCell cell = walker.take(false);
        if (cell.byte + cell.bytes > byte) return cell.byte + cell.bytes;
    }
    return m_line.size();
}

qint64 LineColumns::previous(qint64 byte) const {
    if (byte <= 0) return 0;
    const Mark mark = markBeforeByte(byte - 1);
    Walker walker(m_line, mark.byte, mark.column);
    while (!walker.atEnd()) {
        walker.skipSimple(byte - 1, noLimit);
        const BodyCell cell = walker.take(false);
        if (cell.byte + cell.bytes >= byte) return cell.byte;
    }
    return 0;
}

std::vector<BodyCell> LineColumns::cells(qint64 fromColumn, qint64 toColumn) const {
    std::vector<BodyCell> out;
    const Mark mark = markBeforeColumn(fromColumn);
    Walker walker(m_line, mark.byte, mark.column);
    while (!walker.atEnd() && walker.column() < toColumn) {
        walker.skipSimple(noLimit, fromColumn);
        BodyCell cell = walker.take(true);
        if (cell.column + cell.width > fromColumn) out.push_back(std::move(cell));
    }
    return out;
}

} // namespace kb
