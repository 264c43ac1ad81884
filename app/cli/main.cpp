// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/hardening.h"
#include "app/language.h"
#include "kb_version.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#ifdef Q_OS_WIN
#include <fcntl.h>
#include <io.h>
#endif

namespace {

/// Declares the commands named on the command line, or all of them where none is: the options of each are a
/// good part of what a plain send would have in memory.
void addCommands(CLI::App& parser, QList<kb::cli::Registered>& commands,
                 const std::vector<std::string_view>& words) {
    using Add = void (*)(CLI::App&, QList<kb::cli::Registered>&);
    static constexpr std::pair<std::string_view, Add> all[] = {
        {"send", kb::cli::addSend},         {"profile", kb::cli::addProfile},
        {"token", kb::cli::addToken},       {"matrix", kb::cli::addMatrix},
        {"import", kb::cli::addImport},     {"export", kb::cli::addExport},
        {"run", kb::cli::addRun},           {"scan", kb::cli::addScan},
        {"env", kb::cli::addEnv},           {"history", kb::cli::addHistory},
        {"practice", kb::cli::addPractice}, {"discover", kb::cli::addDiscover}};
    const auto named = [&](std::string_view name) {
        return std::find(words.begin(), words.end(), name) != words.end();
    };
    const bool any =
        std::any_of(std::begin(all), std::end(all), [&](const auto& each) { return named(each.first); });
    for (const auto& [name, add] : all)
        if (!any || named(name)) add(parser, commands);
}

} // namespace

int main(int argc, char** argv) {
    kb::forbidCoreDumps();
    // First of all: the secrets leave the process environment before any library could read or pass it on.
    kb::EnvironmentSecrets secrets = kb::EnvironmentSecrets::takeFromProcess();
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("Keybearer"));
    QCoreApplication::setApplicationVersion(QStringLiteral(KB_VERSION));
    kb::cli::Context context(std::move(secrets));
#ifdef Q_OS_WIN
    _setmode(_fileno(stdout), _O_BINARY); // a body goes out as it came
    _setmode(_fileno(stdin), _O_BINARY);
#endif

    CLI::App parser("Sends API requests as the right identity, and says who gets in and why.",
                    "keybearer-cli");
    parser.set_version_flag("--version", "keybearer-cli " KB_VERSION);
    parser.require_subcommand(1);
    std::string folder;
    std::string environment;
    parser.add_option("--workspace", folder,
                      "The workspace folder (default: this folder or the nearest above it)");
    parser.add_option("--env", environment, "The environment whose variables and secrets count");
    parser.add_flag("--json", context.out.json, "Print one JSON document on standard output");
    parser.add_flag("--quiet", context.out.quiet, "No messages on standard error, only errors");
    QList<kb::cli::Registered> commands;
    addCommands(parser, commands, {argv + 1, argv + argc});

    try {
        parser.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const auto asked = [&](const char* flag) { // the parser may not have come so far
            return std::any_of(argv + 1, argv + argc,
                               [&](const char* word) { return !std::strcmp(word, flag); });
        };
        context.out.json = error.get_exit_code() != 0 && asked("--json");
        if (!context.out.json) return parser.exit(error) == 0 ? kb::cli::Clean : kb::cli::Usage;
        return context.out.error({kb::ErrorCode::InvalidInput, QString::fromUtf8(error.what()), {}, {}, -1},
                                 kb::cli::Usage);
    }
    context.folder = QString::fromStdString(folder);
    context.environment = QString::fromStdString(environment);
    for (const kb::cli::Registered& command : commands)
        if (command.app->parsed()) {
            const int code = command.run(context);
            const kb::Result<void> written = context.out.flush();
            return written ? code : context.out.error(written.error(), kb::cli::Usage);
        }
    return kb::cli::Usage;
}
