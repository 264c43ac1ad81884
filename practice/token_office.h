// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "practice/http_values.h"
#include "practice/practice_server.h"
#include "practice/token_check.h"

#include <QHash>
#include <QSet>

namespace kb::practice {

/// Who sends a request, as far as the server believes it.
struct Caller {
    enum class Kind { Anonymous, Bearer, ApiKey };
    Kind kind = Kind::Anonymous;
    QString subject;
    QString role;
    QString plan;
    QStringList scopes;

    bool isAdmin() const { return role == QLatin1String("admin"); }
};

inline constexpr const char* ApiKeyField = "X-API-Key";
const QStringList& allScopes();

/// Mints, judges, renews and revokes: the practice API's authorization server. Lives in the server's thread.
class TokenOffice {
public:
    TokenOffice(RsaKey key, QString baseUrl, const PracticeOptions& options, const Defects& defects);

    /// Mints the identities of this start.
    QList<PracticeIdentity> mintIdentities();
    QString clientId() const { return m_clientId; }
    QByteArray clientSecret() const { return m_clientSecret; }
    const RsaKey& key() const { return m_key; }

    tl::expected<Caller, TokenFault> bearer(const QByteArray& token) const;
    tl::expected<Caller, TokenFault> apiKey(const QByteArray& key) const;

    /// POST /oauth/token (RFC 6749 §4.4, §5 and §6).
    HttpReply tokenRequest(const HttpRequest& request);
    /// Makes a token of the caller's own useless; an administrator's word counts for all (RFC 7009 §2).
    void revoke(const QByteArray& token, const Caller& caller);

    static QString audience();
    static QString otherAudience(); ///< a second resource (RFC 8707), whose tokens this API must refuse

private:
    struct Grant {
        QString subject;
        QString role;
        QString plan;
        QStringList scopes;
    };
    struct Refresh {
        QString family;
        Grant grant;
        qint64 expiresAtS = 0;
        bool used = false;
    };
    QByteArray accessToken(const Grant& grant, const QString& clientId, const QString& forWhom,
                           qint64 issuedAtS, qint64 expiresAtS) const;
    QByteArray refreshToken(const Grant& grant, const QString& family);
    void forgetExpired(qint64 nowS);
    std::optional<HttpReply> refuseClient(const HttpRequest& request,
                                          const QList<QPair<QString, QString>>& form) const;
    HttpReply answer(const Grant& grant, const QString& forWhom, const QByteArray& refresh) const;
    HttpReply clientCredentials(const QList<QPair<QString, QString>>& form);
    HttpReply refresh(const QList<QPair<QString, QString>>& form);

    RsaKey m_key;
    QString m_baseUrl;
    PracticeOptions m_options;
    const Defects& m_defects;
    TokenCheck m_check;
    QString m_clientId;
    QByteArray m_clientSecret;
    QByteArray m_apiKeyHash;
    QByteArray m_apiKey; ///< for the defects that compare it badly
    qint64 m_apiKeyExpiresAtS = 0;
    QHash<QByteArray, Refresh> m_refresh; ///< by the token's hash
    QSet<QString> m_revokedIds;           ///< jti of access tokens
};

} // namespace kb::practice
