// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/context.h"

namespace kb::cli {

/// Whether a profile of that name can be added: before anything is made or asked for.
Result<void> checkNewProfile(Context& context, const QString& name);
/// Takes a profile out of the keychain, the workspace and the timelines. What could not be cleared beside the
/// workspace is told as a message.
Result<void> forgetProfile(Context& context, const TokenProfile& profile);
JsonValue profileJson(const TokenProfile& profile);
Result<QStringList> originsOf(const std::vector<std::string>& allow);
/// An http origin written out on the command line is the consent that the window would ask for.
QStringList plainOnes(const QStringList& origins);
Result<void> storeSecret(Context& context, const SecretRef& ref, SecretRecord record);
Result<void> removeSecret(Context& context, const SecretRef& ref);

} // namespace kb::cli
