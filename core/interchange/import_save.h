// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import.h"
#include "core/run/workspace_store.h"

#include <QObject>
#include <memory>

namespace kb {

/// Puts an import into a workspace: the secrets into the keychain first, then the files. What the workspace
/// has stays as it is; a name that is taken gets a number. An OpenAPI document that was imported before is
/// merged (import_merge.h). Owned by whoever started it; `finished` comes
/// exactly once, never inside start().
class ImportSave final : public QObject {
    Q_OBJECT
public:
    struct Options {
        SecretStorage storage = SecretStorage::Keychain;
        QString folder;   ///< of the workspace, to put the requests into; empty: its top
        QString document; ///< where the OpenAPI document is, for the matrix; kept if the workspace has none
    };
    /// `secrets` may be null where the profiles' secrets are kept nowhere (Memory, on a command line).
    ImportSave(WorkspaceStore& store, SecretStore* secrets, Workspace workspace, Imported imported,
               Options options, QObject* parent = nullptr);
    ~ImportSave() override;

    void start();

Q_SIGNALS:
    /// The workspace as it is now. After an error it holds what was saved up to there.
    void finished(const kb::Workspace& workspace, const std::optional<kb::Error>& error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Gives each item a path of its own below `folder`, beside the names that are taken there, and a place in
/// the order behind `order`.
void placeItems(QList<TreeItem>& items, const QString& folder = {}, const QStringList& taken = {},
                int order = 0);

} // namespace kb
