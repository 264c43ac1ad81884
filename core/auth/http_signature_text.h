// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "HttpSignature", shared by the files that speak of it.
struct HttpSignatureText {
    Q_DECLARE_TR_FUNCTIONS(HttpSignature)
};

} // namespace kb
