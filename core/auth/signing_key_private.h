// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/openssl_owners.h"
#include "core/auth/signing_key.h"

namespace kb {

struct SigningKey::Private {
    Type type = Type::Symmetric;
    QString curve;
    PkeyPtr pkey; ///< null for a symmetric key
    Secret secret;
};

/// A private key from PEM or from the members of a JWK, whose two halves belong together.
Result<PkeyPtr> readPrivatePem(std::string_view text);
Result<PkeyPtr> readPrivateJwk(const JsonValue& jwk);
/// An RSA key's, a curve's or an OKP's kind of key; an error for a kind that makes no JOSE signatures.
Result<SigningKey::Type> signingTypeOf(const EVP_PKEY* key);
/// The JOSE name of a key's curve; empty where it has none.
QString curveNameOf(const EVP_PKEY* key);

/// A curve by its JOSE name (RFC 7518 §6.2.1.1, RFC 8812) and OpenSSL's.
struct SigningCurve {
    const char* name;
    const char* group;
    int bytes; ///< of a coordinate
};
const SigningCurve* signingCurve(const QString& name);

} // namespace kb
