// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "OAuthResponse", shared by the files that speak of it.
struct OAuthResponseText {
    Q_DECLARE_TR_FUNCTIONS(OAuthResponse)
};

} // namespace kb
