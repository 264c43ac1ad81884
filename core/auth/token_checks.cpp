// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/token_checks.h"

#include "core/auth/base64url.h"
#include "core/auth/secret.h"
#include "core/auth/token_shapes.h"
#include "core/base/json.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kb {

namespace {

bool isAlnumOrWord(std::string_view text) {
    return isOfAlphabet(text, TokenAlphabet::Word);
}

/// Base64 or base64url with or without padding; empty if it is neither.
QByteArray decodeAnyBase64(std::string_view value) {
    const auto raw = QByteArray::fromRawData(value.data(), qsizetype(value.size()));
    for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
        auto decoded =
            QByteArray::fromBase64Encoding(raw, alphabet | QByteArray::AbortOnBase64DecodingErrors);
        if (decoded) return *decoded;
    }
    return {};
}

std::uint32_t crc32(std::string_view text) {
    std::uint32_t crc = 0xffffffffu;
    for (const char c : text) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xedb88320u : 0u);
    }
    return ~crc;
}

std::array<char, 6> base62(std::uint32_t number) {
    constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::array<char, 6> text{};
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit) {
        *digit = digits[number % 62];
        number /= 62;
    }
    return text;
}

bool beginsLikePkcs12(const QByteArray& der) {
    // SEQUENCE with a long-form length, then INTEGER 3, then SEQUENCE.
    if (der.size() < 12 || der.at(0) != 0x30) return false;
    const auto lengthByte = static_cast<unsigned char>(der.at(1));
    if (lengthByte < 0x80 || lengthByte > 0x84) return false;
    return der.mid(2 + (lengthByte & 0x0f), 4) == QByteArrayView("\x02\x01\x03\x30", 4);
}

} // namespace

JoseLook joseLook(std::string_view value) {
    JoseLook look;
    const auto dots = std::count(value.begin(), value.end(), '.');
    if (dots < 1 || dots > 4) return look;
    const std::string_view first = value.substr(0, value.find('.'));
    // Only the first part decides: what is wrong with the others is for the decoder to say.
    if (!std::all_of(first.begin(), first.end(), [](char c) {
            return isOfAlphabet(std::string_view(&c, 1), TokenAlphabet::Token) && c != '~' && c != ':';
        })) {
        return look;
    }
    const Base64UrlText text = decodeBase64Url(first);
    const auto header =
        text.isValid() && first.size() < 64 * 1024 ? parseJson(text.bytes) : Result<JsonValue>();
    // "eyJ" is how every {" begins; a damaged token is still taken for one, so that the decoder can say what
    // is wrong. One that was cut, or lost its signature and a dot with it, must have a header that says so.
    const bool whole = dots == 2 || dots == 4;
    look.isJose =
        (whole && first.starts_with("eyJ")) || (header && header->isObject() && header->find(u"alg"));
    look.parts = int(dots) + 1;
    look.emptySignature = value.ends_with('.');
    if (header) look.type = header->text(u"typ").toLower();
    if (look.type.startsWith(QLatin1String("application/"))) look.type = look.type.mid(12);
    return look;
}

std::optional<bool> githubChecksum(std::string_view value) {
    constexpr std::size_t prefix = 4, body = 30, check = 6;
    if (value.size() != prefix + body + check) return std::nullopt;
    const std::string_view start = value.substr(0, prefix);
    constexpr std::string_view classic[] = {"ghp_", "gho_", "ghu_", "ghs_", "ghr_"};
    if (std::find(std::begin(classic), std::end(classic), start) == std::end(classic)) return std::nullopt;
    if (!isOfAlphabet(value.substr(prefix), TokenAlphabet::Alnum)) return std::nullopt;
    const std::array<char, 6> sum = base62(crc32(value.substr(prefix, body)));
    return value.substr(prefix + body) == std::string_view(sum.data(), sum.size());
}

bool isPrivateKeyPem(std::string_view value) {
    if (!value.starts_with("-----BEGIN ")) return false;
    const std::string_view line = value.substr(0, value.find('\n'));
    return line.find("PRIVATE KEY") != std::string_view::npos;
}

bool isPkcs12(std::string_view value) {
    if (value.empty()) return false;
    if (value.front() == 0x30) return beginsLikePkcs12(QByteArray(value.data(), qsizetype(value.size())));
    if (!value.starts_with("MI") || value.size() < 64) return false;
    QByteArray der = decodeAnyBase64(value.substr(0, 64));
    const bool found = beginsLikePkcs12(der);
    wipeBytes(der);
    return found;
}

bool isPrivateKeyJson(std::string_view value) {
    return value.starts_with('{') && value.find("\"private_key\"") != std::string_view::npos;
}

bool isAwsVariantKeyId(std::string_view value) {
    return value.size() == 20 && value.starts_with("A3T") &&
           isOfAlphabet(value.substr(4), TokenAlphabet::Base32) &&
           isOfAlphabet(value.substr(3, 1), TokenAlphabet::Alnum);
}

bool isEntraSecret(std::string_view value) {
    if (value.size() < 37 || value.size() > 40 || value.substr(4, 2) != "Q~") return false;
    return value[3] >= '0' && value[3] <= '9' && isOfAlphabet(value, TokenAlphabet::Token);
}

bool isLegacyOpenAiKey(std::string_view value) {
    return value.starts_with("sk-") && value.find("T3BlbkFJ") != std::string_view::npos &&
           value.size() >= 40 && isAlnumOrWord(value);
}

bool isAirtableToken(std::string_view value) {
    if (!value.starts_with("pat")) return false;
    const std::size_t dot = value.find('.');
    return dot == 17 && value.size() == dot + 65 && isOfAlphabet(value.substr(3, 14), TokenAlphabet::Alnum) &&
           isOfAlphabet(value.substr(dot + 1), TokenAlphabet::Hex);
}

bool isOktaToken(std::string_view value) {
    return value.size() == 42 && value.starts_with("00") && isAlnumOrWord(value);
}

bool isMacaroon(std::string_view value) {
    if (!value.starts_with("MDA") && !value.starts_with("AgE")) return false;
    if (!isOfAlphabet(value, TokenAlphabet::Token) || value.size() < 40) return false;
    QByteArray bytes = decodeAnyBase64(value);
    // Version 1: packets of "00xx" and a field name. Version 2: the byte 2, then the field types 1 or 2.
    const bool first =
        bytes.startsWith("00") && (bytes.mid(4, 8) == "location" || bytes.mid(4, 10) == "identifier");
    const bool second = bytes.size() > 3 && bytes.at(0) == 2 && (bytes.at(1) == 1 || bytes.at(1) == 2) &&
                        bytes.contains(QByteArrayView("\x00\x00\x06\x20", 4));
    wipeBytes(bytes);
    return first || second;
}

bool isFernet(std::string_view value) {
    if (!value.starts_with("gAAAA")) return false;
    QByteArray bytes = decodeAnyBase64(value);
    // Version, time, IV, at least one block, HMAC.
    const qsizetype size = bytes.size();
    const bool fits = size >= 73 && (size - 57) % 16 == 0 && bytes.at(0) == char(0x80);
    wipeBytes(bytes);
    return fits;
}

bool isBasicCredentials(std::string_view value) {
    if (value.size() < 4 || value.size() % 4 != 0 || value.size() > 4096) return false;
    const auto raw = QByteArray::fromRawData(value.data(), qsizetype(value.size()));
    auto decoded = QByteArray::fromBase64Encoding(raw, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded) return false;
    QByteArray bytes = std::move(*decoded);
    const bool printable = std::all_of(bytes.cbegin(), bytes.cend(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    });
    const bool fits =
        printable && bytes.size() >= 3 && bytes.contains(':') && QByteArrayView(bytes).isValidUtf8();
    wipeBytes(bytes);
    return fits;
}

bool isUuid(std::string_view value) {
    if (value.size() != 36) return false;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? value[i] != '-' : !isOfAlphabet(value.substr(i, 1), TokenAlphabet::Hex)) return false;
    }
    return true;
}

} // namespace kb
