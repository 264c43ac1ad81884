// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/secret_variants.h"

#include "core/auth/token_checks.h"

#include <algorithm>

namespace kb {

namespace {

// Every buffer here holds the secret in some form: made with all its room at once, then taken over and wiped.
void addBytes(PatternSearch& search, QByteArray bytes, VariantTag tag = VariantTag::Plain) {
    search.add(Secret::take(bytes), int(tag));
}

bool isAlnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Characters no usual encoding touches.
bool isUnreserved(char c) {
    return isAlnum(c) || c == '-' || c == '.' || c == '_';
}

bool isOneOf(char c, std::string_view set) {
    return set.find(c) != std::string_view::npos;
}

void appendHex(QByteArray& out, unsigned value, int digits, bool upper) {
    const char* letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out.append(letters[(value >> shift) & 0xfu]);
}

/// Base64 of the secret standing `before` bytes into a group of three, without the characters at both ends
/// that also depend on its neighbours.
void addBase64(PatternSearch& search, std::string_view secret, qsizetype before,
               QByteArray::Base64Option alphabet) {
    QByteArray padded;
    padded.reserve(before + qsizetype(secret.size()));
    padded.append(before, '\0').append(secret.data(), qsizetype(secret.size()));
    const qsizetype total = padded.size();
    QByteArray text = padded.toBase64(alphabet | QByteArray::OmitTrailingEquals);
    wipeBytes(padded);
    const qsizetype front = before == 0 ? 0 : before + 1;
    const qsizetype back = total % 3 == 0 ? 0 : 1;
    addBytes(search, text.mid(front, text.size() - front - back), VariantTag::Base64);
    wipeBytes(text);
}

/// What a percent-encoder leaves as it is beside letters, digits, "-", "." and "_".
struct PercentRule {
    std::string_view kept;
    bool plusForSpace;
};
constexpr PercentRule percentRules[] = {
    {"~", false},                               // RFC 3986's unreserved
    {"~!*'()", false},                          // JavaScript's encodeURIComponent
    {"*", true},                                // forms
    {"~!$&'()*+,;=:@", false},                  // a path segment
    {"~!$&'()*+,;=:@/?", false},                // a whole path or query
    {"~!$&'()*+,;=:@/?%#[]\\^`{|}<>\"", false}, // only what a request line cannot hold
};

void addPercentEncoded(PatternSearch& search, std::string_view secret) {
    for (const PercentRule& rule : percentRules) {
        for (const bool upper : {true, false}) {
            QByteArray out;
            out.reserve(qsizetype(secret.size()) * 3);
            for (const char c : secret) {
                if (isUnreserved(c) || isOneOf(c, rule.kept)) {
                    out.append(c);
                } else if (c == ' ' && rule.plusForSpace) {
                    out.append('+');
                } else {
                    out.append('%');
                    appendHex(out, static_cast<unsigned char>(c), 2, upper);
                }
            }
            addBytes(search, out);
        }
    }
}

struct JsonRule {
    bool slash;     ///< escapes "/"
    bool html;      ///< escapes <, >, & and ' as \u003c …
    bool asciiOnly; ///< escapes everything outside ASCII
    bool upper;
};
constexpr JsonRule jsonRules[] = {{false, false, false, false}, {true, false, false, false},
                                  {false, true, false, false},  {false, false, true, false},
                                  {true, false, true, false},   {false, true, true, true},
                                  {false, false, true, true},   {false, true, false, true}};

void addJsonEscaped(PatternSearch& search, const QString& secret) {
    for (const JsonRule& rule : jsonRules) {
        QByteArray out;
        out.reserve(secret.size() * 6);
        for (qsizetype i = 0; i < secret.size(); ++i) {
            const char16_t unit = secret.at(i).unicode();
            if (unit == u'"' || unit == u'\\' || (unit == u'/' && rule.slash)) {
                out.append('\\').append(char(unit));
            } else if (unit == u'\t') {
                out.append("\\t");
            } else if (unit < 0x20 || (rule.html && unit < 0x80 && isOneOf(char(unit), "<>&'")) ||
                       (rule.asciiOnly && unit >= 0x7f)) {
                out.append("\\u");
                appendHex(out, unit, 4, rule.upper);
            } else if (unit < 0x80) {
                out.append(char(unit));
            } else {
                const qsizetype length = QChar::isHighSurrogate(unit) ? 2 : 1;
                out.append(QStringView(secret).mid(i, length).toUtf8());
                i += length - 1;
            }
        }
        addBytes(search, out);
    }
}

void addHtmlEscaped(PatternSearch& search, std::string_view secret) {
    for (const char* apostrophe : {"'", "&#39;", "&#x27;", "&apos;"}) {
        QByteArray out;
        out.reserve(qsizetype(secret.size()) * 6);
        for (const char c : secret) {
            switch (c) {
            case '&':
                out.append("&amp;");
                break;
            case '<':
                out.append("&lt;");
                break;
            case '>':
                out.append("&gt;");
                break;
            case '"':
                out.append("&quot;");
                break;
            case '\'':
                out.append(apostrophe);
                break;
            default:
                out.append(c);
            }
        }
        addBytes(search, out);
    }
}

void addUtf16(PatternSearch& search, const QString& secret) {
    for (const VariantTag tag : {VariantTag::Utf16Little, VariantTag::Utf16Big}) {
        QByteArray out;
        out.reserve(secret.size() * 2);
        for (const QChar unit : secret) {
            const char low = char(unit.cell()), high = char(unit.row());
            out.append(tag == VariantTag::Utf16Little ? low : high);
            out.append(tag == VariantTag::Utf16Little ? high : low);
        }
        addBytes(search, out, tag);
    }
}

void addJwtParts(PatternSearch& search, std::string_view secret) {
    const JoseLook look = joseLook(secret);
    if (!look.isJose || look.parts != 3) return;
    const std::size_t dot = secret.rfind('.') + 1;
    constexpr std::size_t shortest = 8;
    for (const std::string_view part : {secret.substr(0, dot), secret.substr(dot)}) {
        if (part.size() >= shortest) search.add(Secret(part), int(VariantTag::Plain));
    }
}

} // namespace

void addSecretVariants(PatternSearch& search, std::string_view secret) {
    search.add(Secret(secret), int(VariantTag::Plain));
    for (qsizetype before = 0; before < 3; ++before) {
        addBase64(search, secret, before, QByteArray::Base64Encoding);
        addBase64(search, secret, before, QByteArray::Base64UrlEncoding);
    }
    QString text = QString::fromUtf8(secret.data(), qsizetype(secret.size()));
    addUtf16(search, text);
    if (!std::all_of(secret.begin(), secret.end(), isUnreserved)) {
        addPercentEncoded(search, secret);
        addJsonEscaped(search, text);
        addHtmlEscaped(search, secret);
    }
    addJwtParts(search, secret);
    wipeText(text);
}

} // namespace kb
