// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Export", shared by the files that speak of it.
struct ExportText {
    Q_DECLARE_TR_FUNCTIONS(Export)
};

} // namespace kb
