// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"
#include "core/auth/token_status.h"

namespace kb {

/// What is known of a profile's credential from its record: of a grant also what the token endpoint said.
/// `userExpiry` (Unix seconds) counts where nothing better is known.
TokenFacts profileFacts(const AuthScheme& scheme, const SecretRecord& record,
                        std::optional<qint64> userExpiry);

} // namespace kb
