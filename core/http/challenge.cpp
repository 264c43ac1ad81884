// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/challenge.h"

#include "core/base/utf8.h"

namespace kb {

bool Challenge::is(QByteArrayView schemeName) const {
    return sameFieldName(scheme, schemeName);
}

QByteArray Challenge::param(QByteArrayView name) const {
    for (const AuthParam& each : params)
        if (sameFieldName(each.name, name)) return each.repeated ? QByteArray() : each.value;
    return {};
}

bool Challenge::hasParam(QByteArrayView name) const {
    for (const AuthParam& each : params)
        if (sameFieldName(each.name, name)) return true;
    return false;
}

QList<QByteArray> Challenge::repeatedParams() const {
    QList<QByteArray> names;
    for (const AuthParam& each : params)
        if (each.repeated) names.append(each.name);
    return names;
}

QString Challenge::text() const {
    QByteArray line = scheme;
    if (!token68.isEmpty()) line += ' ' + token68;
    bool first = true;
    for (const AuthParam& each : params) {
        QByteArray value = each.value;
        value.replace('\\', "\\\\").replace('"', "\\\"");
        line += (first ? " " : ", ") + each.name + "=\"" + value + '"';
        first = false;
    }
    // Field values are bytes. Whoever writes more than ASCII today writes UTF-8; older servers wrote
    // ISO-8859-1.
    return firstInvalidUtf8(line) < 0 ? QString::fromUtf8(line) : QString::fromLatin1(line);
}

} // namespace kb
