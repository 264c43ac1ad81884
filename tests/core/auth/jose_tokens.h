// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens and keys for the tests of the verifier, made by the project's own signer or by hand.
#pragma once
#include "core/auth/crypto.h"
#include "core/auth/jws_verify.h"
#include "core/auth/openssl_owners.h"
#include "core/auth/signing_key.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <QFile>
#include <map>

namespace jose {

using namespace kb;

inline QByteArray dataFile(const QString& name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/jose/") + name);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no test data %s", qPrintable(name));
    return file.readAll();
}

inline VerifyKeys keysFrom(const QByteArray& text) {
    Result<VerifyKeys> keys = readKeyFile(viewOf(text));
    if (!keys) qFatal("no keys: %s", qPrintable(keys.error().text()));
    return *keys;
}

/// Everything of the token but its times.
inline VerifyOptions signatureOnly() {
    VerifyOptions options;
    options.checkTimes = false;
    return options;
}

inline QByteArray part(const QByteArray& text) {
    return toBase64Url(viewOf(text));
}

/// One key of each kind, to sign with and to verify with.
struct TestKeys {
    std::map<QString, std::unique_ptr<SigningKey>> signing;
    std::map<QString, VerifyKeys> verifying;
};

inline const TestKeys& testKeys() {
    static const TestKeys made = [] {
        TestKeys keys;
        const QByteArray secret = "a shared secret that is long enough for the longest of the hashes";
        keys.signing[QStringLiteral("secret")] =
            std::make_unique<SigningKey>(*SigningKey::read(Secret(viewOf(secret)), true));
        keys.verifying[QStringLiteral("secret")] = keysFrom(secret);
        for (const auto& [name, algorithm] :
             std::initializer_list<std::pair<const char*, const char*>>{{"RSA", "RS256"},
                                                                        {"P-256", "ES256"},
                                                                        {"P-384", "ES384"},
                                                                        {"P-521", "ES512"},
                                                                        {"secp256k1", "ES256K"},
                                                                        {"Ed25519", "EdDSA"}}) {
            auto key = std::make_unique<SigningKey>(*SigningKey::generate(QString::fromLatin1(algorithm)));
            keys.verifying[QString::fromLatin1(name)] = keysFrom(writeJson(key->publicJwk()));
            keys.signing[QString::fromLatin1(name)] = std::move(key);
        }
        return keys;
    }();
    return made;
}

inline QString keyNameFor(const QString& algorithm) {
    if (algorithm.startsWith(QLatin1String("HS"))) return QStringLiteral("secret");
    if (algorithm == QLatin1String("ES256")) return QStringLiteral("P-256");
    if (algorithm == QLatin1String("ES384")) return QStringLiteral("P-384");
    if (algorithm == QLatin1String("ES512")) return QStringLiteral("P-521");
    if (algorithm == QLatin1String("ES256K")) return QStringLiteral("secp256k1");
    return algorithm.startsWith(QLatin1String("Ed")) ? QStringLiteral("Ed25519") : QStringLiteral("RSA");
}

/// A good token by the test key of that algorithm. `header` gets alg.
inline QByteArray token(const QString& algorithm, const QByteArray& header, const QByteArray& payload) {
    return *signCompact(algorithm, *parseJson(header), payload,
                        *testKeys().signing.at(keyNameFor(algorithm)));
}

/// A token whose header is taken to the letter, with a good ES256 signature over it.
inline QByteArray es256OverHeader(const QByteArray& header, const QByteArray& payload = "{}") {
    const QByteArray input = part(header) + '.' + part(payload);
    const QByteArray signature =
        *testKeys().signing.at(QStringLiteral("P-256"))->sign(QStringLiteral("ES256"), viewOf(input));
    return input + '.' + toBase64Url(viewOf(signature));
}

/// The P-256 test key as a JWK of that name (null: of none), and another key of that kind.
inline QByteArray named(const SigningKey& key, const char* keyId) {
    QByteArray jwk = writeJson(key.publicJwk());
    return keyId ? QByteArray(R"({"kid":")" + QByteArray(keyId) + R"(",)" + jwk.mid(1)) : jwk;
}
inline QByteArray namedKey(const char* keyId) {
    return named(*testKeys().signing.at(QStringLiteral("P-256")), keyId);
}
inline QByteArray otherKey(const char* keyId) {
    return named(*SigningKey::generate(QStringLiteral("ES256")), keyId);
}

inline PkeyPtr privateKey(const QString& name) {
    const Secret pem = testKeys().signing.at(name)->toPem();
    const BioPtr bio(BIO_new_mem_buf(pem.reveal().data(), int(pem.size())));
    return PkeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

/// A PS256 token by the RSA test key with a salt of that many bytes.
inline QByteArray pssToken(int saltBytes) {
    const QByteArray input = part(R"({"alg":"PS256"})") + '.' + part("{}");
    const PkeyPtr key = privateKey(QStringLiteral("RSA"));
    const MdCtxPtr context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* settings = nullptr;
    EVP_DigestSignInit(context.get(), &settings, EVP_sha256(), nullptr, key.get());
    EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, saltBytes);
    QByteArray signature(256, '\0');
    std::size_t size = 256;
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(input.constData()),
                       std::size_t(input.size())) != 1)
        qFatal("no PSS signature of that salt");
    return input + '.' + toBase64Url(viewOf(signature));
}

} // namespace jose
