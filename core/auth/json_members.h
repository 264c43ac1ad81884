// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"

namespace kb {

inline JsonValue jsonText(const QString& text) {
    JsonValue value;
    value.type = JsonValue::Type::String;
    value.string = text;
    return value;
}

inline JsonValue jsonNumber(qint64 number) {
    JsonValue value;
    value.type = JsonValue::Type::Number;
    value.numberText = QByteArray::number(number);
    return value;
}

inline JsonValue jsonTexts(const QStringList& texts) {
    JsonValue value;
    value.type = JsonValue::Type::Array;
    for (const QString& text : texts)
        value.items.append(jsonText(text));
    return value;
}

/// An object of members in the order given.
inline JsonValue jsonObject(QList<JsonValue::Member> members) {
    JsonValue value;
    value.type = JsonValue::Type::Object;
    value.members = std::move(members);
    return value;
}

} // namespace kb
