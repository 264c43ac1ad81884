// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"
#include "app/cli/cli_text.h"

#include "app/module.h"
#include "io/files/workspace_folder.h"

#include "core/auth/further_keys.h"
#include "core/auth/typed_secret.h"

#include <QDir>
#include <cstdio>

#ifdef Q_OS_WIN
#include <io.h>
#else
#include <termios.h>
#include <unistd.h>
#endif

namespace kb::cli {

namespace {

constexpr qsizetype maxSecretBytes = 1024 * 1024;

/// Everything of a workspace's profiles that has an environment variable of its own.
QStringList variableOwners(const Workspace& workspace) {
    QStringList names;
    for (const TokenProfile& profile : workspace.profiles) {
        names << profile.name;
        for (const ApiKeyScheme& key : profile.keys)
            names << keyOwner(profile, key);
    }
    return names;
}

/// Switches a terminal's echo off while a secret is typed.
class NoEcho {
public:
    NoEcho() {
#ifndef Q_OS_WIN
        if (tcgetattr(STDIN_FILENO, &m_before) != 0) return;
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_changed = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
#endif
    }
    ~NoEcho() {
#ifndef Q_OS_WIN
        if (m_changed) tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
#endif
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
#ifndef Q_OS_WIN
    termios m_before{};
    bool m_changed = false;
#endif
};

bool inputIsTerminal() {
#ifdef Q_OS_WIN
    return _isatty(_fileno(stdin)) != 0;
#else
    return isatty(STDIN_FILENO) != 0;
#endif
}

} // namespace

Result<WorkspaceStore*> Context::files() {
    if (!m_files) {
        const Result<QFunctionPointer> create =
            moduleFunction(QStringLiteral("keybearer-workspace"), "kbCreateWorkspaceStore");
        if (!create) return tl::unexpected(create.error());
        m_files.reset(reinterpret_cast<WorkspaceStore* (*)()>(*create)());
    }
    return m_files.get();
}

QString Context::findFolder() {
    return folder.isEmpty() ? nearestWorkspace(QDir::currentPath())
                            : QDir::cleanPath(QDir(folder).absolutePath());
}

bool Context::hasWorkspace() {
    return m_workspace || !folder.isEmpty() || !findFolder().isEmpty();
}

Result<Workspace*> Context::workspace() {
    if (m_workspace) return &*m_workspace;
    const QString found = findFolder();
    if (found.isEmpty())
        return fail(ErrorCode::NotFound, CliText::tr("There is no workspace here."), QDir::currentPath(),
                    CliText::tr("Name one with --workspace, or make one with profile add."));
    const Result<WorkspaceStore*> store = files();
    if (!store) return tl::unexpected(store.error());
    Result<Workspace> loaded = (*store)->load(found);
    if (!loaded) return tl::unexpected(loaded.error());
    for (const FileProblem& problem : loaded->problems)
        out.message(problem.path + QStringLiteral(": ") + problem.error.text());
    m_workspace = std::move(*loaded);
    return &*m_workspace;
}

Result<Workspace*> Context::workspaceIfAny() {
    if (m_workspace) return &*m_workspace;
    const QString found = findFolder();
    if (found.isEmpty() || nearestWorkspace(found) != found) return nullptr;
    return workspace();
}

Result<Workspace*> Context::workspaceOrNew() {
    Result<Workspace*> known = workspaceIfAny();
    if (!known || *known) return known;
    const QString made = folder.isEmpty() ? QDir::currentPath() : findFolder();
    const Result<WorkspaceStore*> store = files();
    if (!store) return tl::unexpected(store.error());
    Result<Workspace> created = (*store)->create(made, QDir(made).dirName());
    if (!created) return tl::unexpected(created.error());
    m_workspace = std::move(*created);
    return &*m_workspace;
}

Result<void> Context::saveRoot() {
    const Result<WorkspaceStore*> store = files();
    if (!store) return tl::unexpected(store.error());
    return (*store)->saveRoot(*m_workspace);
}

Result<QString> Context::environmentName() {
    if (!environment.isEmpty()) {
        const Result<Workspace*> known = workspace();
        if (!known) return tl::unexpected(known.error());
        if (!(*known)->environment(environment))
            return fail(ErrorCode::NotFound,
                        CliText::tr("The workspace has no environment called %1.").arg(environment),
                        QStringLiteral("--env"));
        return environment;
    }
    if (!hasWorkspace()) return QString();
    const Result<Workspace*> known = workspace();
    if (!known) return tl::unexpected(known.error());
    return (*known)->environments.size() == 1 ? (*known)->environments.first().name : QString();
}

void Context::remember(const Source& source, std::optional<ProfileEvent> event) {
    if (source.fromEnvironment || !event) return;
    if (event->seconds == 0) event->seconds = static_cast<double>(m_clock.wallMs()) / 1000;
    event->environment = environmentName().value_or(QString());
    m_timeline.append(source.profile->id, *event);
}

Result<Context::Source> Context::secretOf(const QString& profileName) {
    const Result<Workspace*> known = workspace();
    if (!known) return tl::unexpected(known.error());
    Source source;
    source.profile = (*known)->profile(profileName);
    if (!source.profile) {
        QStringList names;
        for (const TokenProfile& profile : (*known)->profiles)
            names << profile.name;
        return fail(ErrorCode::NotFound, CliText::tr("There is no profile called %1.").arg(profileName),
                    (*known)->folder,
                    names.isEmpty() ? CliText::tr("Add one with profile add.")
                                    : CliText::tr("There are: %1.").arg(names.join(QStringLiteral(", "))));
    }
    const Result<QString> where = environmentName();
    if (!where) return tl::unexpected(where.error());
    source.binding = source.profile->bindingFor(*where);
    const QString variable = EnvironmentSecrets::variableName(source.profile->name);
    if (m_environmentSecrets.has(source.profile->name)) {
        const QStringList names = variableOwners(**known);
        if (const Result<void> distinct = EnvironmentSecrets::checkNames(names); !distinct)
            return tl::unexpected(distinct.error());
        if (!source.binding)
            return fail(ErrorCode::OriginRefused,
                        CliText::tr("The profile %1 may go nowhere yet.").arg(source.profile->name), {},
                        CliText::tr("Allow a host with profile set --allow."));
        source.fromEnvironment = true;
        source.store = &m_memory;
        SecretRecord record;
        const Secret typed = m_environmentSecrets.copy(source.profile->name);
        if (const Result<void> put = putTypedSecret(record, source.profile->scheme, typed); !put)
            return tl::unexpected(put.error());
        for (const ApiKeyScheme& key : source.profile->keys) {
            const QString name = keyOwner(*source.profile, key);
            const Secret value = m_environmentSecrets.copy(name);
            if (value.isEmpty())
                return fail(ErrorCode::SecretMissing,
                            CliText::tr("The profile %1 sends a key along that is not here: %2.")
                                .arg(source.profile->name, keyTitle(key)),
                            {},
                            CliText::tr("Set %1 in the environment of this command.")
                                .arg(EnvironmentSecrets::variableName(name)));
            SecretRecord own;
            if (const Result<void> put = putTypedSecret(own, AuthScheme(key), value); !put)
                return tl::unexpected(put.error());
            record.parts.insert_or_assign(keyPart(key), std::move(own.secret));
        }
        record.allowedOrigins = source.binding->allowedOrigins;
        m_handles.push_back(
            m_memory.write(source.binding->secret, std::move(record), [](const Result<void>&) {}));
        return source;
    }
    if (source.profile->storage == SecretStorage::Memory)
        return fail(ErrorCode::SecretMissing,
                    CliText::tr("The profile %1 stores no secret.").arg(source.profile->name), {},
                    CliText::tr("Set %1 in the environment of this command.").arg(variable));
    if (!source.binding)
        return fail(
            ErrorCode::SecretMissing,
            CliText::tr("The profile %1 has no secret in this environment.").arg(source.profile->name), {},
            CliText::tr("Give it one with profile set --secret-stdin, or set %1.").arg(variable));
    source.store = &m_keychain;
    return source;
}

Result<SecretRecord> readRecord(const Context::Source& source) {
    return await<Result<SecretRecord>>([&](std::function<void(Result<SecretRecord>)> done) {
        return source.store->read(source.binding->secret, std::move(done));
    });
}

Result<QList<SecretSource>> Context::secretVariables() {
    const Result<Workspace*> known = workspace();
    if (!known) return tl::unexpected(known.error());
    const Result<QString> where = environmentName();
    if (!where) return tl::unexpected(where.error());
    QList<SecretSource> sources;
    for (SecretVariable variable : secretVariablesOf(**known, *where)) {
        SecretSource source{std::move(variable), &m_keychain, false};
        const QString& name = source.variable.name;
        if (m_environmentSecrets.has(name)) {
            QStringList names = variableOwners(**known);
            names.prepend(name);
            for (const SecretVariable& other : secretVariablesOf(**known, *where))
                if (other.name != name) names << other.name;
            if (const Result<void> distinct = EnvironmentSecrets::checkNames(names); !distinct)
                return tl::unexpected(distinct.error());
            source.trustFileOrigins = true;
            source.store = &m_memory;
            source.variable.secret = SecretRef{QStringLiteral("variable:") + name};
            SecretRecord record;
            record.secret = m_environmentSecrets.copy(name);
            record.allowedOrigins = source.variable.allowedOrigins;
            m_handles.push_back(
                m_memory.write(source.variable.secret, std::move(record), [](const Result<void>&) {}));
        } else if (source.variable.storage == SecretStorage::Memory) {
            source.variable.secret = {}; // nothing is stored: the run says what is missing
        }
        sources.append(source);
    }
    return sources;
}

Result<Secret> readSecretFromInput(const QString& prompt) {
    const bool terminal = inputIsTerminal();
    QByteArray bytes;
    bytes.reserve(64 * 1024); // one block, so that growing leaves no copies behind
    if (terminal) {
        const QByteArray text = prompt.toUtf8() + ": ";
        std::fwrite(text.constData(), 1, static_cast<std::size_t>(text.size()), stderr);
        const NoEcho silent;
        int c = 0;
        while ((c = std::getchar()) != EOF && c != '\n')
            bytes.append(static_cast<char>(c));
        std::fputc('\n', stderr);
    } else {
        char part[4096];
        std::size_t got = 0;
        while ((got = std::fread(part, 1, sizeof part, stdin)) > 0 && bytes.size() <= maxSecretBytes)
            bytes.append(part, static_cast<qsizetype>(got));
        std::fill(std::begin(part), std::end(part), '\0');
    }
    if (bytes.size() > maxSecretBytes) {
        wipeBytes(bytes);
        return fail(ErrorCode::InvalidInput,
                    CliText::tr("Standard input holds more than 1 MB: that is no secret."));
    }
    while (bytes.endsWith('\n') || bytes.endsWith('\r'))
        bytes.chop(1);
    if (bytes.isEmpty())
        return fail(ErrorCode::SecretMissing, CliText::tr("Standard input held no secret."), {},
                    CliText::tr("Pipe it in: printf %s \"$TOKEN\" | keybearer-cli …"));
    return Secret::take(bytes);
}

} // namespace kb::cli
