// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"
#include "core/base/result.h"

#include <QStringList>
#include <map>

namespace kb {

/// The secrets that came in variables KEYBEARER_SECRET_<PROFILE>, taken out of the process environment so
/// that no library or child process reads them there.
class EnvironmentSecrets {
public:
    /// Call first thing in main(), before any thread or library looks at the environment.
    static EnvironmentSecrets takeFromProcess();
    bool has(const QString& profileName) const;
    Secret copy(const QString& profileName) const;
    /// "KEYBEARER_SECRET_OTHER_READER" for "Other reader": capitals, every character but A-Z and 0-9 as "_".
    static QString variableName(const QString& profileName);
    /// An error that names both where two profiles' names give one variable.
    static Result<void> checkNames(const QStringList& profileNames);

private:
    std::map<QString, Secret> m_secrets;
};

} // namespace kb
