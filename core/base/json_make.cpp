// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json_make.h"

namespace kb {

JsonValue jsonText(const QString& text) {
    JsonValue value;
    value.type = JsonValue::Type::String;
    value.string = text;
    return value;
}

JsonValue jsonBool(bool truth) {
    JsonValue value;
    value.type = JsonValue::Type::Bool;
    value.boolean = truth;
    return value;
}

JsonValue jsonNumber(qint64 number) {
    JsonValue value;
    value.type = JsonValue::Type::Number;
    value.numberText = QByteArray::number(number);
    return value;
}

JsonValue jsonNumber(double number) {
    JsonValue value;
    value.type = JsonValue::Type::Number;
    value.numberText = QByteArray::number(number, 'f', 3);
    while (value.numberText.endsWith('0'))
        value.numberText.chop(1);
    if (value.numberText.endsWith('.')) value.numberText.chop(1);
    return value;
}

JsonValue jsonNull() {
    return {};
}

JsonValue jsonArray(QList<JsonValue> items) {
    JsonValue value;
    value.type = JsonValue::Type::Array;
    value.items = std::move(items);
    return value;
}

JsonValue jsonTexts(const QStringList& texts) {
    QList<JsonValue> items;
    for (const QString& text : texts)
        items.append(jsonText(text));
    return jsonArray(std::move(items));
}

JsonValue jsonObject(QList<JsonValue::Member> members) {
    JsonValue value;
    value.type = JsonValue::Type::Object;
    value.members = std::move(members);
    return value;
}

JsonObject& JsonObject::add(const QString& name, JsonValue value) {
    m_value.members.append({name, std::move(value)});
    return *this;
}

JsonObject& JsonObject::addOptional(const QString& name, const std::optional<double>& value) {
    return add(name, value ? jsonNumber(*value) : jsonNull());
}

} // namespace kb
