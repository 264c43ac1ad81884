// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/workspace/auth_schemes.h"
#include "core/workspace/request_spec.h"

#include <optional>

namespace kb {

/// Where in a request a token stands that belongs into a profile.
struct TokenSpot {
    enum class In { Nowhere, Header, Query, UserInfo, WholeUrl };
    In in = In::Nowhere;
    int row = -1;  ///< of a header
    QString field; ///< of the query, as it is typed
    bool operator==(const TokenSpot&) const = default;
};

/// The token taken from its place, and the scheme that would send it the way the request meant to.
struct MisplacedToken {
    AuthScheme scheme;
    Secret secret;
};

/// nullopt where nothing stands there. A query field named for an OAuth token becomes a bearer token in the
/// header (RFC 9700 §4.3.2 wants it out of the URL); other query fields stay in the query.
std::optional<MisplacedToken> tokenAt(const RequestSpec& spec, const TokenSpot& place);
/// The same request with nothing at that place.
RequestSpec withoutToken(const RequestSpec& spec, const TokenSpot& place);

} // namespace kb
