// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import_matrix.h"

namespace kb {

/// What a matrix adds to a workspace.
struct PlacedMatrix {
    Imported profiles;            ///< with nothing else in it: for ImportSave
    QList<MatrixMark> marks;      ///< those that were added
    QList<MatrixRule> rules;      ///< likewise
    int objects = 0;              ///< likewise
    QStringList kept;             ///< names of profiles that were there before: they stay as they are
    QMap<QString, QString> names; ///< of all that the marks speak of, by id
    QStringList notes;
};

/// Puts what is expected into the workspace's settings, in memory, and gives what is to be saved with it.
/// What is there stays: a profile of the same name takes the place of the file's, whose secret is not kept,
/// and a mark, a rule or an object of one's own that is there already counts. Where the document is known
/// (`api` may be nullptr), operations are its own, and what it does not have is left out.
PlacedMatrix placeMatrix(Workspace& workspace, ImportedMatrix imported, const ApiDescription* api);

} // namespace kb
