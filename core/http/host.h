// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>

namespace kb {

/// The host of a URL in the one form in which hosts are compared: lower case, A-labels for names outside
/// ASCII, IPv6 in brackets in its shortest form (RFC 5952). Refuses what resolvers read in more than one way,
/// such as "127.1", "0x7f.1", "010.0.0.1" and percent-encoded names, since an origin must mean one place.
/// `offset` is where the host begins in the text the user typed; errors count from that text's start.
Result<QByteArray> readHost(const QString& host, qsizetype offset);

/// Whether the host is an IPv4 address: four decimal numbers without leading zeros.
bool isIpv4(const QByteArray& host);

} // namespace kb
