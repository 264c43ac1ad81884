// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/credentials.h"
#include "core/auth/credentials_text.h"

#include "core/auth/base64url.h"
#include "core/auth/check_scheme.h"
#include "core/auth/credential_text.h"
#include "core/auth/token_kind.h"

#include <algorithm>

namespace kb {

namespace {

tl::unexpected<Error> refuse(ErrorCode code, const QString& what, const QString& where, const QString& next) {
    return fail(code, what, where, next);
}

QByteArray copyOf(const Secret& secret) {
    return QByteArray(secret.reveal().data(), qsizetype(secret.size()));
}

Result<void> appendField(Request& request, const QByteArray& name, QByteArray value) {
    if (request.headers.contains(name)) {
        wipeBytes(value);
        return fieldConflict(name);
    }
    // Asked here too: a workspace file is not written by the dialog alone.
    Result<void> fine = checkNotForProxy(QString::fromUtf8(name), QString::fromUtf8(name));
    if (fine) fine = checkHeaderField({name, value});
    if (!fine) {
        wipeBytes(value);
        return fine;
    }
    request.headers.append(name, std::move(value));
    return {};
}

/// Names of query fields decoded, so that "api%5Fkey" is seen to be "api_key".
bool queryHas(const HttpUrl& url, const QByteArray& name) {
    if (!url.query()) return false;
    const QList<QByteArray> fields = url.query()->split('&');
    return std::any_of(fields.begin(), fields.end(), [&name](const QByteArray& field) {
        return QByteArray::fromPercentEncoding(field.left(field.indexOf('=')).replace('+', ' ')) == name;
    });
}

Result<PlacedCredential> placeBearer(Request& request, const BearerScheme& scheme, const Secret& secret) {
    const QByteArray prefix = scheme.prefix.trimmed().toUtf8();
    // One method a request (RFC 6750 §2): which of two tokens counts would be the server's guess.
    if (sameFieldName(prefix, "Bearer") && queryHas(request.url, "access_token"))
        return credentialConflict(CredentialsText::tr("The address carries a token too, as access_token."),
                                  QStringLiteral("access_token"));
    QByteArray value;
    value.reserve(prefix.size() + 1 + qsizetype(secret.size()));
    if (!prefix.isEmpty()) value.append(prefix).append(' ');
    value.append(secret.reveal().data(), qsizetype(secret.size()));
    const Result<void> placed = appendField(request, "Authorization", std::move(value));
    if (!placed) return tl::unexpected<Error>(placed.error());
    PlacedCredential credential;
    credential.headerFields.append("Authorization");
    if (sameFieldName(prefix, "Bearer")) credential.warning = bearerTokenProblem(secret.reveal());
    return credential;
}

Result<PlacedCredential> placeInHeader(Request& request, const QByteArray& name, const Secret& secret) {
    const Result<void> placed = appendField(request, name, copyOf(secret));
    if (!placed) return tl::unexpected<Error>(placed.error());
    PlacedCredential credential;
    credential.headerFields.append(name);
    if (secret.reveal().front() == ' ' || secret.reveal().back() == ' ') {
        credential.warning =
            CredentialsText::tr("The key begins or ends with a space, which a header field loses.");
    }
    return credential;
}

Result<PlacedCredential> placeInQuery(Request& request, const QByteArray& name, const Secret& secret) {
    if (queryHas(request.url, name)) {
        return credentialConflict(
            CredentialsText::tr("The URL already has the query field %1.").arg(QString::fromUtf8(name)),
            QString::fromUtf8(name));
    }
    request.url = request.url.withQueryField(name, copyOf(secret));
    // A token in an address must not be kept by caches (RFC 6750 §2.3).
    if (name == "access_token" && !request.headers.contains("Cache-Control"))
        request.headers.append("Cache-Control", "no-store");
    PlacedCredential credential;
    credential.queryFields.append(name);
    credential.warning = CredentialsText::tr("An API key in the URL ends up in logs.");
    return credential;
}

/// What a cookie value cannot carry (RFC 6265 §4.1.1): quotation mark, comma, semicolon, backslash, space,
/// non-ASCII.
bool isCookieOctet(char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\",;\\").find(c) == std::string_view::npos;
}

bool cookieFieldHas(const QByteArray& field, const QByteArray& name) {
    const QList<QByteArray> pairs = field.split(';');
    return std::any_of(pairs.begin(), pairs.end(), [&name](const QByteArray& pair) {
        return pair.left(pair.indexOf('=')).trimmed() == name;
    });
}

Result<void> joinCookie(Request& request, const QByteArray& name, const Secret& secret) {
    for (const QByteArray& field : request.headers.all("Cookie")) {
        if (!cookieFieldHas(field, name)) continue;
        return credentialConflict(
            CredentialsText::tr("The request already has the cookie %1.").arg(QString::fromLatin1(name)),
            QString::fromLatin1(name));
    }
    const QByteArray pair = name + '=' + copyOf(secret);
    // A client sends one Cookie field (RFC 6265 §5.4), so ours joins the one the user wrote.
    for (HeaderField& field : request.headers.fields) {
        if (!sameFieldName(field.name, "Cookie")) continue;
        field.value = field.value.isEmpty() ? pair : field.value + "; " + pair;
        return {};
    }
    request.headers.append("Cookie", pair);
    return {};
}

Result<PlacedCredential> placeInCookie(Request& request, const QByteArray& name, const Secret& secret) {
    const std::string_view bytes = secret.reveal();
    const auto wrong = std::find_if_not(bytes.begin(), bytes.end(), isCookieOctet);
    if (wrong != bytes.end()) {
        return refuse(ErrorCode::InvalidInput,
                      CredentialsText::tr("The key has %1 in it, which a cookie cannot carry.")
                          .arg(characterName(*wrong)),
                      QString::fromLatin1(name),
                      CredentialsText::tr("Send the key in a header, or encode it."));
    }
    const Result<void> joined = joinCookie(request, name, secret);
    if (!joined) return tl::unexpected<Error>(joined.error());
    PlacedCredential credential;
    credential.cookies.append(name);
    credential.warning = CredentialsText::tr(
        "A browser sends a cookie along with requests other sites start. Prefer a header.");
    return credential;
}

Result<PlacedCredential> placeApiKey(Request& request, const ApiKeyScheme& scheme, const Secret& secret) {
    const QByteArray name = scheme.name.toUtf8();
    const bool inQuery = scheme.in == ApiKeyScheme::In::Query;
    if (inQuery ? name.isEmpty() : !isToken(name)) {
        return refuse(ErrorCode::InvalidInput,
                      CredentialsText::tr("\"%1\" cannot name an API key.").arg(scheme.name), {},
                      CredentialsText::tr("Change the key's name in the profile."));
    }
    switch (scheme.in) {
    case ApiKeyScheme::In::Header:
        return placeInHeader(request, name, secret);
    case ApiKeyScheme::In::Query:
        return placeInQuery(request, name, secret);
    case ApiKeyScheme::In::Cookie:
        return placeInCookie(request, name, secret);
    }
    return refuse(ErrorCode::Internal, CredentialsText::tr("The API key has no place."), {}, {});
}

/// A user name and password in one charset, composed, as the pair that Basic encodes.
Result<Secret> basicPair(const BasicScheme& scheme, const Secret& composed) {
    const QString user = scheme.user.normalized(QString::NormalizationForm_C);
    const auto join = [](const QByteArray& name, const Secret& password) {
        QByteArray pair;
        pair.reserve(name.size() + 1 + qsizetype(password.size()));
        pair.append(name).append(':').append(password.reveal().data(), qsizetype(password.size()));
        return Secret::take(pair);
    };
    if (!scheme.latin1) return join(user.toUtf8(), composed);
    const auto outside = [](QStringView text) {
        return std::any_of(text.begin(), text.end(), [](QChar c) { return c.unicode() > 0xff; });
    };
    QByteArray utf8 = copyOf(composed);
    // Bytes that are no UTF-8 are in the other charset already.
    if (!QByteArrayView(utf8).isValidUtf8()) {
        wipeBytes(utf8);
        return join(user.toLatin1(), composed);
    }
    QString text = QString::fromUtf8(utf8);
    wipeBytes(utf8);
    const bool userOutside = outside(user);
    if (userOutside || outside(text)) {
        wipeText(text);
        return refuse(
            ErrorCode::InvalidInput,
            userOutside ? CredentialsText::tr("The user name has a character that ISO-8859-1 does not have.")
                        : CredentialsText::tr("The password has a character that ISO-8859-1 does not have."),
            {}, CredentialsText::tr("Send it as UTF-8: switch ISO-8859-1 off in the profile."));
    }
    QByteArray bytes = text.toLatin1();
    wipeText(text);
    return join(user.toLatin1(), Secret::take(bytes));
}

Result<PlacedCredential> placeBasic(Request& request, const BasicScheme& scheme, const Secret& secret,
                                    Redactor& redactor) {
    const QByteArray user = scheme.user.toUtf8();
    const QString toProfile = CredentialsText::tr("Change the user name in the profile.");
    if (user.contains(':')) {
        return refuse(ErrorCode::InvalidInput,
                      CredentialsText::tr("A user name for Basic may not have a colon."), scheme.user,
                      toProfile);
    }
    if (firstControl(std::string_view(user.constData(), std::size_t(user.size()))) >= 0) {
        return refuse(ErrorCode::InvalidInput,
                      CredentialsText::tr("The user name has a control character in it."), {}, toProfile);
    }
    const Secret password = composedPassword(secret);
    const Result<Secret> pair = basicPair(scheme, password);
    if (!pair) return tl::unexpected<Error>(pair.error());
    QByteArray base64 = QByteArray::fromRawData(pair->reveal().data(), qsizetype(pair->size())).toBase64();
    const Result<void> placed = appendField(request, "Authorization", "Basic " + base64);
    if (!placed) {
        wipeBytes(base64);
        return tl::unexpected<Error>(placed.error());
    }
    redactor.addSecret(password);
    redactor.addSecret(Secret::take(base64)); // so that an echoed short password is covered too
    PlacedCredential credential;
    credential.headerFields.append("Authorization");
    return credential;
}

/// A field of the user's own making. The secret replaces each mark, byte for byte.
Result<PlacedCredential> placeTemplate(Request& request, const TemplateScheme& scheme, const Secret& secret,
                                       Redactor& redactor) {
    const QByteArray name = scheme.header.toUtf8();
    const QString toProfile = CredentialsText::tr("Change the header template in the profile.");
    if (!isToken(name)) {
        return refuse(ErrorCode::InvalidInput,
                      CredentialsText::tr("\"%1\" cannot name a header.").arg(scheme.header), {}, toProfile);
    }
    static const QByteArray mark = QByteArrayLiteral("{{secret}}");
    const QByteArray format = scheme.format.toUtf8();
    if (!format.contains(mark)) {
        return refuse(ErrorCode::InvalidInput,
                      CredentialsText::tr("The header template has no place for the secret."), scheme.header,
                      CredentialsText::tr("Write {{secret}} where the secret goes."));
    }
    if (firstControl(std::string_view(format.constData(), std::size_t(format.size()))) >= 0) {
        return refuse(ErrorCode::InvalidInput,
                      CredentialsText::tr("The header template has a control character in it."),
                      scheme.header, toProfile);
    }
    QByteArray value;
    value.reserve(format.size() + format.count(mark) * qsizetype(secret.size()));
    qsizetype at = 0;
    for (qsizetype hit = format.indexOf(mark); hit >= 0; hit = format.indexOf(mark, at)) {
        value.append(QByteArrayView(format).sliced(at, hit - at));
        value.append(secret.reveal().data(), qsizetype(secret.size()));
        at = hit + mark.size();
    }
    value.append(QByteArrayView(format).sliced(at));
    const Secret whole(std::string_view(value.constData(), std::size_t(value.size())));
    const Result<void> placed = appendField(request, name, std::move(value));
    if (!placed) return tl::unexpected<Error>(placed.error());
    redactor.addSecret(whole);
    PlacedCredential credential;
    credential.headerFields.append(name);
    return credential;
}

} // namespace

Result<PlacedCredential> placeCredential(Request& request, const AuthScheme& scheme, const Secret& secret,
                                         Redactor& redactor) {
    const Result<void> fine = checkSecret(secret);
    if (!fine) return tl::unexpected<Error>(fine.error());
    Result<PlacedCredential> placed = PlacedCredential{};
    if (const auto* bearer = std::get_if<BearerScheme>(&scheme)) {
        placed = placeBearer(request, *bearer, secret);
    } else if (const auto* key = std::get_if<ApiKeyScheme>(&scheme)) {
        placed = placeApiKey(request, *key, secret);
    } else if (const auto* basic = std::get_if<BasicScheme>(&scheme)) {
        placed = placeBasic(request, *basic, secret, redactor);
    } else if (const auto* format = std::get_if<TemplateScheme>(&scheme)) {
        placed = placeTemplate(request, *format, secret, redactor);
    } else {
        placed = refuse(ErrorCode::Unsupported,
                        CredentialsText::tr("This kind of credential is made in steps, not placed."),
                        schemeName(scheme), {});
    }
    if (!placed) return placed;
    redactor.addSecret(secret);
    for (const QByteArray& name : std::as_const(placed->headerFields))
        redactor.addCredentialField(name);
    for (const QByteArray& name : std::as_const(placed->queryFields))
        redactor.addCredentialQuery(name);
    for (const QByteArray& name : std::as_const(placed->cookies))
        redactor.addCredentialCookie(name);
    return placed;
}

Result<PlacedCredential> placeGivenCookie(Request& request, const QByteArray& name, const Secret& value,
                                          Redactor& redactor) {
    Result<void> fine = checkSecret(value);
    if (fine && value.reveal().find(';') != std::string_view::npos)
        fine = refuse(ErrorCode::InvalidInput, CredentialsText::tr("A cookie cannot carry a semicolon."),
                      QString::fromLatin1(name), CredentialsText::tr("Send the token in a header."));
    if (fine) fine = joinCookie(request, name, value);
    if (!fine) return tl::unexpected<Error>(fine.error());
    redactor.addSecret(value);
    redactor.addCredentialCookie(name);
    PlacedCredential credential;
    credential.cookies.append(name);
    return credential;
}

} // namespace kb
