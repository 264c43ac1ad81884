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

SnippetForm formOf(const SnippetRequest& request) {
    // RFC 7578 §4.2, in the form that browsers agreed on; as build_body.cpp writes it.
    const auto quoted = [](QString name) -> QString {
        name.replace(u'"', QLatin1String("%22")).replace(u'\r', QLatin1String("%0D"));
        return u'"' + name.replace(u'\n', QLatin1String("%0A")) + u'"';
    };
    const auto stands = [&](const QString& boundary) {
        return std::any_of(request.parts.cbegin(), request.parts.cend(),
                           [&](const BodyPart& part) { return part.value.contains(boundary); });
    };
    // What the files hold is not known here: long enough that it will not be this.
    QString boundary = QStringLiteral("keybearer-form-6f1d0c9ab37e4852");
    while (stands(boundary))
        boundary += u'0';
    SnippetForm form;
    form.contentType = QStringLiteral("multipart/form-data; boundary=") + boundary;
    QString text;
    for (const BodyPart& part : request.parts) {
        text += QStringLiteral("--") + boundary +
                QStringLiteral("\r\nContent-Disposition: form-data; name=") + quoted(part.name);
        if (part.isFile) text += QStringLiteral("; filename=") + quoted(part.value.section(u'/', -1));
        const QString type = part.contentType.isEmpty() && part.isFile
                                 ? QStringLiteral("application/octet-stream")
                                 : part.contentType;
        if (!type.isEmpty()) text += QStringLiteral("\r\nContent-Type: ") + type;
        text += QStringLiteral("\r\n\r\n");
        if (part.isFile) {
            form.pieces.append({false, text});
            form.pieces.append({true, part.value});
            text.clear();
        } else {
            text += part.value;
        }
        text += QStringLiteral("\r\n");
    }
    form.pieces.append({false, text + QStringLiteral("--") + boundary + QStringLiteral("--\r\n")});
    return form;
}

SnippetRequest withFormType(const SnippetRequest& request) {
    SnippetRequest made = request;
    if (request.parts.isEmpty()) return made;
    made.headers.removeIf([](const std::pair<QString, SnippetText>& header) {
        return header.first.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0;
    });
    made.headers.append({QStringLiteral("Content-Type"), SnippetText::literal(formOf(request).contentType)});
    return made;
}

SnippetRequest withJoinedHeaders(SnippetRequest request) {
    QList<std::pair<QString, SnippetText>> joined;
    for (auto& [name, value] : request.headers) {
        const auto same = std::find_if(joined.begin(), joined.end(), [&name = name](const auto& each) {
            return each.first.compare(name, Qt::CaseInsensitive) == 0;
        });
        if (same == joined.end()) {
            joined.append({name, value});
            continue;
        }
        same->second.pieces.append({SnippetText::Piece::Kind::Literal, QStringLiteral(", "), {}});
        same->second.pieces += value.pieces;
    }
    request.headers = joined;
    return request;
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
