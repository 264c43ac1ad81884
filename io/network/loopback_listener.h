// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/grant_ports.h"

namespace kb {

/// The loopback listener for authorization answers (RFC 8252 §7.3): 127.0.0.1, and [::1] at the same port
/// where the machine has it. Never a name, never another interface.
class LoopbackListener final : public RedirectListener {
public:
    Result<std::unique_ptr<RedirectWait>> listen(const QString& path,
                                                 std::function<bool(const QByteArray&)> arrived) override;
};

} // namespace kb
