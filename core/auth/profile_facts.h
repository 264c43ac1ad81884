// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"
#include "core/auth/token_status.h"

namespace kb {

/// What is known of a profile's credential from its record: of a grant also what the token endpoint said.
/// `userExpiry` (Unix seconds) counts where nothing better is known.
TokenFacts profileFacts(const AuthScheme& scheme, const SecretRecord& record,
                        std::optional<qint64> userExpiry);

/// Adds to what the token is bound, and whether the record has it. Nothing is said of a token that cannot be
/// read, nor of one without a binding that nobody asked for: a certificate may be for the connection alone.
void addBinding(TokenFacts& facts, const AuthScheme& scheme, const SecretRecord& record);

} // namespace kb
