// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

namespace kb {

namespace {

bool isJsonSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class JsonLine {
public:
    explicit JsonLine(QByteArrayView line) : m_line(line) {}

    QList<Span> spans() {
        qsizetype i = 0;
        while (i < m_line.size()) {
            const qsizetype start = i;
            const char c = m_line[i];
            if (c == '"') {
                i = stringEnd(i);
                add(start, i, isKey(i) ? Span::Kind::Key : Span::Kind::String);
            } else if (QByteArrayView("{}[]:,").contains(c)) {
                add(start, ++i, Span::Kind::Punctuation);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                while (i < m_line.size() && QByteArrayView("+-.eE0123456789").contains(m_line[i]))
                    ++i;
                add(start, i, Span::Kind::Number);
            } else if (c >= 'a' && c <= 'z') {
                while (i < m_line.size() && m_line[i] >= 'a' && m_line[i] <= 'z')
                    ++i;
                const QByteArrayView word = m_line.sliced(start, i - start);
                if (word == "true" || word == "false" || word == "null") add(start, i, Span::Kind::Literal);
            } else {
                ++i;
            }
        }
        return m_spans;
    }

private:
    void add(qsizetype start, qsizetype end, Span::Kind kind) { m_spans.append({start, end - start, kind}); }

    qsizetype stringEnd(qsizetype start) const {
        for (qsizetype i = start + 1; i < m_line.size(); ++i) {
            if (m_line[i] == '\\')
                ++i;
            else if (m_line[i] == '"')
                return i + 1;
        }
        return m_line.size();
    }

    bool isKey(qsizetype end) const {
        while (end < m_line.size() && isJsonSpace(m_line[end]))
            ++end;
        return end < m_line.size() && m_line[end] == ':';
    }

    QByteArrayView m_line;
    QList<Span> m_spans;
};

class MarkupLine {
public:
    explicit MarkupLine(QByteArrayView line) : m_line(line) {}

    QList<Span> spans() {
        while (true) {
            m_at = m_line.indexOf('<', m_at);
            if (m_at < 0) return m_spans;
            const QByteArrayView rest = m_line.sliced(m_at);
            if (rest.startsWith("<!--"))
                until("-->", Span::Kind::Comment);
            else if (rest.startsWith("<![CDATA["))
                until("]]>", Span::Kind::String);
            else if (rest.size() > 1 && !isJsonSpace(rest[1]))
                tag();
            else
                ++m_at;
        }
    }

private:
    void add(qsizetype start, qsizetype end, Span::Kind kind) {
        if (end > start) m_spans.append({start, end - start, kind});
    }

    void until(QByteArrayView closing, Span::Kind kind) {
        const qsizetype found = m_line.indexOf(closing, m_at);
        const qsizetype end = found < 0 ? m_line.size() : found + closing.size();
        add(m_at, end, kind);
        m_at = end;
    }

    static bool endsName(char c) { return isJsonSpace(c) || c == '=' || c == '>' || c == '/' || c == '?'; }

    /// Brackets and name are the tag; then attributes and their values until it closes.
    void tag() {
        qsizetype start = m_at;
        m_at += 2;
        while (m_at < m_line.size() && !endsName(m_line[m_at]))
            ++m_at;
        add(start, m_at, Span::Kind::Tag);
        while (m_at < m_line.size()) {
            const char c = m_line[m_at];
            start = m_at;
            if (c == '>') {
                add(start, ++m_at, Span::Kind::Tag);
                return;
            }
            if (c == '/' || c == '?') {
                add(start, ++m_at, Span::Kind::Tag);
            } else if (c == '"' || c == '\'') {
                const qsizetype close = m_line.indexOf(c, m_at + 1);
                m_at = close < 0 ? m_line.size() : close + 1;
                add(start, m_at, Span::Kind::String);
            } else if (c == '=') {
                add(start, ++m_at, Span::Kind::Punctuation);
            } else if (isJsonSpace(c)) {
                ++m_at;
            } else {
                while (m_at < m_line.size() && !endsName(m_line[m_at]))
                    ++m_at;
                const bool value = start > 0 && m_line[start - 1] == '=';
                add(start, m_at, value ? Span::Kind::String : Span::Kind::Attribute);
            }
        }
    }

    QByteArrayView m_line;
    qsizetype m_at = 0;
    QList<Span> m_spans;
};

} // namespace

QList<Span> highlightLine(QByteArrayView line, BodyKind kind) {
    switch (kind) {
    case BodyKind::Json:
        return JsonLine(line).spans();
    case BodyKind::Xml:
    case BodyKind::Html:
        return MarkupLine(line).spans();
    default:
        return {};
    }
}

} // namespace kb
