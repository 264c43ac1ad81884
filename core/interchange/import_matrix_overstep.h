// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import_matrix_identity.h"

namespace kb::importing {

/// A text with the fallbacks of its ${NAME:-fallback} in place; nothing where a name has none.
QString settled(const QString& text);
/// A place of an object in our words: "id", "query:id", "/owner/id"; nothing where there is no such place.
QString overstepPlace(const QString& location, const QString& selector);
/// "$.data.token" as a JSON pointer; nothing where it is more than names and numbers.
QString pointerOfPath(const QString& path);
/// The login of a subject that gets its token of one of the file's providers.
void readOverstepProvider(const yaml::Node& root, const yaml::Node& subject, const QString& base,
                          IdentityDraft& draft, MatrixMaker& maker);

} // namespace kb::importing
