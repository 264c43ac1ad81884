// SPDX-License-Identifier: GPL-3.0-or-later
// A strict reader of our own. A library that turns numbers into machine types refuses a whole document for a
// 65-bit integer or 1e400, and those that keep the text do not tell the position of an error; both matter to
// somebody who looks at a token. The view of large bodies does not go through here.
#include "core/base/json.h"
#include "core/base/utf8.h"

#include <QCoreApplication>

namespace kb {

namespace {

constexpr int maxDepth = 256;

struct JsonText {
    Q_DECLARE_TR_FUNCTIONS(JsonText)
};

class Reader {
public:
    explicit Reader(QByteArrayView text) : m_text(text) {}

    Result<JsonValue> document() {
        if (const qsizetype bad = firstInvalidUtf8(m_text); bad >= 0) {
            m_at = bad;
            return error(JsonText::tr("This is not UTF-8 text"));
        }
        if (m_text.startsWith("\xef\xbb\xbf"))
            return error(JsonText::tr("JSON must not begin with a byte order mark"));
        skipSpace();
        JsonValue value;
        if (!readValue(value, 0)) return tl::unexpected<Error>(m_error);
        skipSpace();
        if (!atEnd()) return error(JsonText::tr("There is more text after the end of the JSON value"));
        return value;
    }

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    bool take(char c) {
        if (atEnd() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }
    void skipSpace() {
        while (!atEnd() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r'))
            ++m_at;
    }

    tl::unexpected<Error> error(const QString& what) {
        qsizetype line = 1, lineStart = 0;
        for (qsizetype i = 0; i < m_at; ++i)
            if (m_text[i] == '\n') {
                ++line;
                lineStart = i + 1;
            }
        const QString where = JsonText::tr("line %1, column %2").arg(line).arg(m_at - lineStart + 1);
        return fail(ErrorCode::ParseError, what, where, {}, m_at);
    }
    bool refuse(const QString& what) {
        m_error = error(what).value();
        return false;
    }

    bool readValue(JsonValue& value, int depth) {
        switch (peek()) {
        case '{':
            return depth < maxDepth ? readObject(value, depth) : tooDeep();
        case '[':
            return depth < maxDepth ? readArray(value, depth) : tooDeep();
        case '"':
            value.type = JsonValue::Type::String;
            return readString(value.string);
        case 't':
            value.type = JsonValue::Type::Bool;
            value.boolean = true;
            return readWord("true");
        case 'f':
            value.type = JsonValue::Type::Bool;
            return readWord("false");
        case 'n':
            return readWord("null");
        default:
            return readNumber(value);
        }
    }

    bool tooDeep() {
        return refuse(JsonText::tr("The JSON is nested more than %1 levels deep").arg(maxDepth));
    }

    bool readWord(QByteArrayView word) {
        if (!m_text.sliced(m_at).startsWith(word)) return refuse(JsonText::tr("Expected a JSON value"));
        m_at += word.size();
        return true;
    }

    bool readDigits() {
        const qsizetype start = m_at;
        while (peek() >= '0' && peek() <= '9')
            ++m_at;
        return m_at > start;
    }

    bool readNumber(JsonValue& value) {
        const qsizetype start = m_at;
        if (atEnd()) return refuse(JsonText::tr("The JSON ends where a value should be"));
        take('-');
        const bool leadingZero = peek() == '0';
        const qsizetype firstDigit = m_at;
        if (!readDigits()) {
            if (m_at == start) return refuse(JsonText::tr("Expected a JSON value"));
            return refuse(JsonText::tr("Expected a digit"));
        }
        if (leadingZero && m_at > firstDigit + 1) {
            m_at = firstDigit;
            return refuse(JsonText::tr("A number must not begin with a zero"));
        }
        if (take('.') && !readDigits())
            return refuse(JsonText::tr("Expected a digit after the decimal point"));
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (!take('+')) take('-');
            if (!readDigits()) return refuse(JsonText::tr("Expected a digit in the exponent"));
        }
        value.type = JsonValue::Type::Number;
        value.numberText = m_text.sliced(start, m_at - start).toByteArray();
        return true;
    }

    bool readHex4(char16_t& unit) {
        quint32 number = 0;
        for (int i = 0; i < 4; ++i, ++m_at) {
            const char c = peek();
            int digit = -1;
            if (c >= '0' && c <= '9')
                digit = c - '0';
            else if (c >= 'a' && c <= 'f')
                digit = c - 'a' + 10;
            else if (c >= 'A' && c <= 'F')
                digit = c - 'A' + 10;
            if (digit < 0) return refuse(JsonText::tr("Expected four hexadecimal digits after \\u"));
            number = number * 16 + quint32(digit);
        }
        unit = char16_t(number);
        return true;
    }

    bool readEscape(QString& out) {
        const char c = peek();
        static constexpr char letters[] = "\"\\/bfnrt";
        static constexpr char16_t meant[] = u"\"\\/\b\f\n\r\t";
        for (int i = 0; letters[i]; ++i)
            if (!atEnd() && c == letters[i]) {
                ++m_at;
                out += QChar(meant[i]);
                return true;
            }
        if (!take('u')) return refuse(JsonText::tr("A backslash must not stand before this character"));
        char16_t unit = 0;
        if (!readHex4(unit)) return false;
        out += QChar(unit); // half of a pair alone is allowed by the grammar (RFC 8259 §8.2) and kept
        return true;
    }

    bool readString(QString& out) {
        const qsizetype start = m_at;
        ++m_at;
        while (true) {
            const qsizetype run = m_at;
            while (!atEnd() && peek() != '"' && peek() != '\\' && uchar(peek()) >= 0x20)
                ++m_at;
            if (m_at > run) out += QString::fromUtf8(m_text.sliced(run, m_at - run));
            if (atEnd()) {
                m_at = start;
                return refuse(JsonText::tr("This string has no closing quote"));
            }
            if (take('"')) return true;
            if (!take('\\'))
                return refuse(JsonText::tr("A control character in a string must be written as an escape"));
            if (!readEscape(out)) return false;
        }
    }

    bool readArray(JsonValue& value, int depth) {
        value.type = JsonValue::Type::Array;
        ++m_at;
        skipSpace();
        if (take(']')) return true;
        while (true) {
            value.items.emplaceBack();
            if (!readValue(value.items.last(), depth + 1)) return false;
            skipSpace();
            if (take(']')) return true;
            if (!take(',')) return refuse(JsonText::tr("Expected a comma or ]"));
            skipSpace();
        }
    }

    bool readObject(JsonValue& value, int depth) {
        value.type = JsonValue::Type::Object;
        ++m_at;
        skipSpace();
        if (take('}')) return true;
        while (true) {
            if (peek() != '"') return refuse(JsonText::tr("Expected a member name in quotes"));
            value.members.emplaceBack();
            if (!readString(value.members.last().first)) return false;
            skipSpace();
            if (!take(':')) return refuse(JsonText::tr("Expected a colon after the member name"));
            skipSpace();
            if (!readValue(value.members.last().second, depth + 1)) return false;
            skipSpace();
            if (take('}')) return true;
            if (!take(',')) return refuse(JsonText::tr("Expected a comma or }"));
            skipSpace();
        }
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
    Error m_error;
};

} // namespace

Result<JsonValue> parseJson(QByteArrayView text) {
    return Reader(text).document();
}

} // namespace kb
