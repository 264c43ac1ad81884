// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/grant_state.h"
#include "core/auth/oauth_metadata.h"
#include "core/auth/oauth_registration.h"
#include "core/auth/secret_store.h"

namespace kb {

/// Names of the parts and facts that a grant keeps in its record. The access token is the record's secret.
namespace grantpart {
inline const QString refreshToken = QStringLiteral("refresh_token");
inline const QString idToken = QStringLiteral("id_token");
inline const QString clientSecret = QStringLiteral("client_secret");
inline const QString dpopKey = QStringLiteral("dpop_key");
inline const QString assertionKey = QStringLiteral("assertion_key");
inline const QString registrationToken = QStringLiteral("registration_access_token");
inline const QString subjectToken = QStringLiteral("subject_token");
inline const QString password = QStringLiteral("password");
inline const QString csrfToken = QStringLiteral("csrf_token"); ///< of a login of the API's own
} // namespace grantpart

/// What of a grant may be shown, for the window and the command line. Times are Unix milliseconds.
struct GrantSummary {
    bool hasAccessToken = false;
    bool hasRefreshToken = false;
    bool hasIdToken = false;
    bool hasClientSecret = false;
    QString tokenType;
    QStringList scopes;
    std::optional<qint64> obtainedMs;
    std::optional<qint64> expiresMs;
    std::optional<qint64> refreshExpiresMs;
    std::optional<qint64> clientSecretExpiresMs;
    QString issuer;
    QString clientId;
};
GrantSummary grantSummary(const SecretRecord& record);

/// What the state machine needs to know. A JWT's own exp counts only where the server gave no lifetime.
GrantFacts grantFacts(const SecretRecord& record);

/// Puts new tokens into the record. Of a refresh, what did not come stays: the refresh token, the id_token,
/// the scopes. Of a login nothing of the old tokens stays. Everything else in the record is kept.
void putTokens(SecretRecord& record, TokenSet tokens, bool byLogin);
/// Takes every token out, after revoking: access, refresh and id token, and what is known of them.
void forgetTokens(SecretRecord& record);
/// Leaves what a copy of the profile may have: what the user typed, and the servers that were confirmed. A
/// refresh token that two use ends for both where the server detects reuse (RFC 9700 §4.14.2); the key it is
/// bound to and the right to change the registration are the original's alone.
void leaveForCopy(SecretRecord& record);
/// Keeps what a registration gave (RFC 7591 §3.2.1): client id, secret and its end, and how to manage it.
void putRegistration(SecretRecord& record, ClientRegistration registration);
/// The registration as kept, for RFC 7592; nullopt if the client was not registered from here.
std::optional<ClientRegistration> keptRegistration(const SecretRecord& record);

/// Where the grant's secrets go, as the user confirmed it: kept with the secret, so that a change in the
/// shared files cannot send them elsewhere.
struct GrantServer {
    QString issuer;
    QString clientId;
    OAuthEndpoints endpoints;
    bool answersWithIssuer = false;
    bool requiresPushedAuthorization = false;
    bool operator==(const GrantServer&) const = default;
};
/// What the profile and, if it was looked up, the server's metadata propose. An address in the profile goes
/// before the metadata's.
Result<GrantServer> proposedServer(const OAuthScheme& scheme, const ServerMetadata* metadata);
void confirmServer(SecretRecord& record, const GrantServer& server);
Result<GrantServer> confirmedServer(const SecretRecord& record);
/// The names of what the profile says otherwise than the user confirmed ("token_url", "client_id"), for the
/// question to the user. What the profile leaves open does not count.
QStringList serverChanges(const SecretRecord& record, const OAuthScheme& scheme);
/// The same of any scheme of isGrant(): of a login, its address is the token endpoint's fact "token_url" and
/// the one that renews is "refresh_url". An address that the profile has no more is a change too.
Result<GrantServer> proposedGrantServer(const AuthScheme& scheme);
QStringList grantServerChanges(const SecretRecord& record, const AuthScheme& scheme);

} // namespace kb
