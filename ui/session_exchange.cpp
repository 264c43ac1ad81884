// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Session that takes requests from other programs and gives them away.
#include "core/interchange/export_clean.h"
#include "core/interchange/import_save.h"
#include "core/interchange/snippet.h"
#include "core/workspace/inherit.h"
#include "ui/session.h"

namespace kb {

void Session::importRequests(Imported imported, const QString& folder, SecretStorage storage,
                             const QString& document, std::function<void(const std::optional<Error>&)> done) {
    SecretStore& store = storage == SecretStorage::Memory ? m_services.memorySecrets : m_services.secrets;
    const QString name = imported.name;
    const QHash<QString, QByteArray> before = filesNow();
    m_import = std::make_unique<ImportSave>(m_services.workspaces, &store, m_workspace, std::move(imported),
                                            ImportSave::Options{storage, folder, document});
    connect(m_import.get(), &ImportSave::finished, this,
            [this, done, name, before](const Workspace& workspace, const std::optional<Error>& error) {
                m_import.release()->deleteLater();
                m_workspace = workspace;
                recordImport(name, before); // of one that broke off, what there is of it
                if (m_environment.isEmpty() && !m_workspace.environments.isEmpty())
                    m_environment = m_workspace.environments.first().name;
                loadStates();
                Q_EMIT environmentChanged();
                Q_EMIT requestsChanged();
                done(error);
            });
    m_import->start();
}

Result<QString> Session::requestAsCode(const RequestSpec& spec, const QString& target) const {
    const RequestSpec whole = withInherited(m_workspace, spec);
    const Result<SnippetRequest> request =
        snippetRequest(whole, m_workspace.profile(whole.profileId),
                       withPlaceholders(variables(whole.id), secretVariablesOf(m_workspace, m_environment)));
    if (!request) return tl::unexpected(request.error());
    return snippet(target, *request);
}

} // namespace kb
