// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"
#include "core/workspace/token_profile.h"

namespace kb {

// API keys that go along with a profile's own credential: a security requirement of OpenAPI that names
// several schemes wants all of them at once.

/// The name of the part of a record that holds a key. It says where the key goes, so that a shared file that
/// is changed to send it elsewhere names a key that is not there.
QString keyPart(const ApiKeyScheme& key);
bool isKeyPart(const QString& name);
/// How a key is called where a profile has several: "X-API-Key in a header".
QString keyTitle(const ApiKeyScheme& key);
/// What the environment variable of a key is called after: "Reader X-API-Key". Where another key of the
/// profile would be called the same, the place stands behind it.
QString keyOwner(const TokenProfile& profile, const ApiKeyScheme& key);

/// Refuses keys that cannot be sent together, or not beside the scheme's own credential. `where` is the key's
/// name.
Result<void> checkKeys(const AuthScheme& scheme, const QList<ApiKeyScheme>& keys);

/// For a record that takes the place of `kept`: the certificate and the profile's keys that it has not itself
/// are copied from there. Keys that the profile does not have any more stay behind.
void keepBeside(SecretRecord& record, const SecretRecord& kept, const QList<ApiKeyScheme>& keys);
/// Takes the keys out of a record that the profile does not have any more.
void dropOtherKeys(SecretRecord& record, const QList<ApiKeyScheme>& keys);

} // namespace kb
