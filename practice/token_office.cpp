// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/token_office.h"

#include "practice/data_store.h"

#include <QCryptographicHash>
#include <QDateTime>

namespace kb::practice {
namespace {

constexpr qint64 ThreeDaysS = 3 * 24 * 3600;

QByteArray hashed(const QByteArray& secret) {
    return QCryptographicHash::hash(secret, QCryptographicHash::Sha256);
}

qint64 nowS() {
    return QDateTime::currentSecsSinceEpoch();
}

QStringList words(const char* text) {
    return QString::fromLatin1(text).split(QLatin1Char(' '));
}

} // namespace

const QStringList& allScopes() {
    static const QStringList scopes = words("users:read users:write users:delete invoices:read profile");
    return scopes;
}

QString TokenOffice::audience() {
    return QStringLiteral("urn:keybearer:practice:users");
}
QString TokenOffice::otherAudience() {
    return QStringLiteral("urn:keybearer:practice:reports");
}

TokenOffice::TokenOffice(RsaKey key, QString baseUrl, const PracticeOptions& options, const Defects& defects)
    : m_key(std::move(key)),
      m_baseUrl(std::move(baseUrl)),
      m_options(options),
      m_defects(defects),
      m_check(m_key, m_baseUrl, audience(), defects),
      m_clientId(QStringLiteral("practice-client")),
      m_clientSecret(randomText(24)) {}

QByteArray TokenOffice::accessToken(const Grant& grant, const QString& clientId, const QString& forWhom,
                                    qint64 issuedAtS, qint64 expiresAtS) const {
    QJsonObject claims{{QStringLiteral("iss"), m_baseUrl},
                       {QStringLiteral("sub"), grant.subject},
                       {QStringLiteral("aud"), forWhom},
                       {QStringLiteral("client_id"), clientId},
                       {QStringLiteral("iat"), issuedAtS},
                       {QStringLiteral("nbf"), issuedAtS},
                       {QStringLiteral("exp"), expiresAtS},
                       {QStringLiteral("jti"), QString::fromLatin1(randomText(12))},
                       {QStringLiteral("scope"), grant.scopes.join(QLatin1Char(' '))},
                       {QStringLiteral("role"), grant.role}};
    if (!grant.plan.isEmpty()) claims.insert(QStringLiteral("plan"), grant.plan);
    return signedToken(m_key, claims);
}

QByteArray TokenOffice::refreshToken(const Grant& grant, const QString& family) {
    const QByteArray token = "kbr_" + randomText(32);
    m_refresh.insert(hashed(token), {family, grant, nowS() + m_options.refreshTokenLifetimeS, false});
    return token;
}

QList<PracticeIdentity> TokenOffice::mintIdentities() {
    const qint64 now = nowS();
    QList<PracticeIdentity> all;
    const auto mint = [&](const char* name, int userId, const char* role, const char* plan,
                          const QStringList& scopes, qint64 issuedAtS, qint64 expiresAtS) {
        PracticeIdentity one;
        one.name = QString::fromLatin1(name);
        one.kind = QStringLiteral("bearer");
        one.userId = QString::number(userId);
        one.role = QString::fromLatin1(role);
        one.plan = QString::fromLatin1(plan);
        one.scopes = scopes;
        one.issuedAtS = issuedAtS;
        one.expiresAtS = expiresAtS;
        const Grant grant{one.userId, one.role, one.plan, one.scopes};
        one.secret = accessToken(grant, m_clientId, audience(), issuedAtS, expiresAtS);
        one.refreshToken = refreshToken(grant, QString::fromLatin1(randomText(9)));
        all.append(one);
    };
    const QStringList reader = words("users:read profile invoices:read");
    mint("Reader", ReaderUserId, "user", "premium", reader, now, now + m_options.readerLifetimeS);
    mint("Other reader", OtherReaderUserId, "user", "free", words("profile invoices:read"), now,
         now + m_options.otherReaderLifetimeS);
    // The admin's token is to be seen near its end, so it was issued as long ago as a reader's would last.
    const qint64 adminExpiry = now + m_options.adminLifetimeS;
    mint("Admin", AdminUserId, "admin", "premium", allScopes(),
         qMin(now, adminExpiry - m_options.readerLifetimeS), adminExpiry);
    mint("Expired reader", ReaderUserId, "user", "premium", reader,
         now - ThreeDaysS - m_options.readerLifetimeS, now - ThreeDaysS);

    PracticeIdentity partner;
    partner.name = QStringLiteral("Partner API key");
    partner.kind = QStringLiteral("api-key");
    partner.role = QStringLiteral("partner");
    partner.secret = "kbp_" + randomText(24);
    partner.issuedAtS = now;
    partner.expiresAtS = m_options.apiKeyLifetimeS > 0 ? now + m_options.apiKeyLifetimeS : 0;
    m_apiKeyHash = hashed(partner.secret);
    m_apiKey = partner.secret;
    m_apiKeyExpiresAtS = partner.expiresAtS;
    all.append(partner);
    return all;
}

tl::expected<Caller, TokenFault> TokenOffice::bearer(const QByteArray& token) const {
    return m_check.check(token, nowS())
        .and_then([this](const TokenClaims& claims) -> tl::expected<Caller, TokenFault> {
            if (m_revokedIds.contains(claims.tokenId))
                return tl::unexpected<TokenFault>(
                    TokenFault{"revoked-token", QStringLiteral("The token was revoked")});
            return Caller{Caller::Kind::Bearer, claims.subject, claims.role, claims.plan, claims.scopes};
        });
}

tl::expected<Caller, TokenFault> TokenOffice::apiKey(const QByteArray& key) const {
    const bool known = equalInConstantTime(hashed(key), m_apiKeyHash) ||
                       (m_defects.has(Defect::KeyPrefix) && !key.isEmpty() && m_apiKey.startsWith(key)) ||
                       (m_defects.has(Defect::KeyIgnoreCase) && key.toLower() == m_apiKey.toLower());
    if (!known)
        return tl::unexpected<TokenFault>(
            TokenFault{"invalid-api-key", QStringLiteral("The API key is unknown.")});
    if (m_apiKeyExpiresAtS > 0 && nowS() >= m_apiKeyExpiresAtS)
        return tl::unexpected<TokenFault>(
            TokenFault{"invalid-api-key", QStringLiteral("The API key has expired.")});
    return Caller{Caller::Kind::ApiKey, QStringLiteral("partner"), QStringLiteral("partner"), {}, {}};
}

void TokenOffice::revoke(const QByteArray& token, const Caller& caller) {
    const auto refresh = m_refresh.constFind(hashed(token));
    if (refresh != m_refresh.constEnd()) {
        if (refresh->grant.subject != caller.subject && !caller.isAdmin()) return;
        const QString family = refresh->family;
        m_refresh.removeIf([&family](auto it) { return it.value().family == family; });
        return;
    }
    const auto claims = m_check.check(token, nowS());
    if (claims && (claims->subject == caller.subject || caller.isAdmin()))
        m_revokedIds.insert(claims->tokenId);
}

void TokenOffice::forgetExpired(qint64 now) {
    m_refresh.removeIf([now](auto it) { return now >= it.value().expiresAtS; });
}

} // namespace kb::practice
