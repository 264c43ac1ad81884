// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/when.h"
#include "core/auth/token_kind.h"
#include "core/http/headers.h"
#include "core/http/url.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QUuid>

namespace kb::cli {

namespace {

struct CliText {
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

struct ProfileOptions {
    std::string name;
    std::string kind;
    std::vector<std::string> allow;
    std::string place;
    std::string field;
    std::string user;
    std::string expires;
    std::string storage;
    bool secretFromInput = false;
    CLI::App* command = nullptr;

    bool given(const char* option) const { return command->count(option) > 0; }
};

JsonValue profileJson(const TokenProfile& profile) {
    JsonObject object;
    object.add(QStringLiteral("name"), profile.name)
        .add(QStringLiteral("id"), profile.id)
        .add(QStringLiteral("kind"), schemeName(profile.scheme));
    if (const auto* key = std::get_if<ApiKeyScheme>(&profile.scheme)) {
        static const char* const places[] = {"header", "query", "cookie"};
        object.add(QStringLiteral("in"), QString::fromLatin1(places[static_cast<int>(key->in)]))
            .add(QStringLiteral("field"), key->name);
    }
    if (const auto* basic = std::get_if<BasicScheme>(&profile.scheme))
        object.add(QStringLiteral("user"), basic->user);
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
    return object.add(QStringLiteral("bindings"), jsonArray(std::move(bindings))).value();
}

void printProfile(const Output& out, const TokenProfile& profile) {
    out.line(profile.name);
    out.line(CliText::tr("  kind     %1").arg(schemeName(profile.scheme)));
    if (const auto* key = std::get_if<ApiKeyScheme>(&profile.scheme))
        out.line(CliText::tr("  field    %1").arg(key->name));
    if (const auto* basic = std::get_if<BasicScheme>(&profile.scheme))
        out.line(CliText::tr("  user     %1").arg(basic->user));
    out.line(profile.storage == SecretStorage::Memory
                 ? CliText::tr("  secret   from the environment variable %1")
                       .arg(EnvironmentSecrets::variableName(profile.name))
                 : CliText::tr("  secret   in the keychain"));
    for (const ProfileBinding& binding : profile.bindings) {
        const QString where =
            binding.environment.isEmpty() ? CliText::tr("every environment") : binding.environment;
        out.line(CliText::tr("  allowed  %1 (%2)")
                     .arg(binding.allowedOrigins.isEmpty()
                              ? CliText::tr("nowhere")
                              : binding.allowedOrigins.join(QStringLiteral(", ")),
                          where));
    }
}

int list(Context& context, const std::string& name) {
    const Output& out = context.out;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return out.error(workspace.error(), Usage);
    QList<TokenProfile> shown = (*workspace)->profiles;
    if (!name.empty()) {
        const TokenProfile* profile = (*workspace)->profile(QString::fromStdString(name));
        if (!profile) return out.error(context.secretOf(QString::fromStdString(name)).error(), Usage);
        shown = {*profile};
    }
    if (out.json && !name.empty()) {
        JsonObject document;
        for (const auto& [key, value] : profileJson(shown.first()).members)
            document.add(key, value);
        out.document(std::move(document));
        return Clean;
    }
    QList<JsonValue> items;
    for (const TokenProfile& profile : shown) {
        if (out.json)
            items.append(profileJson(profile));
        else
            printProfile(out, profile);
    }
    if (out.json) out.document(JsonObject().add(QStringLiteral("profiles"), jsonArray(std::move(items))));
    return Clean;
}

Result<AuthScheme> schemeOf(const ProfileOptions& options, const QString& kind, const AuthScheme* before) {
    const auto wrong = [&](const char* option) {
        return fail(ErrorCode::InvalidInput,
                    CliText::tr("%1 does not go with --kind %2.").arg(QLatin1String(option), kind));
    };
    if (kind != QLatin1String("api-key"))
        for (const char* option : {"--in", "--name"})
            if (options.given(option)) return wrong(option);
    if (kind != QLatin1String("basic") && options.given("--user")) return wrong("--user");
    if (kind == QLatin1String("bearer"))
        return before && std::holds_alternative<BearerScheme>(*before) ? *before : AuthScheme(BearerScheme{});
    if (kind == QLatin1String("api-key")) {
        ApiKeyScheme key = before && std::holds_alternative<ApiKeyScheme>(*before)
                               ? std::get<ApiKeyScheme>(*before)
                               : ApiKeyScheme{};
        if (options.place == "header") key.in = ApiKeyScheme::In::Header;
        if (options.place == "query") key.in = ApiKeyScheme::In::Query;
        if (options.place == "cookie") key.in = ApiKeyScheme::In::Cookie;
        if (options.given("--name")) key.name = QString::fromStdString(options.field);
        if (!isToken(key.name.toUtf8()))
            return fail(ErrorCode::InvalidInput, CliText::tr("That is no name for a field: %1").arg(key.name),
                        QStringLiteral("--name"));
        return key;
    }
    BasicScheme basic = before && std::holds_alternative<BasicScheme>(*before)
                            ? std::get<BasicScheme>(*before)
                            : BasicScheme{};
    if (options.given("--user")) basic.user = QString::fromStdString(options.user);
    if (basic.user.isEmpty())
        return fail(ErrorCode::InvalidInput, CliText::tr("Basic needs a user name."),
                    QStringLiteral("--user"));
    if (basic.user.contains(QLatin1Char(':')))
        return fail(ErrorCode::InvalidInput, CliText::tr("A user name may not hold a colon."),
                    QStringLiteral("--user"));
    return basic;
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

/// An http origin written out on the command line is the consent that the window would ask for.
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

/// A pasted token without the scheme in front of it and the like. A password may be any text.
Secret cleaned(Secret secret, const AuthScheme& scheme) {
    if (std::holds_alternative<BasicScheme>(scheme)) return secret;
    return Secret(cleanPastedToken(secret.reveal()).value);
}

/// Puts what was given into the binding and the profile. Shared by add and set.
Result<void> apply(const ProfileOptions& options, Context& context, TokenProfile& profile,
                   ProfileBinding& binding) {
    if (options.given("--allow")) {
        const Result<QStringList> origins = originsOf(options.allow);
        if (!origins) return tl::unexpected(origins.error());
        binding.allowedOrigins = *origins;
    }
    if (options.given("--expires")) {
        const Result<std::optional<qint64>> when =
            parseWhen(QString::fromStdString(options.expires), context.clock().wallMs());
        if (!when) return tl::unexpected(when.error());
        binding.expiresAt = *when;
    }
    if (options.given("--storage"))
        profile.storage = options.storage == "memory" ? SecretStorage::Memory : SecretStorage::Keychain;
    if (binding.secret.isEmpty())
        binding.secret = SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)};
    return {};
}

int add(Context& context, const ProfileOptions& options) {
    const Output& out = context.out;
    const QString name = QString::fromStdString(options.name);
    // Whatever can be refused is refused before a workspace is made and a secret asked for.
    const Result<Workspace*> before = context.workspaceIfAny();
    if (!before) return out.error(before.error(), Usage);
    if (!context.environment.isEmpty())
        if (const Result<QString> known = context.environmentName(); !known)
            return out.error(known.error(), Usage);
    if (*before && (*before)->profile(name))
        return out.error({ErrorCode::Conflict,
                          CliText::tr("There is a profile called %1 already.").arg(name),
                          {},
                          CliText::tr("Change it with profile set."),
                          -1},
                         Usage);
    TokenProfile profile;
    profile.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    profile.name = name;
    const Result<AuthScheme> scheme = schemeOf(options, QString::fromStdString(options.kind), nullptr);
    if (!scheme) return out.error(scheme.error(), Usage);
    profile.scheme = *scheme;
    ProfileBinding binding;
    binding.environment = context.environment;
    if (const Result<void> applied = apply(options, context, profile, binding); !applied)
        return out.error(applied.error(), Usage);
    SecretRecord record;
    if (profile.storage == SecretStorage::Keychain) {
        Result<Secret> secret = readSecretFromInput(CliText::tr("Secret of %1").arg(name));
        if (!secret) return out.error(secret.error(), Usage);
        record.secret = cleaned(std::move(*secret), profile.scheme);
        record.allowedOrigins = binding.allowedOrigins;
        record.plainHttpOrigins = plainOnes(binding.allowedOrigins);
    }
    const Result<Workspace*> workspace = context.workspaceOrNew();
    if (!workspace) return out.error(workspace.error(), Usage);
    if (profile.storage == SecretStorage::Keychain)
        if (const Result<void> stored = storeSecret(context, binding.secret, std::move(record)); !stored)
            return out.error(stored.error(), Usage);
    profile.bindings.append(binding);
    (*workspace)->profiles.append(profile);
    if (const Result<void> saved = context.saveRoot(); !saved) {
        if (profile.storage == SecretStorage::Keychain) removeSecret(context, binding.secret);
        return out.error(saved.error(), Usage);
    }
    out.message(profile.storage == SecretStorage::Memory
                    ? CliText::tr("Added %1. It reads %2 at each run.")
                          .arg(name, EnvironmentSecrets::variableName(name))
                    : CliText::tr("Added %1. Its secret is in the keychain.").arg(name));
    if (binding.allowedOrigins.isEmpty())
        out.message(CliText::tr("It may go nowhere yet: allow a host with profile set --allow."));
    if (out.json) out.document(JsonObject().add(QStringLiteral("profile"), profileJson(profile)));
    return Clean;
}

int set(Context& context, const ProfileOptions& options) {
    const Output& out = context.out;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return out.error(workspace.error(), Usage);
    const TokenProfile* known = (*workspace)->profile(QString::fromStdString(options.name));
    if (!known) return out.error(context.secretOf(QString::fromStdString(options.name)).error(), Usage);
    if (!context.environment.isEmpty())
        if (const Result<QString> where = context.environmentName(); !where)
            return out.error(where.error(), Usage);
    TokenProfile profile = *known;
    const QString kind =
        options.given("--kind") ? QString::fromStdString(options.kind) : schemeName(profile.scheme);
    const Result<AuthScheme> scheme = schemeOf(options, kind, &profile.scheme);
    if (!scheme) return out.error(scheme.error(), Usage);
    profile.scheme = *scheme;
    ProfileBinding* binding = nullptr;
    for (ProfileBinding& candidate : profile.bindings)
        if (candidate.environment == context.environment) binding = &candidate;
    const bool fresh = !binding;
    if (fresh) {
        profile.bindings.append(ProfileBinding{context.environment, {}, {}, {}});
        binding = &profile.bindings.last();
    }
    const SecretStorage storageBefore = profile.storage;
    if (const Result<void> applied = apply(options, context, profile, *binding); !applied)
        return out.error(applied.error(), Usage);
    if (profile.storage == SecretStorage::Keychain) {
        const SecretRef ref = binding->secret;
        std::optional<SecretRecord> record;
        if (!fresh && storageBefore == SecretStorage::Keychain) {
            Result<SecretRecord> kept =
                await<Result<SecretRecord>>([&](std::function<void(Result<SecretRecord>)> done) {
                    return context.keychain().read(ref, std::move(done));
                });
            if (kept)
                record = std::move(*kept);
            else if (!options.secretFromInput)
                return out.error(kept.error(), Usage);
        }
        if (options.secretFromInput) {
            Result<Secret> secret = readSecretFromInput(CliText::tr("Secret of %1").arg(profile.name));
            if (!secret) return out.error(secret.error(), Usage);
            if (!record) record.emplace();
            record->secret = cleaned(std::move(*secret), profile.scheme);
        }
        if (!record)
            return out.error({ErrorCode::SecretMissing,
                              CliText::tr("The profile %1 has no secret here.").arg(profile.name),
                              {},
                              CliText::tr("Give it one with --secret-stdin."),
                              -1},
                             Usage);
        // Only what was typed here is confirmed: the file's list may be somebody else's edit.
        if (options.given("--allow")) {
            record->allowedOrigins = binding->allowedOrigins;
            record->plainHttpOrigins = plainOnes(binding->allowedOrigins);
        }
        if (const Result<void> stored = storeSecret(context, ref, std::move(*record)); !stored)
            return out.error(stored.error(), Usage);
    }
    for (TokenProfile& each : (*workspace)->profiles)
        if (each.id == profile.id) each = profile;
    if (const Result<void> saved = context.saveRoot(); !saved) return out.error(saved.error(), Usage);
    if (profile.storage == SecretStorage::Memory && storageBefore == SecretStorage::Keychain) {
        for (const ProfileBinding& left : profile.bindings)
            removeSecret(context, left.secret);
    }
    out.message(CliText::tr("Changed %1.").arg(profile.name));
    if (out.json) out.document(JsonObject().add(QStringLiteral("profile"), profileJson(profile)));
    return Clean;
}

int remove(Context& context, const ProfileOptions& options) {
    const Output& out = context.out;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return out.error(workspace.error(), Usage);
    const TokenProfile* known = (*workspace)->profile(QString::fromStdString(options.name));
    if (!known) return out.error(context.secretOf(QString::fromStdString(options.name)).error(), Usage);
    const TokenProfile profile = *known;
    if (profile.storage == SecretStorage::Keychain) {
        for (const ProfileBinding& binding : profile.bindings) {
            const Result<void> gone = removeSecret(context, binding.secret);
            if (!gone && gone.error().code != ErrorCode::SecretMissing) return out.error(gone.error(), Usage);
        }
    }
    (*workspace)->profiles.removeIf([&](const TokenProfile& each) { return each.id == profile.id; });
    if (const Result<void> saved = context.saveRoot(); !saved) return out.error(saved.error(), Usage);
    out.message(CliText::tr("Removed %1 and its secret.").arg(profile.name));
    if (out.json) out.document(JsonObject().add(QStringLiteral("removed"), profile.name));
    return Clean;
}

std::shared_ptr<ProfileOptions> declare(CLI::App* command, bool adding) {
    auto options = std::make_shared<ProfileOptions>();
    options->command = command;
    command->fallthrough();
    command->add_option("profile", options->name, "The profile's name")->required();
    CLI::Option* kind = command->add_option("--kind", options->kind, "bearer, api-key or basic")
                            ->check(CLI::IsMember({"bearer", "api-key", "basic"}));
    if (adding) kind->required();
    command
        ->add_option("--allow", options->allow, "An origin the secret may go to; may be given several times")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--in", options->place, "header, query or cookie")
        ->check(CLI::IsMember({"header", "query", "cookie"}));
    command->add_option("--name", options->field, "The header, query field or cookie of an API key");
    command->add_option("--user", options->user, "The user name of Basic");
    command->add_option("--expires", options->expires,
                        "When the secret expires: Unix seconds, an ISO date, or +90d");
    command->add_option("--storage", options->storage, "keychain, or memory: nothing is stored")
        ->check(CLI::IsMember({"keychain", "memory"}));
    if (!adding)
        command->add_flag("--secret-stdin", options->secretFromInput,
                          "Read a new secret from standard input");
    return options;
}

} // namespace

void addProfile(CLI::App& parser, QList<Registered>& commands) {
    CLI::App* group = parser.add_subcommand("profile", "Token profiles; none prints a secret");
    group->fallthrough();
    group->require_subcommand(1);
    const auto plain = [&](const char* name, const char* text, bool needsName) {
        CLI::App* command = group->add_subcommand(name, text);
        command->fallthrough();
        auto options = std::make_shared<ProfileOptions>();
        options->command = command;
        if (needsName) command->add_option("profile", options->name, "The profile's name")->required();
        return options;
    };
    const auto listing = plain("list", "Lists the profiles", false);
    const auto showing = plain("show", "Shows one profile", true);
    const auto removing = plain("remove", "Removes a profile and its secret", true);
    const auto adding =
        declare(group->add_subcommand("add", "Adds a profile; its secret comes from standard input"), true);
    const auto setting = declare(group->add_subcommand("set", "Changes a profile"), false);
    commands.append({listing->command, [listing](Context& context) { return list(context, {}); }});
    commands.append({showing->command, [showing](Context& context) { return list(context, showing->name); }});
    commands.append({removing->command, [removing](Context& context) { return remove(context, *removing); }});
    commands.append({adding->command, [adding](Context& context) { return add(context, *adding); }});
    commands.append({setting->command, [setting](Context& context) { return set(context, *setting); }});
}

} // namespace kb::cli
