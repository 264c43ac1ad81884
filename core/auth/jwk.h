// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/json.h"

#include <QStringList>
#include <memory>

namespace kb {

/// A key to verify signatures with: a public key or a shared secret. What a private key has beyond its public
/// half is never read into it.
class VerifyKey {
public:
    enum class Type { Rsa, Ec, Okp, Symmetric, Unknown };

    QString label;          ///< for people: "key \"2024-01\"", "key 2 of the set", "the public key"
    QString problem;        ///< why it cannot be used, a clause: "its kty is \"XYZ\""; empty if it can
    QString keyId;          ///< kid
    bool hasKeyId = false;  ///< an empty kid is one too
    bool byItself = false;  ///< given alone, not in a set: without a kid it stands for every kid
    QString use;            ///< RFC 7517 §4.2
    QStringList operations; ///< key_ops (§4.3)
    bool limited = false;   ///< key_ops was given
    QString algorithm;      ///< alg (§4.4)

    bool isUsable() const { return problem.isEmpty(); }
    Type type() const;
    QString curve() const;         ///< "P-256", "P-384", "P-521", "secp256k1", "Ed25519"; empty for others
    int bits() const;              ///< of an RSA modulus or of a shared secret
    QByteArray thumbprint() const; ///< RFC 7638 with SHA-256, base64url; empty for a shared secret

    struct Private;
    std::shared_ptr<const Private> d; ///< null where the key cannot be used
};

/// Keys to choose from. The unusable ones are kept, so that one can say why none fits.
struct VerifyKeys {
    QList<VerifyKey> keys;
    QStringList notes; ///< findings, a sentence each: "Key 1 of the set publishes its private half."
};

/// A JWK Set, or one JWK (RFC 7517, RFC 7518 §6, RFC 8037 §2). Members and kinds of key it does not know are
/// passed over, as §5 asks. An error only where the text is no such document.
Result<VerifyKeys> readJwks(QByteArrayView json);

/// PEM: public keys (SubjectPublicKeyInfo, PKCS#1) and certificates, of which only the key counts. A private
/// key is an error: it has no place where tokens are verified.
Result<VerifyKeys> readPublicPem(std::string_view text);

/// A shared secret, the bytes as they are.
VerifyKey sharedSecretKey(const Secret& bytes);

/// What a key file holds: PEM, a JWK or a JWK Set, else a shared secret. One that ends in a line break, as
/// editors leave it, is taken with it and without.
Result<VerifyKeys> readKeyFile(std::string_view bytes);

} // namespace kb
