// SPDX-License-Identifier: GPL-3.0-or-later
// The token endpoint: the part of TokenOffice that speaks RFC 6749.
#include "practice/token_office.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QUrl>

namespace kb::practice {
namespace {

using Form = QList<QPair<QString, QString>>;

// RFC 6749 §5.2 fixes the shape of these errors, so they are not problem details.
HttpReply oauthError(int status, const char* error, const char* description) {
    HttpReply reply = jsonReply(
        status, QJsonObject{{QStringLiteral("error"), QString::fromLatin1(error)},
                            {QStringLiteral("error_description"), QString::fromLatin1(description)}});
    reply.add("Cache-Control", "no-store");
    return reply;
}

// RFC 6749 §2.3.1 form-encodes both halves before they are joined.
QByteArray basicHalf(QByteArray text) {
    text.replace('+', ' ');
    return QByteArray::fromPercentEncoding(text);
}

std::optional<QStringList> narrowed(const QString& wanted, const QStringList& granted) {
    if (wanted.isEmpty()) return granted;
    const QStringList scopes = wanted.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QString& scope : scopes)
        if (!granted.contains(scope)) return std::nullopt;
    return scopes;
}

} // namespace

HttpReply TokenOffice::tokenRequest(const HttpRequest& request) {
    if (request.mediaType() != "application/x-www-form-urlencoded")
        return oauthError(400, "invalid_request", "Send application/x-www-form-urlencoded");
    const auto form = parseForm(request.body);
    if (!form) return oauthError(400, "invalid_request", "A parameter is repeated or broken");
    if (auto refused = refuseClient(request, *form)) return *refused;
    forgetExpired(QDateTime::currentSecsSinceEpoch());
    const QString grant = formValue(*form, "grant_type");
    if (grant.isEmpty()) return oauthError(400, "invalid_request", "grant_type is missing");
    if (grant == QLatin1String("client_credentials")) return clientCredentials(*form);
    if (grant == QLatin1String("refresh_token")) return refresh(*form);
    return oauthError(400, "unsupported_grant_type", "Use client_credentials or refresh_token");
}

std::optional<HttpReply> TokenOffice::refuseClient(const HttpRequest& request, const Form& form) const {
    const QList<QByteArray> authorization = request.values("Authorization");
    QByteArray id = formValue(form, "client_id").toUtf8();
    QByteArray secret = formValue(form, "client_secret").toUtf8();
    if (!authorization.isEmpty()) {
        if (authorization.size() > 1 || !secret.isEmpty())
            return oauthError(400, "invalid_request", "Authenticate the client in one way only");
        const QByteArray value = authorization.first();
        if (value.left(6).toLower() == "basic ") {
            const QByteArray pair = QByteArray::fromBase64(value.mid(6).trimmed());
            const qsizetype colon = pair.indexOf(':');
            const QByteArray basicId = basicHalf(pair.left(qMax<qsizetype>(colon, 0)));
            if (id.isEmpty() || id == basicId) id = basicId;
            secret = colon < 0 ? QByteArray() : basicHalf(pair.mid(colon + 1));
        }
    }
    if (id == m_clientId.toUtf8() && equalInConstantTime(secret, m_clientSecret)) return std::nullopt;
    HttpReply reply = oauthError(401, "invalid_client", "The client is unknown or its secret is wrong");
    reply.add("WWW-Authenticate", R"(Basic realm="Practice API token endpoint", charset="UTF-8")");
    return reply;
}

HttpReply TokenOffice::answer(const Grant& grant, const QString& forWhom,
                              const QByteArray& refreshValue) const {
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const QByteArray token =
        accessToken(grant, m_clientId, forWhom, now, now + m_options.accessTokenLifetimeS);
    QJsonObject body{{QStringLiteral("access_token"), QString::fromLatin1(token)},
                     {QStringLiteral("token_type"), QStringLiteral("Bearer")},
                     {QStringLiteral("expires_in"), m_options.accessTokenLifetimeS},
                     {QStringLiteral("scope"), grant.scopes.join(QLatin1Char(' '))}};
    if (!refreshValue.isEmpty())
        body.insert(QStringLiteral("refresh_token"), QString::fromLatin1(refreshValue));
    HttpReply reply = jsonReply(200, body);
    reply.add("Cache-Control", "no-store");
    return reply;
}

HttpReply TokenOffice::clientCredentials(const Form& form) {
    QString forWhom = audience();
    const QString resource = formValue(form, "resource");
    if (!resource.isEmpty()) {
        if (resource != audience() && resource != otherAudience())
            return oauthError(400, "invalid_target", "The resource is unknown");
        forWhom = resource;
    }
    const QString wanted = formValue(form, "scope");
    const auto scopes = narrowed(wanted.isEmpty() ? QStringLiteral("users:read") : wanted, allScopes());
    if (!scopes) return oauthError(400, "invalid_scope", "A scope is unknown");
    // RFC 6749 §4.4.3: this grant brings no refresh token.
    return answer({m_clientId, QStringLiteral("service"), {}, *scopes}, forWhom, {});
}

HttpReply TokenOffice::refresh(const Form& form) {
    const QByteArray token = formValue(form, "refresh_token").toUtf8();
    if (token.isEmpty()) return oauthError(400, "invalid_request", "refresh_token is missing");
    const auto found = m_refresh.find(QCryptographicHash::hash(token, QCryptographicHash::Sha256));
    if (found == m_refresh.end())
        return oauthError(400, "invalid_grant", "The refresh token is unknown, expired or revoked");
    const QString family = found->family;
    if (found->used) {
        // RFC 9700 §4.14.2: whoever comes second may be the thief or the owner, so nobody keeps the family.
        m_refresh.removeIf([&family](auto it) { return it.value().family == family; });
        return oauthError(400, "invalid_grant",
                          "The refresh token was used before; its whole family is revoked");
    }
    Grant grant = found->grant;
    const auto scopes = narrowed(formValue(form, "scope"), grant.scopes);
    if (!scopes) return oauthError(400, "invalid_scope", "The scope exceeds what was granted");
    found->used = true;
    const QByteArray next = refreshToken(grant, family);
    grant.scopes = *scopes;
    return answer(grant, audience(), next);
}

} // namespace kb::practice
