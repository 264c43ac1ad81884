// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Jwk", shared by the files that speak of it.
struct JwkText {
    Q_DECLARE_TR_FUNCTIONS(Jwk)
};

} // namespace kb
