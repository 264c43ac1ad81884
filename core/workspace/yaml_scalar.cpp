// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/yaml_scalar.h"

#include <QString>
#include <cstring>

namespace kb::yaml {

static bool isOneOf(char c, const char* set) {
    return c != '\0' && std::strchr(set, c) != nullptr;
}

/// The length of a character at the front that is written as an escape, because some YAML reader takes it for
/// a line break or drops it: controls, NEL, LS, PS, the byte order mark. 0 for any other.
static int oddLength(QByteArrayView at) {
    const auto byte = [&](qsizetype i) { return i < at.size() ? uchar(at[i]) : uchar(0); };
    const uchar c = byte(0);
    if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\t')) return 1;
    if (c == 0xc2 && byte(1) < 0xa0) return 2;
    if (c == 0xe2 && byte(1) == 0x80 && (byte(2) == 0xa8 || byte(2) == 0xa9)) return 3;
    if (c == 0xef && byte(1) == 0xbb && byte(2) == 0xbf) return 3;
    return 0;
}

static bool hasOddCharacter(QByteArrayView value) {
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (oddLength(value.sliced(i)) > 0) return true;
    }
    return false;
}

bool isPlainSafe(QByteArrayView value) {
    if (value.isEmpty() || value.front() == ' ' || value.back() == ' ' || value.back() == ':') return false;
    if (isOneOf(value.front(), ",[]{}#&*!|>'\"%@`?:")) return false;
    if (value.front() == '-' && (value.size() == 1 || value[1] == ' ' || value[1] == '-')) return false;
    for (qsizetype i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c == '\n' || c == '\t') return false;
        if (c == ':' && value[i + 1] == ' ') return false;
        if (c == '#' && value[i - 1] == ' ') return false;
    }
    return !hasOddCharacter(value);
}

/// Whether some YAML reader, 1.1 or 1.2, would take the word for a null, a boolean, a number or a date.
static bool looksTyped(const QByteArray& value) {
    static const char* const words[] = {"null", "~",   "true", "false", "yes", "no",
                                        "on",   "off", "y",    "n",     "="};
    for (const char* word : words) {
        if (value.compare(word, Qt::CaseInsensitive) == 0) return true;
    }
    if (value.startsWith("<<")) return true;
    const char first = value.front();
    if ((first < '0' || first > '9') && !isOneOf(first, "+-.")) return false;
    for (const char c : value) {
        if (!isOneOf(c, "0123456789abcdefABCDEFxXoO_.:+-TtZz ") && !isOneOf(c, "infINFaA")) return false;
    }
    return true;
}

QByteArray inlineScalar(const QByteArray& value) {
    if (isPlainSafe(value) && !looksTyped(value)) return value;
    QByteArray out;
    out.reserve(value.size() + 2);
    out += '"';
    for (qsizetype i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const int odd = oddLength(QByteArrayView(value).sliced(i));
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (odd > 0) {
            // Decoding a byte order mark would give nothing.
            const uint code =
                odd == 1
                    ? uchar(c)
                    : (odd == 2 ? uchar(value[i + 1])
                                : (uchar(c) == 0xef ? 0xfeffu : 0x2000u | (uchar(value[i + 2]) & 0x3fu)));
            out += "\\u" + QByteArray::number(code, 16).rightJustified(4, '0');
            i += odd - 1;
        } else {
            out += c;
        }
    }
    out += '"';
    return out;
}

bool fitsBlock(QByteArrayView value) {
    if (value.isEmpty() || value.endsWith("\n\n") || hasOddCharacter(value)) return false;
    // A first line that is blank or begins with a tab is read differently by different readers.
    if (value.front() == '\n' || value.front() == '\t') return false;
    // So is a line of blanks only: some take it for an empty one.
    qsizetype start = 0;
    while (start < value.size()) {
        qsizetype end = value.indexOf('\n', start);
        if (end < 0) end = value.size();
        const QByteArrayView line = value.sliced(start, end - start);
        if (!line.isEmpty() && line.trimmed().isEmpty()) return false;
        start = end + 1;
    }
    return true;
}

QByteArray blockScalar(const QByteArray& value, int indent, int parentIndent, const QByteArray& eol) {
    QByteArray out = "|";
    if (value.front() == ' ')
        out += QByteArray::number(indent - parentIndent); // the first line's own blanks are not indentation
    QByteArray body = value;
    if (body.endsWith('\n'))
        body.chop(1);
    else
        out += '-';
    out += eol;
    const QByteArray pad(indent, ' ');
    qsizetype start = 0;
    while (start <= body.size()) {
        qsizetype end = body.indexOf('\n', start);
        if (end < 0) end = body.size();
        if (end > start) out += pad + body.mid(start, end - start);
        out += eol;
        start = end + 1;
    }
    return out;
}

static std::optional<uint> hexNumber(QByteArrayView digits, qsizetype wanted) {
    if (digits.size() < wanted) return std::nullopt;
    uint number = 0;
    for (qsizetype i = 0; i < wanted; ++i) {
        const char c = digits[i];
        const char lower = char(c | 0x20);
        if (c >= '0' && c <= '9')
            number = number * 16 + uint(c - '0');
        else if (lower >= 'a' && lower <= 'f')
            number = number * 16 + uint(lower - 'a' + 10);
        else
            return std::nullopt;
    }
    return number;
}

/// By hand, since Qt's conversions drop a byte order mark.
static void appendCodePoint(QByteArray& out, char32_t code) {
    if (code < 0x80) {
        out += char(code);
        return;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const uchar lead[] = {0, 0xc0, 0xe0, 0xf0};
    out += char(lead[more] | (code >> (6 * more)));
    for (int rest = more - 1; rest >= 0; --rest)
        out += char(0x80 | ((code >> (6 * rest)) & 0x3f));
}

std::optional<QByteArray> unescapeDouble(QByteArrayView inside) {
    static const char simple[] = "0\0a\ab\bt\tn\nv\vf\fr\re\x1b \x20\"\"//\\\\";
    QByteArray out;
    out.reserve(inside.size());
    for (qsizetype i = 0; i < inside.size(); ++i) {
        const char c = inside[i];
        if (c != '\\') {
            out += c;
            continue;
        }
        if (++i >= inside.size()) return std::nullopt;
        const char escape = inside[i];
        bool done = false;
        for (size_t k = 0; k + 1 < sizeof simple; k += 2) {
            if (simple[k] == escape) {
                out += simple[k + 1];
                done = true;
                break;
            }
        }
        if (done) continue;
        if (escape == 'N' || escape == '_' || escape == 'L' || escape == 'P') {
            appendCodePoint(out, escape == 'N'   ? 0x85
                                 : escape == '_' ? 0xa0
                                 : escape == 'L' ? 0x2028
                                                 : 0x2029);
            continue;
        }
        const qsizetype digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
        if (digits == 0) return std::nullopt;
        auto code = hexNumber(inside.sliced(i + 1), digits);
        if (!code || *code > 0x10ffff) return std::nullopt;
        i += digits;
        char32_t point = *code;
        if (QChar::isHighSurrogate(point)) { // JSON's way to write what lies beyond U+FFFF
            if (i + 2 >= inside.size() || inside[i + 1] != '\\' || inside[i + 2] != 'u') return std::nullopt;
            const auto low = hexNumber(inside.sliced(i + 3), 4);
            if (!low || !QChar::isLowSurrogate(*low)) return std::nullopt;
            point = QChar::surrogateToUcs4(char16_t(point), char16_t(*low));
            i += 6;
        } else if (QChar::isLowSurrogate(point)) {
            return std::nullopt;
        }
        appendCodePoint(out, point);
    }
    return out;
}

} // namespace kb::yaml
