// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"
#include "core/run/grant_keeper.h"
#include "core/workspace/token_defect.h"
#include "core/workspace/token_profile.h"

namespace kb {

/// A profile that sends many requests, with where its secret is.
struct Sender {
    TokenProfile profile;
    SecretStore* store = nullptr;
    GrantKeeper* grants = nullptr;
    bool trustFileOrigins = false;          ///< the secret comes from the process environment
    std::optional<TokenDefect> defect = {}; ///< what is sent is a forgery of the profile's credential
};

/// Who sends a forgery: its parent's credential spoilt for each request, on a lane of its own.
inline Sender forgedSender(const DerivedProfile& derived, Sender parent) {
    parent.profile.id = derived.id;
    parent.profile.name = derived.name;
    parent.defect = derived.defect;
    return parent;
}

/// The store of who sends as nobody: never asked, it never answers.
class NoSecrets final : public SecretStore {
public:
    HandlePtr read(const SecretRef&, std::function<void(Result<SecretRecord>)>) override { return {}; }
    HandlePtr write(const SecretRef&, SecretRecord, std::function<void(Result<void>)>) override { return {}; }
    HandlePtr remove(const SecretRef&, std::function<void(Result<void>)>) override { return {}; }
    HandlePtr probe(std::function<void(StoreState)>) override { return {}; }
};

} // namespace kb
