// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "SigningKey", shared by the files that speak of it.
struct SigningKeyText {
    Q_DECLARE_TR_FUNCTIONS(SigningKey)
};

} // namespace kb
