// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/context.h"
#include "app/module.h"

namespace kb::cli {

/// Runs a command that lives in the module, which only the commands that need it load.
template<class Function, class Options>
int inModule(Context& context, const char* symbol, const Options& options) {
    const Result<QFunctionPointer> function = moduleFunction(QStringLiteral("keybearer-matrix"), symbol);
    if (!function) return context.out.error(function.error(), Usage);
    return reinterpret_cast<Function>(*function)(context, options);
}

} // namespace kb::cli
