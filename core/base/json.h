// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <utility>

namespace kb {

/// A JSON value as it was written: member order and repeats kept, numbers as their own text (RFC 8259).
class JsonValue {
public:
    enum class Type { Null, Bool, Number, String, Array, Object };
    using Member = std::pair<QString, JsonValue>;

    Type type = Type::Null;
    bool boolean = false;
    QByteArray numberText; ///< as written: "1e400" and 65-bit integers survive
    QString string;
    QList<JsonValue> items;
    QList<Member> members;

    bool isObject() const { return type == Type::Object; }
    bool isArray() const { return type == Type::Array; }
    bool isString() const { return type == Type::String; }
    bool isNumber() const { return type == Type::Number; }
    /// The first member of that name, or nullptr.
    const JsonValue* find(QStringView name) const;
    /// The string member of that name; empty if missing or of another type.
    QString text(QStringView name) const;
    bool hasDuplicateNames() const; ///< at this level
    double toDouble() const;        ///< of a number, infinite if it is too large; 0 otherwise
};

/// Parses strictly (RFC 8259, UTF-8, depth at most 256). The error carries the position where it is known.
Result<JsonValue> parseJson(QByteArrayView text);
/// Compact JSON text of a value, members in their order.
QByteArray writeJson(const JsonValue& value);

} // namespace kb
