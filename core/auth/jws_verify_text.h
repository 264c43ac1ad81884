// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "JwsVerify", shared by the files that speak of it.
struct JwsVerifyText {
    Q_DECLARE_TR_FUNCTIONS(JwsVerify)
};

} // namespace kb
