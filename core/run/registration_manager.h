// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/grant_ports.h"
#include "core/auth/secret_store.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/run/transport.h"

#include <memory>
#include <optional>

namespace kb {

/// What the user wants otherwise of a registration; what is not set stays as the server has it.
struct RegistrationChange {
    std::optional<QString> clientName;
    std::optional<QStringList> scopes;
    bool isEmpty() const { return !clientName && !scopes; }
};

/// A client as its server keeps it, without secrets.
struct RegistrationView {
    QString clientId;
    JsonValue metadata;
    bool changed = false;
    QStringList findings; ///< a sentence each
};

/// Reads a client's registration (RFC 7592 §2.1) and, where something is wanted otherwise, replaces it
/// (§2.2). Each answer may bring a new token for the next request, a new secret and a new address: they are
/// in the store before anything else is asked or told. `done` comes later, at most once, and not at all once
/// the handle is gone.
///
/// The grant's `lock` is held from the first read to the last write: its tokens stand in the same record, and
/// a refresh of another program in between would be overwritten. nullptr where grants are of this process
/// alone.
HandlePtr manageClient(Transport& transport, SecretStore& secrets, GrantLock* lock, const Clock& clock,
                       const SecretRef& ref, RegistrationChange change, const ProxySetting& proxy,
                       const QString& caFile,
                       std::function<void(Result<std::shared_ptr<RegistrationView>>)> done);

} // namespace kb
