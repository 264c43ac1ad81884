// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/token_status.h"
#include "core/workspace/token_profile.h"

namespace kb {

/// When something that a profile sends with ends, where that is known and nothing renews it.
struct TokenEnd {
    enum class What { Token, RefreshToken, ClientSecret, Certificate };
    QString name; ///< the profile's
    double endsAt = 0;
    What what = What::Token;
    bool operator==(const TokenEnd&) const = default;
};
/// Of a profile: its credential, unless it is renewed or made for each request; of one that is renewed, the
/// refresh token and the client's secret that renew it; the client certificate. Nothing of a profile that is
/// kept as it is on purpose, and nothing without a known end.
QList<TokenEnd> tokenEnds(const TokenProfile& profile, const TokenFacts& facts);

/// A sentence for each that ends before a run that begins now and takes that long.
QStringList outlivedTokens(const QList<TokenEnd>& ends, double nowSeconds, double runSeconds);

/// About how long that many requests take, so many in flight; `perSecond` 0: as fast as they are answered.
double estimatedRunSeconds(int requests, int parallel, double perSecond);

} // namespace kb
