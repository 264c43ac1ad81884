// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/result.h"

namespace kb {

/// Refuses an empty secret, and one with a control character in it (a tab is one too), which no credential
/// may hold. The error names the character and its place, never the secret.
Result<void> checkSecret(const Secret& secret);
/// The first control character, or -1.
qsizetype firstControl(std::string_view text);

/// A password in Unicode's composed form (RFC 7617 §2.1, RFC 7616 §4); bytes that are no UTF-8 stay as they
/// are.
Secret composedPassword(const Secret& password);

/// "The request already has …": what the user wrote by hand is never replaced silently.
tl::unexpected<Error> credentialConflict(const QString& what, const QString& where);
/// The conflict with a header field of the user's own, in a sentence that names it.
tl::unexpected<Error> fieldConflict(const QByteArray& name);

} // namespace kb
