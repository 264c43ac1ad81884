// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/digest_response.h"
#include "core/http/challenge.h"

namespace kb {

/// A Digest challenge that can be answered (RFC 7616 §3.3).
struct DigestChallenge {
    QByteArray realm;
    QByteArray nonce;
    std::optional<QByteArray> opaque;
    QByteArray algorithmText; ///< as sent; empty if not sent
    DigestAlgorithm algorithm;
    DigestQop qop = DigestQop::Auth; ///< what we choose of what is offered: auth before auth-int
    bool stale = false;
    bool userhash = false;
};

/// Reads one challenge. `why` tells why it cannot be answered, in a sentence: another algorithm, another qop,
/// no nonce, a repeated parameter.
std::optional<DigestChallenge> readDigestChallenge(const Challenge& challenge, QString& why);

/// The strongest Digest challenge of an answer, by our own order and not by its place: SHA-512-256, SHA-256,
/// MD5, each before its -sess form (servers disagree on what a session is). The problems of those that were
/// passed over are added to `problems`.
std::optional<DigestChallenge> chooseDigestChallenge(const HeaderList& answer, QStringList& problems);

/// The Authorization field's value (RFC 7616 §3.4): what must be quoted is, and nothing else.
QByteArray digestAuthorization(const DigestChallenge& challenge, const DigestInput& input,
                               const QByteArray& response);

/// What Authentication-Info says (RFC 7616 §3.5).
struct DigestInfo {
    bool present = false;
    QByteArray nextNonce;
    QByteArray rspauth;
    QByteArray cnonce;
    QByteArray count;
    QByteArray qop;
};
DigestInfo readDigestInfo(const HeaderList& headers, const HeaderList& trailers);

} // namespace kb
