// SPDX-License-Identifier: GPL-3.0-or-later
// Reading chooses the reader; writing copies what is unchanged byte for byte and writes only what changed.
#include "core/workspace/yaml_fast_reader.h"
#include "core/workspace/yaml_scalar.h"
#include "core/workspace/yaml_text.h"

#include <QStringDecoder>
#include <algorithm>

namespace kb::yaml {

namespace {

bool isUntouched(const Node& node) {
    return node.begin >= 0 && !node.changed &&
           std::all_of(node.entries.begin(), node.entries.end(),
                       [](const Node::Entry& entry) { return isUntouched(entry.value); });
}

class Writer {
public:
    explicit Writer(const Document& document) : m_document(document), m_source(document.source) {
        const qsizetype firstEnd = m_source.indexOf('\n');
        m_eol = firstEnd > 0 && m_source[firstEnd - 1] == '\r' ? "\r\n" : "\n";
    }

    QByteArray run() {
        const Node& root = m_document.root;
        if (!m_document.exact) {
            entries(root, 0, false);
            return m_out;
        }
        if (root.indent < 0) { // only comments so far: they stay on top
            m_out = m_source;
            entries(root, 0, false);
            return m_out;
        }
        entries(root, root.indent, false);
        copy(root.end, m_source.size());
        return m_out;
    }

private:
    void copy(qsizetype from, qsizetype to) { m_out += QByteArrayView(m_source).sliced(from, to - from); }
    void startLine() {
        if (!m_out.isEmpty() && !m_out.endsWith('\n')) m_out += m_eol;
    }
    bool fromSource(const Node::Entry& entry) const { return m_document.exact && entry.lead >= 0; }

    /// The entries of a block collection. `behindDash`: the first one goes on in the dash's line.
    void entries(const Node& node, int indent, bool behindDash) {
        for (const Node::Entry& entry : node.entries) {
            if (!fromSource(entry)) {
                fresh(node, entry, indent, behindDash);
            } else {
                if (!behindDash) startLine();
                // Behind a dash there is no room for what stood before the key.
                copy(behindDash ? entry.start : entry.lead, entry.after);
                if (isUntouched(entry.value))
                    copy(entry.after, entry.end);
                else
                    touched(entry, indent, node.isSequence());
            }
            behindDash = false;
        }
    }

    void fresh(const Node& parent, const Node::Entry& entry, int indent, bool behindDash) {
        if (!behindDash) {
            startLine();
            const bool block = !entry.value.entries.empty();
            if (&parent == &m_document.root && block && !m_out.isEmpty() && !m_out.endsWith("\n\n") &&
                !m_out.endsWith("\n\r\n"))
                m_out += m_eol; // a blank line sets the file's main parts apart
            m_out += QByteArray(indent, ' ');
        }
        m_out += parent.isSequence() ? QByteArray("-") : keyText(entry.key) + ':';
        value(entry.value, indent, parent.isSequence(), {});
    }

    static QByteArray keyText(const QByteArray& key) { return inlineScalar(key); }

    /// An entry of the source whose value is no longer what it was; its key or dash is written already.
    void touched(const Node::Entry& entry, int indent, bool inSequence) {
        const Node& node = entry.value;
        if (node.bodyBegin >= 0 && node.indent >= 0 && !node.entries.empty()) {
            copy(entry.after, node.bodyBegin);
            const bool behindDash = inSequence && node.bodyBegin > 0 && m_source[node.bodyBegin - 1] != '\n';
            entries(node, node.indent, behindDash);
            return;
        }
        // What stood behind a value in its line (a comment) stays there.
        QByteArray tail;
        if (node.begin >= 0 && node.end >= node.begin && node.end <= entry.end) {
            tail = m_source.mid(node.end, entry.end - node.end);
            while (tail.endsWith('\n') || tail.endsWith('\r'))
                tail.chop(1);
            if (tail.contains('\n') || tail.trimmed().isEmpty()) tail.clear();
        }
        value(node, indent, inSequence, tail);
    }

    /// A value written anew, from behind the colon or the dash to the end of its last line.
    void value(const Node& node, int parentIndent, bool inSequence, const QByteArray& tail) {
        if (node.isNull()) {
            m_out += tail + m_eol;
        } else if (node.isScalar()) {
            scalar(node, parentIndent, tail);
        } else if (node.entries.empty()) {
            m_out += node.isSequence() ? " []" : " {}";
            m_out += tail + m_eol;
        } else {
            const bool behindDash = inSequence && node.isMapping();
            m_out += behindDash ? QByteArray(" ") : tail + m_eol;
            entriesAnew(node, parentIndent + 2, behindDash);
        }
    }

    void entriesAnew(const Node& node, int indent, bool behindDash) {
        for (const Node::Entry& entry : node.entries) {
            fresh(node, entry, indent, behindDash);
            behindDash = false;
        }
    }

    void scalar(const Node& node, int parentIndent, const QByteArray& tail) {
        const bool asBlock =
            (node.literal || node.text.contains('\n')) && !node.plain && fitsBlock(node.text);
        m_out += ' ';
        if (asBlock) {
            QByteArray block = blockScalar(node.text, parentIndent + 2, parentIndent, m_eol);
            block.insert(block.indexOf(m_eol), tail);
            m_out += block;
            return;
        }
        m_out += node.plain && isPlainSafe(node.text) ? node.text : inlineScalar(node.text);
        m_out += tail + m_eol;
    }

    const Document& m_document;
    const QByteArray& m_source;
    QByteArray m_eol;
    QByteArray m_out;
};

} // namespace

Result<Document> parse(const QByteArray& source, const QString& name) {
    if (source.size() > maxFileBytes)
        return fail(
            ErrorCode::ParseError,
            YamlText::tr("The file is larger than %1 MB, so it is not read.").arg(maxFileBytes / 1024 / 1024),
            name, YamlText::tr("Move large bodies out of the file."));
    const bool ascii = std::all_of(source.begin(), source.end(), [](char c) { return uchar(c) < 0x80; });
    if (!ascii) {
        QStringDecoder decoder(QStringDecoder::Utf8);
        const QString text = decoder.decode(source);
        if (decoder.hasError()) {
            const QString before = text.left(text.indexOf(QChar::ReplacementCharacter));
            const int line = int(before.count(u'\n')) + 1;
            const int column = int(before.size() - before.lastIndexOf(u'\n'));
            return fail(ErrorCode::ParseError, YamlText::tr("The file is not UTF-8 text."),
                        place(name, line, column), YamlText::tr("Save it as UTF-8, then reload."));
        }
    }
    if (auto root = FastReader(source).read()) {
        Document document;
        document.source = source;
        document.root = std::move(*root);
        document.exact = true;
        return document;
    }
    return readFully(source, name);
}

QByteArray write(const Document& document) {
    if (document.exact && isUntouched(document.root)) return document.source;
    return Writer(document).run();
}

} // namespace kb::yaml
