// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace kb::cli {

class Context;

/// What the command `scan` was told.
struct ScanOptions {
    std::string folder;  ///< empty: the workspace's, else the one stood in
    std::string history; ///< the history's file; empty: the usual one
};

/// The function of the matrix module that does it; the module is loaded at its first use.
using ScanCommand = int (*)(Context&, const ScanOptions&);

} // namespace kb::cli
