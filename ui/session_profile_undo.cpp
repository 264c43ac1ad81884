// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that duplicates, moves and removes token profiles, and undoes what was done to them.
#include "core/auth/grant_record.h"
#include "ui/session_removal.h"

#include <QUuid>
#include <algorithm>

namespace kb {

namespace {

const QString pendingKey = QStringLiteral("profiles/pendingSecretRemovals");

QString randomId() {
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

qsizetype placeOf(const QList<TokenProfile>& profiles, const QString& id) {
    const auto at = std::find_if(profiles.cbegin(), profiles.cend(),
                                 [&](const TokenProfile& each) { return each.id == id; });
    return at == profiles.cend() ? -1 : at - profiles.cbegin();
}

/// Takes one field from `from` to `to`; false where it is neither now, since something else changed it.
template<class Field> bool take(Field& now, const Field& from, const Field& to) {
    if (from == to || now == to) return true;
    if (now != from) return false;
    now = to;
    return true;
}

/// The profile as it is now, with what differs between `from` and `to` as `to` has it. What belongs to a
/// secret stays: where it is kept, and under which name. nullopt where one of those fields was changed since.
std::optional<TokenProfile> taken(TokenProfile now, const TokenProfile& from, const TokenProfile& to,
                                  bool scheme) {
    bool fits = take(now.name, from.name, to.name) && take(now.colour, from.colour, to.colour) &&
                take(now.declared, from.declared, to.declared);
    if (scheme) fits = fits && take(now.scheme, from.scheme, to.scheme);
    // The value of a key that was taken away is gone, so only added ones come and go.
    const auto within = [](const QList<ApiKeyScheme>& few, const QList<ApiKeyScheme>& all) {
        return std::all_of(few.cbegin(), few.cend(),
                           [&](const ApiKeyScheme& key) { return all.contains(key); });
    };
    if (within(from.keys, to.keys) || within(to.keys, from.keys))
        fits = fits && take(now.keys, from.keys, to.keys);
    for (ProfileBinding& binding : now.bindings) {
        const auto same = [&](const ProfileBinding& each) { return each.environment == binding.environment; };
        const auto old = std::find_if(from.bindings.cbegin(), from.bindings.cend(), same);
        const auto wanted = std::find_if(to.bindings.cbegin(), to.bindings.cend(), same);
        if (old == from.bindings.cend() || wanted == to.bindings.cend()) continue;
        fits = fits && take(binding.allowedOrigins, old->allowedOrigins, wanted->allowedOrigins) &&
               take(binding.expiresAt, old->expiresAt, wanted->expiresAt);
    }
    return fits ? std::optional(now) : std::nullopt;
}

tl::unexpected<Error> changedMeanwhile(const QString& name) {
    return fail(ErrorCode::Conflict, Session::tr("The profile “%1” has changed meanwhile.").arg(name), {},
                Session::tr("Nothing was touched."));
}

} // namespace

/// That a profile came or went. What was done already when it is pushed.
class Session::ProfilePresence final : public QUndoCommand {
public:
    ProfilePresence(Session& session, const QString& text, std::shared_ptr<RemovedProfile> removed, bool came)
        : QUndoCommand(text), m_session(session), m_removed(std::move(removed)), m_came(came) {}
    void redo() override {
        if (std::exchange(m_done, true)) run(m_came);
    }
    void undo() override { run(!m_came); }

private:
    void run(bool comes) {
        const Result<void> done = comes ? m_session.putBack(m_removed)
                                        : m_session.takeOut(m_removed->profile.id, m_removed, !m_came);
        if (done) return;
        setObsolete(true);
        Q_EMIT m_session.message(done.error().text());
    }
    Session& m_session;
    std::shared_ptr<RemovedProfile> m_removed;
    bool m_came;
    bool m_done = false;
};

class Session::ProfileOrder final : public QUndoCommand {
public:
    ProfileOrder(Session& session, QString id, qsizetype from, qsizetype to)
        : QUndoCommand(tr("Move a profile")),
          m_session(session),
          m_id(std::move(id)),
          m_from(from),
          m_to(to) {}
    void redo() override {
        if (std::exchange(m_done, true)) run(m_to);
    }
    void undo() override { run(m_from); }

private:
    void run(qsizetype to) {
        const QList<TokenProfile> before = m_session.m_workspace.profiles;
        QList<TokenProfile>& list = m_session.m_workspace.profiles;
        const qsizetype at = placeOf(list, m_id);
        if (at < 0) return setObsolete(true);
        list.move(at, qBound(qsizetype(0), to, list.size() - 1));
        if (const Result<void> saved = m_session.m_services.workspaces.saveRoot(m_session.m_workspace);
            !saved) {
            list = before;
            setObsolete(true);
            Q_EMIT m_session.message(saved.error().text());
        }
        Q_EMIT m_session.profilesChanged();
    }
    Session& m_session;
    QString m_id;
    qsizetype m_from, m_to;
    bool m_done = false;
};

/// Of what the file says of a profile, field by field: a secret that was pasted, then or since, stays.
class Session::ProfileEdit final : public QUndoCommand {
public:
    /// `typed`: a secret was pasted with it. `confirmed`: where the secret might go before; nullopt where
    /// that is not known.
    ProfileEdit(Session& session, TokenProfile before, TokenProfile after, bool typed,
                std::optional<QStringList> confirmed)
        : QUndoCommand(Session::tr("Change profile %1").arg(after.name)),
          m_session(session),
          m_before(std::move(before)),
          m_after(std::move(after)),
          m_takesScheme(takesScheme(m_before, m_after, typed)),
          m_environment(session.m_environment) {
        const ProfileBinding* old = m_before.bindingFor(m_environment);
        const ProfileBinding* now = m_after.bindingFor(m_environment);
        if (typed || !confirmed || !old || !now || old->allowedOrigins == now->allowedOrigins) return;
        m_confirmed = {*confirmed, session.resolvedOrigins(*now)};
    }
    void redo() override {
        if (!std::exchange(m_done, true)) return;
        run(m_before, m_after);
        if (m_confirmed) confirm(m_confirmed->first, m_confirmed->second);
    }
    void undo() override {
        run(m_after, m_before);
        if (m_confirmed) confirm(m_confirmed->second, m_confirmed->first);
    }
    /// The secret of one kind is none of another kind: where it was pasted anew, the kind stays with it.
    static bool takesScheme(const TokenProfile& before, const TokenProfile& after, bool typed) {
        return !typed || schemeName(before.scheme) == schemeName(after.scheme);
    }
    static bool changesAnything(const TokenProfile& before, const TokenProfile& after, bool typed) {
        const auto back = taken(after, after, before, takesScheme(before, after, typed));
        return !back || !(*back == after);
    }

private:
    void run(const TokenProfile& from, const TokenProfile& to) {
        const Result<void> done = apply(from, to);
        if (done) return;
        setObsolete(true);
        Q_EMIT m_session.message(done.error().text());
    }
    Result<void> apply(const TokenProfile& from, const TokenProfile& to) {
        const QList<TokenProfile>& list = m_session.m_workspace.profiles;
        const qsizetype at = placeOf(list, from.id);
        if (at < 0) return changedMeanwhile(from.name);
        const auto wanted = taken(list[at], from, to, m_takesScheme);
        if (!wanted) return changedMeanwhile(list[at].name);
        for (const TokenProfile& each : list)
            if (each.id != wanted->id && each.name == wanted->name) return changedMeanwhile(list[at].name);
        return m_session.savePlain(*wanted).map([&] { m_session.reloadProfile(from.id); });
    }
    /// Where the secret may go follows only to what the user had confirmed for this secret, and only from
    /// what this edit made of it; else the next send asks.
    void confirm(const QStringList& from, const QStringList& to) {
        if (isObsolete() || m_session.m_environment != m_environment) return;
        m_session.changeRecord(
            m_after.id,
            [from, to](SecretRecord& record) {
                if (record.allowedOrigins == from) record.allowedOrigins = to;
            },
            [session = &m_session, id = m_after.id](const Result<void>& stored) {
                if (!stored) Q_EMIT session->message(stored.error().text());
                session->reloadProfile(id);
            });
    }
    Session& m_session;
    TokenProfile m_before, m_after;
    bool m_takesScheme;
    std::optional<std::pair<QStringList, QStringList>> m_confirmed; ///< before and after
    QString m_environment;
    bool m_done = false;
};

void Session::recordProfile(const std::optional<TokenProfile>& before, const TokenProfile& after, bool typed,
                            const std::optional<QStringList>& confirmed) {
    if (!before) {
        const auto removed = std::make_shared<RemovedProfile>();
        removed->profile = after;
        m_undo.push(new ProfilePresence(*this, tr("New profile %1").arg(after.name), removed, true));
    } else if (ProfileEdit::changesAnything(*before, after, typed)) {
        m_undo.push(new ProfileEdit(*this, *before, after, typed, confirmed));
    }
}

Result<void> Session::duplicateProfile(const QString& profileId) {
    const TokenProfile* original = m_workspace.profile(profileId);
    if (!original) return fail(ErrorCode::NotFound, tr("That profile is gone."));
    TokenProfile copy = *original;
    copy.id = randomId();
    copy.name = tr("%1 copy").arg(original->name);
    for (int n = 2; m_workspace.profile(copy.name); ++n)
        copy.name = tr("%1 copy %2").arg(original->name).arg(n);
    SecretStore& store = storeFor(copy);
    const QString copyId = copy.id;
    const bool grant = isGrant(copy.scheme);
    for (ProfileBinding& binding : copy.bindings) {
        const SecretRef from = binding.secret;
        const SecretRef to{randomId()};
        binding.secret = to;
        if (from.isEmpty()) continue;
        keep(store.read(from, [this, &store, to, copyId, grant](Result<SecretRecord> record) {
            if (!record) {
                Q_EMIT message(record.error().text());
                return;
            }
            if (grant) leaveForCopy(*record);
            keep(store.write(to, std::move(*record), [this, copyId](const Result<void>& stored) {
                if (!stored) Q_EMIT message(stored.error().text());
                reloadProfile(copyId);
            }));
        }));
    }
    const Result<void> saved = savePlain(copy);
    if (!saved) return saved;
    m_states[copyId].loading = ProfileState::Loading::Waiting;
    if (grant)
        Q_EMIT message(obtainsAlone(copy.scheme)
                           ? tr("%1 has no token yet: it obtains one of its own.").arg(copy.name)
                           : tr("%1 needs a login of its own: two profiles may not use one refresh token.")
                                 .arg(copy.name));
    const auto removed = std::make_shared<RemovedProfile>();
    removed->profile = copy;
    m_undo.push(new ProfilePresence(*this, tr("Duplicate profile %1").arg(original->name), removed, true));
    return saved;
}

Result<void> Session::moveProfile(int from, int to) {
    QList<TokenProfile>& list = m_workspace.profiles;
    if (from < 0 || from >= list.size() || to < 0 || to >= list.size() || from == to) return {};
    list.move(from, to);
    if (Result<void> saved = m_services.workspaces.saveRoot(m_workspace); !saved) {
        list.move(to, from);
        return saved;
    }
    m_undo.push(new ProfileOrder(*this, list[to].id, from, to));
    Q_EMIT profilesChanged();
    return {};
}

void Session::removeProfile(const QString& profileId) {
    const TokenProfile* profile = m_workspace.profile(profileId);
    if (!profile) return;
    const QString text = tr("Delete profile %1").arg(profile->name);
    const auto removed = std::make_shared<RemovedProfile>();
    if (const Result<void> out = takeOut(profile->id, removed, false); !out) {
        Q_EMIT message(out.error().text());
        return;
    }
    m_undo.push(new ProfilePresence(*this, text, removed, false));
    m_removal->offered = true;
    Q_EMIT profileRemoved(removed->profile.name);
}

void Session::undoRemoveProfile() {
    // Later edits stand on this one, and go first.
    while (m_removal && m_removal->offered && m_undo.canUndo())
        m_undo.undo();
}

Result<void> Session::takeOut(const QString& profileId, const std::shared_ptr<RemovedProfile>& removed,
                              bool offered) {
    finishRemoval();
    const QList<TokenProfile> before = m_workspace.profiles;
    const qsizetype index = placeOf(before, profileId);
    if (index < 0) return fail(ErrorCode::NotFound, tr("That profile is gone."));
    m_workspace.profiles.removeAt(index);
    if (const Result<void> saved = m_services.workspaces.saveRoot(m_workspace); !saved) {
        m_workspace.profiles = before;
        return saved;
    }
    removed->profile = before[index];
    removed->index = index;
    removed->away = true;
    m_removal = std::make_unique<Removal>();
    m_removal->profile = removed->profile;
    m_removal->removed = removed;
    m_removal->offered = offered;
    // Named in the settings until it is done, so that a crash within the undo time leaves no orphan in the
    // keychain.
    QStringList pending = m_services.settings.value(pendingKey).toStringList();
    if (m_removal->profile.storage == SecretStorage::Keychain)
        for (const ProfileBinding& binding : m_removal->profile.bindings)
            pending.append(binding.secret.id);
    m_services.settings.setValue(pendingKey, pending);
    m_removal->timer.setSingleShot(true);
    connect(&m_removal->timer, &QTimer::timeout, this, &Session::finishRemoval);
    m_removal->timer.start(undoSeconds() * 1000);
    Q_EMIT profilesChanged();
    if (offered) Q_EMIT profileRemoved(removed->profile.name);
    return {};
}

Result<void> Session::putBack(const std::shared_ptr<RemovedProfile>& removed) {
    const QList<TokenProfile> before = m_workspace.profiles;
    const TokenProfile& profile = removed->profile;
    for (const TokenProfile& each : before)
        if (each.id == profile.id || each.name == profile.name)
            return fail(ErrorCode::Conflict, tr("Another profile is called “%1”.").arg(profile.name), {},
                        tr("Nothing was touched."));
    m_workspace.profiles.insert(qMin(removed->index, before.size()), profile);
    if (const Result<void> saved = m_services.workspaces.saveRoot(m_workspace); !saved) {
        m_workspace.profiles = before;
        return saved;
    }
    removed->away = false;
    QStringList pending = m_services.settings.value(pendingKey).toStringList();
    for (const ProfileBinding& binding : profile.bindings)
        pending.removeAll(binding.secret.id);
    m_services.settings.setValue(pendingKey, pending);
    if (m_removal && m_removal->removed.lock() == removed) {
        m_removal.reset();
    } else {
        for (auto event = removed->events.crbegin(); event != removed->events.crend(); ++event)
            record(profile.id, *event);
        removed->events.clear();
        reloadProfile(profile.id);
    }
    for (const ProfileBinding& binding : profile.bindings)
        if (!removed->leaving.contains(binding.secret.id)) restoreSecret(removed, binding.secret);
    Q_EMIT profilesChanged();
    return {};
}

void Session::restoreSecret(const std::shared_ptr<RemovedProfile>& removed, const SecretRef& ref) {
    if (!removed->records.contains(ref.id)) return;
    SecretStore& store = storeFor(removed->profile);
    const std::weak_ptr<RemovedProfile> held = removed;
    const auto stored = [this, held, ref, id = removed->profile.id](const Result<void>& written) {
        if (!written) Q_EMIT message(written.error().text()); // it is still held: doing it again tries again
        const auto back = held.lock();
        if (written && back && back->away)
            removeSecret(back->profile, ref, back);
        else if (written && back)
            back->records.erase(ref.id);
        reloadProfile(id);
    };
    keep(store.read(ref, [this, &store, held, ref, stored](const Result<SecretRecord>& present) {
        const auto back = held.lock();
        if (!back) return;
        const auto record = back->records.find(ref.id);
        if (record == back->records.end()) return;
        if (present) return stored({}); // a newer one, which stays
        if (present.error().code != ErrorCode::SecretMissing) return stored(tl::unexpected(present.error()));
        keep(store.write(ref, record->second.revealCopy(), stored));
    }));
}

void Session::finishRemoval() {
    if (!m_removal) return;
    const std::unique_ptr<Removal> removal = std::move(m_removal);
    const TokenProfile& profile = removal->profile;
    const std::shared_ptr<RemovedProfile> removed = removal->removed.lock();
    if (!removed) {
        forgetSecret(profile);
    } else {
        removed->events = events(profile.id);
        SecretStore& store = storeFor(profile);
        for (const ProfileBinding& binding : profile.bindings) {
            if (binding.secret.isEmpty()) continue;
            const auto held = removal->removed;
            keep(store.read(
                binding.secret, [this, profile, ref = binding.secret, held](Result<SecretRecord> record) {
                    const auto now = held.lock();
                    if (now && !now->away) return; // it is back
                    // One that cannot be read now stays for now: the next start removes it.
                    const auto lost = {ErrorCode::SecretMissing, ErrorCode::SecretUnreadable};
                    if (!record && std::find(lost.begin(), lost.end(), record.error().code) == lost.end()) {
                        Q_EMIT message(record.error().text());
                        return;
                    }
                    if (now && record) now->records.insert_or_assign(ref.id, std::move(*record));
                    removeSecret(profile, ref, held);
                }));
        }
    }
    clearEvents(profile.id);
    m_states.remove(profile.id);
}

void Session::removeSecret(const TokenProfile& profile, const SecretRef& ref,
                           const std::weak_ptr<RemovedProfile>& removed) {
    if (const auto held = removed.lock()) held->leaving.insert(ref.id);
    keep(storeFor(profile).remove(ref, [this, ref, removed](const Result<void>& gone) {
        const auto held = removed.lock();
        if (held) held->leaving.erase(ref.id);
        if (!gone && gone.error().code != ErrorCode::SecretMissing) {
            Q_EMIT message(gone.error().text());
            return;
        }
        QStringList pending = m_services.settings.value(pendingKey).toStringList();
        pending.removeAll(ref.id);
        m_services.settings.setValue(pendingKey, pending);
        if (held && !held->away) restoreSecret(held, ref); // undone while it left
    }));
}

void Session::forgetSecret(const TokenProfile& profile) {
    for (const ProfileBinding& binding : profile.bindings)
        if (!binding.secret.isEmpty()) removeSecret(profile, binding.secret, {});
}

void Session::finishOldRemovals() {
    const QStringList pending = m_services.settings.value(pendingKey).toStringList();
    for (const QString& id : pending) {
        TokenProfile gone;
        gone.bindings.append(ProfileBinding{{}, SecretRef{id}, {}, {}});
        forgetSecret(gone);
    }
}

} // namespace kb
