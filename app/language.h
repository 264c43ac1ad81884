// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>

class QCoreApplication;

namespace kb {

/// Installs the translations of that language ("de", "en"), or of the system's when it is empty. Replaces the
/// ones installed before.
void installLanguage(QCoreApplication& app, const QString& language);

} // namespace kb
