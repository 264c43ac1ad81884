// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/yaml_fast_reader.h"

#include <algorithm>

namespace kb::yaml {

namespace {
constexpr int maxDepth = 60;
}

bool FastReader::onlyKnownBytes() const {
    for (qsizetype i = 0; i < m_source.size(); ++i) {
        const auto c = uchar(m_source[i]);
        if (c >= 0x20 && c < 0x7f) continue;
        if (c == '\n' || c == '\t') continue;
        const auto next = i + 1 < m_source.size() ? uchar(m_source[i + 1]) : uchar(0);
        if (c == '\r' && next == '\n') continue;
        // Controls, and what YAML 1.1 takes for a line break or a byte order mark.
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0) || (c == 0xef && next == 0xbb)) return false;
        if (c == 0xe2 && next == 0x80 && i + 2 < m_source.size() && (uchar(m_source[i + 2]) & 0xfe) == 0xa8)
            return false;
    }
    return true;
}

FastReader::Line FastReader::lineAt(qsizetype begin) const {
    Line line;
    line.begin = begin;
    qsizetype end = m_source.indexOf('\n', begin);
    line.next = end < 0 ? m_source.size() : end + 1;
    line.end = end < 0 ? m_source.size() : end;
    if (line.end > begin && m_source[line.end - 1] == '\r') --line.end;
    line.content = begin;
    while (line.content < line.end && m_source[line.content] == ' ')
        ++line.content;
    return line;
}

bool FastReader::peek(Line& line) {
    qsizetype at = m_pos;
    while (at < m_source.size()) {
        line = lineAt(at);
        if (line.content == line.end || m_source[line.content] == '#') {
            at = line.next;
            continue;
        }
        const char c = m_source[line.content];
        if (c == '\t') {
            if (QByteArrayView(m_source).sliced(line.content, line.end - line.content).trimmed().isEmpty()) {
                at = line.next;
                continue;
            }
            return refuse();
        }
        const QByteArrayView content = QByteArrayView(m_source).sliced(line.content, line.end - line.content);
        if (line.indent() == 0 && (content.startsWith("---") || content.startsWith("...") || c == '%'))
            return refuse();
        return true;
    }
    return false;
}

bool FastReader::isDash(const Line& line) const {
    return m_source[line.content] == '-' &&
           (line.content + 1 == line.end || m_source[line.content + 1] == ' ');
}

/// Blanks, or blanks and a comment.
bool FastReader::isBlankRest(qsizetype from, qsizetype end) const {
    qsizetype at = from;
    while (at < end && m_source[at] == ' ')
        ++at;
    return at == end || (m_source[at] == '#' && at > from);
}

bool FastReader::count() {
    return ++m_nodes <= maxNodes || refuse();
}

void FastReader::stamp(Node& node, qsizetype at) {
    if (at < m_lineAt) {
        m_line -= int(std::count(m_source.begin() + at, m_source.begin() + m_lineAt, '\n'));
    } else {
        m_line += int(std::count(m_source.begin() + m_lineAt, m_source.begin() + at, '\n'));
    }
    m_lineAt = at;
    node.line = m_line;
    node.column = int(at - (at > 0 ? m_source.lastIndexOf('\n', at - 1) : -1));
    node.begin = at;
}

std::optional<Node> FastReader::read() {
    if (!onlyKnownBytes()) return std::nullopt;
    // One "---" may open the document; it counts as what stands before the first entry.
    qsizetype lead = 0;
    while (lead < m_source.size()) {
        const Line line = lineAt(lead);
        const QByteArrayView content = QByteArrayView(m_source).sliced(line.content, line.end - line.content);
        if (!content.isEmpty() && content.front() != '#') {
            if (line.indent() == 0 && content.startsWith("---") && isBlankRest(line.begin + 3, line.end))
                m_pos = line.next;
            break;
        }
        lead = line.next;
    }
    Node root;
    stamp(root, 0);
    if (!block(root, 0, 0) || m_refused) return std::nullopt;
    Line rest;
    if (peek(rest) || m_refused) return std::nullopt;
    if (!root.isNull()) {
        root.bodyBegin = 0;
        root.entries.front().lead = 0;
    }
    return root;
}

bool FastReader::block(Node& node, int minimumIndent, int depth) {
    Line line;
    if (!peek(line)) return !m_refused;
    if (line.indent() < minimumIndent) return true;
    if (depth > maxDepth) return refuse();
    stamp(node, line.content);
    node.bodyBegin = m_pos;
    return isDash(line) ? sequence(node, line.indent(), depth) : mapping(node, line.indent(), -1, depth);
}

bool FastReader::key(qsizetype& at, qsizetype end, QByteArray& name) const {
    const char first = m_source[at];
    if (first == '"' || first == '\'') {
        Node node;
        if (!quoted(node, at, end)) return false;
        name = node.text;
    } else {
        const qsizetype begin = at;
        const auto isKeyCharacter = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                   c == '-' || c == '.' || c == '/' || c == '$';
        };
        while (at < end && isKeyCharacter(m_source[at]))
            ++at;
        name = m_source.mid(begin, at - begin);
        if (name.isEmpty() || name == "-") return false;
    }
    if (at >= end || m_source[at] != ':' || (at + 1 < end && m_source[at + 1] != ' ')) return false;
    ++at;
    return true;
}

bool FastReader::mapping(Node& node, int indent, qsizetype firstAt, int depth) {
    node.kind = Node::Kind::Mapping;
    node.indent = indent;
    SeenNames seen;
    while (true) {
        Node::Entry entry;
        entry.lead = m_pos;
        Line line;
        if (firstAt >= 0) { // the first key stands behind a dash
            line = lineAt(m_pos);
            line.content = firstAt;
            entry.lead = firstAt;
            firstAt = -1;
        } else if (!peek(line)) {
            break;
        } else if (line.indent() < indent) {
            break;
        } else if (line.indent() > indent || isDash(line)) {
            return refuse();
        }
        if (!count()) return false;
        entry.start = line.content;
        qsizetype at = line.content;
        if (!key(at, line.end, entry.key) || !seen.add(node, entry.key)) return refuse();
        entry.after = at;
        if (!value(entry.value, at, line, indent, false, depth)) return false;
        entry.end = m_pos;
        node.entries.push_back(std::move(entry));
    }
    node.end = m_pos;
    return !m_refused;
}

bool FastReader::sequence(Node& node, int indent, int depth) {
    node.kind = Node::Kind::Sequence;
    node.indent = indent;
    while (true) {
        Node::Entry entry;
        entry.lead = m_pos;
        Line line;
        if (!peek(line) || line.indent() < indent) break;
        if (line.indent() > indent) return refuse();
        if (!isDash(line)) break; // the next key of the mapping around it, which checks that itself
        if (!count()) return false;
        entry.start = line.content;
        entry.after = line.content + 1;
        qsizetype at = entry.after;
        while (at < line.end && m_source[at] == ' ')
            ++at;
        QByteArray name;
        qsizetype behindKey = at;
        if (at < line.end && key(behindKey, line.end, name)) {
            if (depth > maxDepth) return refuse();
            m_pos = line.begin;
            stamp(entry.value, at);
            entry.value.bodyBegin = at;
            if (!mapping(entry.value, int(at - line.begin), at, depth + 1)) return false;
        } else if (!value(entry.value, entry.after, line, indent, true, depth)) {
            return false;
        }
        entry.end = m_pos;
        node.entries.push_back(std::move(entry));
    }
    node.end = m_pos;
    return !m_refused;
}

bool FastReader::value(Node& node, qsizetype at, const Line& line, int parentIndent, bool inSequence,
                       int depth) {
    if (isBlankRest(at, line.end)) {
        stamp(node, at);
        node.end = at;
        m_pos = line.next;
        return nested(node, line, parentIndent, inSequence, depth);
    }
    while (at < line.end && m_source[at] == ' ')
        ++at;
    stamp(node, at);
    return inlineValue(node, at, line, parentIndent, depth);
}

bool FastReader::nested(Node& node, const Line& line, int parentIndent, bool inSequence, int depth) {
    Line child;
    if (!peek(child)) return !m_refused;
    const bool sequenceHere = !inSequence && child.indent() == parentIndent && isDash(child);
    if (child.indent() <= parentIndent && !sequenceHere) return true; // null
    node.begin = -1;
    if (!block(node, child.indent(), depth + 1)) return false;
    node.bodyBegin = line.next;
    return true;
}

bool FastReader::inlineValue(Node& node, qsizetype at, const Line& line, int parentIndent, int depth) {
    const char c = m_source[at];
    if (c == '|') return literalBlock(node, at, line, parentIndent);
    bool good = false;
    if (c == '"' || c == '\'') {
        node.kind = Node::Kind::Scalar;
        good = quoted(node, at, line.end);
    } else if (c == '[' || c == '{') {
        good = flow(node, at, line.end, depth + 1);
    } else {
        good = plainScalar(node, at, line.end);
    }
    if (!good || !isBlankRest(at, line.end)) return refuse();
    node.end = at;
    m_pos = line.next;
    // A deeper line would continue the scalar, or be an error.
    Line next;
    if (peek(next) && next.indent() > parentIndent) return refuse();
    return !m_refused;
}

} // namespace kb::yaml
