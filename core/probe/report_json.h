// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"

#include <QStringList>

namespace kb::json {

inline JsonValue text(const QString& value) {
    JsonValue made;
    made.type = JsonValue::Type::String;
    made.string = value;
    return made;
}
inline JsonValue boolean(bool value) {
    JsonValue made;
    made.type = JsonValue::Type::Bool;
    made.boolean = value;
    return made;
}
inline JsonValue number(qint64 value) {
    JsonValue made;
    made.type = JsonValue::Type::Number;
    made.numberText = QByteArray::number(value);
    return made;
}
inline JsonValue array(QList<JsonValue> items) {
    JsonValue made;
    made.type = JsonValue::Type::Array;
    made.items = std::move(items);
    return made;
}
inline JsonValue texts(const QStringList& values) {
    JsonValue made = array({});
    for (const QString& each : values)
        made.items.append(text(each));
    return made;
}

/// Builds one object, members in the order they are added.
class Object {
public:
    Object() { m_value.type = JsonValue::Type::Object; }
    Object& add(const char* name, JsonValue value) {
        m_value.members.append({QString::fromUtf8(name), std::move(value)});
        return *this;
    }
    Object& add(const char* name, const QString& value) { return add(name, text(value)); }
    Object& add(const char* name, const char* value) { return add(name, text(QString::fromUtf8(value))); }
    Object& add(const char* name, bool value) { return add(name, boolean(value)); }
    Object& add(const char* name, qint64 value) { return add(name, number(value)); }
    JsonValue value() const { return m_value; }

private:
    JsonValue m_value;
};

} // namespace kb::json
