// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "Digest", shared by the files that speak of it.
struct DigestText {
    Q_DECLARE_TR_FUNCTIONS(Digest)
};

} // namespace kb
