// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

namespace kb::cli {

class Context;

/// What the command `import` was told.
struct ImportOptions {
    std::string source; ///< a file, a folder, an address, or "-" for standard input
    std::string format = "auto";
    std::string output; ///< the workspace's folder
    std::string storage = "keychain";
    std::string profile; ///< who reads the address; empty: nobody
    std::string caFile;
    double timeoutSeconds = 30;
    bool dryRun = false;
};
using ImportCommand = int (*)(Context&, const ImportOptions&);

/// What the command `export` was told.
struct ExportOptions {
    std::string format;
    std::vector<std::string> paths; ///< of requests and folders; empty: all
    std::string output;             ///< empty: standard output
};
using ExportCommand = int (*)(Context&, const ExportOptions&);

} // namespace kb::cli
