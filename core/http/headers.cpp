// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/headers.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {
struct HeaderText {
    Q_DECLARE_TR_FUNCTIONS(HeaderText)
};

bool isTokenChar(char c) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    return QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
}
} // namespace

bool sameFieldName(QByteArrayView a, QByteArrayView b) {
    return a.size() == b.size() && a.compare(b, Qt::CaseInsensitive) == 0;
}

bool isToken(QByteArrayView text) {
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenChar);
}

bool HeaderList::contains(QByteArrayView name) const {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const HeaderField& field) { return sameFieldName(field.name, name); });
}

std::optional<QByteArray> HeaderList::first(QByteArrayView name) const {
    for (const HeaderField& field : fields)
        if (sameFieldName(field.name, name)) return field.value;
    return std::nullopt;
}

QList<QByteArray> HeaderList::all(QByteArrayView name) const {
    QList<QByteArray> values;
    for (const HeaderField& field : fields)
        if (sameFieldName(field.name, name)) values.append(field.value);
    return values;
}

void HeaderList::removeAll(QByteArrayView name) {
    fields.removeIf([&](const HeaderField& field) { return sameFieldName(field.name, name); });
}

bool isSafeMethod(QByteArrayView method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

Result<void> checkHeaderField(const HeaderField& field) {
    if (field.name.isEmpty())
        return fail(ErrorCode::InvalidInput, HeaderText::tr("A header has no name."), {},
                    HeaderText::tr("Give it a name or remove it."), 0);
    for (qsizetype i = 0; i < field.name.size(); ++i) {
        if (isTokenChar(field.name[i])) continue;
        // The name is not repeated: whoever pastes "Authorization: Bearer …" into it has put the secret
        // there.
        return fail(ErrorCode::InvalidInput,
                    HeaderText::tr("A header name holds a character that is not allowed."),
                    HeaderText::tr("character %1 of the name").arg(i + 1),
                    HeaderText::tr("Use letters, digits and !#$%&'*+-.^_`|~ only."), i);
    }
    for (qsizetype i = 0; i < field.value.size(); ++i) {
        const char c = field.value[i];
        if (c != '\r' && c != '\n' && c != '\0') continue;
        const QString kind = c == '\r'   ? HeaderText::tr("a carriage return")
                             : c == '\n' ? HeaderText::tr("a line break")
                                         : HeaderText::tr("a NUL character");
        return fail(ErrorCode::InvalidInput, HeaderText::tr("The value of a header holds %1.").arg(kind),
                    HeaderText::tr("header %1, character %2").arg(QString::fromLatin1(field.name)).arg(i + 1),
                    HeaderText::tr("Remove it; it would end the header and begin another."), i);
    }
    return {};
}

} // namespace kb
