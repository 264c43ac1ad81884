// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/token_profile.h"

#include <utility>

namespace kb {

const ProfileBinding* TokenProfile::bindingFor(const QString& environment) const {
    const ProfileBinding* forAll = nullptr;
    for (const ProfileBinding& binding : bindings) {
        if (binding.environment.isEmpty()) {
            if (!forAll) forAll = &binding;
        } else if (binding.environment == environment) {
            return &binding;
        }
    }
    return forAll;
}

ProfileBinding* TokenProfile::bindingFor(const QString& environment) {
    const ProfileBinding* found = std::as_const(*this).bindingFor(environment);
    if (!found) return nullptr;
    const qsizetype index = found - bindings.constData();
    return &bindings[index]; // detaches a shared list, so the pointer above may not be used any more
}

QString schemeName(const AuthScheme& scheme) {
    if (std::holds_alternative<ApiKeyScheme>(scheme)) return QStringLiteral("api-key");
    if (std::holds_alternative<BasicScheme>(scheme)) return QStringLiteral("basic");
    return QStringLiteral("bearer");
}

} // namespace kb
