// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Yaml", shared by the files that speak of it.
struct YamlText {
    Q_DECLARE_TR_FUNCTIONS(Yaml)
};

} // namespace kb
