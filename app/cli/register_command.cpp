// SPDX-License-Identifier: GPL-3.0-or-later
// profile register, profile registration, profile unregister: a client of an authorization server's own
// making (RFC 7591, RFC 7592).
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "app/cli/profile_parts.h"
#include "core/auth/oauth_answer.h"
#include "core/run/client_registrar.h"
#include "core/run/registration_manager.h"
#include "core/workspace/scheme_fields.h"
#include "io/files/grant_lock.h"
#include "io/network/curl_transport.h"

#include <CLI/CLI.hpp>
#include <QUuid>

namespace kb::cli {

namespace {

struct RegisterOptions {
    std::string name;
    std::string issuer;
    std::string grant = "authorization_code";
    std::string clientName = "Keybearer";
    std::string caFile;
    std::vector<std::string> scopes;
    std::vector<std::string> resources;
    std::vector<std::string> allow;
    std::vector<std::string> plainHttp;
    bool dpop = false;
    bool tokenFromInput = false;
};

QStringList textsOf(const std::vector<std::string>& words) {
    QStringList out;
    for (const std::string& each : words)
        out += QString::fromStdString(each).split(u' ', Qt::SkipEmptyParts);
    return out;
}

Result<RegistrationWish> wishOf(const RegisterOptions& options) {
    RegistrationWish wish;
    wish.issuer = QString::fromStdString(options.issuer);
    const auto grant = std::find(grantNames.begin(), grantNames.end(), options.grant);
    if (grant == grantNames.end())
        return fail(ErrorCode::InvalidInput,
                    CliText::tr("There is no grant \"%1\".").arg(options.grant.c_str()),
                    QStringLiteral("--grant"));
    wish.scheme.grant = OAuthGrant(grant - grantNames.begin());
    wish.scheme.scopes = textsOf(options.scopes);
    wish.scheme.resources = textsOf(options.resources);
    wish.scheme.dpop = options.dpop;
    wish.clientName = QString::fromStdString(options.clientName);
    wish.caFile = QString::fromStdString(options.caFile);
    wish.plainHttpOrigins = textsOf(options.plainHttp);
    if (options.tokenFromInput) {
        Result<Secret> token = readSecretFromInput(CliText::tr("Token to register with"));
        if (!token) return tl::unexpected(token.error());
        wish.initialToken = std::move(*token);
    }
    return wish;
}

/// Keeps the profile and its secrets. The server has the client already: what goes wrong is said with its id.
Result<TokenProfile> keep(Context& context, const RegisterOptions& options, const QStringList& origins,
                          RegisteredClient& client) {
    TokenProfile profile;
    profile.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    profile.name = QString::fromStdString(options.name);
    profile.scheme = client.scheme;
    ProfileBinding binding;
    binding.environment = context.environment;
    binding.allowedOrigins = origins;
    binding.secret = SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)};
    SecretRecord record;
    record.allowedOrigins = origins;
    record.plainHttpOrigins = plainOnes(origins) + textsOf(options.plainHttp);
    if (const Result<void> put = putRegisteredClient(record, client); !put)
        return tl::unexpected(put.error());
    const Result<Workspace*> workspace = context.workspaceOrNew();
    if (!workspace) return tl::unexpected(workspace.error());
    // First the keychain: the token that manages the registration is given once.
    if (const Result<void> stored = storeSecret(context, binding.secret, std::move(record)); !stored)
        return tl::unexpected(stored.error());
    profile.bindings.append(binding);
    (*workspace)->profiles.append(profile);
    if (const Result<void> saved = context.saveRoot(); !saved) {
        removeSecret(context, binding.secret);
        return tl::unexpected(saved.error());
    }
    return profile;
}

int registerProfile(Context& context, const RegisterOptions& options) {
    const Output& out = context.out;
    const QString name = QString::fromStdString(options.name);
    // Whatever can be refused is refused before the server makes anything.
    if (const Result<void> fine = checkNewProfile(context, name); !fine)
        return out.error(fine.error(), Usage);
    const Result<QStringList> origins = originsOf(options.allow);
    if (!origins) return out.error(origins.error(), Usage);
    Result<RegistrationWish> wish = wishOf(options);
    if (!wish) return out.error(wish.error(), Usage);
    CurlTransport transport;
    using Answer = Result<std::shared_ptr<RegisteredClient>>;
    const Answer made = await<Answer>([&](std::function<void(Answer)> done) {
        return registerClient(transport, context.clock(), std::move(*wish), std::move(done));
    });
    if (!made) return out.error(made.error(), serverExit(made.error()));
    const QString clientId = (*made)->scheme.clientId;
    const QStringList findings = (*made)->findings;
    for (const QString& finding : findings)
        out.message(finding);
    const Result<TokenProfile> profile = keep(context, options, *origins, **made);
    if (!profile) {
        Error error = profile.error();
        error.next = CliText::tr("The server has registered the client %1: remove it there.").arg(clientId) +
                     u' ' + error.next;
        return out.error(error, Usage);
    }
    out.message(CliText::tr("Registered %1 as the client %2. Get its first token with token login.")
                    .arg(name, clientId));
    if (out.json)
        out.document(JsonObject()
                         .add(QStringLiteral("profile"), profileJson(*profile))
                         .add(QStringLiteral("findings"), jsonTexts(findings)));
    return Clean;
}

int showRegistration(Context& context, const RegisterOptions& options, const RegistrationChange& change) {
    const Output& out = context.out;
    const QString name = QString::fromStdString(options.name);
    const Result<Context::Source> source = context.secretOf(name);
    if (!source) return out.error(source.error(), Usage);
    CurlTransport transport;
    FileGrantLock lock;
    using Answer = Result<std::shared_ptr<RegistrationView>>;
    const Answer read = await<Answer>([&](std::function<void(Answer)> done) {
        return manageClient(transport, *source->store, &lock, context.clock(), source->binding->secret,
                            change, {}, QString::fromStdString(options.caFile), std::move(done));
    });
    if (!read) return out.error(read.error(), serverExit(read.error()));
    const RegistrationView& view = **read;
    for (const QString& finding : view.findings)
        out.message(finding);
    if (out.json) {
        out.document(JsonObject()
                         .add(QStringLiteral("profile"), name)
                         .add(QStringLiteral("client_id"), view.clientId)
                         .add(QStringLiteral("changed"), view.changed)
                         .add(QStringLiteral("metadata"), view.metadata)
                         .add(QStringLiteral("findings"), jsonTexts(view.findings)));
        return Clean;
    }
    out.line(view.changed ? CliText::tr("%1: the server has changed the client. It keeps:").arg(name)
                          : CliText::tr("%1: the server keeps of the client:").arg(name));
    const Redactor plain; // secrets are out of it already; this takes line breaks and the like out
    for (const auto& [member, value] : view.metadata.members)
        out.line(QStringLiteral("  %1 %2")
                     .arg(serverText(member, plain), -26)
                     .arg(serverText(value.isString() ? value.string : QString::fromUtf8(writeJson(value)),
                                     plain)));
    return Clean;
}

int unregisterProfile(Context& context, const RegisterOptions& options) {
    const Output& out = context.out;
    const QString name = QString::fromStdString(options.name);
    const Result<Context::Source> source = context.secretOf(name);
    if (!source) return out.error(source.error(), Usage);
    const Result<SecretRecord> record = readRecord(*source);
    if (!record) return out.error(record.error(), Usage);
    CurlTransport transport;
    const Result<void> gone = await<Result<void>>([&](std::function<void(Result<void>)> done) {
        return deleteRegistration(transport, context.clock(), *record, {},
                                  QString::fromStdString(options.caFile), std::move(done));
    });
    if (!gone) return out.error(gone.error(), serverExit(gone.error()));
    if (const Result<void> removed = forgetProfile(context, *source->profile); !removed)
        return out.error(removed.error(), Usage);
    out.message(CliText::tr("The server has removed the client. Removed %1 and its secrets.").arg(name));
    if (out.json) out.document(JsonObject().add(QStringLiteral("removed"), name));
    return Clean;
}

} // namespace

void addProfileRegistration(CLI::App& group, QList<Registered>& commands) {
    auto options = std::make_shared<RegisterOptions>();
    const auto named = [&](const char* name, const char* help) {
        CLI::App* command = group.add_subcommand(name, help);
        command->fallthrough();
        command->add_option("profile", options->name, "The profile's name")->required();
        command->add_option("--cacert", options->caFile, "A PEM file of authorities to trust")
            ->check(CLI::ExistingFile);
        return command;
    };
    CLI::App* adding = named("register", "Adds a profile by registering a client at an authorization server");
    adding->add_option("--issuer", options->issuer, "The server, by its issuer")->required();
    adding->add_option("--grant", options->grant, "How a token is obtained (authorization_code)");
    const auto several = [&](const char* name, std::vector<std::string>& into, const char* help) {
        adding->add_option(name, into, help)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    };
    several("--scope", options->scopes, "A scope to ask for; may be given several times");
    several("--resource", options->resources, "A resource to ask for; may be given several times");
    several("--allow", options->allow, "An origin the token may go to; may be given several times");
    several("--plain-http", options->plainHttp,
            "An origin of the server that may be asked without encryption");
    adding->add_option("--client-name", options->clientName,
                       "The client's name, for the people who run the server");
    adding->add_flag("--dpop", options->dpop, "Bind tokens to a key (DPoP)");
    adding->add_flag("--token-stdin", options->tokenFromInput,
                     "Read the token to register with from standard input, where the server wants one");
    CLI::App* removing =
        named("unregister", "Ends a client's registration at its server, and removes the profile");
    CLI::App* managing = named("registration", "Shows what the server keeps of a client, or changes it");
    CLI::Option* renamed =
        managing->add_option("--client-name", options->clientName, "Another name for the client");
    CLI::Option* rescoped =
        managing
            ->add_option("--scope", options->scopes,
                         "The scopes it may ask for from now on; may be given several times")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    commands.append({managing, [options, renamed, rescoped](Context& context) {
                         RegistrationChange change;
                         if (renamed->count() > 0)
                             change.clientName = QString::fromStdString(options->clientName);
                         if (rescoped->count() > 0) change.scopes = textsOf(options->scopes);
                         return showRegistration(context, *options, change);
                     }});
    commands.append({adding, [options](Context& context) { return registerProfile(context, *options); }});
    commands.append({removing, [options](Context& context) { return unregisterProfile(context, *options); }});
}

} // namespace kb::cli
