// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

#include "core/base/utf8.h"

#include <QStringDecoder>

namespace kb {

namespace {

constexpr qsizetype lookAt = 2048; ///< bytes of a body that are looked at to tell what it is

struct ContentType {
    QByteArray essence; ///< "application/json", lower case
    QByteArray charset; ///< lower case
};

ContentType contentType(const HeaderList& headers) {
    ContentType type;
    const QList<QByteArray> parts = headers.first("Content-Type").value_or(QByteArray()).split(';');
    type.essence = parts.first().trimmed().toLower();
    for (qsizetype i = 1; i < parts.size(); ++i) {
        const qsizetype equals = parts[i].indexOf('=');
        if (equals < 0 || !sameFieldName(parts[i].left(equals).trimmed(), "charset")) continue;
        type.charset = parts[i].mid(equals + 1).trimmed().toLower();
        type.charset.replace('"', QByteArray()).replace('\'', QByteArray());
        break;
    }
    return type;
}

enum class Bom { None, Utf8, Utf16Le, Utf16Be };

Bom byteOrderMark(QByteArrayView body) {
    if (body.startsWith("\xef\xbb\xbf")) return Bom::Utf8;
    if (body.startsWith("\xff\xfe")) return Bom::Utf16Le;
    if (body.startsWith("\xfe\xff")) return Bom::Utf16Be;
    return Bom::None;
}

bool isUtf16(const ContentType& type, QByteArrayView body) {
    const Bom bom = byteOrderMark(body);
    return type.charset.startsWith("utf-16") || bom == Bom::Utf16Le || bom == Bom::Utf16Be;
}

bool looksBinary(QByteArrayView body) {
    const QByteArrayView head = body.first(qMin(lookAt, body.size()));
    for (const char c : head) {
        // ESC is left in for logs with colours.
        const bool odd = uchar(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1b';
        if (odd) return true;
    }
    return head.startsWith("%PDF-");
}

/// The kind that a text's first and last characters speak for; Text when none does.
BodyKind lookOf(QByteArrayView text) {
    const QByteArrayView trimmed = text.trimmed();
    if (trimmed.isEmpty()) return BodyKind::Text;
    const char first = trimmed.front(), last = trimmed.back();
    const QByteArrayView rest = trimmed.sliced(1).first(qMin<qsizetype>(64, trimmed.size() - 1)).trimmed();
    const char second = rest.isEmpty() ? '\0' : rest.front();
    if (first == '{' && last == '}' && (second == '"' || second == '}')) return BodyKind::Json;
    if (first == '[' && last == ']' && QByteArrayView("{[\"]-0123456789tfn").contains(second))
        return BodyKind::Json;
    if (first != '<') return BodyKind::Text;
    const QByteArray head = trimmed.first(qMin<qsizetype>(256, trimmed.size())).toByteArray().toLower();
    if (head.startsWith("<!doctype html") || head.startsWith("<html") || head.startsWith("<head") ||
        head.startsWith("<body"))
        return BodyKind::Html;
    const bool tag = head.size() > 2 && ((head[1] >= 'a' && head[1] <= 'z') || head.startsWith("<?xml") ||
                                         head.startsWith("<!--") || head.startsWith("<!doctype"));
    return tag && last == '>' ? (head.contains("<html") ? BodyKind::Html : BodyKind::Xml) : BodyKind::Text;
}

/// What the Content-Type says; nullopt when it says nothing about the form ("application/octet-stream" and
/// none).
std::optional<BodyKind> announcedKind(const QByteArray& essence) {
    if (essence.isEmpty() || essence == "application/octet-stream" || !essence.contains('/'))
        return std::nullopt;
    const bool json =
        essence.endsWith("/json") || essence.endsWith("+json") || essence == "application/x-json";
    if (json) return BodyKind::Json;
    if (essence == "text/html") return BodyKind::Html;
    if (essence.endsWith("/xml") || essence.endsWith("+xml")) return BodyKind::Xml;
    static constexpr const char* texts[] = {"application/javascript",   "application/ecmascript",
                                            "application/x-javascript", "application/x-www-form-urlencoded",
                                            "application/jwt",          "application/jose",
                                            "application/yaml",         "application/x-yaml",
                                            "application/toml",         "application/graphql",
                                            "application/sql",          "application/x-ndjson",
                                            "application/jsonl",        "application/x-sh",
                                            "application/x-pem-file",   "application/http"};
    if (essence.startsWith("text/") || essence.endsWith("+yaml") || essence.endsWith("+jwt"))
        return BodyKind::Text;
    for (const char* text : texts)
        if (essence == text) return BodyKind::Text;
    return BodyKind::Binary;
}

QByteArray fromUtf16(const ContentType& type, QByteArrayView body) {
    bool littleEndian = type.charset == "utf-16le";
    switch (byteOrderMark(body)) {
    case Bom::Utf16Le:
        littleEndian = true;
        body = body.sliced(2);
        break;
    case Bom::Utf16Be:
        littleEndian = false;
        body = body.sliced(2);
        break;
    default:
        // Without a mark UTF-16 is big-endian (RFC 2781 §4.3), but much of it is not; a zero in the second
        // place tells.
        if (type.charset == "utf-16" && body.size() > 1 && body[0] != '\0' && body[1] == '\0')
            littleEndian = true;
    }
    QStringDecoder decoder(littleEndian ? QStringConverter::Utf16LE : QStringConverter::Utf16BE,
                           QStringConverter::Flag::Stateless);
    return QString(decoder(body)).toUtf8();
}

/// windows-1252 covers ISO-8859-1, and pages that name the latter mean the former (WHATWG Encoding).
QByteArray fromWindows1252(QByteArrayView body) {
    static constexpr char16_t upper[32] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                           0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                           0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                           0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};
    QString text = QString::fromLatin1(body.data(), body.size());
    for (QChar& c : text)
        if (c >= QChar(0x80) && c < QChar(0xa0)) c = QChar(upper[c.unicode() - 0x80]);
    return text.toUtf8();
}

} // namespace

BodyKind bodyKind(const HeaderList& headers, const QByteArray& body) {
    if (body.isEmpty()) return BodyKind::Empty;
    const ContentType type = contentType(headers);
    const auto announced = announcedKind(type.essence);
    if (isUtf16(type, body)) {
        if (announced && *announced != BodyKind::Text) return *announced;
        const QByteArray text = fromUtf16(type, body);
        return looksBinary(text) ? BodyKind::Binary : lookOf(text);
    }
    if (looksBinary(body)) return BodyKind::Binary;
    const QByteArrayView text = byteOrderMark(body) == Bom::Utf8 ? QByteArrayView(body).sliced(3) : body;
    const BodyKind look = lookOf(text);
    if (!announced) {
        // Bytes that are neither UTF-8 nor announced as text are left to the hex view.
        const QByteArrayView head = text.first(qMin(lookAt, text.size()));
        const qsizetype bad = firstInvalidUtf8(head);
        const bool cutCharacter = bad >= 0 && head.size() < text.size() && bad >= head.size() - 3;
        return bad >= 0 && !cutCharacter ? BodyKind::Binary : look;
    }
    const bool agrees = look == *announced;
    const bool markup = look == BodyKind::Html || look == BodyKind::Xml;
    switch (*announced) {
    case BodyKind::Json:
        // An error page under the name of JSON. Broken JSON stays JSON, so that its good part is shown as
        // such.
        return !agrees && markup ? look : BodyKind::Json;
    case BodyKind::Html:
    case BodyKind::Xml:
        return look == BodyKind::Json ? BodyKind::Json : *announced;
    case BodyKind::Text:
        return look == BodyKind::Json && type.essence == "text/plain" ? BodyKind::Json : BodyKind::Text;
    default:
        return look == BodyKind::Json ? BodyKind::Json : *announced;
    }
}

QByteArray bodyAsUtf8(const HeaderList& headers, const QByteArray& body) {
    const ContentType type = contentType(headers);
    if (isUtf16(type, body)) return fromUtf16(type, body);
    if (byteOrderMark(body) == Bom::Utf8)
        return bodyAsUtf8(HeaderList{{{"Content-Type", "text/plain; charset=utf-8"}}}, body.mid(3));
    static constexpr const char* western[] = {"iso-8859-1", "iso8859-1", "iso_8859-1",   "latin1",
                                              "latin-1",    "us-ascii",  "windows-1252", "cp1252"};
    for (const char* name : western)
        if (type.charset == name) return fromWindows1252(body);
    if (firstInvalidUtf8(body) < 0) return body;
    if (type.charset == "utf-8" || type.charset == "utf8")
        return QString::fromUtf8(body).toUtf8(); // what is broken becomes U+FFFD
    return fromWindows1252(body);
}

} // namespace kb
