// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/headers.h"

#include <QString>

namespace kb {

enum class BodyKind { Empty, Json, Xml, Html, Text, Binary };

/// What a body is: by Content-Type, and by its own look where that is missing or plainly wrong.
BodyKind bodyKind(const HeaderList& headers, const QByteArray& body);
/// UTF-8 text of a body in the charset its Content-Type names (UTF-8, UTF-16, ISO-8859-1, windows-1252).
QByteArray bodyAsUtf8(const HeaderList& headers, const QByteArray& body);

/// Indents JSON without changing a single token: numbers, escapes, order and repeats stay as sent. Text that
/// is not JSON comes out unchanged from the place where it stops being JSON. Linear in size; depth is not
/// limited by stack.
QByteArray prettyJson(QByteArrayView text);
/// Indents XML and HTML by their tags, leaving text, comments, CDATA, <pre>, <script> and <style> untouched.
QByteArray prettyMarkup(QByteArrayView text, bool html);
/// Offset, sixteen bytes and their ASCII, line by line.
QByteArray hexDump(QByteArrayView bytes);

/// A coloured stretch of one line of pretty text.
struct Span {
    enum class Kind { Key, String, Number, Literal, Punctuation, Tag, Attribute, Comment };
    qsizetype start = 0; ///< byte offset in the line
    qsizetype length = 0;
    Kind kind = Kind::String;
};
/// Colours for one line, decided from the line alone so that a view needs only the lines it shows.
QList<Span> highlightLine(QByteArrayView line, BodyKind kind);

} // namespace kb
