// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import_draft.h"
#include "core/run/variables.h"

namespace kb::importing {

/// The variable a text consists of, if it is one; else nothing.
QString onlyVariable(const QString& text);

/// Makes one profile of each credential that is found, however often it is found. Where a secret's text names
/// variables, each environment's value is a secret of its own.
class ProfileMaker {
public:
    ProfileMaker(QList<Environment> environments, const QStringList& secretVariables);

    /// The id of the profile for that credential. `url` tells where it may go, `place` where it stood.
    QString profileFor(const DraftAuth& auth, const QString& url, const QString& place);
    /// A secret that is in the way and belongs to no request's credential: kept, and allowed nowhere.
    void keep(const QString& name, const QString& secret, const QString& place);
    /// Whether a variable's value is to be kept out of files.
    bool isSecretVariable(const QString& name) const { return m_secretVariables.contains(name); }
    /// Whether a text names such a variable.
    bool usesSecret(const QString& text) const;
    /// Keeps the values of secret variables that no credential has taken, and gives the environments without
    /// them.
    QList<Environment> environmentsWithoutSecrets(const std::function<void(const QString& name)>& taken);
    std::vector<ImportedProfile> take() { return std::move(m_profiles); }

private:
    struct Known {
        DraftAuth auth;
        std::size_t profile = 0;
    };
    void addSecrets(ImportedProfile& made, const DraftAuth& auth);
    void allow(ImportedProfile& made, const QString& url);
    void markSecret(const QString& text);
    QString freeName(const QString& wanted) const;
    QString nameFor(const DraftAuth& auth, const QString& url) const;
    VariableMap variables(const QString& environment) const;

    QList<Environment> m_environments;
    QSet<QString> m_secretVariables;
    QSet<QString> m_taken; ///< secret variables whose values are a profile's
    QList<Known> m_known;
    std::vector<ImportedProfile> m_profiles;
};

} // namespace kb::importing
