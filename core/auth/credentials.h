// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/redactor.h"
#include "core/auth/secret.h"
#include "core/workspace/token_profile.h"

namespace kb {

/// Where a credential went, so that a redirect can drop it and the redactor can mask it.
struct PlacedCredential {
    QList<QByteArray> headerFields;
    QList<QByteArray> queryFields;
    QList<QByteArray> cookies;
    QString warning; ///< what the user should know of this place: "An API key in the URL ends up in logs."
                     ///< Else empty
};

/// Puts a secret into a request as its scheme says. Replaces nothing silently: a field of that name the user
/// wrote by hand is an error that says so. Refuses CR, LF, NUL and, for Basic, a colon in the user name (RFC
/// 7617 §2).
Result<PlacedCredential> placeCredential(Request& request, const AuthScheme& scheme, const Secret& secret,
                                         Redactor& redactor);
/// Puts a cookie that a server gave into a request, with its value as it came: a browser sends that back
/// unchanged also where it holds what the grammar forbids (RFC 6265 §5.4). Refuses a semicolon, a control
/// character, and a cookie of that name which the user wrote by hand.
Result<PlacedCredential> placeGivenCookie(Request& request, const QByteArray& name, const Secret& value,
                                          Redactor& redactor);

} // namespace kb
