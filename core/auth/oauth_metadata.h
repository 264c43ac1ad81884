// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/challenge.h"
#include "core/http/message.h"
#include "core/workspace/auth_schemes.h"

namespace kb {

/// Where an authorization server is spoken to. Every address given is checked.
struct OAuthEndpoints {
    std::optional<HttpUrl> authorization;
    std::optional<HttpUrl> token;
    std::optional<HttpUrl> deviceAuthorization;
    std::optional<HttpUrl> revocation;
    std::optional<HttpUrl> introspection;
    std::optional<HttpUrl> userinfo;
    std::optional<HttpUrl> pushedAuthorization;
    std::optional<HttpUrl> registration;
    std::optional<HttpUrl> refresh = {}; ///< of a login of the API's own; never from metadata
    bool operator==(const OAuthEndpoints&) const = default;
};

/// An authorization server's metadata (RFC 8414 §2, OpenID Connect Discovery §3). Lists that are absent have
/// the standard's default.
struct ServerMetadata {
    QString issuer;
    OAuthEndpoints endpoints;
    OAuthEndpoints mtlsEndpoints; ///< mtls_endpoint_aliases (RFC 8705 §5)
    std::optional<HttpUrl> jwksUri;
    QStringList grantTypes;
    QStringList responseModes;
    QStringList tokenAuthMethods;
    QStringList scopes;
    QStringList codeChallengeMethods; ///< empty when the server says nothing of PKCE
    QStringList dpopAlgorithms;       ///< empty when the server says nothing of DPoP
    bool requiresPushedAuthorization = false;
    bool answersWithIssuer = false; ///< authorization_response_iss_parameter_supported (RFC 9207 §3)
    bool boundToCertificate = false;
    QStringList findings; ///< a sentence each

    /// The endpoints for a way to authenticate: with a client certificate the aliases come first.
    OAuthEndpoints endpointsFor(ClientAuth auth) const;
};

/// Where the metadata of an issuer may be, in the order to try them: the well-known part inserted between
/// host and path (RFC 8414 §3.1), then OpenID Connect's appended one. The issuer is an https URL without
/// query and fragment; http only on loopback and for origins the user agreed to.
Result<QList<HttpUrl>> metadataUrls(const QString& issuer, const QStringList& plainHttpOrigins = {});
Request metadataRequest(const HttpUrl& url);
/// The next address when metadata is redirected: of the same origin only, since another one would speak for
/// the issuer.
Result<HttpUrl> metadataRedirect(const HttpUrl& asked, const Response& response);
/// Reads the answer, and refuses all of it unless its issuer is, character by character, the one asked for
/// (RFC 8414 §3.3).
Result<ServerMetadata> readServerMetadata(const Response& response, const QString& issuer,
                                          const QStringList& plainHttpOrigins = {});

/// A protected resource's metadata (RFC 9728 §2). The servers are a proposal of the resource: the user
/// decides whether a secret goes to one of them.
struct ResourceMetadata {
    QString resource;
    QString name; ///< text of the server, for people
    QStringList authorizationServers;
    QStringList scopes;
    QStringList bearerMethods;
    bool dpopRequired = false;
    bool boundToCertificate = false;
};

/// The well-known address for a resource (RFC 9728 §3.1).
Result<HttpUrl> resourceMetadataUrl(const HttpUrl& resource, const QStringList& plainHttpOrigins = {});
/// The address a 401 names in `resource_metadata` (RFC 9728 §5.1), or nullopt if there is none.
Result<std::optional<HttpUrl>> resourceMetadataUrl(const ChallengeList& challenges,
                                                   const QStringList& plainHttpOrigins = {});
/// Reads the answer, and refuses it unless `resource` is the URL it was asked for (RFC 9728 §3.3). An empty
/// path and "/" are the same (RFC 3986 §6.2.3).
Result<ResourceMetadata> readResourceMetadata(const Response& response, const HttpUrl& resource,
                                              const QStringList& plainHttpOrigins = {});

} // namespace kb
