// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/auth_flow.h"
#include "core/auth/oauth_form.h"
#include "core/auth/signing_key.h"

namespace kb {

/// The client as it speaks to a server's endpoints. Secret and key are borrowed for the call.
struct OAuthClient {
    QString id;
    ClientAuth auth = ClientAuth::None;
    const Secret* secret = nullptr;  ///< of Basic, Post and ClientSecretJwt
    const SigningKey* key = nullptr; ///< of PrivateKeyJwt
    QString assertionAlgorithm;      ///< JOSE name; for ClientSecretJwt HS256 unless it names another HS*
    QString assertionKeyId;
    QString assertionAudience;    ///< the issuer; the token endpoint for servers that want it so
    QStringList plainHttpOrigins; ///< http origins the user agreed to
};

/// What an assertion says (RFC 7523 §3).
struct AssertionClaims {
    QString issuer;
    QString subject;
    QString audience;
    QStringList scopes; ///< left out if empty; some servers read them from here
    int lifetimeS = 60;
};

/// A signed assertion with iat, a short exp and a jti of its own. The redactor learns it.
Result<Secret> makeAssertion(const AssertionClaims& claims, const QString& algorithm, const QString& keyId,
                             const SigningKey& key, const FlowContext& context);

/// Completes a form and makes the POST of it, with exactly one way to authenticate the client (RFC 6749
/// §2.3): Basic (id and secret form-encoded first), Post, an assertion, or the bare client id in the form for
/// public clients and for client certificates. The redactor learns every secret.
Result<Request> clientPost(const HttpUrl& endpoint, const QString& endpointName, FormBody form,
                           const OAuthClient& client, const FlowContext& context);

/// Puts a secret into the form and tells the redactor of it and of its place.
void addSecretField(FormBody& form, const QByteArray& name, const Secret& secret, const FlowContext& context);

} // namespace kb
