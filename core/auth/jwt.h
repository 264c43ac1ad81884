// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"

#include <QStringList>
#include <optional>
#include <string_view>

namespace kb {

/// A JWT read, not verified (RFC 7519, RFC 7515 §3.1). The signature bytes are not kept.
struct DecodedJwt {
    JsonValue header;
    JsonValue claims;      ///< Null for a JWE or a payload that is no JSON object
    QByteArray headerText; ///< the JSON as sent
    QByteArray claimsText;
    QString algorithm;
    QString type;                                         ///< typ
    QString keyId;                                        ///< kid
    bool encrypted = false;                               ///< a JWE: only its header can be read
    bool unsecured = false;                               ///< alg none or an empty signature
    std::optional<double> issuedAt, notBefore, expiresAt; ///< NumericDate, seconds
    QString issuer, subject;
    QStringList audience;
    QStringList scopes;  ///< from scope (RFC 9068), scp
    QStringList roles;   ///< from role, roles, groups, entitlements, permissions, realm_access.roles
    QStringList hygiene; ///< findings, a sentence each: "Lives 24 hours.", "exp is text, not a number."
};

/// Strict compact form: three parts (five for a JWE), base64url without padding, header a JSON object.
/// The error says which part does not read and why.
Result<DecodedJwt> decodeJwt(std::string_view compact);

/// What is odd about a token's times at a moment, a sentence each: made in the future, not valid yet. Leeway
/// 60 s.
QStringList timeFindings(const DecodedJwt& jwt, double nowSeconds);

} // namespace kb
