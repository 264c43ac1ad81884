// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwk.h"
#include "core/auth/jwt.h"
#include "core/auth/oauth_code.h"
#include "core/auth/secret.h"

namespace kb {

/// Whom an id_token must be from, for and about.
struct IdTokenExpectation {
    QString issuer; ///< the server's; empty where it is not known
    QString clientId;
    const Secret* nonce = nullptr;       ///< of a login that sent one
    const Secret* accessToken = nullptr; ///< that came with it, for at_hash
};

/// OpenID Connect Core §3.1.3.7: who issued it, for whom, when it ends, the nonce, and at_hash where it has
/// one (§3.1.3.8). Its signature is judgeIdTokenSignature()'s. The
/// sentences are of what it does not say and should. An encrypted one cannot be checked.
Result<QStringList> checkIdToken(const DecodedJwt& token, const IdTokenExpectation& expected, qint64 nowMs);

/// What a look at an id_token's signature came to.
struct IdTokenSignature {
    enum class State {
        Verified,
        Bad,         ///< of another key, or of a key that is not for this algorithm: not to be used
        NoKey,       ///< none of these keys is the one it names: there may be newer ones
        NotVerified, ///< it cannot be judged, and what is said of it is no word against it
    };
    State state = State::NotVerified;
    QString sentence;
};
/// Its signature alone, by the issuer's keys (§3.1.3.7, 6): by the verifier of `token verify`.
IdTokenSignature judgeIdTokenSignature(std::string_view idToken, const VerifyKeys& keys);

/// OpenID Connect Core §12.2: whether the id_token of a refresh is about the same login as the one it
/// replaces: issuer, subject, audience, azp, auth_time and a nonce, if it has one.
Result<void> checkRefreshedIdToken(const DecodedJwt& token, const DecodedJwt& earlier);

/// at_hash for an access token: the left half of its hash by the id_token's algorithm (§3.1.3.6), in
/// base64url. Empty for an algorithm without one.
QByteArray accessTokenHash(const QString& algorithm, const Secret& accessToken);

/// What a login did not give of what an API wants of it (OpenID Connect Core §3.1.3.7, 12 and 13), a sentence
/// each. Empty where nothing was asked for.
QStringList stepUpFindings(const DecodedJwt& token, const StepUp& wish, qint64 nowMs);

} // namespace kb
