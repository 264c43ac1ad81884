// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_metadata.h"

#include "core/auth/oauth_answer.h"
#include "core/auth/oauth_form.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct OAuthMetadataText {
    Q_DECLARE_TR_FUNCTIONS(OAuthMetadata)
};

Result<HttpUrl> issuerUrl(const QString& issuer, const QStringList& plainHttpOrigins) {
    Result<HttpUrl> url = HttpUrl::parse(issuer);
    if (!url) return url;
    if (url->query())
        return fail(ErrorCode::InvalidInput, OAuthMetadataText::tr("An issuer has no query."), issuer,
                    OAuthMetadataText::tr("Write the issuer without it."));
    const Result<void> fine = checkOAuthEndpoint(*url, OAuthMetadataText::tr("issuer"), plainHttpOrigins);
    if (!fine) return tl::unexpected<Error>(fine.error());
    return url;
}

QString originText(const HttpUrl& url) {
    return QString::fromLatin1(url.origin().scheme + "://" + url.authority());
}

/// The path without the slash at its end, which both standards take off first.
QString pathOf(const HttpUrl& url) {
    QString path = QString::fromLatin1(url.path());
    if (path.endsWith(u'/')) path.chop(1);
    return path;
}

/// Reads the addresses among the members. Of an https issuer none may be http, also not on loopback: a
/// program on this computer would get what is meant for the server.
class EndpointReader {
public:
    EndpointReader(const HttpUrl& issuer, const QStringList& plainHttpOrigins)
        : m_issuer(issuer), m_plainHttpOrigins(plainHttpOrigins) {}

    Result<std::optional<HttpUrl>> read(const JsonValue& object, const QString& name) const {
        const JsonValue* member = object.find(name);
        if (!member || member->type == JsonValue::Type::Null) return std::optional<HttpUrl>();
        if (!member->isString()) return wrong(name, OAuthMetadataText::tr("It is not a text."));
        const Result<HttpUrl> url = HttpUrl::parse(member->string);
        if (!url) return wrong(name, url.error().what);
        if (url->origin().isLoopback() && !url->origin().isSecure() && !m_issuer.origin().isLoopback())
            return wrong(name,
                         OAuthMetadataText::tr("It points at this computer, and the issuer is elsewhere."));
        const Result<void> fine = checkOAuthEndpoint(*url, name, m_plainHttpOrigins);
        if (!fine) return wrong(name, fine.error().what);
        return std::optional<HttpUrl>(*url);
    }

    Result<void> readAll(const JsonValue& object, OAuthEndpoints& endpoints) const {
        const std::pair<const char*, std::optional<HttpUrl>*> members[] = {
            {"authorization_endpoint", &endpoints.authorization},
            {"token_endpoint", &endpoints.token},
            {"device_authorization_endpoint", &endpoints.deviceAuthorization},
            {"revocation_endpoint", &endpoints.revocation},
            {"introspection_endpoint", &endpoints.introspection},
            {"userinfo_endpoint", &endpoints.userinfo},
            {"pushed_authorization_request_endpoint", &endpoints.pushedAuthorization},
            {"registration_endpoint", &endpoints.registration}};
        for (const auto& [name, target] : members) {
            const auto url = read(object, QString::fromLatin1(name));
            if (!url) return tl::unexpected<Error>(url.error());
            *target = *url;
        }
        return {};
    }

private:
    static tl::unexpected<Error> wrong(const QString& name, const QString& why) {
        return fail(
            ErrorCode::ParseError,
            OAuthMetadataText::tr("An address in the server's metadata cannot be used. %1").arg(why), name,
            OAuthMetadataText::tr("Enter the addresses by hand, or report it to those who run the server."));
    }
    const HttpUrl& m_issuer;
    const QStringList& m_plainHttpOrigins;
};

QStringList listOr(const JsonValue& object, QStringView name, const QStringList& standard) {
    const JsonValue* member = object.find(name);
    return member && member->isArray() ? wordsMember(object, name) : standard;
}

bool isTrue(const JsonValue& object, QStringView name) {
    const JsonValue* member = object.find(name);
    return member && member->type == JsonValue::Type::Bool && member->boolean;
}

Result<JsonValue> readDocument(const Response& response, const QString& where) {
    if (response.status == 200) return readJsonAnswer(response, where);
    return fail(ErrorCode::NotFound,
                OAuthMetadataText::tr("The server has no metadata there (%1).").arg(response.status), where,
                OAuthMetadataText::tr("Enter the addresses by hand."));
}

tl::unexpected<Error> isOfAnother(const QString& what, const QString& theirs, const QString& next) {
    return fail(ErrorCode::ProtocolError, what, theirs.left(200), next);
}

} // namespace

OAuthEndpoints ServerMetadata::endpointsFor(ClientAuth auth) const {
    if (auth != ClientAuth::Mtls) return endpoints;
    const auto first = [](const std::optional<HttpUrl>& alias, const std::optional<HttpUrl>& plain) {
        return alias ? alias : plain;
    };
    const OAuthEndpoints& m = mtlsEndpoints;
    const OAuthEndpoints& e = endpoints;
    return {first(m.authorization, e.authorization),
            first(m.token, e.token),
            first(m.deviceAuthorization, e.deviceAuthorization),
            first(m.revocation, e.revocation),
            first(m.introspection, e.introspection),
            first(m.userinfo, e.userinfo),
            first(m.pushedAuthorization, e.pushedAuthorization),
            first(m.registration, e.registration)};
}

Result<QList<HttpUrl>> metadataUrls(const QString& issuer, const QStringList& plainHttpOrigins) {
    const Result<HttpUrl> url = issuerUrl(issuer, plainHttpOrigins);
    if (!url) return tl::unexpected<Error>(url.error());
    const QString texts[] = {
        originText(*url) + QStringLiteral("/.well-known/oauth-authorization-server") + pathOf(*url),
        originText(*url) + pathOf(*url) + QStringLiteral("/.well-known/openid-configuration")};
    QList<HttpUrl> urls;
    for (const QString& text : texts) {
        const Result<HttpUrl> each = HttpUrl::parse(text);
        if (!each) return tl::unexpected<Error>(each.error());
        urls.append(*each);
    }
    return urls;
}

Request metadataRequest(const HttpUrl& url) {
    Request request;
    request.method = "GET";
    request.url = url;
    request.headers.append("Accept", "application/json");
    return request;
}

Result<HttpUrl> metadataRedirect(const HttpUrl& asked, const Response& response) {
    const auto location = response.headers.first("Location");
    if (!location)
        return fail(ErrorCode::ProtocolError, OAuthMetadataText::tr("The redirect names no address."),
                    asked.origin().text());
    Result<HttpUrl> url = asked.resolve(*location);
    if (!url) return url;
    if (url->origin() == asked.origin()) return url;
    return fail(ErrorCode::ProtocolError,
                OAuthMetadataText::tr(
                    "The metadata is redirected to another server, which may not speak for this one."),
                url->origin().text(), OAuthMetadataText::tr("If it is the right one, use its own issuer."));
}

Result<ServerMetadata> readServerMetadata(const Response& response, const QString& issuer,
                                          const QStringList& plainHttpOrigins) {
    const Result<HttpUrl> own = issuerUrl(issuer, plainHttpOrigins);
    if (!own) return tl::unexpected<Error>(own.error());
    const Result<JsonValue> json = readDocument(response, issuer);
    if (!json) return tl::unexpected<Error>(json.error());
    ServerMetadata metadata;
    metadata.issuer = json->text(u"issuer");
    if (metadata.issuer.isEmpty())
        return fail(ErrorCode::ParseError, OAuthMetadataText::tr("The server's metadata names no issuer."),
                    issuer, OAuthMetadataText::tr("Enter the addresses by hand."));
    if (metadata.issuer != issuer)
        return isOfAnother(
            OAuthMetadataText::tr("The metadata is of another issuer than the one asked for."),
            metadata.issuer,
            OAuthMetadataText::tr("Write the issuer exactly as the server does, or do not use this server."));
    const EndpointReader reader(*own, plainHttpOrigins);
    const Result<void> read = reader.readAll(*json, metadata.endpoints);
    if (!read) return tl::unexpected<Error>(read.error());
    if (const JsonValue* aliases = json->find(u"mtls_endpoint_aliases"); aliases && aliases->isObject()) {
        const Result<void> readAliases = reader.readAll(*aliases, metadata.mtlsEndpoints);
        if (!readAliases) return tl::unexpected<Error>(readAliases.error());
    }
    const auto jwks = reader.read(*json, QStringLiteral("jwks_uri"));
    if (!jwks) return tl::unexpected<Error>(jwks.error());
    metadata.jwksUri = *jwks;
    metadata.grantTypes = listOr(*json, u"grant_types_supported",
                                 {QStringLiteral("authorization_code"), QStringLiteral("implicit")});
    metadata.responseModes =
        listOr(*json, u"response_modes_supported", {QStringLiteral("query"), QStringLiteral("fragment")});
    metadata.tokenAuthMethods =
        listOr(*json, u"token_endpoint_auth_methods_supported", {QStringLiteral("client_secret_basic")});
    metadata.scopes = wordsMember(*json, u"scopes_supported");
    metadata.codeChallengeMethods = wordsMember(*json, u"code_challenge_methods_supported");
    metadata.dpopAlgorithms = wordsMember(*json, u"dpop_signing_alg_values_supported");
    metadata.requiresPushedAuthorization = isTrue(*json, u"require_pushed_authorization_requests");
    metadata.answersWithIssuer = isTrue(*json, u"authorization_response_iss_parameter_supported");
    metadata.boundToCertificate = isTrue(*json, u"tls_client_certificate_bound_access_tokens");
    if (metadata.endpoints.authorization && !metadata.codeChallengeMethods.contains(QStringLiteral("S256")))
        metadata.findings.append(
            OAuthMetadataText::tr("The server does not announce PKCE with S256. It is used all the same."));
    if (metadata.requiresPushedAuthorization && !metadata.endpoints.pushedAuthorization)
        metadata.findings.append(OAuthMetadataText::tr(
            "The server requires pushed authorization requests and names no address for them."));
    return metadata;
}

Result<HttpUrl> resourceMetadataUrl(const HttpUrl& resource, const QStringList& plainHttpOrigins) {
    const Result<void> fine =
        checkOAuthEndpoint(resource, OAuthMetadataText::tr("resource"), plainHttpOrigins);
    if (!fine) return tl::unexpected<Error>(fine.error());
    QString text = originText(resource) + QStringLiteral("/.well-known/oauth-protected-resource");
    // Only a path that is "/" alone is taken off; any other stays as it is (RFC 9728 §3.1).
    if (resource.path() != "/") text += QString::fromLatin1(resource.path());
    if (resource.query()) text += u'?' + QString::fromLatin1(*resource.query());
    return HttpUrl::parse(text);
}

Result<std::optional<HttpUrl>> resourceMetadataUrl(const ChallengeList& challenges,
                                                   const QStringList& plainHttpOrigins) {
    for (const Challenge& challenge : challenges.challenges) {
        const QByteArray text = challenge.param("resource_metadata");
        if (text.isEmpty()) continue;
        const Result<HttpUrl> url = HttpUrl::parse(QString::fromUtf8(text));
        if (!url) return tl::unexpected<Error>(url.error());
        const Result<void> fine = checkOAuthEndpoint(
            *url, OAuthMetadataText::tr("address of the resource's metadata"), plainHttpOrigins);
        if (!fine) return tl::unexpected<Error>(fine.error());
        return std::optional<HttpUrl>(*url);
    }
    return std::optional<HttpUrl>();
}

Result<ResourceMetadata> readResourceMetadata(const Response& response, const HttpUrl& resource,
                                              const QStringList& plainHttpOrigins) {
    const QString asked = QString::fromLatin1(resource.text());
    const Result<JsonValue> json = readDocument(response, asked);
    if (!json) return tl::unexpected<Error>(json.error());
    ResourceMetadata metadata;
    metadata.resource = json->text(u"resource");
    const bool same = metadata.resource == asked ||
                      (resource.requestTarget() == "/" && metadata.resource == asked.chopped(1));
    if (!same)
        return isOfAnother(
            OAuthMetadataText::tr("The metadata is of another resource than the URL that was asked for."),
            metadata.resource, OAuthMetadataText::tr("Do not use what it says."));
    for (const QString& server : wordsMember(*json, u"authorization_servers")) {
        const Result<HttpUrl> fine = issuerUrl(server, plainHttpOrigins);
        if (!fine) return tl::unexpected<Error>(fine.error());
        metadata.authorizationServers.append(server);
    }
    metadata.name = json->text(u"resource_name").simplified().left(200);
    metadata.scopes = wordsMember(*json, u"scopes_supported");
    metadata.bearerMethods = wordsMember(*json, u"bearer_methods_supported");
    metadata.dpopRequired = isTrue(*json, u"dpop_bound_access_tokens_required");
    metadata.boundToCertificate = isTrue(*json, u"tls_client_certificate_bound_access_tokens");
    return metadata;
}

} // namespace kb
