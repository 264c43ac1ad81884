// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/auth_schemes.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

namespace kb {

/// Names a secret in the keychain; holds none.
struct SecretRef {
    QString id; ///< random, never derived from the secret
    bool isEmpty() const { return id.isEmpty(); }
    bool operator==(const SecretRef&) const = default;
};

enum class SecretStorage { Keychain, Memory };

/// An identity's secret and where it may go, in one environment or (environment empty) in every one.
struct ProfileBinding {
    QString environment;
    SecretRef secret;
    QStringList allowedOrigins; ///< a proposal; what counts is kept with the secret. May hold {{variables}}
    std::optional<qint64> expiresAt; ///< Unix seconds the user set
    bool operator==(const ProfileBinding&) const = default;
};

/// What the user says of an identity that its token may not say itself: the access matrix expects by it.
struct DeclaredAccess {
    QStringList scopes;
    QStringList roles;
    QStringList claims; ///< "name=value" each
    QString stale; ///< why this identity's credential is no longer good, on purpose ("expired"); else empty
    bool operator==(const DeclaredAccess&) const = default;
};

/// One identity: who it is and how it is sent. The secret itself is elsewhere.
struct TokenProfile {
    QString id;
    QString name;
    QString colour; ///< "#rrggbb", or empty
    AuthScheme scheme = BearerScheme{};
    SecretStorage storage = SecretStorage::Keychain;
    QList<ProfileBinding> bindings;
    DeclaredAccess declared = {};
    /// Sent along with the credential, for an API that wants several at once (core/auth/further_keys.h).
    QList<ApiKeyScheme> keys = {};
    bool operator==(const TokenProfile&) const = default;

    /// The binding of that environment, else the one for all, else nullptr.
    const ProfileBinding* bindingFor(const QString& environment) const;
    ProfileBinding* bindingFor(const QString& environment);
};

} // namespace kb
