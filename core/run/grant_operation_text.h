// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "GrantOperation", shared by the files that speak of it.
struct GrantText {
    Q_DECLARE_TR_FUNCTIONS(GrantOperation)
};

} // namespace kb
