// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jws_verify.h"
#include "core/auth/jws_verify_text.h"

#include "core/auth/base64url.h"
#include "core/auth/jws_verify_private.h"

#include <vector>

namespace kb {

namespace {

using Signature = JwsVerification::Signature;

constexpr std::size_t maxVerifiedBytes = 1024 * 1024;
// Each is a public-key operation: a set of a thousand keys must not keep the machine busy for a token's sake.
constexpr qsizetype mostTries = 64;

std::vector<std::string_view> partsOf(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    for (std::size_t dot = text.find('.'); dot != std::string_view::npos && parts.size() < 8;
         dot = text.find('.', start)) {
        parts.push_back(text.substr(start, dot - start));
        start = dot + 1;
    }
    parts.push_back(text.substr(start));
    return parts;
}

/// Reads a part to the letter: another text must not stand for the same bytes (RFC 7515 §2).
Refusal readPart(std::string_view part, const QString& name, QByteArray& bytes) {
    const Base64UrlText text = decodeBase64Url(part);
    if (!text.isValid())
        return {"base64url", JwsVerifyText::tr("The %1 is not base64url: %2.").arg(name, text.problem)};
    if (text.trailingBits)
        return {"trailing-bits", JwsVerifyText::tr("The %1 ends in bits that are not zero.").arg(name)};
    bytes = text.bytes;
    return {};
}

Refusal readHeader(std::string_view part, JsonValue& header) {
    QByteArray text;
    Refusal refusal = readPart(part, JwsVerifyText::tr("header"), text);
    if (!refusal.isEmpty()) return refusal;
    Result<JsonValue> value = parseJson(text);
    if (!value || !value->isObject())
        return {"header-json", JwsVerifyText::tr("The header is not a JSON object.")};
    if (const std::optional<QString> repeated = repeatedName(*value))
        return {"header-repeated",
                JwsVerifyText::tr("%1 comes twice in the header; programs disagree on which one counts.")
                    .arg(*repeated)};
    header = std::move(*value);
    return {};
}

/// Names that RFC 7515 §4.1 and RFC 7518 define, which crit must not list.
bool isStandardName(const QString& name) {
    for (const char* known : {"alg",  "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty",
                              "crit", "enc", "zip", "epk", "apu", "apv", "iv",  "tag",      "p2s", "p2c"})
        if (name == QLatin1String(known)) return true;
    return false;
}

/// crit (RFC 7515 §4.1.11). Of all extensions only b64 is understood, and only with its usual value.
Refusal checkCritical(const JsonValue& header) {
    const JsonValue* critical = header.find(u"crit");
    if (!critical) return {};
    const QByteArray invalid = "crit-invalid";
    if (!critical->isArray() || critical->items.isEmpty())
        return {invalid, JwsVerifyText::tr("crit is not a list of names, or an empty one.")};
    QStringList names;
    for (const JsonValue& item : critical->items) {
        if (!item.isString() || names.contains(item.string))
            return {invalid, JwsVerifyText::tr("crit is not a list of different names.")};
        if (!header.find(item.string))
            return {invalid,
                    JwsVerifyText::tr("crit names %1, which the header does not have.").arg(item.string)};
        if (isStandardName(item.string))
            return {invalid,
                    JwsVerifyText::tr("crit names %1, which needs no such mention.").arg(item.string)};
        names.append(item.string);
    }
    for (const QString& name : names)
        if (name != QLatin1String("b64"))
            return {"crit-unsupported",
                    JwsVerifyText::tr("crit asks every reader to understand %1, which is not known here.")
                        .arg(name)};
    return {};
}

/// b64 (RFC 7797): a payload that is not encoded is refused; a JWT must not have one (§7).
Refusal checkPlainPayload(const JsonValue& header) {
    const JsonValue* plain = header.find(u"b64");
    if (!plain || (plain->type == JsonValue::Type::Bool && plain->boolean)) return {};
    return {"b64-unsupported",
            JwsVerifyText::tr("The payload is sent unencoded (b64), which is not supported.")};
}

Refusal checkAlgorithm(const JsonValue& header, const VerifyOptions& options) {
    const JsonValue* member = header.find(u"alg");
    if (!member || !member->isString() || member->string.isEmpty())
        return {"alg-missing", JwsVerifyText::tr("The header names no algorithm (alg).")};
    const QString& name = member->string;
    if (name.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0)
        return {"alg-none",
                JwsVerifyText::tr("alg is none: nothing protects the token, so nothing can be verified.")};
    if (!jwsAlgorithm(name))
        return {"alg-unknown", JwsVerifyText::tr("There is no signature algorithm \"%1\" here.").arg(name)};
    if (!options.algorithms.isEmpty() && !options.algorithms.contains(name))
        return {"alg-not-allowed", JwsVerifyText::tr("%1 is not among the allowed algorithms: %2.")
                                       .arg(name, options.algorithms.join(QLatin1String(", ")))};
    const JsonValue* keyId = header.find(u"kid");
    if (keyId && !keyId->isString()) return {"kid-not-text", JwsVerifyText::tr("kid is not text.")};
    return {};
}

void noteIgnored(const JsonValue& header, QStringList& notes) {
    for (const char* name : {"jku", "x5u", "jwk", "x5c"})
        if (header.find(QString::fromLatin1(name)))
            notes.append(JwsVerifyText::tr("The header brings or names its own key (%1). It was ignored.")
                             .arg(QLatin1String(name)));
}

/// The keys that kid leaves to choose from (RFC 7515 §4.1.4): the ones of that very name, and those without a
/// name that came by themselves; all of them where the token names none, or where no key has a name.
QList<VerifyKey> namedKeys(const JsonValue& header, const QList<VerifyKey>& keys) {
    const JsonValue* keyId = header.find(u"kid");
    bool anyNamed = false;
    for (const VerifyKey& key : keys)
        anyNamed = anyNamed || key.hasKeyId;
    if (!keyId || !anyNamed) return keys;
    QList<VerifyKey> named;
    for (const VerifyKey& key : keys)
        if (key.hasKeyId ? key.keyId == keyId->string : key.byItself) named.append(key);
    return named;
}

/// Chooses keys and tries them. Sets the outcome.
void judge(JwsVerification& result, const VerifyKeys& keys, std::string_view input,
           const QByteArray& signature) {
    const JwsAlgorithm& algorithm = *jwsAlgorithm(result.algorithm);
    if (keys.keys.isEmpty()) {
        result.signatureRefusal = {"no-keys", JwsVerifyText::tr("There is no key to verify it with.")};
        return;
    }
    const QList<VerifyKey> named = namedKeys(result.header, keys.keys);
    if (named.isEmpty()) {
        result.signatureRefusal = {"kid-unknown",
                                   JwsVerifyText::tr("No key is named \"%1\" (kid).").arg(result.keyId)};
        return;
    }
    Refusal unfit;
    QStringList tried;
    for (const VerifyKey& key : named) {
        const Refusal refusal = unfitFor(key, algorithm);
        if (!refusal.isEmpty()) {
            if (unfit.isEmpty()) unfit = refusal;
            continue;
        }
        if (tried.size() == mostTries) break;
        tried.append(key.label);
        const Refusal outcome = checkSignature(key, algorithm, input, signature);
        if (outcome.isEmpty()) {
            result.signature = Signature::Verified;
            result.signatureRefusal = {};
            result.keyLabel = key.label;
            result.keyThumbprint = key.thumbprint();
            return;
        }
        if (result.signatureRefusal.isEmpty()) result.signatureRefusal = outcome;
    }
    if (tried.isEmpty()) {
        result.signatureRefusal = unfit;
        return;
    }
    result.signature = Signature::NotVerified;
    result.notes.append(JwsVerifyText::tr("Tried: %1.").arg(tried.join(QLatin1String(", "))));
}

/// Everything before the signature's arithmetic. The refusal, if there is one, is final.
Refusal readToken(std::string_view compact, const VerifyOptions& options, JwsVerification& result,
                  QByteArray& signature, std::string_view& input) {
    if (compact.size() > maxVerifiedBytes) return {"too-large", JwsVerifyText::tr("It is larger than 1 MB.")};
    const std::vector<std::string_view> parts = partsOf(compact);
    if (parts.size() != 3 && parts.size() != 5)
        return {"part-count",
                JwsVerifyText::tr("It is no compact JWS: that has three parts with dots between.")};
    Refusal refusal = readHeader(parts[0], result.header);
    if (!refusal.isEmpty()) return refusal;
    result.algorithm = result.header.text(u"alg");
    result.keyId = result.header.text(u"kid");
    if (parts.size() == 5)
        return {"encrypted",
                JwsVerifyText::tr("It is encrypted (JWE): only who has the key can read and check it.")};
    refusal = checkPlainPayload(result.header);
    if (!refusal.isEmpty()) return refusal;
    QByteArray payload;
    refusal = readPart(parts[1], JwsVerifyText::tr("payload"), payload);
    if (!refusal.isEmpty()) return refusal;
    Result<JsonValue> claims = parseJson(payload);
    if (claims && claims->isObject())
        result.claims = std::move(*claims);
    else
        result.notes.append(
            JwsVerifyText::tr("The payload is not a JSON object, so only the signature was judged."));
    noteIgnored(result.header, result.notes);
    for (const Refusal& next : {checkAlgorithm(result.header, options), checkCritical(result.header),
                                readPart(parts[2], JwsVerifyText::tr("signature"), signature)})
        if (!next.isEmpty()) return next;
    if (signature.isEmpty()) return {"signature-missing", JwsVerifyText::tr("The signature is empty.")};
    input = compact.substr(0, parts[0].size() + 1 + parts[1].size());
    return {};
}

} // namespace

bool JwsVerification::verified() const {
    return signature == Signature::Verified && reason().isEmpty();
}

const Refusal& JwsVerification::reason() const {
    if (!signatureRefusal.isEmpty()) return signatureRefusal;
    return claimRefusal.isEmpty() ? timeRefusal : claimRefusal;
}

JwsVerification verifyJws(std::string_view compact, const VerifyKeys& keys, const VerifyOptions& options) {
    JwsVerification result;
    QByteArray signature;
    std::string_view input;
    result.signatureRefusal = readToken(compact, options, result, signature, input);
    if (!result.signatureRefusal.isEmpty()) {
        const QByteArray& id = result.signatureRefusal.id;
        if (id != "encrypted" && id != "alg-unknown") result.signature = Signature::NotVerified;
    } else {
        judge(result, keys, input, signature);
    }
    result.claimRefusal = checkClaims(result.claims, options);
    if (result.claimRefusal.isEmpty() && !options.type.isEmpty())
        result.claimRefusal = checkType(result.header, options.type);
    if (options.checkTimes && result.claims.isObject())
        result.timeRefusal = checkTimes(result.claims, options);
    return result;
}

} // namespace kb
