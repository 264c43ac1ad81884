// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/in_module.h"
#include "app/cli/interchange_options.h"

#include <CLI/CLI.hpp>

namespace kb::cli {

void addImport(CLI::App& parser, QList<Registered>& commands) {
    auto options = std::make_shared<ImportOptions>();
    CLI::App* command =
        parser.add_subcommand("import", "Makes a workspace of what others made, or extends one");
    command->fallthrough();
    command->add_option("source", options->source, "A file, a folder, an address, or - for standard input")
        ->required();
    command->add_option("--format", options->format, "What it is (default: found out)")
        ->check(CLI::IsMember(
            {"auto", "openapi", "postman", "insomnia", "bruno", "opencollection", "har", "curl", "http"}));
    CLI::Option* output = command->add_option("-o,--output", options->output,
                                              "The workspace's folder, made where there is none");
    CLI::Option* dry = command->add_flag("--dry-run", options->dryRun, "Only tell what would be made");
    command
        ->add_option("--storage", options->storage,
                     "Where secrets go: the keychain, or memory (they are read from the environment)")
        ->check(CLI::IsMember({"keychain", "memory"}));
    command->add_option("--as", options->profile,
                        "Who reads the address: a profile of the workspace this is called in");
    command->add_option("--timeout", options->timeoutSeconds, "Seconds until an address is given up")
        ->check(CLI::Range(0.1, 3600.0));
    command->add_option("--cacert", options->caFile, "A PEM file of authorities to trust")
        ->check(CLI::ExistingFile);
    command->callback([output, dry] {
        if (output->count() == 0 && dry->count() == 0) throw CLI::RequiredError("-o");
    });
    commands.append({command, [options](Context& context) {
                         return inModule<ImportCommand>(context, "kbImportCommand", *options);
                     }});
}

void addExport(CLI::App& parser, QList<Registered>& commands) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* command = parser.add_subcommand("export", "Writes requests for other programs; never a secret");
    command->fallthrough();
    command
        ->add_option(
            "--format", options->format,
            "curl, postman, openapi, har, opencollection, k6, jmeter, or a language such as python-requests")
        ->required();
    command->add_option("path", options->paths, "Requests and folders by their paths (default: all)");
    command->add_option("-o,--output", options->output, "The file to write (default: standard output)");
    commands.append({command, [options](Context& context) {
                         return inModule<ExportCommand>(context, "kbExportCommand", *options);
                     }});
}

} // namespace kb::cli
