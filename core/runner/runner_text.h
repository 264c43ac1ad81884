// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Runner", shared by the files that speak of it.
struct RunnerText {
    Q_DECLARE_TR_FUNCTIONS(Runner)
};

} // namespace kb
