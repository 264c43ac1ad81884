// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/http/url.h"
#include "core/run/transport.h"

#include <functional>

namespace kb {

/// Which proxy a request goes through.
struct ProxyChoice {
    QByteArray url; ///< as libcurl wants it, with user and password if any; empty means direct
    QString shown;  ///< without user and password
    bool forwards =
        false; ///< an HTTP proxy that gets the whole URL in the request line, because there is no tunnel
    bool operator==(const ProxyChoice&) const = default;
};

/// Settles the proxy for a target; `system` answers for ProxySetting::Kind::System, the environment where it
/// is not set.
Result<ProxyChoice> chooseProxy(const ProxySetting& setting, const HttpUrl& target,
                                const std::function<QString(const QString& url)>& system);

/// The environment's proxy for a target: http_proxy (lower case only, since a CGI program's HTTP_PROXY comes
/// from the client), https_proxy, then all_proxy; none where no_proxy names the host.
QByteArray environmentProxy(const Origin& target);

/// True if a no_proxy list names this host: "*", a name and its subdomains, an address, or an address block
/// (CIDR).
bool noProxyCovers(QByteArrayView list, QByteArrayView host);

} // namespace kb
