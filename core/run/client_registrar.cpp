// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/client_registrar.h"

#include "core/auth/oauth_code.h"
#include "core/auth/oauth_request.h"
#include "core/base/later.h"
#include "core/run/registration_call.h"
#include "core/run/resource_discovery.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct RegistrarText {
    Q_DECLARE_TR_FUNCTIONS(Registrar)
};

std::optional<ClientAuth> authNamed(const QString& method) {
    if (method == QLatin1String("none")) return ClientAuth::None;
    if (method == QLatin1String("client_secret_basic")) return ClientAuth::Basic;
    if (method == QLatin1String("client_secret_post")) return ClientAuth::Post;
    if (method == QLatin1String("client_secret_jwt")) return ClientAuth::ClientSecretJwt;
    return std::nullopt;
}

bool needsUser(OAuthGrant grant) {
    return grant == OAuthGrant::AuthorizationCode || grant == OAuthGrant::DeviceCode;
}

/// The scheme of what was registered: the server has the last word on how its client proves who it is.
OAuthScheme registeredScheme(const RegistrationWish& wish, const ClientMetadata& asked,
                             const ClientRegistration& registration, QStringList& findings) {
    OAuthScheme scheme = wish.scheme;
    scheme.issuer = wish.issuer;
    scheme.clientId = registration.clientId;
    const QString said = registration.metadata.text(u"token_endpoint_auth_method");
    const QString method = said.isEmpty() ? asked.authMethod : said;
    const std::optional<ClientAuth> auth = authNamed(method);
    scheme.clientAuth =
        auth.value_or(registration.clientSecret.isEmpty() ? ClientAuth::None : ClientAuth::Basic);
    if (!auth)
        findings.append(
            RegistrarText::tr("The server wants the client to prove itself by %1, which needs more than "
                              "was registered.")
                .arg(method.left(60)));
    // RFC 7591 §2: the server may give fewer scopes; a login then asks for those.
    if (const QString scopes = registration.metadata.text(u"scope");
        !scopes.isEmpty() && !scheme.scopes.isEmpty())
        scheme.scopes.removeIf(
            [&](const QString& each) { return !scopes.split(u' ', Qt::SkipEmptyParts).contains(each); });
    return scheme;
}

} // namespace

ClientMetadata clientMetadata(const RegistrationWish& wish, const ServerMetadata& server) {
    ClientMetadata client;
    client.name = wish.clientName;
    const OAuthGrant grant = wish.scheme.grant;
    client.grantTypes = {grantType(grant)};
    if (needsUser(grant)) client.grantTypes.append(QStringLiteral("refresh_token"));
    if (grant == OAuthGrant::AuthorizationCode) {
        client.responseTypes = {QStringLiteral("code")};
        // Any port counts for a loopback redirect (RFC 8252 §7.3).
        const QString path = wish.scheme.redirectPath;
        client.redirectUris = {QStringLiteral("http://127.0.0.1") + path,
                               QStringLiteral("http://[::1]") + path};
    } else if (!needsUser(grant)) {
        client.applicationType.clear();
    }
    client.scopes = wish.scheme.scopes;
    client.dpopBound = wish.scheme.dpop;
    const auto takes = [&](const char* method) {
        return server.tokenAuthMethods.contains(QLatin1String(method));
    };
    // What runs on a user's machine keeps no secret from that user (RFC 8252 §8.5).
    client.authMethod = needsUser(grant) && takes("none") ? QStringLiteral("none")
                        : takes("client_secret_basic") || !takes("client_secret_post")
                            ? QStringLiteral("client_secret_basic")
                            : QStringLiteral("client_secret_post");
    return client;
}

HandlePtr registerClient(Transport& transport, const Clock& clock, RegistrationWish wish,
                         std::function<void(Result<std::shared_ptr<RegisteredClient>>)> done) {
    auto call = std::make_unique<RegistrationCall>(transport, clock, wish.proxy, wish.caFile);
    RegistrationCall* const at = call.get();
    const auto made = std::make_shared<RegisteredClient>();
    const auto held = std::make_shared<RegistrationWish>(std::move(wish));
    if (held->scheme.redirectPath == OAuthScheme().redirectPath) // nobody wished for another
        held->scheme.redirectPath = redirectPathOf(held->issuer);
    at->step = fetchServerMetadata(
        transport, held->issuer, {held->plainHttpOrigins, held->proxy, held->caFile},
        [=](const Result<ServerMetadata>& server) {
            if (!server) return done(tl::unexpected(server.error()));
            made->server = *server;
            if (!server->endpoints.registration)
                return done(
                    fail(ErrorCode::Unsupported,
                         RegistrarText::tr("The server does not say where clients register."), held->issuer,
                         RegistrarText::tr("Register the client where the server's people say, and enter its "
                                           "id.")));
            const ClientMetadata asked = clientMetadata(*held, *server);
            if (!held->initialToken.isEmpty()) at->redactor().addSecret(held->initialToken);
            const Result<Request> request =
                registrationRequest(*server->endpoints.registration, asked,
                                    held->initialToken.isEmpty() ? nullptr : &held->initialToken,
                                    held->plainHttpOrigins, at->context());
            if (!request) return done(tl::unexpected(request.error()));
            at->send(*request, [=](const Result<Response>& response) {
                if (!response) return done(tl::unexpected(response.error()));
                OAuthResult<ClientRegistration> read =
                    readRegistration(*response, asked.toJson(), held->plainHttpOrigins, at->context());
                if (!read) return done(tl::unexpected(read.error().error));
                // A place on this computer is not a remote server's to name.
                const std::optional<HttpUrl>& manageAt = read->clientUri;
                if (manageAt && manageAt->origin().isLoopback() &&
                    !made->server.endpoints.registration->origin().isLoopback()) {
                    read->clientUri.reset();
                    made->findings.append(RegistrarText::tr(
                        "The address to manage the registration at is on this computer, and is not used."));
                }
                made->registration = std::move(*read);
                for (const QString& name : std::as_const(made->registration.changed))
                    made->findings.append(
                        RegistrarText::tr("The server set %1 otherwise than was asked.").arg(name));
                made->scheme = registeredScheme(*held, asked, made->registration, made->findings);
                done(made);
            });
        });
    return call;
}

Result<void> putRegisteredClient(SecretRecord& record, RegisteredClient& client) {
    const Result<GrantServer> server = proposedServer(client.scheme, &client.server);
    if (!server) return tl::unexpected(server.error());
    confirmServer(record, *server);
    // Afterwards: the client id and the registration's own address are the server's word.
    putRegistration(record, std::move(client.registration));
    return {};
}

void addRegistration(SecretRecord& record, const SecretRecord& registered) {
    for (const auto& [name, secret] : registered.parts)
        record.parts.insert_or_assign(name, secret.revealCopy());
    for (auto it = registered.facts.cbegin(); it != registered.facts.cend(); ++it)
        if (record.fact(it.key()).isEmpty()) record.facts.insert(it.key(), it.value());
}

HandlePtr deleteRegistration(Transport& transport, const Clock& clock, const SecretRecord& record,
                             const ProxySetting& proxy, const QString& caFile,
                             std::function<void(Result<void>)> done) {
    auto call = std::make_unique<RegistrationCall>(transport, clock, proxy, caFile);
    RegistrationCall* const at = call.get();
    const std::optional<ClientRegistration> kept = keptRegistration(record);
    const Result<Request> request =
        kept ? manageRegistration(RegistrationAction::Delete, *kept, {}, record.plainHttpOrigins,
                                  at->context())
             : Result<Request>(fail(ErrorCode::NotFound,
                                    RegistrarText::tr("The client was not registered from here."), {},
                                    RegistrarText::tr("Remove it where it was registered.")));
    if (!request)
        return std::make_unique<Later>([done, error = request.error()] { done(tl::unexpected(error)); });
    at->send(*request, [=](const Result<Response>& response) {
        if (!response) return done(tl::unexpected(response.error()));
        const OAuthResult<void> gone = readDeletion(*response, at->context());
        done(gone ? Result<void>() : tl::unexpected(gone.error().error));
    });
    return call;
}

} // namespace kb
