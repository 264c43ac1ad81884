// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/id_token.h"

#include "core/auth/base64url.h"
#include "core/auth/crypto.h"
#include "core/auth/jws_verify.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct IdTokenText {
    Q_DECLARE_TR_FUNCTIONS(IdToken)
};

constexpr double idTokenLeewayS = 60;

tl::unexpected<Error> wrongIdToken(const QString& what) {
    return fail(ErrorCode::ProtocolError, what, QStringLiteral("id_token"),
                IdTokenText::tr("Do not use what came with it. Log in again."));
}

bool sameText(const DecodedJwt& a, const DecodedJwt& b, QStringView name) {
    return a.claims.text(name) == b.claims.text(name);
}

} // namespace

QByteArray accessTokenHash(const QString& algorithm, const Secret& accessToken) {
    Hash hash = Hash::Sha512; // Ed25519 is made with it (RFC 8032 §5.1)
    if (algorithm.endsWith(QLatin1String("256")) || algorithm == QLatin1String("ES256K"))
        hash = Hash::Sha256;
    else if (algorithm.endsWith(QLatin1String("384")))
        hash = Hash::Sha384;
    else if (!algorithm.endsWith(QLatin1String("512")) && algorithm != QLatin1String("EdDSA") &&
             algorithm != QLatin1String("Ed25519"))
        return {};
    const QByteArray whole = hashOf(hash, accessToken.reveal());
    const QByteArray half = whole.left(whole.size() / 2);
    return toBase64Url(viewOf(half));
}

Result<QStringList> checkIdToken(const DecodedJwt& token, const IdTokenExpectation& expected, qint64 nowMs) {
    if (token.encrypted)
        return fail(ErrorCode::Unsupported,
                    IdTokenText::tr("The id_token is encrypted and cannot be checked."),
                    QStringLiteral("id_token"));
    if (expected.nonce && !expected.nonce->isEmpty()) {
        const QByteArray nonce = token.claims.text(u"nonce").toUtf8();
        if (nonce.isEmpty()) return wrongIdToken(IdTokenText::tr("The id_token has no nonce."));
        if (!equalInConstantTime(viewOf(nonce), expected.nonce->reveal()))
            return wrongIdToken(
                IdTokenText::tr("The id_token belongs to another login: its nonce is not ours."));
    }
    if (!expected.issuer.isEmpty() && token.issuer != expected.issuer)
        return wrongIdToken(IdTokenText::tr("The id_token was issued by another server."));
    if (!token.audience.contains(expected.clientId))
        return wrongIdToken(IdTokenText::tr("The id_token is for another client."));
    const QString party = token.claims.text(u"azp");
    if ((token.audience.size() > 1 || !party.isEmpty()) && party != expected.clientId)
        return wrongIdToken(IdTokenText::tr("The id_token was issued to another client."));
    const double now = double(nowMs) / 1000;
    if (!token.expiresAt || now >= *token.expiresAt + idTokenLeewayS)
        return wrongIdToken(IdTokenText::tr("The id_token has expired, or does not say when it will."));
    if (const QString hash = token.claims.text(u"at_hash"); !hash.isEmpty() && expected.accessToken) {
        const QByteArray own = accessTokenHash(token.algorithm, *expected.accessToken);
        if (!own.isEmpty() && own != hash.toUtf8())
            return wrongIdToken(IdTokenText::tr("The id_token is about another access token (at_hash)."));
    }
    // What userinfo and later id_tokens are compared with (§5.3.2, §12.2).
    if (token.subject.isEmpty())
        return wrongIdToken(IdTokenText::tr("The id_token does not say which user it is about (sub)."));
    QStringList findings;
    if (!token.issuedAt)
        findings.append(IdTokenText::tr("The id_token does not say when it was made (iat)."));
    else if (*token.issuedAt > now + idTokenLeewayS)
        findings.append(IdTokenText::tr("The id_token was made in the future (iat)."));
    if (token.unsecured) findings.append(IdTokenText::tr("The id_token has no signature."));
    return findings;
}

IdTokenSignature judgeIdTokenSignature(std::string_view idToken, const VerifyKeys& keys) {
    using State = IdTokenSignature::State;
    VerifyOptions options;
    options.checkTimes = false; // checkIdToken() judges the claims
    const JwsVerification found = verifyJws(idToken, keys, options);
    const QByteArray& id = found.signatureRefusal.id;
    if (found.signature == JwsVerification::Signature::Verified)
        return {State::Verified,
                IdTokenText::tr("The signature of the id_token is verified (%1).").arg(found.keyLabel)};
    const QString& why = found.signatureRefusal.sentence;
    const QString open = IdTokenText::tr("The signature of the id_token was not verified: %1").arg(why);
    // A server may leave the signature out where TLS stands for it, if its client asked for that (§2).
    const bool unknown = id == "alg-none" || id == "alg-unknown" || id == "encrypted" ||
                         id == "key-unusable" || id == "key-too-short";
    if (unknown) return {State::NotVerified, open};
    if (id == "kid-unknown" || id == "no-keys") return {State::NoKey, open};
    return {State::Bad, IdTokenText::tr("The signature of the id_token is not right: %1").arg(why)};
}

Result<void> checkRefreshedIdToken(const DecodedJwt& token, const DecodedJwt& earlier) {
    if (token.issuer != earlier.issuer)
        return wrongIdToken(IdTokenText::tr("The id_token of the refresh was issued by another server."));
    if (token.subject != earlier.subject)
        return wrongIdToken(IdTokenText::tr("The id_token of the refresh is about another user."));
    for (const QString& audience : earlier.audience)
        if (!token.audience.contains(audience))
            return wrongIdToken(IdTokenText::tr("The id_token of the refresh is for another client."));
    if (!sameText(token, earlier, u"azp"))
        return wrongIdToken(IdTokenText::tr("The id_token of the refresh was issued to another client."));
    const JsonValue* time = token.claims.find(u"auth_time");
    const JsonValue* first = earlier.claims.find(u"auth_time");
    if (time && first && time->toDouble() != first->toDouble())
        return wrongIdToken(IdTokenText::tr("The id_token of the refresh is of another login (auth_time)."));
    if (token.claims.find(u"nonce") && !sameText(token, earlier, u"nonce"))
        return wrongIdToken(IdTokenText::tr("The id_token of the refresh is of another login (nonce)."));
    return {};
}

QStringList stepUpFindings(const DecodedJwt& token, const StepUp& wish, qint64 nowMs) {
    QStringList findings;
    const JsonValue* level = token.claims.find(u"acr");
    const QString acr = level && level->isString() ? level->string : QString();
    if (!wish.acrValues.isEmpty() && !wish.acrValues.contains(acr))
        findings.append(
            acr.isEmpty() ? IdTokenText::tr(
                                "The server does not say how strong the sign-in was (acr); the API wants %1.")
                                .arg(wish.acrValues.join(QLatin1String(", ")))
                          : IdTokenText::tr("The sign-in has the level %1; the API wants %2.")
                                .arg(acr, wish.acrValues.join(QLatin1String(", "))));
    if (!wish.maxAgeS) return findings;
    const JsonValue* time = token.claims.find(u"auth_time");
    if (!time || !time->isNumber())
        findings.append(IdTokenText::tr("The server does not say when the user signed in (auth_time)."));
    else if (double(nowMs) / 1000 - time->toDouble() > double(*wish.maxAgeS) + idTokenLeewayS)
        findings.append(IdTokenText::tr("The sign-in is older than the %1 seconds that the API allows.")
                            .arg(*wish.maxAgeS));
    return findings;
}

} // namespace kb
