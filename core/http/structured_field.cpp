// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/structured_field.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace kb {

namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLower(char c) {
    return c >= 'a' && c <= 'z';
}
bool isAlpha(char c) {
    return isLower(c) || (c >= 'A' && c <= 'Z');
}

class SfParser {
public:
    explicit SfParser(QByteArrayView text) : m_text(text) {}

    std::optional<QList<SfMember>> members(bool dictionary) {
        QList<SfMember> list;
        skip(" ");
        while (!atEnd()) {
            SfMember member;
            if (!(dictionary ? readEntry(member) : readMember(member))) return std::nullopt;
            const auto same = [&](const SfMember& each) { return dictionary && each.key == member.key; };
            // The last value counts, at the place of the first (RFC 9651 §4.2.2).
            const auto earlier = std::find_if(list.begin(), list.end(), same);
            if (earlier != list.end())
                *earlier = member;
            else
                list.append(member);
            skip(" \t");
            if (atEnd()) return list;
            if (!take(',')) return std::nullopt;
            skip(" \t");
            if (atEnd()) return std::nullopt; // a comma at the end
        }
        return list;
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    bool take(char c) {
        if (atEnd() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }
    void skip(QByteArrayView chars) {
        while (!atEnd() && chars.contains(peek()))
            ++m_at;
    }

    bool readKey(QByteArray& key) {
        if (!isLower(peek()) && peek() != '*') return false;
        while (!atEnd() && (isLower(peek()) || isDigit(peek()) || QByteArrayView("_-.*").contains(peek())))
            key += m_text[m_at++];
        return true;
    }

    bool readParams(SfMember& member) {
        while (take(';')) {
            skip(" ");
            QByteArray key;
            SfItem value;
            if (!readKey(key) || (take('=') && !readItem(value))) return false;
            for (auto& each : member.params)
                if (each.first == key) {
                    each.second = value;
                    key.clear();
                }
            if (!key.isEmpty()) member.params.append({key, value});
        }
        return true;
    }

    bool readEntry(SfMember& member) {
        if (!readKey(member.key)) return false;
        if (take('=')) return readMember(member);
        return readParams(member);
    }

    bool readMember(SfMember& member) {
        if (!take('(')) return readItem(member.item) && readParams(member);
        member.isInnerList = true;
        while (!atEnd()) {
            skip(" ");
            if (take(')')) return readParams(member);
            SfMember inner;
            if (!readItem(inner.item) || !readParams(inner)) return false;
            member.innerList.append(inner);
            if (peek() != ' ' && peek() != ')') return false;
        }
        return false;
    }

    bool readItem(SfItem& item) {
        const char c = peek();
        if (c == '-' || isDigit(c)) return readNumber(item);
        if (c == '"') return readString(item);
        if (c == ':') return readBytes(item);
        if (c == '?') return readBoolean(item);
        if (c == '@') return readDate(item);
        if (c == '%') return readDisplayString(item);
        if (isAlpha(c) || c == '*') return readToken(item);
        return false;
    }

    bool readNumber(SfItem& item) {
        const qsizetype start = m_at;
        take('-');
        const qsizetype digits = m_at;
        while (isDigit(peek()))
            ++m_at;
        const qsizetype whole = m_at - digits;
        if (whole == 0 || whole > 15) return false;
        if (peek() != '.') {
            item.type = SfItem::Type::Integer;
            item.integer = m_text.sliced(start, m_at - start).toByteArray().toLongLong();
            return true;
        }
        ++m_at;
        const qsizetype fraction = m_at;
        while (isDigit(peek()))
            ++m_at;
        if (whole > 12 || m_at == fraction || m_at - fraction > 3) return false;
        item.type = SfItem::Type::Decimal;
        item.decimal = m_text.sliced(start, m_at - start).toByteArray().toDouble();
        return true;
    }

    bool readString(SfItem& item) {
        item.type = SfItem::Type::String;
        ++m_at;
        while (!atEnd()) {
            char c = m_text[m_at++];
            if (c == '"') return true;
            if (c == '\\') {
                if (peek() != '"' && peek() != '\\') return false;
                c = m_text[m_at++];
            } else if (uchar(c) < 0x20 || uchar(c) >= 0x7f) {
                return false;
            }
            item.text += c;
        }
        return false;
    }

    bool readBytes(SfItem& item) {
        item.type = SfItem::Type::Bytes;
        ++m_at;
        const qsizetype end = m_text.indexOf(':', m_at);
        if (end < 0) return false;
        const QByteArray encoded = m_text.sliced(m_at, end - m_at).toByteArray();
        // Left out padding is fine (RFC 9651 §4.2.7), but six bits are no byte; Qt drops them.
        if ((encoded.size() - encoded.count('=')) % 4 == 1) return false;
        const auto decoded = QByteArray::fromBase64Encoding(encoded, QByteArray::AbortOnBase64DecodingErrors);
        m_at = end + 1;
        item.text = decoded.decoded;
        return decoded.decodingStatus == QByteArray::Base64DecodingStatus::Ok;
    }

    bool readBoolean(SfItem& item) {
        ++m_at;
        item.boolean = peek() == '1';
        return take('0') || take('1');
    }

    /// An Integer that counts seconds (§4.2.9).
    bool readDate(SfItem& item) {
        ++m_at;
        if ((peek() != '-' && !isDigit(peek())) || !readNumber(item) || item.type != SfItem::Type::Integer)
            return false;
        item.type = SfItem::Type::Date;
        return true;
    }

    /// UTF-8 in ASCII (§4.2.10): what is escaped is so in two lower-case hexadecimal digits.
    bool readDisplayString(SfItem& item) {
        item.type = SfItem::Type::DisplayString;
        ++m_at;
        if (!take('"')) return false;
        while (!atEnd()) {
            const char c = m_text[m_at++];
            if (c == '"') return firstInvalidUtf8(item.text) < 0;
            if (uchar(c) < 0x20 || uchar(c) >= 0x7f) return false;
            if (c != '%') {
                item.text += c;
                continue;
            }
            const QByteArrayView hex = m_text.sliced(m_at, std::min<qsizetype>(2, m_text.size() - m_at));
            const auto isHex = [](char digit) { return isDigit(digit) || (digit >= 'a' && digit <= 'f'); };
            if (hex.size() < 2 || !isHex(hex[0]) || !isHex(hex[1])) return false;
            item.text += QByteArray::fromHex(hex.toByteArray());
            m_at += 2;
        }
        return false;
    }

    bool readToken(SfItem& item) {
        item.type = SfItem::Type::Token;
        while (!atEnd() &&
               (isAlpha(peek()) || isDigit(peek()) || QByteArrayView("!#$%&'*+-.^_`|~:/").contains(peek())))
            item.text += m_text[m_at++];
        return true;
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
};

std::optional<QList<SfMember>> parse(const QList<QByteArray>& lines, bool dictionary) {
    const QByteArray joined = lines.join(", ");
    return SfParser(joined).members(dictionary);
}

} // namespace

const SfItem* SfMember::param(QByteArrayView name) const {
    for (const auto& each : params)
        if (each.first == name) return &each.second;
    return nullptr;
}

std::optional<QList<SfMember>> parseSfList(const QList<QByteArray>& lines) {
    return parse(lines, false);
}

std::optional<QList<SfMember>> parseSfDictionary(const QList<QByteArray>& lines) {
    return parse(lines, true);
}

} // namespace kb
