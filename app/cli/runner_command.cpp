// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/in_module.h"
#include "app/cli/runner_options.h"

#include <CLI/CLI.hpp>

namespace kb::cli {

void addRun(CLI::App& parser, QList<Registered>& commands) {
    auto options = std::make_shared<RunnerOptions>();
    CLI::App* command = parser.add_subcommand("run", "Sends requests of the workspace and runs their checks");
    command->fallthrough();
    command->add_option("path", options->paths, "Requests and folders by their paths (default: all)");
    command->add_option("--as", options->profile, "Send all as this profile, or as anonymous");
    command->add_option("--iterations", options->iterations, "How often (default: once a row of the data)")
        ->check(CLI::Range(1, 100000));
    command
        ->add_option("--data", options->data, "A CSV or JSON file whose rows give an iteration's variables")
        ->check(CLI::ExistingFile);
    command->add_flag("--bail", options->bail, "Stop at the first request that does not pass");
    command->add_flag("--allow-unsafe", options->allowUnsafe,
                      "Send unsafe methods in a production environment too");
    command->add_option("--parallel", options->parallel, "Requests in flight")->check(CLI::Range(1, 256));
    command->add_option("--report", options->reports, "junit=F, json=F or html=F")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--cacert", options->caFile, "A PEM file of authorities to trust")
        ->check(CLI::ExistingFile);
    commands.append({command, [options](Context& context) {
                         return inModule<RunnerCommand>(context, "kbRunnerCommand", *options);
                     }});
}

} // namespace kb::cli
