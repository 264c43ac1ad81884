// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Transport", shared by the files that speak of it.
struct TransportText {
    Q_DECLARE_TR_FUNCTIONS(Transport)
};

} // namespace kb
