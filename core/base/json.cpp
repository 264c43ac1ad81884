// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <QSet>
#include <algorithm>

namespace kb {

const JsonValue* JsonValue::find(QStringView name) const {
    for (const Member& member : members)
        if (member.first == name) return &member.second;
    return nullptr;
}

QString JsonValue::text(QStringView name) const {
    const JsonValue* value = find(name);
    return value && value->isString() ? value->string : QString();
}

bool JsonValue::hasDuplicateNames() const {
    QSet<QString> seen;
    for (const Member& member : members) {
        if (seen.contains(member.first)) return true;
        seen.insert(member.first);
    }
    return false;
}

double JsonValue::toDouble() const {
    // By way of QString: QByteArray makes 0 of a number too large for a double, where infinity is meant.
    return isNumber() ? QString::fromLatin1(numberText).toDouble() : 0.0;
}

namespace {

void appendEscape(QByteArray& out, char16_t unit) {
    static constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += digits[(unit >> shift) & 0xf];
}

void writeString(QByteArray& out, const QString& text) {
    out += '"';
    qsizetype run = 0;
    const auto flush = [&](qsizetype end) {
        if (end == run) return;
        const QStringView piece = QStringView(text).sliced(run, end - run);
        if (std::any_of(piece.begin(), piece.end(), [](QChar c) { return c.unicode() > 0x7f; })) {
            out += piece.toUtf8();
            return;
        }
        const qsizetype before = out.size();
        out.resize(before + piece.size());
        std::transform(piece.begin(), piece.end(), out.begin() + before,
                       [](QChar c) { return char(c.unicode()); });
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const bool pair = c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (pair) {
            ++i;
            continue;
        }
        // A lone surrogate has no UTF-8 form; the escape keeps it.
        if (c != u'"' && c != u'\\' && c >= u' ' && !c.isSurrogate()) continue;
        flush(i);
        run = i + 1;
        switch (c.unicode()) {
        case u'"':
            out += "\\\"";
            break;
        case u'\\':
            out += "\\\\";
            break;
        case u'\n':
            out += "\\n";
            break;
        case u'\r':
            out += "\\r";
            break;
        case u'\t':
            out += "\\t";
            break;
        default:
            appendEscape(out, c.unicode());
        }
    }
    flush(text.size());
    out += '"';
}

void writeValue(QByteArray& out, const JsonValue& value) {
    switch (value.type) {
    case JsonValue::Type::Null:
        out += "null";
        break;
    case JsonValue::Type::Bool:
        out += value.boolean ? "true" : "false";
        break;
    case JsonValue::Type::Number:
        out += value.numberText.isEmpty() ? QByteArray("0") : value.numberText;
        break;
    case JsonValue::Type::String:
        writeString(out, value.string);
        break;
    case JsonValue::Type::Array:
        out += '[';
        for (qsizetype i = 0; i < value.items.size(); ++i) {
            if (i) out += ',';
            writeValue(out, value.items[i]);
        }
        out += ']';
        break;
    case JsonValue::Type::Object:
        out += '{';
        for (qsizetype i = 0; i < value.members.size(); ++i) {
            if (i) out += ',';
            writeString(out, value.members[i].first);
            out += ':';
            writeValue(out, value.members[i].second);
        }
        out += '}';
        break;
    }
}

} // namespace

QByteArray writeJson(const JsonValue& value) {
    QByteArray out;
    writeValue(out, value);
    return out;
}

} // namespace kb
