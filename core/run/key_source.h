// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwk.h"
#include "core/run/resource_discovery.h"
#include "core/run/transport.h"

#include <QHash>

namespace kb {

/// Where the keys that verify a token are fetched from.
struct KeyPlace {
    enum class Kind {
        KeySet, ///< the address of a JWK Set (RFC 7517 §5)
        Issuer  ///< an issuer, whose metadata name the address (jwks_uri of RFC 8414 §2)
    };
    Kind kind = Kind::KeySet;
    QString address;
    bool operator==(const KeyPlace&) const = default;
};

struct FetchedKeys {
    VerifyKeys keys;
    QString from; ///< the address of the JWK Set
};

/// As much as is read of a JWK Set or of a key file, in bytes.
inline constexpr qint64 largestKeySet = 1024 * 1024;

/// The address of a JWK Set, refused where whoever is on the way could change the keys: https, or http on
/// this machine; no user name in it.
Result<HttpUrl> keySetUrl(const QString& address);
/// The request for a JWK Set: without credentials, past every cache.
Request keySetRequest(const HttpUrl& url);
/// A lane of its own, and nothing beyond largestKeySet.
TransportOptions keySetOptions();
/// Reads the answer; only a 200 that came whole counts, and nothing is followed. A shared secret in a set
/// that anyone can fetch proves nothing, so such a key is made unusable.
Result<VerifyKeys> readKeySet(const Response& response, const QString& address);

/// Fetches the keys. `done` comes later, at most once, and not at all once the handle is gone.
HandlePtr fetchKeys(Transport& transport, const KeyPlace& place, const MetadataWay& way,
                    std::function<void(Result<FetchedKeys>)> done);

/// The keys of issuers as they were fetched. For ten minutes: a key that its issuer has taken back counts no
/// more then.
class KeyCache {
public:
    const VerifyKeys* find(const QString& issuer, qint64 bootMs) const; ///< nullptr if they are not known
    void put(const QString& issuer, const VerifyKeys& keys, qint64 bootMs);

private:
    struct Kept {
        VerifyKeys keys;
        qint64 bootMs = 0;
    };
    QHash<QString, Kept> m_kept;
};

} // namespace kb
