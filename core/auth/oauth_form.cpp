// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_form.h"

#include "core/auth/crypto.h"
#include "core/base/utf8.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct OAuthFormText {
    Q_DECLARE_TR_FUNCTIONS(OAuthForm)
};

constexpr char hexDigits[] = "0123456789ABCDEF";

bool staysAsItIs(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '*';
}

int hexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<QString> decoded(QByteArrayView part, qsizetype offset) {
    QByteArray bytes;
    bytes.reserve(part.size());
    for (qsizetype i = 0; i < part.size(); ++i) {
        if (part[i] == '+') {
            bytes += ' ';
        } else if (part[i] != '%') {
            bytes += part[i];
        } else {
            const int high = i + 2 < part.size() ? hexValue(part[i + 1]) : -1;
            const int low = i + 2 < part.size() ? hexValue(part[i + 2]) : -1;
            if (high < 0 || low < 0) {
                wipeBytes(bytes);
                return fail(ErrorCode::ParseError,
                            OAuthFormText::tr("A percent sign is not followed by two hexadecimal digits."),
                            OAuthFormText::tr("character %1").arg(offset + i + 1), {}, offset + i);
            }
            bytes += char(high * 16 + low);
            i += 2;
        }
    }
    if (firstInvalidUtf8(bytes) >= 0) {
        wipeBytes(bytes);
        return fail(ErrorCode::ParseError, OAuthFormText::tr("A parameter is not UTF-8 text."),
                    OAuthFormText::tr("character %1").arg(offset + 1), {}, offset);
    }
    QString text = QString::fromUtf8(bytes);
    wipeBytes(bytes);
    return text;
}

} // namespace

QByteArray formEncoded(std::string_view text) {
    QByteArray out;
    out.reserve(qsizetype(text.size()) * 3); // no growing: an old buffer would keep a copy
    for (const char c : text) {
        if (staysAsItIs(c)) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += '%';
            out += hexDigits[uchar(c) >> 4];
            out += hexDigits[uchar(c) & 0xf];
        }
    }
    return out;
}

FormBody::~FormBody() {
    wipeBytes(m_bytes);
}

void FormBody::append(const QByteArray& name, std::string_view value) {
    m_names.append(name);
    QByteArray encoded = formEncoded(value);
    QByteArray longer;
    longer.reserve(m_bytes.size() + name.size() + encoded.size() + 2);
    longer.append(m_bytes);
    if (!longer.isEmpty()) longer.append('&');
    longer.append(name).append('=').append(encoded);
    wipeBytes(encoded);
    wipeBytes(m_bytes);
    m_bytes = std::move(longer);
}

void FormBody::add(const QByteArray& name, const QString& value) {
    if (value.isEmpty()) return;
    append(name, viewOf(value.toUtf8()));
}

void FormBody::add(const QByteArray& name, const Secret& value) {
    if (!value.isEmpty()) append(name, value.reveal());
}

void FormBody::addEach(const QByteArray& name, const QStringList& values) {
    for (const QString& value : values)
        add(name, value);
}

QByteArray FormBody::takeBytes() {
    m_names.clear();
    return std::exchange(m_bytes, QByteArray());
}

Result<QList<FormField>> parseForm(const QByteArray& text) {
    QList<FormField> fields;
    qsizetype start = 0;
    while (start < text.size()) {
        qsizetype end = text.indexOf('&', start);
        if (end < 0) end = text.size();
        const QByteArrayView part = QByteArrayView(text).sliced(start, end - start);
        if (!part.isEmpty()) {
            const qsizetype equals = part.indexOf('=');
            const auto name = decoded(equals < 0 ? part : part.first(equals), start);
            if (!name) return tl::unexpected<Error>(name.error());
            const auto value = equals < 0 ? Result<QString>(QString())
                                          : decoded(part.sliced(equals + 1), start + equals + 1);
            if (!value) return tl::unexpected<Error>(value.error());
            fields.append({*name, *value});
        }
        start = end + 1;
    }
    return fields;
}

Result<void> checkOAuthEndpoint(const HttpUrl& url, const QString& what,
                                const QStringList& plainHttpOrigins) {
    const QString where = url.origin().text();
    if (url.userInfo())
        return fail(ErrorCode::InvalidInput,
                    OAuthFormText::tr("The %1 has a user name in its address.").arg(what), where,
                    OAuthFormText::tr("Write the address without it."));
    if (url.fragment())
        return fail(ErrorCode::InvalidInput,
                    OAuthFormText::tr("The %1 has a # part, which OAuth forbids.").arg(what), where,
                    OAuthFormText::tr("Write the address without it."));
    const Origin& origin = url.origin();
    if (origin.isSecure() || origin.isLoopback() || plainHttpOrigins.contains(origin.text())) return {};
    return fail(ErrorCode::ConsentNeeded,
                OAuthFormText::tr("The %1 is not encrypted: secrets would travel in clear text.").arg(what),
                where, OAuthFormText::tr("Use https, or allow http for this server in the profile."));
}

} // namespace kb
