// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_answer.h"

namespace kb {

/// What a client says of itself when it registers (RFC 7591 §2). Empty members are left out.
struct ClientMetadata {
    QString name;
    QString applicationType = QStringLiteral("native"); ///< OpenID Connect Registration §2
    QStringList redirectUris;
    QStringList grantTypes;
    QStringList responseTypes;
    QStringList scopes;
    QString authMethod; ///< token_endpoint_auth_method
    JsonValue jwks;     ///< public keys; Null: none
    bool dpopBound = false;

    JsonValue toJson() const;
};

/// A registration as the server keeps it (RFC 7591 §3.2.1, RFC 7592 §3). Secrets are taken out of `metadata`.
struct ClientRegistration {
    QString clientId;
    Secret clientSecret;
    std::optional<qint64> secretExpiresAt; ///< Unix seconds; nullopt: it does not expire
    Secret accessToken;                    ///< registration_access_token
    std::optional<HttpUrl> clientUri;      ///< registration_client_uri
    JsonValue metadata;                    ///< everything the server keeps, without secrets
    QStringList changed;                   ///< names of members the server set to something else
};

/// RFC 7591 §3.1: JSON by POST, with an initial access token where the server wants one.
Result<Request> registrationRequest(const HttpUrl& endpoint, const ClientMetadata& client,
                                    const Secret* initialAccessToken, const QStringList& plainHttpOrigins,
                                    const FlowContext& context);
/// The answer; `asked` tells which values the server changed.
OAuthResult<ClientRegistration> readRegistration(const Response& response, const JsonValue& asked,
                                                 const QStringList& plainHttpOrigins,
                                                 const FlowContext& context);

/// RFC 7592 §2: read, replace and delete one's own registration at its own address.
enum class RegistrationAction { Read, Update, Delete };
/// `client` goes out with an update, together with the client id and, if there is one, the secret; what the
/// server alone decides is left out (RFC 7592 §2.2).
Result<Request> manageRegistration(RegistrationAction action, const ClientRegistration& registration,
                                   const ClientMetadata& client, const QStringList& plainHttpOrigins,
                                   const FlowContext& context);
/// The same with every member that the server keeps, of an earlier answer: what an update leaves out is
/// deleted (§2.2).
Result<Request> updateRegistration(const ClientRegistration& registration, JsonValue metadata,
                                   const QStringList& plainHttpOrigins, const FlowContext& context);
/// 204 means deleted (RFC 7592 §2.3).
OAuthResult<void> readDeletion(const Response& response, const FlowContext& context);

} // namespace kb
