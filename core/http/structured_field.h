// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <optional>
#include <utility>

namespace kb {

/// A bare item of a structured field (RFC 9651 §3.3).
struct SfItem {
    enum class Type { Integer, Decimal, String, Token, Bytes, Boolean, Date, DisplayString };
    Type type = Type::Boolean;
    qint64 integer = 0; ///< of an Integer, and of a Date: seconds since 1970
    double decimal = 0; ///< of a Decimal
    QByteArray text;    ///< of a String (unescaped), a Token, Bytes (decoded), or a Display String (UTF-8)
    bool boolean = true;
};

/// A member of a list or dictionary: one item or an inner list, with its parameters in their order.
struct SfMember {
    QByteArray key; ///< of a dictionary's member
    bool isInnerList = false;
    SfItem item;
    QList<SfMember> innerList;
    QList<std::pair<QByteArray, SfItem>> params;

    const SfItem* param(QByteArrayView name) const; ///< nullptr if missing
};

/// Reads a list (RFC 9651 §4.2.1). Field lines are joined with commas first. Malformed: nullopt, as §4.2
/// wants.
std::optional<QList<SfMember>> parseSfList(const QList<QByteArray>& lines);
/// Reads a dictionary (§4.2.2); of a repeated key the last one counts.
std::optional<QList<SfMember>> parseSfDictionary(const QList<QByteArray>& lines);

} // namespace kb
