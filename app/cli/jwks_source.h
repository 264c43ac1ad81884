// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwk.h"

namespace kb::cli {

/// A JWK Set (RFC 7517 §5) from a file or from a URL: https, or http on this machine. One request without
/// credentials, nothing followed, at most 1 MB. A shared secret in a set that anyone can fetch proves
/// nothing, so such a key is made unusable.
Result<VerifyKeys> fetchJwks(const QString& url);
Result<VerifyKeys> readJwksFile(const QString& path);
/// A file of a key: see readKeyFile().
Result<VerifyKeys> readKeyFileAt(const QString& path);

/// Whether the place of a JWK Set is a URL rather than a file.
bool looksLikeUrl(const QString& place);

} // namespace kb::cli
