// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/token_check.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

namespace kb::practice {
namespace {

constexpr qsizetype MaxTokenBytes = 32 * 1024;
constexpr qint64 MaxFutureIssueS = 60;

tl::unexpected<TokenFault> invalid(const QString& description) {
    return tl::unexpected<TokenFault>(TokenFault{"invalid-token", description});
}

std::optional<QJsonObject> jsonObject(const QByteArray& part) {
    const auto bytes = fromBase64Url(part);
    if (!bytes) return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(*bytes);
    if (!document.isObject()) return std::nullopt;
    return document.object();
}

bool isForAudience(const QJsonValue& aud, const QString& audience) {
    if (aud.isString()) return aud.toString() == audience;
    return aud.isArray() && aud.toArray().contains(QJsonValue(audience));
}

QString utcText(qint64 seconds) {
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(Qt::ISODate);
}

} // namespace

TokenCheck::TokenCheck(const RsaKey& key, QString issuer, QString audience, const Defects& defects)
    : m_key(key), m_issuer(std::move(issuer)), m_audience(std::move(audience)), m_defects(defects) {}

tl::expected<TokenClaims, TokenFault> TokenCheck::check(const QByteArray& token, qint64 nowS) const {
    if (token.size() > MaxTokenBytes) return invalid(QStringLiteral("The token is too long"));
    const QList<QByteArray> parts = token.split('.');
    if (parts.size() != 3) return invalid(QStringLiteral("The token is not a JWT"));
    const auto header = jsonObject(parts[0]);
    const auto claims = jsonObject(parts[1]);
    const auto signature = fromBase64Url(parts[2]);
    if (!header || !claims || !signature) return invalid(QStringLiteral("The token is malformed"));

    // RFC 7515 §4.1.11: this server knows no extension, so any crit ends it.
    if (header->contains(QLatin1String("crit")))
        return invalid(QStringLiteral("The token asks for an extension"));
    const QString type = header->value(QLatin1String("typ")).toString().toLower();
    if (type != QLatin1String("at+jwt") && type != QLatin1String("application/at+jwt"))
        return invalid(QStringLiteral("The token is not an access token"));
    if (!signatureHolds(*header, parts[0] + '.' + parts[1], *signature))
        return invalid(QStringLiteral("The signature does not verify"));
    return claimsHold(*claims, nowS);
}

bool TokenCheck::signatureHolds(const QJsonObject& header, const QByteArray& input,
                                const QByteArray& signature) const {
    if (m_defects.has(Defect::SkipSignature)) return true;
    const QString alg = header.value(QLatin1String("alg")).toString();
    if (m_defects.has(Defect::AcceptNone) && alg.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0)
        return signature.isEmpty();
    if (m_defects.has(Defect::HsConfusion) && alg == QLatin1String("HS256"))
        return equalInConstantTime(hmacSha256(m_key.publicPem(), input), signature);
    if (alg != QLatin1String("RS256")) return false;
    if (m_defects.has(Defect::TrustJwk) && header.value(QLatin1String("jwk")).isObject()) {
        const auto brought = RsaKey::fromPublicJwk(header.value(QLatin1String("jwk")).toObject());
        return brought && brought->verify(input, signature);
    }
    const QJsonValue kid = header.value(QLatin1String("kid"));
    if (!kid.isUndefined() && kid.toString() != QString::fromLatin1(m_key.keyId())) return false;
    return m_key.verify(input, signature);
}

tl::expected<TokenClaims, TokenFault> TokenCheck::claimsHold(const QJsonObject& claims, qint64 nowS) const {
    const auto text = [&claims](const char* name) { return claims.value(QLatin1String(name)).toString(); };
    if (text("iss") != m_issuer) return invalid(QStringLiteral("The token is from another issuer"));
    if (!m_defects.has(Defect::SkipAud) && !isForAudience(claims.value(QLatin1String("aud")), m_audience))
        return invalid(QStringLiteral("The token is for another audience"));

    const QJsonValue exp = claims.value(QLatin1String("exp"));
    const QJsonValue nbf = claims.value(QLatin1String("nbf"));
    const QJsonValue iat = claims.value(QLatin1String("iat"));
    const auto now = static_cast<double>(nowS);
    if (!m_defects.has(Defect::IgnoreExp)) {
        if (!exp.isDouble()) return invalid(QStringLiteral("The token has no expiry"));
        if (now >= exp.toDouble())
            return tl::unexpected<TokenFault>(TokenFault{
                "expired-token", QStringLiteral("The token expired at %1").arg(utcText(exp.toInteger()))});
    }
    if (!nbf.isUndefined() && (!nbf.isDouble() || now < nbf.toDouble()))
        return tl::unexpected<TokenFault>(
            TokenFault{"not-yet-valid-token", QStringLiteral("The token is not valid yet")});
    if (!iat.isDouble() || iat.toDouble() > now + MaxFutureIssueS)
        return invalid(QStringLiteral("The token was issued in the future or never"));

    TokenClaims result{text("sub"), text("jti"), text("role"), text("plan"),
                       text("scope").split(QLatin1Char(' '), Qt::SkipEmptyParts)};
    if (result.subject.isEmpty() || result.tokenId.isEmpty() || text("client_id").isEmpty())
        return invalid(QStringLiteral("The token lacks a required claim"));
    return result;
}

} // namespace kb::practice
