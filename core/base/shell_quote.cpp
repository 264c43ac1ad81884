// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shell_quote.h"

#include <algorithm>

namespace kb {

QString shellQuoted(const QString& text) {
    static const QString plain =
        QStringLiteral("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,");
    const bool bare = !text.isEmpty() &&
                      std::all_of(text.cbegin(), text.cend(), [&](QChar c) { return plain.contains(c); });
    return bare ? text : u'\'' + QString(text).replace(QLatin1String("'"), QLatin1String("'\\''")) + u'\'';
}

} // namespace kb
