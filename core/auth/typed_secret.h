// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"

namespace kb {

/// What a scheme asks the user to type, in this order: names of a record's parts, "" for the secret itself.
/// Empty where there is nothing to type: a public client, a Kerberos ticket.
QStringList typedSecretParts(const AuthScheme& scheme);

/// Puts what was typed into the record. One part takes the whole text, several take a line each; what is
/// missing at the end stays as it was where it may ("session_token"). Tokens and keys that are pasted lose a
/// scheme word and quotes around them; passwords and signing keys stay as they are.
Result<void> putTypedSecret(SecretRecord& record, const AuthScheme& scheme, const Secret& text);

} // namespace kb
