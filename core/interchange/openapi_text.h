// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "OpenApi", shared by the files that speak of it.
struct OpenApiText {
    Q_DECLARE_TR_FUNCTIONS(OpenApi)
};

} // namespace kb
