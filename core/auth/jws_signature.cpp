// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jws_verify_private.h"
#include "core/auth/jws_verify_text.h"

#include <openssl/crypto.h>
#include <openssl/rsa.h>

#include <array>

namespace kb {

namespace {

constexpr std::array<JwsAlgorithm, 15> signatureAlgorithms = {{
    {"HS256", VerifyKey::Type::Symmetric, "SHA256", 32, "", false},
    {"HS384", VerifyKey::Type::Symmetric, "SHA384", 48, "", false},
    {"HS512", VerifyKey::Type::Symmetric, "SHA512", 64, "", false},
    {"RS256", VerifyKey::Type::Rsa, "SHA256", 32, "", false},
    {"RS384", VerifyKey::Type::Rsa, "SHA384", 48, "", false},
    {"RS512", VerifyKey::Type::Rsa, "SHA512", 64, "", false},
    {"PS256", VerifyKey::Type::Rsa, "SHA256", 32, "", true},
    {"PS384", VerifyKey::Type::Rsa, "SHA384", 48, "", true},
    {"PS512", VerifyKey::Type::Rsa, "SHA512", 64, "", true},
    {"ES256", VerifyKey::Type::Ec, "SHA256", 32, "P-256", false},
    {"ES384", VerifyKey::Type::Ec, "SHA384", 48, "P-384", false},
    {"ES512", VerifyKey::Type::Ec, "SHA512", 64, "P-521", false},
    {"ES256K", VerifyKey::Type::Ec, "SHA256", 32, "secp256k1", false},
    {"EdDSA", VerifyKey::Type::Okp, "", 0, "Ed25519", false},
    {"Ed25519", VerifyKey::Type::Okp, "", 0, "Ed25519", false},
}};

QString kindText(VerifyKey::Type type, const QString& curve) {
    if (type == VerifyKey::Type::Symmetric) return JwsVerifyText::tr("a shared secret");
    if (type == VerifyKey::Type::Rsa) return JwsVerifyText::tr("an RSA key");
    return JwsVerifyText::tr("a key on the curve %1").arg(curve);
}

/// EdDSA and Ed25519 are two names of one thing here (RFC 9864 §2.2).
QString oneName(const QString& algorithm) {
    return algorithm == QLatin1String("Ed25519") ? QStringLiteral("EdDSA") : algorithm;
}

const unsigned char* uchars(const QByteArray& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.constData());
}

Refusal mismatch() {
    return {"signature-mismatch",
            JwsVerifyText::tr("The signature does not fit the token's text and this key.")};
}

Refusal wrongLength(int wanted, qsizetype got) {
    return {"signature-length",
            JwsVerifyText::tr("The signature has %1 bytes, and this key and algorithm make %2.")
                .arg(got)
                .arg(wanted)};
}

Refusal checkHmac(const VerifyKey::Private& key, const JwsAlgorithm& algorithm, std::string_view input,
                  const QByteArray& signature) {
    if (signature.size() != algorithm.digestBytes)
        return wrongLength(algorithm.digestBytes, signature.size());
    const std::string_view secret = key.secret.reveal();
    unsigned char made[EVP_MAX_MD_SIZE] = {};
    std::size_t size = 0;
    const bool done = EVP_Q_mac(nullptr, "HMAC", nullptr, algorithm.digest, nullptr, secret.data(),
                                secret.size(), reinterpret_cast<const unsigned char*>(input.data()),
                                input.size(), made, sizeof made, &size) != nullptr;
    const bool same = done && size == std::size_t(signature.size()) &&
                      CRYPTO_memcmp(made, signature.constData(), size) == 0;
    OPENSSL_cleanse(made, sizeof made);
    return same ? Refusal() : mismatch();
}

/// r||s (RFC 7518 §3.4) as the DER that the library reads. Empty, with the refusal set, if it cannot be one.
QByteArray derOf(const QByteArray& raw, int half, Refusal& refusal) {
    BnPtr r(BN_bin2bn(uchars(raw), half, nullptr));
    BnPtr s(BN_bin2bn(uchars(raw) + half, half, nullptr));
    if (BN_is_zero(r.get()) || BN_is_zero(s.get())) {
        refusal = {"signature-zero",
                   JwsVerifyText::tr(
                       "Half of the signature is zero, which fits everything in a careless verifier.")};
        return {};
    }
    const EcdsaSigPtr pair(ECDSA_SIG_new());
    ECDSA_SIG_set0(pair.get(), r.release(), s.release());
    QByteArray der(std::max(i2d_ECDSA_SIG(pair.get(), nullptr), 0), '\0');
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    i2d_ECDSA_SIG(pair.get(), &out);
    return der;
}

Refusal checkLength(const VerifyKey::Private& key, const QByteArray& signature) {
    const bool ec = key.type == VerifyKey::Type::Ec;
    const int wanted = ec                                 ? verifyCurve(key.curve)->bytes * 2
                       : key.type == VerifyKey::Type::Okp ? 64
                                                          : EVP_PKEY_get_size(key.pkey.get());
    if (signature.size() == wanted) return {};
    Refusal refusal = wrongLength(wanted, signature.size());
    if (ec && signature.startsWith('\x30'))
        refusal.sentence +=
            QLatin1Char(' ') + JwsVerifyText::tr("It looks like DER, which JWS does not use.");
    return refusal;
}

Refusal checkAsymmetric(const VerifyKey::Private& key, const JwsAlgorithm& algorithm, std::string_view input,
                        const QByteArray& signature) {
    Refusal refusal = checkLength(key, signature);
    if (!refusal.isEmpty()) return refusal;
    QByteArray bytes = signature;
    if (key.type == VerifyKey::Type::Ec) bytes = derOf(signature, int(signature.size() / 2), refusal);
    if (!refusal.isEmpty()) return refusal;
    const MdCtxPtr context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr;
    const char* digest = *algorithm.digest ? algorithm.digest : nullptr;
    if (EVP_DigestVerifyInit_ex(context.get(), &settings, digest, nullptr, nullptr, key.pkey.get(),
                                nullptr) != 1)
        return mismatch();
    if (key.type == VerifyKey::Type::Rsa &&
        EVP_PKEY_CTX_set_rsa_padding(settings, algorithm.pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) !=
            1)
        return mismatch();
    // RFC 7518 §3.5: MGF1 with the same hash, and a salt as long as it; no other length is let pass.
    if (algorithm.pss && (EVP_PKEY_CTX_set_rsa_mgf1_md_name(settings, digest, nullptr) != 1 ||
                          EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, algorithm.digestBytes) != 1))
        return mismatch();
    const int answer = EVP_DigestVerify(context.get(), uchars(bytes), std::size_t(bytes.size()),
                                        reinterpret_cast<const unsigned char*>(input.data()), input.size());
    return answer == 1 ? Refusal() : mismatch();
}

} // namespace

const JwsAlgorithm* jwsAlgorithm(QStringView name) {
    for (const JwsAlgorithm& algorithm : signatureAlgorithms)
        if (name == QLatin1String(algorithm.name)) return &algorithm;
    return nullptr;
}

QStringList verifiableAlgorithms() {
    QStringList names;
    for (const JwsAlgorithm& algorithm : signatureAlgorithms)
        names.append(QString::fromLatin1(algorithm.name));
    return names;
}

Refusal unfitFor(const VerifyKey& key, const JwsAlgorithm& algorithm) {
    const QString name = QString::fromLatin1(algorithm.name);
    if (!key.isUsable())
        return {"key-unusable", JwsVerifyText::tr("The %1 cannot be used: %2.").arg(key.label, key.problem)};
    const bool curveFits = !*algorithm.curve || key.curve() == QLatin1String(algorithm.curve);
    if (key.type() != algorithm.type || !curveFits)
        return {"key-type", JwsVerifyText::tr("%1 needs %2, and the %3 is %4.")
                                .arg(name, kindText(algorithm.type, QLatin1String(algorithm.curve)),
                                     key.label, kindText(key.type(), key.curve()))};
    if (key.d->pssOnly && !algorithm.pss)
        return {"key-type",
                JwsVerifyText::tr("The %1 is for PSS signatures only, and %2 is none.").arg(key.label, name)};
    if (!key.algorithm.isEmpty() && oneName(key.algorithm) != oneName(name))
        return {"key-alg", JwsVerifyText::tr("The %1 is for %2 only, and the token says %3.")
                               .arg(key.label, key.algorithm, name)};
    if (!key.use.isEmpty() && key.use != QLatin1String("sig"))
        return {
            "key-use",
            JwsVerifyText::tr("The %1 is not for signatures: its use is \"%2\".").arg(key.label, key.use)};
    if (key.limited && !key.operations.contains(QLatin1String("verify")))
        return {"key-use", JwsVerifyText::tr("The %1 is not for verifying, its key_ops say.").arg(key.label)};
    // RFC 7518 §3.2.
    if (key.type() == VerifyKey::Type::Symmetric && key.bits() < algorithm.digestBytes * 8)
        return {"key-too-short", JwsVerifyText::tr("The %1 has %2 bits, and %3 needs at least %4.")
                                     .arg(key.label)
                                     .arg(key.bits())
                                     .arg(name)
                                     .arg(algorithm.digestBytes * 8)};
    return {};
}

Refusal checkSignature(const VerifyKey& key, const JwsAlgorithm& algorithm, std::string_view input,
                       const QByteArray& signature) {
    const QuietOpenssl quiet;
    return algorithm.type == VerifyKey::Type::Symmetric
               ? checkHmac(*key.d, algorithm, input, signature)
               : checkAsymmetric(*key.d, algorithm, input, signature);
}

} // namespace kb
