// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/variables.h"

namespace kb {

// What was typed in the wrong place (a token in a header, an address, a body, a variable) is no profile's,
// and is given to nobody all the same. What is left out is told in `notes`; a text that names the secret's
// environment variable stands in its place where something has to.

RequestSpec withoutSecrets(const RequestSpec& spec, QStringList& notes);
QList<TreeItem> withoutSecrets(const QList<TreeItem>& items, QStringList& notes);
/// The value a variable may have outside: itself, or its placeholder.
QString valueWithoutSecret(const QString& name, const QString& value);
VariableMap withoutSecrets(const VariableMap& variables);
/// Secret variables stand with the name of the environment variable that would hold them, as every other
/// secret does.
VariableMap withPlaceholders(VariableMap variables, const QList<SecretVariable>& secrets);
QList<Environment> withoutSecrets(const QList<Environment>& environments);

} // namespace kb
