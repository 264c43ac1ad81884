// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that keeps secret variables.
#include "ui/session.h"

#include <QUuid>

namespace kb {

QList<SecretSource> Session::secretVariables() const {
    QList<SecretSource> sources;
    for (const SecretVariable& each : secretVariablesOf(m_workspace, m_environment))
        sources.append(
            {each, each.storage == SecretStorage::Memory ? &m_services.memorySecrets : &m_services.secrets,
             false});
    return sources;
}

void Session::setSecretVariable(Environment environment, SecretVariable variable, std::optional<Secret> value,
                                std::function<void(Result<void>)> done) {
    SecretRecord record;
    // Those of the environment that is edited, which need not be the one in force.
    Workspace edited = m_workspace;
    edited.environments.removeIf([&](const Environment& each) { return each.name == environment.name; });
    edited.environments.append(environment);
    const VariableMap known = variablesOf(edited, environment.name, m_sessionVariables);
    for (const QString& proposed : std::as_const(variable.allowedOrigins)) {
        const Result<Origin> origin = resolveVariables(proposed, known).and_then([](const QString& text) {
            return Origin::parse(text);
        });
        if (!origin) return done(tl::unexpected(origin.error()));
        record.allowedOrigins.append(origin->text());
        if (origin->text().startsWith(QLatin1String("http://")))
            record.plainHttpOrigins.append(origin->text());
    }
    std::optional<SecretVariable> before;
    if (const SecretVariable* named = environment.secret(variable.name)) before = *named;
    const bool keeps = !value && before && !before->secret.isEmpty();
    if (keeps && before->storage != variable.storage)
        return done(fail(ErrorCode::SecretMissing,
                         tr("The value moves elsewhere, so it is needed once more."), variable.name,
                         tr("Type it again.")));
    if (value)
        if (const Result<void> fits = checkVariableSecret(variable.name, *value); !fits) return done(fits);
    SecretStore& store =
        variable.storage == SecretStorage::Memory ? m_services.memorySecrets : m_services.secrets;
    // Under a name of its own, so that a file that cannot be saved leaves the old value in force.
    if (value) variable.secret = SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)};
    if (keeps) variable.secret = before->secret;
    environment.variables.removeIf([&](const Variable& each) { return each.name == variable.name; });
    environment.secrets.removeIf([&](const SecretVariable& each) { return each.name == variable.name; });
    environment.secrets.append(variable);
    const auto save = [this, environment, variable, before, isNew = value.has_value(),
                       done](Result<void> stored) {
        if (stored) stored = saveEnvironment(environment);
        if (!stored && isNew) forgetValue(variable); // named by nothing
        if (stored && isNew && before) forgetValue(*before);
        done(std::move(stored));
    };
    if (value) {
        record.secret = std::move(*value);
        return keep(store.write(variable.secret, std::move(record), save));
    }
    if (!keeps) return save({});
    const auto changed = std::make_shared<SecretRecord>(std::move(record));
    keep(store.read(variable.secret, [this, &store, variable, changed, save](Result<SecretRecord> read) {
        if (!read) return save(tl::unexpected(read.error()));
        read->allowedOrigins = changed->allowedOrigins;
        read->plainHttpOrigins = changed->plainHttpOrigins;
        keep(store.write(variable.secret, std::move(*read), save));
    }));
}

Result<void> Session::removeSecretVariable(Environment environment, const QString& name) {
    const SecretVariable* named = environment.secret(name);
    if (!named) return {};
    const SecretVariable gone = *named;
    environment.secrets.removeIf([&](const SecretVariable& each) { return each.name == name; });
    const Result<void> saved = saveEnvironment(environment);
    if (saved) forgetValue(gone);
    return saved;
}

void Session::forgetValue(const SecretVariable& variable) {
    if (variable.secret.isEmpty()) return;
    SecretStore& store =
        variable.storage == SecretStorage::Memory ? m_services.memorySecrets : m_services.secrets;
    keep(store.remove(variable.secret, [this](const Result<void>& removed) {
        if (!removed && removed.error().code != ErrorCode::SecretMissing)
            Q_EMIT message(removed.error().text());
    }));
}

} // namespace kb
