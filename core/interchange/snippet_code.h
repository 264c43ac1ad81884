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
    bool forms = false;      ///< multipart forms
    bool bodyWithGet = true;
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
QString commentLines(const SnippetRequest& request, const QString& mark);

QList<SnippetWriter> shellWriters();
QList<SnippetWriter> scriptWriters();
QList<SnippetWriter> compiledWriters();

} // namespace kb
