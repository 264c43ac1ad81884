// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/workspace/token_profile.h"

#include <QMap>
#include <functional>
#include <map>

namespace kb {

/// What is kept with a secret, out of reach of the shared files: where it may go, and what the user agreed
/// to.
struct SecretRecord {
    Secret secret;
    QStringList allowedOrigins;     ///< Origin::text() forms the user confirmed
    QStringList plainHttpOrigins;   ///< http origins beyond loopback the user agreed to
    QStringList insecureTlsOrigins; ///< origins whose certificate need not verify
    /// What else is secret about the identity, by name: "refresh_token", "client_secret", "dpop_key" …
    std::map<QString, Secret> parts = {};
    /// What is known of it and is no secret, by name: "token_type", "scope", "expires_ms", "token_url" …
    QMap<QString, QString> facts = {};

    /// A part's secret, or nullptr.
    const Secret* part(const QString& name) const;
    QString fact(const QString& name) const { return facts.value(name); }

    SecretRecord revealCopy() const;
    /// This record, made from `base`, with what another has changed in the meantime: what is as it was in
    /// `base` is taken as it is in `now`. What both have changed stays as it is here.
    SecretRecord mergedInto(const SecretRecord& base, const SecretRecord& now) const;
};

/// The record as the bytes of one keychain item (versioned JSON), and back. The bytes must be wiped by the
/// caller.
QByteArray encodeSecretRecord(const SecretRecord& record);
Result<SecretRecord> decodeSecretRecord(const QByteArray& bytes);

/// What the store can say of itself.
struct StoreState {
    enum class Kind { Available, Locked, Unavailable, Unknown };
    Kind kind = Kind::Unknown;
    QString name;    ///< "GNOME Keyring", "KWallet", "Windows Credential Manager", "memory only"
    QString message; ///< a sentence for people where it is not available, and the way out
};

/// The port to where secrets live. Every call is answered later, at most once, and not at all once its handle
/// is gone. Failures are the Store… and Secret… error codes, each with a clear message and a way out.
class SecretStore {
public:
    virtual ~SecretStore() = default;
    virtual HandlePtr read(const SecretRef& ref, std::function<void(Result<SecretRecord>)> done) = 0;
    virtual HandlePtr write(const SecretRef& ref, SecretRecord record,
                            std::function<void(Result<void>)> done) = 0;
    virtual HandlePtr remove(const SecretRef& ref, std::function<void(Result<void>)> done) = 0;
    virtual HandlePtr probe(std::function<void(StoreState)> done) = 0;
};

} // namespace kb
