// SPDX-License-Identifier: GPL-3.0-or-later
// Environments on the command line: what they hold, and their secret variables.
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "core/http/url.h"

#include <CLI/CLI.hpp>
#include <QUuid>

namespace kb::cli {

namespace {

struct EnvOptions {
    std::string name;
    std::vector<std::string> allow;
    std::string storage;
    bool secretFromInput = false;
};

JsonValue secretJson(const SecretVariable& secret) {
    return JsonObject()
        .add(QStringLiteral("name"), secret.name)
        .add(QStringLiteral("allow"), jsonTexts(secret.allowedOrigins))
        .add(QStringLiteral("storage"),
             secret.storage == SecretStorage::Memory ? QStringLiteral("memory") : QStringLiteral("keychain"))
        .add(QStringLiteral("has_secret"), !secret.secret.isEmpty())
        .value();
}

int listEnvironments(Context& context) {
    const Output& out = context.out;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return out.error(workspace.error(), Usage);
    QList<JsonValue> all;
    for (const Environment& environment : (*workspace)->environments) {
        QList<JsonValue> secrets;
        QStringList names;
        for (const Variable& variable : environment.variables)
            names.append(variable.name);
        if (!out.json) out.line(environment.name);
        for (const QString& name : std::as_const(names))
            if (!out.json) out.line(QStringLiteral("  ") + name);
        for (const SecretVariable& secret : environment.secrets) {
            secrets.append(secretJson(secret));
            if (out.json) continue;
            out.line(QStringLiteral("  %1  %2")
                         .arg(secret.name, secret.secret.isEmpty() ? CliText::tr("secret, no value")
                                                                   : CliText::tr("secret")));
        }
        all.append(
            JsonObject()
                .add(QStringLiteral("name"), environment.name)
                .add(QStringLiteral("class"), environmentKindName((*workspace)->kindOf(environment.name)))
                .add(QStringLiteral("variables"), jsonTexts(names))
                .add(QStringLiteral("secrets"), jsonArray(std::move(secrets)))
                .value());
    }
    if (out.json) out.document(JsonObject().add(QStringLiteral("environments"), jsonArray(std::move(all))));
    return Clean;
}

/// The environment in force, to be changed.
Result<Environment> environmentOf(Context& context) {
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return tl::unexpected(workspace.error());
    const Result<QString> name = context.environmentName();
    if (!name) return tl::unexpected(name.error());
    const Environment* found = (*workspace)->environment(*name);
    if (!found)
        return fail(ErrorCode::NotFound, CliText::tr("It is not said which environment this is about."),
                    QStringLiteral("--env"), CliText::tr("Name it with --env."));
    return *found;
}

Result<void> save(Context& context, const Environment& environment) {
    const Result<WorkspaceStore*> files = context.files();
    if (!files) return tl::unexpected(files.error());
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace) return tl::unexpected(workspace.error());
    return (*files)->saveEnvironment(**workspace, environment);
}

Result<void> removeStored(Context& context, const SecretRef& ref) {
    return await<Result<void>>([&](std::function<void(Result<void>)> done) {
        return context.keychain().remove(ref, std::move(done));
    });
}

Result<void> setSecret(Context& context, const EnvOptions& options) {
    Result<Environment> environment = environmentOf(context);
    if (!environment) return tl::unexpected(environment.error());
    SecretVariable variable;
    variable.name = QString::fromStdString(options.name);
    if (const SecretVariable* known = environment->secret(variable.name)) variable = *known;
    if (!options.allow.empty()) variable.allowedOrigins.clear();
    SecretRecord record;
    for (const std::string& text : options.allow) {
        const Result<Origin> origin = Origin::parse(QString::fromStdString(text));
        if (!origin) return tl::unexpected(origin.error());
        variable.allowedOrigins.append(origin->text());
    }
    record.allowedOrigins = variable.allowedOrigins;
    for (const QString& origin : std::as_const(variable.allowedOrigins))
        if (origin.startsWith(QLatin1String("http://"))) record.plainHttpOrigins.append(origin);
    if (!options.storage.empty())
        variable.storage = options.storage == "memory" ? SecretStorage::Memory : SecretStorage::Keychain;
    const SecretRef old = variable.secret;
    if (variable.storage == SecretStorage::Keychain) {
        if (!options.secretFromInput)
            return fail(ErrorCode::SecretMissing, CliText::tr("The value comes from standard input."),
                        QStringLiteral("--secret-stdin"),
                        CliText::tr("Pipe it in, and add --secret-stdin; or use --storage memory."));
        Result<Secret> secret = readSecretFromInput(variable.name);
        if (!secret) return tl::unexpected(secret.error());
        if (const Result<void> fits = checkVariableSecret(variable.name, *secret); !fits) return fits;
        record.secret = std::move(*secret);
        // Under a name of its own, so that a file that cannot be saved leaves the old value in force.
        variable.secret = SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)};
        const auto held = std::make_shared<SecretRecord>(std::move(record));
        const Result<void> stored = await<Result<void>>([&](std::function<void(Result<void>)> done) {
            return context.keychain().write(variable.secret, std::move(*held), std::move(done));
        });
        if (!stored) return stored;
    } else {
        variable.secret = {};
    }
    environment->secrets.removeIf([&](const SecretVariable& each) { return each.name == variable.name; });
    environment->variables.removeIf([&](const Variable& each) { return each.name == variable.name; });
    environment->secrets.append(variable);
    if (const Result<void> saved = save(context, *environment); !saved) {
        if (!variable.secret.isEmpty()) (void)removeStored(context, variable.secret); // named by nothing
        return saved;
    }
    if (!old.isEmpty()) (void)removeStored(context, old); // likewise
    context.out.message(variable.storage == SecretStorage::Memory
                            ? CliText::tr("%1 is secret. It is read from %2 at each run.")
                                  .arg(variable.name, EnvironmentSecrets::variableName(variable.name))
                            : CliText::tr("%1 is secret. Its value is in the keychain.").arg(variable.name));
    if (variable.allowedOrigins.isEmpty())
        context.out.message(CliText::tr("It may go nowhere yet: allow a host with --allow."));
    if (context.out.json)
        context.out.document(JsonObject()
                                 .add(QStringLiteral("environment"), environment->name)
                                 .add(QStringLiteral("secret"), secretJson(variable)));
    return {};
}

Result<void> removeSecret(Context& context, const EnvOptions& options) {
    Result<Environment> environment = environmentOf(context);
    if (!environment) return tl::unexpected(environment.error());
    const QString name = QString::fromStdString(options.name);
    const SecretVariable* known = environment->secret(name);
    if (!known)
        return fail(ErrorCode::NotFound,
                    CliText::tr("The environment %1 has no secret variable %2.").arg(environment->name, name),
                    QStringLiteral("--env"), CliText::tr("See env list."));
    const SecretRef ref = known->secret;
    environment->secrets.removeIf([&](const SecretVariable& each) { return each.name == name; });
    if (const Result<void> saved = save(context, *environment); !saved) return saved;
    if (!ref.isEmpty())
        if (const Result<void> gone = removeStored(context, ref);
            !gone && gone.error().code != ErrorCode::SecretMissing)
            return gone;
    if (context.out.json)
        context.out.document(JsonObject()
                                 .add(QStringLiteral("environment"), environment->name)
                                 .add(QStringLiteral("removed"), name));
    return {};
}

int ended(Context& context, const Result<void>& result) {
    return result ? int(Clean) : int(context.out.error(result.error(), Usage));
}

} // namespace

void addEnv(CLI::App& parser, QList<Registered>& commands) {
    CLI::App* group = parser.add_subcommand("env", "Environments and their secret variables");
    group->fallthrough();
    group->require_subcommand(1);
    CLI::App* all = group->add_subcommand("list", "Lists environments and the names of their variables");
    all->fallthrough();
    commands.append({all, [](Context& context) { return listEnvironments(context); }});
    auto options = std::make_shared<EnvOptions>();
    CLI::App* set = group->add_subcommand("set-secret", "Gives a variable a secret value");
    set->fallthrough();
    set->add_option("name", options->name, "The variable")->required();
    set->add_flag("--secret-stdin", options->secretFromInput, "Read the value from standard input");
    set->add_option("--allow", options->allow, "Where the value may go, such as https://api.example.com")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    set->add_option("--storage", options->storage,
                    "keychain, or memory: read from the environment at each run")
        ->check(CLI::IsMember({"keychain", "memory"}));
    commands.append(
        {set, [options](Context& context) { return ended(context, setSecret(context, *options)); }});
    CLI::App* remove = group->add_subcommand("remove-secret", "Removes a secret variable and its value");
    remove->fallthrough();
    remove->add_option("name", options->name, "The variable")->required();
    commands.append(
        {remove, [options](Context& context) { return ended(context, removeSecret(context, *options)); }});
}

} // namespace kb::cli
