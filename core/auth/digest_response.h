// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/crypto.h"
#include "core/auth/secret.h"

#include <optional>

namespace kb {

/// A Digest algorithm (RFC 7616 §3.3, §6.1).
struct DigestAlgorithm {
    Hash hash = Hash::Md5;
    bool session = false; ///< "-sess"
    bool operator==(const DigestAlgorithm&) const = default;
};
/// By its name in any case; empty means MD5. None for one that is not known.
std::optional<DigestAlgorithm> digestAlgorithm(QByteArrayView name);

enum class DigestQop { None, Auth, AuthInt };
QByteArray digestQopName(DigestQop qop); ///< empty for None

/// What a response is made from (RFC 7616 §3.4). Texts are unquoted.
struct DigestInput {
    DigestAlgorithm algorithm;
    DigestQop qop = DigestQop::Auth;
    QByteArray user;
    QByteArray realm;
    QByteArray nonce;
    QByteArray cnonce;
    quint32 count = 1; ///< nc
    QByteArray method;
    QByteArray uri;
    QByteArray bodyHash;      ///< lower-case hex of the content's hash, for auth-int
    QByteArray sessionNonce;  ///< of the first request of the session; for -sess
    QByteArray sessionCnonce; ///< likewise
};

/// "00000001"
QByteArray digestCount(quint32 count);
/// The hash in lower-case hex; empty where the system's library refuses the algorithm.
QByteArray digestHex(Hash hash, std::string_view bytes);
/// The response parameter (RFC 7616 §3.4.1; without qop, RFC 2069's). Empty where the library refuses the
/// algorithm.
QByteArray digestResponse(const DigestInput& input, const Secret& password);
/// The rspauth a server that knows the password answers with (RFC 7616 §3.5). `input.bodyHash` is that of the
/// answer's content.
QByteArray digestRspauth(const DigestInput& input, const Secret& password);
/// The user name hashed (RFC 7616 §3.4.4).
QByteArray digestUserHash(Hash hash, const QByteArray& user, const QByteArray& realm);

} // namespace kb
