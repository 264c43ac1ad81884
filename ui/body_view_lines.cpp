// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view_lines.h"

#include <algorithm>
#include <cstring>

namespace kb {

namespace {

// A mark every so many lines or bytes: at most this much is searched to find a line's start.
constexpr qint64 linesPerMark = 64;
constexpr qint64 bytesPerMark = 64 * 1024;

} // namespace

void BodyLines::setBytes(QByteArray bytes, Mode mode) {
    m_bytes = std::move(bytes);
    m_mode = mode;
    m_marks.clear();
    m_longest = 0;
    const qint64 size = m_bytes.size();
    if (mode == Mode::Hex) {
        m_lineCount = qMax<qint64>(1, (size + hexRow - 1) / hexRow);
        return;
    }
    const char* data = m_bytes.constData();
    qint64 line = 0;
    qint64 start = 0;
    qint64 longest = -1;
    m_marks.push_back({0, 0});
    while (start < size) {
        const void* found = std::memchr(data + start, '\n', static_cast<size_t>(size - start));
        const qint64 end = found ? static_cast<const char*>(found) - data : size;
        if (end - start > longest) {
            longest = end - start;
            m_longest = line;
        }
        start = end + 1;
        ++line;
        const Mark& last = m_marks.back();
        if (start < size && (line - last.line >= linesPerMark || start - last.offset >= bytesPerMark))
            m_marks.push_back({line, start});
    }
    m_lineCount = qMax<qint64>(1, line);
    m_marks.shrink_to_fit();
}

qint64 BodyLines::lineStart(qint64 index) const {
    const auto after = std::upper_bound(m_marks.begin(), m_marks.end(), index,
                                        [](qint64 line, const Mark& mark) { return line < mark.line; });
    const Mark& mark = *(after - 1);
    const char* data = m_bytes.constData();
    qint64 offset = mark.offset;
    for (qint64 line = mark.line; line < index; ++line) {
        const void* found = std::memchr(data + offset, '\n', static_cast<size_t>(m_bytes.size() - offset));
        if (!found) return m_bytes.size();
        offset = static_cast<const char*>(found) - data + 1;
    }
    return offset;
}

BodyStretch BodyLines::lineStretch(qint64 index) const {
    const qint64 start = lineStart(index);
    const char* data = m_bytes.constData();
    const qint64 left = m_bytes.size() - start;
    const void* found = left > 0 ? std::memchr(data + start, '\n', static_cast<size_t>(left)) : nullptr;
    qint64 end = found ? static_cast<const char*>(found) - data : m_bytes.size();
    if (found && end > start && data[end - 1] == '\r') --end;
    return {start, end - start};
}

QByteArray BodyLines::line(qint64 index) const {
    if (index < 0 || index >= m_lineCount) return {};
    if (m_mode == Mode::Hex) return hexLine(index);
    const BodyStretch stretch = lineStretch(index);
    return QByteArray::fromRawData(m_bytes.constData() + stretch.start, stretch.length);
}

qint64 BodyLines::lineLength(qint64 index) const {
    if (index < 0 || index >= m_lineCount) return 0;
    return m_mode == Mode::Hex ? hexLine(index).size() : lineStretch(index).length;
}

int BodyLines::offsetDigits() const {
    return m_bytes.size() > 0xffffffffLL ? 12 : 8;
}

QByteArray BodyLines::hexLine(qint64 index) const {
    const qint64 start = index * hexRow;
    const int count = static_cast<int>(qBound(qint64(0), m_bytes.size() - start, qint64(hexRow)));
    if (count == 0) return {};
    static const char digits[] = "0123456789abcdef";
    QByteArray out = QByteArray::number(start, 16).rightJustified(offsetDigits(), '0') + "  ";
    for (int i = 0; i < hexRow; ++i) {
        if (i < count) {
            const auto byte = static_cast<uchar>(m_bytes[start + i]);
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += "  ";
        }
        out += i == hexRow / 2 - 1 ? "  " : " ";
    }
    out += ' ';
    for (int i = 0; i < count; ++i) {
        const char byte = m_bytes[start + i];
        out += byte >= 0x20 && byte < 0x7f ? byte : '.';
    }
    return out;
}

BodyPosition BodyLines::positionOf(qint64 offset) const {
    offset = qBound<qint64>(0, offset, m_bytes.size());
    if (m_mode == Mode::Hex) {
        const qint64 line = qMin(offset / hexRow, m_lineCount - 1);
        const qint64 column = qMin<qint64>(offset - line * hexRow, hexRow - 1);
        return {line, offsetDigits() + 2 + 3 * column + (column >= hexRow / 2 ? 1 : 0)};
    }
    const auto after = std::upper_bound(m_marks.begin(), m_marks.end(), offset,
                                        [](qint64 value, const Mark& mark) { return value < mark.offset; });
    Mark at = *(after - 1);
    const char* data = m_bytes.constData();
    while (at.line < m_lineCount - 1) {
        const void* found = std::memchr(data + at.offset, '\n', static_cast<size_t>(offset - at.offset));
        if (!found) break;
        at.offset = static_cast<const char*>(found) - data + 1;
        ++at.line;
    }
    return {at.line, qMin(offset - at.offset, lineLength(at.line))};
}

qint64 BodyLines::offsetOf(BodyPosition position) const {
    if (m_mode == Mode::Text) return lineStart(position.line) + position.byte;
    const qint64 first = offsetDigits() + 2;
    const qint64 ascii = first + 3 * hexRow + 2;
    qint64 column = 0;
    if (position.byte >= ascii)
        column = position.byte - ascii;
    else if (position.byte > first)
        column = (position.byte - first - (position.byte > first + 3 * (hexRow / 2) ? 1 : 0)) / 3;
    return qMin<qint64>(position.line * hexRow + qMin<qint64>(column, hexRow - 1), m_bytes.size());
}

QList<BodyStretch> BodyLines::shownIn(qint64 line, BodyStretch ofBytes) const {
    if (m_mode == Mode::Text) {
        const BodyStretch whole = lineStretch(line);
        const qint64 from = qMax(whole.start, ofBytes.start);
        const qint64 to = qMin(whole.start + whole.length, ofBytes.start + ofBytes.length);
        if (from >= to) return {};
        return {{from - whole.start, to - from}};
    }
    const qint64 rowStart = line * hexRow;
    const qint64 from = qMax(rowStart, ofBytes.start) - rowStart;
    const qint64 to = qMin(rowStart + hexRow, ofBytes.start + ofBytes.length) - rowStart;
    if (from >= to) return {};
    const auto hexColumn = [this](qint64 i) {
        return offsetDigits() + 2 + 3 * i + (i >= hexRow / 2 ? 1 : 0);
    };
    const qint64 ascii = offsetDigits() + 2 + 3 * hexRow + 2;
    return {{hexColumn(from), hexColumn(to - 1) + 2 - hexColumn(from)}, {ascii + from, to - from}};
}

qint64 BodyLines::textSize(BodyPosition from, BodyPosition to) const {
    if (from >= to) return 0;
    if (m_mode == Mode::Text) return offsetOf(to) - offsetOf(from);
    return (to.line - from.line) * 77 + to.byte - from.byte;
}

QByteArray BodyLines::text(BodyPosition from, BodyPosition to) const {
    if (from >= to) return {};
    if (m_mode == Mode::Text) {
        const qint64 start = offsetOf(from);
        return m_bytes.mid(start, offsetOf(to) - start);
    }
    QByteArray out;
    for (qint64 row = from.line; row <= to.line; ++row) {
        QByteArray shown = hexLine(row);
        if (row == to.line) shown.truncate(to.byte);
        out += row == from.line ? shown.mid(from.byte) : shown;
        if (row < to.line) out += '\n';
    }
    return out;
}

} // namespace kb
