// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/structured_field_text.h"

#include "core/base/utf8.h"

#include <algorithm>
#include <cmath>

namespace kb {

namespace {

/// At most three digits after the point, at least one (§4.1.5).
QByteArray decimalText(double value) {
    QByteArray text = QByteArray::number(std::nearbyint(value * 1000) / 1000, 'f', 3);
    while (text.endsWith('0') && !text.endsWith(".0"))
        text.chop(1);
    return text;
}

} // namespace

std::optional<QByteArray> sfStringText(QByteArrayView text) {
    QByteArray out = "\"";
    for (const char c : text) {
        if (uchar(c) < 0x20 || uchar(c) >= 0x7f) return std::nullopt;
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::optional<QByteArray> sfDisplayText(QByteArrayView utf8) {
    if (firstInvalidUtf8(utf8) >= 0) return std::nullopt;
    QByteArray out = "%\"";
    for (const char c : utf8) {
        const bool plain = uchar(c) >= 0x20 && uchar(c) < 0x7f && c != '"' && c != '%';
        out += plain ? QByteArray(1, c) : QByteArray('%' + QByteArray(1, c).toHex());
    }
    return out + '"';
}

QByteArray sfBytesText(const QByteArray& bytes) {
    return ':' + bytes.toBase64() + ':';
}

bool isSfKey(QByteArrayView text) {
    const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto fits = [&](char c) {
        return isLower(c) || (c >= '0' && c <= '9') || QByteArrayView("_-.*").contains(c);
    };
    return !text.isEmpty() && (isLower(text.front()) || text.front() == '*') &&
           std::all_of(text.begin(), text.end(), fits);
}

QByteArray sfItemText(const SfItem& item) {
    switch (item.type) {
    case SfItem::Type::Integer:
        return QByteArray::number(item.integer);
    case SfItem::Type::Decimal:
        return decimalText(item.decimal);
    case SfItem::Type::String:
        return sfStringText(item.text).value_or(QByteArray());
    case SfItem::Type::Token:
        return item.text;
    case SfItem::Type::Bytes:
        return sfBytesText(item.text);
    case SfItem::Type::Boolean:
        return item.boolean ? "?1" : "?0";
    case SfItem::Type::Date:
        return '@' + QByteArray::number(item.integer);
    case SfItem::Type::DisplayString:
        return sfDisplayText(item.text).value_or(QByteArray());
    }
    return {};
}

QByteArray sfParamsText(const QList<std::pair<QByteArray, SfItem>>& params) {
    QByteArray out;
    for (const auto& [name, value] : params) {
        out += ';' + name;
        if (value.type != SfItem::Type::Boolean || !value.boolean) out += '=' + sfItemText(value);
    }
    return out;
}

QByteArray sfMemberText(const SfMember& member) {
    if (!member.isInnerList) return sfItemText(member.item) + sfParamsText(member.params);
    QByteArrayList inner;
    for (const SfMember& each : member.innerList)
        inner.append(sfMemberText(each));
    return '(' + inner.join(' ') + ')' + sfParamsText(member.params);
}

QByteArray sfListText(const QList<SfMember>& list) {
    QByteArrayList out;
    for (const SfMember& member : list)
        out.append(sfMemberText(member));
    return out.join(", ");
}

QByteArray sfDictionaryText(const QList<SfMember>& dictionary) {
    QByteArrayList out;
    for (const SfMember& member : dictionary) {
        const SfItem& item = member.item;
        const bool bare = !member.isInnerList && item.type == SfItem::Type::Boolean && item.boolean;
        out.append(member.key +
                   (bare ? sfParamsText(member.params) : QByteArray('=' + sfMemberText(member))));
    }
    return out.join(", ");
}

} // namespace kb
