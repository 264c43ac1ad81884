// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/context.h"

namespace kb::cli {

/// Forged identities of the access matrix on the command line: recipes in the workspace, no secrets.
int addDerived(Context& context, const QString& name, const QString& parent, const QString& defect);
/// Removes the one of that name; nullopt where there is none.
std::optional<int> removeDerived(Context& context, const QString& name);
JsonValue derivedJson(const Workspace& workspace, const DerivedProfile& profile);
void printDerived(const Output& out, const Workspace& workspace, const DerivedProfile& profile);
/// The one of that name, or nullptr.
const DerivedProfile* derivedNamed(const Workspace& workspace, const QString& name);

} // namespace kb::cli
