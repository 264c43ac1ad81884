// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Cli", shared by the files that speak of it.
struct CliText {
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

} // namespace kb
