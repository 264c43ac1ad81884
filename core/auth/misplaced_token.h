// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/http/url_template.h"
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

/// Whether a header, query field or variable of that name is meant for a secret: "api-key", "X-Auth-Token".
bool isSecretName(const QString& name);
/// Whether it has the shape some vendor gives its secrets; an unknown one is no sign.
bool hasTokenShape(const QString& value);
/// Whether a header row holds a secret of its own rather than a {{variable}}.
bool headerHoldsToken(const QString& name, const QString& value);
/// The first query field that carries a token, by its name or by its value's shape.
std::optional<QueryField> queryToken(const QString& url);
/// Whether the URL as a whole is a token, pasted into the wrong field.
bool isTokenInsteadOfUrl(const QString& url);

} // namespace kb
