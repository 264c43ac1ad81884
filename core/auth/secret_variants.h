// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/pattern_search.h"

namespace kb {

/// How a found pattern has to be masked.
enum class VariantTag : int {
    Plain,
    Base64,      ///< its neighbours carry bits of the secret too, and = may follow
    Utf16Little, ///< two bytes a character
    Utf16Big
};

/// Adds a secret in every form it is searched for: as it is, in base64 and base64url at each of the three
/// places it can have in a longer base64, percent-encoded, escaped in JSON and HTML, in UTF-16; and of a JWT
/// its parts that open something: the signature, and what it signs.
void addSecretVariants(PatternSearch& search, std::string_view secret);

} // namespace kb
