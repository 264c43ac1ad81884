// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <map>
#include <set>

namespace kb {

/// A profile that was taken out, with all that is needed to put it back. Held by its undo step alone, so that
/// its secrets are wiped with it.
struct Session::RemovedProfile {
    TokenProfile profile;
    qsizetype index = 0;
    bool away = false; ///< it is out of the list
    QList<ProfileEvent> events;
    std::map<QString, SecretRecord> records; ///< by SecretRef::id, once they have left the store
    std::set<QString> leaving;               ///< those that the store is removing
};

/// A profile taken out of the list, whose keychain item goes once the undo time is over.
struct Session::Removal {
    TokenProfile profile;
    std::weak_ptr<RemovedProfile> removed; ///< gone with the undo step
    bool offered = false;                  ///< its undoing was, in the notice bar
    QTimer timer;
};

} // namespace kb
