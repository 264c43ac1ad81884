// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/context.h"

namespace kb::cli {

JsonValue profileJson(const TokenProfile& profile);
Result<QStringList> originsOf(const std::vector<std::string>& allow);
/// An http origin written out on the command line is the consent that the window would ask for.
QStringList plainOnes(const QStringList& origins);
Result<void> storeSecret(Context& context, const SecretRef& ref, SecretRecord record);
Result<void> removeSecret(Context& context, const SecretRef& ref);

} // namespace kb::cli
