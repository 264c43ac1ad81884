// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/url.h"

#include "core/base/utf8.h"
#include "core/http/host.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct UrlText {
    Q_DECLARE_TR_FUNCTIONS(UrlText)
};

constexpr char hexDigits[] = "0123456789ABCDEF";

void appendEncoded(QByteArray& out, char byte) {
    out += '%';
    out += hexDigits[uchar(byte) >> 4];
    out += hexDigits[uchar(byte) & 0xf];
}

/// Only what a request line cannot carry is encoded; everything else stays as typed.
QByteArray asTyped(QStringView text) {
    const QByteArray utf8 = text.toUtf8();
    QByteArray out;
    out.reserve(utf8.size());
    for (const char c : utf8) {
        if (uchar(c) <= 0x20 || uchar(c) >= 0x7f)
            appendEncoded(out, c);
        else
            out += c;
    }
    return out;
}

tl::unexpected<Error> urlError(const QString& what, qsizetype position, const QString& next = {}) {
    return fail(ErrorCode::InvalidInput, what, UrlText::tr("character %1").arg(position + 1), next, position);
}

bool isSchemeText(QStringView text) {
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!letter && !(i > 0 && other)) return false;
    }
    return !text.isEmpty();
}

/// Length of the scheme when the text begins with one and its colon; -1 otherwise.
qsizetype schemeLength(QStringView text) {
    const qsizetype colon = text.indexOf(u':');
    return colon > 0 && isSchemeText(text.left(colon)) ? colon : -1;
}

qsizetype firstOf(QStringView text, QStringView chars, qsizetype from) {
    for (qsizetype i = from; i < text.size(); ++i)
        if (chars.contains(text[i])) return i;
    return text.size();
}

/// Path, query and fragment of the text from `at` on.
void cutTarget(QStringView text, qsizetype at, QByteArray& path, std::optional<QByteArray>& query,
               std::optional<QByteArray>& fragment) {
    const qsizetype pathEnd = firstOf(text, u"?#", at);
    path = asTyped(text.sliced(at, pathEnd - at));
    qsizetype queryEnd = pathEnd;
    if (pathEnd < text.size() && text[pathEnd] == u'?') {
        queryEnd = firstOf(text, u"#", pathEnd + 1);
        query = asTyped(text.sliced(pathEnd + 1, queryEnd - pathEnd - 1));
    }
    if (queryEnd < text.size()) fragment = asTyped(text.sliced(queryEnd + 1));
}

Result<quint16> readPort(QStringView digits, qsizetype offset, quint16 standard) {
    if (digits.isEmpty()) return standard; // "http://host:/" is allowed (RFC 3986 §3.2.3)
    quint32 number = 0;
    for (qsizetype i = 0; i < digits.size(); ++i) {
        const char16_t c = digits[i].unicode();
        if (c < '0' || c > '9')
            return urlError(UrlText::tr("A port is a number from 1 to 65535."), offset + i);
        number = number * 10 + (c - '0');
        if (number > 65535) return urlError(UrlText::tr("A port is a number from 1 to 65535."), offset);
    }
    if (number == 0) return urlError(UrlText::tr("A port is a number from 1 to 65535."), offset);
    return quint16(number);
}

/// RFC 3986 §5.2.4.
QByteArray removeDotSegments(const QByteArray& path) {
    QByteArray out;
    qsizetype at = 0;
    const QByteArrayView in(path);
    while (at < in.size()) {
        const QByteArrayView rest = in.sliced(at);
        if (rest.startsWith("../")) {
            at += 3;
        } else if (rest.startsWith("./") || rest.startsWith("/./")) {
            at += 2;
        } else if (rest == "/.") {
            out += '/';
            break;
        } else if (rest.startsWith("/../") || rest == "/..") {
            out.truncate(qMax<qsizetype>(0, out.lastIndexOf('/')));
            if (rest.size() == 3) {
                out += '/';
                break;
            }
            at += 3;
        } else if (rest == "." || rest == "..") {
            break;
        } else {
            qsizetype end = rest.indexOf('/', 1);
            if (end < 0) end = rest.size();
            out += rest.first(end);
            at += end;
        }
    }
    return out;
}

/// Text of a Location value. Bytes that are not UTF-8 are encoded one by one, so that they go out as they
/// came.
QString referenceText(const QByteArray& reference) {
    const QByteArray trimmed = reference.trimmed();
    if (firstInvalidUtf8(trimmed) < 0) return QString::fromUtf8(trimmed);
    QByteArray encoded;
    for (const char c : trimmed) {
        if (uchar(c) >= 0x80)
            appendEncoded(encoded, c);
        else
            encoded += c;
    }
    return QString::fromLatin1(encoded);
}

QByteArray encodeQueryText(const QByteArray& text) {
    QByteArray out;
    for (const char c : text) {
        const bool unreserved = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved)
            out += c;
        else
            appendEncoded(out, c);
    }
    return out;
}

} // namespace

Result<HttpUrl> HttpUrl::parse(const QString& text) {
    // White space around a pasted URL is never meant.
    qsizetype start = 0, end = text.size();
    while (start < end && text[start].isSpace())
        ++start;
    while (end > start && text[end - 1].isSpace())
        --end;
    const QStringView all = QStringView(text).left(end);
    if (start == end)
        return urlError(UrlText::tr("The URL is empty."), 0, UrlText::tr("Begin with https:// or http://."));
    for (qsizetype i = start; i < end; ++i) {
        if (!all[i].isSurrogate()) continue;
        if (all[i].isHighSurrogate() && i + 1 < end && all[i + 1].isLowSurrogate())
            ++i;
        else
            return urlError(UrlText::tr("The URL holds half a character."), i);
    }

    const auto begin = [] { return UrlText::tr("Begin with https:// or http://."); };
    const qsizetype length = schemeLength(all.sliced(start));
    const bool hasSlashes = length > 0 && all.sliced(start + length + 1).startsWith(u"//");
    const QByteArray scheme = length > 0 ? all.sliced(start, length).toLatin1().toLower() : QByteArray();
    const bool known = scheme == "http" || scheme == "https";
    if (length < 0 || (!known && !hasSlashes))
        return urlError(UrlText::tr("The URL has no scheme."), start, begin());
    if (!known) return urlError(UrlText::tr("Only http and https URLs can be sent."), start, begin());
    if (!hasSlashes)
        return urlError(UrlText::tr("Two slashes must follow the scheme."), start + length + 1, begin());

    HttpUrl url;
    url.m_origin.scheme = scheme;
    const qsizetype authorityStart = start + length + 3;
    const qsizetype authorityEnd = firstOf(all, u"/?#", authorityStart);
    const QStringView authority = all.sliced(authorityStart, authorityEnd - authorityStart);
    qsizetype hostStart = authorityStart;
    if (const qsizetype at = authority.indexOf(u'@'); at >= 0) {
        // Readers disagree on which of two @ ends the user part, and so on which host is meant.
        if (const qsizetype second = authority.indexOf(u'@', at + 1); second >= 0)
            return urlError(UrlText::tr("The URL holds two @ before its path."), authorityStart + second,
                            UrlText::tr("Write an @ of the user name or password as %40."));
        if (const qsizetype back = authority.left(at).indexOf(u'\\'); back >= 0)
            return urlError(UrlText::tr("A backslash cannot stand before the path."), authorityStart + back);
        url.m_userInfo = asTyped(authority.left(at));
        hostStart = authorityStart + at + 1;
    }
    const QStringView hostPort = all.sliced(hostStart, authorityEnd - hostStart);
    const qsizetype bracket = hostPort.startsWith(u'[') ? hostPort.indexOf(u']') : 0;
    const qsizetype colon = hostPort.indexOf(u':', qMax<qsizetype>(0, bracket));
    const bool hasPort = colon >= 0 && bracket >= 0;
    const QStringView host = hasPort ? hostPort.left(colon) : hostPort;
    const auto readName = readHost(host.toString(), hostStart);
    if (!readName) return tl::unexpected<Error>(readName.error());
    url.m_origin.host = *readName;
    const quint16 standard = scheme == "https" ? 443 : 80;
    const auto port =
        readPort(hasPort ? hostPort.sliced(colon + 1) : QStringView(), hostStart + colon + 1, standard);
    if (!port) return tl::unexpected<Error>(port.error());
    url.m_origin.port = *port;

    cutTarget(all, authorityEnd, url.m_path, url.m_query, url.m_fragment);
    if (url.m_path.isEmpty()) url.m_path = "/";
    return url;
}

Result<HttpUrl> HttpUrl::resolve(const QByteArray& reference) const {
    const QString text = referenceText(reference);
    const auto finish = [&](HttpUrl url) {
        // A redirect without a fragment keeps the one it came from (RFC 9110 §10.2.2).
        if (!url.m_fragment) url.m_fragment = m_fragment;
        return url;
    };
    const bool hasScheme = schemeLength(text) > 0;
    if (hasScheme || text.startsWith(QStringLiteral("//"))) {
        const QString prefix = hasScheme ? QString() : QString::fromLatin1(m_origin.scheme + ':');
        auto url = parse(prefix + text);
        if (!url) {
            Error error = url.error();
            if (error.position >= 0) error.position = qMax<qsizetype>(0, error.position - prefix.size());
            error.where = UrlText::tr("character %1 of the address the server names").arg(error.position + 1);
            error.next.clear();
            return tl::unexpected<Error>(error);
        }
        url->m_path = removeDotSegments(url->m_path);
        return finish(*url);
    }

    HttpUrl url = *this;
    url.m_fragment.reset();
    QByteArray path;
    std::optional<QByteArray> query;
    cutTarget(text, 0, path, query, url.m_fragment);
    if (path.isEmpty()) {
        if (query) url.m_query = query;
        return finish(url);
    }
    url.m_query = query;
    if (!path.startsWith('/')) path.prepend(m_path.left(m_path.lastIndexOf('/') + 1));
    url.m_path = removeDotSegments(path);
    return finish(url);
}

QByteArray HttpUrl::requestTarget() const {
    return m_query ? m_path + '?' + *m_query : m_path;
}

QByteArray HttpUrl::authority() const {
    const quint16 standard = m_origin.isSecure() ? 443 : 80;
    if (m_origin.port == standard) return m_origin.host;
    return m_origin.host + ':' + QByteArray::number(m_origin.port);
}

QByteArray HttpUrl::text() const {
    return m_origin.scheme + "://" + authority() + requestTarget();
}

HttpUrl HttpUrl::withQueryField(const QByteArray& name, const QByteArray& value) const {
    HttpUrl url = *this;
    QByteArray query = m_query.value_or(QByteArray());
    if (!query.isEmpty()) query += '&';
    url.m_query = query + encodeQueryText(name) + '=' + encodeQueryText(value);
    return url;
}

} // namespace kb
