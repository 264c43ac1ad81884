// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jwt_mint.h"

#include "core/auth/crypto.h"
#include "core/auth/signing_key.h"
#include "core/base/json_make.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct JwtMintText {
    Q_DECLARE_TR_FUNCTIONS(JwtMint)
};

void addUnlessGiven(JsonValue& claims, const QString& name, const JsonValue& value) {
    if (!claims.find(name)) claims.members.append({name, value});
}

Result<JsonValue> readClaims(const QString& claims) {
    const QByteArray utf8 = claims.toUtf8();
    Result<JsonValue> value = parseJson(utf8);
    if (!value) {
        Error error = value.error();
        error.code = ErrorCode::InvalidInput;
        error.what = JwtMintText::tr("The claims are not JSON: %1").arg(error.what);
        error.next = JwtMintText::tr("Correct the claims template, or the variable that stands there.");
        // The reader counts bytes; the user sees characters.
        if (error.position >= 0) error.position = QString::fromUtf8(utf8.left(error.position)).size();
        return tl::unexpected(error);
    }
    if (!value->isObject())
        return fail(ErrorCode::InvalidInput, JwtMintText::tr("The claims are not a JSON object."), {},
                    JwtMintText::tr("Write them as {\"sub\": \"…\"}."), 0);
    if (value->hasDuplicateNames())
        return fail(ErrorCode::InvalidInput, JwtMintText::tr("A claim comes twice in the template."), {},
                    JwtMintText::tr("Take one of the two out: programs disagree on which one counts."));
    return value;
}

} // namespace

Result<Secret> mintJwt(const JwtScheme& scheme, const QString& claims, const Secret& key, qint64 nowMs,
                       const std::function<QByteArray(qsizetype)>& randomBytes) {
    Result<JsonValue> payload = readClaims(claims);
    if (!payload) return tl::unexpected(payload.error());
    const qint64 now = nowMs / 1000;
    addUnlessGiven(*payload, QStringLiteral("iat"), jsonNumber(now));
    addUnlessGiven(*payload, QStringLiteral("exp"), jsonNumber(now + scheme.lifetimeS));
    if (!payload->find(u"jti"))
        addUnlessGiven(*payload, QStringLiteral("jti"),
                       jsonText(QString::fromLatin1(toBase64Url(viewOf(randomBytes(16))))));
    JsonValue header;
    header.type = JsonValue::Type::Object;
    header.members.append({QStringLiteral("alg"), jsonText(scheme.algorithm)});
    if (!scheme.type.isEmpty()) header.members.append({QStringLiteral("typ"), jsonText(scheme.type)});
    if (!scheme.keyId.isEmpty()) header.members.append({QStringLiteral("kid"), jsonText(scheme.keyId)});

    const Result<SigningKey> signer = SigningKey::read(key, scheme.algorithm.startsWith(QLatin1String("HS")));
    if (!signer) return tl::unexpected(signer.error());
    Result<QByteArray> token = signCompact(scheme.algorithm, header, writeJson(*payload), *signer);
    if (!token) return tl::unexpected(token.error());
    return Secret::take(*token);
}

} // namespace kb
