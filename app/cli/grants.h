// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/context.h"
#include "app/lazy_listener.h"
#include "core/run/grant_keeper.h"
#include "io/files/grant_lock.h"
#include "io/network/curl_transport.h"

namespace kb::cli {

/// Starts the desktop's browser, unless it was asked not to.
class CliBrowser final : public BrowserOpener {
public:
    bool enabled = true;
    bool open(const QString& url) override;
};

/// What OAuth needs in a process of the command line, for one profile.
struct Grants {
    Grants(Transport& transport, Context& context, const Context::Source& source)
        : keeper({transport, *source.store, context.clock(), lock, &listener, &browser}) {
        QObject::connect(&keeper, &GrantKeeper::happened, &keeper,
                         [&context, source](const QString&, const ProfileEvent& event) {
                             context.remember(source, event);
                         });
    }

    FileGrantLock lock;
    LazyListener listener;
    CliBrowser browser;
    GrantKeeper keeper;
};

/// The input of an operation on a profile's grant. `input.variables` and environment are those in force.
Result<GrantInput> grantInputOf(Context& context, const Context::Source& source);

} // namespace kb::cli
