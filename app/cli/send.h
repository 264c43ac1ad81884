// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/context.h"
#include "core/run/run.h"

#include <string>
#include <vector>

namespace kb::cli {

/// What the command `send` was told.
struct SendOptions {
    std::vector<std::string> target; ///< [METHOD] URL
    std::vector<std::string> headers;
    std::string body;
    std::string bodyFile;
    std::string profile;
    std::string caFile;
    double timeoutSeconds = 30;
    bool hasBody = false;
    bool bearerFromInput = false;
    bool include = false;
    bool insecure = false;
    bool failOnStatus = false;
    bool asIs = false;
    bool reveal = false;
};

/// Sends it as options.profile (empty: nobody), prints the answer as `send` does, and keeps it in the
/// history. The command's exit code.
int sendAndPrint(Context& context, RunInput input, const SendOptions& options);

} // namespace kb::cli
