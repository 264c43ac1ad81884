// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/oauth_metadata.h"
#include "core/run/transport.h"

namespace kb {

/// How metadata are fetched.
struct MetadataWay {
    QStringList plainHttpOrigins;
    ProxySetting proxy = {};
    QString caFile = {};
};

/// One place to look: an address, and the resource whose metadata must be there.
struct MetadataPlace {
    HttpUrl at;
    HttpUrl resource;
};

/// Where the metadata of what was asked by a request may be, in the order to try. First what its 401 named in
/// resource_metadata (RFC 9728 §5.1), which must be about that very URL (§3.3). Then the well-known addresses
/// (§3.1) of the URL and of each folder above it, since a resource is usually called by a shorter name than
/// one request's. An address at another origin is refused: only the resource itself may say where its tokens
/// come from.
Result<QList<MetadataPlace>> resourceMetadataPlaces(const HttpUrl& request,
                                                    const QList<QByteArray>& challenges,
                                                    const QStringList& plainHttpOrigins = {});

/// Looks for a resource's metadata. Nothing secret is sent, and redirects are followed within the origin
/// only. `done` comes later, at most once, and not at all once the handle is gone.
HandlePtr fetchResourceMetadata(Transport& transport, const QList<MetadataPlace>& places,
                                const MetadataWay& way, std::function<void(Result<ResourceMetadata>)> done);

/// Asks an issuer for its metadata (RFC 8414 §3, OpenID Connect Discovery §4): a server the user agreed to
/// ask.
HandlePtr fetchServerMetadata(Transport& transport, const QString& issuer, const MetadataWay& way,
                              std::function<void(Result<ServerMetadata>)> done);

/// A scheme to begin with for a server that was found: its issuer names the rest. The grant is one it has,
/// with a login in the browser first.
OAuthScheme discoveredScheme(const ResourceMetadata& resource, const ServerMetadata& server);

} // namespace kb
