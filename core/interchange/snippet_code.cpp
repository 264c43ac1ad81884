// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/snippet_code.h"

namespace kb {

QList<SnippetWriter> snippetWriters() {
    static const QList<SnippetWriter> all = shellWriters() + scriptWriters() + compiledWriters();
    return all;
}

QString written(const SnippetText& text, const SnippetWords& words) {
    QStringList parts;
    for (const SnippetText::Piece& piece : text.pieces) {
        switch (piece.kind) {
        case SnippetText::Piece::Kind::Literal:
            parts.append(words.literal(piece.text));
            break;
        case SnippetText::Piece::Kind::Secret:
            parts.append(words.secret(piece.text));
            break;
        case SnippetText::Piece::Kind::SecretInQuery:
            parts.append(words.secretInQuery(piece.text));
            break;
        case SnippetText::Piece::Kind::BasicSecret:
            parts.append(words.basic(piece.user, piece.text));
            break;
        }
    }
    return parts.join(words.join);
}

QString doubleQuoted(const QString& text, const std::function<QString(char16_t)>& control,
                     const QString& more) {
    QString out = QStringLiteral("\"");
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\' || more.contains(c))
            out += u'\\', out += c;
        else if (c == u'\n')
            out += QLatin1String("\\n");
        else if (c == u'\r')
            out += QLatin1String("\\r");
        else if (c == u'\t')
            out += QLatin1String("\\t");
        else if (c.unicode() < 0x20 || c.unicode() == 0x7f || c.unicode() == 0x2028 || c.unicode() == 0x2029)
            out += control(c.unicode());
        else
            out += c;
    }
    return out + u'"';
}

QString singleQuoted(const QString& text) {
    QString inner = text;
    inner.replace(QLatin1String("\\"), QLatin1String("\\\\"))
        .replace(QLatin1String("'"), QLatin1String("\\'"));
    return u'\'' + inner + u'\'';
}

QString commentLines(const SnippetRequest& request, const QString& mark) {
    QString out;
    QStringList notes = request.notes;
    if (!request.verifyTls && mark != QLatin1String("#"))
        notes.append(
            QStringLiteral("In Keybearer the certificate check is off for this request. Here it is on."));
    for (const QString& note : std::as_const(notes))
        out += mark + u' ' + QString(note).replace(u'\n', u' ') + u'\n';
    return out;
}

} // namespace kb
