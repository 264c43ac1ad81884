// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/result.h"
#include "core/workspace/auth_schemes.h"

#include <QByteArray>
#include <functional>

namespace kb {

/// Makes and signs the JWT of a scheme (RFC 7519, RFC 7515 §5.1). `claims` is the scheme's template with its
/// variables filled in: a JSON object whose members keep their order, and its numbers their text. iat, exp
/// (now + lifetimeS) and jti (128 random bits) come after them unless the template has them, with whatever
/// value. The error tells where the JSON breaks (`position` counts in `claims`), or why the key does not fit
/// the algorithm.
Result<Secret> mintJwt(const JwtScheme& scheme, const QString& claims, const Secret& key, qint64 nowMs,
                       const std::function<QByteArray(qsizetype)>& randomBytes);

} // namespace kb
