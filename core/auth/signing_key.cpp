// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/signing_key.h"
#include "core/auth/signing_key_text.h"

#include "core/auth/base64url.h"
#include "core/auth/crypto.h"
#include "core/auth/signing_key_private.h"
#include "core/auth/wipe_json.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>

namespace kb {

namespace {

/// What an algorithm of RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2 or RFC 9864 §2.2 asks of its key.
struct KeyAlgorithm {
    const char* name;
    SigningKey::Type type;
    Hash hash;
    bool pss;
    const char* curve;
};

constexpr std::array<KeyAlgorithm, 15> keyAlgorithms = {{
    {"HS256", SigningKey::Type::Symmetric, Hash::Sha256, false, ""},
    {"HS384", SigningKey::Type::Symmetric, Hash::Sha384, false, ""},
    {"HS512", SigningKey::Type::Symmetric, Hash::Sha512, false, ""},
    {"RS256", SigningKey::Type::Rsa, Hash::Sha256, false, ""},
    {"RS384", SigningKey::Type::Rsa, Hash::Sha384, false, ""},
    {"RS512", SigningKey::Type::Rsa, Hash::Sha512, false, ""},
    {"PS256", SigningKey::Type::Rsa, Hash::Sha256, true, ""},
    {"PS384", SigningKey::Type::Rsa, Hash::Sha384, true, ""},
    {"PS512", SigningKey::Type::Rsa, Hash::Sha512, true, ""},
    {"ES256", SigningKey::Type::Ec, Hash::Sha256, false, "P-256"},
    {"ES384", SigningKey::Type::Ec, Hash::Sha384, false, "P-384"},
    {"ES512", SigningKey::Type::Ec, Hash::Sha512, false, "P-521"},
    {"ES256K", SigningKey::Type::Ec, Hash::Sha256, false, "secp256k1"},
    {"EdDSA", SigningKey::Type::Okp, Hash::Sha512, false, "Ed25519"},
    {"Ed25519", SigningKey::Type::Okp, Hash::Sha512, false, "Ed25519"},
}};

constexpr int smallestRsaBits = 2048; // RFC 7518 §3.3 and §3.5

const KeyAlgorithm* algorithmOf(const QString& name) {
    for (const KeyAlgorithm& algorithm : keyAlgorithms)
        if (name == QLatin1String(algorithm.name)) return &algorithm;
    return nullptr;
}

const EVP_MD* hashFunction(Hash hash) {
    return hash == Hash::Sha256 ? EVP_sha256() : hash == Hash::Sha384 ? EVP_sha384() : EVP_sha512();
}

int hashBytes(Hash hash) {
    return hash == Hash::Sha256 ? 32 : hash == Hash::Sha384 ? 48 : 64;
}

tl::unexpected<Error> unknownAlgorithm(const QString& name) {
    return fail(ErrorCode::Unsupported,
                SigningKeyText::tr("There is no signature algorithm \"%1\" here.").arg(name), {},
                SigningKeyText::tr("Use one of HS256, RS256, PS256, ES256, EdDSA or their larger sisters."));
}

QString typeText(const SigningKey& key) {
    switch (key.type()) {
    case SigningKey::Type::Rsa:
        return SigningKeyText::tr("an RSA key");
    case SigningKey::Type::Ec:
    case SigningKey::Type::Okp:
        return SigningKeyText::tr("a key on the curve %1").arg(key.curve());
    case SigningKey::Type::Symmetric:
        break;
    }
    return SigningKeyText::tr("a shared secret");
}

QString wantedText(const KeyAlgorithm& algorithm) {
    if (algorithm.type == SigningKey::Type::Rsa) return SigningKeyText::tr("an RSA key");
    if (algorithm.type == SigningKey::Type::Symmetric) return SigningKeyText::tr("a shared secret");
    return SigningKeyText::tr("a key on the curve %1").arg(QLatin1String(algorithm.curve));
}

Result<void> checkFit(const SigningKey& key, const KeyAlgorithm& algorithm) {
    const QString name = QString::fromLatin1(algorithm.name);
    if (key.type() != algorithm.type || key.curve() != QLatin1String(algorithm.curve))
        return fail(ErrorCode::InvalidInput,
                    SigningKeyText::tr("%1 needs %2, and this is %3.")
                        .arg(name, wantedText(algorithm), typeText(key)),
                    {}, SigningKeyText::tr("Choose the algorithm that belongs to the key, or another key."));
    const int least = algorithm.type == SigningKey::Type::Rsa         ? smallestRsaBits
                      : algorithm.type == SigningKey::Type::Symmetric ? hashBytes(algorithm.hash) * 8
                                                                      : 0;
    if (key.bits() < least)
        return fail(ErrorCode::InvalidInput,
                    SigningKeyText::tr("The key has %1 bits, and %2 needs at least %3.")
                        .arg(key.bits())
                        .arg(name)
                        .arg(least),
                    {}, SigningKeyText::tr("Use a longer key."));
    return {};
}

/// A number of the key as bytes, padded to `bytes` (0: as short as it goes).
QByteArray numberBytes(const EVP_PKEY* key, const char* parameter, int bytes) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, parameter, &raw) != 1) return {};
    const BnPtr number(raw);
    QByteArray out(bytes ? bytes : BN_num_bytes(raw), '\0');
    if (BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(out.data()), int(out.size())) < 0) return {};
    return out;
}

void addText(JsonValue& object, const char* name, const QString& text) {
    JsonValue value;
    value.type = JsonValue::Type::String;
    value.string = text;
    object.members.append({QString::fromLatin1(name), std::move(value)});
}

void addBytes(JsonValue& object, const char* name, const QByteArray& bytes) {
    addText(object, name, QString::fromLatin1(toBase64Url(viewOf(bytes))));
}

/// ECDSA's DER as r||s of fixed length (RFC 7518 §3.4).
QByteArray rawEcdsa(const QByteArray& der, int half) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.constData());
    const EcdsaSigPtr signature(d2i_ECDSA_SIG(nullptr, &at, long(der.size())));
    QByteArray raw(half * 2, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, half) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + half, half) < 0)
        return {};
    return raw;
}

QByteArray asymmetricSignature(EVP_PKEY* key, const KeyAlgorithm& algorithm, std::string_view bytes) {
    const MdCtxPtr context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;
    const EVP_MD* digest = algorithm.type == SigningKey::Type::Okp ? nullptr : hashFunction(algorithm.hash);
    if (EVP_DigestSignInit(context.get(), &options, digest, nullptr, key) != 1) return {};
    if (algorithm.pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                          EVP_PKEY_CTX_set_rsa_mgf1_md(options, digest) != 1 ||
                          EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1))
        return {};
    const auto* text = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t size = std::size_t(EVP_PKEY_get_size(key));
    QByteArray signature(qsizetype(size), '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, text,
                       bytes.size()) != 1)
        return {};
    signature.resize(qsizetype(size));
    return signature;
}

bool looksLikeObject(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{';
}

/// The bytes of an "oct" JWK (RFC 7518 §6.4).
Result<Secret> octBytes(const JsonValue& jwk) {
    QByteArray text = jwk.text(u"k").toLatin1();
    Base64UrlText decoded = decodeBase64Url(viewOf(text));
    wipeBytes(text);
    if (!decoded.isValid() || decoded.bytes.isEmpty())
        return fail(ErrorCode::ParseError, SigningKeyText::tr("The k of the JWK is not base64url."));
    return Secret::take(decoded.bytes);
}

} // namespace

SigningKey::SigningKey() : d(std::make_unique<Private>()) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<SigningKey> SigningKey::read(const Secret& text, bool symmetric) {
    if (text.isEmpty()) return fail(ErrorCode::SecretMissing, SigningKeyText::tr("The key is empty."));
    SigningKey key;
    Result<JsonValue> jwk = fail(ErrorCode::ParseError, {});
    if (looksLikeObject(text.reveal()))
        jwk = parseJson(QByteArrayView(text.reveal().data(), qsizetype(text.size())));
    if (symmetric) {
        // A secret may be anything, JSON too; only what says what it is counts as a JWK.
        const QString type = jwk && jwk->isObject() ? jwk->text(u"kty") : QString();
        Result<Secret> bytes = text.revealCopy();
        if (type == QLatin1String("oct"))
            bytes = octBytes(*jwk);
        else if (type == QLatin1String("RSA") || type == QLatin1String("EC") || type == QLatin1String("OKP"))
            bytes =
                fail(ErrorCode::InvalidInput,
                     SigningKeyText::tr("The JWK is not a shared secret: its kty is \"%1\".").arg(type), {},
                     SigningKeyText::tr("Choose the algorithm that belongs to the key, or another key."));
        if (jwk) wipeJson(*jwk);
        if (!bytes) return tl::unexpected(bytes.error());
        key.d->secret = std::move(*bytes);
        return key;
    }
    Result<PkeyPtr> pkey = jwk ? readPrivateJwk(*jwk) : readPrivatePem(text.reveal());
    if (jwk) wipeJson(*jwk);
    if (!pkey) return tl::unexpected(pkey.error());
    const Result<SigningKey::Type> type = signingTypeOf(pkey->get());
    if (!type) return tl::unexpected(type.error());
    key.d->type = *type;
    key.d->curve = curveNameOf(pkey->get());
    key.d->pkey = std::move(*pkey);
    return key;
}

Result<SigningKey> SigningKey::generate(const QString& algorithm) {
    const QuietOpenssl quiet;
    const KeyAlgorithm* known = algorithmOf(algorithm);
    if (!known || known->type == SigningKey::Type::Symmetric) return unknownAlgorithm(algorithm);
    SigningKey key;
    key.d->type = known->type;
    key.d->curve = QString::fromLatin1(known->curve);
    if (known->type == SigningKey::Type::Rsa)
        key.d->pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t(smallestRsaBits)));
    else if (known->type == SigningKey::Type::Okp)
        key.d->pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    else
        key.d->pkey.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", signingCurve(key.d->curve)->group));
    if (!key.d->pkey)
        return fail(ErrorCode::Internal, SigningKeyText::tr("The system's library made no key."));
    return key;
}

SigningKey::Type SigningKey::type() const {
    return d->type;
}

QString SigningKey::curve() const {
    return d->curve;
}

int SigningKey::bits() const {
    if (d->type == SigningKey::Type::Symmetric) return int(d->secret.size()) * 8;
    return d->type == SigningKey::Type::Rsa ? EVP_PKEY_get_bits(d->pkey.get()) : 0;
}

JsonValue SigningKey::publicJwk() const {
    const QuietOpenssl quiet;
    JsonValue jwk;
    if (d->type == SigningKey::Type::Symmetric) return jwk;
    jwk.type = JsonValue::Type::Object;
    const EVP_PKEY* key = d->pkey.get();
    // In the order of RFC 7638 §3.3, so that the thumbprint is the hash of this text.
    if (d->type == SigningKey::Type::Rsa) {
        addBytes(jwk, "e", numberBytes(key, OSSL_PKEY_PARAM_RSA_E, 0));
        addText(jwk, "kty", QStringLiteral("RSA"));
        addBytes(jwk, "n", numberBytes(key, OSSL_PKEY_PARAM_RSA_N, 0));
        return jwk;
    }
    addText(jwk, "crv", d->curve);
    addText(jwk, "kty", d->type == SigningKey::Type::Ec ? QStringLiteral("EC") : QStringLiteral("OKP"));
    if (d->type == SigningKey::Type::Ec) {
        const int bytes = signingCurve(d->curve)->bytes;
        addBytes(jwk, "x", numberBytes(key, OSSL_PKEY_PARAM_EC_PUB_X, bytes));
        addBytes(jwk, "y", numberBytes(key, OSSL_PKEY_PARAM_EC_PUB_Y, bytes));
        return jwk;
    }
    QByteArray x(32, '\0');
    std::size_t size = std::size_t(x.size());
    EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(x.data()), &size);
    addBytes(jwk, "x", x);
    return jwk;
}

QByteArray SigningKey::thumbprint() const {
    if (d->type == SigningKey::Type::Symmetric) return {};
    const QByteArray text = writeJson(publicJwk());
    return toBase64Url(viewOf(hashOf(Hash::Sha256, viewOf(text))));
}

Secret SigningKey::toPem() const {
    if (d->type == SigningKey::Type::Symmetric) return {};
    const QuietOpenssl quiet;
    const BioPtr bio(BIO_new(BIO_s_secmem()));
    if (PEM_write_bio_PKCS8PrivateKey(bio.get(), d->pkey.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return Secret(std::string_view(text, std::size_t(size)));
}

Result<QByteArray> SigningKey::sign(const QString& algorithm, std::string_view bytes) const {
    const QuietOpenssl quiet;
    const KeyAlgorithm* known = algorithmOf(algorithm);
    if (!known) return unknownAlgorithm(algorithm);
    if (const Result<void> fits = checkFit(*this, *known); !fits) return tl::unexpected(fits.error());
    if (d->type == SigningKey::Type::Symmetric) return hmacOf(known->hash, d->secret.reveal(), bytes);
    if (EVP_PKEY_is_a(d->pkey.get(), "RSA-PSS") == 1 && !known->pss)
        return fail(ErrorCode::InvalidInput, SigningKeyText::tr("This RSA key is for PSS signatures only."),
                    {}, SigningKeyText::tr("Use PS256, PS384 or PS512."));
    QByteArray signature = asymmetricSignature(d->pkey.get(), *known, bytes);
    if (d->type == SigningKey::Type::Ec) signature = rawEcdsa(signature, signingCurve(d->curve)->bytes);
    if (signature.isEmpty())
        return fail(ErrorCode::Internal,
                    SigningKeyText::tr("The key made no signature with %1.").arg(algorithm), {},
                    SigningKeyText::tr("Check that the key is whole and meant for signing."));
    return signature;
}

Result<QByteArray> signCompact(const QString& algorithm, const JsonValue& header, QByteArrayView payload,
                               const SigningKey& key) {
    // RFC 7797's unencoded payload would need another form than this one.
    if (header.find(u"b64"))
        return fail(ErrorCode::Unsupported, SigningKeyText::tr("A header with b64 cannot be signed here."));
    JsonValue whole = header;
    whole.type = JsonValue::Type::Object;
    JsonValue name;
    name.type = JsonValue::Type::String;
    name.string = algorithm;
    bool given = false;
    for (JsonValue::Member& member : whole.members) {
        if (member.first != QLatin1String("alg")) continue;
        member.second = name;
        given = true;
    }
    if (!given) whole.members.prepend({QStringLiteral("alg"), name});
    const QByteArray headerText = writeJson(whole);
    QByteArray token =
        toBase64Url(viewOf(headerText)) + '.' + toBase64Url({payload.data(), std::size_t(payload.size())});
    const Result<QByteArray> signature = key.sign(algorithm, viewOf(token));
    if (!signature) return tl::unexpected(signature.error());
    return token + '.' + toBase64Url(viewOf(*signature));
}

} // namespace kb
