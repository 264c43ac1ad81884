// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_registration.h"

#include "core/auth/oauth_form.h"
#include "core/auth/wipe_json.h"
#include "core/base/json_make.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct OAuthRegistrationText {
    Q_DECLARE_TR_FUNCTIONS(OAuthRegistration)
};

QString registrationEndpointName() {
    return OAuthRegistrationText::tr("registration endpoint");
}

Result<Request> authorizedRequest(const QByteArray& method, const HttpUrl& url, const Secret* token,
                                  const QStringList& plainHttpOrigins, const FlowContext& context) {
    const Result<void> fine = checkOAuthEndpoint(url, registrationEndpointName(), plainHttpOrigins);
    if (!fine) return tl::unexpected<Error>(fine.error());
    Request request;
    request.method = method;
    request.url = url;
    request.headers.append("Accept", "application/json");
    if (token) {
        const auto placed = placeCredential(request, BearerScheme{}, *token, context.redactor);
        if (!placed) return tl::unexpected<Error>(placed.error());
    }
    return request;
}

void setJson(Request& request, const JsonValue& json) {
    request.headers.append("Content-Type", "application/json");
    request.body = writeJson(json);
    request.hasBody = true;
}

/// What the server alone decides may not come back to it (RFC 7592 §2.2).
void putUpdate(Request& request, const ClientRegistration& registration, JsonValue json,
               const FlowContext& context) {
    static const QStringList own = {QStringLiteral("client_id"),
                                    QStringLiteral("client_secret"),
                                    QStringLiteral("client_id_issued_at"),
                                    QStringLiteral("client_secret_expires_at"),
                                    QStringLiteral("registration_client_uri"),
                                    QStringLiteral("registration_access_token")};
    json.members.removeIf([](const JsonValue::Member& member) { return own.contains(member.first); });
    json.members.prepend({QStringLiteral("client_id"), jsonText(registration.clientId)});
    if (!registration.clientSecret.isEmpty()) {
        context.redactor.addSecret(registration.clientSecret);
        const std::string_view bytes = registration.clientSecret.reveal();
        json.members.append({QStringLiteral("client_secret"),
                             jsonText(QString::fromUtf8(bytes.data(), qsizetype(bytes.size())))});
    }
    setJson(request, json);
    wipeJson(json);
}

bool sameMember(const JsonValue& a, const JsonValue& b) {
    return writeJson(a) == writeJson(b);
}

} // namespace

JsonValue ClientMetadata::toJson() const {
    QList<JsonValue::Member> members;
    const auto addText = [&](const char* member, const QString& text) {
        if (!text.isEmpty()) members.append({QString::fromLatin1(member), jsonText(text)});
    };
    const auto addList = [&](const char* member, const QStringList& texts) {
        if (!texts.isEmpty()) members.append({QString::fromLatin1(member), jsonTexts(texts)});
    };
    addText("client_name", name);
    addText("application_type", applicationType);
    addList("redirect_uris", redirectUris);
    addList("grant_types", grantTypes);
    // Left out, they would mean the code grant's (RFC 7591 §2): a service says that it has none.
    const bool service = !grantTypes.isEmpty() && responseTypes.isEmpty() &&
                         !grantTypes.contains(QStringLiteral("authorization_code"));
    if (service && redirectUris.isEmpty()) members.append({QStringLiteral("redirect_uris"), jsonTexts({})});
    if (service) members.append({QStringLiteral("response_types"), jsonTexts({})});
    addList("response_types", responseTypes);
    addText("scope", scopes.join(u' '));
    addText("token_endpoint_auth_method", authMethod);
    if (jwks.isObject()) members.append({QStringLiteral("jwks"), jwks});
    if (dpopBound) {
        JsonValue yes;
        yes.type = JsonValue::Type::Bool;
        yes.boolean = true;
        members.append({QStringLiteral("dpop_bound_access_tokens"), yes});
    }
    return jsonObject(members);
}

Result<Request> registrationRequest(const HttpUrl& endpoint, const ClientMetadata& client,
                                    const Secret* initialAccessToken, const QStringList& plainHttpOrigins,
                                    const FlowContext& context) {
    Result<Request> request =
        authorizedRequest("POST", endpoint, initialAccessToken, plainHttpOrigins, context);
    if (request) setJson(*request, client.toJson());
    return request;
}

OAuthResult<ClientRegistration> readRegistration(const Response& response, const JsonValue& asked,
                                                 const QStringList& plainHttpOrigins,
                                                 const FlowContext& context) {
    OAuthResult<JsonValue> json = readOAuthAnswer(response, registrationEndpointName(), context);
    if (!json) return passOn(json.error());
    ClientRegistration registration;
    registration.clientSecret = takeSecretMember(*json, u"client_secret");
    registration.accessToken = takeSecretMember(*json, u"registration_access_token");
    context.redactor.addSecret(registration.clientSecret);
    context.redactor.addSecret(registration.accessToken);
    json->members.removeIf([](const JsonValue::Member& member) {
        return member.first == QStringLiteral("client_secret") ||
               member.first == QStringLiteral("registration_access_token");
    });
    registration.clientId = json->text(u"client_id");
    if (registration.clientId.isEmpty())
        return unusable(response,
                        OAuthRegistrationText::tr("The server registered the client and named no client id."),
                        registrationEndpointName());
    // 0 stands for never (RFC 7591 §3.2.1).
    const auto expires = secondsMember(*json, u"client_secret_expires_at");
    if (expires && *expires > 0) registration.secretExpiresAt = expires;
    if (const QString uri = json->text(u"registration_client_uri"); !uri.isEmpty()) {
        const Result<HttpUrl> url = HttpUrl::parse(uri);
        if (!url || !checkOAuthEndpoint(*url, registrationEndpointName(), plainHttpOrigins))
            return unusable(
                response,
                OAuthRegistrationText::tr(
                    "The server registered the client %1, and the address to manage it at cannot be used.")
                    .arg(serverText(registration.clientId, context.redactor).left(200)),
                QStringLiteral("registration_client_uri"),
                OAuthRegistrationText::tr(
                    "The token for it would travel in clear text, or the address is wrong."));
        registration.clientUri = *url;
    }
    for (const JsonValue::Member& member : asked.members) {
        const JsonValue* kept = json->find(member.first);
        if (kept && !sameMember(*kept, member.second)) registration.changed.append(member.first);
    }
    registration.metadata = std::move(*json);
    return registration;
}

Result<Request> manageRegistration(RegistrationAction action, const ClientRegistration& registration,
                                   const ClientMetadata& client, const QStringList& plainHttpOrigins,
                                   const FlowContext& context) {
    if (!registration.clientUri || registration.accessToken.isEmpty())
        return fail(
            ErrorCode::NotFound,
            OAuthRegistrationText::tr("The server gave no address and token to manage this registration."),
            {}, OAuthRegistrationText::tr("Change it where the client was registered."));
    const QByteArray method = action == RegistrationAction::Read     ? "GET"
                              : action == RegistrationAction::Update ? "PUT"
                                                                     : "DELETE";
    Result<Request> request = authorizedRequest(method, *registration.clientUri, &registration.accessToken,
                                                plainHttpOrigins, context);
    if (request && action == RegistrationAction::Update)
        putUpdate(*request, registration, client.toJson(), context);
    return request;
}

Result<Request> updateRegistration(const ClientRegistration& registration, JsonValue metadata,
                                   const QStringList& plainHttpOrigins, const FlowContext& context) {
    Result<Request> request =
        manageRegistration(RegistrationAction::Update, registration, {}, plainHttpOrigins, context);
    if (!request) return request;
    request->headers.fields.removeIf(
        [](const HeaderField& field) { return sameFieldName(field.name, "Content-Type"); });
    putUpdate(*request, registration, std::move(metadata), context);
    return request;
}

OAuthResult<void> readDeletion(const Response& response, const FlowContext& context) {
    if (response.status == 204) return {};
    const OAuthResult<JsonValue> json = readOAuthAnswer(response, registrationEndpointName(), context);
    if (!json) return passOn(json.error());
    return unusable(response,
                    OAuthRegistrationText::tr("The server did not confirm that the registration is deleted."),
                    registrationEndpointName());
}

} // namespace kb
