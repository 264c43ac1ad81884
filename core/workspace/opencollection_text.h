// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "OpenCollection", shared by the files that speak of it.
struct OpenCollectionText {
    Q_DECLARE_TR_FUNCTIONS(OpenCollection)
};

} // namespace kb
