// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_client.h"

#include "core/auth/crypto.h"
#include "core/base/json_make.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct OAuthClientText {
    Q_DECLARE_TR_FUNCTIONS(OAuthClient)
};

const QString assertionType = QStringLiteral("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

tl::unexpected<Error> notEntered(const QString& what) {
    return fail(ErrorCode::SecretMissing, what, {}, OAuthClientText::tr("Enter it in the profile."));
}

Result<void> addBasic(Request& request, const OAuthClient& client, const FlowContext& context) {
    if (!client.secret || client.secret->isEmpty())
        return notEntered(OAuthClientText::tr("The client secret is missing."));
    const QByteArray id = formEncoded(viewOf(client.id.toUtf8()));
    QByteArray secret = formEncoded(client.secret->reveal());
    QByteArray pair;
    pair.reserve(id.size() + secret.size() + 1);
    pair.append(id).append(':').append(secret);
    QByteArray base64 = pair.toBase64();
    wipeBytes(pair);
    wipeBytes(secret);
    request.headers.append("Authorization", "Basic " + base64);
    context.redactor.addSecret(*client.secret);
    context.redactor.addSecret(Secret::take(base64));
    context.redactor.addCredentialField("Authorization");
    return {};
}

Result<Secret> clientAssertion(const OAuthClient& client, const FlowContext& context) {
    if (client.assertionAudience.isEmpty())
        return fail(ErrorCode::InvalidInput,
                    OAuthClientText::tr("Nobody is named to whom the client's assertion goes."), {},
                    OAuthClientText::tr("Enter the issuer in the profile."));
    const AssertionClaims claims{client.id, client.id, client.assertionAudience, {}};
    if (client.auth == ClientAuth::PrivateKeyJwt) {
        if (!client.key) return notEntered(OAuthClientText::tr("The client's private key is missing."));
        if (client.key->type() == SigningKey::Type::Symmetric)
            return fail(ErrorCode::InvalidInput, OAuthClientText::tr("The client's key is no private key."),
                        {}, OAuthClientText::tr("Enter a private key, or choose client_secret_jwt."));
        return makeAssertion(claims, client.assertionAlgorithm, client.assertionKeyId, *client.key, context);
    }
    if (!client.secret || client.secret->isEmpty())
        return notEntered(OAuthClientText::tr("The client secret is missing."));
    context.redactor.addSecret(*client.secret);
    const Result<SigningKey> key = SigningKey::read(*client.secret, true);
    if (!key) return tl::unexpected<Error>(key.error());
    const bool named = client.assertionAlgorithm.startsWith(QStringLiteral("HS"));
    return makeAssertion(claims, named ? client.assertionAlgorithm : QStringLiteral("HS256"),
                         client.assertionKeyId, *key, context);
}

Result<void> authenticate(Request& request, FormBody& form, const OAuthClient& client,
                          const FlowContext& context) {
    const auto addId = [&] {
        if (!form.has("client_id")) form.add("client_id", client.id);
    };
    switch (client.auth) {
    case ClientAuth::Basic:
        return addBasic(request, client, context);
    case ClientAuth::Post:
        if (!client.secret || client.secret->isEmpty())
            return notEntered(OAuthClientText::tr("The client secret is missing."));
        addId();
        addSecretField(form, "client_secret", *client.secret, context);
        return {};
    case ClientAuth::PrivateKeyJwt:
    case ClientAuth::ClientSecretJwt: {
        const Result<Secret> assertion = clientAssertion(client, context);
        if (!assertion) return tl::unexpected<Error>(assertion.error());
        addId(); // may be left out by RFC 7521 §4.2, but there are servers that look the client up by it
        form.add("client_assertion_type", assertionType);
        addSecretField(form, "client_assertion", *assertion, context);
        return {};
    }
    case ClientAuth::Mtls:
    case ClientAuth::None:
        addId();
        return {};
    }
    return {};
}

} // namespace

Result<Secret> makeAssertion(const AssertionClaims& claims, const QString& algorithm, const QString& keyId,
                             const SigningKey& key, const FlowContext& context) {
    const qint64 now = context.nowMs / 1000;
    QList<JsonValue::Member> header = {{QStringLiteral("typ"), jsonText(QStringLiteral("JWT"))}};
    if (!keyId.isEmpty()) header.append({QStringLiteral("kid"), jsonText(keyId)});
    QList<JsonValue::Member> body = {
        {QStringLiteral("iss"), jsonText(claims.issuer)},
        {QStringLiteral("sub"), jsonText(claims.subject)},
        {QStringLiteral("aud"), jsonText(claims.audience)},
        {QStringLiteral("iat"), jsonNumber(now)},
        {QStringLiteral("exp"), jsonNumber(now + claims.lifetimeS)},
        {QStringLiteral("jti"), jsonText(QString::fromLatin1(toBase64Url(viewOf(context.randomBytes(16)))))}};
    if (!claims.scopes.isEmpty()) body.append({QStringLiteral("scope"), jsonText(claims.scopes.join(u' '))});
    Result<QByteArray> compact = signCompact(algorithm, jsonObject(header), writeJson(jsonObject(body)), key);
    if (!compact) return tl::unexpected<Error>(compact.error());
    Secret assertion = Secret::take(*compact);
    context.redactor.addSecret(assertion);
    return assertion;
}

void addSecretField(FormBody& form, const QByteArray& name, const Secret& secret,
                    const FlowContext& context) {
    form.add(name, secret);
    context.redactor.addSecret(secret);
    context.redactor.addCredentialQuery(name);
}

Result<Request> clientPost(const HttpUrl& endpoint, const QString& endpointName, FormBody form,
                           const OAuthClient& client, const FlowContext& context) {
    const Result<void> fine = checkOAuthEndpoint(endpoint, endpointName, client.plainHttpOrigins);
    if (!fine) return tl::unexpected<Error>(fine.error());
    if (client.id.isEmpty() && client.auth != ClientAuth::None)
        return fail(ErrorCode::InvalidInput, OAuthClientText::tr("The client id is missing."), {},
                    OAuthClientText::tr("Enter it in the profile."));
    Request request;
    request.method = "POST";
    request.url = endpoint;
    request.headers.append("Content-Type", "application/x-www-form-urlencoded");
    request.headers.append("Accept", "application/json");
    const Result<void> authenticated = authenticate(request, form, client, context);
    if (!authenticated) return tl::unexpected<Error>(authenticated.error());
    request.body = form.takeBytes();
    request.hasBody = true;
    return request;
}

} // namespace kb
