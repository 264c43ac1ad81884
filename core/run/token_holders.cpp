// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/token_holders.h"

#include "core/auth/grant_record.h"
#include "core/base/later.h"

#include <QCoreApplication>
#include <utility>

namespace kb {

namespace {

struct HolderText {
    Q_DECLARE_TR_FUNCTIONS(TokenHolders)
};

QString inEnvironment(const QString& name, const QString& environment) {
    return environment.isEmpty() ? name : HolderText::tr("%1 (%2)").arg(name, environment);
}

bool same(const Secret& one, const Secret* other) {
    return other && !one.isEmpty() && one.equals(*other);
}

/// What of `record` equals the secret.
template<class Each> void forEachSecret(SecretRecord& record, Each each) {
    each(record.secret);
    for (auto& [name, part] : record.parts)
        each(part);
}

/// Reads place after place. Each completion is posted first, so that what it starts may end the walk.
struct Walk : Handle {
    SecretRecord token; ///< the old one
    HandlePtr call;
    HandlePtr next;

    void later(std::function<void()> step) { next = std::make_unique<Later>(std::move(step)); }
};

struct Finding final : Walk {
    QList<SecretPlace> places;
    QList<TokenHolder> found;
    std::function<void(QList<TokenHolder>)> done;

    void step() {
        if (places.isEmpty()) {
            const auto answer = std::move(done);
            return answer(std::exchange(found, {}));
        }
        const SecretPlace place = places.takeFirst();
        call = place.store->read(place.ref, [this, place](Result<SecretRecord> record) {
            if (record) look(place, *record);
            later([this] { step(); });
        });
    }
    void look(const SecretPlace& place, SecretRecord& record) {
        const Secret* refresh = token.part(grantpart::refreshToken);
        bool access = false;
        bool renews = false;
        forEachSecret(record, [&](const Secret& each) {
            access = same(each, &token.secret) || access;
            renews = same(each, refresh) || renews;
        });
        if (access || renews) found.append({place, renews || place.grant});
    }
};

struct Replacing final : Walk {
    QList<TokenHolder> holders;
    SecretRecord newToken;
    QStringList said;
    std::function<void(QStringList)> done;

    void step() {
        if (holders.isEmpty()) {
            const auto answer = std::move(done);
            return answer(std::exchange(said, {}));
        }
        const TokenHolder holder = holders.takeFirst();
        call = holder.place.store->read(holder.place.ref, [this, holder](Result<SecretRecord> record) {
            auto held = std::make_shared<Result<SecretRecord>>(std::move(record));
            later([this, holder, held] {
                if (!*held) return failed(holder, held->error());
                change(holder, **held);
                write(holder, std::move(**held));
            });
        });
    }
    void change(const TokenHolder& holder, SecretRecord& record) {
        if (holder.place.grant) return forgetTokens(record);
        const Secret* refresh = token.part(grantpart::refreshToken);
        forEachSecret(record, [&](Secret& each) {
            if (same(each, &token.secret))
                each = newToken.secret.revealCopy();
            else if (same(each, refresh))
                each.wipe();
        });
    }
    void write(const TokenHolder& holder, SecretRecord record) {
        call = holder.place.store->write(holder.place.ref, std::move(record),
                                         [this, holder](const Result<void>& written) {
                                             later([this, holder, written] {
                                                 if (!written) return failed(holder, written.error());
                                                 told(holder);
                                                 step();
                                             });
                                         });
    }
    void told(const TokenHolder& holder) {
        said << (holder.place.grant
                     ? HolderText::tr("The old token is out of %1, which needs a login of its own.")
                 : holder.asRefreshToken ? HolderText::tr("The old refresh token is out of %1.")
                                         : HolderText::tr("%1 has the new token."))
                    .arg(holder.place.title);
    }
    void failed(const TokenHolder& holder, const Error& error) {
        said << HolderText::tr("The old token is still in %1: %2").arg(holder.place.title, error.text());
        step();
    }
};

} // namespace

QList<SecretPlace> secretPlaces(const Workspace& workspace, SecretStore& keychain, SecretStore& memory,
                                const SecretRef& except) {
    QList<SecretPlace> places;
    QStringList seen{except.id};
    const auto add = [&](const QString& title, const SecretRef& ref, SecretStorage storage, bool grant) {
        if (ref.isEmpty() || seen.contains(ref.id)) return;
        seen << ref.id;
        places.append({title, ref, storage == SecretStorage::Memory ? &memory : &keychain, grant});
    };
    for (const TokenProfile& profile : workspace.profiles)
        for (const ProfileBinding& binding : profile.bindings)
            add(inEnvironment(profile.name, binding.environment), binding.secret, profile.storage,
                isGrant(profile.scheme));
    for (const Environment& environment : workspace.environments)
        for (const SecretVariable& variable : environment.secrets)
            add(inEnvironment(HolderText::tr("the variable %1").arg(variable.name), environment.name),
                variable.secret, variable.storage, false);
    return places;
}

HandlePtr findTokenHolders(QList<SecretPlace> places, const SecretRecord& token,
                           std::function<void(QList<TokenHolder>)> done) {
    auto finding = std::make_unique<Finding>();
    finding->places = std::move(places);
    finding->token = token.revealCopy();
    finding->done = std::move(done);
    finding->later([walk = finding.get()] { walk->step(); });
    return finding;
}

HandlePtr replaceInHolders(QList<TokenHolder> holders, const SecretRecord& oldToken,
                           const SecretRecord& newToken, std::function<void(QStringList)> done) {
    auto replacing = std::make_unique<Replacing>();
    replacing->holders = std::move(holders);
    replacing->token = oldToken.revealCopy();
    replacing->newToken = newToken.revealCopy();
    replacing->done = std::move(done);
    replacing->later([walk = replacing.get()] { walk->step(); });
    return replacing;
}

} // namespace kb
