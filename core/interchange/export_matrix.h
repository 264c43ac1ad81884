// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/export.h"
#include "core/probe/plan.h"
#include "core/run/variables.h"

namespace kb {

// A workspace's identities in the words of other programs. No secret is in a workspace, so none can be in
// them: the name of its environment variable, KEYBEARER_SECRET_<PROFILE>, stands in its place.

/// The authentication file of Web Fuzzing Commons: a user a profile, by fixed headers or by a login. What it
/// has no word for is told in the notes.
Exported exportWfc(const Workspace& workspace, const VariableMap& variables);

/// The matrix of overstep: who is in the plan, and what its cells expect. Cells without an expectation are
/// left out and told.
Exported exportOverstep(const Workspace& workspace, const MatrixPlan& plan);

} // namespace kb
