// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Credentials", shared by the files that speak of it.
struct CredentialsText {
    Q_DECLARE_TR_FUNCTIONS(Credentials)
};

} // namespace kb
