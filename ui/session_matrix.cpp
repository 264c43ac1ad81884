// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that serves the access matrix.
#include "core/interchange/openapi.h"
#include "core/probe/matrix_run.h"
#include "core/probe/past_runs.h"
#include "ui/session.h"

#include <QDir>

namespace kb {

QList<MatrixProfile> Session::matrixProfiles() const {
    QList<MatrixProfile> profiles{anonymousProfile()};
    for (const TokenProfile& profile : m_workspace.profiles) {
        const ProfileState* known = state(profile.id);
        if (!known || !known->facts || known->facts->missing) continue; // nothing to send as it
        profiles.append(matrixProfile(profile, &*known->facts));
    }
    return withDerived(profiles, m_workspace.matrix.derived);
}

QList<std::pair<QString, QString>> Session::matrixAbsent() const {
    QList<std::pair<QString, QString>> absent;
    for (const TokenProfile& profile : m_workspace.profiles) {
        const ProfileState* known = state(profile.id);
        QString why;
        if (known && known->problem && !known->facts)
            why = known->problem->text();
        else if (known && known->facts && known->facts->missing)
            why = tr("It has no token yet. Log in.");
        if (why.isEmpty()) continue; // there, or still being read
        absent.append({profile.name, why});
        for (const DerivedProfile& derived : m_workspace.matrix.derived)
            if (derived.parent == profile.id)
                absent.append({derived.name, tr("It is made from %1: %2").arg(profile.name, why)});
    }
    return absent;
}

QStringList Session::matrixOrigins() const {
    QStringList origins;
    for (const TokenProfile& profile : m_workspace.profiles)
        if (const ProfileState* known = state(profile.id)) origins.append(known->confirmedOrigins);
    origins.removeDuplicates();
    return origins;
}

std::unique_ptr<MatrixRun> Session::makeMatrixRun(const MatrixPlan& plan) {
    QMap<QString, Sender> identities;
    for (const TokenProfile& profile : m_workspace.profiles)
        identities.insert(profile.id, {profile, &storeFor(profile), grantsFor(profile), false});
    for (const DerivedProfile& derived : m_workspace.matrix.derived)
        if (identities.contains(derived.parent))
            identities.insert(derived.id, forgedSender(derived, identities.value(derived.parent)));
    MatrixRun::Options options;
    options.environment = m_environment;
    options.variables = variables();
    options.secretVariables = secretVariables();
    options.proxy = proxySetting();
    options.asks = true;
    if (plan.isCautious()) {
        options.parallel = 1;
        options.perSecond = 1;
    }
    if (keepsHistory())
        if (const auto flapping =
                m_services.history->flappingCells(matrixPlace(m_workspace.folder, plan.baseUrl)))
            options.flapping = *flapping;
    auto run = std::make_unique<MatrixRun>(m_services.transport, m_services.clock, plan, identities,
                                           m_workspace.matrix, options);
    connect(run.get(), &MatrixRun::finished, this, [this, made = run.get()] {
        recordMany(tr("An access matrix"), made->record().answersByProfile());
    });
    return run;
}

void Session::keepMatrixRun(const RunRecord& record, const QList<int>& cells) {
    if (!keepsHistory()) return;
    if (const Result<void> kept = keepRun(*m_services.history, m_workspace.folder, record, cells); !kept)
        Q_EMIT message(kept.error().text());
}

QList<CellSight> Session::sightsOf(const QString& baseUrl, const QString& cell) const {
    if (!keepsHistory()) return {};
    return m_services.history->sightsOf(matrixPlace(m_workspace.folder, baseUrl), cell)
        .value_or(QList<CellSight>());
}

QHash<QString, QString> Session::outcomesBefore(const QString& baseUrl) const {
    if (!keepsHistory()) return {};
    return m_services.history->lastOutcomes(matrixPlace(m_workspace.folder, baseUrl))
        .value_or(QHash<QString, QString>());
}

std::optional<ApiDescription> Session::matrixApi() const {
    const QString& place = m_workspace.matrix.document;
    if (m_matrixApi && m_matrixApiFolder == m_workspace.folder) return m_matrixApi;
    if (place.isEmpty() || isDocumentAddress(place) || !m_services.readApi) return std::nullopt;
    const Result<ApiDescription> read = m_services.readApi(QDir(m_workspace.folder).filePath(place));
    return read ? std::optional(*read) : std::nullopt;
}

void Session::setMatrixApi(ApiDescription api) {
    m_matrixApi = std::move(api);
    m_matrixApiFolder = m_workspace.folder;
}

Result<void> Session::saveMatrix(const MatrixSettings& matrix) {
    Workspace changed = m_workspace;
    changed.matrix = matrix;
    if (const Result<void> saved = m_services.workspaces.saveRoot(changed); !saved) return saved;
    m_workspace.matrix = matrix;
    return {};
}

} // namespace kb
