// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

#include "core/http/indent.h"

namespace kb {

namespace {

/// Walks the tokens once, without recursion, and copies each as it stands. Only the white space between
/// tokens is replaced, and only once the next token has proved good.
class JsonPrinter {
public:
    explicit JsonPrinter(QByteArrayView text) : m_text(text), m_indent(m_out, text.size()) {
        m_out.reserve(text.size() + text.size() / 2);
    }

    QByteArray print() {
        if (m_text.startsWith("\xef\xbb\xbf")) copy(0, 3);
        m_done = m_out.size();
        while (m_expect != Expect::Nothing && step()) {
        }
        qsizetype rest = m_done;
        if (m_expect == Expect::Nothing) {
            // Behind a whole value only white space may follow, and it is not worth showing.
            skipSpace(rest);
            if (rest < m_text.size()) rest = m_done;
        }
        copy(rest, m_text.size());
        return m_out;
    }

private:
    enum class Expect { Value, ValueOrClose, Key, KeyOrClose, Colon, CommaOrClose, Nothing };

    void copy(qsizetype from, qsizetype to) { m_out.append(m_text.data() + from, to - from); }
    char at(qsizetype i) const { return i < m_text.size() ? m_text[i] : '\0'; }
    void skipSpace(qsizetype& i) const {
        while (i < m_text.size() &&
               (m_text[i] == ' ' || m_text[i] == '\t' || m_text[i] == '\n' || m_text[i] == '\r'))
            ++i;
    }

    /// One token. False where the text stops being JSON, with nothing written of what follows the last good
    /// token.
    bool step() {
        qsizetype start = m_done;
        skipSpace(start);
        if (start >= m_text.size()) {
            m_done = m_text.size(); // cut off between two tokens
            return false;
        }
        const char c = m_text[start];
        switch (m_expect) {
        case Expect::Colon:
            if (c != ':') return false;
            m_out += ':';
            m_spaceBefore = true;
            return good(start + 1, Expect::Value);
        case Expect::CommaOrClose:
            if (c == ',') {
                m_out += ',';
                m_breakBefore = true;
                return good(start + 1, inObject() ? Expect::Key : Expect::Value);
            }
            return close(start, c);
        case Expect::KeyOrClose:
        case Expect::ValueOrClose:
            if (c == '}' || c == ']') return close(start, c);
            break;
        default:
            break;
        }
        return m_expect == Expect::Key || m_expect == Expect::KeyOrClose ? key(start) : value(start);
    }

    bool inObject() const { return m_stack.endsWith('{'); }

    bool good(qsizetype end, Expect next) {
        m_done = end;
        m_expect = next;
        return true;
    }

    /// What goes before a token is written once the token has proved good.
    void beforeToken() {
        if (m_breakBefore) m_indent.newLine(m_stack.size());
        if (m_spaceBefore) m_out += ' ';
        m_breakBefore = false;
        m_spaceBefore = false;
    }

    bool close(qsizetype start, char c) {
        if (m_stack.isEmpty() || m_stack.back() != (c == '}' ? '{' : c == ']' ? '[' : '\0')) return false;
        const bool empty = m_expect == Expect::KeyOrClose || m_expect == Expect::ValueOrClose;
        m_stack.chop(1);
        m_breakBefore = !empty;
        beforeToken();
        m_out += c;
        return good(start + 1, afterValue());
    }

    Expect afterValue() const { return m_stack.isEmpty() ? Expect::Nothing : Expect::CommaOrClose; }

    bool token(qsizetype start, qsizetype end, Expect next) {
        if (end < 0) return false;
        beforeToken();
        copy(start, end);
        return good(end, next);
    }

    bool key(qsizetype start) { return token(start, stringEnd(start), Expect::Colon); }

    bool value(qsizetype start) {
        const char c = m_text[start];
        if (c == '{' || c == '[') {
            beforeToken();
            m_out += c;
            m_stack += c;
            m_breakBefore = true;
            return good(start + 1, c == '{' ? Expect::KeyOrClose : Expect::ValueOrClose);
        }
        return token(start, c == '"' ? stringEnd(start) : scalarEnd(start), afterValue());
    }

    /// Behind the closing quote, or -1. What stands between the quotes is the server's: bytes that are no
    /// UTF-8 and unknown escapes pass; a line break means that the quote was forgotten.
    qsizetype stringEnd(qsizetype start) const {
        if (at(start) != '"') return -1;
        for (qsizetype i = start + 1; i < m_text.size(); ++i) {
            const char c = m_text[i];
            if (c == '"') return i + 1;
            if (c == '\\')
                ++i;
            else if (c == '\n' || c == '\r')
                return -1;
        }
        return -1;
    }

    qsizetype scalarEnd(qsizetype start) const {
        for (const QByteArrayView word :
             {QByteArrayView("true"), QByteArrayView("false"), QByteArrayView("null")})
            if (m_text.sliced(start).startsWith(word)) return endsToken(start + word.size());
        qsizetype i = start;
        if (at(i) == '-') ++i;
        if (at(i) == '0')
            ++i;
        else if (!digits(i))
            return -1;
        if (at(i) == '.' && !digits(++i)) return -1;
        if (at(i) == 'e' || at(i) == 'E') {
            ++i;
            if (at(i) == '+' || at(i) == '-') ++i;
            if (!digits(i)) return -1;
        }
        return endsToken(i);
    }

    bool digits(qsizetype& i) const {
        const qsizetype start = i;
        while (at(i) >= '0' && at(i) <= '9')
            ++i;
        return i > start;
    }

    /// "12abc" and "01" are no tokens.
    qsizetype endsToken(qsizetype end) const {
        const char c = at(end);
        return end >= m_text.size() || QByteArrayView(" \t\r\n,]}").contains(c) ? end : -1;
    }

    QByteArrayView m_text;
    QByteArray m_out;
    QByteArray m_stack; ///< one bracket for each open level
    Indenter m_indent;
    qsizetype m_done = 0; ///< end of the last token that was written
    Expect m_expect = Expect::Value;
    bool m_breakBefore = false;
    bool m_spaceBefore = false;
};

} // namespace

QByteArray prettyJson(QByteArrayView text) {
    return JsonPrinter(text).print();
}

} // namespace kb
