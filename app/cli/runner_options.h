// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

namespace kb::cli {

class Context;

/// What the command `run` was told.
struct RunnerOptions {
    std::vector<std::string> paths;
    std::string profile; ///< --as; empty: as each request says
    std::string data;
    std::vector<std::string> reports; ///< "junit=FILE"
    std::string caFile;
    int iterations = 0; ///< 0: as many as the data has rows, else one
    int parallel = 1;
    bool bail = false;
    bool allowUnsafe = false; ///< in a production environment too
};

/// The function of the matrix module that does it; the module is loaded at its first use.
using RunnerCommand = int (*)(Context&, const RunnerOptions&);

} // namespace kb::cli
