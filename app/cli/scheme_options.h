// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/output.h"
#include "core/workspace/token_profile.h"

#include <CLI/CLI.hpp>
#include <map>

namespace kb::cli {

/// The options of profile add and profile set that say how a profile is sent.
class SchemeOptions {
public:
    void declare(CLI::App* command, bool adding);

    /// The scheme the options describe, from `before` or the kind's defaults. Errors name the option.
    Result<AuthScheme> scheme(const AuthScheme* before) const;
    /// What the options say the identity has.
    void applyDeclared(DeclaredAccess& declared, bool oauth) const;
    /// Names of the fields that were typed.
    QStringList typedFields() const;
    const std::string& kind() const { return m_kind; }

private:
    bool given(const std::string& option) const { return m_command->count(option) > 0; }

    CLI::App* m_command = nullptr;
    std::string m_kind;
    std::map<std::string, std::vector<std::string>> m_values;
    std::vector<std::string> m_roles;
    std::vector<std::string> m_claims;
    std::string m_stale;
};

/// The scheme's members, by their names in the files.
void addSchemeFields(JsonObject& object, const AuthScheme& scheme);
/// The same in lines for people.
QStringList schemeLines(const AuthScheme& scheme);

} // namespace kb::cli
