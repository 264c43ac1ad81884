// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

namespace kb {

/// A profile taken out of the list, whose keychain item goes once the undo time is over.
struct Session::Removal {
    TokenProfile profile;
    qsizetype index = 0;
    QTimer timer;
};

} // namespace kb
