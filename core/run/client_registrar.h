// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/grant_record.h"
#include "core/base/clock.h"
#include "core/run/transport.h"

namespace kb {

/// What a client is registered for (RFC 7591), at an issuer the user named.
struct RegistrationWish {
    QString issuer;
    OAuthScheme scheme;  ///< its grant, scopes, redirect path, dpop; how the client authenticates is the
                         ///< server's choice
    QString clientName;  ///< for the people who run the server
    Secret initialToken; ///< that some servers want from who registers (RFC 7591 §3); empty: none
    QStringList plainHttpOrigins;
    ProxySetting proxy;
    QString caFile;
};

/// A client that a server has just registered. Nothing of it is kept yet.
struct RegisteredClient {
    OAuthScheme scheme; ///< with the issuer, the client id, and how the client authenticates
    ServerMetadata server;
    ClientRegistration registration;
    QStringList findings; ///< a sentence each: what the server set otherwise
};

/// What the client says of itself: a native program with loopback redirects (RFC 8252 §7.3), or a service
/// without any.
ClientMetadata clientMetadata(const RegistrationWish& wish, const ServerMetadata& server);

/// Asks the issuer for its metadata, then to register the client, with a redirect path of that issuer's own
/// unless the wish has another than the usual one. `done` comes later, at most once, and not
/// at all once the handle is gone.
HandlePtr registerClient(Transport& transport, const Clock& clock, RegistrationWish wish,
                         std::function<void(Result<std::shared_ptr<RegisteredClient>>)> done);

/// Puts the server, as the user named it, and the registration into a new record.
Result<void> putRegisteredClient(SecretRecord& record, RegisteredClient& client);

/// Adds what putRegisteredClient() made of a client to a record of its profile that was confirmed since:
/// secrets, and the facts that the profile leaves open.
void addRegistration(SecretRecord& record, const SecretRecord& registered);

/// Ends a registration at its server (RFC 7592 §2.3). The record is not changed.
HandlePtr deleteRegistration(Transport& transport, const Clock& clock, const SecretRecord& record,
                             const ProxySetting& proxy, const QString& caFile,
                             std::function<void(Result<void>)> done);

} // namespace kb
