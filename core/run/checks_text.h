// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Checks", shared by the files that speak of it.
struct CheckText {
    Q_DECLARE_TR_FUNCTIONS(Checks)
};

} // namespace kb
