// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwt.h"

#include <QList>

namespace kb {

/// One member of a header or of claims, in one token or in both.
struct JwtMemberComparison {
    enum class Kind { Same, Changed, OnlyLeft, OnlyRight };

    QString name; ///< with those above it: "realm_access.roles"
    Kind kind = Kind::Same;
    QString left, right; ///< JSON text; empty where the token has no such member
    /// Of scopes, roles and audiences, which are sets however they are written: what only one side has.
    bool isSet = false;
    QStringList onlyLeft, onlyRight;
    /// Of two different times (exp, nbf, iat, auth_time): how much later the right one is, in seconds.
    std::optional<double> laterBy;
};

struct JwtComparison {
    QList<JwtMemberComparison> header; ///< in the left token's order, then what only the right one has
    QList<JwtMemberComparison> claims;
    bool same = false; ///< no member differs
};

/// Compares two decoded tokens member by member; objects within claims too. Order means nothing, in sets of
/// words nor among members; numbers are compared by their text, so that 65-bit ones count in full.
JwtComparison compareJwts(const DecodedJwt& left, const DecodedJwt& right);

} // namespace kb
