// SPDX-License-Identifier: GPL-3.0-or-later
// The scalars and one-line flow collections of the fast reader.
#include "core/workspace/yaml_fast_reader.h"
#include "core/workspace/yaml_scalar.h"

#include <cstring>

namespace kb::yaml {

static bool isNullWord(const QByteArray& word) {
    return word == "null" || word == "~" || word == "Null" || word == "NULL";
}

bool FastReader::literalBlock(Node& node, qsizetype at, const Line& header, int parentIndent) {
    node.kind = Node::Kind::Scalar;
    node.literal = true;
    char chomping = ' ';
    int blockIndent = -1;
    for (++at; at < header.end && m_source[at] != ' '; ++at) {
        const char c = m_source[at];
        if ((c == '-' || c == '+') && chomping == ' ')
            chomping = c;
        else if (c >= '1' && c <= '9' && blockIndent < 0)
            blockIndent = parentIndent + (c - '0');
        else
            return refuse();
    }
    if (!isBlankRest(at, header.end)) return refuse();

    qsizetype pos = header.next;
    qsizetype contentEnd = header.next; // behind the last line that is not blank
    qsizetype keptSize = 0;             // of the text up to there
    while (pos < m_source.size()) {
        const Line line = lineAt(pos);
        const bool blank = line.content == line.end;
        if (!blank && blockIndent < 0) {
            if (line.indent() <= parentIndent) break;
            blockIndent = line.indent();
        }
        if (!blank && line.indent() < blockIndent) break;
        if (blank && (blockIndent < 0 || line.indent() > blockIndent) && line.indent() > 0)
            return refuse(); // blanks that may or may not be content
        if (!blank) {
            node.text += QByteArrayView(m_source).sliced(pos + blockIndent, line.end - pos - blockIndent);
            keptSize = node.text.size();
            contentEnd = line.next;
        }
        node.text += '\n';
        pos = line.next;
    }
    if (contentEnd == header.next) return refuse(); // nothing but blank lines: rare, and read differently
    if (contentEnd == m_source.size() && !m_source.endsWith('\n') && chomping != '-')
        return refuse(); // no line end behind the last line: whether the text has one is disputed
    if (chomping != '+') node.text.truncate(keptSize);
    if (chomping == ' ') node.text += '\n';
    m_pos = chomping == '+' ? pos : contentEnd;
    node.end = m_pos;
    Line next;
    if (peek(next) && next.indent() > parentIndent) return refuse();
    return !m_refused;
}

bool FastReader::quoted(Node& node, qsizetype& at, qsizetype end) const {
    const char quote = m_source[at];
    const qsizetype begin = ++at;
    node.kind = Node::Kind::Scalar;
    bool special = false;
    for (; at < end; ++at) {
        const char c = m_source[at];
        if (c == '\t') return false;
        const bool escaped = quote == '"' ? c == '\\' : c == '\'' && at + 1 < end && m_source[at + 1] == '\'';
        if (escaped) {
            special = true;
            ++at;
        } else if (c == quote) {
            break;
        }
    }
    if (at >= end) return false;
    const QByteArrayView inside = QByteArrayView(m_source).sliced(begin, at - begin);
    ++at;
    if (!special) {
        node.text = inside.toByteArray();
        return true;
    }
    if (quote == '\'') {
        node.text = inside.toByteArray().replace("''", "'");
        return true;
    }
    const auto text = unescapeDouble(inside);
    if (!text) return false;
    node.text = *text;
    return true;
}

bool FastReader::plainScalar(Node& node, qsizetype& at, qsizetype end) const {
    const qsizetype begin = at;
    const char first = m_source[at];
    if (std::strchr(",[]{}#&*!|>'\"%@`", first)) return false;
    if (std::strchr("-?:", first) && (at + 1 >= end || m_source[at + 1] == ' ')) return false;
    qsizetype last = at; // behind the last character that is no blank
    for (; at < end; ++at) {
        const char c = m_source[at];
        if (c == '\t' || (c == ':' && (at + 1 >= end || m_source[at + 1] == ' '))) return false;
        if (c == '#' && m_source[at - 1] == ' ') break;
        if (c != ' ') last = at + 1;
    }
    at = last;
    node.text = m_source.mid(begin, last - begin);
    node.plain = true;
    node.kind = Node::Kind::Scalar;
    if (isNullWord(node.text)) {
        node.text.clear();
        node.kind = Node::Kind::Null;
    }
    return true;
}

bool FastReader::flowScalar(Node& node, qsizetype& at, qsizetype end) const {
    if (at >= end) return false;
    node.begin = at;
    if (m_source[at] == '"' || m_source[at] == '\'') return quoted(node, at, end);
    const qsizetype begin = at;
    while (at < end && !std::strchr(",[]{}:", m_source[at]))
        ++at;
    const QByteArrayView word = QByteArrayView(m_source).sliced(begin, at - begin).trimmed();
    // Only plain words and numbers; anything that could mean more goes to the full reader.
    for (const char c : word) {
        const bool known = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '_' || c == '.' || c == '/' || c == '-' || uchar(c) >= 0x80;
        if (!known) return false;
    }
    if (word.isEmpty() || word.front() == '-') return false;
    node.text = word.toByteArray();
    node.plain = true;
    node.kind = isNullWord(node.text) ? Node::Kind::Null : Node::Kind::Scalar;
    return true;
}

bool FastReader::flow(Node& node, qsizetype& at, qsizetype end, int depth) {
    if (depth > 20) return refuse();
    SeenNames seen;
    const bool isMap = m_source[at] == '{';
    const char close = isMap ? '}' : ']';
    node.kind = isMap ? Node::Kind::Mapping : Node::Kind::Sequence;
    const auto skipBlanks = [&] {
        while (at < end && m_source[at] == ' ')
            ++at;
        return at < end;
    };
    ++at;
    if (!skipBlanks()) return false;
    if (m_source[at] == close) {
        ++at;
        return true;
    }
    while (true) {
        Node::Entry entry;
        if (!count() || !skipBlanks()) return false;
        if (isMap) {
            Node name;
            if (!flowScalar(name, at, end) || name.isNull() || !skipBlanks() || m_source[at] != ':')
                return false;
            if (at + 1 < end && m_source[at + 1] != ' ') return false;
            ++at;
            entry.key = name.text;
            if (!seen.add(node, entry.key) || !skipBlanks()) return false;
        }
        stamp(entry.value, at);
        if (m_source[at] == '[' || m_source[at] == '{') {
            if (!flow(entry.value, at, end, depth + 1)) return false;
        } else if (!flowScalar(entry.value, at, end)) {
            return false;
        }
        node.entries.push_back(std::move(entry));
        if (!skipBlanks()) return false;
        const char c = m_source[at];
        ++at;
        if (c == close) return true;
        if (c != ',') return false;
    }
}

} // namespace kb::yaml
