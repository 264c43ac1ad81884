// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/redactor.h"

#include "core/auth/mask_spans.h"
#include "core/auth/misplaced_token.h"
#include "core/auth/secret_variants.h"
#include "core/auth/token_kind.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace kb {

namespace {

constexpr std::size_t shortestSearched = 8;

const QByteArray& dots() {
    static const QByteArray text = QString(8, QChar(0x2022)).toUtf8();
    return text;
}
// In a URL dots would turn into percent-encoding three times as long.
const QByteArray asterisks = QByteArrayLiteral("********");

bool isOneOf(QByteArrayView name, const QList<QByteArray>& names) {
    return std::any_of(names.begin(), names.end(),
                       [name](const QByteArray& known) { return sameFieldName(name, known); });
}

bool isAuthorization(QByteArrayView name) {
    return sameFieldName(name, "Authorization") || sameFieldName(name, "Proxy-Authorization");
}

const QList<QByteArray>& wellKnownFields() {
    static const QList<QByteArray> names = {"X-Api-Key",
                                            "Api-Key",
                                            "ApiKey",
                                            "X-Api-Token",
                                            "X-Auth-Token",
                                            "X-Auth-Key",
                                            "X-Access-Token",
                                            "X-Secret-Token",
                                            "Private-Token",
                                            "Job-Token",
                                            "Deploy-Token",
                                            "X-Goog-Api-Key",
                                            "X-Vault-Token",
                                            "X-Csrf-Token",
                                            "X-Shopify-Access-Token",
                                            "X-Session-Token",
                                            "X-Amz-Security-Token",
                                            "DPoP",
                                            "X-Functions-Key",
                                            "Ocp-Apim-Subscription-Key"};
    return names;
}

/// A name as it stands in a query, for comparing.
QByteArray plainName(QByteArray name) {
    return QByteArray::fromPercentEncoding(name.replace('+', ' '));
}

} // namespace

struct Redactor::Private {
    std::vector<Secret> secrets;
    PatternSearch search;
    QList<QByteArray> fields;
    QList<QByteArray> queries;
    QList<QByteArray> cookies;

    MaskSpans exactSpans(const QByteArray& text) const;
    QByteArray masked(const QByteArray& text, const QByteArray& mask, bool* echoed) const;
    QByteArray maskedQuery(const QByteArray& query, const QByteArray& mask) const;
    QByteArray maskedFieldValue(const QByteArray& value, bool* echoed) const;
    QByteArray maskedAuthorization(const QByteArray& value, bool sent) const;
    QByteArray maskedPairs(const QByteArray& value) const;
    bool isCredentialField(QByteArrayView name) const {
        return isOneOf(name, fields) || isOneOf(name, wellKnownFields());
    }
    bool isOurs(QByteArrayView value) const;
};

namespace {

bool isBase64Character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
           c == '/' || c == '-' || c == '_';
}

} // namespace

MaskSpans Redactor::Private::exactSpans(const QByteArray& text) const {
    MaskSpans spans;
    search.each(text, [&](const PatternSearch::Match& match) {
        qsizetype start = match.start;
        qsizetype end = start + qsizetype(match.pattern->bytes.size());
        if (match.pattern->tag == int(VariantTag::Base64)) {
            if (start > 0 && isBase64Character(text.at(start - 1))) --start;
            if (end < text.size() && isBase64Character(text.at(end))) ++end;
            while (end < text.size() && text.at(end) == '=')
                ++end;
        }
        spans.add(start, end, match.pattern->tag);
    });
    return spans;
}

QByteArray Redactor::Private::masked(const QByteArray& text, const QByteArray& mask, bool* echoed) const {
    MaskSpans spans = exactSpans(text);
    if (echoed && !spans.isEmpty()) *echoed = true;
    spans.add(findNamedValues(text));
    spans.add(findTokenShapes(text));
    return spans.isEmpty() ? text : spans.applied(text, mask);
}

bool Redactor::Private::isOurs(QByteArrayView value) const {
    return std::any_of(secrets.begin(), secrets.end(), [value](const Secret& secret) {
        return secret.reveal() == std::string_view(value.data(), std::size_t(value.size()));
    });
}

/// Keeps the scheme, masks what follows. Of a request that was sent, our own token shows its ends, so that
/// one sees which it was; Basic never does, because its end is the password's.
QByteArray Redactor::Private::maskedAuthorization(const QByteArray& value, bool sent) const {
    const auto maskOf = [&](const QByteArray& credential, bool ends) {
        if (!ends || !isOurs(credential)) return dots();
        return maskedToken({credential.constData(), std::size_t(credential.size())}).toUtf8();
    };
    const qsizetype space = value.indexOf(' ');
    const QByteArray scheme = value.left(qMax<qsizetype>(space, 0));
    const QByteArray rest = value.mid(space + 1).trimmed();
    static const QList<QByteArray> schemes = {"Bearer",    "Basic", "Digest",          "Token",    "DPoP",
                                              "ApiKey",    "SSWS",  "OAuth",           "GenieKey", "Hawk",
                                              "Negotiate", "NTLM",  "AWS4-HMAC-SHA256"};
    const bool knownScheme = isOneOf(scheme, schemes) || (isToken(scheme) && isOurs(rest));
    if (space < 0 || !knownScheme) return value.isEmpty() ? value : maskOf(value, sent);
    return scheme + ' ' + maskOf(rest, sent && !sameFieldName(scheme, "Basic"));
}

/// name=value pairs of a Cookie field: the names stay.
QByteArray Redactor::Private::maskedPairs(const QByteArray& value) const {
    QList<QByteArray> pairs = value.split(';');
    for (QByteArray& pair : pairs) {
        const qsizetype equals = pair.indexOf('=');
        if (equals >= 0) {
            if (equals + 1 < pair.size()) pair = pair.left(equals + 1) + dots();
        } else if (!pair.trimmed().isEmpty()) {
            pair = dots();
        }
    }
    return pairs.join(';');
}

QByteArray Redactor::Private::maskedQuery(const QByteArray& query, const QByteArray& mask) const {
    QList<QByteArray> parts = query.split('&');
    for (QByteArray& part : parts) {
        const qsizetype equals = part.indexOf('=');
        if (equals < 0 || equals + 1 == part.size()) continue;
        const QByteArray name = plainName(part.left(equals));
        if (queries.contains(name) || isSecretName(QString::fromUtf8(name)))
            part = part.left(equals + 1) + mask;
    }
    return parts.join('&');
}

/// Any other field value. It may hold a URL (Location, Referer) or repeat a Cookie field, so that names we
/// placed a secret under count here too.
QByteArray Redactor::Private::maskedFieldValue(const QByteArray& value, bool* echoed) const {
    QByteArray result = masked(value, dots(), echoed);
    const qsizetype mark = result.indexOf('?');
    if (mark >= 0) {
        qsizetype end = result.indexOf('#', mark);
        if (end < 0) end = result.size();
        result = result.left(mark + 1) + maskedQuery(result.mid(mark + 1, end - mark - 1), dots()) +
                 result.mid(end);
    }
    for (const QByteArray& cookie : cookies) {
        const QByteArray start = cookie + '=';
        for (qsizetype at = result.indexOf(start); at >= 0; at = result.indexOf(start, at + start.size())) {
            if (at > 0 && QByteArrayView("; ,\"").indexOf(result.at(at - 1)) < 0) continue;
            qsizetype end = at + start.size();
            while (end < result.size() && QByteArrayView("; ,\"").indexOf(result.at(end)) < 0)
                ++end;
            result.replace(at + start.size(), end - at - start.size(), dots());
        }
    }
    return result;
}

Redactor::Redactor() : d(std::make_unique<Private>()) {}
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;
Redactor::~Redactor() = default;

void Redactor::addSecret(const Secret& secret, bool shortToo) {
    if (secret.isEmpty()) return;
    const bool isShort = secret.size() < shortestSearched;
    const bool known = d->isOurs(QByteArrayView(secret.reveal().data(), qsizetype(secret.size())));
    if (known && !(shortToo && isShort)) return;
    if (!known) d->secrets.push_back(secret.revealCopy());
    if (isShort && !shortToo) return;
    addSecretVariants(d->search, secret.reveal());
    d->search.prepare();
}

void Redactor::addCredentialField(const QByteArray& headerName) {
    if (!d->fields.contains(headerName)) d->fields.append(headerName);
}

void Redactor::addCredentialQuery(const QByteArray& queryName) {
    if (!d->queries.contains(queryName)) d->queries.append(queryName);
}

void Redactor::addCredentialCookie(const QByteArray& cookieName) {
    if (!d->cookies.contains(cookieName)) d->cookies.append(cookieName);
}

QByteArray Redactor::text(const QByteArray& text, bool* echoed) const {
    if (echoed) *echoed = false;
    return d->masked(text, dots(), echoed);
}

QString Redactor::text(const QString& text) const {
    const QByteArray utf8 = text.toUtf8();
    const QByteArray masked = d->masked(utf8, dots(), nullptr);
    return masked.isSharedWith(utf8) ? text : QString::fromUtf8(masked);
}

HttpUrl Redactor::url(const HttpUrl& url) const {
    QByteArray target = url.path();
    if (url.query()) target += '?' + d->maskedQuery(*url.query(), asterisks);
    target = d->masked(target, asterisks, nullptr);
    const QByteArray text = url.origin().scheme + "://" + url.authority() + target;
    Result<HttpUrl> masked = HttpUrl::parse(QString::fromUtf8(text));
    if (masked) return *masked;
    // What was cut out left something that is no URL: then nothing of path and query is shown.
    masked =
        HttpUrl::parse(QString::fromUtf8(url.origin().scheme + "://" + url.authority() + "/" + asterisks));
    return masked ? *masked : HttpUrl();
}

HeaderList Redactor::requestHeaders(const HeaderList& headers) const {
    HeaderList masked;
    masked.fields.reserve(headers.size());
    for (const HeaderField& field : headers.fields) {
        if (isAuthorization(field.name)) {
            masked.append(field.name, d->maskedAuthorization(field.value, true));
        } else if (sameFieldName(field.name, "Cookie")) {
            masked.append(field.name, d->maskedPairs(field.value));
        } else if (d->isCredentialField(field.name)) {
            masked.append(field.name, field.value.isEmpty() ? QByteArray() : dots());
        } else {
            masked.append(field.name, d->maskedFieldValue(field.value, nullptr));
        }
    }
    return masked;
}

HeaderList Redactor::responseHeaders(const HeaderList& headers, bool* echoed) const {
    if (echoed) *echoed = false;
    HeaderList masked;
    masked.fields.reserve(headers.size());
    for (const HeaderField& field : headers.fields) {
        if (echoed && !d->exactSpans(field.value).isEmpty()) *echoed = true;
        if (isAuthorization(field.name)) {
            masked.append(field.name, d->maskedAuthorization(field.value, false));
        } else if (sameFieldName(field.name, "Set-Cookie")) {
            // Attributes such as Path and Expires stay; only the pair in front holds the value (RFC 6265
            // §4.1.1).
            const qsizetype end = field.value.indexOf(';');
            const QByteArray pair = end < 0 ? field.value : field.value.left(end);
            const QByteArray rest = end < 0 ? QByteArray() : field.value.mid(end);
            masked.append(field.name, d->maskedPairs(pair) + d->maskedFieldValue(rest, nullptr));
        } else if (d->isCredentialField(field.name)) {
            masked.append(field.name, field.value.isEmpty() ? QByteArray() : dots());
        } else {
            masked.append(field.name, d->maskedFieldValue(field.value, nullptr));
        }
    }
    return masked;
}

QByteArray Redactor::body(const HeaderList& headers, const QByteArray& body, bool* echoed) const {
    if (echoed) *echoed = false;
    const QByteArray type = headers.first("Content-Type").value_or(QByteArray()).toLower();
    if (!type.startsWith("application/x-www-form-urlencoded")) return d->masked(body, dots(), echoed);
    if (echoed) *echoed = !d->exactSpans(body).isEmpty();
    return d->masked(d->maskedQuery(body, dots()), dots(), nullptr);
}

} // namespace kb
