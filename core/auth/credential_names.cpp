// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/misplaced_token.h"
#include "core/auth/token_kind.h"

namespace kb {

namespace {

/// Letters and digits in lower case: "API-Key", "api_key" and "apikey" are one name.
QString plainName(const QString& name) {
    QString plain;
    for (const QChar c : name)
        if (c.isLetterOrNumber()) plain += c.toLower();
    return plain;
}

bool isLiteral(const QString& value) {
    return !value.trimmed().isEmpty() && variableUses(value).isEmpty();
}

} // namespace

bool isSecretName(const QString& name) {
    static const QStringList names = {
        QStringLiteral("accesstoken"),   QStringLiteral("refreshtoken"),
        QStringLiteral("idtoken"),       QStringLiteral("token"),
        QStringLiteral("authtoken"),     QStringLiteral("apikey"),
        QStringLiteral("xapikey"),       QStringLiteral("apitoken"),
        QStringLiteral("clientsecret"),  QStringLiteral("password"),
        QStringLiteral("passwd"),        QStringLiteral("secret"),
        QStringLiteral("privatetoken"),  QStringLiteral("xauthtoken"),
        QStringLiteral("xvaulttoken"),   QStringLiteral("jobtoken"),
        QStringLiteral("deploytoken"),   QStringLiteral("subscriptionkey"),
        QStringLiteral("sessionid"),     QStringLiteral("bearer"),
        QStringLiteral("authorization"), QStringLiteral("xaccesstoken"),
        QStringLiteral("xgoogapikey"),   QStringLiteral("ocpapimsubscriptionkey")};
    return names.contains(plainName(name));
}

bool hasTokenShape(const QString& value) {
    const QByteArray bytes = value.toUtf8();
    const CleanedToken cleaned =
        cleanPastedToken({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    if (cleaned.value.size() < 12) return false;
    const TokenKind kind = detectTokenKind(cleaned.value);
    return !kind.notASecret && kind.id != QLatin1String("opaque") &&
           kind.id != QLatin1String("basic-credentials");
}

bool headerHoldsToken(const QString& name, const QString& value) {
    if (!isLiteral(value)) return false;
    return isSecretName(name) || hasTokenShape(value);
}

std::optional<QueryField> queryToken(const QString& url) {
    for (const QueryField& field : splitUrl(url).query)
        if (isLiteral(field.value) && (isSecretName(field.name) || hasTokenShape(field.value))) return field;
    return {};
}

bool isTokenInsteadOfUrl(const QString& url) {
    return !url.contains(QLatin1Char('/')) && isLiteral(url) && hasTokenShape(url);
}

} // namespace kb
