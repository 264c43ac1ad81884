// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

namespace kb::cli {

class Context;

/// What the commands `matrix plan`, `matrix run` and `matrix baseline` were told.
struct MatrixOptions {
    enum class Command { Plan, Run, Baseline, Export };
    Command command = Command::Plan;
    std::string openapi;
    std::vector<std::string> profiles; ///< --as; empty: all of the workspace
    std::vector<std::string> only;
    std::vector<std::string> reports; ///< "junit=FILE"
    std::string baseline;
    std::string failOn = "bypass,over-restricted,suspect,error,undecided";
    std::string resume; ///< the JSON report of a run that was stopped
    std::string from;   ///< of baseline
    std::string output; ///< of baseline and of export, where it may be empty: standard output
    std::string caFile;
    double rate = -1; ///< requests a second; 0: no limit; below: as the environment wants it
    int parallel = 0; ///< 0: as the environment wants it
    int confirmCount = -1;
    double timeoutSeconds = 30;
    bool allowUnsafe = false;
    bool strict = false;
};

/// The function of the matrix module that does it; the module is loaded at its first use.
using MatrixCommand = int (*)(Context&, const MatrixOptions&);

} // namespace kb::cli
