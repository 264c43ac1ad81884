// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/token_profile.h"

#include <QList>
#include <QString>

namespace kb {

struct Variable {
    QString name;
    QString value;
    bool enabled = true;
    bool operator==(const Variable&) const = default;
};

/// A variable whose value is in the keychain. Files have its name (OpenCollection: `secret: true`, no value).
struct SecretVariable {
    QString name;
    SecretRef secret = {};           ///< empty: nobody gave it a value here
    QStringList allowedOrigins = {}; ///< a proposal, as a profile's; what counts is kept with the secret
    SecretStorage storage = SecretStorage::Keychain;
    bool enabled = true;
    bool operator==(const SecretVariable&) const = default;
};

/// What an environment is for, which says how careful to be.
enum class EnvironmentKind {
    Unset, ///< nobody said: told by the host where that is clear
    Local,
    Test,
    Staging,
    Production ///< unsafe methods are asked about, and not sent by runs of their own accord
};
/// "local", "test", "staging", "production"; empty for Unset.
QString environmentKindName(EnvironmentKind kind);
EnvironmentKind environmentKindOf(const QString& name);
/// What a host tells of itself: loopback and *.localhost are Local; *.test, *.local, reserved names and
/// addresses of private networks (RFC 1918, RFC 2606, RFC 4193) Test; others Unset.
EnvironmentKind suggestedKind(const QString& host);

struct Environment {
    QString name;
    QList<Variable> variables;
    EnvironmentKind kind = EnvironmentKind::Unset;
    QString colour = {};     ///< "#rrggbb", or empty
    QString extends = {};    ///< the environment whose variables count where this one has none of the name
    QString dotEnvFile = {}; ///< the path of a .env file within the workspace's folder
    /// What that file said when the workspace was loaded. Never saved: such files are often kept out of git
    /// because of what is in them.
    QList<Variable> fromFile = {};
    QList<SecretVariable> secrets = {};

    /// The secret variable of that name, or nullptr.
    const SecretVariable* secret(const QString& variableName) const;

    bool operator==(const Environment&) const = default;
};

/// The variables of a .env file: NAME=value lines, "export" before a name, # comments, 'as it is' and "with
/// \n escapes" in quotes, which may span lines. Lines that are none of these are left out.
QList<Variable> readDotEnv(const QByteArray& text);

} // namespace kb
