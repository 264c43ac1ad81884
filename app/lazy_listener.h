// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/grant_ports.h"

#include <memory>

namespace kb {

/// The loopback listener for logins, whose module (with Qt Network) is loaded at the first login.
class LazyListener final : public RedirectListener {
public:
    Result<std::unique_ptr<RedirectWait>> listen(const QString& path,
                                                 std::function<bool(const QByteArray&)> arrived) override;

private:
    std::unique_ptr<RedirectListener> m_listener;
};

} // namespace kb
