// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwt.h"

namespace kb {

/// Findings on the header: algorithm, type, key id, members that ask the server to trust a key the token
/// brings (RFC 8725 §2 and §3), crit (RFC 7515 §4.1.11), repeated names.
QStringList headerFindings(const DecodedJwt& jwt);
/// Findings on the claims: times, audience, what a signed but readable token should not carry, and what RFC
/// 9068 §2.2 asks of an at+jwt.
QStringList claimFindings(const DecodedJwt& jwt);

} // namespace kb
