// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Jwt", shared by the files that speak of it.
struct JwtText {
    Q_DECLARE_TR_FUNCTIONS(Jwt)
};

} // namespace kb
