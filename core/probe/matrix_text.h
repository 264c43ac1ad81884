// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Matrix", shared by the files that speak of it.
struct MatrixText {
    Q_DECLARE_TR_FUNCTIONS(Matrix)
};

} // namespace kb
