// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Keychain", shared by the files that speak of it.
struct KeychainText {
    Q_DECLARE_TR_FUNCTIONS(Keychain)
};

} // namespace kb
