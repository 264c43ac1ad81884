// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/in_module.h"
#include "app/cli/matrix_exchange_options.h"
#include "app/cli/matrix_options.h"

#include <CLI/CLI.hpp>

namespace kb::cli {

namespace {

void addMatrixImport(CLI::App& group, QList<Registered>& commands) {
    auto options = std::make_shared<MatrixExchangeOptions>();
    CLI::App* command =
        group.add_subcommand("import", "Takes identities and expectations of another program");
    command->fallthrough();
    command->add_option("file", options->file, "Its file, or - for standard input")->required();
    command->add_option("--format", options->format, "Whose it is (default: found out)")
        ->check(CLI::IsMember({"auto", "wfc", "overstep", "authmatrix"}));
    command
        ->add_option(
            "--allow", options->allow,
            "An origin the secrets may go to (default: where the file has them go); may be given several "
            "times")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command
        ->add_option(
            "--openapi", options->openapi,
            "The API's OpenAPI document, a file: operations are named by it (default: the workspace's)")
        ->check(CLI::ExistingFile);
    command
        ->add_option("--storage", options->storage,
                     "Where secrets go: the keychain, or memory (they are read from the environment)")
        ->check(CLI::IsMember({"keychain", "memory"}));
    command->add_flag("--dry-run", options->dryRun, "Only tell what would be made");
    commands.append({command, [options](Context& context) {
                         return inModule<MatrixExchangeCommand>(context, "kbMatrixExchangeCommand", *options);
                     }});
}

void addMatrixExport(CLI::App& group, QList<Registered>& commands) {
    auto wfc = std::make_shared<MatrixExchangeOptions>();
    auto options = std::make_shared<MatrixOptions>(); // of overstep, which needs the plan
    wfc->writes = true;
    options->command = MatrixOptions::Command::Export;
    CLI::App* command = group.add_subcommand(
        "export", "Writes identities and expectations for another program; never a secret");
    command->fallthrough();
    command
        ->add_option("--format", wfc->format, "wfc: the identities; overstep: what is expected of them too")
        ->required()
        ->check(CLI::IsMember({"wfc", "overstep"}));
    command->add_option("-o,--output", options->output, "The file to write (default: standard output)");
    command->add_option(
        "--openapi", options->openapi,
        "overstep: the API's OpenAPI document, a file or an address (default: the workspace's)");
    command->add_option("--as", options->profiles, "overstep: a profile (default: all of the workspace)")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--only", options->only, "overstep: operations such as 'GET /users*'")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    commands.append({command, [wfc, options](Context& context) {
                         if (wfc->format == "overstep")
                             return inModule<MatrixCommand>(context, "kbMatrixCommand", *options);
                         wfc->output = options->output;
                         return inModule<MatrixExchangeCommand>(context, "kbMatrixExchangeCommand", *wfc);
                     }});
}

} // namespace

void addMatrixExchange(CLI::App& group, QList<Registered>& commands) {
    addMatrixImport(group, commands);
    addMatrixExport(group, commands);
}

} // namespace kb::cli
