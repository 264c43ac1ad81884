// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <memory>
#include <openssl/evp.h>
#include <optional>

// The server's own JOSE, apart from the client's on purpose: one error must not hide in both.
namespace kb::practice {

QByteArray toBase64Url(const QByteArray& bytes);
/// Strict (RFC 7515 §2): no padding, no other alphabet, no impossible length, no non-zero trailing bits.
std::optional<QByteArray> fromBase64Url(const QByteArray& text);
/// Random bytes from the system's generator, as base64url text.
QByteArray randomText(int bytes);
QByteArray hmacSha256(const QByteArray& key, const QByteArray& input);
bool equalInConstantTime(const QByteArray& a, const QByteArray& b);

/// An RSA key for RS256 (RFC 7518 §3.3).
class RsaKey {
public:
    static Result<RsaKey> generate(); ///< 2048 bits
    /// A public key of at least 2048 bits from its JWK (RFC 7518 §6.3.1); nothing when it is not one.
    static std::optional<RsaKey> fromPublicJwk(const QJsonObject& jwk);

    QByteArray sign(const QByteArray& input) const; ///< empty when OpenSSL fails
    bool verify(const QByteArray& input, const QByteArray& signature) const;
    QJsonObject publicJwk() const; ///< kty, n, e, kid, alg, use
    QByteArray publicPem() const;  ///< SubjectPublicKeyInfo, with the last newline
    QByteArray keyId() const;      ///< begins the key's thumbprint (RFC 7638)

private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    };
    explicit RsaKey(EVP_PKEY* key) : m_key(key) {}
    std::unique_ptr<EVP_PKEY, Free> m_key;
};

/// A compact JWS of the claims (RFC 9068 §2: typ at+jwt); empty when signing fails.
QByteArray signedToken(const RsaKey& key, const QJsonObject& claims);

} // namespace kb::practice
