// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "RunText", shared by the files that speak of it.
struct RunText {
    Q_DECLARE_TR_FUNCTIONS(RunText)
};

} // namespace kb
