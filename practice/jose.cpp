// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/jose.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

namespace kb::practice {
namespace {

struct Release {
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
};
template<class T> using Owned = std::unique_ptr<T, Release>;

const unsigned char* data(const QByteArray& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.constData());
}

std::size_t size(const QByteArray& bytes) {
    return static_cast<std::size_t>(bytes.size());
}

QByteArray numberOf(EVP_PKEY* key, const char* name) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) return {};
    const Owned<BIGNUM> number(raw);
    QByteArray bytes(BN_num_bytes(number.get()), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
    return toBase64Url(bytes);
}

} // namespace

QByteArray toBase64Url(const QByteArray& bytes) {
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

std::optional<QByteArray> fromBase64Url(const QByteArray& text) {
    const auto decoded =
        QByteArray::fromBase64Encoding(text, QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals |
                                                 QByteArray::AbortOnBase64DecodingErrors);
    // Encoding again and comparing finds everything a lenient decoder lets through.
    if (!decoded || toBase64Url(*decoded) != text) return std::nullopt;
    return *decoded;
}

QByteArray randomText(int bytes) {
    QByteArray raw(bytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(raw.data()), bytes) != 1) {
        // OpenSSL has no entropy; Qt's generator reads the same system source by another way.
        for (char& c : raw)
            c = static_cast<char>(QRandomGenerator::system()->bounded(256));
    }
    return toBase64Url(raw);
}

QByteArray hmacSha256(const QByteArray& key, const QByteArray& input) {
    QByteArray out(EVP_MAX_MD_SIZE, '\0');
    unsigned int length = 0;
    HMAC(EVP_sha256(), key.constData(), static_cast<int>(key.size()), data(input), size(input),
         reinterpret_cast<unsigned char*>(out.data()), &length);
    out.truncate(static_cast<qsizetype>(length));
    return out;
}

bool equalInConstantTime(const QByteArray& a, const QByteArray& b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.constData(), b.constData(), size(a)) == 0;
}

Result<RsaKey> RsaKey::generate() {
    EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
    if (!key)
        return fail(
            ErrorCode::Internal,
            QCoreApplication::translate("PracticeServer", "No signing key could be made."), {},
            QCoreApplication::translate("PracticeServer", "Check that OpenSSL works on this machine."));
    return RsaKey(key);
}

std::optional<RsaKey> RsaKey::fromPublicJwk(const QJsonObject& jwk) {
    if (jwk.value(QLatin1String("kty")).toString() != QLatin1String("RSA")) return std::nullopt;
    const auto n = fromBase64Url(jwk.value(QLatin1String("n")).toString().toLatin1());
    const auto e = fromBase64Url(jwk.value(QLatin1String("e")).toString().toLatin1());
    if (!n || !e || n->size() < 256 || n->size() > 1024 || e->isEmpty() || e->size() > 8) return std::nullopt;
    const Owned<BIGNUM> modulus(BN_bin2bn(data(*n), static_cast<int>(n->size()), nullptr));
    const Owned<BIGNUM> exponent(BN_bin2bn(data(*e), static_cast<int>(e->size()), nullptr));
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    if (!modulus || !exponent || !builder ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
        return std::nullopt;
    const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder.get()));
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
        return std::nullopt;
    return RsaKey(key);
}

QByteArray RsaKey::sign(const QByteArray& input) const {
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    std::size_t length = 0;
    if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &length, data(input), size(input)) != 1)
        return {};
    QByteArray signature(static_cast<qsizetype>(length), '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                       data(input), size(input)) != 1)
        return {};
    signature.truncate(static_cast<qsizetype>(length));
    return signature;
}

bool RsaKey::verify(const QByteArray& input, const QByteArray& signature) const {
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) == 1 &&
           EVP_DigestVerify(context.get(), data(signature), size(signature), data(input), size(input)) == 1;
}

QJsonObject RsaKey::publicJwk() const {
    return {{QStringLiteral("kty"), QStringLiteral("RSA")},
            {QStringLiteral("n"), QString::fromLatin1(numberOf(m_key.get(), OSSL_PKEY_PARAM_RSA_N))},
            {QStringLiteral("e"), QString::fromLatin1(numberOf(m_key.get(), OSSL_PKEY_PARAM_RSA_E))},
            {QStringLiteral("kid"), QString::fromLatin1(keyId())},
            {QStringLiteral("alg"), QStringLiteral("RS256")},
            {QStringLiteral("use"), QStringLiteral("sig")}};
}

QByteArray RsaKey::publicPem() const {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_PUBKEY(bio.get(), m_key.get()) != 1) return {};
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return QByteArray(text, static_cast<qsizetype>(length));
}

QByteArray RsaKey::keyId() const {
    QByteArray members = R"({"e":")";
    members += numberOf(m_key.get(), OSSL_PKEY_PARAM_RSA_E);
    members += R"(","kty":"RSA","n":")";
    members += numberOf(m_key.get(), OSSL_PKEY_PARAM_RSA_N);
    members += R"("})";
    return "practice-" + toBase64Url(QCryptographicHash::hash(members, QCryptographicHash::Sha256)).left(10);
}

QByteArray signedToken(const RsaKey& key, const QJsonObject& claims) {
    const QJsonObject header{{QStringLiteral("alg"), QStringLiteral("RS256")},
                             {QStringLiteral("kid"), QString::fromLatin1(key.keyId())},
                             {QStringLiteral("typ"), QStringLiteral("at+jwt")}};
    QByteArray token = toBase64Url(QJsonDocument(header).toJson(QJsonDocument::Compact));
    token += '.';
    token += toBase64Url(QJsonDocument(claims).toJson(QJsonDocument::Compact));
    const QByteArray signature = key.sign(token);
    if (signature.isEmpty()) return {};
    token += '.';
    token += toBase64Url(signature);
    return token;
}

} // namespace kb::practice
