// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/token_status.h"
#include "core/workspace/token_profile.h"

namespace kb {

/// When a profile's token ends, where that is known and nothing renews it.
struct TokenEnd {
    QString name; ///< the profile's
    double endsAt = 0;
};
/// Of a live credential; nullopt for one that is renewed, made for each request, kept as it is on purpose, or
/// without a known end.
std::optional<TokenEnd> tokenEnd(const TokenProfile& profile, const TokenFacts& facts);

/// A sentence for each whose token ends before a run that begins now and takes that long.
QStringList outlivedTokens(const QList<TokenEnd>& ends, double nowSeconds, double runSeconds);

/// About how long that many requests take, so many in flight; `perSecond` 0: as fast as they are answered.
double estimatedRunSeconds(int requests, int parallel, double perSecond);

} // namespace kb
