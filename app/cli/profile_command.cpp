// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/certificate_option.h"
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "app/cli/derived_profiles.h"
#include "app/cli/profile_parts.h"
#include "app/cli/scheme_options.h"
#include "app/cli/when.h"
#include "core/auth/further_keys.h"
#include "core/auth/grant_record.h"
#include "core/auth/typed_secret.h"
#include "core/http/url.h"
#include "core/run/resolve_scheme.h"

#include <QUuid>

namespace kb::cli {

namespace {

struct ProfileOptions {
    std::string name;
    std::vector<std::string> allow;
    SchemeOptions scheme;
    std::string expires;
    std::string storage;
    std::string from;   ///< of a derived profile
    std::string defect; ///< likewise
    bool secretFromInput = false;
    CertificateOption certificate;
    CLI::App* command = nullptr;

    bool given(const char* option) const { return command->count(option) > 0; }
};

void printProfile(const Output& out, const TokenProfile& profile) {
    out.line(profile.name);
    out.line(CliText::tr("  kind     %1").arg(schemeName(profile.scheme)));
    for (const QString& line : schemeLines(profile.scheme))
        out.line(line);
    out.line(profile.storage == SecretStorage::Memory
                 ? CliText::tr("  secret   from the environment variable %1")
                       .arg(EnvironmentSecrets::variableName(profile.name))
                 : CliText::tr("  secret   in the keychain"));
    for (const ApiKeyScheme& key : profile.keys)
        out.line(CliText::tr("  key      %1").arg(keyTitle(key)));
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

int listProfiles(Context& context, const std::string& name) {
    const Output& out = context.out;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return out.error(workspace.error(), Usage);
    QList<TokenProfile> shown = (*workspace)->profiles;
    const DerivedProfile* forged = derivedNamed(**workspace, QString::fromStdString(name));
    if (forged) {
        if (!out.json) printDerived(out, **workspace, *forged);
        JsonObject document;
        for (const auto& [key, value] : derivedJson(**workspace, *forged).members)
            document.add(key, value);
        if (out.json) out.document(std::move(document));
        return Clean;
    }
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
    for (const DerivedProfile& each : std::as_const((*workspace)->matrix.derived)) {
        if (out.json)
            items.append(derivedJson(**workspace, each));
        else
            printDerived(out, **workspace, each);
    }
    if (out.json) out.document(JsonObject().add(QStringLiteral("profiles"), jsonArray(std::move(items))));
    return Clean;
}

/// Reads what the scheme wants typed, if anything, into the record.
Result<void> readTyped(SecretRecord& record, const TokenProfile& profile) {
    if (typedSecretParts(profile.scheme).isEmpty()) return {};
    const Result<Secret> secret = readSecretFromInput(CliText::tr("Secret of %1").arg(profile.name));
    if (!secret) return tl::unexpected(secret.error());
    return putTypedSecret(record, profile.scheme, *secret);
}

/// Whether standard input has a secret of the profile's kind. A certificate may come from its file instead.
bool wantsInput(const TokenProfile& profile, const ProfileOptions& options) {
    if (std::holds_alternative<ClientCertificateScheme>(profile.scheme) && !options.certificate.file.empty())
        return false;
    return !typedSecretParts(profile.scheme).isEmpty();
}

/// Keeps the authorization server's addresses with the secret: what was typed is what the user confirmed.
Result<void> confirmTyped(Context& context, SecretRecord& record, const AuthScheme& scheme) {
    if (!isGrant(scheme)) return {};
    const Result<QString> environment = context.environmentName();
    const Result<Workspace*> workspace = context.workspaceIfAny();
    const VariableMap variables =
        environment && workspace && *workspace ? variablesOf(**workspace, *environment) : VariableMap();
    const Result<AuthScheme> resolved = resolveScheme(scheme, variables);
    if (!resolved) return tl::unexpected(resolved.error());
    const Result<GrantServer> server = proposedGrantServer(*resolved);
    if (!server) return tl::unexpected(server.error());
    confirmServer(record, *server);
    return {};
}

/// Refuses to confirm an address along with a change that was typed, when the file names another server than
/// was confirmed before.
Result<void> checkServer(const SecretRecord& record, const TokenProfile& before,
                         const SchemeOptions& options) {
    const bool confirmed = !record.fact(QStringLiteral("client_id")).isEmpty() ||
                           !record.fact(QStringLiteral("token_url")).isEmpty();
    if (!isGrant(before.scheme) || !confirmed) return {};
    static const QMap<QString, QString> fields = {
        {QStringLiteral("issuer"), QStringLiteral("issuer")},
        {QStringLiteral("client_id"), QStringLiteral("clientId")},
        {QStringLiteral("authorization_url"), QStringLiteral("authorizationUrl")},
        {QStringLiteral("token_url"), QStringLiteral("tokenUrl")},
        {QStringLiteral("device_url"), QStringLiteral("deviceUrl")},
        {QStringLiteral("revocation_url"), QStringLiteral("revocationUrl")},
        {QStringLiteral("introspection_url"), QStringLiteral("introspectionUrl")},
        {QStringLiteral("userinfo_url"), QStringLiteral("userinfoUrl")},
        {QStringLiteral("par_url"), QStringLiteral("parUrl")},
        {QStringLiteral("refresh_url"), QStringLiteral("refreshUrl")}};
    const bool login = std::holds_alternative<LoginScheme>(before.scheme);
    QStringList typed = options.typedFields();
    if (login && typed.contains(QStringLiteral("loginUrl"))) typed << QStringLiteral("tokenUrl");
    QStringList strange;
    for (const QString& change : grantServerChanges(record, before.scheme))
        if (!typed.contains(fields.value(change))) strange << change;
    if (strange.isEmpty()) return {};
    return fail(
        ErrorCode::ConsentNeeded,
        (login
             ? CliText::tr("The workspace file names another address to log in at than you confirmed (%1).")
             : CliText::tr("The workspace file names another authorization server than you confirmed (%1)."))
            .arg(strange.join(QStringLiteral(", "))),
        QStringLiteral("opencollection.yml"),
        CliText::tr("Type these addresses out with profile set, or set the file back."));
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
    if (!options.certificate.file.empty() &&
        (options.given("--storage") ? options.storage == "memory" : profile.storage == SecretStorage::Memory))
        return fail(
            ErrorCode::InvalidInput, CliText::tr("A profile that stores nothing cannot keep a certificate."),
            QStringLiteral("--client-cert"),
            CliText::tr("Use --storage keychain; a profile of the kind client-certificate reads it from the "
                        "environment, as PEM."));
    if (options.given("--storage"))
        profile.storage = options.storage == "memory" ? SecretStorage::Memory : SecretStorage::Keychain;
    options.scheme.applyDeclared(profile.declared, std::holds_alternative<OAuthScheme>(profile.scheme));
    if (binding.secret.isEmpty())
        binding.secret = SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)};
    return {};
}

int add(Context& context, const ProfileOptions& options) {
    const Output& out = context.out;
    const QString name = QString::fromStdString(options.name);
    if (options.scheme.kind() == "derived")
        return addDerived(context, name, QString::fromStdString(options.from),
                          QString::fromStdString(options.defect));
    // Whatever can be refused is refused before a workspace is made and a secret asked for.
    if (const Result<void> fine = checkNewProfile(context, name); !fine)
        return out.error(fine.error(), Usage);
    TokenProfile profile;
    profile.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    profile.name = name;
    const Result<AuthScheme> scheme = options.scheme.scheme(nullptr);
    if (!scheme) return out.error(scheme.error(), Usage);
    profile.scheme = *scheme;
    ProfileBinding binding;
    binding.environment = context.environment;
    if (const Result<void> applied = apply(options, context, profile, binding); !applied)
        return out.error(applied.error(), Usage);
    SecretRecord record;
    if (profile.storage == SecretStorage::Keychain) {
        if (const Result<void> confirmed = confirmTyped(context, record, profile.scheme); !confirmed)
            return out.error(confirmed.error(), Usage);
        const bool input = wantsInput(profile, options);
        if (const Result<void> typed = input ? readTyped(record, profile) : Result<void>(); !typed)
            return out.error(typed.error(), Usage);
        if (const Result<void> read = putCertificate(record, options.certificate, input); !read)
            return out.error(read.error(), Usage);
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
    out.message(
        profile.storage == SecretStorage::Memory ? CliText::tr("Added %1. It reads %2 at each run.")
                                                       .arg(name, EnvironmentSecrets::variableName(name))
        : isGrant(profile.scheme) ? CliText::tr("Added %1. Get its first token with token login.").arg(name)
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
    const Result<AuthScheme> scheme = options.scheme.scheme(&profile.scheme);
    if (!scheme) return out.error(scheme.error(), Usage);
    profile.scheme = *scheme;
    if (const Result<void> fine = checkKeys(profile.scheme, profile.keys); !fine)
        return out.error(fine.error(), Usage);
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
            if (!record) record.emplace();
            if (const Result<void> typed = readTyped(*record, profile); !typed)
                return out.error(typed.error(), Usage);
        }
        if (!record)
            return out.error({ErrorCode::SecretMissing,
                              CliText::tr("The profile %1 has no secret here.").arg(profile.name),
                              {},
                              CliText::tr("Give it one with --secret-stdin."),
                              -1},
                             Usage);
        if (const Result<void> read = putCertificate(*record, options.certificate, options.secretFromInput);
            !read)
            return out.error(read.error(), Usage);
        // Only what was typed here is confirmed: the file's list may be somebody else's edit.
        if (options.given("--allow")) {
            record->allowedOrigins = binding->allowedOrigins;
            record->plainHttpOrigins = plainOnes(binding->allowedOrigins);
        }
        if (!options.scheme.typedFields().isEmpty() || options.given("--kind")) {
            if (const Result<void> same = checkServer(*record, *known, options.scheme); !same)
                return out.error(same.error(), Usage);
            if (const Result<void> confirmed = confirmTyped(context, *record, profile.scheme); !confirmed)
                return out.error(confirmed.error(), Usage);
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
    if (const std::optional<int> gone = removeDerived(context, QString::fromStdString(options.name)))
        return *gone;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return out.error(workspace.error(), Usage);
    const TokenProfile* known = (*workspace)->profile(QString::fromStdString(options.name));
    if (!known) return out.error(context.secretOf(QString::fromStdString(options.name)).error(), Usage);
    const QString name = known->name;
    if (const Result<void> gone = forgetProfile(context, *known); !gone)
        return out.error(gone.error(), Usage);
    out.message(CliText::tr("Removed %1 and its secret.").arg(name));
    if (out.json) out.document(JsonObject().add(QStringLiteral("removed"), name));
    return Clean;
}

std::shared_ptr<ProfileOptions> declare(CLI::App* command, bool adding) {
    auto options = std::make_shared<ProfileOptions>();
    options->command = command;
    command->fallthrough();
    command->add_option("profile", options->name, "The profile's name")->required();
    command
        ->add_option("--allow", options->allow, "An origin the secret may go to; may be given several times")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    options->scheme.declare(command, adding);
    if (adding) {
        command->add_option("--from", options->from, "Of a derived profile: whose credential is forged");
        command->add_option(
            "--defect", options->defect,
            "Of a derived profile: what is wrong with it, as in alg-none or flipped-signature");
    }
    command->add_option("--expires", options->expires,
                        "When the secret expires: Unix seconds, an ISO date, or +90d");
    command->add_option("--storage", options->storage, "keychain, or memory: nothing is stored")
        ->check(CLI::IsMember({"keychain", "memory"}));
    command
        ->add_option("--client-cert", options->certificate.file,
                     "A client certificate: PEM or PKCS#12, kept in the keychain")
        ->check(CLI::ExistingFile);
    command
        ->add_option("--client-key", options->certificate.keyFile,
                     "Its private key, where that is a file of its own")
        ->check(CLI::ExistingFile);
    if (!adding)
        command->add_flag("--no-client-cert", options->certificate.remove, "Remove the client certificate");
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
    commands.append({listing->command, [listing](Context& context) { return listProfiles(context, {}); }});
    commands.append(
        {showing->command, [showing](Context& context) { return listProfiles(context, showing->name); }});
    commands.append({removing->command, [removing](Context& context) { return remove(context, *removing); }});
    commands.append({adding->command, [adding](Context& context) { return add(context, *adding); }});
    addProfileRegistration(*group, commands);
    addProfileKeys(*group, commands);
    commands.append({setting->command, [setting](Context& context) { return set(context, *setting); }});
}

} // namespace kb::cli
