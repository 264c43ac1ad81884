// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <string_view>

namespace kb {

/// A hash function by its place in the standards (FIPS 180-4). Sha512_256 is SHA-512/256, not SHA-512 cut
/// short.
enum class Hash { Md5, Sha1, Sha256, Sha384, Sha512, Sha512_256 };

/// The hash of bytes. Empty only where the system's library refuses the algorithm (MD5 in a FIPS set-up).
QByteArray hashOf(Hash hash, std::string_view bytes);
/// HMAC (RFC 2104).
QByteArray hmacOf(Hash hash, std::string_view key, std::string_view bytes);
/// Bytes from the operating system's generator. Ends the program if there are none: nothing secret may be
/// made without.
QByteArray randomBytes(qsizetype count);
/// Compares in a time that depends on the lengths alone.
bool equalInConstantTime(std::string_view a, std::string_view b);

inline std::string_view viewOf(const QByteArray& bytes) {
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

/// base64url without padding (RFC 7515 §2).
QByteArray toBase64Url(std::string_view bytes);

} // namespace kb
