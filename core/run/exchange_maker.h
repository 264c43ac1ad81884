// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/exchange.h"

#include <QObject>
#include <functional>

namespace kb {

/// Makes an Exchange and hands it over: at once for an ordinary one, from a pool thread where a large body
/// takes the redactor long enough to be felt. `done` comes on the receiver's thread, and not at all once the
/// receiver is gone.
void makeExchange(std::shared_ptr<const Redactor> redactor, const Request& sent, const TransportReply& reply,
                  QObject* receiver, std::function<void(Exchange)> done);

} // namespace kb
