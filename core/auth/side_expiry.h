// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/token_status.h"

namespace kb {

/// What ends beside the token itself: the refresh token, the client secret (RFC 7591 §3.2.1) and the client
/// certificate, where their ends are known. A sentence for each that has ended, or ends within that time.
QStringList endingBeside(const TokenFacts& facts, double nowSeconds, double withinSeconds = 7 * 86400.0);

} // namespace kb
