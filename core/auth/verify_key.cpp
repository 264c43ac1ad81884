// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/base64url.h"
#include "core/auth/crypto.h"
#include "core/auth/jwk.h"
#include "core/auth/jwk_private.h"
#include "core/auth/jwk_text.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include <array>

namespace kb {

namespace {

constexpr std::array<VerifyCurve, 4> curves = {{{"P-256", "prime256v1", 32},
                                                {"P-384", "secp384r1", 48},
                                                {"P-521", "secp521r1", 66},
                                                {"secp256k1", "secp256k1", 32}}};

constexpr int smallestModulus = 2048; // RFC 7518 §3.3
constexpr int largestModulus = 16384; // what the library computes with

BnPtr numberOf(const EVP_PKEY* key, const char* parameter) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, parameter, &number);
    return BnPtr(number);
}

QByteArray numberText(const EVP_PKEY* key, const char* parameter, int bytes) {
    const BnPtr number = numberOf(key, parameter);
    if (!number) return {};
    QByteArray out(bytes ? bytes : BN_num_bytes(number.get()), '\0');
    BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(out.data()), int(out.size()));
    return toBase64Url(viewOf(out));
}

void judgeRsa(VerifyKey& key, VerifyKey::Private& data) {
    data.bits = EVP_PKEY_get_bits(data.pkey.get());
    const BnPtr exponent = numberOf(data.pkey.get(), OSSL_PKEY_PARAM_RSA_E);
    if (data.bits < smallestModulus)
        key.problem =
            JwkText::tr("it has %1 bits, and at least %2 are needed").arg(data.bits).arg(smallestModulus);
    else if (data.bits > largestModulus)
        key.problem = JwkText::tr("it has %1 bits, more than can be used").arg(data.bits);
    // With an exponent of 1, a signature is the text itself.
    else if (!exponent || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()))
        key.problem = JwkText::tr("its exponent protects nothing");
}

void judgeEc(VerifyKey& key, VerifyKey::Private& data) {
    char group[64] = {};
    std::size_t size = 0;
    EVP_PKEY_get_group_name(data.pkey.get(), group, sizeof group, &size);
    for (const VerifyCurve& curve : curves)
        if (std::string_view(group, size) == curve.group) data.curve = QString::fromLatin1(curve.name);
    const PkeyCtxPtr context(EVP_PKEY_CTX_new(data.pkey.get(), nullptr));
    if (data.curve.isEmpty())
        key.problem = JwkText::tr("its curve is not one of JOSE's");
    else if (EVP_PKEY_public_check(context.get()) != 1)
        key.problem = JwkText::tr("its point is not one of the curve's");
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

QString subjectOf(const X509* certificate) {
    char* line = X509_NAME_oneline(X509_get_subject_name(certificate), nullptr, 0);
    const QString text = QString::fromUtf8(line);
    OPENSSL_free(line);
    return text;
}

/// One block of a PEM file, whose bytes are at `data`.
VerifyKey readBlock(std::string_view name, const unsigned char* data, long size) {
    VerifyKey key;
    key.byItself = true;
    key.label = JwkText::tr("public key");
    if (name == "PUBLIC KEY") {
        adoptPublicKey(key, PkeyPtr(d2i_PUBKEY(nullptr, &data, size)));
    } else if (name == "RSA PUBLIC KEY") {
        adoptPublicKey(key, PkeyPtr(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &data, size)));
    } else if (name == "CERTIFICATE" || name == "X509 CERTIFICATE" || name == "TRUSTED CERTIFICATE") {
        const X509Ptr certificate(d2i_X509(nullptr, &data, size));
        key.label = certificate ? JwkText::tr("key of the certificate %1").arg(subjectOf(certificate.get()))
                                : JwkText::tr("certificate");
        adoptPublicKey(key, PkeyPtr(certificate ? X509_get_pubkey(certificate.get()) : nullptr));
    } else {
        key.problem = JwkText::tr("a block named %1 holds no public key")
                          .arg(QString::fromLatin1(name.data(), qsizetype(name.size())));
    }
    return key;
}

} // namespace

const VerifyCurve* verifyCurve(QStringView name) {
    for (const VerifyCurve& curve : curves)
        if (name == QLatin1String(curve.name)) return &curve;
    return nullptr;
}

void adoptPublicKey(VerifyKey& key, PkeyPtr pkey) {
    auto data = std::make_shared<VerifyKey::Private>();
    data->pkey = std::move(pkey);
    const EVP_PKEY* raw = data->pkey.get();
    if (!raw) {
        key.problem = JwkText::tr("its numbers do not make a key");
    } else if (EVP_PKEY_is_a(raw, "RSA") == 1 || EVP_PKEY_is_a(raw, "RSA-PSS") == 1) {
        data->type = VerifyKey::Type::Rsa;
        data->pssOnly = EVP_PKEY_is_a(raw, "RSA-PSS") == 1;
        judgeRsa(key, *data);
    } else if (EVP_PKEY_is_a(raw, "EC") == 1) {
        data->type = VerifyKey::Type::Ec;
        judgeEc(key, *data);
    } else if (EVP_PKEY_is_a(raw, "ED25519") == 1) {
        data->type = VerifyKey::Type::Okp;
        data->curve = QStringLiteral("Ed25519");
    } else {
        key.problem = JwkText::tr("a key of its kind makes no JOSE signatures");
    }
    if (key.isUsable()) key.d = std::move(data);
}

void adoptSecret(VerifyKey& key, Secret secret) {
    auto data = std::make_shared<VerifyKey::Private>();
    data->type = VerifyKey::Type::Symmetric;
    data->bits = int(secret.size()) * 8;
    data->secret = std::move(secret);
    key.d = std::move(data);
}

VerifyKey::Type VerifyKey::type() const {
    return d ? d->type : Type::Unknown;
}

QString VerifyKey::curve() const {
    return d ? d->curve : QString();
}

int VerifyKey::bits() const {
    return d ? d->bits : 0;
}

QByteArray VerifyKey::thumbprint() const {
    const QuietOpenssl quiet;
    if (!d || !d->pkey) return {};
    // RFC 7638 §3.3: the required members, in the order of their names, without spaces.
    QByteArray text;
    if (d->type == Type::Rsa) {
        text = R"({"e":")" + numberText(d->pkey.get(), OSSL_PKEY_PARAM_RSA_E, 0) + R"(","kty":"RSA","n":")" +
               numberText(d->pkey.get(), OSSL_PKEY_PARAM_RSA_N, 0) + R"("})";
    } else if (d->type == Type::Ec) {
        const int bytes = verifyCurve(d->curve)->bytes;
        text = R"({"crv":")" + d->curve.toLatin1() + R"(","kty":"EC","x":")" +
               numberText(d->pkey.get(), OSSL_PKEY_PARAM_EC_PUB_X, bytes) + R"(","y":")" +
               numberText(d->pkey.get(), OSSL_PKEY_PARAM_EC_PUB_Y, bytes) + R"("})";
    } else {
        QByteArray x(32, '\0');
        std::size_t size = std::size_t(x.size());
        EVP_PKEY_get_raw_public_key(d->pkey.get(), reinterpret_cast<unsigned char*>(x.data()), &size);
        text = R"({"crv":"Ed25519","kty":"OKP","x":")" + toBase64Url(viewOf(x)) + R"("})";
    }
    return toBase64Url(viewOf(hashOf(Hash::Sha256, viewOf(text))));
}

Result<VerifyKeys> readPublicPem(std::string_view text) {
    const QuietOpenssl quiet;
    if (contains(text, "PRIVATE KEY-----"))
        return fail(ErrorCode::InvalidInput, JwkText::tr("This is a private key."), {},
                    JwkText::tr("Give its public half: openssl pkey -in key.pem -pubout"));
    VerifyKeys result;
    const BioPtr bio(BIO_new_mem_buf(text.data(), int(text.size())));
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    while (PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1) {
        result.keys.append(readBlock(name, data, size));
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(data);
    }
    const auto reason = ERR_GET_REASON(ERR_peek_last_error());
    if (result.keys.isEmpty() || reason != PEM_R_NO_START_LINE)
        return fail(ErrorCode::ParseError, JwkText::tr("The PEM does not read."), {},
                    JwkText::tr("Check that the whole file is there, its BEGIN and END lines too."));
    return result;
}

VerifyKey sharedSecretKey(const Secret& bytes) {
    VerifyKey key;
    key.byItself = true;
    key.label = JwkText::tr("shared secret");
    adoptSecret(key, bytes.revealCopy());
    return key;
}

Result<VerifyKeys> readKeyFile(std::string_view bytes) {
    if (bytes.empty())
        return fail(ErrorCode::InvalidInput, JwkText::tr("The key file is empty."), {},
                    JwkText::tr("Give a public key, a JWK, a JWK Set, or a shared secret."));
    if (contains(bytes, "-----BEGIN ")) return readPublicPem(bytes);
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    const QByteArrayView view(bytes.data(), qsizetype(bytes.size()));
    // Broken JSON is an error and no secret: it was meant to be a key.
    if (first != std::string_view::npos && bytes[first] == '{') return readJwks(view);
    VerifyKeys result;
    result.keys.append(sharedSecretKey(Secret(bytes)));
    if (!bytes.ends_with('\n')) return result;
    const std::size_t rest = bytes.size() - (bytes.ends_with("\r\n") ? 2 : 1);
    VerifyKey bare = sharedSecretKey(Secret(bytes.substr(0, rest)));
    bare.label = JwkText::tr("shared secret without the line break at its end");
    if (rest > 0) result.keys.prepend(bare);
    return result;
}

} // namespace kb
