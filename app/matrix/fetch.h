// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"
#include "core/run/run.h"

namespace kb::cli {

class Context;

/// The bytes at an address, read as that profile (empty: as nobody); anything but 200 is an error. The error
/// names the address without what may be secret in it.
Result<QByteArray> fetchDocument(Context& context, Transport& transport, RunInput input,
                                 const QString& profile = {});

} // namespace kb::cli
