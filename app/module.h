// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QtGlobal>

namespace kb {

/// A function of one of our own modules (lib/keybearer), loaded when it is first asked for: what the first
/// screen or a plain request does not need is not in memory.
Result<QFunctionPointer> moduleFunction(const QString& module, const char* symbol);

/// The path of one of our own helper programs, in the same places; the usual one where it is missing.
QString helperProgram(const QString& name);

} // namespace kb
