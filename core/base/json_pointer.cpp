// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json_pointer.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct JsonPointerText {
    Q_DECLARE_TR_FUNCTIONS(JsonPointer)
};

/// "~1" is read before "~0", so that "~01" becomes "~1" (RFC 6901 §4).
QString unescaped(QString token) {
    return token.replace(QLatin1String("~1"), QLatin1String("/"))
        .replace(QLatin1String("~0"), QLatin1String("~"));
}

const JsonValue* memberOf(const JsonValue& object, const QString& name) {
    const JsonValue* found = nullptr;
    for (const JsonValue::Member& member : object.members) {
        if (member.first != name) continue;
        if (found) return nullptr;
        found = &member.second;
    }
    return found;
}

/// An index has no leading zeros; "-" names what is not there yet.
const JsonValue* itemOf(const JsonValue& array, const QString& token) {
    if (token.isEmpty() || (token.size() > 1 && token[0] == u'0')) return nullptr;
    for (const QChar c : token)
        if (c < u'0' || c > u'9') return nullptr;
    bool fine = false;
    const qlonglong index = token.toLongLong(&fine);
    return fine && index < array.items.size() ? &array.items[qsizetype(index)] : nullptr;
}

} // namespace

Result<void> checkJsonPointer(const QString& pointer) {
    if (!pointer.isEmpty() && !pointer.startsWith(u'/'))
        return fail(ErrorCode::InvalidInput,
                    JsonPointerText::tr("A JSON pointer begins with a slash: %1").arg(pointer), {},
                    JsonPointerText::tr("Write it such as /data/token."), 0);
    for (qsizetype at = pointer.indexOf(u'~'); at >= 0; at = pointer.indexOf(u'~', at + 1)) {
        const QChar next = at + 1 < pointer.size() ? pointer[at + 1] : QChar();
        if (next != u'0' && next != u'1')
            return fail(ErrorCode::InvalidInput,
                        JsonPointerText::tr("In a JSON pointer 0 or 1 follows a tilde: %1").arg(pointer), {},
                        JsonPointerText::tr("Write ~0 for a tilde and ~1 for a slash in a name."), at);
    }
    return {};
}

JsonAt jsonAt(const JsonValue& document, const QString& pointer) {
    JsonAt found{nullptr, &document, {}};
    if (!checkJsonPointer(pointer)) return found;
    if (!pointer.isEmpty()) {
        const QStringList tokens = pointer.mid(1).split(u'/');
        for (const QString& token : tokens) {
            const JsonValue* next = found.last->isObject()  ? memberOf(*found.last, unescaped(token))
                                    : found.last->isArray() ? itemOf(*found.last, token)
                                                            : nullptr;
            if (!next) return found;
            found.last = next;
            found.reached += u'/' + token;
        }
    }
    found.value = found.last;
    return found;
}

} // namespace kb
