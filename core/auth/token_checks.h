// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <optional>
#include <string_view>

namespace kb {

/// The checks of single token kinds that need more than a prefix. Each judges the whole value by its form
/// alone.

/// How a value looks as a compact JWS or JWE.
struct JoseLook {
    bool isJose =
        false; ///< the dots fit, and the first part is or at least begins like a JSON object in base64url
    int parts = 0;
    QString type; ///< typ in lower case, without "application/"
    bool emptySignature = false;
};
JoseLook joseLook(std::string_view value);

/// The CRC-32 that GitHub's classic tokens end in, six base62 digits over the thirty characters before it.
/// Nothing for a token that has none.
std::optional<bool> githubChecksum(std::string_view value);

bool isPrivateKeyPem(std::string_view value);
bool isPkcs12(std::string_view value);         ///< DER, or DER in base64 (RFC 7292 §4)
bool isPrivateKeyJson(std::string_view value); ///< a JSON object with private_key, as service accounts come
bool isAwsVariantKeyId(std::string_view value);
bool isEntraSecret(std::string_view value);
bool isLegacyOpenAiKey(std::string_view value);
bool isAirtableToken(std::string_view value);
bool isOktaToken(std::string_view value);
bool isMacaroon(std::string_view value);
bool isFernet(std::string_view value);
bool isBasicCredentials(std::string_view value); ///< base64 of "text:text" (RFC 7617 §2)
bool isUuid(std::string_view value);

} // namespace kb
