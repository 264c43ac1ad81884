// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/mask_spans.h"
#include "core/auth/pattern_search.h"

namespace kb {

namespace {

enum NameTag { Field, PrivateKey };

PatternSearch makeNames() {
    PatternSearch names;
    for (const char* name : {"access_token", "refresh_token", "id_token", "client_secret", "password",
                             "accessToken", "refreshToken", "idToken", "clientSecret", "Password"}) {
        names.add(Secret(name), Field);
    }
    names.add(Secret("PRIVATE KEY-----"), PrivateKey);
    names.prepare();
    return names;
}

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool isQuote(char c) {
    return c == '"' || c == '\'';
}
bool isNameCharacter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}
bool stands(char c, std::string_view set) {
    return set.find(c) != std::string_view::npos;
}

/// Reads around one name: what stands before it says how its value is written.
class NamedValue {
public:
    NamedValue(std::string_view text, qsizetype start, qsizetype end)
        : m_text(text), m_start(start), m_end(end) {
        // "user_password" and "oauth_access_token" are such names too.
        while (m_start > 0 && isNameCharacter(at(m_start - 1)) && m_end - m_start < 128)
            --m_start;
    }

    void addTo(MaskSpans& spans) const {
        if (m_start > 0 && isQuote(at(m_start - 1))) {
            addQuoted(spans);
        } else if (at(m_end) == '=' && (m_start == 0 || stands(at(m_start - 1), "&?;#,({[ \t\r\n\"'\\"))) {
            spans.add(m_end + 1, endOfBare(m_end + 1, "&;#\"'<>) \t\r\n\\"));
        }
    }

private:
    char at(qsizetype index) const {
        return index >= 0 && index < qsizetype(m_text.size()) ? m_text[std::size_t(index)] : '\0';
    }
    qsizetype size() const { return qsizetype(m_text.size()); }
    qsizetype skipSpace(qsizetype from) const {
        while (isSpace(at(from)))
            ++from;
        return from;
    }
    qsizetype endOfBare(qsizetype from, std::string_view stops) const {
        while (from < size() && !stands(at(from), stops))
            ++from;
        return from;
    }
    qsizetype backslashesBefore(qsizetype index) const {
        qsizetype count = 0;
        while (at(index - 1 - count) == '\\')
            ++count;
        return count;
    }

    void addQuoted(MaskSpans& spans) const {
        const char quote = at(m_start - 1);
        const qsizetype depth = backslashesBefore(m_start - 1); // JSON inside a JSON string
        if (at(m_end) == '=') {                                 // a link in quotes: "password=…"
            spans.add(m_end + 1, endOfBare(m_end + 1, "&;#\"'<> \t\r\n"));
            return;
        }
        qsizetype from = m_end;
        while (at(from) == '\\')
            ++from;
        if (at(from) != quote) return;
        if (m_text.substr(0, std::size_t(m_start - 1)).ends_with("name=")) {
            addMultipart(spans, from + 1);
            return;
        }
        from = skipSpace(from + 1);
        if (at(from) != ':' && at(from) != '=') return;
        if (at(from + 1) == '>') ++from;
        from = skipSpace(from + 1);
        qsizetype open = from;
        while (at(open) == '\\')
            ++open;
        if (isQuote(at(open))) {
            spans.add(open + 1, endOfString(open + 1, at(open), depth));
        } else if (!stands(at(from), "{[") && !startsWithLiteral(from)) {
            spans.add(from, endOfBare(from, ",}] \t\r\n"));
        }
    }

    bool startsWithLiteral(qsizetype from) const {
        const std::string_view rest = m_text.substr(std::size_t(qMin(from, size())), 5);
        return rest.starts_with("null") || rest.starts_with("true") || rest.starts_with("false");
    }

    /// The closing quote of a string, before its backslashes; the text's end where it was cut off.
    qsizetype endOfString(qsizetype from, char quote, qsizetype depth) const {
        for (qsizetype close = from; close < size(); ++close) {
            if (at(close) != quote) continue;
            qsizetype slashes = backslashesBefore(close);
            slashes = qMin(slashes, close - from);
            if (depth > 0 ? slashes <= depth : slashes % 2 == 0) return close - (depth > 0 ? slashes : 0);
        }
        return size();
    }

    /// A part of multipart/form-data (RFC 7578): the value follows the part's headers.
    void addMultipart(MaskSpans& spans, qsizetype from) const {
        constexpr std::size_t mostHeaders = 1024;
        const std::string_view head = m_text.substr(std::size_t(from), mostHeaders);
        const std::size_t blank = head.find("\r\n\r\n");
        if (blank == std::string_view::npos) return;
        const qsizetype start = from + qsizetype(blank) + 4;
        const std::size_t end = m_text.find("\r\n--", std::size_t(start));
        spans.add(start, end == std::string_view::npos ? size() : qsizetype(end));
    }

    std::string_view m_text;
    qsizetype m_start;
    qsizetype m_end;
};

} // namespace

MaskSpans findNamedValues(const QByteArray& bytes) {
    static const PatternSearch names = makeNames();
    const std::string_view text(bytes.constData(), std::size_t(bytes.size()));
    MaskSpans spans;
    names.each(bytes, [&](const PatternSearch::Match& match) {
        if (match.start < spans.lastEnd()) return; // inside a value that is masked already
        const qsizetype end = match.start + qsizetype(match.pattern->bytes.size());
        if (match.pattern->tag == PrivateKey) {
            // "RSA ", "ENCRYPTED " and the like may stand between the two.
            const std::size_t before = std::size_t(qMax<qsizetype>(0, match.start - 32));
            const std::string_view line = text.substr(before, std::size_t(match.start) - before);
            const bool begins = line.find("-----BEGIN ") != std::string_view::npos;
            if (!begins) return;
            const std::size_t close = text.find("-----END", std::size_t(end));
            spans.add(end, close == std::string_view::npos ? bytes.size() : qsizetype(close));
            return;
        }
        NamedValue(text, match.start, end).addTo(spans);
    });
    return spans;
}

} // namespace kb
