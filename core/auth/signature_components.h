// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/message.h"

#include <QStringList>

namespace kb {

/// One component that a signature covers (RFC 9421 §2), checked.
struct SignatureComponent {
    QByteArray name;       ///< lower case; derived ones begin with "@"
    QByteArray identifier; ///< as in the signature base: "\"@query-param\";name=\"id\""
    QByteArray parameter;  ///< the value of key or name
    enum class Form { Plain, Strict, Bytes, Key } form = Form::Plain; ///< of a field: sf, bs, key
    bool operator==(const SignatureComponent&) const = default;
};

/// Reads component identifiers as the user writes them, "@method" or "\"@method\"", with parameters behind.
/// Refuses what a request's signature cannot have: unknown derived names and parameters, tr and req,
/// @status, bs together with sf or key, and the same component twice.
Result<QList<SignatureComponent>> readSignatureComponents(const QStringList& texts);

/// A component's value in a request (RFC 9421 §2.1, §2.2). Host and Content-Length count as the transport
/// makes them where the request does not name them. The error says which component is missing, or why it does
/// not read.
Result<QByteArray> signatureComponentValue(const SignatureComponent& component, const Request& request);

} // namespace kb
