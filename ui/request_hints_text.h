// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "RequestHints", shared by the files that speak of it.
struct RequestHintsText {
    Q_DECLARE_TR_FUNCTIONS(RequestHints)
};

} // namespace kb
