// SPDX-License-Identifier: GPL-3.0-or-later
// Public keys from JWKs. The reader of private ones, for signing, is another one on purpose.
#include "core/auth/jwk.h"
#include "core/auth/jwk_text.h"

#include "core/auth/base64url.h"
#include "core/auth/jwk_private.h"
#include "core/auth/wipe_json.h"

#include <openssl/core_names.h>

#include <vector>

namespace kb {

namespace {

constexpr qsizetype mostKeys = 1000;

/// The bytes of a member; on failure empty, with the key's problem set.
QByteArray memberBytes(VerifyKey& key, const JsonValue& jwk, const char* name) {
    const QString title = QString::fromLatin1(name);
    const JsonValue* member = jwk.find(title);
    if (!member || !member->isString()) {
        key.problem = JwkText::tr("it has no %1").arg(title);
        return {};
    }
    QByteArray text = member->string.toUtf8();
    Base64UrlText read = decodeBase64Url({text.constData(), std::size_t(text.size())});
    wipeBytes(text);
    if (read.isValid() && !read.trailingBits && !read.bytes.isEmpty()) return read.bytes;
    wipeBytes(read.bytes);
    key.problem = read.isValid() ? JwkText::tr("its %1 is empty or ends in bits that are not zero").arg(title)
                                 : JwkText::tr("its %1 is not base64url: %2").arg(title, read.problem);
    return {};
}

const unsigned char* keyBytes(const QByteArray& bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.constData());
}

PkeyPtr keyFrom(const char* type, OSSL_PARAM_BLD* builder) {
    const ParamPtr parameters(OSSL_PARAM_BLD_to_param(builder));
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    return PkeyPtr(key);
}

void readRsa(VerifyKey& key, const JsonValue& jwk) {
    const QByteArray n = memberBytes(key, jwk, "n");
    if (!key.isUsable()) return;
    const QByteArray e = memberBytes(key, jwk, "e");
    if (!key.isUsable()) return;
    const BnPtr modulus(BN_bin2bn(keyBytes(n), int(n.size()), nullptr));
    const BnPtr exponent(BN_bin2bn(keyBytes(e), int(e.size()), nullptr));
    const ParamBldPtr builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    adoptPublicKey(key, keyFrom("RSA", builder.get()));
}

void readEc(VerifyKey& key, const JsonValue& jwk) {
    const QString name = jwk.text(u"crv");
    const VerifyCurve* curve = verifyCurve(name);
    if (!curve) {
        key.problem = JwkText::tr("its curve \"%1\" is not one of JOSE's").arg(name);
        return;
    }
    const QByteArray x = memberBytes(key, jwk, "x");
    if (!key.isUsable()) return;
    const QByteArray y = memberBytes(key, jwk, "y");
    if (!key.isUsable()) return;
    if (x.size() != curve->bytes || y.size() != curve->bytes) {
        key.problem = JwkText::tr("its x and y must have %1 bytes each").arg(curve->bytes);
        return;
    }
    const QByteArray point = '\x04' + x + y;
    const ParamBldPtr builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.constData(),
                                     std::size_t(point.size()));
    adoptPublicKey(key, keyFrom("EC", builder.get()));
}

void readOkp(VerifyKey& key, const JsonValue& jwk) {
    const QString name = jwk.text(u"crv");
    if (name != QLatin1String("Ed25519")) {
        key.problem = name.startsWith(QLatin1Char('X'))
                          ? JwkText::tr("its curve \"%1\" is for encryption, not for signatures").arg(name)
                          : JwkText::tr("its curve \"%1\" is not known").arg(name);
        return;
    }
    const QByteArray x = memberBytes(key, jwk, "x");
    if (!key.isUsable()) return;
    adoptPublicKey(key, PkeyPtr(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, keyBytes(x),
                                                            std::size_t(x.size()))));
}

void readOct(VerifyKey& key, const JsonValue& jwk) {
    QByteArray bytes = memberBytes(key, jwk, "k");
    if (key.isUsable()) adoptSecret(key, Secret::take(bytes));
}

/// A text member that may be missing; of another type it spoils the key.
QString optionalText(VerifyKey& key, const JsonValue& jwk, const char* name) {
    const QString title = QString::fromLatin1(name);
    const JsonValue* member = jwk.find(title);
    if (member && !member->isString()) key.problem = JwkText::tr("its %1 is not text").arg(title);
    return jwk.text(title);
}

void readOperations(VerifyKey& key, const JsonValue& jwk) {
    const JsonValue* operations = jwk.find(u"key_ops");
    if (!operations) return;
    key.limited = true;
    bool texts = operations->isArray();
    for (const JsonValue& item : operations->items) {
        texts = texts && item.isString();
        key.operations.append(item.string);
    }
    if (!texts) key.problem = JwkText::tr("its key_ops is not a list of texts");
}

void readMaterial(VerifyKey& key, const JsonValue& jwk) {
    const QString type = jwk.text(u"kty");
    if (type == QLatin1String("RSA"))
        readRsa(key, jwk);
    else if (type == QLatin1String("EC"))
        readEc(key, jwk);
    else if (type == QLatin1String("OKP"))
        readOkp(key, jwk);
    else if (type == QLatin1String("oct"))
        readOct(key, jwk);
    else
        key.problem =
            type.isEmpty() ? JwkText::tr("it has no kty") : JwkText::tr("its kty is \"%1\"").arg(type);
}

VerifyKey readKey(const JsonValue& jwk, const QString& place, QStringList& notes) {
    VerifyKey key;
    key.label = place;
    if (!jwk.isObject()) {
        key.problem = JwkText::tr("it is not a JSON object");
        return key;
    }
    key.hasKeyId = jwk.find(u"kid");
    key.keyId = optionalText(key, jwk, "kid");
    if (key.hasKeyId && key.isUsable()) key.label = JwkText::tr("key \"%1\"").arg(key.keyId);
    key.use = optionalText(key, jwk, "use");
    key.algorithm = optionalText(key, jwk, "alg");
    readOperations(key, jwk);
    if (jwk.hasDuplicateNames()) key.problem = JwkText::tr("a member of it comes twice");
    if (key.isUsable()) readMaterial(key, jwk);
    if (jwk.find(u"d"))
        notes.append(
            JwkText::tr("The %1 comes with its private half, which was not read. Whoever has this file "
                        "can sign.")
                .arg(key.label));
    return key;
}

} // namespace

Result<VerifyKeys> readJwks(QByteArrayView json) {
    const QuietOpenssl quiet;
    Result<JsonValue> document = parseJson(json);
    if (!document)
        return fail(
            ErrorCode::ParseError, JwkText::tr("The keys are not JSON: %1").arg(document.error().what),
            document.error().where, JwkText::tr("Give a JWK or a JWK Set."), document.error().position);
    VerifyKeys result;
    const JsonValue* list = document->find(u"keys");
    Result<void> shape;
    if (!document->isObject())
        shape = fail(ErrorCode::ParseError, JwkText::tr("The keys are not a JSON object."), {},
                     JwkText::tr("Give a JWK or a JWK Set."));
    else if (!list && !document->find(u"kty"))
        shape = fail(ErrorCode::ParseError, JwkText::tr("This JSON has neither keys nor kty."), {},
                     JwkText::tr("Give a JWK or a JWK Set."));
    else if (list && (!list->isArray() || document->hasDuplicateNames()))
        shape = fail(ErrorCode::ParseError, JwkText::tr("The member keys is not one list."), {},
                     JwkText::tr("Give a JWK or a JWK Set."));
    else if (list && list->items.size() > mostKeys)
        shape = fail(ErrorCode::ParseError, JwkText::tr("The set has more than %1 keys.").arg(mostKeys));
    else if (!list)
        result.keys.append(readKey(*document, JwkText::tr("key given"), result.notes));
    for (VerifyKey& key : result.keys)
        key.byItself = true;
    for (qsizetype i = 0; shape && list && i < list->items.size(); ++i)
        result.keys.append(
            readKey(list->items[i], JwkText::tr("key %1 of the set").arg(i + 1), result.notes));
    wipeJson(*document);
    if (!shape) return tl::unexpected(shape.error());
    return result;
}

} // namespace kb
