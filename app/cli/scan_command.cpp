// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/in_module.h"
#include "app/cli/scan_options.h"

#include <CLI/CLI.hpp>

namespace kb::cli {

void addScan(CLI::App& parser, QList<Registered>& commands) {
    auto options = std::make_shared<ScanOptions>();
    CLI::App* command = parser.add_subcommand("scan", "Searches files and the history for secrets");
    command->fallthrough();
    command->add_option("folder", options->folder, "Where to look (default: the workspace)")
        ->check(CLI::ExistingDirectory);
    command->add_option("--history", options->history, "The history's file (default: this user's)")
        ->check(CLI::ExistingFile);
    commands.append({command, [options](Context& context) {
                         return inModule<ScanCommand>(context, "kbScanCommand", *options);
                     }});
}

} // namespace kb::cli
