// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/output.h"
#include "core/probe/plan.h"

namespace kb::cli {

/// Every request that a run of the plan would send, those that come before and beside its cells among them.
void printPlan(const MatrixPlan& plan, const Output& out);

} // namespace kb::cli
