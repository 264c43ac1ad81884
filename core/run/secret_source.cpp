// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/secret_source.h"

#include "core/auth/secret.h"
#include "core/run/run_text_text.h"

namespace kb {

namespace {

constexpr std::size_t shortestSecret = 4;

} // namespace

Result<void> checkVariableSecret(const QString& name, const Secret& value) {
    if (value.size() < shortestSecret)
        return fail(
            ErrorCode::InvalidInput,
            RunText::tr("The value of %1 is too short for a secret: it could not be masked.").arg(name), name,
            RunText::tr("A secret has 4 characters or more."));
    if (value.reveal().find("{{") != std::string_view::npos)
        return fail(ErrorCode::InvalidInput,
                    RunText::tr("The value of %1 holds “{{”, which would be read as a variable.").arg(name),
                    name, RunText::tr("Use a secret without it."));
    return {};
}

} // namespace kb
