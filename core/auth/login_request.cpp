// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/login_request.h"

#include "core/auth/crypto.h"
#include "core/auth/oauth_form.h"
#include "core/base/utf8.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct LoginRequestText {
    Q_DECLARE_TR_FUNCTIONS(LoginRequest)
};

constexpr std::string_view secretMark = "{{secret}}";
constexpr std::string_view userMark = "{{user}}";
constexpr std::string_view refreshMark = "{{refresh_token}}";

enum class Escape { None, Json, Xml, Form };

/// By the media type alone (RFC 9110 §8.3.1, RFC 6839 §3).
Escape escapeFor(const QString& contentType) {
    const QString type = contentType.section(u';', 0, 0).trimmed().toLower();
    if (type == QLatin1String("application/x-www-form-urlencoded")) return Escape::Form;
    if (type.endsWith(QLatin1String("/json")) || type.endsWith(QLatin1String("+json"))) return Escape::Json;
    if (type.endsWith(QLatin1String("/xml")) || type.endsWith(QLatin1String("+xml"))) return Escape::Xml;
    return Escape::None;
}

QByteArray jsonEscaped(std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    QByteArray out;
    out.reserve(qsizetype(text.size()) * 6); // no growing: an old buffer would keep a copy
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out.append('\\').append(c);
        } else if (uchar(c) < 0x20) {
            out.append("\\u00").append(hex[uchar(c) >> 4]).append(hex[uchar(c) & 0xf]);
        } else {
            out.append(c);
        }
    }
    return out;
}

QByteArray xmlEscaped(std::string_view text) {
    QByteArray out;
    out.reserve(qsizetype(text.size()) * 6);
    for (const char c : text) {
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
            out.append("&apos;");
            break;
        default:
            out.append(c);
        }
    }
    return out;
}

QByteArray escaped(std::string_view text, Escape how) {
    switch (how) {
    case Escape::Json:
        return jsonEscaped(text);
    case Escape::Xml:
        return xmlEscaped(text);
    case Escape::Form:
        return formEncoded(text);
    case Escape::None:
        break;
    }
    return QByteArray(text.data(), qsizetype(text.size()));
}

/// A template and what stands in it.
struct Filler {
    const QString& user;
    const Secret* secret;  ///< nullptr: there is none
    std::string_view mark; ///< where it goes
    Redactor& redactor;

    /// Fills in one pass, so that nothing that was filled in is read as a mark.
    Result<QByteArray> fill(const QString& text, Escape how) const {
        const QByteArray form = text.toUtf8();
        const std::string_view all = viewOf(form);
        const bool wants = all.find(mark) != std::string_view::npos;
        if (wants && (!secret || secret->isEmpty()))
            return fail(ErrorCode::SecretMissing,
                        mark == secretMark ? LoginRequestText::tr("The password of the login is missing.")
                                           : LoginRequestText::tr("The refresh token is missing."),
                        {}, LoginRequestText::tr("Enter it in the profile."));
        if (wants && (how == Escape::Json || how == Escape::Xml)) {
            const std::string_view bytes = secret->reveal();
            if (firstInvalidUtf8(QByteArrayView(bytes.data(), qsizetype(bytes.size()))) >= 0)
                return fail(
                    ErrorCode::InvalidInput,
                    LoginRequestText::tr("The secret is no UTF-8 text, which a body of this kind must be."),
                    {}, LoginRequestText::tr("Enter it again in the profile."));
        }
        QByteArray hidden = wants ? escaped(secret->reveal(), how) : QByteArray();
        const QByteArray open = escaped(viewOf(user.toUtf8()), how);
        QByteArray out;
        const auto room = [&form](std::string_view each, const QByteArray& value) {
            return form.count(QByteArrayView(each.data(), qsizetype(each.size()))) * value.size();
        };
        out.reserve(form.size() + room(mark, hidden) + room(userMark, open));
        for (std::size_t at = 0; at < all.size();) {
            const std::string_view rest = all.substr(at);
            if (rest.starts_with(mark)) {
                out.append(hidden);
                at += mark.size();
            } else if (rest.starts_with(userMark)) {
                out.append(open);
                at += userMark.size();
            } else {
                out.append(rest.front());
                ++at;
            }
        }
        if (wants) {
            redactor.addSecret(*secret);
            redactor.addSecret(Secret::take(hidden));
        }
        return out;
    }
};

Result<HeaderField> headerLine(const QString& line) {
    const qsizetype colon = line.indexOf(u':');
    HeaderField field{line.left(std::max<qsizetype>(0, colon)).trimmed().toUtf8(),
                      line.mid(colon + 1).trimmed().toUtf8()};
    if (colon < 0 || !isToken(field.name))
        return fail(ErrorCode::InvalidInput, LoginRequestText::tr("That is no header line: %1").arg(line),
                    QStringLiteral("headers"), LoginRequestText::tr("Write it as Name: value."));
    // The address was confirmed by the user; this would name another site at the same machine.
    if (sameFieldName(field.name, "Host"))
        return fail(ErrorCode::InvalidInput,
                    LoginRequestText::tr("A login's header lines may not name another host."),
                    QStringLiteral("headers"), LoginRequestText::tr("Name the host in the address."));
    return field;
}

Result<Request> build(const HttpUrl& url, const QString& method, const QString& body,
                      const LoginScheme& scheme, const Filler& filler, std::string_view otherMark) {
    Request request;
    request.method = method.toUtf8();
    request.url = url;
    if (!isToken(request.method))
        return fail(ErrorCode::InvalidInput, LoginRequestText::tr("That is no method: %1").arg(method),
                    QStringLiteral("method"),
                    LoginRequestText::tr("Use POST, or what the API's description says."));
    for (const QString& line : scheme.headers) {
        // The password goes to where one logs in alone, and the refresh token to where it is taken.
        if (line.contains(QLatin1String(otherMark.data(), qsizetype(otherMark.size())))) continue;
        Result<HeaderField> field = headerLine(line);
        if (!field) return tl::unexpected<Error>(field.error());
        const bool secret = viewOf(field->value).find(filler.mark) != std::string_view::npos;
        Result<QByteArray> value = filler.fill(QString::fromUtf8(field->value), Escape::None);
        if (!value) return tl::unexpected<Error>(value.error());
        field->value = std::move(*value);
        if (const Result<void> fine = checkHeaderField(*field); !fine) {
            wipeBytes(field->value);
            return tl::unexpected<Error>(fine.error());
        }
        if (secret) filler.redactor.addCredentialField(field->name);
        request.headers.fields.append(std::move(*field));
    }
    if (!request.headers.contains("Accept")) request.headers.append("Accept", "application/json, */*;q=0.1");
    if (body.isEmpty()) return request;
    Result<QByteArray> filled = filler.fill(body, escapeFor(scheme.contentType));
    if (!filled) return tl::unexpected<Error>(filled.error());
    request.body = std::move(*filled);
    request.hasBody = true;
    if (!scheme.contentType.isEmpty() && !request.headers.contains("Content-Type"))
        request.headers.append("Content-Type", scheme.contentType.toUtf8());
    return request;
}

bool hasMark(const LoginScheme& scheme, const QString& body, std::string_view mark) {
    const QLatin1String text(mark.data(), qsizetype(mark.size()));
    return body.contains(text) || std::any_of(scheme.headers.begin(), scheme.headers.end(),
                                              [text](const QString& line) { return line.contains(text); });
}

} // namespace

bool usesSecret(const LoginScheme& scheme) {
    return hasMark(scheme, scheme.body, secretMark);
}

bool usesRefreshToken(const LoginScheme& scheme) {
    return hasMark(scheme, scheme.refreshBody, refreshMark);
}

Result<Request> loginRequest(const HttpUrl& url, const LoginScheme& scheme, const Secret* secret,
                             const QStringList& plainHttpOrigins, const FlowContext& context) {
    if (const Result<void> fine =
            checkOAuthEndpoint(url, LoginRequestText::tr("login address"), plainHttpOrigins);
        !fine)
        return tl::unexpected<Error>(fine.error());
    return build(url, scheme.method, scheme.body, scheme,
                 Filler{scheme.user, secret, secretMark, context.redactor}, refreshMark);
}

Result<Request> loginRefreshRequest(const HttpUrl& url, const LoginScheme& scheme, const Secret& refreshToken,
                                    const QStringList& plainHttpOrigins, const FlowContext& context) {
    if (const Result<void> fine =
            checkOAuthEndpoint(url, LoginRequestText::tr("refresh address"), plainHttpOrigins);
        !fine)
        return tl::unexpected<Error>(fine.error());
    return build(url, scheme.refreshMethod, scheme.refreshBody, scheme,
                 Filler{scheme.user, &refreshToken, refreshMark, context.redactor}, secretMark);
}

} // namespace kb
