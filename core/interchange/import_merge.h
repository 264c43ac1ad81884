// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import.h"

namespace kb {

/// What importing an OpenAPI document once more does to a workspace that has requests of it.
struct ImportMerge {
    /// What is to be made: folders the workspace has are named by their path and hold only what is new.
    struct Addition {
        QString folder; ///< of the workspace; empty: where the import goes
        QList<TreeItem> items;
    };
    QList<Addition> additions;
    QList<TreeItem> changed; ///< requests of the workspace as they will be
    QStringList edited;      ///< of these, the paths of those that the user had edited: the edits stay
    QStringList same;        ///< paths of requests that nothing happens to
    QStringList gone;        ///< paths of requests whose operation the document no longer has; they stay
};

/// Marks each request of an import with the operation it is made of.
void markOperations(Imported& imported);

/// Compares an import, whose requests are marked, with what the workspace has of the same document. A request
/// that nobody edited becomes what the document says now. In one that was edited every edit stays, and it
/// gets the parameters and headers that are new in the document, and a body that is new.
ImportMerge mergeImport(const Workspace& workspace, const Imported& imported, const QString& folder);

} // namespace kb
