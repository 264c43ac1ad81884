// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/keychain/environment_secrets.h"

#include <QCoreApplication>
#include <QHash>
#include <cstdlib>
#include <cstring>

#ifdef Q_OS_WIN
#include <stdlib.h>
#else
#include <unistd.h>
extern char** environ;
#endif

namespace kb {

namespace {

constexpr char prefix[] = "KEYBEARER_SECRET_";

char** processEnvironment() {
#ifdef Q_OS_WIN
    return _environ;
#else
    return environ;
#endif
}

} // namespace

EnvironmentSecrets EnvironmentSecrets::takeFromProcess() {
    EnvironmentSecrets taken;
    QList<QByteArray> names;
    for (char** entry = processEnvironment(); entry && *entry; ++entry) {
        char* const text = *entry;
        char* const equals = std::strchr(text, '=');
        if (!equals || std::strncmp(text, prefix, sizeof prefix - 1) != 0) continue;
        const QByteArray name(text, equals - text);
        if (equals[1] != '\0') taken.m_secrets[QString::fromUtf8(name)] = Secret(equals + 1);
        // The block the kernel handed over keeps its bytes after unsetenv (and /proc shows them): overwrite
        // them.
        for (char* c = equals + 1; *c != '\0'; ++c)
            *c = 'x';
        names.append(name);
    }
    for (const QByteArray& name : names)
        qunsetenv(name.constData());
    return taken;
}

bool EnvironmentSecrets::has(const QString& profileName) const {
    return m_secrets.count(variableName(profileName)) > 0;
}

Secret EnvironmentSecrets::copy(const QString& profileName) const {
    const auto at = m_secrets.find(variableName(profileName));
    return at == m_secrets.end() ? Secret() : at->second.revealCopy();
}

QString EnvironmentSecrets::variableName(const QString& profileName) {
    QString name = QString::fromLatin1(prefix);
    for (const QChar c : profileName.toUpper()) {
        const bool plain = (c >= QLatin1Char('A') && c <= QLatin1Char('Z')) ||
                           (c >= QLatin1Char('0') && c <= QLatin1Char('9'));
        name += plain ? c : QLatin1Char('_');
    }
    return name;
}

Result<void> EnvironmentSecrets::checkNames(const QStringList& profileNames) {
    QHash<QString, QString> seen;
    for (const QString& name : profileNames) {
        const QString variable = variableName(name);
        const auto other = seen.constFind(variable);
        if (other != seen.constEnd())
            return fail(ErrorCode::Conflict,
                        QCoreApplication::translate("EnvironmentSecrets",
                                                    "The profiles %1 and %2 both read the variable %3.")
                            .arg(*other, name, variable),
                        {}, QCoreApplication::translate("EnvironmentSecrets", "Rename one of them."));
        seen.insert(variable, name);
    }
    return {};
}

} // namespace kb
