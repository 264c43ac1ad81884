// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

namespace kb::cli {

class Context;

/// What the commands `matrix import` and `matrix export --format wfc` were told.
struct MatrixExchangeOptions {
    bool writes = false; ///< export
    std::string file;    ///< of import
    std::string format;
    std::vector<std::string> allow; ///< origins the secrets may go to
    std::string openapi;            ///< a file; empty: the workspace's, if it is one
    std::string storage = "keychain";
    std::string output; ///< of export; empty: standard output
    bool dryRun = false;
};
using MatrixExchangeCommand = int (*)(Context&, const MatrixExchangeOptions&);

} // namespace kb::cli
