// SPDX-License-Identifier: GPL-3.0-or-later
// profile add-key, profile remove-key: API keys that go along with a profile's own credential.
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "app/cli/profile_parts.h"
#include "core/auth/further_keys.h"
#include "core/auth/typed_secret.h"
#include "core/workspace/scheme_fields.h"

#include <CLI/CLI.hpp>

namespace kb::cli {

namespace {

struct KeyOptions {
    std::string name;
    std::string in = "header";
    std::string field;
};

ApiKeyScheme keyOf(const KeyOptions& options) {
    ApiKeyScheme key;
    key.name = QString::fromStdString(options.field);
    for (std::size_t at = 0; at < apiKeyPlaceNames.size(); ++at)
        if (options.in == apiKeyPlaceNames[at]) key.in = static_cast<ApiKeyScheme::In>(at);
    return key;
}

qsizetype placeOf(const TokenProfile& profile, const ApiKeyScheme& key) {
    for (qsizetype at = 0; at < profile.keys.size(); ++at)
        if (keyPart(profile.keys.at(at)) == keyPart(key)) return at;
    return -1;
}

int done(Context& context, const TokenProfile& profile, const QString& said) {
    context.out.message(said);
    if (context.out.json)
        context.out.document(JsonObject().add(QStringLiteral("profile"), profileJson(profile)));
    return Clean;
}

/// Changes the workspace's profile, which `profile` is a changed copy of.
Result<void> save(Context& context, const TokenProfile& profile) {
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return tl::unexpected(workspace.error());
    for (TokenProfile& each : (*workspace)->profiles)
        if (each.id == profile.id) each = profile;
    return context.saveRoot();
}

Result<TokenProfile> named(Context& context, const KeyOptions& options) {
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return tl::unexpected(workspace.error());
    const QString name = QString::fromStdString(options.name);
    const TokenProfile* known = (*workspace)->profile(name);
    if (!known) return tl::unexpected(context.secretOf(name).error());
    return *known;
}

int addKey(Context& context, const KeyOptions& options) {
    const Output& out = context.out;
    Result<TokenProfile> profile = named(context, options);
    if (!profile) return out.error(profile.error(), Usage);
    const ApiKeyScheme key = keyOf(options);
    const qsizetype before = placeOf(*profile, key);
    if (before >= 0)
        profile->keys[before] = key;
    else
        profile->keys.append(key);
    if (const Result<void> fine = checkKeys(profile->scheme, profile->keys); !fine)
        return out.error(fine.error(), Usage);
    if (profile->storage == SecretStorage::Memory) {
        if (const Result<void> saved = save(context, *profile); !saved)
            return out.error(saved.error(), Usage);
        return done(context, *profile,
                    CliText::tr("%1 goes along with %2. It reads %3 at each run.")
                        .arg(keyTitle(key), profile->name,
                             EnvironmentSecrets::variableName(keyOwner(*profile, key))));
    }
    const Result<Context::Source> source = context.secretOf(profile->name);
    if (!source) return out.error(source.error(), Usage);
    if (source->fromEnvironment)
        return out.error(
            {ErrorCode::Conflict,
             CliText::tr("The secret of %1 comes from the environment here, not from the keychain.")
                 .arg(profile->name),
             EnvironmentSecrets::variableName(profile->name), CliText::tr("Unset that variable."), -1},
            Usage);
    const Result<Secret> typed =
        readSecretFromInput(CliText::tr("Key of %1: %2").arg(profile->name, keyTitle(key)));
    if (!typed) return out.error(typed.error(), Usage);
    SecretRecord own;
    if (const Result<void> put = putTypedSecret(own, AuthScheme(key), *typed); !put)
        return out.error(put.error(), Usage);
    // Read last: tokens may have been refreshed while the key was typed.
    Result<SecretRecord> record = readRecord(*source);
    if (!record) return out.error(record.error(), Usage);
    record->parts.insert_or_assign(keyPart(key), std::move(own.secret));
    if (const Result<void> stored = storeSecret(context, source->binding->secret, std::move(*record));
        !stored)
        return out.error(stored.error(), Usage);
    if (const Result<void> saved = save(context, *profile); !saved) return out.error(saved.error(), Usage);
    return done(context, *profile,
                before >= 0 ? CliText::tr("Changed the key of %2: %1.").arg(keyTitle(key), profile->name)
                            : CliText::tr("%1 goes along with %2. The key is in the keychain.")
                                  .arg(keyTitle(key), profile->name));
}

int removeKey(Context& context, const KeyOptions& options) {
    const Output& out = context.out;
    Result<TokenProfile> profile = named(context, options);
    if (!profile) return out.error(profile.error(), Usage);
    const ApiKeyScheme key = keyOf(options);
    const qsizetype at = placeOf(*profile, key);
    if (at < 0) {
        QStringList known;
        for (const ApiKeyScheme& each : std::as_const(profile->keys))
            known << keyTitle(each);
        return out.error(
            {ErrorCode::NotFound,
             CliText::tr("The profile %1 has no such key: %2.").arg(profile->name, keyTitle(key)),
             QStringLiteral("--name"),
             known.isEmpty() ? CliText::tr("It has none.")
                             : CliText::tr("There are: %1.").arg(known.join(QStringLiteral(", "))),
             -1},
            Usage);
    }
    profile->keys.removeAt(at);
    // The keychain first: what could not be wiped there stays named here.
    for (const ProfileBinding& binding : std::as_const(profile->bindings)) {
        if (profile->storage == SecretStorage::Memory) break;
        Result<SecretRecord> record =
            await<Result<SecretRecord>>([&](std::function<void(Result<SecretRecord>)> answer) {
                return context.keychain().read(binding.secret, std::move(answer));
            });
        if (!record && record.error().code == ErrorCode::SecretMissing) continue;
        if (!record) return out.error(record.error(), Usage);
        if (record->parts.erase(keyPart(key)) == 0) continue;
        if (const Result<void> stored = storeSecret(context, binding.secret, std::move(*record)); !stored)
            return out.error(stored.error(), Usage);
    }
    if (const Result<void> saved = save(context, *profile); !saved) return out.error(saved.error(), Usage);
    return done(context, *profile,
                CliText::tr("Removed the key of %2: %1.").arg(keyTitle(key), profile->name));
}

} // namespace

void addProfileKeys(CLI::App& group, QList<Registered>& commands) {
    const auto declare = [&](const char* name, const char* help) {
        auto options = std::make_shared<KeyOptions>();
        CLI::App* command = group.add_subcommand(name, help);
        command->fallthrough();
        command->add_option("profile", options->name, "The profile's name")->required();
        command->add_option("--name", options->field, "The name of the header, query field or cookie")
            ->required();
        command->add_option("--in", options->in, "Where the key goes: header, query, cookie")
            ->check(CLI::IsMember({"header", "query", "cookie"}));
        return std::pair(command, options);
    };
    const auto [adding, added] = declare(
        "add-key", "Sends an API key along with the profile's credential; the key comes from standard input");
    const auto [removing, removed] = declare("remove-key", "Removes such a key");
    commands.append({adding, [options = added](Context& context) { return addKey(context, *options); }});
    commands.append(
        {removing, [options = removed](Context& context) { return removeKey(context, *options); }});
}

} // namespace kb::cli
