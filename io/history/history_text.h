// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "History", shared by the files that speak of it.
struct HistoryText {
    Q_DECLARE_TR_FUNCTIONS(History)
};

} // namespace kb
