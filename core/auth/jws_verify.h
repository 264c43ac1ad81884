// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwk.h"

namespace kb {

/// What the verifier insists on beside a good signature.
struct VerifyOptions {
    QStringList algorithms; ///< the allowed ones; empty: each that fits its key's kind
    QString issuer;         ///< iss must be this; empty: any
    QString audience;       ///< aud must be or hold this; empty: any
    QString type; ///< typ must be this media type (RFC 8725 §3.11), "application/" or not; empty: any
    double nowSeconds = 0;     ///< Unix time to judge at
    double leewaySeconds = 60; ///< for exp, nbf and iat
    bool checkTimes = true;
};

/// Why something does not hold. `id` is stable, for programs and tests; an empty one means that it holds.
struct Refusal {
    QByteArray id;    ///< "signature-mismatch", "expired", "kid-unknown"
    QString sentence; ///< for people
    bool isEmpty() const { return id.isEmpty(); }
};

/// The outcome, with the signature kept apart from what the claims say: a token may be genuine and expired,
/// or forged and in time.
struct JwsVerification {
    /// CannotVerify: no key fits, or it is nothing that could be verified here. NotVerified: it was judged
    /// and is bad.
    enum class Signature { Verified, NotVerified, CannotVerify };

    Signature signature = Signature::CannotVerify;
    Refusal signatureRefusal;
    Refusal timeRefusal;  ///< exp, nbf, iat; also set where the signature is bad
    Refusal claimRefusal; ///< iss, aud, typ, repeated names
    QString algorithm;    ///< alg as the token says, if it reads
    QString keyId;        ///< kid
    QString keyLabel;     ///< the key that verified it
    QByteArray keyThumbprint;
    JsonValue header;
    JsonValue claims;  ///< Null where the payload is not a JSON object
    QStringList notes; ///< what was ignored or could not be judged, a sentence each

    bool verified() const;
    const Refusal& reason() const; ///< the first that counts: signature, claims, times
};

/// Verifies a compact JWS (RFC 7515 §5.2) and the registered claims of a JWT (RFC 7519 §7.2), as RFC 8725
/// asks: neither the header's alg nor a key that the token brings decides anything. Strict to the letter;
/// nothing is cut off or guessed. Shares no code with what makes tokens.
JwsVerification verifyJws(std::string_view compact, const VerifyKeys& keys, const VerifyOptions& options);

/// The names it knows: HS256 to EdDSA, as in the header's alg.
QStringList verifiableAlgorithms();

} // namespace kb
