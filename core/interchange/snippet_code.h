// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/snippet.h"

#include <functional>

namespace kb {

/// One target with what it can say.
struct SnippetWriter {
    SnippetTarget target;
    QString (*write)(const SnippetRequest& request);
    QStringList logins = {}; ///< of SnippetRequest::login
    bool bodyWithGet = true;
    bool repeatsHeaders = true; ///< else withJoinedHeaders()
};
QList<SnippetWriter> snippetWriters();

/// How a language writes a text: a literal, an environment variable, one after the other.
struct SnippetWords {
    std::function<QString(const QString&)> literal;
    std::function<QString(const QString& variable)> secret;
    std::function<QString(const QString& variable)> secretInQuery;
    std::function<QString(const QString& user, const QString& variable)> basic;
    QString join = QStringLiteral(" + ");
};
QString written(const SnippetText& text, const SnippetWords& words);
/// A literal between double quotes, as C, Java, JavaScript and their kin write it. `control` writes a control
/// character; what else must be escaped stands in `more`.
QString doubleQuoted(const QString& text, const std::function<QString(char16_t)>& control,
                     const QString& more = {});
/// A literal between single quotes in which only the quote and the backslash are special.
QString singleQuoted(const QString& text);
/// A multipart form as the bytes it is, for what has no better way of its own to say it.
struct SnippetForm {
    struct Piece {
        bool isFile = false;
        QString text; ///< what stands there, or the file's path
    };
    QList<Piece> pieces;
    QString contentType;
};
/// Of a request with parts.
SnippetForm formOf(const SnippetRequest& request);
/// The request with that form's content type among its headers.
SnippetRequest withFormType(const SnippetRequest& request);
/// Fields of one name are one whose value is a list (RFC 9110 §5.3).
SnippetRequest withJoinedHeaders(SnippetRequest request);
QString commentLines(const SnippetRequest& request, const QString& mark);

QList<SnippetWriter> shellWriters();
QList<SnippetWriter> scriptWriters();
QList<SnippetWriter> compiledWriters();

} // namespace kb
