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
    m_import = std::make_unique<ImportSave>(m_services.workspaces, &store, m_workspace, std::move(imported),
                                            ImportSave::Options{storage, folder, document});
    connect(m_import.get(), &ImportSave::finished, this,
            [this, done](const Workspace& workspace, const std::optional<Error>& error) {
                m_import.release()->deleteLater();
                m_workspace = workspace;
                if (m_environment.isEmpty() && !m_workspace.environments.isEmpty())
                    m_environment = m_workspace.environments.first().name;
                loadStates();
                Q_EMIT environmentChanged();
                Q_EMIT requestsChanged();
                done(error);
            });
    m_import->start();
}

static TreeItem* folderAt(QList<TreeItem>& items, const QString& path) {
    for (TreeItem& item : items) {
        if (item.path == path) return &item;
        if (TreeItem* found = path.startsWith(item.path + u'/') ? folderAt(item.children, path) : nullptr)
            return found;
    }
    return nullptr;
}

Result<void> Session::saveDefaults(const QString& path, const RequestDefaults& defaults) {
    Workspace changed = m_workspace;
    TreeItem* folder = path.isEmpty() ? nullptr : folderAt(changed.items, path);
    if (!path.isEmpty() && !folder) return fail(ErrorCode::NotFound, tr("The folder is gone."), path);
    (folder ? folder->defaults : changed.defaults) = defaults;
    const Result<void> saved =
        folder ? recorded(tr("Settings of %1").arg(folder->name), path + QStringLiteral("/folder.yml"),
                          [&] { return m_services.workspaces.saveFolder(changed, *folder); })
               : m_services.workspaces.saveRoot(changed);
    if (!saved) return saved;
    m_workspace = std::move(changed);
    Q_EMIT requestsChanged();
    Q_EMIT environmentChanged();
    return {};
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
