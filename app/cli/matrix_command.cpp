// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/in_module.h"
#include "app/cli/matrix_options.h"

#include <CLI/CLI.hpp>

namespace kb::cli {

namespace {

void addSelection(CLI::App* command, MatrixOptions& options) {
    command->fallthrough();
    command->add_option("--openapi", options.openapi,
                        "The API's OpenAPI document, a file or an address (default: the workspace's)");
    command->add_option("--as", options.profiles, "A profile (default: all of the workspace)")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--only", options.only, "Operations such as 'GET /users*'; * stands for anything")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_flag("--allow-unsafe", options.allowUnsafe,
                      "Send unsafe methods too, by the strategies saved in the workspace");
    command->add_option("--confirm-count", options.confirmCount,
                        "How many requests of the strategy 'live' you expect to be really done");
}

} // namespace

void addMatrix(CLI::App& parser, QList<Registered>& commands) {
    CLI::App* group = parser.add_subcommand("matrix", "Who gets in: identities against endpoints");
    group->require_subcommand(1);
    group->fallthrough();
    const auto add = [&](const char* name, const char* what, MatrixOptions::Command kind) {
        auto options = std::make_shared<MatrixOptions>();
        options->command = kind;
        CLI::App* command = group->add_subcommand(name, what);
        commands.append({command, [options](Context& context) {
                             return inModule<MatrixCommand>(context, "kbMatrixCommand", *options);
                         }});
        return std::pair(command, options);
    };
    const auto [plan, planOptions] =
        add("plan", "Lists every request it would send; sends nothing", MatrixOptions::Command::Plan);
    addSelection(plan, *planOptions);

    const auto [run, options] = add("run", "Runs the access matrix", MatrixOptions::Command::Run);
    addSelection(run, *options);
    run->add_option("--rate", options->rate, "At most so many requests a second")
        ->check(CLI::Range(0.0, 100000.0));
    run->add_option("--parallel", options->parallel, "Requests in flight")->check(CLI::Range(1, 256));
    run->add_option("--timeout", options->timeoutSeconds, "Seconds until a request is given up")
        ->check(CLI::Range(0.1, 3600.0));
    run->add_option("--cacert", options->caFile, "A PEM file of authorities to trust")
        ->check(CLI::ExistingFile);
    run->add_option("--baseline", options->baseline, "Compare with a run that was pinned")
        ->check(CLI::ExistingFile);
    run->add_option("--report", options->reports, "junit=F, sarif=F, html=F, json=F, markdown=F or csv=F")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    run->add_option("--fail-on", options->failOn,
                    "What makes the exit code 1: verdicts, drift, advisory; with commas");
    run->add_option("--resume", options->resume,
                    "Go on with a run that was stopped: the file that --report json=FILE wrote for it")
        ->check(CLI::ExistingFile);
    run->add_flag("--strict", options->strict, "A denial with the wrong status is a finding, not a remark");

    const auto [baseline, pin] =
        add("baseline", "Pins a run as the baseline", MatrixOptions::Command::Baseline);
    baseline->fallthrough();
    baseline->add_option("--from", pin->from, "The JSON report of a run")
        ->required()
        ->check(CLI::ExistingFile);
    baseline->add_option("-o,--output", pin->output, "The file to write")->required();
    addMatrixExchange(*group, commands);
}

} // namespace kb::cli
