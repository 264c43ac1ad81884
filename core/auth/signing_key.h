// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/json.h"

#include <memory>

namespace kb {

/// A private or symmetric key that makes signatures. Nothing that verifies tokens uses it.
class SigningKey {
public:
    enum class Type { Rsa, Ec, Okp, Symmetric };

    /// Reads PEM (PKCS#8, PKCS#1, SEC 1; without a passphrase), a JWK with its private members (RFC 7517,
    /// RFC 7518 §6, RFC 8037), or, if `symmetric`, the bytes as they are (a JWK "oct" is read too).
    static Result<SigningKey> read(const Secret& text, bool symmetric);
    /// A new key for a JOSE algorithm: RS256 and PS256 (2048 bit), ES256, ES384, ES512, EdDSA (Ed25519).
    static Result<SigningKey> generate(const QString& algorithm);

    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    ~SigningKey();

    Type type() const;
    QString curve() const;         ///< "P-256", "P-384", "P-521", "secp256k1", "Ed25519"; empty for others
    int bits() const;              ///< of the modulus, or of a symmetric key
    JsonValue publicJwk() const;   ///< required members only; Null for a symmetric key
    QByteArray thumbprint() const; ///< RFC 7638, SHA-256, base64url
    Secret toPem() const;          ///< PKCS#8, for the keychain; empty for a symmetric key

    /// Raw signature bytes by a JOSE algorithm: HS*, RS*, PS*, ES* (r||s, RFC 7518 §3.4), EdDSA. The error
    /// says why the key does not fit: its type, its curve, its size (RFC 7518 §3.2, §3.3).
    Result<QByteArray> sign(const QString& algorithm, std::string_view bytes) const;

private:
    SigningKey();
    struct Private;
    std::unique_ptr<Private> d;
};

/// A compact JWS (RFC 7515 §7.1) over a payload. `header` gets alg; other members stay in their order.
Result<QByteArray> signCompact(const QString& algorithm, const JsonValue& header, QByteArrayView payload,
                               const SigningKey& key);

} // namespace kb
