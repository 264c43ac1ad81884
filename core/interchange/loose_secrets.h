// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/request_spec.h"

#include <functional>

namespace kb {

/// What is put in a secret's place. `name` is the member, field or header that held it.
using SecretReplacer = std::function<QString(const QString& name, const QString& value)>;

/// Names of variables are made up freely: "farm_token", "db-password" are meant for secrets.
bool namesASecretVariable(const QString& name);
/// A body's text with its secrets replaced: members and form fields by their names, words by their shape.
/// Texts that hold {{variables}} are no secrets.
QString replaceBodySecrets(const QString& text, const QString& contentType, const SecretReplacer& replace);
/// Every word that has the shape of a token replaced; `name` is what the replacer gets.
QString replaceShapes(const QString& text, const QString& name, const SecretReplacer& replace);

} // namespace kb
