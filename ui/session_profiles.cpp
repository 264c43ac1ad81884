// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that reads, adds and changes token profiles.
#include "ui/session.h"

#include "core/auth/further_keys.h"
#include "core/auth/grant_record.h"
#include "core/auth/profile_facts.h"
namespace kb {

SecretStore& Session::storeFor(const TokenProfile& profile) {
    return profile.storage == SecretStorage::Memory ? m_services.memorySecrets : m_services.secrets;
}

QStringList Session::resolvedOrigins(const ProfileBinding& binding) const {
    const VariableMap known = variables();
    QStringList origins;
    for (const QString& proposed : binding.allowedOrigins) {
        const Result<QString> text = resolveVariables(proposed, known);
        if (!text) continue;
        const Result<Origin> origin = Origin::parse(*text);
        if (origin) origins.append(origin->text());
    }
    return origins;
}

void Session::loadStates() {
    for (const TokenProfile& profile : m_workspace.profiles)
        loadState(profile);
    Q_EMIT profilesChanged();
}

void Session::reloadProfile(const QString& profileId) {
    if (const TokenProfile* profile = m_workspace.profile(profileId)) loadState(*profile);
}

void Session::loadState(const TokenProfile& profile) {
    const QString id = profile.id;
    ProfileState& state = m_states[id];
    const ProfileBinding* binding = profile.bindingFor(m_environment);
    state.problem.reset();
    if (!binding || binding->secret.isEmpty()) {
        state = {};
        state.loading = ProfileState::Loading::Failed;
        state.problem = Error{ErrorCode::SecretMissing,
                              tr("This profile has no secret in this environment."),
                              {},
                              tr("Edit the profile and paste one."),
                              -1};
        Q_EMIT profileStateChanged(id);
        return;
    }
    state.loading = ProfileState::Loading::Waiting;
    if (m_practiceStarting && profile.storage == SecretStorage::Memory) {
        Q_EMIT profileStateChanged(id); // read once the practice API has made it
        return;
    }
    const std::optional<qint64> userExpiry = binding->expiresAt;
    const auto grantRecord = [this, profile](const SecretRecord& record) {
        if (GrantKeeper* keeper = grantsFor(profile)) keeper->observe(grantInput(profile), record);
    };
    keep(storeFor(profile).read(binding->secret, [this, id, grantRecord, scheme = profile.scheme,
                                                  userExpiry](Result<SecretRecord> record) {
        const auto at = m_states.find(id);
        if (at == m_states.end()) return;
        ProfileState& loaded = *at;
        // The command line refreshes grants too: that is no alarm, and reading again gives what is there now.
        if (!record && record.error().code == ErrorCode::SecretChanged && isGrant(scheme)) {
            QMetaObject::invokeMethod(
                this, [this, id] { reloadProfile(id); }, Qt::QueuedConnection);
            return;
        }
        if (!record) {
            loaded.loading = ProfileState::Loading::Failed;
            loaded.problem = record.error();
            loaded.facts.reset();
        } else {
            grantRecord(*record);
            TokenFacts facts = profileFacts(scheme, *record, userExpiry);
            const bool same =
                loaded.facts && loaded.facts->masked == facts.masked && loaded.facts->size == facts.size;
            if (!same) loaded.firstSeenSeconds = nowSeconds();
            loaded.loading = ProfileState::Loading::Done;
            loaded.facts = std::move(facts);
            loaded.confirmedOrigins = record->allowedOrigins;
            loaded.registered = keptRegistration(*record).has_value();
            loaded.keyParts.clear();
            for (const auto& [name, part] : record->parts)
                if (isKeyPart(name) && !part.isEmpty()) loaded.keyParts.append(name);
            loaded.status = statusAt(*loaded.facts, nowSeconds(), loaded.firstSeenSeconds);
        }
        Q_EMIT profileStateChanged(id);
    }));
    Q_EMIT profileStateChanged(id);
}

Result<void> Session::savePlain(const TokenProfile& profile) {
    const QList<TokenProfile> before = m_workspace.profiles;
    const auto at = std::find_if(m_workspace.profiles.begin(), m_workspace.profiles.end(),
                                 [&](const TokenProfile& p) { return p.id == profile.id; });
    if (at == m_workspace.profiles.end())
        m_workspace.profiles.append(profile);
    else
        *at = profile;
    if (Result<void> saved = m_services.workspaces.saveRoot(m_workspace); !saved) {
        m_workspace.profiles = before;
        return saved;
    }
    Q_EMIT profilesChanged();
    return {};
}

void Session::saveProfile(const TokenProfile& profile, std::optional<SecretRecord> record,
                          std::function<void(Result<void>)> done) {
    for (const TokenProfile& other : m_workspace.profiles) {
        if (other.id != profile.id && other.name == profile.name) {
            done(fail(ErrorCode::Conflict, tr("Another profile is called “%1”.").arg(profile.name), {},
                      tr("Choose another name.")));
            return;
        }
    }
    const ProfileBinding* binding = profile.bindingFor(m_environment);
    const TokenProfile* before = m_workspace.profile(profile.id);
    std::optional<TokenProfile> moved; // what is left behind where the secret was kept until now
    if (before && before->storage != profile.storage) moved = *before;
    // Read before anything is changed: an edit that is undone gives its origins no more leave than they had.
    const ProfileState* seen = state(profile.id);
    const std::optional<QStringList> confirmed = seen && seen->loading == ProfileState::Loading::Done
                                                     ? std::optional(seen->confirmedOrigins)
                                                     : std::nullopt;
    const bool withSecret = record.has_value();
    const auto finish = [this, profile, moved, confirmed, withSecret, done](Result<void> stored) {
        const TokenProfile* present = m_workspace.profile(profile.id);
        const std::optional<TokenProfile> old = present ? std::optional(*present) : std::nullopt;
        if (stored) stored = savePlain(profile);
        if (stored) recordProfile(old, profile, withSecret, confirmed);
        if (stored && moved) forgetSecret(*moved);
        if (stored) reloadProfile(profile.id);
        done(std::move(stored));
    };
    const ProfileBinding* bound = before ? before->bindingFor(m_environment) : nullptr;
    const bool sameItem = binding && bound && !moved && bound->secret == binding->secret;
    if (record && sameItem && isGrant(profile.scheme) &&
        schemeName(profile.scheme) == schemeName(before->scheme)) {
        // The tokens stay: what was typed is the client's secret, its server and where the tokens may go.
        const auto typed = std::make_shared<SecretRecord>(std::move(*record));
        const auto finishOrPut = [this, profile, ref = binding->secret, typed, finish](Result<void> stored) {
            if (stored || stored.error().code != ErrorCode::SecretMissing) return finish(std::move(stored));
            keep(storeFor(profile).write(ref, std::move(*typed), finish)); // there were no tokens to keep
        };
        changeRecord(
            profile.id,
            [typed, keys = profile.keys](SecretRecord& kept) {
                for (auto& [name, secret] : typed->parts)
                    kept.parts.insert_or_assign(name, std::move(secret));
                dropOtherKeys(kept, keys);
                kept.allowedOrigins = typed->allowedOrigins;
                if (const Result<GrantServer> server = confirmedServer(*typed)) confirmServer(kept, *server);
            },
            finishOrPut);
        return;
    }
    if (record && binding && sameItem) {
        // A certificate and keys beside the secret are not replaced along with it.
        const auto typed = std::make_shared<SecretRecord>(std::move(*record));
        const auto finishOrPut = [this, profile, ref = binding->secret, typed, finish](Result<void> stored) {
            const auto lost = {ErrorCode::SecretMissing, ErrorCode::SecretUnreadable,
                               ErrorCode::SecretChanged};
            if (stored || std::find(lost.begin(), lost.end(), stored.error().code) == lost.end())
                return finish(std::move(stored));
            keep(storeFor(profile).write(ref, std::move(*typed), finish));
        };
        changeRecord(
            profile.id,
            [typed, keys = profile.keys](SecretRecord& kept) {
                SecretRecord next = typed->revealCopy();
                keepBeside(next, kept, keys);
                kept = std::move(next);
            },
            finishOrPut);
        return;
    }
    if (record && binding) {
        keep(storeFor(profile).write(binding->secret, std::move(*record), finish));
        return;
    }
    const TokenProfile* old = m_workspace.profile(profile.id);
    const ProfileBinding* oldBinding = old ? old->bindingFor(m_environment) : nullptr;
    const bool originsChanged =
        binding && oldBinding && oldBinding->allowedOrigins != binding->allowedOrigins;
    if (!originsChanged || !confirmed) {
        finish({});
        return;
    }
    // The user typed these origins in our own window: that is the confirmation the shared file cannot give.
    const QStringList origins = resolvedOrigins(*binding);
    changeRecord(
        profile.id, [origins](SecretRecord& kept) { kept.allowedOrigins = origins; }, finish);
}

void Session::setBeside(const QString& profileId, std::map<QString, Secret> parts,
                        std::function<void(Result<void>)> done) {
    // A key that is taken away goes from the other environments' items too; a certificate is each one's own.
    QStringList gone;
    for (const auto& [name, secret] : parts)
        if (secret.isEmpty() && isKeyPart(name)) gone << name;
    const bool onlyGone =
        std::all_of(parts.begin(), parts.end(), [](const auto& part) { return part.second.isEmpty(); });
    const TokenProfile* profile = m_workspace.profile(profileId);
    const ProfileBinding* here = profile ? profile->bindingFor(m_environment) : nullptr;
    for (const ProfileBinding& other : profile ? profile->bindings : QList<ProfileBinding>()) {
        if (gone.isEmpty() || !here || other.secret == here->secret || other.secret.isEmpty()) continue;
        SecretStore& store = storeFor(*profile);
        keep(store.read(other.secret, [this, &store, ref = other.secret, gone](Result<SecretRecord> record) {
            if (!record) return;
            std::size_t removed = 0;
            for (const QString& name : gone)
                removed += record->parts.erase(name);
            if (removed == 0) return;
            keep(store.write(ref, std::move(*record), [this](const Result<void>& stored) {
                if (!stored) Q_EMIT message(stored.error().text());
            }));
        }));
    }
    const auto held = std::make_shared<std::map<QString, Secret>>(std::move(parts));
    changeRecord(
        profileId,
        [held](SecretRecord& record) {
            for (const auto& [name, secret] : *held)
                if (secret.isEmpty())
                    record.parts.erase(name);
                else
                    record.parts.insert_or_assign(name, secret.revealCopy());
        },
        [this, profileId, onlyGone, done = std::move(done)](Result<void> stored) {
            // Where nothing is stored there is nothing to take away.
            if (!stored && onlyGone && stored.error().code == ErrorCode::SecretMissing) stored = {};
            if (stored) reloadProfile(profileId);
            done(std::move(stored));
        });
}

void Session::changeRecord(const QString& profileId, std::function<void(SecretRecord&)> change,
                           std::function<void(Result<void>)> done) {
    const TokenProfile* profile = m_workspace.profile(profileId);
    const ProfileBinding* binding = profile ? profile->bindingFor(m_environment) : nullptr;
    if (!binding) {
        done(fail(ErrorCode::NotFound, tr("This profile has no secret in this environment."), {},
                  tr("Edit the profile and paste one.")));
        return;
    }
    SecretStore& store = storeFor(*profile);
    const SecretRef ref = binding->secret;
    keep(store.read(ref, [this, &store, ref, change, done](Result<SecretRecord> record) {
        if (!record) {
            done(tl::unexpected(record.error()));
            return;
        }
        change(*record);
        keep(store.write(ref, std::move(*record), done));
    }));
}

void Session::allowOrigin(const QString& profileId, const QString& origin, bool plainHttp, bool insecureTls,
                          std::function<void(Result<void>)> done) {
    const TokenProfile* profile = m_workspace.profile(profileId);
    const Result<Origin> parsed = Origin::parse(origin);
    if (!profile || !parsed) {
        done(parsed ? Result<void>(fail(ErrorCode::NotFound, tr("That profile is gone.")))
                    : Result<void>(tl::unexpected(parsed.error())));
        return;
    }
    TokenProfile changed = *profile;
    const QString text = parsed->text();
    if (ProfileBinding* binding = changed.bindingFor(m_environment))
        if (!resolvedOrigins(*binding).contains(text)) binding->allowedOrigins.append(text);
    const auto add = [text, plainHttp, insecureTls](SecretRecord& record) {
        if (!record.allowedOrigins.contains(text)) record.allowedOrigins.append(text);
        if (plainHttp && !record.plainHttpOrigins.contains(text)) record.plainHttpOrigins.append(text);
        if (insecureTls && !record.insecureTlsOrigins.contains(text)) record.insecureTlsOrigins.append(text);
    };
    changeRecord(profileId, add, [this, changed, done](Result<void> stored) {
        if (stored) stored = savePlain(changed);
        if (stored) reloadProfile(changed.id);
        done(std::move(stored));
    });
}

void Session::confirmProposedOrigins(const QString& profileId, std::function<void(Result<void>)> done) {
    const TokenProfile* profile = m_workspace.profile(profileId);
    const ProfileBinding* binding = profile ? profile->bindingFor(m_environment) : nullptr;
    const QStringList origins = binding ? resolvedOrigins(*binding) : QStringList();
    changeRecord(
        profileId, [origins](SecretRecord& record) { record.allowedOrigins = origins; },
        [this, profileId, done](Result<void> stored) {
            if (stored) reloadProfile(profileId);
            done(std::move(stored));
        });
}

HandlePtr Session::revealSecret(const QString& profileId, std::function<void(Result<Secret>)> done) {
    const TokenProfile* profile = m_workspace.profile(profileId);
    const ProfileBinding* binding = profile ? profile->bindingFor(m_environment) : nullptr;
    if (!binding) return nullptr;
    return storeFor(*profile).read(binding->secret, [done = std::move(done)](Result<SecretRecord> record) {
        if (record)
            done(std::move(record->secret));
        else
            done(tl::unexpected(record.error()));
    });
}

} // namespace kb
