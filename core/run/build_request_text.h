// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "BuildRequest", shared by the files that speak of it.
struct BuildRequestText {
    Q_DECLARE_TR_FUNCTIONS(BuildRequest)
};

} // namespace kb
