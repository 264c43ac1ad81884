// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"

#include <QStringList>
#include <optional>

namespace kb {

// Making JSON values, for what is written out.

JsonValue jsonText(const QString& text);
JsonValue jsonBool(bool value);
JsonValue jsonNumber(qint64 number);
JsonValue jsonNumber(double number); ///< with three digits behind the point at the most
JsonValue jsonNull();
JsonValue jsonArray(QList<JsonValue> items);
JsonValue jsonTexts(const QStringList& texts);
JsonValue jsonObject(QList<JsonValue::Member> members); ///< of members in the order given

/// Builds one JSON object, members in the order they are added.
class JsonObject {
public:
    JsonObject& add(const QString& name, JsonValue value);
    JsonObject& add(const QString& name, const QString& text) { return add(name, jsonText(text)); }
    /// Without it a literal would be taken for a truth value.
    JsonObject& add(const QString& name, const char* text) { return add(name, QString::fromUtf8(text)); }
    JsonObject& add(const QString& name, bool value) { return add(name, jsonBool(value)); }
    JsonObject& add(const QString& name, qint64 value) { return add(name, jsonNumber(value)); }
    JsonObject& addOptional(const QString& name, const std::optional<double>& value); ///< null where missing
    const JsonValue& value() const { return m_value; }

private:
    JsonValue m_value = jsonObject({});
};

} // namespace kb
