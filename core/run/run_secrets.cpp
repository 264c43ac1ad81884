// SPDX-License-Identifier: GPL-3.0-or-later
// How a run gets the values of secret variables, and what it does with them.
#include "core/http/url_template.h"
#include "core/run/run_private.h"
#include "core/run/run_text_text.h"

#include <QUuid>

namespace kb {

namespace {

/// The refusal in words of a variable, not of a profile.
std::optional<Error> refusalOf(const SecretSource& source, const Origin& target, const SecretRecord& record,
                               const RunInput& input) {
    const SecretVariable& variable = source.variable;
    const ProfileBinding binding{input.environment, variable.secret, variable.allowedOrigins, {}};
    std::optional<Error> refusal =
        checkAudience(target, binding, record, input.variables, input.spec.settings, source.trustFileOrigins,
                      input.allowPlainHttpOnce);
    if (!refusal) return std::nullopt;
    const QString next =
        RunText::tr("Allow this origin for the variable in the environment, or with env set-secret --allow.");
    // None of the codes that offer to change the profile.
    if (refusal->code == ErrorCode::OriginRefused)
        return Error{
            ErrorCode::InvalidInput,
            RunText::tr("The secret variable %1 may not go to %2.").arg(variable.name, target.text()),
            variable.name, next, -1};
    if (refusal->where == QLatin1String("opencollection.yml"))
        return Error{ErrorCode::InvalidInput,
                     RunText::tr("The environment's file lets the secret variable %1 go to other places than "
                                 "you confirmed.")
                         .arg(variable.name),
                     variable.name,
                     RunText::tr("Set the value anew with the places it may go to, or set the file back."),
                     -1};
    refusal->code = ErrorCode::InvalidInput;
    refusal->where = variable.name;
    if (!target.isSecure()) refusal->next = next;
    return refusal;
}

Error missing(const QString& name) {
    return {ErrorCode::SecretMissing, RunText::tr("The secret variable %1 has no value here.").arg(name),
            name, RunText::tr("Set it in the environment, or with env set-secret."), -1};
}

} // namespace

void Run::Private::readVariableSecrets() {
    standIn = QStringLiteral("kb") + QUuid::createUuid().toString(QUuid::Id128);
    VariableMap variables = input.variables;
    for (const SecretSource& each : std::as_const(wantedSecrets))
        variables.insert(each.variable.name, standIn);
    // What can be refused without the secrets is refused without asking for them.
    Result<Request> trial = buildRequest(input.spec, variables, input.readFile);
    if (!trial) {
        Error error = trial.error();
        for (QString* text : {&error.what, &error.where, &error.next})
            text->replace(standIn, QStringLiteral("{{…}}"));
        return finish(error);
    }
    for (const SecretSource& each : std::as_const(wantedSecrets)) {
        if (each.variable.secret.isEmpty() || !each.store) return finish(missing(each.variable.name));
        const ProfileBinding binding{input.environment, {}, each.variable.allowedOrigins, {}};
        const Result<QStringList> proposed = proposedOrigins(binding, input.variables);
        if (!proposed) return finish(proposed.error());
    }
    plain = std::move(*trial);
    readNextVariableSecret();
}

void Run::Private::readNextVariableSecret() {
    const qsizetype next = qsizetype(variableSecrets.size());
    if (next == wantedSecrets.size()) return buildWithSecrets();
    const SecretSource& source = wantedSecrets.at(next);
    secretRead = source.store->read(source.variable.secret, [this](Result<SecretRecord> read) {
        auto held = std::make_shared<Result<SecretRecord>>(std::move(read));
        later([this, held] { gotVariableSecret(std::move(*held)); });
    });
}

void Run::Private::gotVariableSecret(Result<SecretRecord> record) {
    secretRead.reset();
    if (finished) return;
    if (cancelled) return finish(cancelledError());
    const SecretSource& source = wantedSecrets.at(qsizetype(variableSecrets.size()));
    const QString& name = source.variable.name;
    if (!record) {
        Error error = record.error().code == ErrorCode::SecretMissing ? missing(name) : record.error();
        if (error.where.isEmpty()) error.where = name;
        return finish(error);
    }
    if (const Result<void> fits = checkVariableSecret(name, record->secret); !fits)
        return finish(fits.error());
    if (const std::optional<Error> refusal = refusalOf(source, plain.url.origin(), *record, input))
        return finish(refusal);
    redactor->addSecret(record->secret, true);
    variableSecrets.push_back(std::move(record->secret));
    readNextVariableSecret();
}

void Run::Private::buildWithSecrets() {
    VariableMap variables = input.variables;
    for (qsizetype at = 0; at < wantedSecrets.size(); ++at) {
        const std::string_view bytes = variableSecrets[std::size_t(at)].reveal();
        variables.insert(wantedSecrets.at(at).variable.name,
                         QString::fromUtf8(bytes.data(), qsizetype(bytes.size())));
    }
    Result<Request> built = buildRequest(input.spec, variables, input.readFile);
    for (const SecretSource& each : std::as_const(wantedSecrets))
        wipeText(variables[each.variable.name]);
    variableSecrets.clear();
    if (!built) {
        Error error = built.error();
        for (QString* text : {&error.what, &error.where, &error.next})
            *text = redactor->text(*text);
        return finish(error);
    }
    if (built->url.origin().text() != plain.url.origin().text() || built->method != plain.method)
        return finish(Error{
            ErrorCode::InvalidInput,
            RunText::tr("A secret variable cannot be part of the host or the method: both are "
                        "shown everywhere."),
            wantedSecrets.first().variable.name, RunText::tr("Use a variable that is no secret there."), -1});
    // Fields that hold one are credentials: masked whole, and left behind by a redirect to another origin.
    const QByteArray mark = standIn.toLatin1();
    for (const HeaderField& field : std::as_const(plain.headers.fields)) {
        if (!field.value.contains(mark) || credentialFields.contains(field.name)) continue;
        credentialFields.append(field.name);
        redactor->addCredentialField(field.name);
    }
    for (const QueryField& field : splitUrl(QString::fromUtf8(plain.url.text())).query)
        if (field.value.contains(standIn)) redactor->addCredentialQuery(field.name.toUtf8());
    plain = {};
    request = std::move(*built);
    identify();
}

} // namespace kb
