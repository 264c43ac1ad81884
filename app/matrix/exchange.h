// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/context.h"
#include "core/probe/plan.h"

namespace kb::cli {

/// Writes what a plan expects as a matrix of overstep; without a file to standard output. Gives the exit
/// code.
int writeOverstep(Context& context, const std::string& file, const MatrixPlan& plan);

} // namespace kb::cli
