// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/base64url.h"

#include <QCoreApplication>
#include <array>

namespace kb {

namespace {

struct Base64UrlTr {
    Q_DECLARE_TR_FUNCTIONS(Base64Url)
};

constexpr std::array<signed char, 256> makeValues() {
    std::array<signed char, 256> values{};
    values.fill(-1);
    signed char next = 0;
    for (char c = 'A'; c <= 'Z'; ++c)
        values[std::size_t(c)] = next++;
    for (char c = 'a'; c <= 'z'; ++c)
        values[std::size_t(c)] = next++;
    for (char c = '0'; c <= '9'; ++c)
        values[std::size_t(c)] = next++;
    values[std::size_t('-')] = 62;
    values[std::size_t('_')] = 63;
    return values;
}
constexpr auto values = makeValues();

int valueOf(char c) {
    return values[static_cast<unsigned char>(c)];
}

QString problemWith(char c) {
    if (c == '=') return Base64UrlTr::tr("it is padded with =, which this form leaves out");
    if (c == '+' || c == '/')
        return Base64UrlTr::tr("it has %1, which belongs to plain base64").arg(characterName(c));
    return Base64UrlTr::tr("it has %1").arg(characterName(c));
}

} // namespace

Base64UrlText decodeBase64Url(std::string_view text) {
    Base64UrlText result;
    result.bytes.reserve(qsizetype(text.size() * 3 / 4));
    unsigned buffer = 0;
    int bits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int value = valueOf(text[i]);
        if (value < 0) {
            result.bytes.clear();
            result.problem = problemWith(text[i]);
            result.position = qsizetype(i);
            return result;
        }
        buffer = (buffer << 6) | unsigned(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            result.bytes.append(char((buffer >> bits) & 0xffu));
        }
    }
    if (text.size() % 4 == 1) {
        result.bytes.clear();
        result.problem = Base64UrlTr::tr("no bytes give its length: a character is missing or too many");
        return result;
    }
    result.trailingBits = bits > 0 && (buffer & ((1u << bits) - 1u)) != 0;
    return result;
}

bool looksLikeBase64Url(std::string_view text) {
    if (text.size() % 4 == 1) return false;
    for (const char c : text) {
        if (valueOf(c) < 0) return false;
    }
    return true;
}

QString characterName(char character) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == ' ') return Base64UrlTr::tr("a space");
    if (character == '\t') return Base64UrlTr::tr("a tab");
    if (character == '\r' || character == '\n') return Base64UrlTr::tr("a line break");
    if (character == '"' || character == '\'') return Base64UrlTr::tr("a quotation mark");
    if (byte < 0x20 || byte >= 0x7f) {
        const QString hex = QString::number(byte, 16).toUpper().rightJustified(2, QLatin1Char('0'));
        return Base64UrlTr::tr("the byte 0x%1").arg(hex);
    }
    return Base64UrlTr::tr("the character \"%1\"").arg(QLatin1Char(character));
}

} // namespace kb
