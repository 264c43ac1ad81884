// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

#include "core/http/indent.h"
#include "core/http/markup_scanner.h"

namespace kb {

namespace {

using Kind = MarkupToken::Kind;

class MarkupPrinter {
public:
    MarkupPrinter(QByteArrayView text, bool html)
        : m_text(text), m_html(html), m_tokens(scanMarkup(text, html)), m_indent(m_out, text.size()) {
        m_out.reserve(text.size() + text.size() / 2);
    }

    QByteArray print() {
        for (qsizetype i = 0; i < m_tokens.size(); ++i) {
            const MarkupToken& token = m_tokens[i];
            if (!m_closeAt.isEmpty() && m_closeAt.last() == i) m_closeAt.removeLast();
            switch (token.kind) {
            case Kind::Space:
                break;
            case Kind::Text:
                text(token);
                break;
            case Kind::Rest:
                // Where it stops being markup it comes out as it is, with the space before it.
                if (i > 0 && m_tokens[i - 1].kind == Kind::Space) copy(m_tokens[i - 1].start, token.start);
                copy(token.start, token.end);
                break;
            case Kind::Open:
                if (token.match >= 0 && staysWhole(token)) {
                    line(token.start, m_tokens[token.match].end);
                    i = token.match;
                    break;
                }
                line(token.start, token.end);
                if (token.match >= 0) m_closeAt.append(token.match);
                break;
            default:
                line(token.start, token.end);
            }
        }
        return m_out;
    }

private:
    void copy(qsizetype from, qsizetype to) { m_out.append(m_text.data() + from, to - from); }

    void line(qsizetype from, qsizetype to) {
        if (!m_out.isEmpty()) m_indent.newLine(m_closeAt.size());
        copy(from, to);
    }

    /// An element whose text a line break would change. In HTML, white space around a block means nothing.
    bool staysWhole(const MarkupToken& token) const {
        if (token.verbatim || !token.holdsElements) return true;
        return token.holdsText && !(m_html && token.holdsBlocks);
    }

    /// Text beside blocks, or outside of every element.
    void text(const MarkupToken& token) {
        const QByteArrayView whole = m_text.sliced(token.start, token.end - token.start);
        const QByteArrayView trimmed = whole.trimmed();
        const qsizetype start = token.start + (trimmed.data() - whole.data());
        line(start, start + trimmed.size());
    }

    QByteArrayView m_text;
    bool m_html;
    QList<MarkupToken> m_tokens;
    QByteArray m_out;
    Indenter m_indent;
    QList<qsizetype> m_closeAt; ///< closing tokens of the elements whose content is being laid out
};

} // namespace

QByteArray prettyMarkup(QByteArrayView text, bool html) {
    return MarkupPrinter(text, html).print();
}

} // namespace kb
