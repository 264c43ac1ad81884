// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"

#include <QStringList>

namespace kb {

/// What a token is bound to, as its `cnf` says (RFC 7800 §3.1): a client certificate (RFC 8705 §3.1) or a key
/// (RFC 9449 §6.1). Base64url thumbprints; empty where it is not bound.
struct TokenBinding {
    QString certificateThumbprint; ///< x5t#S256
    QString keyThumbprint;         ///< jkt
};
/// Of a JWT's claims or of an introspection answer.
TokenBinding tokenBinding(const JsonValue& claims);

/// base64url(SHA-256(DER)) of a certificate (RFC 8705 §3.1).
QByteArray certificateThumbprint(const QByteArray& der);

/// Compares with what we hold, a sentence each: bound to our certificate or to another, to our key or to
/// another, bound to nothing although it was asked for. Thumbprints are empty where we hold none.
QStringList bindingFindings(const TokenBinding& binding, const QByteArray& ownCertificate,
                            const QByteArray& ownKey);

} // namespace kb
