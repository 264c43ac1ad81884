// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwk_private.h"
#include "core/auth/jws_verify.h"

#include <optional>

namespace kb {

/// What an algorithm asks of the key (RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2, RFC 9864 §2).
struct JwsAlgorithm {
    const char* name;
    VerifyKey::Type type;
    const char* digest; ///< OpenSSL's name; empty for EdDSA
    int digestBytes;
    const char* curve;
    bool pss;
};
const JwsAlgorithm* jwsAlgorithm(QStringView name);

/// Why the key is not one for this algorithm, by its kind, curve, size, alg, use and key_ops; empty if it is.
Refusal unfitFor(const VerifyKey& key, const JwsAlgorithm& algorithm);

/// Judges raw signature bytes over the signing input with a key that fits.
Refusal checkSignature(const VerifyKey& key, const JwsAlgorithm& algorithm, std::string_view input,
                       const QByteArray& signature);

/// exp, nbf and iat (RFC 7519 §4.1).
Refusal checkTimes(const JsonValue& claims, const VerifyOptions& options);
/// Repeated names, iss and aud.
Refusal checkType(const JsonValue& header, const QString& wanted);
Refusal checkClaims(const JsonValue& claims, const VerifyOptions& options);
/// The first name that comes twice in an object, at any depth.
std::optional<QString> repeatedName(const JsonValue& value);

} // namespace kb
