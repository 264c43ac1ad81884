// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that serves checks and runs of saved requests.
#include "core/run/token_end.h"
#include "core/runner/collection_run.h"
#include "ui/session.h"

namespace kb {

CheckTools Session::checkTools() {
    return {m_services.judge, [store = &m_services.workspaces, folder = m_workspace.folder](
                                  const QString& path) { return store->readBodyFile(folder, path); }};
}

void Session::keepValues(const QList<Captured>& captures) {
    bool changed = false;
    for (const Captured& capture : captures) {
        if (!capture.problem.isEmpty() || capture.isSecret || capture.variable.isEmpty()) continue;
        changed = changed || m_sessionVariables.value(capture.variable) != capture.value;
        m_sessionVariables.insert(capture.variable, capture.value);
    }
    if (changed) Q_EMIT environmentChanged();
}

std::unique_ptr<CollectionRun> Session::makeCollectionRun(const RunnerChoice& choice) {
    QMap<QString, Sender> identities;
    for (const TokenProfile& profile : m_workspace.profiles)
        identities.insert(profile.id, {profile, &storeFor(profile), grantsFor(profile), false});
    const Result<QList<RunnerRequest>> requests = requestsAt(m_workspace, choice.paths);
    // A file written by hand may name a profile by its name.
    for (const RunnerRequest& request : requests.value_or(QList<RunnerRequest>()))
        if (const TokenProfile* profile = m_workspace.profile(request.spec.profileId))
            identities.insert(request.spec.profileId,
                              {*profile, &storeFor(*profile), grantsFor(*profile), false});
    CollectionRun::Options options;
    options.workspaceName = m_workspace.name;
    options.iterations = choice.iterations;
    options.data = choice.data;
    options.bail = choice.bail;
    options.parallel = choice.parallel;
    options.environment = m_environment;
    options.variables = variables();
    options.secretVariables = secretVariables();
    options.asProfile = choice.asProfile;
    options.proxy = proxySetting();
    options.tools = checkTools();
    if (keepsHistory()) options.keep = [this](const HistoryRecord& record) { keepInHistory(record); };
    if (environmentKind() == EnvironmentKind::Production && !choice.unsafeInProduction)
        options.caution = tr("This is production, and you chose not to change anything.");
    auto run =
        std::make_unique<CollectionRun>(m_services.transport, m_services.clock,
                                        requests.value_or(QList<RunnerRequest>()), identities, options);
    connect(run.get(), &CollectionRun::finished, this, [this, made = run.get()] {
        recordMany(tr("A run of requests"), made->record().answersByProfile());
    });
    return run;
}

QStringList Session::outlivedByRun(const RunnerChoice& choice) const {
    const Result<QList<RunnerRequest>> requests = requestsAt(m_workspace, choice.paths);
    if (!requests) return {};
    QList<TokenEnd> ends;
    QStringList seen;
    for (const RunnerRequest& request : *requests) {
        const TokenProfile* profile = m_workspace.profile(choice.asProfile.value_or(request.spec.profileId));
        const ProfileState* known = profile ? state(profile->id) : nullptr;
        if (!known || !known->facts || seen.contains(profile->id)) continue;
        seen.append(profile->id);
        ends += tokenEnds(*profile, *known->facts);
    }
    return outlivedTokens(ends, nowSeconds(),
                          estimatedRunSeconds(int(requests->size()) * choice.iterations, choice.parallel, 0));
}

} // namespace kb
