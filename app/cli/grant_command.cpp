// SPDX-License-Identifier: GPL-3.0-or-later
// token login, refresh, revoke, rotate, introspect, userinfo.
#include "app/cli/cli_text.h"
#include "app/cli/commands.h"
#include "app/cli/grants.h"
#include "core/auth/oauth_answer.h"

#include <CLI/CLI.hpp>
#include <QDateTime>

namespace kb::cli {

namespace {

struct GrantOptions {
    std::string profile;
    std::string caFile;
    std::string tryOld;
    bool noBrowser = false;
};

Result<GrantOutcome> operate(Grants& grants, const GrantInput& input, GrantOperation::Kind kind,
                             const Output& out) {
    LoginView view;
    view.browser = [&out](const QString& url, bool opened) {
        out.message(opened ? CliText::tr("Log in in the browser that has opened. Its address:")
                           : CliText::tr("Open this address in a browser and log in:"));
        out.message(QStringLiteral("  ") + url);
    };
    view.device = [&out](const QString& code, const QString& url, const QString& complete) {
        out.message(CliText::tr("Open %1 and enter the code %2.").arg(url, code));
        if (!complete.isEmpty()) out.message(CliText::tr("With the code in it: %1").arg(complete));
    };
    return await<Result<GrantOutcome>>([&](std::function<void(Result<GrantOutcome>)> done) {
        return grants.keeper.run(input, kind, view, std::move(done));
    });
}

void addTokens(JsonObject& document, const GrantOutcome& outcome) {
    const GrantSummary summary = grantSummary(outcome.record);
    const auto seconds = [](std::optional<qint64> ms) {
        return ms ? std::optional<double>(static_cast<double>(*ms) / 1000) : std::nullopt;
    };
    document.add(QStringLiteral("has_token"), summary.hasAccessToken)
        .add(QStringLiteral("token_type"), summary.tokenType)
        .add(QStringLiteral("scopes"), jsonTexts(summary.scopes))
        .addOptional(QStringLiteral("obtained"), seconds(summary.obtainedMs))
        .addOptional(QStringLiteral("expires"), seconds(summary.expiresMs))
        .add(QStringLiteral("refresh_token"), summary.hasRefreshToken);
    if (outcome.idTokenVerified) document.add(QStringLiteral("id_token_verified"), *outcome.idTokenVerified);
}

JsonValue oldTokenJson(const OldToken& old) {
    const auto said = [](std::optional<bool> active) { return active ? jsonBool(*active) : jsonNull(); };
    const auto status = [](int seen) { return seen ? jsonNumber(qint64(seen)) : jsonNull(); };
    return JsonObject()
        .add(QStringLiteral("still_good"), old.isStillGood())
        .add(QStringLiteral("active"), said(old.active))
        .add(QStringLiteral("refresh_token_active"), said(old.refreshActive))
        .add(QStringLiteral("status_before"), status(old.before))
        .add(QStringLiteral("status_after"), status(old.after))
        .add(QStringLiteral("sentence"), old.sentence)
        .value();
}

void print(const Output& out, const QString& profile, const GrantOutcome& outcome) {
    for (const QString& finding : outcome.findings)
        out.message(finding);
    if (out.json) {
        JsonObject document;
        document.add(QStringLiteral("profile"), profile).add(QStringLiteral("note"), outcome.note);
        addTokens(document, outcome);
        document.add(QStringLiteral("findings"), jsonTexts(outcome.findings));
        if (outcome.oldToken) document.add(QStringLiteral("old_token"), oldTokenJson(*outcome.oldToken));
        return out.document(std::move(document));
    }
    out.line(QStringLiteral("%1: %2").arg(profile, outcome.note));
    if (outcome.oldToken) out.line(QStringLiteral("  ") + outcome.oldToken->sentence);
    const GrantSummary summary = grantSummary(outcome.record);
    if (summary.expiresMs)
        out.line(CliText::tr("  expires    %1")
                     .arg(QDateTime::fromMSecsSinceEpoch(*summary.expiresMs).toString(Qt::ISODate)));
    if (!summary.scopes.isEmpty())
        out.line(CliText::tr("  scopes     %1").arg(summary.scopes.join(QLatin1Char(' '))));
    if (summary.hasAccessToken)
        out.line(CliText::tr("  refresh    %1")
                     .arg(summary.hasRefreshToken ? CliText::tr("yes") : CliText::tr("no")));
}

void printMembers(const Output& out, const JsonValue& object) {
    const Redactor plain; // masked already; this takes line breaks and the like out
    for (const auto& [name, value] : object.members)
        out.line(QStringLiteral("  %1 %2")
                     .arg(serverText(name, plain), -10)
                     .arg(serverText(value.isString() ? value.string : QString::fromUtf8(writeJson(value)),
                                     plain)));
}

int printUserinfo(const Output& out, const QString& profile, const GrantOutcome& outcome) {
    const Userinfo& info = *outcome.userinfo;
    for (const QString& finding : outcome.findings)
        out.message(finding);
    if (out.json) {
        out.document(JsonObject()
                         .add(QStringLiteral("profile"), profile)
                         .add(QStringLiteral("subject"), info.claims.text(u"sub"))
                         .add(QStringLiteral("claims"), info.claims)
                         .add(QStringLiteral("findings"), jsonTexts(outcome.findings)));
        return Clean;
    }
    out.line(CliText::tr("%1: the server says whom the token stands for.").arg(profile));
    printMembers(out, info.claims);
    return Clean;
}

int printIntrospection(const Output& out, const QString& profile, const GrantOutcome& outcome) {
    const Introspection& answer = *outcome.introspection;
    if (out.json) {
        out.document(JsonObject()
                         .add(QStringLiteral("profile"), profile)
                         .add(QStringLiteral("active"), answer.active)
                         .add(QStringLiteral("scopes"), jsonTexts(answer.scopes))
                         .add(QStringLiteral("claims"), answer.all));
        return Clean;
    }
    out.line(answer.active ? CliText::tr("%1: the server says that the token is active.").arg(profile)
                           : CliText::tr("%1: the server says that the token is not active.").arg(profile));
    printMembers(out, answer.all);
    return Clean;
}

int act(Context& context, const GrantOptions& options, const std::string& what) {
    const Output& out = context.out;
    const QString name = QString::fromStdString(options.profile);
    const Result<Context::Source> source = context.secretOf(name);
    if (!source) return out.error(source.error(), Usage);
    Result<GrantInput> input = grantInputOf(context, *source);
    if (!input) return out.error(input.error(), Usage);
    input->caFile = QString::fromStdString(options.caFile);
    input->tryOldAt = QString::fromStdString(options.tryOld);
    CurlTransport transport;
    Grants grants(transport, context, *source);
    grants.browser.enabled = !options.noBrowser;
    const GrantOperation::Kind kind = what == "refresh"      ? GrantOperation::Kind::Renew
                                      : what == "revoke"     ? GrantOperation::Kind::Revoke
                                      : what == "introspect" ? GrantOperation::Kind::Introspect
                                      : what == "rotate"     ? GrantOperation::Kind::Rotate
                                      : what == "userinfo"   ? GrantOperation::Kind::Userinfo
                                                             : GrantOperation::Kind::Login;
    // A refresh on the user's word happens also while the token is fresh: the record under the lock is the
    // one that was seen.
    if (kind == GrantOperation::Kind::Renew) {
        const Result<SecretRecord> record = readRecord(*source);
        if (!record) return out.error(record.error(), Usage);
        grants.keeper.observe(*input, *record);
    }
    const Result<GrantOutcome> outcome = operate(grants, *input, kind, out);
    if (!outcome) return out.error(outcome.error(), serverExit(outcome.error()));
    if (outcome->userinfo) return printUserinfo(out, name, *outcome);
    if (outcome->introspection) return printIntrospection(out, name, *outcome);
    print(out, name, *outcome);
    return outcome->oldToken && outcome->oldToken->isStillGood() ? Findings : Clean;
}

} // namespace

void addTokenGrants(CLI::App& group, QList<Registered>& commands) {
    static const std::pair<const char*, const char*> all[] = {
        {"login",
         "Gets a token: in the browser, with a code on another device, or alone where that is possible"},
        {"refresh", "Gets a new access token now"},
        {"revoke", "Ends the tokens at the server and takes them out of the keychain"},
        {"rotate", "For a compromised token: revokes it, wipes it and obtains a new one"},
        {"introspect", "Asks the server what it knows of the token"},
        {"userinfo", "Asks the server which user the token stands for"}};
    for (const auto& [name, help] : all) {
        CLI::App* command = group.add_subcommand(name, help);
        command->fallthrough();
        auto options = std::make_shared<GrantOptions>();
        command->add_option("profile", options->profile, "The profile's name")->required();
        command->add_option("--cacert", options->caFile, "A PEM file of authorities to trust")
            ->check(CLI::ExistingFile);
        if (std::string_view(name) == "rotate")
            command->add_option("--try-old", options->tryOld,
                                "Send one GET to this address with the old token, before and after, to see "
                                "that it is refused");
        command->add_flag("--no-browser", options->noBrowser,
                          "Print the address instead of opening a browser");
        commands.append({command, [options, what = std::string(name)](Context& context) {
                             return act(context, *options, what);
                         }});
    }
}

} // namespace kb::cli
