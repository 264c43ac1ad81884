// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

namespace kb {

/// The nearest folder at or above `start` with an opencollection.yml, absolute; empty if there is none.
QString nearestWorkspace(const QString& start);

} // namespace kb
