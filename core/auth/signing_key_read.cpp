// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys from text. The verifier has its own reader of public ones.
#include "core/auth/base64url.h"
#include "core/auth/signing_key_private.h"
#include "core/auth/signing_key_text.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

#include <array>

namespace kb {

namespace {

constexpr std::array<SigningCurve, 4> signingCurves = {{{"P-256", "prime256v1", 32},
                                                        {"P-384", "secp384r1", 48},
                                                        {"P-521", "secp521r1", 66},
                                                        {"secp256k1", "secp256k1", 32}}};

tl::unexpected<Error> keyUnreadable(const QString& why) {
    return fail(ErrorCode::ParseError, SigningKeyText::tr("The private key does not read: %1.").arg(why), {},
                SigningKeyText::tr("Give a private key as PEM or as a JWK."));
}

/// The bytes of a member of the JWK that must be there, wiped when done with.
Result<Secret> memberBytes(const JsonValue& jwk, const char* name) {
    const QString title = QString::fromLatin1(name);
    const JsonValue* member = jwk.find(title);
    if (!member || !member->isString())
        return keyUnreadable(SigningKeyText::tr("the JWK has no %1").arg(title));
    QByteArray text = member->string.toLatin1();
    Base64UrlText decoded = decodeBase64Url({text.constData(), std::size_t(text.size())});
    wipeBytes(text);
    if (!decoded.isValid() || decoded.bytes.isEmpty() || decoded.trailingBits) {
        wipeBytes(decoded.bytes);
        return keyUnreadable(SigningKeyText::tr("%1 of the JWK is not base64url").arg(title));
    }
    return Secret::take(decoded.bytes);
}

const unsigned char* ucharsOf(const Secret& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.reveal().data());
}

BnPtr numberOf(const Secret& bytes) {
    // A "secure" number makes the parameters built from it be wiped too.
    BnPtr number(BN_secure_new());
    if (!number || !BN_bin2bn(ucharsOf(bytes), int(bytes.size()), number.get())) return nullptr;
    return number;
}

/// Collects the parts of a key; what it holds lives until the key is made.
class KeyBuilder {
public:
    KeyBuilder() : m_builder(OSSL_PARAM_BLD_new()) {}

    bool addNumber(const char* parameter, const Secret& bytes) {
        m_numbers.push_back(numberOf(bytes));
        return m_numbers.back() &&
               OSSL_PARAM_BLD_push_BN(m_builder.get(), parameter, m_numbers.back().get()) == 1;
    }
    bool addText(const char* parameter, const char* text) {
        return OSSL_PARAM_BLD_push_utf8_string(m_builder.get(), parameter, text, 0) == 1;
    }
    bool addBytes(const char* parameter, std::string_view bytes) {
        return OSSL_PARAM_BLD_push_octet_string(m_builder.get(), parameter, bytes.data(), bytes.size()) == 1;
    }
    PkeyPtr make(const char* type) {
        const ParamPtr parameters(OSSL_PARAM_BLD_to_param(m_builder.get()));
        const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
        EVP_PKEY* key = nullptr;
        if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
            EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) != 1)
            return nullptr;
        return PkeyPtr(key);
    }

private:
    ParamBldPtr m_builder;
    std::vector<BnPtr> m_numbers;
};

Result<PkeyPtr> made(PkeyPtr key) {
    if (!key) return keyUnreadable(SigningKeyText::tr("its numbers do not make a key"));
    return key;
}

Result<PkeyPtr> readRsaJwk(const JsonValue& jwk) {
    if (jwk.find(u"oth"))
        return keyUnreadable(SigningKeyText::tr("RSA keys of more than two primes are not supported"));
    struct Member {
        const char* name;
        const char* parameter;
    };
    constexpr Member needed[] = {
        {"n", OSSL_PKEY_PARAM_RSA_N}, {"e", OSSL_PKEY_PARAM_RSA_E}, {"d", OSSL_PKEY_PARAM_RSA_D}};
    // RFC 7518 §6.3.2: all of these or none.
    constexpr Member primes[] = {{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                 {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                 {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                 {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                 {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};
    bool withPrimes = false;
    for (const Member& member : primes)
        withPrimes = withPrimes || jwk.find(QString::fromLatin1(member.name));
    KeyBuilder builder;
    std::vector<Member> members(std::begin(needed), std::end(needed));
    if (withPrimes) members.insert(members.end(), std::begin(primes), std::end(primes));
    for (const Member& member : members) {
        const Result<Secret> bytes = memberBytes(jwk, member.name);
        if (!bytes) return tl::unexpected(bytes.error());
        if (!builder.addNumber(member.parameter, *bytes)) return made(nullptr);
    }
    return made(builder.make("RSA"));
}

Result<PkeyPtr> readEcJwk(const JsonValue& jwk) {
    const QString name = jwk.text(u"crv");
    const SigningCurve* curve = signingCurve(name);
    if (!curve) return keyUnreadable(SigningKeyText::tr("the curve \"%1\" is not one of JOSE's").arg(name));
    const Result<Secret> x = memberBytes(jwk, "x");
    const Result<Secret> y = memberBytes(jwk, "y");
    const Result<Secret> d = memberBytes(jwk, "d");
    for (const Result<Secret>* part : {&x, &y, &d}) {
        if (!*part) return tl::unexpected(part->error());
        if ((*part)->size() != std::size_t(curve->bytes))
            return keyUnreadable(SigningKeyText::tr("x, y and d must each have %1 bytes").arg(curve->bytes));
    }
    std::string point(1, '\x04');
    point.append(x->reveal()).append(y->reveal());
    KeyBuilder builder;
    if (!builder.addText(OSSL_PKEY_PARAM_GROUP_NAME, curve->group) ||
        !builder.addBytes(OSSL_PKEY_PARAM_PUB_KEY, point) || !builder.addNumber(OSSL_PKEY_PARAM_PRIV_KEY, *d))
        return made(nullptr);
    return made(builder.make("EC"));
}

Result<PkeyPtr> readOkpJwk(const JsonValue& jwk) {
    const QString name = jwk.text(u"crv");
    if (name != QLatin1String("Ed25519"))
        return keyUnreadable(SigningKeyText::tr("the curve \"%1\" makes no signatures here").arg(name));
    const Result<Secret> x = memberBytes(jwk, "x");
    const Result<Secret> d = memberBytes(jwk, "d");
    if (!x) return tl::unexpected(x.error());
    if (!d) return tl::unexpected(d.error());
    PkeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, ucharsOf(*d), d->size()));
    unsigned char own[32] = {};
    std::size_t size = sizeof own;
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), own, &size) != 1) return made(nullptr);
    if (x->reveal() != std::string_view(reinterpret_cast<const char*>(own), size))
        return keyUnreadable(SigningKeyText::tr("its public half belongs to another key"));
    return key;
}

/// Signs and verifies a few bytes, which a key of two unlike halves cannot do.
bool halvesAgree(EVP_PKEY* key) {
    const bool plain = EVP_PKEY_is_a(key, "ED25519") == 1;
    const EVP_MD* digest = plain ? nullptr : EVP_sha256();
    const unsigned char sample[] = {'k', 'e', 'y'};
    const MdCtxPtr signer(EVP_MD_CTX_new());
    const MdCtxPtr verifier(EVP_MD_CTX_new());
    std::vector<unsigned char> signature(std::size_t(std::max(EVP_PKEY_get_size(key), 0)));
    std::size_t size = signature.size();
    return EVP_DigestSignInit(signer.get(), nullptr, digest, nullptr, key) == 1 &&
           EVP_DigestSign(signer.get(), signature.data(), &size, sample, sizeof sample) == 1 &&
           EVP_DigestVerifyInit(verifier.get(), nullptr, digest, nullptr, key) == 1 &&
           EVP_DigestVerify(verifier.get(), signature.data(), size, sample, sizeof sample) == 1;
}

int noPassphrase(char*, int, int, void*) {
    return -1;
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace

const SigningCurve* signingCurve(const QString& name) {
    for (const SigningCurve& curve : signingCurves)
        if (name == QLatin1String(curve.name)) return &curve;
    return nullptr;
}

QString curveNameOf(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "ED25519") == 1) return QStringLiteral("Ed25519");
    char group[64] = {};
    std::size_t size = 0;
    if (EVP_PKEY_is_a(key, "EC") != 1 || EVP_PKEY_get_group_name(key, group, sizeof group, &size) != 1)
        return {};
    for (const SigningCurve& curve : signingCurves)
        if (std::string_view(group, size) == curve.group) return QString::fromLatin1(curve.name);
    return {};
}

Result<SigningKey::Type> signingTypeOf(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1) return SigningKey::Type::Rsa;
    if (EVP_PKEY_is_a(key, "ED25519") == 1) return SigningKey::Type::Okp;
    if (EVP_PKEY_is_a(key, "EC") != 1)
        return fail(ErrorCode::Unsupported,
                    SigningKeyText::tr("A key of this kind makes no JOSE signatures."), {},
                    SigningKeyText::tr(
                        "Use an RSA key, or one of the curves P-256, P-384, P-521, secp256k1 or Ed25519."));
    if (curveNameOf(key).isEmpty())
        return fail(ErrorCode::Unsupported, SigningKeyText::tr("The key's curve is not one of JOSE's."), {},
                    SigningKeyText::tr("Use P-256, P-384, P-521, secp256k1 or Ed25519."));
    return SigningKey::Type::Ec;
}

Result<PkeyPtr> readPrivatePem(std::string_view text) {
    const QuietOpenssl quiet;
    // PKCS#8 says so in the label; the older forms in a header line (RFC 1421).
    if (holds(text, "ENCRYPTED"))
        return fail(
            ErrorCode::Unsupported, SigningKeyText::tr("The private key is locked with a passphrase."), {},
            SigningKeyText::tr("Take the passphrase off first: openssl pkey -in key.pem -out plain.pem"));
    if (!holds(text, "PRIVATE KEY-----"))
        return holds(text, "PUBLIC KEY-----") || holds(text, "CERTIFICATE-----")
                   ? keyUnreadable(SigningKeyText::tr("this is the public half, which cannot sign"))
                   : keyUnreadable(SigningKeyText::tr("it is neither PEM nor a JWK"));
    const BioPtr bio(BIO_new_mem_buf(text.data(), int(text.size())));
    PkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr));
    if (!key) return keyUnreadable(SigningKeyText::tr("the PEM is broken, or its kind is not known"));
    return key;
}

Result<PkeyPtr> readPrivateJwk(const JsonValue& jwk) {
    const QuietOpenssl quiet;
    if (jwk.hasDuplicateNames()) return keyUnreadable(SigningKeyText::tr("a member of the JWK comes twice"));
    const QString type = jwk.text(u"kty");
    const bool known =
        type == QLatin1String("RSA") || type == QLatin1String("EC") || type == QLatin1String("OKP");
    if (type == QLatin1String("oct"))
        return keyUnreadable(SigningKeyText::tr("the JWK is a symmetric key, which only HS algorithms use"));
    if (!known) return keyUnreadable(SigningKeyText::tr("the JWK's kty is \"%1\"").arg(type));
    if (!jwk.find(u"d"))
        return keyUnreadable(SigningKeyText::tr("this is the public half, which cannot sign"));
    Result<PkeyPtr> key = type == QLatin1String("RSA")  ? readRsaJwk(jwk)
                          : type == QLatin1String("EC") ? readEcJwk(jwk)
                                                        : readOkpJwk(jwk);
    if (key && !halvesAgree(key->get()))
        return keyUnreadable(SigningKeyText::tr("its public half belongs to another key"));
    return key;
}

} // namespace kb
