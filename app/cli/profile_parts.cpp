// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/profile_parts.h"

#include "app/cli/cli_text.h"
#include "app/cli/scheme_options.h"
#include "core/http/url.h"

namespace kb::cli {

Result<void> checkNewProfile(Context& context, const QString& name) {
    const Result<Workspace*> before = context.workspaceIfAny();
    if (!before) return tl::unexpected(before.error());
    if (!context.environment.isEmpty())
        if (const Result<QString> known = context.environmentName(); !known)
            return tl::unexpected(known.error());
    if (*before && (*before)->profile(name))
        return fail(ErrorCode::Conflict, CliText::tr("There is a profile called %1 already.").arg(name), {},
                    CliText::tr("Change it with profile set."));
    return {};
}

Result<void> forgetProfile(Context& context, const TokenProfile& profile) {
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return tl::unexpected(workspace.error());
    const TokenProfile copy = profile; // it may be the workspace's own
    if (copy.storage == SecretStorage::Keychain)
        for (const ProfileBinding& binding : copy.bindings) {
            const Result<void> gone = removeSecret(context, binding.secret);
            if (!gone && gone.error().code != ErrorCode::SecretMissing) return gone;
        }
    (*workspace)->profiles.removeIf([&](const TokenProfile& each) { return each.id == copy.id; });
    if (const Result<void> saved = context.saveRoot(); !saved) return saved;
    if (const Result<void> cleared = context.timeline().clear(copy.id); !cleared)
        context.out.message(cleared.error().text());
    return {};
}

JsonValue profileJson(const TokenProfile& profile) {
    JsonObject object;
    object.add(QStringLiteral("name"), profile.name)
        .add(QStringLiteral("id"), profile.id)
        .add(QStringLiteral("kind"), schemeName(profile.scheme));
    addSchemeFields(object, profile.scheme);
    object.add(QStringLiteral("storage"), profile.storage == SecretStorage::Memory
                                              ? QStringLiteral("memory")
                                              : QStringLiteral("keychain"));
    QList<JsonValue> bindings;
    for (const ProfileBinding& binding : profile.bindings) {
        bindings.append(JsonObject()
                            .add(QStringLiteral("environment"), binding.environment)
                            .add(QStringLiteral("allow"), jsonTexts(binding.allowedOrigins))
                            .addOptional(QStringLiteral("expires"),
                                         binding.expiresAt
                                             ? std::optional<double>(static_cast<double>(*binding.expiresAt))
                                             : std::nullopt)
                            .value());
    }
    if (!profile.keys.isEmpty()) {
        QList<JsonValue> keys;
        for (const ApiKeyScheme& key : profile.keys) {
            JsonObject row;
            addSchemeFields(row, AuthScheme(key));
            keys.append(row.value());
        }
        object.add(QStringLiteral("keys"), jsonArray(std::move(keys)));
    }
    const DeclaredAccess& declared = profile.declared;
    if (declared != DeclaredAccess())
        object.add(QStringLiteral("declared"), JsonObject()
                                                   .add(QStringLiteral("scopes"), jsonTexts(declared.scopes))
                                                   .add(QStringLiteral("roles"), jsonTexts(declared.roles))
                                                   .add(QStringLiteral("claims"), jsonTexts(declared.claims))
                                                   .add(QStringLiteral("stale"), declared.stale)
                                                   .value());
    return object.add(QStringLiteral("bindings"), jsonArray(std::move(bindings))).value();
}

Result<QStringList> originsOf(const std::vector<std::string>& allow) {
    QStringList origins;
    for (const std::string& text : allow) {
        const Result<Origin> origin = Origin::parse(QString::fromStdString(text));
        if (!origin) return tl::unexpected(origin.error());
        if (!origins.contains(origin->text())) origins.append(origin->text());
    }
    return origins;
}

QStringList plainOnes(const QStringList& origins) {
    QStringList plain;
    for (const QString& text : origins)
        if (text.startsWith(QLatin1String("http:"))) plain.append(text);
    return plain;
}

Result<void> storeSecret(Context& context, const SecretRef& ref, SecretRecord record) {
    auto held = std::make_shared<SecretRecord>(std::move(record));
    return await<Result<void>>([&](std::function<void(Result<void>)> done) {
        return context.keychain().write(ref, std::move(*held), std::move(done));
    });
}

Result<void> removeSecret(Context& context, const SecretRef& ref) {
    return await<Result<void>>([&](std::function<void(Result<void>)> done) {
        return context.keychain().remove(ref, std::move(done));
    });
}

} // namespace kb::cli
