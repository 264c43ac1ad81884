// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jwt.h"
#include "core/auth/jwt_text.h"

#include "core/auth/base64url.h"
#include "core/auth/jwt_hygiene.h"

#include <cmath>
#include <vector>

namespace kb {

namespace {

// Far above any header or cookie limit of a server; keeps a pasted file from being taken apart as a token.
constexpr std::size_t maxTokenBytes = 1024 * 1024;

std::vector<std::string_view> splitAtDots(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', start)) {
        parts.push_back(text.substr(start, dot - start));
        start = dot + 1;
        if (parts.size() > 5) break;
    }
    parts.push_back(text.substr(start));
    return parts;
}

struct Part {
    QString name;
    std::string_view text;
    qsizetype start = 0; ///< in the whole token
};

tl::unexpected<Error> partError(const Part& part, const QString& why, qsizetype position) {
    return fail(ErrorCode::ParseError, JwtText::tr("The %1 does not read: %2.").arg(part.name, why),
                part.name, JwtText::tr("Check that the whole token was copied."), position);
}

Result<QByteArray> readPart(const Part& part, QStringList& hygiene) {
    Base64UrlText text = decodeBase64Url(part.text);
    if (!text.isValid()) {
        return partError(part, text.problem, text.position < 0 ? part.start : part.start + text.position);
    }
    if (text.trailingBits)
        hygiene.append(JwtText::tr("The %1 ends in bits that are not zero.").arg(part.name));
    return std::move(text.bytes);
}

Result<JsonValue> readHeader(const Part& part, const QByteArray& text) {
    Result<JsonValue> header = parseJson(text);
    if (!header) return partError(part, JwtText::tr("it is not JSON"), part.start);
    if (!header->isObject()) return partError(part, JwtText::tr("it is not a JSON object"), part.start);
    return header;
}

/// A NumericDate (RFC 7519 §2): a number of seconds, whole or not. Anything else is reported, not guessed.
std::optional<double> numericDate(const JsonValue& claims, QLatin1String name, QStringList& hygiene) {
    const JsonValue* value = claims.find(QString(name));
    if (!value) return std::nullopt;
    if (value->isString()) {
        hygiene.append(JwtText::tr("%1 is text, not a number.").arg(name));
        return std::nullopt;
    }
    const double seconds = value->isNumber() ? value->toDouble() : std::nan("");
    if (!std::isfinite(seconds)) {
        hygiene.append(JwtText::tr("%1 is not a number of seconds.").arg(name));
        return std::nullopt;
    }
    return seconds;
}

void appendNew(QStringList& list, const QString& text) {
    if (!text.isEmpty() && !list.contains(text)) list.append(text);
}

/// The texts of a member that may be one string or an array of strings.
void appendTexts(QStringList& list, const JsonValue& object, QLatin1String name, bool splitAtSpaces) {
    const JsonValue* value = object.find(QString(name));
    if (!value) return;
    if (value->isString()) {
        const QStringList words = splitAtSpaces ? value->string.split(QLatin1Char(' '), Qt::SkipEmptyParts)
                                                : QStringList{value->string};
        for (const QString& word : words)
            appendNew(list, word);
    }
    for (const JsonValue& item : value->items) {
        if (item.isString()) appendNew(list, item.string);
    }
}

/// RFC 9068 §2.2.3.1: these may be as in a SCIM user, a list of {"value": …} (RFC 7643 §2.4).
void appendScimTexts(QStringList& list, const JsonValue& object, QLatin1String name) {
    appendTexts(list, object, name, false);
    const JsonValue* value = object.find(QString(name));
    if (!value) return;
    for (const JsonValue& item : value->items)
        appendNew(list, item.text(u"value"));
}

void readClaims(DecodedJwt& jwt) {
    const JsonValue& claims = jwt.claims;
    jwt.expiresAt = numericDate(claims, QLatin1String("exp"), jwt.hygiene);
    jwt.notBefore = numericDate(claims, QLatin1String("nbf"), jwt.hygiene);
    jwt.issuedAt = numericDate(claims, QLatin1String("iat"), jwt.hygiene);
    jwt.issuer = claims.text(u"iss");
    jwt.subject = claims.text(u"sub");
    appendTexts(jwt.audience, claims, QLatin1String("aud"), false);
    appendTexts(jwt.scopes, claims, QLatin1String("scope"), true);
    appendTexts(jwt.scopes, claims, QLatin1String("scp"), true);
    for (const char* name : {"role", "roles", "groups", "entitlements", "permissions"}) {
        appendScimTexts(jwt.roles, claims, QLatin1String(name));
    }
    if (const JsonValue* access = claims.find(u"realm_access")) {
        appendTexts(jwt.roles, *access, QLatin1String("roles"), false);
    }
}

/// RFC 7797: b64 false sends the payload as it is.
bool payloadIsPlain(const JsonValue& header) {
    const JsonValue* value = header.find(u"b64");
    return value && value->type == JsonValue::Type::Bool && !value->boolean;
}

Result<void> readPayload(DecodedJwt& jwt, const Part& part) {
    if (payloadIsPlain(jwt.header)) {
        jwt.claimsText = QByteArray(part.text.data(), qsizetype(part.text.size()));
        jwt.hygiene.append(JwtText::tr("The payload is sent unencoded (b64 false)."));
    } else {
        Result<QByteArray> text = readPart(part, jwt.hygiene);
        if (!text) return tl::unexpected<Error>(text.error());
        jwt.claimsText = std::move(*text);
    }
    Result<JsonValue> claims = parseJson(jwt.claimsText);
    if (claims && claims->isObject()) {
        jwt.claims = std::move(*claims);
        readClaims(jwt);
    } else if (part.text.empty()) {
        jwt.hygiene.append(
            JwtText::tr("The payload is empty: it is sent apart from the token (RFC 7515 appendix F), "
                        "and the signature covers it there."));
    } else {
        jwt.hygiene.append(JwtText::tr("The payload is not a JSON object, so it has no claims."));
    }
    return {};
}

QString encryptedPartName(std::size_t index) {
    switch (index) {
    case 1:
        return JwtText::tr("encrypted key");
    case 2:
        return JwtText::tr("initialization vector");
    case 3:
        return JwtText::tr("ciphertext");
    default:
        return JwtText::tr("authentication tag");
    }
}

/// Direct encryption and direct key agreement send no key; the other ways must (RFC 7516 §5.1, RFC 7518
/// §4.1).
void findEncryptedKey(const QString& algorithm, bool sent, QStringList& hygiene) {
    const bool direct = algorithm == QLatin1String("dir") || algorithm == QLatin1String("ECDH-ES");
    if (direct && sent)
        hygiene.append(JwtText::tr("%1 sends no encrypted key, and here is one.").arg(algorithm));
    if (!direct && !sent && !algorithm.isEmpty())
        hygiene.append(JwtText::tr("%1 sends an encrypted key, and here is none.").arg(algorithm));
}

tl::unexpected<Error> partCountError(std::size_t count) {
    const QString what = count == 1
                             ? JwtText::tr("This is not a JWT: it has no dots.")
                             : JwtText::tr("This is not a JWT: it has %1 parts, not three or five.")
                                   .arg(count > 5 ? JwtText::tr("more than five") : QString::number(count));
    return fail(ErrorCode::ParseError, what, {}, JwtText::tr("Check that the whole token was copied."));
}

} // namespace

Result<DecodedJwt> decodeJwt(std::string_view compact) {
    if (compact.size() > maxTokenBytes) {
        return fail(ErrorCode::ParseError, JwtText::tr("This is not a JWT: it is larger than 1 MB."));
    }
    const std::vector<std::string_view> texts = splitAtDots(compact);
    if (texts.size() != 3 && texts.size() != 5) return partCountError(texts.size());
    std::vector<Part> parts;
    for (const std::string_view text : texts)
        parts.push_back({{}, text, qsizetype(text.data() - compact.data())});

    DecodedJwt jwt;
    jwt.encrypted = parts.size() == 5;
    parts[0].name = JwtText::tr("header");
    Result<QByteArray> headerText = readPart(parts[0], jwt.hygiene);
    if (!headerText) return tl::unexpected<Error>(headerText.error());
    jwt.headerText = std::move(*headerText);
    Result<JsonValue> header = readHeader(parts[0], jwt.headerText);
    if (!header) return tl::unexpected<Error>(header.error());
    jwt.header = std::move(*header);
    jwt.algorithm = jwt.header.text(u"alg");
    jwt.type = jwt.header.text(u"typ");
    jwt.keyId = jwt.header.text(u"kid");

    if (jwt.encrypted) {
        for (std::size_t i = 1; i < parts.size(); ++i) {
            parts[i].name = encryptedPartName(i);
            const Result<QByteArray> bytes = readPart(parts[i], jwt.hygiene);
            if (!bytes) return tl::unexpected<Error>(bytes.error());
        }
        findEncryptedKey(jwt.algorithm, !parts[1].text.empty(), jwt.hygiene);
        jwt.hygiene += headerFindings(jwt);
        return jwt;
    }
    parts[2].name = JwtText::tr("signature");
    Result<QByteArray> signature = readPart(parts[2], jwt.hygiene);
    if (!signature) return tl::unexpected<Error>(signature.error());
    jwt.unsecured =
        signature->isEmpty() || jwt.algorithm.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0;
    parts[1].name = JwtText::tr("payload");
    const Result<void> payload = readPayload(jwt, parts[1]);
    if (!payload) return tl::unexpected<Error>(payload.error());
    jwt.hygiene += headerFindings(jwt);
    jwt.hygiene += claimFindings(jwt);
    return jwt;
}

QStringList timeFindings(const DecodedJwt& jwt, double nowSeconds) {
    constexpr double leeway = 60;
    QStringList findings;
    if (jwt.issuedAt && *jwt.issuedAt > nowSeconds + leeway) {
        findings.append(JwtText::tr("iat is in the future: one of the two clocks is wrong."));
    }
    if (jwt.notBefore && *jwt.notBefore > nowSeconds + leeway) {
        findings.append(JwtText::tr("nbf is in the future: it is not valid yet."));
    }
    return findings;
}

} // namespace kb
