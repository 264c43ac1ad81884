// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwk.h"
#include "core/auth/openssl_owners.h"

namespace kb {

struct VerifyKey::Private {
    Type type = Type::Unknown;
    QString curve;
    int bits = 0;
    bool pssOnly = false; ///< id-RSASSA-PSS (RFC 4055 §3.1): the key refuses PKCS#1 v1.5
    PkeyPtr pkey;         ///< null for a shared secret
    Secret secret;
};

/// Takes a public key over: finds its kind and whether it is good enough, and sets `d` or `problem`.
void adoptPublicKey(VerifyKey& key, PkeyPtr pkey);
void adoptSecret(VerifyKey& key, Secret secret);

/// A curve by its JOSE name and OpenSSL's, and the bytes of one coordinate (RFC 7518 §6.2.1, RFC 8812 §3.1).
struct VerifyCurve {
    const char* name;
    const char* group;
    int bytes;
};
const VerifyCurve* verifyCurve(QStringView name);

} // namespace kb
