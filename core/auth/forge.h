// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/result.h"
#include "core/workspace/auth_schemes.h"
#include "core/workspace/token_defect.h"

#include <functional>

namespace kb {

/// A credential with a defect, made from a good one. Empty for TokenDefect::Empty. The error says why it
/// cannot be made of this one: what concerns signatures needs a JWT, for example.
Result<Secret> forgeToken(TokenDefect defect, const Secret& good,
                          const std::function<QByteArray(qsizetype)>& random);

/// Whether credentials of this kind can be forged: bearer tokens, those that OAuth gives, JWTs made for each
/// request, and API keys.
bool canBeForged(const AuthScheme& scheme);

} // namespace kb
