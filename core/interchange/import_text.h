// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Import", shared by the files that speak of it.
struct ImportText {
    Q_DECLARE_TR_FUNCTIONS(Import)
};

} // namespace kb
