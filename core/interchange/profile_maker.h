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

    /// The id of the profile for that credential. `url` tells where it may go, `places` where it stood.
    QString profileFor(const DraftAuth& auth, const QString& url, const QStringList& places);
    /// A secret that is in the way and belongs to no request's credential: kept, and allowed nowhere.
    /// Gives the profile's id.
    QString keep(const QString& name, const QString& secret, const QString& place);
    /// A secret that a request needs where it stood: it becomes a secret variable. Gives the variable's name,
    /// or nothing where a variable cannot hold it.
    QString variableFor(const QString& name, const QString& secret, const QString& place);
    /// A secret that stood where a variable cannot hold it: kept as keep() does. Gives the name of a variable
    /// that nothing defines, to stand in its place.
    QString placeholderFor(const QString& name, const QString& secret, const QString& place);
    /// Whether a variable's value is to be kept out of files.
    bool isSecretVariable(const QString& name) const { return m_secretVariables.contains(name); }
    /// Whether a text names such a variable.
    bool usesSecret(const QString& text) const;
    /// Gives the environments without the values of secret variables. `uses` has the addresses of the
    /// requests that still name a variable: those and the ones that no credential has taken become secret
    /// variables; `taken` is told of the others.
    QList<Environment> environmentsWithoutSecrets(const QMultiHash<QString, QString>& uses,
                                                  const std::function<void(const QString& name)>& taken);
    /// Names that requests use: what is found takes none of them.
    void reserve(const QSet<QString>& names) { m_reserved += names; }
    std::vector<ImportedProfile> take() { return std::move(m_profiles); }
    std::vector<ImportedSecret> takeSecrets() { return std::move(m_variables); }

private:
    struct Known {
        DraftAuth auth;
        std::size_t profile = 0;
    };
    void addSecrets(ImportedProfile& made, const DraftAuth& auth);
    void allow(ImportedProfile& made, const QString& url);
    /// The origins of addresses, with an environment's variables or with those of all of them.
    QStringList originsOf(const QStringList& urls, const QString& environment) const;
    bool isFound(const QString& environment, const QString& name) const; ///< as a secret variable
    bool isTaken(const QString& name) const;                             ///< by a variable or a placeholder
    void markSecret(const QString& text);
    QString freeName(const QString& wanted) const;
    QString nameFor(const DraftAuth& auth, const QString& url) const;
    VariableMap variables(const QString& environment) const;

    QList<Environment> m_environments;
    QSet<QString> m_declared; ///< what the format itself calls secret
    QSet<QString> m_secretVariables;
    QSet<QString> m_reserved;
    QSet<QString> m_taken; ///< secret variables whose values are a profile's
    QList<Known> m_known;
    std::vector<ImportedProfile> m_profiles;
    std::vector<ImportedSecret> m_variables;
    QMap<QString, QString> m_placeholders; ///< what stands for a secret, to the id of its profile
};

} // namespace kb::importing
