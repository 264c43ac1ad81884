// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/credentials.h"

#include "core/auth/base64url.h"
#include "core/auth/token_kind.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Credentials)
};

tl::unexpected<Error> refuse(ErrorCode code, const QString& what, const QString& where, const QString& next) {
    return fail(code, what, where, next);
}

tl::unexpected<Error> alreadyThere(const QString& what, const QString& where) {
    return refuse(ErrorCode::Conflict, what, where,
                  Text::tr("Remove it from the request, or send without a profile."));
}

/// The first control character, or -1. A tab is one too: no credential may hold it.
qsizetype firstControl(std::string_view text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    const auto found = std::find_if(text.begin(), text.end(), control);
    return found == text.end() ? -1 : found - text.begin();
}

Result<void> checkSecret(const Secret& secret) {
    if (secret.isEmpty()) {
        return refuse(ErrorCode::InvalidInput, Text::tr("The profile's secret is empty."), {},
                      Text::tr("Enter the secret in the profile."));
    }
    const qsizetype at = firstControl(secret.reveal());
    if (at < 0) return {};
    return fail(ErrorCode::InvalidInput,
                Text::tr("The secret has %1 in it, which a request may not carry.")
                    .arg(characterName(secret.reveal()[std::size_t(at)])),
                Text::tr("character %1").arg(at + 1), Text::tr("Enter the secret again, without it."), at);
}

QByteArray copyOf(const Secret& secret) {
    return QByteArray(secret.reveal().data(), qsizetype(secret.size()));
}

Result<void> appendField(Request& request, const QByteArray& name, QByteArray value) {
    if (request.headers.contains(name)) {
        wipeBytes(value);
        return alreadyThere(Text::tr("The request already has the field %1.").arg(QString::fromLatin1(name)),
                            QString::fromLatin1(name));
    }
    const Result<void> fine = checkHeaderField({name, value});
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
        credential.warning = Text::tr("The key begins or ends with a space, which a header field loses.");
    }
    return credential;
}

Result<PlacedCredential> placeInQuery(Request& request, const QByteArray& name, const Secret& secret) {
    if (queryHas(request.url, name)) {
        return alreadyThere(Text::tr("The URL already has the query field %1.").arg(QString::fromUtf8(name)),
                            QString::fromUtf8(name));
    }
    request.url = request.url.withQueryField(name, copyOf(secret));
    PlacedCredential credential;
    credential.queryFields.append(name);
    credential.warning = Text::tr("An API key in the URL ends up in logs.");
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

Result<PlacedCredential> placeInCookie(Request& request, const QByteArray& name, const Secret& secret) {
    const std::string_view bytes = secret.reveal();
    const auto wrong = std::find_if_not(bytes.begin(), bytes.end(), isCookieOctet);
    if (wrong != bytes.end()) {
        return refuse(
            ErrorCode::InvalidInput,
            Text::tr("The key has %1 in it, which a cookie cannot carry.").arg(characterName(*wrong)),
            QString::fromLatin1(name), Text::tr("Send the key in a header, or encode it."));
    }
    for (const QByteArray& field : request.headers.all("Cookie")) {
        if (!cookieFieldHas(field, name)) continue;
        return alreadyThere(Text::tr("The request already has the cookie %1.").arg(QString::fromLatin1(name)),
                            QString::fromLatin1(name));
    }
    const QByteArray pair = name + '=' + copyOf(secret);
    // A client sends one Cookie field (RFC 6265 §5.4), so ours joins the one the user wrote.
    bool joined = false;
    for (HeaderField& field : request.headers.fields) {
        if (joined || !sameFieldName(field.name, "Cookie")) continue;
        field.value = field.value.isEmpty() ? pair : field.value + "; " + pair;
        joined = true;
    }
    if (!joined) request.headers.append("Cookie", pair);
    PlacedCredential credential;
    credential.cookies.append(name);
    credential.warning =
        Text::tr("A browser sends a cookie along with requests other sites start. Prefer a header.");
    return credential;
}

Result<PlacedCredential> placeApiKey(Request& request, const ApiKeyScheme& scheme, const Secret& secret) {
    const QByteArray name = scheme.name.toUtf8();
    const bool inQuery = scheme.in == ApiKeyScheme::In::Query;
    if (inQuery ? name.isEmpty() : !isToken(name)) {
        return refuse(ErrorCode::InvalidInput, Text::tr("\"%1\" cannot name an API key.").arg(scheme.name),
                      {}, Text::tr("Change the key's name in the profile."));
    }
    switch (scheme.in) {
    case ApiKeyScheme::In::Header:
        return placeInHeader(request, name, secret);
    case ApiKeyScheme::In::Query:
        return placeInQuery(request, name, secret);
    case ApiKeyScheme::In::Cookie:
        return placeInCookie(request, name, secret);
    }
    return refuse(ErrorCode::Internal, Text::tr("The API key has no place."), {}, {});
}

/// The password in Unicode's composed form (RFC 7617 §2.1); bytes that are no UTF-8 stay as they are.
Secret composed(const Secret& password) {
    QByteArray bytes = copyOf(password);
    if (!QByteArrayView(bytes).isValidUtf8()) return Secret::take(bytes);
    QString text = QString::fromUtf8(bytes);
    QString normal = text.normalized(QString::NormalizationForm_C);
    wipeBytes(bytes);
    wipeText(text);
    return Secret::take(normal);
}

Result<PlacedCredential> placeBasic(Request& request, const BasicScheme& scheme, const Secret& secret,
                                    Redactor& redactor) {
    const QByteArray user = scheme.user.normalized(QString::NormalizationForm_C).toUtf8();
    const QString toProfile = Text::tr("Change the user name in the profile.");
    if (user.contains(':')) {
        return refuse(ErrorCode::InvalidInput, Text::tr("A user name for Basic may not have a colon."),
                      scheme.user, toProfile);
    }
    if (firstControl(std::string_view(user.constData(), std::size_t(user.size()))) >= 0) {
        return refuse(ErrorCode::InvalidInput, Text::tr("The user name has a control character in it."), {},
                      toProfile);
    }
    const Secret password = composed(secret);
    QByteArray pair;
    pair.reserve(user.size() + 1 + qsizetype(password.size()));
    pair.append(user).append(':').append(password.reveal().data(), qsizetype(password.size()));
    QByteArray base64 = pair.toBase64();
    wipeBytes(pair);
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

} // namespace kb
