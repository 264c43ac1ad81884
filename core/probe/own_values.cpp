// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/own_values.h"
#include "core/probe/matrix_text.h"

#include "core/base/json_pointer.h"

#include <algorithm>

namespace kb {

namespace {

constexpr qsizetype longestValue = 200;

tl::unexpected<Error> none(const QString& why) {
    return fail(ErrorCode::NotFound, why);
}

} // namespace

std::optional<OwnSource> ownSource(const QString& text) {
    const QString prefix = QStringLiteral("from:");
    if (!text.startsWith(prefix)) return std::nullopt;
    const qsizetype hash = text.indexOf(u'#');
    OwnSource source;
    source.operation = text.mid(prefix.size(), hash < 0 ? -1 : hash - prefix.size()).simplified();
    const QString place = hash < 0 ? QString() : text.mid(hash + 1).trimmed();
    const QString header = QStringLiteral("header:");
    if (place.startsWith(header))
        source.header = place.mid(header.size()).trimmed();
    else
        source.pointer = place.isEmpty() ? QStringLiteral("/0/id") : place;
    return source;
}

Result<QString> ownValueIn(const RunResult& result, const OwnSource& source) {
    if (result.hops.isEmpty())
        return none(result.error ? result.error->what : MatrixText::tr("There was no answer."));
    const Exchange& answer = result.hops.last();
    const int status = answer.response().status;
    if (status / 100 != 2) return none(MatrixText::tr("%1 got %2.").arg(source.operation).arg(status));
    QString value;
    if (!source.header.isEmpty()) {
        value = QString::fromUtf8(answer.response().headers.first(source.header.toUtf8()).value_or(""));
    } else {
        const Result<JsonValue> body = parseJson(answer.rawBody());
        const JsonValue* at = body ? jsonAt(*body, source.pointer).value : nullptr;
        if (at) value = at->isString() ? at->string : QString::fromUtf8(at->numberText);
    }
    if (value.isEmpty())
        return none(MatrixText::tr("The answer of %1 has no value at %2.")
                        .arg(source.operation, source.header.isEmpty() ? source.pointer : source.header));
    const bool plain = value.size() <= longestValue && !value.contains(QLatin1String("{{")) &&
                       std::none_of(value.cbegin(), value.cend(), [](QChar c) { return c.unicode() < 0x20; });
    if (!plain)
        return none(MatrixText::tr("The value at %2 in the answer of %1 cannot be an object's id.")
                        .arg(source.operation, source.header.isEmpty() ? source.pointer : source.header));
    return value;
}

} // namespace kb
