// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/markup_scanner.h"

#include <QHash>
#include <QSet>
#include <utility>

namespace kb {

namespace {

using Kind = MarkupToken::Kind;

bool isMarkupSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

const QSet<QByteArray>& voidElements() {
    static const QSet<QByteArray> names{"area",  "base", "br",   "col",   "embed",  "hr",    "img",
                                        "input", "link", "meta", "param", "source", "track", "wbr"};
    return names;
}

const QSet<QByteArray>& verbatimElements() {
    static const QSet<QByteArray> names{"pre", "script", "style", "textarea"};
    return names;
}

const QSet<QByteArray>& blockElements() {
    static const QSet<QByteArray> names{
        "address", "article", "aside",   "blockquote", "body",   "dd",       "details",  "dialog",
        "div",     "dl",      "dt",      "fieldset",   "figure", "footer",   "form",     "h1",
        "h2",      "h3",      "h4",      "h5",         "h6",     "head",     "header",   "hr",
        "html",    "li",      "link",    "main",       "meta",   "nav",      "ol",       "p",
        "pre",     "script",  "section", "style",      "table",  "tbody",    "td",       "tfoot",
        "th",      "thead",   "title",   "tr",         "ul",     "noscript", "template", "summary"};
    return names;
}

class Scanner {
public:
    Scanner(QByteArrayView text, bool html) : m_text(text), m_html(html) {}

    QList<MarkupToken> scan() {
        while (m_at < m_text.size()) {
            const qsizetype start = m_at;
            if (!beginsMarkup(m_at)) {
                textRun();
                continue;
            }
            if (!markup()) {
                add(Kind::Rest, start, m_text.size());
                m_at = m_text.size();
            }
        }
        return m_tokens;
    }

private:
    struct OpenElement {
        QByteArray name;
        qsizetype id; ///< one for each name
        qsizetype token;
    };

    char at(qsizetype i) const { return i < m_text.size() ? m_text[i] : '\0'; }
    bool beginsMarkup(qsizetype i) const {
        const char next = at(i + 1);
        return at(i) == '<' && (isLetter(next) || next == '_' || next == '/' || next == '!' || next == '?' ||
                                uchar(next) >= 0x80);
    }

    void add(Kind kind, qsizetype start, qsizetype end) {
        MarkupToken token;
        token.kind = kind;
        token.start = start;
        token.end = end;
        m_tokens.append(token);
        m_at = end;
        if (m_open.isEmpty() || kind == Kind::Close || kind == Kind::Space) return;
        MarkupToken& parent = m_tokens[m_open.last().token];
        (kind == Kind::Text ? parent.holdsText : parent.holdsElements) = true;
    }

    void textRun() {
        const qsizetype start = m_at;
        bool space = true;
        do {
            space = space && isMarkupSpace(m_text[m_at]);
            ++m_at;
        } while (m_at < m_text.size() && !beginsMarkup(m_at));
        add(space ? Kind::Space : Kind::Text, start, m_at);
    }

    bool until(QByteArrayView closing, qsizetype from, Kind kind) {
        const qsizetype found = m_text.indexOf(closing, from);
        if (found < 0) return false;
        add(kind, m_at, found + closing.size());
        return true;
    }

    bool markup() {
        const QByteArrayView rest = m_text.sliced(m_at);
        if (rest.startsWith("<!--")) return until("-->", m_at + 4, Kind::Other);
        // CDATA is text, and like text it is not moved.
        if (rest.startsWith("<![CDATA[")) return until("]]>", m_at + 9, Kind::Text);
        if (rest.startsWith("<?")) return until(m_html ? ">" : "?>", m_at + 2, Kind::Other);
        if (rest.startsWith("<!")) return declaration();
        return tag();
    }

    /// A doctype, whose internal subset may hold ">" in brackets.
    bool declaration() {
        int depth = 0;
        for (qsizetype i = m_at + 2; i < m_text.size(); ++i) {
            const char c = m_text[i];
            if (c == '[')
                ++depth;
            else if (c == ']')
                --depth;
            else if (c == '>' && depth <= 0) {
                add(Kind::Other, m_at, i + 1);
                return true;
            }
        }
        return false;
    }

    bool tag() {
        const bool closing = at(m_at + 1) == '/';
        qsizetype i = m_at + (closing ? 2 : 1);
        const qsizetype nameStart = i;
        while (i < m_text.size() && !isMarkupSpace(m_text[i]) && m_text[i] != '>' && m_text[i] != '/')
            ++i;
        // Names point into the text; a copy is made of an HTML name in capitals only.
        QByteArray name = QByteArray::fromRawData(m_text.data() + nameStart, i - nameStart);
        if (m_html) name = std::move(name).toLower();
        char quote = '\0';
        for (; i < m_text.size(); ++i) {
            const char c = m_text[i];
            if (quote) {
                if (c == quote) quote = '\0';
            } else if ((c == '"' || c == '\'') && m_text[i - 1] == '=') {
                quote = c;
            } else if (c == '>') {
                break;
            }
        }
        if (i >= m_text.size()) return false;
        const QByteArrayView whole = m_text.sliced(m_at, i + 1 - m_at);
        if (closing)
            closeElement(name, i + 1);
        else if (whole.endsWith("/>") || (m_html && voidElements().contains(name)))
            openElement(Kind::Single, name, whole, i + 1);
        else
            openElement(Kind::Open, name, whole, i + 1);
        return true;
    }

    static bool preservesSpace(QByteArrayView whole) {
        const qsizetype at = whole.size() > 20 ? whole.indexOf("xml:space=") : -1;
        if (at < 0) return false;
        const QByteArrayView value = whole.sliced(at + 10);
        return value.startsWith("\"preserve\"") || value.startsWith("'preserve'");
    }

    void openElement(Kind kind, const QByteArray& name, QByteArrayView whole, qsizetype end) {
        if (m_html && !m_open.isEmpty() && blockElements().contains(name))
            m_tokens[m_open.last().token].holdsBlocks = true;
        add(kind, m_at, end);
        if (kind == Kind::Single) return;
        const qsizetype token = m_tokens.size() - 1;
        qsizetype& id = m_ids[name]; // from 1 on; 0 is what a new entry holds
        if (id == 0) {
            m_openCount.append(0);
            id = m_openCount.size();
        }
        m_open.append({name, id, token});
        ++m_openCount[id - 1];
        const bool verbatim = m_html ? verbatimElements().contains(name) : preservesSpace(whole);
        m_tokens[token].verbatim = verbatim;
        if (verbatim && m_html) rawContent(name);
    }

    /// Up to the closing tag nothing is markup.
    void rawContent(const QByteArray& name) {
        qsizetype i = m_at;
        while (i < m_text.size()) {
            i = m_text.indexOf("</", i);
            if (i < 0) break;
            const QByteArrayView candidate = m_text.sliced(i + 2);
            if (candidate.size() >= name.size() &&
                candidate.first(name.size()).compare(name, Qt::CaseInsensitive) == 0) {
                if (i > m_at) add(Kind::Text, m_at, i);
                return;
            }
            i += 2;
        }
        add(Kind::Rest, m_at, m_text.size());
    }

    void closeElement(const QByteArray& name, qsizetype end) {
        const qsizetype closing = m_tokens.size();
        add(Kind::Close, m_at, end);
        const bool closesLast = !m_open.isEmpty() && m_open.last().name == name;
        const qsizetype id = closesLast ? m_open.last().id : m_ids.value(name);
        if (id == 0 || m_openCount[id - 1] == 0) return;
        // Elements inside that were never closed end here as well. Each is taken off once, so this stays
        // linear.
        while (true) {
            const OpenElement last = m_open.takeLast();
            --m_openCount[last.id - 1];
            if (last.id == id) {
                m_tokens[last.token].match = closing;
                return;
            }
            passOn(m_tokens[last.token]);
        }
    }

    /// What an unclosed element seemed to hold belongs to the element around it.
    void passOn(const MarkupToken& unclosed) {
        MarkupToken& parent = m_tokens[m_open.last().token];
        parent.holdsText = parent.holdsText || unclosed.holdsText;
        parent.holdsBlocks = parent.holdsBlocks || unclosed.holdsBlocks;
    }

    QByteArrayView m_text;
    bool m_html;
    qsizetype m_at = 0;
    QList<MarkupToken> m_tokens;
    QList<OpenElement> m_open;
    QHash<QByteArray, qsizetype> m_ids;
    QList<qsizetype> m_openCount; ///< by id
};

} // namespace

QList<MarkupToken> scanMarkup(QByteArrayView text, bool html) {
    return Scanner(text, html).scan();
}

} // namespace kb
