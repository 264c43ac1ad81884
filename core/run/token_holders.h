// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"
#include "core/workspace/workspace.h"

namespace kb {

/// A place of a workspace that keeps a secret.
struct SecretPlace {
    QString title; ///< for people: "Reader", "Reader (Staging)", "the variable api_token (Staging)"
    SecretRef ref;
    SecretStore* store = nullptr;
    bool grant = false; ///< a profile that obtains its tokens itself
};
/// All of a workspace, each item of the stores once, but for `except`.
QList<SecretPlace> secretPlaces(const Workspace& workspace, SecretStore& keychain, SecretStore& memory,
                                const SecretRef& except);

/// One that keeps the same token.
struct TokenHolder {
    SecretPlace place;
    bool asRefreshToken = false; ///< it has the refresh token, or is itself a grant: no copy of the new one
};

/// The places that have `token`'s access or refresh token among their secrets. Compared in memory, in
/// constant time; no value leaves. What cannot be read is left out. `done` comes later, at most once.
HandlePtr findTokenHolders(QList<SecretPlace> places, const SecretRecord& token,
                           std::function<void(QList<TokenHolder>)> done);

/// Takes the old token out of the holders: the new access token comes in its place; one with the refresh
/// token, or with tokens of its own, is left without, since two may not use one refresh token (RFC 9700
/// §4.14.2). `done` gets a sentence for each, what failed included.
HandlePtr replaceInHolders(QList<TokenHolder> holders, const SecretRecord& oldToken,
                           const SecretRecord& newToken, std::function<void(QStringList)> done);

} // namespace kb
